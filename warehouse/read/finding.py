"""Find the ids of races, drivers and tracks by names, and the one that a name means."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from nascar_warehouse.warehouse.errors import UsageError
from nascar_warehouse.warehouse.read.names import contains_words, simplify, suggest
from nascar_warehouse.warehouse.rows import Rows, fetch_rows
from nascar_warehouse.warehouse.storage.connection import reading_published

if TYPE_CHECKING:
    from collections.abc import Sequence

    import duckdb

    from nascar_warehouse.warehouse.storage.home import Home

# Each: an id, what it is called first, and every other name that finds it.
_NAMES = {
    "race": """
        SELECT
          races.race_id,
          races.season || ' ' || races.race_name,
          concat_ws(' ', races.event_id, races.track_id, races.track_name_at_the_time, tracks.track_name)
        FROM core.races AS races
        LEFT JOIN core.tracks AS tracks ON races.track_id = tracks.track_id
        WHERE ($series IS NULL OR races.series_id = $series)
          AND (len($seasons) = 0 OR list_contains($seasons, races.season))
        ORDER BY races.race_date DESC, races.race_id
    """,
    "driver": """
        SELECT drivers.driver_id, drivers.driver_name, string_agg(DISTINCT names.driver_name, ' / ')
        FROM core.drivers AS drivers
        LEFT JOIN core.driver_names AS names ON drivers.driver_id = names.driver_id
        GROUP BY drivers.driver_id, drivers.driver_name, drivers.last_season
        ORDER BY drivers.last_season DESC, drivers.driver_id
    """,
    "track": """
        SELECT tracks.track_id, tracks.track_name, string_agg(DISTINCT races.track_name_at_the_time, ' / ')
        FROM core.tracks AS tracks
        LEFT JOIN core.races AS races ON tracks.track_id = races.track_id
        GROUP BY tracks.track_id, tracks.track_name
        ORDER BY tracks.track_id
    """,
    "event": """
        SELECT
          event_id,
          replace(event_id, '-', ' '),
          string_agg(DISTINCT race_name, ' / ')
        FROM core.races
        WHERE event_id IS NOT NULL
        GROUP BY event_id
        ORDER BY event_id
    """,
    "make": "SELECT manufacturer_id, manufacturer_name, '' FROM core.manufacturers ORDER BY manufacturer_id",
    "team": """
        SELECT teams.team_id, teams.team_name, string_agg(DISTINCT names.team_name, ' / ')
        FROM core.teams AS teams
        LEFT JOIN core.team_names AS names ON teams.team_id = names.team_id
        GROUP BY teams.team_id, teams.team_name
        ORDER BY teams.team_id
    """,
}

_LISTS = {
    "race": """
        SELECT
          races.race_id,
          races.race_date,
          races.race_name,
          tracks.track_name,
          winners.driver_name AS winner
        FROM core.races AS races
        LEFT JOIN core.tracks AS tracks ON races.track_id = tracks.track_id
        LEFT JOIN core.race_margins AS official ON races.race_id = official.race_id AND official.basis = 'official'
        LEFT JOIN core.drivers AS winners ON official.winner_id = winners.driver_id
        WHERE list_contains($ids, races.race_id)
        ORDER BY races.race_date DESC, races.race_id
        LIMIT $limit
    """,
    "driver": """
        SELECT
          drivers.driver_id,
          drivers.driver_name,
          drivers.first_season,
          drivers.last_season,
          coalesce(string_agg(careers.series_id, ', ' ORDER BY careers.series_id), '') AS series,
          coalesce(sum(careers.starts), 0)::BIGINT AS starts,
          coalesce(sum(careers.wins), 0)::BIGINT AS wins
        FROM core.drivers AS drivers
        LEFT JOIN marts.driver_careers AS careers
          ON drivers.driver_id = careers.driver_id AND ($series IS NULL OR careers.series_id = $series)
        WHERE list_contains($ids, drivers.driver_id)
        GROUP BY drivers.driver_id, drivers.driver_name, drivers.first_season, drivers.last_season
        HAVING $series IS NULL OR count(careers.series_id) > 0
        ORDER BY wins DESC, starts DESC, drivers.driver_id
        LIMIT $limit
    """,
    "track": """
        SELECT
          tracks.track_id,
          tracks.track_name,
          tracks.city,
          tracks.state,
          arg_max(races.lap_length_miles, races.race_date) AS last_lap_length_miles,
          count(races.race_id) AS races,
          min(races.season) AS first_season,
          max(races.season) AS last_season
        FROM core.tracks AS tracks
        LEFT JOIN core.races AS races
          ON tracks.track_id = races.track_id AND ($series IS NULL OR races.series_id = $series)
        WHERE list_contains($ids, tracks.track_id)
        GROUP BY tracks.track_id, tracks.track_name, tracks.city, tracks.state
        HAVING $series IS NULL OR count(races.race_id) > 0
        ORDER BY races DESC, tracks.track_id
        LIMIT $limit
    """,
}

SPARE = ("city", "state", "last_lap_length_miles", "series", "track_name")
"""The columns that a narrow terminal leaves out, the first of them first."""

_ADVICE = {
    "race": "`nascar races NAME` finds ids; an id is like cup-2024-12",
    "driver": "`nascar drivers NAME` finds ids",
    "track": "`nascar tracks NAME` finds ids",
    "event": "`nascar query 'SELECT DISTINCT event_id FROM core.races'` lists events",
    "make": "`nascar ask wins-by-make` lists makes",
    "team": "`nascar ask wins-by-team` lists teams",
}
_MOST_NAMED = 5

_RACES_NOT_HERE = "SELECT coalesce(sum(greatest(races_run - races_known, 0)), 0)::BIGINT FROM marts.margin_coverage"


@dataclass(frozen=True, slots=True)
class Found:
    """The rows of what was found, at most as many as wanted, and what to say of them on the error stream.

    `coverage` is what the counts of races and wins in the rows lack; "" where nothing.
    """

    rows: Rows
    note: str
    coverage: str


def find(
    home: Home, what: str, text: str, *, series: str | None = None, seasons: Sequence[int] = (), limit: int = 25
) -> Found:
    """Find races (newest first), drivers or tracks (most wins or races first) whose names have every word of a text.

    `what` is race, driver or track; no text means all. Of races, only those of the series and the seasons.
    """
    with reading_published(home) as con:
        return find_on(con, what, text, series=series, seasons=seasons, limit=limit)


def find_on(
    con: duckdb.DuckDBPyConnection,
    what: str,
    text: str,
    *,
    series: str | None = None,
    seasons: Sequence[int] = (),
    limit: int = 25,
) -> Found:
    """As `find`, on an open warehouse."""
    named = _read_names(con, what, series, seasons)
    ids = [known for known, name, others in named if contains_words(f"{known} {name} {others}", text)]
    # One row more than wanted says that there are more.
    values = {"ids": ids, "limit": limit + 1, "series": series}
    bound = {name: value for name, value in values.items() if f"${name}" in _LISTS[what]}
    rows = fetch_rows(con.execute(_LISTS[what], bound))
    note = ""
    if not rows.values:
        if text:
            hint = suggest(text, [name for _, name, _ in named]) or f"`nascar {what}s` without a name lists all"
            note = f"no {what} is called {text!r} here; {hint}"
        else:
            note = f"no such {what} is known here; `nascar ingest` adds what is new"
        note = "; ".join(filter(None, [note, _races_not_here(con)]))
    elif len(rows.values) > limit:
        note = f"only the first {limit} rows are shown; --limit sets how many"
    coverage = _races_not_here(con) if rows.values and what != "race" else ""
    return Found(Rows(rows.columns, rows.values[:limit], rows.types), note, coverage)


def resolve(
    con: duckdb.DuckDBPyConnection, what: str, text: str, *, series: str | None = None, seasons: Sequence[int] = ()
) -> str:
    """The id of the one race, driver, track, event, make or team that a text means: an id, a name, or words of one.

    Raises `UsageError` with the ids of several that fit, or with similar names where none does.
    """
    named = _read_names(con, what, series, seasons)
    simple = simplify(text)
    exact = [known for known, name, _ in named if text == known or simple in (simplify(known), simplify(name))]
    if len(exact) == 1 or text in exact:
        return text if text in exact else exact[0]
    fitting = [(known, name) for known, name, others in named if simple and contains_words(f"{name} {others}", text)]
    # Words that are all in the first name mean it before one whose former name has them.
    best = [(known, name) for known, name in fitting if contains_words(name, text)] or fitting
    if len(best) == 1:
        return best[0][0]
    if best:
        shown = ", ".join(f"{known} ({name})" for known, name in best[:_MOST_NAMED])
        more = f" and {len(best) - _MOST_NAMED} more" if len(best) > _MOST_NAMED else ""
        advice = "give an id, or a season" if what == "race" else "give an id, or more of the name"
        raise UsageError(f"several {what}s match {text!r}: {shown}{more}", advice)
    hint = suggest(text, [name for known, named_so, _ in named for name in (named_so, known)]) or _ADVICE[what]
    raise UsageError(
        f"there is no {what} {text!r} in the warehouse", "; ".join(filter(None, [hint, _races_not_here(con)]))
    )


def _races_not_here(con: duckdb.DuckDBPyConnection) -> str:
    """How many races no ingested source has, which counts and names here lack; "" where all are here."""
    [(races,)] = con.execute(_RACES_NOT_HERE).fetchall()
    return f"{races:,} points races are not in this warehouse yet, `nascar ingest` adds them" if races else ""


def _read_names(
    con: duckdb.DuckDBPyConnection, what: str, series: str | None, seasons: Sequence[int]
) -> list[tuple[str, str, str]]:
    values = {"series": series, "seasons": list(seasons)} if what == "race" else None
    return [(known, name or "", others or "") for known, name, others in con.execute(_NAMES[what], values).fetchall()]
