"""The question that the project exists for: which finishes were the closest?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import duckdb

from warehouse.errors import UsageError
from warehouse.show import Rows, fetch_rows
from warehouse.store import open_published

if TYPE_CHECKING:
    from decimal import Decimal

    from warehouse.store import Home


@dataclass(frozen=True, slots=True)
class Question:
    """Which finishes to rank. `track` and `driver` are ids or parts of names; seasons are inclusive."""

    series: str = "cup"
    basis: str = "line"
    season_from: int | None = None
    season_to: int | None = None
    track: str | None = None
    driver: str | None = None
    exhibitions: bool = False
    limit: int = 25


_RANKING = """
SELECT * EXCLUDE (basis, series_id)
FROM marts.closest(
  series := $series,
  basis := $basis,
  season_from := $season_from,
  season_to := $season_to,
  track := $track,
  exhibitions := $exhibitions
)
WHERE $driver IS NULL
  OR $driver IN (winner_id, runner_up_id)
  OR contains(lower(strip_accents(winner || '|' || runner_up)), lower(strip_accents($driver)))
ORDER BY rank, race_date
LIMIT $limit
"""


def rank_finishes(home: Home, question: Question) -> Rows:
    """The closest finishes that answer a question, smallest margin first; equal margins share a rank."""
    con = open_published(home)
    try:
        parameters = {name: getattr(question, name) for name in Question.__slots__}
        return fetch_rows(con.execute(_RANKING, parameters))
    except duckdb.CatalogException as error:
        raise UsageError(
            f"{home.published} was built by another version of this program", "run `nascar build`"
        ) from error
    finally:
        con.close()


def for_people(rows: Rows) -> Rows:
    """The columns that fit a screen; the official margin only where it differs, with the reason."""
    records = [dict(zip(rows.columns, row, strict=True)) for row in rows.values]
    printed = [
        {
            "rank": record["rank"],
            "seconds": _thousandths(record["margin_seconds"]),
            "date": record["race_date"],
            "race": record["race_name"],
            "track": record["track_name"],
            "winner": record["winner"],
            "runner_up": record["runner_up"],
            "race_id": record["race_id"],
            "source": record["source_id"],
            "note": _note(record),
        }
        for record in records
    ]
    columns = list(printed[0]) if printed else ["rank"]
    if not any(line["note"] for line in printed):
        columns = [column for column in columns if column != "note"]
    return Rows(columns, [[line[column] for column in columns] for line in printed])


def _note(record: dict[str, Any]) -> str:
    if not record["note"]:
        return ""
    return f"official: {_thousandths(record['official_margin_seconds'])}; {record['note']}"


def _thousandths(value: Decimal | None) -> str:
    """Three decimals, as timing prints them; a fourth only where there is one."""
    if value is None:
        return "unknown"
    return f"{value:.3f}" if value == round(value, 3) else f"{value:f}"
