"""Which columns are ids of rows of another relation, by their names: one name means the same everywhere."""

from __future__ import annotations

KEYS = {
    "core.races": "race_id",
    "core.drivers": "driver_id",
    "core.tracks": "track_id",
    "core.track_layouts": "layout_id",
    "core.teams": "team_id",
    "core.owners": "owner_id",
    "core.manufacturers": "manufacturer_id",
    "core.series": "series_id",
    "ops.documents": "document_id",
}
"""The relations that others refer to, and their key."""

_ROLES = {"winner_id": "core.drivers", "runner_up_id": "core.drivers"}
_TARGETS = {key: relation for relation, key in KEYS.items()} | _ROLES

_OF_OTHER_RACES = {"core.race_documents", "core.race_states", "core.scheduled_races", "core.stated_line_orders"}
"""Relations with races that core.races may lack: they were not run, or no source with their results was ingested."""


def find_target(relation: str, column: str) -> str | None:
    """The relation that a column's values are ids of; None for another column, and for that relation's own key."""
    if relation in _OF_OTHER_RACES and column == "race_id":
        return None
    for name, target in _TARGETS.items():
        if column == name or column.endswith(f"_{name}"):
            return None if (target, column) == (relation, KEYS[target]) else target
    return None
