"""Check that a response holds the kind of content that is expected: JSON, CSV or Parquet."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from nascar_warehouse.warehouse.errors import SourceChanged

if TYPE_CHECKING:
    from collections.abc import Callable

    from nascar_warehouse.etl.documents import Response

_BLANK = re.compile(rb"(?:\xef\xbb\xbf)?\s*")


def require_content_kind(response: Response, name: str) -> None:
    """Raise `SourceChanged` if a response of status 200 does not have the first and last bytes of its kind.

    The end of the name says which kind is expected: `.json`, `.csv` or `.parquet`; any other name accepts anything.
    """
    find_fault = _FAULTS.get(name.rsplit(".", 1)[-1])
    if response.status == 200 and find_fault and (fault := find_fault(response.body)):
        raise SourceChanged(
            f"{response.url} answered {fault}",
            "open the address in a browser: if it is right there, the source refuses programs for now; "
            "if it is not, wait until the source repairs it",
        )


def _start(body: bytes) -> bytes:
    """Return the first bytes that are neither a byte order mark nor white space."""
    match = _BLANK.match(body)
    begin = match.end() if match else 0
    return body[begin : begin + 16]


def _challenge(kind: str) -> str:
    return f"with an HTML page where {kind} is expected (a challenge page?)"


def _json_fault(body: bytes) -> str:
    start = _start(body)
    if not start:
        return "with nothing where JSON is expected"
    if start.startswith(b"<"):
        return _challenge("JSON")
    if start.rstrip() == b"null":  # The feed answers so for a race without a weekend feed; the source decides.
        return ""
    return "" if start.startswith((b"{", b"[")) else "with text where a JSON object or list is expected"


def _csv_fault(body: bytes) -> str:
    start = _start(body)
    if not start:
        return "with nothing where CSV is expected"
    return _challenge("CSV") if start.startswith(b"<") else ""


def _parquet_fault(body: bytes) -> str:
    if not body:
        return "with nothing where Parquet is expected"
    if _start(body).startswith(b"<"):
        return _challenge("Parquet")
    if not body.startswith(b"PAR1"):
        return "with something that does not start like Parquet"
    return "" if len(body) >= 12 and body.endswith(b"PAR1") else "with Parquet that has no end (cut off?)"


_FAULTS: dict[str, Callable[[bytes], str]] = {
    "json": _json_fault,
    "csv": _csv_fault,
    "parquet": _parquet_fault,
}
