"""Tell by its bytes what a response is: the kind of content that is expected, nothing, or a challenge page."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from nascar_warehouse.etl.documents import Answer
from nascar_warehouse.warehouse.errors import SourceChanged

if TYPE_CHECKING:
    from collections.abc import Callable

    from nascar_warehouse.etl.documents import Response

_BLANK = re.compile(rb"(?:\xef\xbb\xbf)?\s*")


def classify_content(response: Response, name: str) -> Response:
    """Return a response of status 200 with the answer that its first and last bytes are; any other as it is.

    The end of the name says which kind is expected: `.json`, `.csv` or `.parquet`; any other name accepts anything. An
    HTML page in its place is a challenge page: the source refuses programs. Other content raises `SourceChanged`.
    """
    find_fault = _FAULTS.get(name.rsplit(".", 1)[-1])
    if response.status != 200 or find_fault is None:
        return response
    start = _start(response.body)
    if start.startswith(b"<"):
        return response.decide(Answer.REFUSED)
    if find_fault is _json_fault and start.rstrip() == b"null":
        return response.decide(Answer.EMPTY)
    if fault := find_fault(response.body):
        raise SourceChanged(
            f"{response.url} answered {fault}",
            "open the address in a browser: if it is right there, ask again later; if it is not, wait until the source "
            "repairs it",
        )
    return response


def _start(body: bytes) -> bytes:
    """Return the first bytes that are neither a byte order mark nor white space."""
    match = _BLANK.match(body)
    begin = match.end() if match else 0
    return body[begin : begin + 16]


def _json_fault(body: bytes) -> str:
    start = _start(body)
    if not start:
        return "with nothing where JSON is expected"
    return "" if start.startswith((b"{", b"[")) else "with text where a JSON object or list is expected"


def _csv_fault(body: bytes) -> str:
    return "" if _start(body) else "with nothing where CSV is expected"


def _parquet_fault(body: bytes) -> str:
    if not body:
        return "with nothing where Parquet is expected"
    if not body.startswith(b"PAR1"):
        return "with something that does not start like Parquet"
    return "" if len(body) >= 12 and body.endswith(b"PAR1") else "with Parquet that has no end (cut off?)"


_FAULTS: dict[str, Callable[[bytes], str]] = {
    "json": _json_fault,
    "csv": _csv_fault,
    "parquet": _parquet_fault,
}
