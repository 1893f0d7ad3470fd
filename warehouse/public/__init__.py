"""NASCAR race results in one DuckDB file: the Python interface.

    import nascar_warehouse as nw

    con = nw.connect()                      # read-only, what is published now
    con.sql("FROM marts.record_progression").show()
    nw.closest(track="talladega", limit=5)  # a polars frame
    frame, coverage = nw.ask("closest-at-track", track="talladega")  # a named question, and how much of it is known

Importing it is light: DuckDB and polars are loaded when they are first needed. Errors are `NascarError` and its
subclasses, each with `problem`, `advice` and the exit code that the `nascar` command would end with.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from nascar_warehouse.warehouse.errors import (
    CheckFailed,
    InvalidSql,
    MachineFailure,
    NascarError,
    SourceChanged,
    SourceUnavailable,
    SuspiciousLoad,
    UsageError,
    WarehouseBusy,
)

if TYPE_CHECKING:
    import duckdb
    import polars as pl

    from nascar_warehouse.warehouse.storage.home import Home as Home

__version__ = "0.1.0"

__all__ = [
    "CheckFailed",
    "Home",
    "InvalidSql",
    "MachineFailure",
    "NascarError",
    "SourceChanged",
    "SourceUnavailable",
    "SuspiciousLoad",
    "UsageError",
    "WarehouseBusy",
    "ask",
    "closest",
    "connect",
]


def connect(home: str | Path | None = None) -> duckdb.DuckDBPyConnection:
    """Open the published warehouse read-only; close the connection after use.

    `home` is the folder that `nascar home` prints, by default that of NASCAR_HOME. Raises `UsageError` when nothing is
    published there yet and `MachineFailure` when the file cannot be read.
    """
    from nascar_warehouse.warehouse.storage.connection import open_published

    return open_published(_find_home(home))


def closest(
    *,
    series: str = "cup",
    basis: str = "line",
    season_from: int | None = None,
    season_to: int | None = None,
    track: str | None = None,
    exhibitions: bool = False,
    limit: int = 25,
    home: str | Path | None = None,
) -> pl.DataFrame:
    """Rank the closest finishes since electronic timing, smallest margin first; columns as `marts.closest_finishes`.

    `series` is cup, nxs, truck or a name such as xfinity; `basis` line (as the cars crossed the line) or official
    (after disqualifications); seasons are inclusive; `track` is an id or a part of a name. Margins are seconds, equal
    ones share a rank. Raises as `connect` does, and `UsageError` for a series, a basis or a limit that cannot be.
    """
    from nascar_warehouse.warehouse.read.series import parse_series

    series_id = parse_series(series)
    if basis not in ("line", "official"):
        raise UsageError(f"invalid basis {basis!r}", "use line or official")
    if limit < 0:
        raise UsageError(f"invalid limit {limit}", "give 0 or more")
    with connect(home) as con:
        return con.execute(
            """
            SELECT * FROM marts.closest(
              series := $series,
              basis := $basis,
              season_from := $season_from,
              season_to := $season_to,
              track := $track,
              exhibitions := $exhibitions
            )
            ORDER BY rank, race_date, race_id
            LIMIT $limit
            """,
            {
                "series": series_id,
                "basis": basis,
                "season_from": season_from,
                "season_to": season_to,
                "track": track,
                "exhibitions": exhibitions,
                "limit": limit,
            },
        ).pl()


def ask(
    question: str, *, home: str | Path | None = None, season: int | tuple[int, int] | None = None, **parameters: object
) -> tuple[pl.DataFrame, str]:
    """Answer a named question of `nascar ask`: a polars frame, and for how many races what it needs is known.

    `parameters` are the options of the question, such as `track="talladega"` or `at_least=5`; names of drivers, tracks,
    makes and teams are ids or words of a name. `season` is one season, or the first and the last. Raises as `connect`
    does, and `UsageError` for an unknown question, parameter or name.
    """
    from nascar_warehouse.warehouse.read.questions import ask_question

    seasons = {} if season is None else {"season": (season, season) if isinstance(season, int) else season}
    with connect(home) as con:
        coverage = ask_question(con, question, parameters | seasons)
        return con.pl(), coverage


def _find_home(folder: str | Path | None) -> Home:
    from nascar_warehouse.warehouse.settings import read_settings
    from nascar_warehouse.warehouse.storage.home import Home

    return Home(read_settings().home if folder is None else Path(folder).expanduser().absolute())


def __getattr__(name: str) -> object:
    # `Home` is loaded when it is first used: an import of the package should cost nothing.
    if name == "Home":
        from nascar_warehouse.warehouse.storage.home import Home

        return Home
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
