"""Wikipedia's list of the closest finishes of the Cup Series: figures only, no prose (CC BY-SA 4.0, credit the page).

What is asked for is the article as readers get it (see `wikipedia_site.py`). Its table is under the heading
"Closest finishes" and is found by its header cells. Races that tie share the cells of their rank and margin. A `*`
after a race's name marks one outside the regular season: no official win. Anybody may edit the page: another form stops
the document; a blank row is left out, and a margin that cannot be read is stored as it is. A version that came through
the API is still read: JSON outside, the HTML of the article inside.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import msgspec

from nascar_warehouse.etl.documents import Document, Parsed, Selection, Source, Table
from nascar_warehouse.etl.formats.json_payload import decode
from nascar_warehouse.etl.sources.wikipedia_site import HOST_RATES, article_url
from nascar_warehouse.etl.sources.words import new_fields, rows_left_out
from nascar_warehouse.warehouse.errors import SourceChanged

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from selectolax.lexbor import LexborNode

    from nascar_warehouse.etl.formats.html import Cell
    from nascar_warehouse.etl.formats.mediawiki import Article

TITLE = "List of the closest NASCAR Cup Series finishes"
HEADING = "Closest finishes"
COLUMNS = ("Rank", "Race", "Margin", "Winner", "2nd Place", "Track", "Date")

_URL = article_url(TITLE)
_ADVICE = f"look at {_URL}; if the page keeps its new form, change etl/sources/wikipedia.py and its test"
_SEASON = re.compile(r"((?:19|20)[0-9]{2}) \S")
_RANK = re.compile(r"(?:T-?|=)?[0-9]{1,4}|[-\u2013\u2014]?")  # races may tie; one outside the season may have no rank

# An identifier of MediaWiki; those of Wikipedia have passed a thousand million.
_Number = Annotated[int, msgspec.Meta(ge=0, le=2**53)]


class _Strict(msgspec.Struct, gc=False, forbid_unknown_fields=True):
    pass


class _Page(_Strict):
    title: str
    pageid: _Number
    revid: _Number
    text: str


class _Answer(_Strict):
    parse: _Page


class _Error(msgspec.Struct, gc=False):
    code: str
    info: str


class _Refusal(msgspec.Struct, gc=False):
    error: _Error | None = None


class ClosestFinish(msgspec.Struct, gc=False):
    """A row of the list, as the page has it; `row_number` counts from 1 below the header cells."""

    row_number: int
    rank: str | None
    race: str
    race_page: str | None
    is_outside_season: bool
    margin_text: str
    winner: str
    runner_up: str
    track: str
    race_date: str
    revision_id: int | None


class Wikipedia(Source):
    """The source; see the module."""

    source_id = "wikipedia"
    order = 40
    tables = {"wikipedia_closest_finishes": Table(ClosestFinish, ("race",))}  # noqa: RUF012  # a constant of the class, read through the protocol
    margin_columns = {"wikipedia_closest_finishes": "margin_text"}  # noqa: RUF012  # as above

    @property
    def host_rates(self) -> Mapping[str, float]:
        """See `wikipedia_site`."""
        return HOST_RATES

    def index_documents(self, selection: Selection) -> list[Document]:  # noqa: ARG002  # the list is one whole
        """The list, which may change any day and is not about one season."""
        return [Document(self.source_id, "closest_finishes", _URL, is_index=True)]

    def detail_documents(self, root: Document, content: bytes, selection: Selection) -> list[Document]:  # noqa: ARG002  # leads nowhere
        """None."""
        return []

    def season_of(self, key: str) -> int | None:  # noqa: ARG002  # the list is about all seasons
        """None."""
        return None

    def parse(self, key: str, content: bytes) -> Parsed:
        """The rows of the list; another form raises `SourceChanged` with the table and the row."""
        article, fields = _read_article(content)
        _refuse_redirect(article)
        header, rows = _find_table(article.root)
        found = [
            _read_row(header, row, number, article.revision_id)
            for number, row in enumerate(rows, start=1)
            if not _is_blank(row)
        ]
        notices = [
            *new_fields(fields),
            *rows_left_out(key, len(rows) - len(found), "the row is blank"),
            *_unknown_margins(found),
        ]
        return Parsed({"wikipedia_closest_finishes": found}, notices)


def _read_article(content: bytes) -> tuple[Article, list[str]]:
    """The article, and the new fields of an answer of the API."""
    from nascar_warehouse.etl.formats.mediawiki import read_article

    if content.lstrip().startswith(b"{"):
        return _read_answer(content)
    return read_article(content, advice=_ADVICE), []


def _read_answer(content: bytes) -> tuple[Article, list[str]]:
    """Take the article out of an answer of the API, which came with status 200 also when it was an error."""
    from nascar_warehouse.etl.formats.html import parse_html
    from nascar_warehouse.etl.formats.mediawiki import Article

    error = decode(content, _Refusal)[0].error
    if error is not None and error.code == "missingtitle":
        raise SourceChanged(f'Wikipedia has no page "{TITLE}" any more', _ADVICE)
    if error is not None:
        raise SourceChanged(
            f"the API of Wikipedia answered with an error, {error.code}: {error.info}",
            "run the same command again later; if it stays so, open the address in a browser",
        )
    answer, notices = decode(content, _Answer)
    page = answer.parse
    return Article(parse_html(page.text), page.title, page.revid), notices


def _refuse_redirect(article: Article) -> None:
    from nascar_warehouse.etl.formats.html import text_of

    if article.title not in {TITLE, None}:
        raise SourceChanged(f'the page "{TITLE}" leads to another one now, "{article.title}"', _ADVICE)
    redirect = article.root.css_first(".redirectMsg")
    if redirect is not None:
        target = redirect.css_first(".redirectText")
        raise SourceChanged(f'the page "{TITLE}" is a redirect now, to "{text_of(target or redirect)}"', _ADVICE)


def _find_table(root: LexborNode) -> tuple[dict[str, int], list[list[Cell | None]]]:
    """The one table under the heading that has all header cells: its columns by name, and the rows below them."""
    from nascar_warehouse.etl.formats.html import rows_of
    from nascar_warehouse.etl.formats.mediawiki import tables_under_heading

    found = []
    headers = []
    for table in tables_under_heading(root, HEADING):
        rows = [row for row in rows_of(table) if row]
        for number, row in enumerate(rows):
            header = _read_header(row)
            headers.append(set(header))
            if header.keys() >= set(COLUMNS):
                found.append((header, rows[number + 1 :]))
                break
    if len(found) == 1:
        return found[0]
    if found:
        raise SourceChanged(f'{len(found)} tables under "{HEADING}" have the header cells of the list', _ADVICE)
    nearest = max(headers, key=len, default=set())
    if not nearest:
        raise SourceChanged(f'no table with the header cells {", ".join(COLUMNS)} under "{HEADING}"', _ADVICE)
    lost = ", ".join(name for name in COLUMNS if name not in nearest)
    raise SourceChanged(f'the table under "{HEADING}" has no header cell {lost}', _ADVICE)


def _read_header(row: Sequence[Cell | None]) -> dict[str, int]:
    """The columns of the list that a row names, by name; a name that stands twice is none."""
    names = [cell.text.casefold() if cell else "" for cell in row]
    return {column: names.index(column.casefold()) for column in COLUMNS if names.count(column.casefold()) == 1}


def _is_blank(row: Sequence[Cell | None]) -> bool:
    return not any(cell.text for cell in row if cell)


def _read_row(
    header: dict[str, int], row: Sequence[Cell | None], number: int, revision_id: int | None
) -> ClosestFinish:
    cells = [row[header[column]] if header[column] < len(row) else None for column in COLUMNS]
    there = [cell for cell in cells if cell is not None]
    if len(there) < len(COLUMNS):
        lost = ", ".join(column for column, cell in zip(COLUMNS, cells, strict=True) if cell is None)
        raise _wrong(number, f"there is no cell for {lost}")
    rank, race, margin, winner, runner_up, track, race_date = there
    name = race.text.rstrip("* ")
    finish = ClosestFinish(
        row_number=number,
        rank=rank.text or None,
        race=race.text,
        race_page=next((title for _, title in race.links if title), None),
        is_outside_season=name != race.text,
        margin_text=margin.text,
        winner=winner.name,
        runner_up=runner_up.name,
        track=track.name,
        race_date=race_date.text,
        revision_id=revision_id,
    )
    _require_form(finish, name)
    return finish


def _require_form(finish: ClosestFinish, name: str) -> None:
    """Stop at a text that staging could not cast, and at a blank one."""
    if not _RANK.fullmatch(finish.rank or ""):
        raise _wrong(finish.row_number, f"the rank is {finish.rank!r}")
    season = _SEASON.match(name)
    if season is None:
        raise _wrong(finish.row_number, f"the race {finish.race!r} does not begin with its season")
    try:
        # Python reads digits of other scripts too, staging does not. Months are in English: no run sets a locale.
        day = datetime.strptime(finish.race_date.encode("ascii").decode(), "%B %d, %Y").replace(tzinfo=UTC)
    except ValueError as error:
        raise _wrong(finish.row_number, f"the date {finish.race_date!r} is not like May 5, 2024") from error
    if abs(day.year - int(season[1])) > 1:
        raise _wrong(finish.row_number, f"the race {finish.race!r} is dated {finish.race_date}")
    for column in ("winner", "runner_up", "track"):
        if not getattr(finish, column):
            raise _wrong(finish.row_number, f"the {column.replace('_', '-')} is blank")


def _unknown_margins(finishes: Sequence[ClosestFinish]) -> list[str]:
    """A notice for each margin that is neither a time nor another known form."""
    from nascar_warehouse.etl.formats.margin import parse_margin

    return [
        f"unknown margin {finish.margin_text!r} of {finish.race}, stored as it is; if it has a meaning, "
        "add its form to etl/formats/margin.py"
        for finish in finishes
        if parse_margin(finish.margin_text).kind == "unknown"
    ]


def _wrong(number: int, what: str) -> SourceChanged:
    return SourceChanged(f'the table under "{HEADING}", row {number}: {what}', _ADVICE)


SOURCE = Wikipedia()
