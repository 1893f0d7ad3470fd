"""The table of results of a saved race page of Racing-Reference → rows.

A row without a driver and a place is left out and counted; one that has only one of them stops the page.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import msgspec

from nascar_warehouse.etl.sources.racing_reference_schema import Identity, PageResult, unexpected
from nascar_warehouse.etl.sources.words import new_fields, rows_left_out, unknown_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from selectolax.lexbor import LexborNode

# The columns of the results: header cell → field. Money is there until 2015, and older pages call the place Fin.
_RESULT_COLUMNS = {
    "Pos": "position",
    "St": "start",
    "#": "car_number",
    "Driver": "driver",
    "Sponsor / Owner": "sponsor_owner",
    "Car": "car",
    "Laps": "laps",
    "Status": "status",
    "Led": "led",
}
_OLDER_NAMES = {"Fin": "Pos"}
_MORE_COLUMNS = {"Money": "money", "Pts": "points", "PPts": "playoff_points"}

# A model year before the make: '49 Oldsmobile.
_MODEL_YEAR = re.compile(r"^'[0-9]{2} ")


def read_results(root: LexborNode, identity: Identity) -> tuple[list[PageResult], list[str]]:
    """Return the rows of the one table that has the header cells of results, and notices."""
    from nascar_warehouse.etl.formats.html import rows_of

    tables = []
    for node in root.css("table"):
        rows = [[cell.text if cell else None for cell in row] for row in rows_of(node) if row]
        headers = [[_OLDER_NAMES.get(text or "", text) for text in row] for row in rows]
        begin = next((place for place, row in enumerate(headers) if set(row) >= set(_RESULT_COLUMNS)), None)
        if begin is not None:
            tables.append([headers[begin], *rows[begin + 1 :]])
    if len(tables) != 1:
        raise unexpected(f"{len(tables)} tables with the header cells {', '.join(_RESULT_COLUMNS)}; expected one")
    [(header, *rows)] = tables
    results = [
        _read_result(header, row, number, identity)
        for number, row in enumerate(rows, start=1)
        if not _says_nothing(header, row)
    ]
    if not results:
        raise unexpected("the results have no rows")
    fields = _RESULT_COLUMNS | _MORE_COLUMNS
    new = new_fields(f"results column {name}" for name in header if name and name not in fields)
    left_out = rows_left_out(identity.key, len(rows) - len(results), "neither a driver nor a place")
    return results, [*new, *left_out, *_unknown_words(results)]


def _says_nothing(header: Sequence[str | None], row: Sequence[str | None]) -> bool:
    """Whether a row of results has neither a driver nor a place."""
    cells = dict(zip(header, row, strict=False))
    return not cells.get("Pos") and not cells.get("Driver")


def _read_result(
    header: Sequence[str | None], row: Sequence[str | None], number: int, identity: Identity
) -> PageResult:
    if len(row) != len(header) or None in row:
        raise unexpected(f"row {number} of the results has not the {len(header)} cells of the header")
    fields = _RESULT_COLUMNS | _MORE_COLUMNS
    texts = {fields[name]: text or None for name, text in zip(header, row, strict=True) if name in fields}
    if not re.fullmatch("[0-9]{1,3}", texts["position"] or ""):
        raise unexpected(f"row {number} of the results has the position {texts['position']!r}")
    if texts["driver"] is None:
        raise unexpected(f"row {number} of the results has no driver")
    known = dict.fromkeys(_MORE_COLUMNS.values()) | texts
    values = {
        "series_id": identity.series_id,
        "season": identity.season,
        "race_number": identity.race_number,
        **known,
    }
    return msgspec.convert(values, PageResult)


def _unknown_words(results: Sequence[PageResult]) -> list[str]:
    statuses = [(result.status or "").strip().lower() for result in results]
    makes = [_MODEL_YEAR.sub("", result.car or "").strip().lower() for result in results]
    return [
        *unknown_words("status", statuses, seed="result_statuses", column="status_text"),
        *unknown_words("make", makes, seed="make_aliases", column="make_text"),
    ]
