"""The checks after an update: where nothing changed, what they found in the published warehouse stands.

A check with `-- Incremental: race_id` finds rows of one race each, whose key begins with the id of the race: it is run
for the races that are affected in what it reads. Any other check is run again if something changed in what it reads.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from nascar_warehouse.warehouse.build.declared import BY_RACE

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from nascar_warehouse.warehouse.build.incremental import Update
    from nascar_warehouse.warehouse.build.scripts import Script

Row = dict[str, object]


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
        return [*(row for row in known if race_of(row) not in races), *run(statement)]

    def condition(self, script: Script) -> str | None:
        """Where a table can have rows that break its grain; None for nowhere."""
        if script.relation not in self.update.changed:
            return None
        if script.declared.incremental == BY_RACE and "race_id" in script.grain.columns:
            return self.update.replaced_races(script.relation)
        return "TRUE"


def race_of(row: Row) -> str:
    """The race that a row of an incremental check is of."""
    return str(row["row_key"]).split(" ", 1)[0]
