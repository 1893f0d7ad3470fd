"""What one run leaves for the next: what the published warehouse was built from, and which problems are open.

A rollback leaves the same for the snapshot that it publishes, with the snapshot's number: nothing is built upon it, and
it stays published until there is a new document, a new version of the program, or a `nascar build`.
"""

from __future__ import annotations

import functools
import hashlib
import json
import os
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from nascar_warehouse.etl.outcome import DocumentProblem
from nascar_warehouse.warehouse.storage.disk import machine_failures

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from importlib.resources.abc import Traversable

    from nascar_warehouse.etl.storage.run_log import RunLog
    from nascar_warehouse.warehouse.build.scripts import Parsed
    from nascar_warehouse.warehouse.storage.home import Home

_FACT = "published"
_ROLLED_BACK = "rolled back"
_SCRIPTS = "scripts"
_HEADERS = "headers"
_HEADERS_BYTES = 3 * 4096
"""How much of a DuckDB file its headers take: a checkpoint writes its number there, so that any change shows."""
_ENGINES = ("duckdb", "sqlglot")
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
    broken: Mapping[str, Sequence[dict[str, Any]]] = field(default_factory=dict)
    """Name of a check → the rows that break it in the published file; a check that is not here is asked again."""

    @property
    def warnings(self) -> list[str]:
        """The warnings of every run that leaves the published file alone."""
        if self.restored_snapshot is None:
            return []
        stays = (
            f"snapshot {self.restored_snapshot}, restored by a rollback, stays published until there is a new document"
        )
        return [f"{stays}; `nascar build` builds from all documents now"]


def read_state(home: Home, run_log: RunLog) -> State | None:
    """The state of the published warehouse, None when this program did not build the file that is there."""
    known = _read_fact(run_log)
    if known.identity != home.published_fingerprint() or known.program != program_fingerprint():
        return None
    return State(
        known.identity,
        known.program,
        known.last_version,
        tuple(_problems(known)),
        known.restored_snapshot,
        {name: rows for name, rows in known.broken.items() if all("row_key" in row for row in rows)},
    )


def open_problems(run_log: RunLog) -> list[DocumentProblem]:
    """The problems that were open when the last warehouse was published, whichever version of the program built it."""
    return _problems(_read_fact(run_log))


class Judged(NamedTuple):
    """What was decided of versions when documents were last loaded."""

    refused: frozenset[str] = frozenset()
    """The ids of those that were quarantined."""
    last_version: int = -1
    """The newest that was looked at; older ones that are not refused are accepted."""


NOT_JUDGED = Judged()
"""Nothing was loaded yet."""


def judged_versions(run_log: RunLog) -> Judged:
    """What the last load decided, whichever version of the program it was."""
    known = _read_fact(run_log)
    return Judged(frozenset(known.refused), known.last_version)


def write_state(
    run_log: RunLog,
    identity: str,
    *,
    last_version: int,
    problems: Iterable[DocumentProblem],
    refused: Iterable[str] = (),
    restored_snapshot: int | None = None,
    broken: Mapping[str, Sequence[dict[str, Any]]] | None = None,
) -> None:
    """Remember what is published: the file with this identity, and the rows that break each check in it.

    `refused` are the ids of the quarantined versions.
    """
    state = {
        "identity": identity,
        "program": program_fingerprint(),
        "last_version": last_version,
        "problems": [problem.as_dict() for problem in problems],
        "refused": sorted(refused),
        "restored_snapshot": restored_snapshot,
        "broken": broken or {},
    }
    run_log.remember(_FACT, json.dumps(state))


def note_headers(run_log: RunLog, home: Home, finished: Path) -> None:
    """Remember which file is published next; the one that is published stays known, should that not come to pass."""
    here = _headers_of(home.published)
    known = [headers for headers in _read_headers(run_log) if headers == here]
    run_log.remember(_HEADERS, json.dumps([*known, _headers_of(finished)]))


def describe_foreign_file(run_log: RunLog, home: Home) -> list[str]:
    """A warning if another program wrote into the published file; a copied home has the file as it was."""
    known = _read_headers(run_log)
    if not known or not home.published.exists() or _headers_of(home.published) in known:
        return []
    return [f"another program had changed {home.published}: it is replaced, and not kept as a snapshot"]


