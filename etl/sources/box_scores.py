"""Box scores that a user saved: what the league and wire services print of a race, as pages, texts or PDF.

A folder holds them, beside saved pages of Racing-Reference; `box_score` has their form. What a box score says counts
for the race that its date and winner, its date and track, or its season, name and winner fit; one that fits none is not
used, which the check `box_score_fits_a_race` reports.
"""

from __future__ import annotations

from nascar_warehouse.etl.documents import Access, Document, Fetcher, Parsed, Selection, Source, Table
from nascar_warehouse.etl.sources.box_score import BoxIdentity, BoxScore, is_box_score, read_box_score
from nascar_warehouse.etl.sources.saved_files import PAGES, TEXTS
from nascar_warehouse.etl.sources.saved_pages import SavedPages
from nascar_warehouse.warehouse.errors import SourceChanged


class BoxScores(Source):
    """The source; see the module. Without a folder nothing is asked for, and what is kept is still read."""

    source_id = "box_scores"
    access: Access = "saved"
    order = 52
    tables = {"box_scores": Table(BoxScore, ("series_id", "season"))}  # noqa: RUF012  # a constant of the class, read through the protocol
    margin_columns = {"box_scores": "margin_text"}  # noqa: RUF012  # as above

    def __init__(self, saved: SavedPages | None = None) -> None:
        self._saved = saved

    def index_documents(self, selection: Selection) -> list[Document]:
        """The saved box scores, none without a folder."""
        return self._saved.documents(self.source_id, selection) if self._saved else []

    def season_of(self, key: str) -> int | None:
        """The middle of the key."""
        return int(key.split("/")[1])

    def parse(self, key: str, content: bytes) -> Parsed:
        """What a box score states."""
        identity, box, notices = read_box_score(content)
        if identity.key != key:
            raise SourceChanged(
                f"unexpected content: this is the box score of {identity.key}", "save it again, and read it again"
            )
        return Parsed({"box_scores": [box]}, notices)

    def open_local(self, folder: str | None) -> tuple[Source, Fetcher] | None:
        """The box scores in a folder; `UsageError` if there is nothing to read."""
        if folder is None:
            return None
        saved = SavedPages(folder, _identify, (*PAGES, *TEXTS))
        return BoxScores(saved), saved


def _identify(content: bytes, _is_record: bool, /) -> BoxIdentity | None:
    """The race of a box score; None for anything else."""
    return read_box_score(content)[0] if is_box_score(content) else None


SOURCE = BoxScores()
