"""What the indexes of public archives (CDX) list of race pages: copies, each with the address to ask for it.

Common Crawl answers with a JSON object a line (pywb), the Wayback Machine with a list of lists whose first one has the
names. A line that is no usable copy of a race page is left out; an answer of another form raises `SourceChanged`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote

import msgspec

from nascar_warehouse.etl.sources.saved_files import RACE_PAGE
from nascar_warehouse.warehouse.errors import SourceChanged

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

INDEX_HOST = "index.commoncrawl.org"
DATA_HOST = "data.commoncrawl.org"
WAYBACK_HOST = "web.archive.org"
WAYBACK = "wayback"

PREFIXES = ("racing-reference.info/race/", "racing-reference.info/race-results/")
"""Where the race pages are; both forms of the addresses were in use."""

_LARGEST_BYTES = 16 * 1024 * 1024
_MOST_PAGES = 10_000
_SERIES = {"w": "cup", "b": "nxs", "c": "truck"}
_PAGE = re.compile(r"(?P<season>(?:19|20)[0-9]{2})[-_ ][^/\\]+/(?P<letter>[wbc])")
_KEY = re.compile(r"page/(?P<archive>[\w-]+)/(?P<timestamp>[0-9]{14})/(?P<digest>[A-Z2-7]{32})/(?P<url>https?://.+)")
_ADVICE = "ask again later; if it stays so, change etl/sources/racing_reference_captures.py"


@dataclass(frozen=True, slots=True)
class Copy:
    """A copy of a race page in an archive, and where to ask for it."""

    archive: str
    timestamp: str
    """When it was captured, like 20210512030405 (UTC)."""
    digest: str
    """SHA-1 of what the server sent, in base 32."""
    url: str
    """The address of the page."""
    place: str = ""
    """The address of the copy; empty where it was read from a document's key."""

    @property
    def key(self) -> str:
        """The name of the document."""
        return f"page/{self.archive}/{self.timestamp}/{self.digest}/{self.url}"

    @property
    def page(self) -> str:
        """The end of the page's address: the same in every way to write it."""
        match = RACE_PAGE.fullmatch(self.url)
        return unquote(match["page"]).casefold() if match else ""

    @property
    def season(self) -> int | None:
        """The season of the race; None where the address does not say it."""
        match = _PAGE.fullmatch(self.page)
        return int(match["season"]) if match else None

    @property
    def series_id(self) -> str | None:
        """The series of the race; None where the address does not say it."""
        match = _PAGE.fullmatch(self.page)
        return _SERIES[match["letter"]] if match else None

    @property
    def captured_at(self) -> str:
        """When it was captured, like 2021-05-12T03:04:05Z."""
        t = self.timestamp
        return f"{t[:4]}-{t[4:6]}-{t[6:8]}T{t[8:10]}:{t[10:12]}:{t[12:]}Z"


def copy_of(key: str) -> Copy | None:
    """The copy that a document's key names; None for the key of another document."""
    match = _KEY.fullmatch(key)
    return Copy(match["archive"], match["timestamp"], match["digest"], match["url"]) if match else None


def query(archive: str, prefix: str, **more: object) -> str:
    """The address that asks an archive for its copies below a prefix."""
    url = quote(f"{prefix}*", safe="*")
    extra = "".join(f"&{name}={value}" for name, value in more.items())
    if archive != WAYBACK:
        return f"https://{INDEX_HOST}/{archive}-index?url={url}&output=json{extra}"
    fields = "timestamp,original,mimetype,statuscode,digest,length"
    wanted = f"fl={fields}&filter=statuscode:200&filter=mimetype:text/html&pageSize=5"
    return f"https://{WAYBACK_HOST}/cdx/search/cdx?url={url}&output=json&{wanted}{extra}"


class _Crawl(msgspec.Struct):
    id: str


class _Pages(msgspec.Struct):
    pages: int


class _Line(msgspec.Struct):
    """A line of Common Crawl's index; every value is a text."""

    url: str
    timestamp: str
    status: str
    mime: str
    digest: str
    length: str
    offset: str
    filename: str


def read_crawls(content: bytes) -> list[str]:
    """The ids of the crawls, the newest first."""
    try:
        crawls = {crawl.id for crawl in msgspec.json.decode(content, type=list[_Crawl])}
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise _unexpected("the list of crawls", error) from error
    return sorted((name for name in crawls if re.fullmatch(r"CC-MAIN-[\w-]{1,40}", name)), reverse=True)


def read_page_count(content: bytes) -> int:
    """How many pages the answer of an index has: a number, or an object with one."""
    try:
        found = msgspec.json.decode(content, type=int | _Pages)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise _unexpected("the number of pages", error) from error
    pages = found if isinstance(found, int) else found.pages
    if not 0 <= pages <= _MOST_PAGES:
        raise _unexpected("the number of pages", ValueError(f"{pages} pages"))
    return pages


def read_copies(archive: str, content: bytes) -> Iterator[Copy]:
    """The usable copies of race pages in one page of an index."""
    try:
        lines = _wayback_lines(content) if archive == WAYBACK else _commoncrawl_lines(content)
        for line in lines:
            copy = Copy(archive, line.timestamp, line.digest, line.url, _place(archive, line))
            is_page = line.status == "200" and line.mime.startswith(("text/html", "application/xhtml"))
            is_address = copy.season is not None and unquote(copy.url).isprintable()
            if is_page and is_address and copy.place and _KEY.fullmatch(copy.key):
                yield copy
    except (msgspec.MsgspecError, UnicodeDecodeError, ValueError) as error:
        raise _unexpected("the list of copies", error) from error


def _commoncrawl_lines(content: bytes) -> Iterable[_Line]:
    lines = (line for line in content.splitlines() if line.strip())
    return (msgspec.json.decode(line, type=_Line) for line in lines)


def _wayback_lines(content: bytes) -> Iterator[_Line]:
    rows = msgspec.json.decode(content, type=list[list[str]])
    names = rows[0] if rows else []
    for row in rows[1:]:
        fields = dict(zip(names, row, strict=True))
        yield _Line(
            url=fields.get("original", ""),
            timestamp=fields.get("timestamp", ""),
            status=fields.get("statuscode", ""),
            mime=fields.get("mimetype", ""),
            digest=fields.get("digest", ""),
            length=fields.get("length", ""),
            offset="",
            filename="",
        )


def _place(archive: str, line: _Line) -> str:
    """The address of a copy: the page as it was (`id_`), or the bytes of a record; empty if it cannot be one."""
    if archive == WAYBACK:
        return f"https://{WAYBACK_HOST}/web/{line.timestamp}id_/{line.url}"
    is_file = re.fullmatch(r"crawl-data/[\w-]+(?:/[\w-][\w.-]*){1,8}\.gz", line.filename, re.ASCII)
    if not (is_file and re.fullmatch("[0-9]{1,12}", line.offset) and re.fullmatch("[0-9]{1,8}", line.length)):
        return ""
    begin, length = int(line.offset), int(line.length)
    if not 0 < length <= _LARGEST_BYTES:
        return ""
    return f"https://{DATA_HOST}/{line.filename}#bytes={begin}-{begin + length - 1}"


def _unexpected(what: str, error: Exception) -> SourceChanged:
    return SourceChanged(f"unexpected content: {what} of an archive is of another form ({error})", _ADVICE)