def _read_headers(run_log: RunLog) -> list[str]:
    return list(json.loads(run_log.fact(_HEADERS) or "[]"))


def _headers_of(warehouse: Path) -> str:
    """The size of a file with a hash of its headers; "" without a file."""
    with machine_failures(warehouse):
        try:
            with warehouse.open("rb") as file:
                digest = hashlib.sha256(file.read(_HEADERS_BYTES)).hexdigest()
                return f"{os.fstat(file.fileno()).st_size} {digest}"
        except FileNotFoundError:
            return ""


@contextmanager
def keeping_scripts(run_log: RunLog, *, is_fresh: bool) -> Iterator[None]:
    """Take what an earlier run of the same program found in `sql/`, and leave for the next one what this one finds.

    With `is_fresh` nothing is taken.
    """
    from nascar_warehouse.warehouse.build.scripts import knowing, read_scripts

    known = {} if is_fresh else _read_parsed(run_log)
    with knowing(known):
        found = {script.relation: script.parsed for script in read_scripts()}
        if found != known:
            text = msgspec.json.encode(found).decode()
            run_log.remember(_SCRIPTS, f"{program_fingerprint()}\n{text}")
        yield


def _read_parsed(run_log: RunLog) -> dict[str, Parsed]:
    from nascar_warehouse.warehouse.build.scripts import Parsed

    program, _, text = (run_log.fact(_SCRIPTS) or "").partition("\n")
    if program != program_fingerprint():
        return {}
    try:
        return msgspec.json.decode(text, type=dict[str, Parsed])
    except (msgspec.MsgspecError, UnicodeError):
        return {}


def rolled_back_marks(run_log: RunLog) -> list[str]:
    """The marks of the warehouses that a rollback replaced."""
    return list(json.loads(run_log.fact(_ROLLED_BACK) or "[]"))


def note_rolled_back(run_log: RunLog, marks: Iterable[str]) -> None:
    """Remember these marks instead of the known ones."""
    run_log.remember(_ROLLED_BACK, json.dumps(sorted(marks)))


@functools.cache
def program_fingerprint() -> str:
    """A fingerprint of all that decides what the tables hold; when it changes, all documents are read again."""
    digest = hashlib.sha256(" ".join(map(_version_of, _ENGINES)).encode())
    for package in _PROGRAM:
        for file in sorted(_files(files(package)), key=str):
            digest.update(file.read_bytes())
    return digest.hexdigest()


def _version_of(package: str) -> str:
    """The name of the folder that describes a package where it is installed, which has its version.

    `importlib.metadata` finds it too, and imports the modules of e-mail to read it: a thirtieth of a run without news.
    """
    spec = find_spec(package)
    folder = Path(spec.origin).parents[1] if spec and spec.origin else None
    names = [entry.name for entry in folder.glob(f"{package}-*.dist-info")] if folder else []
    if len(names) == 1:
        return names[0]
    from importlib.metadata import version

    return version(package)


class _Fact(msgspec.Struct):
    """The fact as this or an earlier version of the program wrote it."""

    identity: str = ""
    program: str = ""
    last_version: int = -1
    problems: list[dict[str, Any]] = []
    refused: list[str] = []
    restored_snapshot: int | None = None
    broken: dict[str, list[dict[str, Any]]] = {}


def _read_fact(run_log: RunLog) -> _Fact:
    """What was remembered; nothing where that cannot be read, so that everything is built again."""
    try:
        return msgspec.json.decode(run_log.fact(_FACT) or "{}", type=_Fact)
    except (msgspec.MsgspecError, UnicodeError):
        return _Fact()


def _problems(known: _Fact) -> list[DocumentProblem]:
    """The problems as this or an earlier version of the program wrote them."""
    return [DocumentProblem.from_dict(problem) for problem in known.problems]


def _files(folder: Traversable) -> Iterator[Traversable]:
    for entry in folder.iterdir():
        if entry.is_dir():
            yield from _files(entry)
        elif entry.name.endswith((".py", ".sql", ".csv")):
            yield entry
