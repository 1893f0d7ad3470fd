"""What one run leaves for the next: what the published warehouse was built from, and what is still wrong.

A rollback leaves the same for the snapshot that it puts back, with the snapshot's number: nothing is built upon it, and
nothing is built in its place before there is a new document, a new version of the program, or a `nascar build`.
"""

from __future__ import annotations

import functools
import hashlib
import json
from dataclasses import dataclass
from importlib.resources import files
from typing import TYPE_CHECKING

from nascar_warehouse.etl.outcome import DocumentProblem

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from importlib.resources.abc import Traversable

    from nascar_warehouse.etl.storage.run_log import RunLog
    from nascar_warehouse.warehouse.storage.home import Home

_FACT = "published"
_ROLLED_BACK = "rolled back"
_PROGRAM = ("nascar_warehouse.etl", "nascar_warehouse.sql", "nascar_warehouse.warehouse")


@dataclass(frozen=True, slots=True)
class State:
    """The published file, the program that built it, the newest document version it knows, and the open problems.

    After a rollback `restored_snapshot` is the snapshot's number, and the program and the document version are
    those at the time of the rollback.
    """

    identity: str
    program: str
    last_version: int
    problems: tuple[DocumentProblem, ...] = ()
    restored_snapshot: int | None = None

    @property
    def warnings(self) -> list[str]:
        """What every run says that leaves the published file alone."""
        if self.restored_snapshot is None:
            return []
        stays = f"number {self.restored_snapshot} was put back by a rollback and stays until there is a new document"
        return [f"{stays}; `nascar build` builds from all documents now"]


def read_state(home: Home, journal: RunLog) -> State | None:
    """The state of the published warehouse, None when this program did not build the file that is there."""
    text = journal.fact(_FACT)
    if text is None:
        return None
    known = json.loads(text)
    state = State(
        known["identity"],
        known["program"],
        known["last_version"],
        tuple(DocumentProblem(**problem) for problem in known["problems"]),
        known.get("restored_snapshot"),  # older versions did not write it
    )
    is_current = state.identity == home.published_fingerprint() and state.program == program_fingerprint()
    return state if is_current else None


def open_problems(journal: RunLog) -> list[DocumentProblem]:
    """What was still wrong when the last warehouse was published, whoever built it."""
    text = journal.fact(_FACT)
    return [] if text is None else [DocumentProblem(**problem) for problem in json.loads(text)["problems"]]


def write_state(
    journal: RunLog,
    identity: str,
    *,
    last_version: int,
    problems: Iterable[DocumentProblem],
    restored_snapshot: int | None = None,
) -> None:
    """Remember what is published: the file with this identity."""
    state = {
        "identity": identity,
        "program": program_fingerprint(),
        "last_version": last_version,
        "problems": [problem.as_dict() for problem in problems],
        "restored_snapshot": restored_snapshot,
    }
    journal.remember(_FACT, json.dumps(state))


def rolled_back_marks(journal: RunLog) -> list[str]:
    """The marks of the warehouses that a rollback took away."""
    return list(json.loads(journal.fact(_ROLLED_BACK) or "[]"))


def note_rolled_back(journal: RunLog, marks: Iterable[str]) -> None:
    """Remember these, in the place of those known so far."""
    journal.remember(_ROLLED_BACK, json.dumps(sorted(marks)))


@functools.cache
def program_fingerprint() -> str:
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
