"""The checks after an update: where nothing changed, what they found in the published warehouse stands.

A check with `-- Incremental: race_id` finds rows of one race each, whose key begins with the id of the race: it is run
for the races that are affected in what it reads. Any other check is run again if something changed in what it reads.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from nascar_warehouse.warehouse.build.declared import BY_RACE
from nascar_warehouse.warehouse.errors import InvalidSql

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from nascar_warehouse.warehouse.build.incremental import Update
    from nascar_warehouse.warehouse.build.scripts import Script

Row = dict[str, object]
GRAIN = "grain_is_unique"
"""The name of the check that has no file."""


@dataclass(frozen=True, slots=True)
class Since:
    """What was found in the published warehouse, and its update."""

    found: Mapping[str, Sequence[Row]]
    """Name of a check → every row that it found, the excused ones included."""
    update: Update

    def rows_of(self, check: Script, run: Callable[[str], list[Row]]) -> list[Row]:
        """Every row that a check finds now; `run` gives those of a query."""
        known = self.found.get(check.name)
        if known is None:
            return run(check.statements[0])
        if not check.reads & self.update.changed:
            return [*known]
        if check.declared.incremental != BY_RACE or (narrowed := self.update.narrow(check)) is None:
            return run(check.statements[0])
        statement, races = narrowed
        try:
            found = [row for row in run(statement) if _race_of(row) in races]
        except InvalidSql:
            return run(check.statements[0])
        return [*(row for row in known if _race_of(row) not in races), *found]

    def grain_condition(self, script: Script) -> str | None:
        """Where a table may break its grain; None for nowhere. One that broke it is looked at as a whole."""
        if any(str(row["row_key"]).startswith(f"{script.relation} ") for row in self.found.get(GRAIN, ())):
            return "TRUE"
        if script.relation not in self.update.changed:
            return None
        if script.declared.incremental == BY_RACE and "race_id" in script.grain.columns:
            return self.update.replaced_races(script.relation)
        return "TRUE"


def _race_of(row: Row) -> str:
    """The race that a row of an incremental check is of."""
    return str(row["row_key"]).split(" ", 1)[0]
