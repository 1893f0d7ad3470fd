"""The process that runs strangers' statements: it forks a child for each one, and kills it when its answer is closed.

`python -m nascar_warehouse.warehouse.read.sandbox_server FD` serves requests from the socket FD until that is closed.
Each request is a socket of its own, on which the child reads the statement and writes the answer as `frames`. The
server opens no connection itself, so its children start clean; it loads the libraries once for all of them.
"""

from __future__ import annotations

import io
import json
import os
import select
import signal
import socket
import sys
from contextlib import closing, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import duckdb
import pyarrow as pa

from nascar_warehouse.warehouse.errors import MachineFailure, NascarError, UsageError
from nascar_warehouse.warehouse.read import confinement, frames
from nascar_warehouse.warehouse.read.engine_errors import as_usage_error, explain
from nascar_warehouse.warehouse.read.guard import parse_read
from nascar_warehouse.warehouse.storage.connection import open_locked

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_ROWS_PER_BATCH = 20_480
"""Ten of DuckDB's vectors: small enough that an answer starts at once, large enough that batches cost nothing."""
_TYPES_ARROW_LOSES = frozenset({"uhugeint", "bignum", "bit", "time with time zone", "time_ns", "variant", "geometry"})
"""Arrow has no such type: DuckDB would export other values, or bytes, or nothing."""
_NESTED_TYPES = frozenset({"struct", "list", "map", "union", "array"})
_SHARE_OF_DATA = 0.9
"""Of the memory limit; pages of libraries that are touched for the first time come on top of it."""
_SHARE_OF_ENGINE = 0.8
"""Of the memory limit; the rest is for what the engine does not count, so that it fails with a message first."""

_WORDS_OF_NO_MEMORY = ("alloc", "start new thread", "Resource temporarily unavailable")
"""What the libraries say, in whatever exception, when an allocation or a thread fails under the limit."""


def serve(requests: socket.socket) -> None:
    """Fork a child for each request, until the other end closes; then end all children."""
    wakes = _wake_on_ended_child()
    poller = select.poll()
    poller.register(requests, select.POLLIN)
    poller.register(wakes, select.POLLIN)
    children: dict[int, socket.socket] = {}
    while True:
        ready = {number for number, _ in poller.poll()}
        if requests.fileno() in ready:
            stream = _accept(requests)
            if stream is None:
                break
            pid = os.fork()
            if pid == 0:
                _answer_and_exit(stream, [requests, wakes, *children.values()])
            children[pid] = stream
            # Nothing but a hang-up is of interest: the child reads what is sent.
            poller.register(stream, 0)
        for pid, stream in list(children.items()):
            if stream.fileno() in ready:
                os.kill(pid, signal.SIGKILL)
        if wakes.fileno() in ready:
            wakes.recv(4096)
        for pid, status in _ended(children):
            poller.unregister(children[pid])
            _report_end(children.pop(pid), status)
    for pid in children:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)


def _wake_on_ended_child() -> socket.socket:
    wakes, waker = socket.socketpair()
    waker.setblocking(False)
    signal.set_wakeup_fd(waker.detach())
    signal.signal(signal.SIGCHLD, lambda _number, _frame: None)
    return wakes


def _accept(requests: socket.socket) -> socket.socket | None:
    content, numbers, _, _ = socket.recv_fds(requests, 1, 1)
    return socket.socket(fileno=numbers[0]) if content and numbers else None


def _ended(children: Iterable[int]) -> list[tuple[int, int]]:
    ended = [os.waitpid(pid, os.WNOHANG) for pid in children]
    return [(pid, status) for pid, status in ended if pid]


def _report_end(stream: socket.socket, status: int) -> None:
    """Say on the stream of a child which signal ended it."""
    with closing(stream):
        if os.WIFSIGNALED(status):
            with suppress(OSError):  # Closed, or its buffer is full: the end of the stream is enough.
                message = frames.pack_frame(frames.KILLED, bytes([os.WTERMSIG(status)]))
                stream.send(message, socket.MSG_DONTWAIT)


