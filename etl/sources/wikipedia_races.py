"""Wikipedia's articles about single races of the Cup Series: figures only, no prose (CC BY-SA 4.0, credit the article).

The article of a season leads to those of its races: links to titles that begin with the season, in its tables of
races and beside "Main article". Many articles have no figures, and many races no article: an answer stands for a year,
whatever it is. The source is opt-in, since all of it is 80 articles of seasons and up to 2,800 of races, at one request
a second; it may be fetched in parts, with `--season` or `--max-requests`, and a later run goes on where an earlier one
ended.
`wikipedia_race_article.py` has the form of an article.
"""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING

from nascar_warehouse.etl.documents import Access, Document, Parsed, Selection, Source, Table
from nascar_warehouse.etl.sources.wikipedia_race_article import RaceArticle, read_race
from nascar_warehouse.etl.sources.wikipedia_site import HOST_RATES, article_url, linked_title
from nascar_warehouse.etl.sources.words import unknown_tracks
from nascar_warehouse.warehouse.errors import SourceChanged

if TYPE_CHECKING:
    from collections.abc import Mapping

    from selectolax.lexbor import LexborNode

    from nascar_warehouse.etl.formats.mediawiki import Article

FIRST_SEASON = 1949

_SERIES_FROM = {
    2020: "NASCAR Cup Series",
    2017: "Monster Energy NASCAR Cup Series",
    2008: "NASCAR Sprint Cup Series",
    2004: "NASCAR Nextel Cup Series",
    1971: "NASCAR Winston Cup Series",
    1950: "NASCAR Grand National Series",
    FIRST_SEASON: "NASCAR Strictly Stock Series",
}
"""First season → the series in the titles of articles."""

_REVISIT_SEASON = timedelta(days=30)
_REVISIT_RACE = timedelta(days=365)

_MOST_RACES = 150  # of a season, with its exhibitions; 1964 had 62
_LONGEST_TITLE_BYTES = 200
_SEASON_KEY = "season"
_RACE_COLUMNS = frozenset({"race", "race title", "race name", "event", "event name"})
_OTHER_COLUMNS = frozenset(
    {
        "date",
        "track",
        "venue",
        "circuit",
        "location",
        "winner",
        "winning driver",
        "race winner",
        "pole position",
        "report",
    }
)
_HEADER_ROWS = 3
_OTHER_ARTICLES = re.compile(r" Series$| season$")


class WikipediaRaces(Source):
    """The source; see the module."""

    source_id = "wikipedia_races"
    access: Access = "opt_in"
    order = 45
    tables = {"wikipedia_races": Table(RaceArticle, ("season",))}  # noqa: RUF012  # a constant of the class, read through the protocol
    margin_columns = {"wikipedia_races": "margin_text"}  # noqa: RUF012  # as above

    @property
    def host_rates(self) -> Mapping[str, float]:
        """See `wikipedia_site`."""
        return HOST_RATES

    def index_documents(self, selection: Selection) -> list[Document]:
        """The article of each season that is over, the newest first, or of those that were named."""
        if "cup" not in selection.series:
            return []
        seasons = range(FIRST_SEASON, selection.today.year) if selection.seasons is None else selection.seasons
        return [self._season(season) for season in sorted(seasons, reverse=True)]

    def detail_documents(self, root: Document, content: bytes, selection: Selection) -> list[Document]:  # noqa: ARG002  # the index has one season
        """The articles of the races of a season."""
        season = self.season_of(root.key)
        return [
            Document(
                self.source_id,
                f"{season}/{title.replace(' ', '_')}",
                article_url(title),
                season=season,
                revisit_after=_REVISIT_RACE,
            )
            for title in _race_titles(_read(content, root.url), season)
        ]

    def season_of(self, key: str) -> int:
        """The beginning of the key."""
        return int(key.split("/", maxsplit=1)[0])

    def parse(self, key: str, content: bytes) -> Parsed:
        """The figures of a race; the article of a season has no rows."""
        season, page = self.season_of(key), key.split("/", maxsplit=1)[1].replace("_", " ")
        article = _read(content, article_url(page))
        if page == _SEASON_KEY:
            _race_titles(article, season)
            return Parsed({"wikipedia_races": []}, is_preliminary=True)
        race, notices = read_race(article, season, page)
        if race is None:
            return Parsed({"wikipedia_races": []}, notices, is_preliminary=True)
        tracks = unknown_tracks(self.source_id, {race.track: race.track} if race.track else {})
        return Parsed({"wikipedia_races": [race]}, [*notices, *tracks])

    def _season(self, season: int) -> Document:
        series = next(name for first, name in _SERIES_FROM.items() if season >= first)
        return Document(
            self.source_id,
            f"{season}/{_SEASON_KEY}",
            article_url(f"{season} {series}"),
            season=season,
            is_index=True,
            revisit_after=_REVISIT_SEASON,
        )


def _read(content: bytes, url: str) -> Article:
    from nascar_warehouse.etl.formats.mediawiki import read_article

    return read_article(content, advice=_advice(url))


def _race_titles(article: Article, season: int) -> list[str]:
    """The titles of the articles of a season's races, in their order; without a table of races `SourceChanged`."""
    tables = [table for table in article.root.css("table") if _lists_races(table)]
    if not tables:
        raise SourceChanged(
            f"unexpected content: no table with the columns race and date, track or winner of {season}",
            "look at the article; if it lists the races in another form, change etl/sources/wikipedia_races.py",
        )
    links = [link for part in [*tables, *article.root.css(".hatnote")] for link in part.css("a[href]")]
    linked = [linked_title(link.attributes.get("href") or "") for link in links]
    titles = list(dict.fromkeys(title for title in linked if title and _is_race(title, season)))
    if len(titles) > _MOST_RACES:
        raise SourceChanged(
            f"unexpected content: {len(titles)} articles of races of {season}",
            "look at the article; if a season has so many races, change etl/sources/wikipedia_races.py",
        )
    return titles


def _lists_races(table: LexborNode) -> bool:
    from nascar_warehouse.etl.formats.html import text_of

    for row in table.css("tr")[:_HEADER_ROWS]:
        names = {text_of(cell).casefold() for cell in row.iter() if cell.tag == "th"}
        if names & _RACE_COLUMNS and names & _OTHER_COLUMNS:
            return True
    return False


def _is_race(title: str, season: int) -> bool:
    """Whether an article may be about a race of the season: its title is part of an address and of a file's name."""
    is_name = title.isprintable() and not {"/", "\\"} & set(title) and len(title.encode()) <= _LONGEST_TITLE_BYTES
    return is_name and title.startswith(f"{season} ") and not _OTHER_ARTICLES.search(title)


def _advice(url: str) -> str:
    return f"look at {url}; if articles have a new form, change etl/sources/wikipedia_races.py and its test"


SOURCE = WikipediaRaces()
