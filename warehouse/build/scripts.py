"""The files of `sql/` as the build knows them: a relation, or a check, with what it reads.

`warehouse.build.script_files` reads the files and holds them against the rules, which takes a quarter of a second; a
run that follows another one of the same program takes what that one read.
"""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass, field

import msgspec

from nascar_warehouse.warehouse.build.declared import Declared
from nascar_warehouse.warehouse.build.grain import Grain

READS = {
    "raw": set[str](),
    "seeds": set[str](),
    "staging": {"raw", "seeds", "staging"},
    "core": {"staging", "seeds", "core"},
    "marts": {"core", "marts"},
    "ops": {"raw", "seeds", "staging", "core", "marts", "ops"},
    "checks": {"raw", "seeds", "staging", "core", "marts", "ops"},
}
PUBLIC = ("core", "marts", "ops")

EVERY_COLUMN = "*"
"""Stands for all columns of a relation among those that a script uses."""

_AS = re.compile(r"\bAS\b")

_SCRIPTS: list[tuple[Script, ...]] = []
"""What was read in this process: nothing, or every script."""


@dataclass(frozen=True, slots=True)
class Script:
    """A file of `sql/`: the relation that it makes (its kind is table, view or macro), or a check (query)."""

    schema: str
    name: str
    text: str
    header: str
    reads: frozenset[str]
    statements: tuple[str, ...]
    kind: str
    grain: Grain
    members: frozenset[str] = frozenset()
    """What the build adds to a conformed relation; see `warehouse.build.conformed`."""
    declared: Declared = field(default_factory=Declared)
    columns: dict[str, frozenset[str]] = field(default_factory=dict)
    """What it may use of each relation that it reads; see `warehouse.build.columns`."""

    @property
    def relation(self) -> str:
        """The qualified name."""
        return f"{self.schema}.{self.name}"

    @property
    def query(self) -> str:
        """What fills a table: its statement without the words that make it."""
        return _AS.split(self.statements[0], maxsplit=1)[1]

    @property
    def path(self) -> str:
        """Where the file is."""
        return f"sql/{self.schema}/{self.name}.sql"


def read_scripts() -> tuple[Script, ...]:
    """Every script, each after those that it reads; checks last. Read once in a process."""
    if not _SCRIPTS:
        from nascar_warehouse.warehouse.build.script_files import order_scripts

        _SCRIPTS.append(order_scripts())
    return _SCRIPTS[0]


def encode_scripts() -> bytes:
    """Every script, for `take_scripts` in another process."""
    return msgspec.json.encode(read_scripts())


def take_scripts(encoded: bytes) -> None:
    """Use what `encode_scripts` gave for the same files, which takes a hundredth of reading them; else read them."""
    with suppress(msgspec.DecodeError):
        _SCRIPTS[:] = [msgspec.json.decode(encoded, type=tuple[Script, ...])]
