"""A page as an archive keeps it: a WARC record (ISO 28500), plain or gzipped, or a page that a browser saved as MHTML.

Archives are hostile until they are read. Nothing is decompressed past `limit_bytes`, a record that is cut off or does
not have the digest that it states is refused, and no header is longer than `_HEADER_BYTES`.
"""

from __future__ import annotations

import base64
import email
import hashlib
import io
import re
import zlib
from dataclasses import dataclass
from datetime import UTC
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

from nascar_warehouse.etl.documents import BODY_LIMIT_BYTES, too_large
from nascar_warehouse.warehouse.errors import SourceChanged

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import IO

    from warcio.recordloader import ArcWarcRecord

_ADVICE = "take another copy of the page"
_GZIP_MAGIC = b"\x1f\x8b"
_GZIP = zlib.MAX_WBITS | 16
_ANY_DEFLATE = zlib.MAX_WBITS | 32
_HEADER_BYTES = 64 * 1024
_PIECE_BYTES = 256 * 1024
_MHTML = re.compile(rb"^content-type:\s*multipart/related", re.IGNORECASE | re.MULTILINE)
_HTML_TYPES = ("text/html", "application/xhtml+xml")


@dataclass(frozen=True, slots=True)
class Capture:
    """What a server answered once, decoded: a page only where `is_page`."""

    body: bytes
    content_type: str | None = None
    status: int = 200
    url: str | None = None
    """The address that was asked for."""
    archive: str | None = None
    """The archive that has it, where it says so."""
    captured_at: str | None = None
    """When, like 2021-05-12T03:04:05Z."""
    digest: str | None = None
    """SHA-1 of what the server sent, in base 32, as archives write it."""

    @property
    def is_page(self) -> bool:
        """Whether it is an HTML page, and no redirect or error."""
        kind = (self.content_type or "text/html").partition(";")[0].strip().lower()
        return self.status == 200 and kind in _HTML_TYPES


@dataclass(frozen=True, slots=True)
class Frame:
    """Where a record stands in a stream of records, and what its header says; `header` names are in small letters."""

    offset: int
    length: int
    header: dict[str, str]


def frames_of(stream: IO[bytes]) -> Iterator[Frame]:
    """Yield where each record of an uncompressed WARC is; raises `SourceChanged` where one is damaged or cut off.

    The content of a record is read past piece by piece, so that a record of any size costs no memory.
    """
    offset = stream.tell()
    while first := stream.readline(_HEADER_BYTES):
        if not first.strip():
            offset += len(first)
            continue
        if not first.startswith(b"WARC/"):
            raise _damaged("something that is no WARC record")
        header, size = _read_header(stream)
        length = _content_length(header)
        if _skip(stream, length) != length:
            raise _damaged("a record that is cut off")
        yield Frame(offset, len(first) + size + length, header)
        offset += len(first) + size + length


def read_capture(content: bytes, *, limit_bytes: int = BODY_LIMIT_BYTES) -> Capture:
    """Read a kept page: a WARC record, MHTML, or HTML as it is. Raises `SourceChanged`."""
    if content.startswith(_GZIP_MAGIC):
        content = inflate(content, limit_bytes=limit_bytes)
    if content.startswith(b"WARC/"):
        return _read_record(content, limit_bytes)
    if not content.lstrip().startswith(b"<") and _MHTML.search(content[:_HEADER_BYTES]):
        return _read_mhtml(content)
    return Capture(content)


def inflate(content: bytes, window: int = _GZIP, *, limit_bytes: int) -> bytes:
    """Decompress gzip members that follow one another; `SourceChanged` if they are damaged, cut off or too large."""
    found = io.BytesIO()
    while content:
        member = zlib.decompressobj(window)
        try:
            while content and not member.eof:
                found.write(member.decompress(content, _PIECE_BYTES))
                content = member.unconsumed_tail
                if found.tell() > limit_bytes:
                    raise too_large("a page in an archive", limit_bytes)
        except zlib.error as error:
            raise _damaged(f"damaged gzip ({error})") from error
        if not member.eof:
            raise _damaged("gzip that is cut off")
        content = member.unused_data
    return found.getvalue()


def digest_of(payload: bytes) -> str:
    """The digest of what a server sent, as archives write it: SHA-1 in base 32."""
    return base64.b32encode(hashlib.sha1(payload, usedforsecurity=False).digest()).decode()


