"""What a reply may hold: how large it gets when decompressed, and whether it is of the kind that is due."""

from __future__ import annotations

import re
import zlib
from typing import TYPE_CHECKING

from nascar_warehouse.warehouse.errors import SourceChanged

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from nascar_warehouse.etl.documents import Response

_PIECE_BYTES = 256 * 1024
_GZIP = zlib.MAX_WBITS | 16
_BLANK = re.compile(rb"(?:\xef\xbb\xbf)?\s*")


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
            if member.eof:  # gzip files may be put one after the other
                member = zlib.decompressobj(_GZIP)
            yield member.decompress(chunk, _PIECE_BYTES)
            chunk = member.unconsumed_tail or member.unused_data
    if not (member.eof or is_empty):
        raise zlib.error("the gzip stream is cut off")


def require_content_kind(reply: Response, name: str) -> None:
    """Raise `SourceChanged` if a reply of status 200, by its first and last bytes, is not what a document so named is.

    The end of the name says what is due: `.json`, `.csv` or `.parquet`; anything else is taken.
    """
    judge = _FAULTS.get(name.rsplit(".", 1)[-1])
    if reply.status == 200 and judge and (fault := judge(reply.body)):
        raise SourceChanged(
            f"{reply.url} answered {fault}",
            "open the address in a browser: if it is right there, the source turns programs away for now; "
            "if it is not, wait until the source repairs it",
        )


def _start(body: bytes) -> bytes:
    """Give the first bytes that are neither a byte order mark nor white space."""
    match = _BLANK.match(body)
    begin = match.end() if match else 0
    return body[begin : begin + 16]


def _challenge(due: str) -> str:
    return f"with an HTML page where {due} is due (a challenge page?)"


def _json_fault(body: bytes) -> str:
    start = _start(body)
    if not start:
        return "nothing where JSON is due"
    if start.rstrip() == b"null":
        return "null where JSON is due"
    if start.startswith(b"<"):
        return _challenge("JSON")
    return "" if start.startswith((b"{", b"[")) else "with text where a JSON object or list is due"


def _csv_fault(body: bytes) -> str:
    start = _start(body)
    if not start:
        return "nothing where CSV is due"
    return _challenge("CSV") if start.startswith(b"<") else ""


def _parquet_fault(body: bytes) -> str:
    if not body:
        return "nothing where Parquet is due"
    if _start(body).startswith(b"<"):
        return _challenge("Parquet")
    if not body.startswith(b"PAR1"):
        return "with something that does not begin like Parquet"
    return "" if len(body) >= 12 and body.endswith(b"PAR1") else "with Parquet that has no end (cut off?)"


_FAULTS: dict[str, Callable[[bytes], str]] = {
    "json": _json_fault,
    "csv": _csv_fault,
    "parquet": _parquet_fault,
}
