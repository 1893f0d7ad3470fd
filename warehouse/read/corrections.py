"""Corrections: values that differ between two versions of a document, from `ops.changes`."""

from __future__ import annotations

from typing import TYPE_CHECKING

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


def list_changes(
    home: Home, *, since: datetime | None = None, race: str | None = None, every: bool = False, limit: int = 50
) -> Rows:
    """The newest changes seen since a time (UTC), of one race if given; corrections only, unless `every` is set."""
    with reading_published(home) as con:
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
