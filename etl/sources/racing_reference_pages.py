"""Race pages of Racing-Reference that a user saved. The site turns programs away: nothing is fetched.

A folder holds the pages, saved as "HTML only", "complete" or MHTML, or as the records of a web archive (WARC, WACZ);
`saved_pages` reads it. A document is named after the race that its page is about, so a page that is saved
again is a new version of it, whatever the file is called.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from nascar_warehouse.etl.documents import Access, Document, Fetcher, Parsed, Selection, Source
from nascar_warehouse.etl.sources.racing_reference_schema import page_tables
from nascar_warehouse.etl.sources.saved_files import ARCHIVES, PAGES
from nascar_warehouse.etl.sources.saved_pages import SavedPages
from nascar_warehouse.warehouse.errors import SourceChanged

if TYPE_CHECKING:
    from pathlib import Path

    from nascar_warehouse.etl.sources.racing_reference_schema import Identity


def open_pages(folder: str | Path) -> SavedPages:
    """The fetcher of the race pages in a folder; `UsageError` if there is nothing to read."""
    return SavedPages(folder, _identify, (*PAGES, *ARCHIVES))


def _identify(content: bytes, is_record: bool, /) -> Identity | None:  # given by place
    """The race of a page; None for a redirect or an error in an archive, and for a box score."""
    from nascar_warehouse.etl.formats.archive import read_capture
    from nascar_warehouse.etl.sources.box_score import is_box_score
    from nascar_warehouse.etl.sources.racing_reference_page import identify

    capture = read_capture(content)
    if is_record and not capture.is_page:
        return None
    try:
        return identify(capture)
    except SourceChanged:
        if not is_record and is_box_score(content):
            return None
        raise


class RacingReferencePages(Source):
    """The source; see the module. Without saved pages nothing is asked for, and what is kept is still read."""

    source_id = "racing_reference_pages"
    access: Access = "saved"
    order = 50
    tables = page_tables(source_id)
    margin_columns = {"racing_reference_pages": "margin_text"}  # noqa: RUF012  # as above

    def __init__(self, saved: SavedPages | None = None) -> None:
        self._saved = saved

    def index_documents(self, selection: Selection) -> list[Document]:
        """The saved pages, none without a folder: no address of this source is ever given to anybody else."""
        return self._saved.documents(self.source_id, selection) if self._saved else []

    def season_of(self, key: str) -> int | None:
        """The middle of the key."""
        return int(key.split("/")[1])

    def parse(self, key: str, content: bytes) -> Parsed:
        """The race of a page, and its results."""
        from nascar_warehouse.etl.formats.archive import read_capture
        from nascar_warehouse.etl.sources.racing_reference_page import read_page

        identity, page, results, new_columns = read_page(read_capture(content))
        if identity.key != key:
            raise SourceChanged(
                f"unexpected content: this is the page of {identity.key}", "save the page again, and read it again"
            )
        return Parsed({"racing_reference_pages_results": results, "racing_reference_pages": [page]}, new_columns)

    def open_local(self, folder: str | None) -> tuple[Source, Fetcher] | None:
        """The pages saved in a folder; `UsageError` if it has none."""
        if folder is None:
            return None
        saved = open_pages(folder)
        return RacingReferencePages(saved), saved


SOURCE = RacingReferencePages()
