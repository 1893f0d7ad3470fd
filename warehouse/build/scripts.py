"""The files of `sql/` as the build knows them: a relation, or a check, with what it reads.

`warehouse.build.script_files` reads the files and holds them against the rules. To parse them takes a quarter of a
second; a run that follows another one of the same program takes what that one found.
"""

from __future__ import annotations

import hashlib
import re
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import msgspec

from nascar_warehouse.warehouse.build.declared import Declared
from nascar_warehouse.warehouse.build.grain import Grain

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

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


class Parsed(msgspec.Struct, frozen=True):
    """What the parser found in the text of a file: no SQL, which always comes from the files."""

    digest: str = ""
    """Of the text."""
    spans: tuple[tuple[int, int], ...] = ()
    """Where each statement begins and ends in it."""
    reads: frozenset[str] = frozenset()
    columns: dict[str, frozenset[str]] = {}
    """What its first statement may use of each relation that it reads; see `warehouse.build.columns`."""


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
    parsed: Parsed = field(default_factory=Parsed)

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


def digest_of(text: str) -> str:
    """The hash by which a file is known to be the one that was parsed."""
    return hashlib.sha256(text.encode()).hexdigest()


def read_scripts() -> tuple[Script, ...]:
    """Every script, each after those that it reads; checks last. Read once in a process."""
    if not _SCRIPTS:
        from nascar_warehouse.warehouse.build.script_files import order_scripts

        _SCRIPTS.append(order_scripts())
    return _SCRIPTS[0]


@contextmanager
def knowing(parsed: Mapping[str, Parsed]) -> Iterator[None]:
    """Within, files whose text is as it was are not parsed; after, nothing is left of what is known so."""
    from nascar_warehouse.warehouse.build.script_files import order_scripts

    if _SCRIPTS or not parsed:
        yield
        return
    _SCRIPTS.append(order_scripts(parsed))
    try:
        yield
    finally:
        _SCRIPTS.clear()
