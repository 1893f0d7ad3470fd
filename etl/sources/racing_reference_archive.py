"""Race pages of Racing-Reference as public archives kept them: Common Crawl, and the Wayback Machine for what is left.

The site itself turns programs away and is never asked. Both archives offer what they have to programs, under rules:

- Common Crawl, https://status.commoncrawl.org: retry no more than once a second, do not ignore errors, and slow down
  when you see anything unusual. https://index.commoncrawl.org describes the index, a page of it at a time
  (`showNumPages`, `page`); a copy is a part of a file (HTTP Range), a WARC record.
- Wayback Machine, https://archive.org/developers/wayback-cdx-server.html: large queries by pages; 429 asks a client to
  stop.

So: one connection, one request in two seconds, with our name and contact, no more than --max-requests; after a 403, 429
or 503 nothing is asked for a day; nothing is asked for twice. A run that ends early is continued by the next one. The
newest crawl is searched first, and of each race one copy is fetched; another one only if that is damaged, is not what
its index says, or is no race page.

What is kept is the record as the archive sent it. The key of a document names the archive, the time, the digest and the
address of the page: page/ARCHIVE/TIMESTAMP/DIGEST/URL.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from nascar_warehouse.etl.documents import Access, Document, Kept, Parsed, Selection, Source
from nascar_warehouse.etl.sources.racing_reference_captures import (
    DATA_HOST,
    INDEX_HOST,
    PREFIXES,
    WAYBACK,
    WAYBACK_HOST,
    Copy,
    copy_of,
    query,
    read_copies,
    read_crawls,
    read_page_count,
)
from nascar_warehouse.etl.sources.racing_reference_schema import page_tables
from nascar_warehouse.warehouse.errors import SourceChanged

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from nascar_warehouse.etl.formats.archive import Capture

_CRAWLS = "crawls"
_COPIES = 3
"""So many copies of a race are tried in one archive."""


class RacingReferenceArchive(Source):
    """The source; see the module."""

    source_id = "racing_reference_archive"
    access: Access = "opt_in"
    order = 55
    tables = page_tables(source_id)
    margin_columns = {source_id: "margin_text"}  # noqa: RUF012  # a constant of the class, read through the protocol
    host_rates = dict.fromkeys((INDEX_HOST, DATA_HOST, WAYBACK_HOST), 0.5)
    refusal_pause = timedelta(days=1)

    def index_documents(self, selection: Selection) -> list[Document]:  # noqa: ARG002  # all documents come in stages
        """None: which there are is found out on the way."""
        return []

    def stages(self, kept: Kept, selection: Selection) -> Iterator[list[Document]]:
        """The list of crawls, then of each archive its lists of copies and the copies that are wanted."""
        crawls = Document(self.source_id, _CRAWLS, f"https://{INDEX_HOST}/collinfo.json", is_index=True)
        yield [crawls]
        content = kept.read(_CRAWLS)
        if content is None:
            return
        done = {copy.page for key in kept.keys() if (copy := copy_of(key))}  # noqa: SIM118  # it is no mapping
        for archive in [*read_crawls(content), WAYBACK]:
            lists: list[str] = []
            # The lists of a crawl never change; those of the Wayback Machine are read again in another year.
            name = f"{archive}/{selection.today.year}" if archive == WAYBACK else archive
            yield from self._lists(archive, name, kept, lists)
            copies = _newest(_wanted(self._copies(archive, kept, lists), selection))
            for turn in range(_COPIES):
                due = [tried[turn] for page, tried in copies.items() if page not in done and turn < len(tried)]
                if not due:
                    break
                yield [
                    Document(self.source_id, copy.key, copy.place, season=copy.season, is_permanent=True)
                    for copy in due
                ]
                done.update(copy.page for copy in due if kept.is_found(copy.key))

    def find_fault(self, key: str, content: bytes) -> str:
        """Why a copy is of no use; a list of another form raises `SourceChanged`."""
        from nascar_warehouse.etl.sources.racing_reference_page import is_race_page

        copy = copy_of(key)
        if copy is None:
            _require_list(key, content)
            return ""
        try:
            return "" if is_race_page(_capture(copy, content)) else "it is no race page"
        except SourceChanged as error:
            return error.problem.removeprefix("unexpected content: ")

    def season_of(self, key: str) -> int | None:
        """The year in the address of the page."""
        copy = copy_of(key)
        return copy.season if copy else None

    def parse(self, key: str, content: bytes) -> Parsed:
        """The race of a page, and its results; lists have no rows."""
        from nascar_warehouse.etl.sources.racing_reference_page import read_page

        copy = copy_of(key)
        if copy is None:
            return Parsed({self.source_id: []}, is_preliminary=True)
        _, page, results, notices = read_page(_capture(copy, content))
        return Parsed({f"{self.source_id}_results": results, self.source_id: [page]}, notices)

    def _lists(self, archive: str, name: str, kept: Kept, lists: list[str]) -> Iterator[list[Document]]:
        """The documents that list the copies of an archive; the keys of the lists themselves are added to `lists`."""
        counts = {f"list/{name}/{prefix}pages": prefix for prefix in PREFIXES}
        yield [self._list(key, query(archive, prefix, showNumPages="true")) for key, prefix in counts.items()]
        found: list[Document] = []
        for key, prefix in counts.items():
            content = kept.read(key)
            found += [
                self._list(f"list/{name}/{prefix}{number}", query(archive, prefix, page=number))
                for number in range(read_page_count(content) if content is not None else 0)
            ]
        yield found
        lists += [document.key for document in found]

    def _list(self, key: str, url: str) -> Document:
        return Document(self.source_id, key, url, is_permanent=True)

    def _copies(self, archive: str, kept: Kept, lists: Iterable[str]) -> Iterator[Copy]:
        for key in lists:
            content = kept.read(key)
            yield from read_copies(archive, content) if content is not None else ()


def _require_list(key: str, content: bytes) -> None:
    """Raise `SourceChanged` for the content of a list that cannot be read."""
    if key == _CRAWLS:
        read_crawls(content)
    elif key.endswith("/pages"):
        read_page_count(content)
    else:
        for _ in read_copies(key.split("/")[1], content):
            pass


def _wanted(copies: Iterable[Copy], selection: Selection) -> Iterator[Copy]:
    for copy in copies:
        is_season = selection.seasons is None or copy.season in selection.seasons
        if is_season and copy.series_id in selection.series:
            yield copy


def _newest(copies: Iterable[Copy]) -> dict[str, list[Copy]]:
    """The newest copies of each page, the races of the Cup first."""
    by_page: dict[str, list[Copy]] = defaultdict(list)
    for copy in copies:
        found = by_page[copy.page]
        found.append(copy)
        found.sort(key=lambda each: each.timestamp, reverse=True)
        del found[_COPIES:]
    return dict(sorted(by_page.items(), key=lambda item: (item[1][0].series_id != "cup", item[0])))


def _capture(copy: Copy, content: bytes) -> Capture:
    """The page in a copy, checked against what the index says; raises `SourceChanged`."""
    from nascar_warehouse.etl.formats.archive import Capture, digest_of, read_capture

    if copy.archive == WAYBACK:
        found = Capture(content, digest=digest_of(content))
    else:
        found = read_capture(content)
        if found.url != copy.url:
            raise SourceChanged(f"unexpected content: it is a copy of {found.url}", "nothing: another copy is used")
    if found.digest != copy.digest:
        raise SourceChanged(
            f"unexpected content: its digest is {found.digest}, not that of the index", "nothing: another copy is used"
        )
    if not found.is_page:
        raise SourceChanged(
            f"unexpected content: it is no page but HTTP {found.status}, {found.content_type}",
            "nothing: another copy is used",
        )
    return replace(found, url=copy.url, archive=copy.archive, captured_at=copy.captured_at)


SOURCE = RacingReferenceArchive()