def _read_header(stream: IO[bytes]) -> tuple[dict[str, str], int]:
    """The fields of a record's header, by name in small letters, and how many bytes they take with the blank line."""
    fields: dict[str, str] = {}
    size = 0
    while line := stream.readline(_HEADER_BYTES):
        size += len(line)
        if size > _HEADER_BYTES:
            raise _damaged("a record whose header is too long")
        if not line.strip():
            return fields, size
        name, _, text = line.decode("utf-8", errors="replace").partition(":")
        fields[name.strip().lower()] = text.strip()
    raise _damaged("a record that is cut off")


def _content_length(header: dict[str, str]) -> int:
    text = header.get("content-length", "")
    if not re.fullmatch("[0-9]{1,15}", text):
        raise _damaged("a record without a length")
    return int(text)


def _skip(stream: IO[bytes], length: int) -> int:
    """Read past so many bytes; returns how many there were."""
    left = length
    while left and (piece := stream.read(min(left, _PIECE_BYTES))):
        left -= len(piece)
    return length - left


def _read_record(content: bytes, limit_bytes: int) -> Capture:
    from warcio.archiveiterator import WARCIterator
    from warcio.exceptions import ArchiveLoadFailed
    from warcio.statusandheaders import StatusAndHeadersParserException

    frame = next(frames_of(io.BytesIO(content)))
    if not frame.header.get("warc-target-uri", "").strip("<>").startswith(("http://", "https://")):
        raise _damaged("a record without an address")
    try:
        record = next(WARCIterator(io.BytesIO(content[: frame.length]), check_digests=True))
        payload = record.raw_stream.read()
        if record.rec_type != "response" or record.http_headers is None:
            raise _damaged(f"a record of type {record.rec_type}, which is no page")
        if record.digest_checker.passed is False:
            raise _damaged(f"a record that is not what was captured: {', '.join(record.digest_checker.problems)}")
        return _capture_of(record, payload, limit_bytes)
    except (ArchiveLoadFailed, StatusAndHeadersParserException, EOFError, StopIteration, ValueError) as error:
        raise _damaged(f"a damaged record ({type(error).__name__})") from error


def _capture_of(record: ArcWarcRecord, payload: bytes, limit_bytes: int) -> Capture:
    from warcio.bufferedreaders import ChunkedDataReader

    headers = record.http_headers
    body = payload
    if (headers.get_header("Transfer-Encoding") or "").strip().lower() == "chunked":
        body = ChunkedDataReader(io.BytesIO(payload)).read()
    coding = (headers.get_header("Content-Encoding") or "identity").strip().lower()
    if coding in {"gzip", "x-gzip", "deflate"}:
        body = inflate(body, _ANY_DEFLATE, limit_bytes=limit_bytes)
    elif coding != "identity":
        raise _damaged(f"a page that is encoded as {coding}")
    status = headers.get_statuscode()
    return Capture(
        body,
        headers.get_header("Content-Type"),
        int(status) if re.fullmatch("[0-9]{3}", status) else 0,
        url=record.rec_headers.get_header("WARC-Target-URI"),
        captured_at=record.rec_headers.get_header("WARC-Date"),
        digest=digest_of(payload),
    )


def _read_mhtml(content: bytes) -> Capture:
    """The first page of a message that a browser made of a page and what it shows."""
    try:
        message = email.message_from_bytes(content)
        [part, *_] = [part for part in message.walk() if part.get_content_type() in _HTML_TYPES]
        body = part.get_payload(decode=True)
    except (ValueError, RecursionError, LookupError) as error:
        raise _damaged("a saved page (MHTML) without a page in it") from error
    if not isinstance(body, bytes):
        raise _damaged("a saved page (MHTML) without a page in it")
    address = message.get("Snapshot-Content-Location") or part.get("Content-Location")
    return Capture(
        body,
        str(part["Content-Type"]) if part["Content-Type"] else None,
        url=str(address) if address else None,
        captured_at=_moment(str(message.get("Date") or "")),
        digest=digest_of(body),
    )


def _moment(date: str) -> str | None:
    """A date of a message, written as archives write it; None for what is no date."""
    try:
        moment = parsedate_to_datetime(date)
        return f"{moment.replace(tzinfo=moment.tzinfo or UTC).astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
    except (ValueError, OverflowError):
        return None


def _damaged(what: str) -> SourceChanged:
    return SourceChanged(f"unexpected content: {what}", _ADVICE)
