"""Corrections: values that differ between two versions of a document, from `ops.changes`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nascar_warehouse.warehouse.read.finding import resolve
from nascar_warehouse.warehouse.rows import Rows
from nascar_warehouse.warehouse.storage.connection import reading_published

if TYPE_CHECKING:
    from datetime import datetime

    from nascar_warehouse.warehouse.storage.home import Home

_COLUMNS = (
    "seen_at",
    "race_id",
    "table_name",
    "row_key",
    "column_name",
    "old_value",
    "new_value",
    "change_kind",
    "source_id",
    "document_id",
)

_HAS_CHANGES = "SELECT 1 FROM ops.changes WHERE race_id = ? LIMIT 1"
"""Of a race to come too, which is not among those that were run."""


def list_changes(
    home: Home, *, since: datetime | None = None, race: str | None = None, every: bool = False, limit: int = 50
) -> Rows:
    """The newest changes seen since a time (UTC), of one race if given; corrections only, unless `every` is set.

    Raises `UsageError` for a race that is not known.
    """
    with reading_published(home) as con:
        if race is not None and not con.execute(_HAS_CHANGES, [race]).fetchone():
            race = resolve(con, "race", race)
        rows = con.execute(
            f"SELECT {', '.join(_COLUMNS)} FROM ops.changes"  # noqa: S608  # names of ours
            " WHERE ($since IS NULL OR seen_at >= $since) AND ($race IS NULL OR race_id = $race)"
            " AND (is_correction OR $every)"
            " ORDER BY seen_at DESC, race_id, table_name, row_key, column_name LIMIT $limit",
            {
                "since": since.replace(tzinfo=None) if since else None,
                "race": race,
                "every": every,
                "limit": limit,
            },
        ).fetchall()
    return Rows(list(_COLUMNS), [list(row) for row in rows])
