"""Rank the closest finishes: the question that this project exists for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from nascar_warehouse.warehouse.errors import UsageError
from nascar_warehouse.warehouse.literal import literal
from nascar_warehouse.warehouse.read.names import simplify, suggest
from nascar_warehouse.warehouse.rows import Rows, fetch_rows
from nascar_warehouse.warehouse.storage.connection import reading_published

if TYPE_CHECKING:
    from collections.abc import Iterable
    from decimal import Decimal

    import duckdb

    from nascar_warehouse.warehouse.storage.home import Home


@dataclass(frozen=True, slots=True)
class Question:
    """Which finishes to rank. `track` and `driver` are ids or parts of names, `make` is one; seasons are inclusive."""

    series: str = "cup"
    basis: str = "line"
    season_from: int | None = None
    season_to: int | None = None
    track: str | None = None
    driver: str | None = None
    make: str | None = None
    exhibitions: bool = False
    limit: int = 25

    def __post_init__(self) -> None:
        """Raise `UsageError` for text that no statement can hold, such as bytes that are not UTF-8."""
        for name in Question.__slots__:
            try:
                literal(getattr(self, name))
            except ValueError as error:
                raise UsageError(f"{name} {getattr(self, name)!r} is not valid text", "write it in UTF-8") from error


# The finishes that `marts.closest` ranks.
_RANKED = """
FROM marts.finishes
WHERE series_id = {series}
  AND basis = {basis}
  AND (counts_as_official_win OR {exhibitions})
  AND is_ranked
  AND ({season_from} IS NULL OR season >= {season_from})
  AND ({season_to} IS NULL OR season <= {season_to})
  AND (
    {track} IS NULL
    OR track_id = {track}
    OR contains(lower(strip_accents(track_name)), lower(strip_accents({track})))
  )
"""

# The first rows have the ranks among themselves that they have among all: no other finish is closer.
_FIRST = """
SELECT rank() OVER (ORDER BY margin_seconds)::INTEGER AS rank, *
FROM (
  SELECT margin_seconds, race_date, race_id, rowid AS row_id
  {ranked}
  ORDER BY margin_seconds, race_date, race_id
  LIMIT {limit}
)
"""

# Those of a driver or a make have the ranks that they have among the finishes of all.
_FIRST_OF = """
SELECT *
FROM (
  SELECT
    rank() OVER (ORDER BY margin_seconds)::INTEGER AS rank,
    margin_seconds, race_date, race_id, rowid AS row_id,
    (
      {driver} IS NULL
      OR {driver} IN (winner_id, runner_up_id)
      OR contains(lower(strip_accents(winner || '|' || runner_up)), lower(strip_accents({driver})))
    )
    AND ({make} IS NULL OR lower({make}) IN (lower(winner_make), lower(runner_up_make))) AS fits
  {ranked}
)
WHERE fits
ORDER BY margin_seconds, race_date, race_id
LIMIT {limit}
"""

# By the numbers of rows DuckDB reads only the blocks that have them.
_ROWS = """
WITH first AS ({first})
SELECT first.rank, {columns}
FROM marts.finishes AS finishes
INNER JOIN first ON finishes.rowid = first.row_id
ORDER BY finishes.margin_seconds, finishes.race_date, finishes.race_id
"""

_IDS = "WITH first AS ({first}) SELECT rank, race_id FROM first ORDER BY margin_seconds, race_date, race_id"

_ALL = """finishes.* EXCLUDE (
  basis, series_id, event_id, margin_kind, margin_value, margin_unit, is_lower_bound, is_approximate, missing_reason,
  is_ranked, margin_inches_estimate, finish_speed_mph, finish_speed_method
)"""
_DISPLAYED = (
    *("margin_seconds", "race_date", "race_name", "track_name", "winner", "runner_up", "race_id", "source_id"),
    *("note", "official_margin_seconds"),
)
"""The columns that `display_rows` reads, beside the rank."""
_DISPLAYED_COLUMNS = ", ".join(f"finishes.{column}" for column in _DISPLAYED)

SPARE = ("source_id", "race_id", "track_name", "note", "race_name")
"""The columns that a narrow terminal leaves out, the first of them first."""

_FIRST_ELECTRONIC_SEASON = 1993

_COVERAGE = """
SELECT
  count(*) AS races,
  count(*) FILTER (WHERE margin_kind <> 'unknown') AS margins_known