def _answer_and_exit(stream: socket.socket, others: list[socket.socket]) -> NoReturn:
    """What a child does: read the request, run it under all limits, write the answer, and end without clean-up."""
    code = 1
    try:
        confinement.end_with_parent()
        for number in (signal.SIGCHLD, signal.SIGTERM, signal.SIGPIPE, signal.SIGALRM):
            signal.signal(number, signal.SIG_DFL)
        signal.set_wakeup_fd(-1)
        for other in others:
            other.close()
        _answer(stream)
        code = 0
    except (MemoryError, pa.ArrowMemoryError, duckdb.OutOfMemoryException):
        _send(stream, frames.ERROR, json.dumps(["OutOfMemory", "", ""]).encode())
    except NascarError as error:
        message = json.dumps([type(error).__name__, error.problem, error.advice])
        _send(stream, frames.ERROR, message.encode())
    except Exception as error:
        kind = "OutOfMemory" if any(word in str(error) for word in _WORDS_OF_NO_MEMORY) else "NascarError"
        message = json.dumps([kind, f"{type(error).__name__}: {error}", "report this as a bug"])
        _send(stream, frames.ERROR, message.encode())
    finally:
        os._exit(code)


def _answer(stream: socket.socket) -> None:
    header = frames.read_header(stream)
    content = frames.read_bytes(stream, header[1]) if header else None
    if content is None:
        return
    request = json.loads(content)
    memory_limit = confinement.MemoryLimit()
    path = Path(request["path"])
    engine_bytes = int(request["memory_bytes"] * _SHARE_OF_ENGINE)
    con = open_locked(path, memory_limit=f"{engine_bytes}B", confine=lambda: _confine(path))
    memory_limit.set(int(request["memory_bytes"] * _SHARE_OF_DATA))
    signal.setitimer(signal.ITIMER_REAL, request["seconds"])
    try:
        _run(stream, con, request["sql"])
    except duckdb.OutOfMemoryException:
        raise
    except duckdb.Error as error:
        raise as_usage_error(con, error) from error


def _confine(path: Path) -> None:
    try:
        confinement.allow_reading_only(path)
        confinement.forbid_growing_files()
    except OSError as error:
        raise MachineFailure(f"the limits for a statement cannot be set: {error}", "report this as a bug") from error


def _run(stream: socket.socket, con: duckdb.DuckDBPyConnection, sql: str) -> None:
    *first, last = parse_read(con, sql)
    for step in first:
        con.execute(step)
    con.execute(last)
    for name, kind, *_ in con.description or ():
        if not _TYPES_ARROW_LOSES.isdisjoint(_type_ids(kind)):
            raise UsageError(f"the column {name} is of the type {kind}, which Arrow lacks", "cast it to VARCHAR")
    reader = con.to_arrow_reader(_ROWS_PER_BATCH)
    _send(stream, frames.ROWS, _as_stream(reader.schema, []))
    for batch in _batches(reader):
        _send(stream, frames.ROWS, _as_stream(reader.schema, [batch]))
    _send(stream, frames.DONE, b"")


def _type_ids(kind: Any) -> Iterator[str]:
    """The ids of a type and of the types within it; names of fields and values of enums are none."""
    yield kind.id
    for _, inner in kind.children if kind.id in _NESTED_TYPES else ():
        if not isinstance(inner, int):  # The length of an array.
            yield from _type_ids(inner)


def _batches(reader: Any) -> Iterator[Any]:
    """The batches of an answer; an error of the engine in between comes as `OSError` with its text."""
    try:
        while True:
            yield reader.read_next_batch()
    except StopIteration:
        return
    except OSError as error:
        if "Out of Memory Error" in str(error):
            raise MemoryError from error
        raise explain(str(error)) from error


def _as_stream(schema: Any, batches: list[Any]) -> bytes:
    buffer = io.BytesIO()
    with pa.ipc.new_stream(buffer, schema) as writer:
        for batch in batches:
            writer.write_batch(batch)
    return buffer.getvalue()


def _send(stream: socket.socket, kind: bytes, payload: bytes) -> None:
    """Send a message; the time that the other end takes to read it is not the statement's."""
    seconds_left, _ = signal.setitimer(signal.ITIMER_REAL, 0)
    stream.sendall(frames.pack_frame(kind, payload))
    signal.setitimer(signal.ITIMER_REAL, seconds_left)


def _main() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.chdir("/")
    # What the engine prints, also when it ends badly, is of no use to anybody.
    nowhere = os.open(os.devnull, os.O_RDWR)
    for number in (0, 1, 2):
        os.dup2(nowhere, number)
    with socket.socket(fileno=int(sys.argv[1])) as requests:
        serve(requests)


if __name__ == "__main__":
    _main()
