"""What one run leaves for the next: what the published warehouse was built from, and what is still wrong."""

from __future__ import annotations

import functools
import hashlib
import json
from dataclasses import dataclass
from importlib.resources import files
from typing import TYPE_CHECKING

from etl.outcome import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator
    from importlib.resources.abc import Traversable

    from etl.journal import Journal
    from warehouse.store import Home

_FACT = "published"
_PROGRAM = ("etl", "sql", "warehouse")


@dataclass(frozen=True, slots=True)
class State:
    """The published file, the program that built it, the newest document version it knows, and the open problems."""

    identity: str
    program: str
    last_version: int
    problems: tuple[Problem, ...] = ()


def read_state(home: Home, journal: Journal) -> State | None:
    """The state of the published warehouse, None when this program did not build the file that is there."""
    text = journal.fact(_FACT)
    if text is None:
        return None
    known = json.loads(text)
    state = State(
        known["identity"],
        known["program"],
        known["last_version"],
        tuple(Problem(**problem) for problem in known["problems"]),
    )
    is_current = state.identity == home.published_identity() and state.program == program_hash()
    return state if is_current else None


def open_problems(journal: Journal) -> list[Problem]:
    """What was still wrong when the last warehouse was published, whoever built it."""
    text = journal.fact(_FACT)
    return [] if text is None else [Problem(**problem) for problem in json.loads(text)["problems"]]


def write_state(home: Home, journal: Journal, *, last_version: int, problems: list[Problem]) -> None:
    """Remember what was just published."""
    state = {
        "identity": home.published_identity(),
        "program": program_hash(),
        "last_version": last_version,
        "problems": [problem.as_dict() for problem in problems],
    }
    journal.remember(_FACT, json.dumps(state))


@functools.cache
def program_hash() -> str:
    """Of every file that decides what the tables hold; another one means that all documents are read again."""
    digest = hashlib.sha256()
    for package in _PROGRAM:
        for file in sorted(_files(files(package)), key=str):
            digest.update(file.read_bytes())
    return digest.hexdigest()


def _files(folder: Traversable) -> Iterator[Traversable]:
    for entry in folder.iterdir():
        if entry.is_dir():
            yield from _files(entry)
        elif entry.name.endswith((".py", ".sql", ".csv")):
            yield entry