FROM marts.finishes
WHERE series_id = {series}
  AND basis = {basis}
  AND timing = 'electronic'
  AND (counts_as_official_win OR {exhibitions})
  AND season BETWEEN coalesce({season_from}, 0) AND coalesce({season_to}, 9999)
  AND (
    {track} IS NULL
    OR track_id = {track}
    OR contains(lower(strip_accents(track_name)), lower(strip_accents({track})))
  )
  AND (
    {driver} IS NULL
    OR {driver} IN (winner_id, runner_up_id)
    OR contains(
      lower(strip_accents(concat_ws('|', winner, runner_up, official_winner))), lower(strip_accents({driver}))
    )
  )
  AND ({make} IS NULL OR lower({make}) IN (lower(winner_make), lower(runner_up_make)))
"""

ABSENT_RACES = """
SELECT season, races_run - races_known AS races
FROM marts.margin_coverage
WHERE series_id = $series AND season >= 1993 AND races_run > races_known
"""
"""The races of each season of a `$series` that no ingested source has; the same for every question about the series."""

_RACES = """
SELECT count(*)
FROM core.races
WHERE series_id = {series} AND season BETWEEN coalesce({season_from}, 0) AND coalesce({season_to}, 9999)
"""


def rank_finishes(home: Home, question: Question, *, for_display: bool = False) -> Rows:
    """The closest finishes that answer a question, smallest margin first; equal margins share a rank.

    Columns as `marts.closest_finishes`; margins in seconds. `for_display`, for a program that prints these and ends,
    only those that `display_rows` reads, in half the time.
    Raises `UsageError` when nothing is published yet or another version of this program built it, `MachineFailure` when
    the file cannot be read.
    """
    with reading_published(home, is_last=for_display) as con:
        return fetch_rows(execute_ranking(con, question, _DISPLAYED_COLUMNS if for_display else _ALL))


def rank_with_coverage(home: Home, question: Question, *, for_display: bool = False) -> tuple[Rows, Coverage]:
    """As `rank_finishes`, and how much is known of the races that the question is about: the file is opened once."""
    with reading_published(home, is_last=for_display) as con:
        rows = fetch_rows(execute_ranking(con, question, _DISPLAYED_COLUMNS if for_display else _ALL))
        return rows, coverage_on(con, question)


def rank_on(con: duckdb.DuckDBPyConnection, question: Question) -> Rows:
    """As `rank_finishes`, on an open warehouse."""
    return fetch_rows(execute_ranking(con, question))


def execute_ranking(
    con: duckdb.DuckDBPyConnection, question: Question, columns: str = _ALL
) -> duckdb.DuckDBPyConnection:
    """As `rank_on`, with the rows still to be fetched."""
    return con.execute(_rendered(_ROWS, question, first=_first_of(question), columns=columns))


def rank_ids_on(con: duckdb.DuckDBPyConnection, question: Question) -> list[tuple[int, str]]:
    """The rank and race_id of each row that `rank_on` gives, in its order, in a third of the time."""
    return con.execute(_rendered(_IDS, question, first=_first_of(question))).fetchall()


def _first_of(question: Question) -> str:
    """The statement that finds and ranks the rows; of all others it reads few columns."""
    statement = _FIRST if question.driver is None and question.make is None else _FIRST_OF
    return _rendered(statement, question, ranked=_rendered(_RANKED, question))


def _rendered(statement: str, question: Question, **texts: str) -> str:
    """A statement with the values of a question as literals, which DuckDB runs faster than one with parameters."""
    return statement.format_map({name: literal(getattr(question, name)) for name in Question.__slots__} | texts)


def display_rows(rows: Rows, question: Question) -> Rows:
    """The columns that fit a screen; the margin on the other basis only where it differs, with the reason."""
    records = [dict(zip(rows.columns, row, strict=True)) for row in rows.values]
    printed = [
        {
            "rank": record["rank"],
            "margin_seconds": _thousandths(record["margin_seconds"]),
            "race_date": record["race_date"],
            "race_name": record["race_name"],
            "track_name": record["track_name"],
            "winner": record["winner"],
            "runner_up": record["runner_up"],
            "race_id": record["race_id"],
            "source_id": record["source_id"],
            "note": _note(record, question),
        }
        for record in records
    ]
    columns = list(printed[0]) if printed else ["rank"]
    if not any(line["note"] for line in printed):
        columns = [column for column in columns if column != "note"]
    return Rows(columns, [[line[column] for column in columns] for line in printed])


@dataclass(frozen=True, slots=True)
class Coverage:
    """Of how many races of a selection the margin is known: with a figure, or finished under caution.

    `races_not_here` are races of these seasons by the record books that no ingested source has.
    """

    races: int
    margins_known: int
    races_not_here: int

    def __str__(self) -> str:
        """One sentence."""
        known = f"{self.margins_known:,} of {self.races:,} races of this selection have a known margin"
        if not self.races_not_here:
            return known
        return f"{known}; {self.races_not_here:,} more races of these seasons are not here, `nascar ingest` adds them"


def coverage_on(
    con: duckdb.DuckDBPyConnection, question: Question, absent_races: Iterable[tuple[int, int]] | None = None
) -> Coverage:
    """How much is known of the races that a question is about, since electronic timing.

    `absent_races` are the rows of `ABSENT_RACES`, if read before.
    """
    [(races, known)] = con.execute(_rendered(_COVERAGE, question)).fetchall()
    if absent_races is None:
        absent_races = con.execute(ABSENT_RACES.replace("$series", literal(question.series))).fetchall()
    first, last = question.season_from or 0, question.season_to or 9999
    return Coverage(races, known, sum(absent for season, absent in absent_races if first <= season <= last))


def explain_empty_result(home: Home, question: Question) -> str:
    """Why no finish fits a question, as far as the warehouse shows, and what to try."""
    with reading_published(home) as con:
        return explain_empty_on(con, question)


def explain_empty_on(con: duckdb.DuckDBPyConnection, question: Question) -> str:
    """As `explain_empty_result`, on an open warehouse."""
    if question.season_to is not None and question.season_to < _FIRST_ELECTRONIC_SEASON:
        return "electronic timing began in May 1993; see `nascar query 'FROM marts.closest_finishes_before_1993'`"
    [(races,)] = con.execute(_rendered(_RACES, question)).fetchall()
    if not races:
        return f"no race of the series {question.series} in these seasons is known here yet; run `nascar ingest`"
    for what, wanted, statement in (
        ("track", question.track, "SELECT unnest([track_name, track_id]) FROM core.tracks"),
        ("driver", question.driver, "SELECT unnest([driver_name, driver_id]) FROM core.drivers"),
        ("make", question.make, "SELECT manufacturer_name FROM core.manufacturers"),
    ):
        if wanted is None:
            continue
        names = [name for (name,) in con.execute(statement).fetchall()]
        simple = simplify(wanted)
        if not simple or not any(simple in simplify(name) for name in names):
            lists = "ask wins-by-make" if what == "make" else f"{what}s"
            return f"no {what} is called {wanted!r} here; {suggest(wanted, names) or f'`nascar {lists}` lists them'}"
    return "no finish fits; try fewer conditions, or `nascar ingest` for more races"


def _note(record: dict[str, Any], question: Question) -> str:
    if not record["note"]:
        return ""
    if question.basis == "official":
        return str(record["note"])
    return f"official: {_thousandths(record['official_margin_seconds'])}; {record['note']}"


def _thousandths(value: Decimal | None) -> str:
    """Three decimals, as timing prints them; a fourth only where there is one."""
    if value is None:
        return "unknown"
    return f"{value:.3f}" if value == round(value, 3) else f"{value:f}"
