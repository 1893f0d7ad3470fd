"""Explain a figure: every source value of it, the rule that selected one, and the document of each."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from nascar_warehouse.warehouse.errors import UsageError
from nascar_warehouse.warehouse.read.finding import resolve
from nascar_warehouse.warehouse.read.names import suggest
from nascar_warehouse.warehouse.rows import Rows
from nascar_warehouse.warehouse.storage.connection import reading_published

if TYPE_CHECKING:
    from collections.abc import Sequence

    import duckdb

    from nascar_warehouse.warehouse.storage.home import Home

_FIGURE_OF_MARGIN = """
SELECT
  coalesce(
    if(margin_decimals > 3, margin_seconds::VARCHAR, margin_seconds::DECIMAL(9, 3)::VARCHAR) || ' s',
    margin_text,
    if(margin_kind = 'laps', 'at least ' || margin_value::INTEGER || if(margin_value = 1, ' lap', ' laps'), NULL)
  ),
  concat_ws('; ', missing_reason, change_reason)
FROM core.race_margins
WHERE race_id = $1 AND basis = $2
"""

_ENTRIES = """
SELECT results.entry_key, drivers.driver_name, results.driver_id = $2 AS is_exact
FROM core.results AS results
INNER JOIN core.drivers AS drivers ON results.driver_id = drivers.driver_id
WHERE
  results.race_id = $1
  AND (is_exact OR contains(lower(strip_accents(drivers.driver_name)), lower(strip_accents($2))))
ORDER BY is_exact DESC, results.finish_position
"""

_SOURCE_VALUES = """
SELECT
  if(is_believed, 'yes', '') AS believed,
  value,
  reading,
  source_id,
  precedence || ': ' || rule AS rule,
  citation_url,
  url,
  sha256,
  fetched_at,
  document_id
FROM ops.readings
WHERE race_id = $1 AND fact = $2 AND entry_key IS NOT DISTINCT FROM $3
ORDER BY is_believed DESC, precedence
"""


@dataclass(frozen=True, slots=True)
class Explanation:
    """A figure of a race, or of a car in it, and its source values, the selected one first."""

    what: str
    figure: str | None
    note: str
    rows: Rows

    def __str__(self) -> str:
        figure = "unknown" if self.figure is None else self.figure
        return f"{self.what}: {figure}" + (f"; {self.note}" if self.note else "")


def explain(
    home: Home,
    race: str,
    fact: str,
    *,
    driver: str | None = None,
    basis: str = "line",
    series: str | None = None,
    seasons: Sequence[int] = (),
) -> Explanation:
    """Explain a fact of a race, which is given by its id or by words of its name, of a series and of seasons.

    An unknown race, fact or driver raises `UsageError` with similar names, and so does one that several fit.
    """
    with reading_published(home) as con:
        race_id = resolve(con, "race", race, series=series, seasons=seasons)
        if fact == "margin":
            fact = f"margin_{basis}"
        entry_key, name = _find_entry(con, race_id, driver) if driver is not None else (None, "")
        rows = _source_values(con, race_id, fact, entry_key)
        if not rows.values:
            _require_fact(con, race_id, fact, is_of_car=driver is not None)
        figure = next((str(row[1]) for row in rows.values if row[0]), None)
        note = "" if rows.values else "no source states it"
        if fact.startswith("margin_"):
            [(figure, note)] = con.execute(_FIGURE_OF_MARGIN, [race_id, fact.removeprefix("margin_")]).fetchall()
            note = "; ".join(text for text in (note, _note_on_citation(rows)) if text)
        return Explanation(f"{fact} of {f'{name} in ' if name else ''}{race_id}", figure, note, rows)


def _source_values(con: duckdb.DuckDBPyConnection, race_id: str, fact: str, entry_key: str | None) -> Rows:
    found = con.execute(_SOURCE_VALUES, [race_id, fact, entry_key])
    names = [column[0] for column in found.description or ()]
    rows = [list(row) for row in found.fetchall()]
    # A correction of ours comes first: then no source value is the selected one.
    for row in rows[1:]:
        row[0] = ""
    return Rows(names, rows)


def _note_on_citation(rows: Rows) -> str:
    """Name the sources of higher precedence that state the same: the most direct one of equal values is cited."""
    selected, *others = [(int(str(row[4]).split(":", maxsplit=1)[0]), row[2]) for row in rows.values] or [(0, "")]
    preferred = [reading for precedence, reading in others if precedence < selected[0]]
    return f"{', '.join(map(str, preferred))}, of higher precedence, states the same" if preferred else ""


def _find_entry(con: duckdb.DuckDBPyConnection, race_id: str, driver: str) -> tuple[str, str]:
    entries = con.execute(_ENTRIES, [race_id, driver]).fetchall()
    if not entries:
        listed = con.execute(_ENTRIES, [race_id, ""]).fetchall()
        raise UsageError(
            f"no driver {driver!r} in the results of {race_id}",
            suggest(driver, [name for _, name, _ in listed]) or "give an id or a part of the name",
        )
    names = list(dict.fromkeys(name for _, name, _ in entries))
    if len(names) > 1 and not entries[0][2]:
        raise UsageError(f"several drivers match {driver!r}: {', '.join(names)}", "give more of the name")
    return entries[0][0], entries[0][1]


def _require_fact(con: duckdb.DuckDBPyConnection, race_id: str, fact: str, *, is_of_car: bool) -> None:
    """Raise `UsageError` for a fact that no race, or no car, has."""
    of_race, of_car = (
        {name for (name,) in con.execute(f"SELECT DISTINCT fact FROM {view}").fetchall()}  # noqa: S608  # names of ours
        for view in ("core.race_facts", "core.result_facts")
    )
    known = of_car if is_of_car else of_race | {"margin_line", "margin_official"}
    if fact in known:
        return
    if not is_of_car and fact in of_car:
        raise UsageError(f"{fact} is a fact of each car", f"name one: nascar why {race_id} {fact} --driver NAME")
    near = difflib.get_close_matches(fact, known, n=3, cutoff=0.5) or sorted(known)
    raise UsageError(f"there is no fact {fact!r} of a {'result' if is_of_car else 'race'}", f"use {', '.join(near)}")
