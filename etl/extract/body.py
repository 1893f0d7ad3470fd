"""Read the body of a response: decompressed piece by piece, within a limit of size and of time."""

from __future__ import annotations

import io
import time
import zlib
from typing import TYPE_CHECKING

from nascar_warehouse.etl.documents import too_large
from nascar_warehouse.warehouse.errors import SourceChanged

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

TRANSFER_LIMIT_SECONDS = 120.0  # a read timeout alone lets a byte every 29 seconds go on without end

_PIECE_BYTES = 256 * 1024
_GZIP = zlib.MAX_WBITS | 16


def read_body(chunks: Iterable[bytes], encoding: str, *, url: str, via: str, limit_bytes: int) -> bytes:
    """Read a whole body, as it arrives in `chunks` under a Content-Encoding, and hold no more than the limit.

    Raises `SourceChanged` for a body that is too large or of another encoding, `TimeoutError` for a transfer that
    takes too long, `zlib.error` for damaged gzip. `url` and `via` name the document in messages.
    """
    pieces = _within_time(chunks)
    coding = encoding.strip().lower()
    if coding in {"gzip", "x-gzip"}:
        pieces = inflate(pieces)
    elif coding not in {"", "identity"}:
        raise SourceChanged(
            f"{url}{via} is encoded as {coding}, which was not asked for",
            "ask the publisher, or the keeper of the mirror, to send gzip or nothing",
        )
    body = io.BytesIO()
    for piece in pieces:
        if body.tell() + len(piece) > limit_bytes:
            raise too_large(url, limit_bytes)
        body.write(piece)
    return body.getvalue()


def inflate(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Decompress gzip into pieces of at most 256 KiB; `zlib.error` if it is damaged or cut off.

    The decoder of an HTTP client inflates a received chunk at once, and 64 KiB may become 64 MiB.
    """
    member = zlib.decompressobj(_GZIP)
    is_empty = True
    for received in chunks:
        chunk = received
        while chunk:
            is_empty = False
            if member.eof:  # gzip files may follow one another
                member = zlib.decompressobj(_GZIP)
            yield member.decompress(chunk, _PIECE_BYTES)
            chunk = member.unconsumed_tail or member.unused_data
    if not (member.eof or is_empty):
        raise zlib.error("the gzip stream is cut off")


def _within_time(chunks: Iterable[bytes]) -> Iterator[bytes]:
    until = time.monotonic() + TRANSFER_LIMIT_SECONDS
    for chunk in chunks:
        if time.monotonic() > until:
            raise TimeoutError(f"the transfer takes more than {TRANSFER_LIMIT_SECONDS:.0f} s")
        yield chunk
