"""Messages between the process that asks and the one that answers: a kind, a length, and so many bytes."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import socket

_HEADER = struct.Struct(">cQ")

REQUEST = b"Q"
"""JSON: what to run and under which limits."""
ROWS = b"R"
"""An Arrow IPC stream with one batch; the first one of an answer has no rows, only the schema."""
ERROR = b"E"
"""JSON: the name of the error's class, the problem and the advice."""
DONE = b"D"
"""Empty: all rows were sent."""
KILLED = b"K"
"""One byte: the number of the signal that ended the process."""


def pack_frame(kind: bytes, payload: bytes = b"") -> bytes:
    """A message as it is sent."""
    return _HEADER.pack(kind, len(payload)) + payload


def read_header(stream: socket.socket) -> tuple[bytes, int] | None:
    """The kind and the length of the next message; None at the end of the stream, also in the middle of a message."""
    header = read_bytes(stream, _HEADER.size)
    return None if header is None else _HEADER.unpack(header)


def read_bytes(stream: socket.socket, count: int) -> bytes | None:
    """So many bytes; None when the stream ends before."""
    content = bytearray(count)
    rest = memoryview(content)
    while rest:
        try:
            received = stream.recv_into(rest)
        except ConnectionResetError:  # The other end closed with something unread.
            received = 0
        if not received:
            return None
        rest = rest[received:]
    return bytes(content)
