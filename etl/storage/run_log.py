"""The run log of a home: its runs, the notices already shown, the documents accepted, and facts for the next run.

The file is `journal.sqlite`.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Self

from nascar_warehouse.etl.outcome import DocumentProblem
from nascar_warehouse.etl.storage.sqlite import Database
from nascar_warehouse.warehouse.storage.disk import make_folder

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from pathlib import Path

_SCHEMA = """
CREATE TABLE IF NOT EXISTS runs (
  run INTEGER PRIMARY KEY AUTOINCREMENT,
  command TEXT NOT NULL,
  started_at TEXT NOT NULL,
  finished_at TEXT NOT NULL,
  exit_code INTEGER NOT NULL,
  documents_checked INTEGER NOT NULL,
  documents_new INTEGER NOT NULL,
  documents_absent INTEGER NOT NULL,
  documents_quarantined INTEGER NOT NULL,
  rows_loaded INTEGER NOT NULL,
  is_published INTEGER NOT NULL,
  warnings TEXT NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS notices (notice TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS accepted (document_id TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS set_aside (
  document_id TEXT NOT NULL,
  program TEXT NOT NULL,
  problem TEXT NOT NULL,
  PRIMARY KEY (document_id, program)
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS facts (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
"""


@dataclass(frozen=True, slots=True)
class Run:
    """One run of a job, as `nascar status` and `ops.loads` show it. Times are UTC; each warning is a line."""

    command: str
    started_at: datetime
    finished_at: datetime
    exit_code: int
    documents_checked: int = 0
    documents_new: int = 0
    documents_absent: int = 0
    documents_quarantined: int = 0
    rows_loaded: int = 0
    is_published: bool = False
    warnings: str = ""


class RunLog:
    """The run log. Use as a context manager; every failure of the disk is `MachineFailure`."""

    def __init__(self, path: Path, *, read_only: bool = False) -> None:
        """With `read_only` nothing is made; a file that is not there is an empty log."""
        if not read_only:
            make_folder(path.parent)
        self._db = Database(path, _SCHEMA, read_only=read_only)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._db.close()

    def record(self, run: Run) -> None:
        """Add a run."""
        values = asdict(run) | {"started_at": run.started_at.isoformat(), "finished_at": run.finished_at.isoformat()}
        self._db.rows("INSERT INTO runs VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", tuple(values.values()))

    def runs(self) -> list[Run]:
        """Every run so far, oldest first; they are numbered from 1."""
        return [_run(*row) for row in self._db.rows("SELECT * FROM runs ORDER BY run")]

    def new_notices(self, notices: Mapping[str, str]) -> list[str]:
        """The notices that were not shown before, each with the document where it was first seen."""
        shown = {notice for (notice,) in self._db.rows("SELECT notice FROM notices")}
        return [f"{notice}, first seen in {place}" for notice, place in notices.items() if notice not in shown]

    def mark_shown(self, notices: Iterable[str]) -> None:
        """Remember which notices were shown. Call it when the run that shows them has published."""
        self._db.write_many("INSERT OR IGNORE INTO notices VALUES (?)", [(notice,) for notice in notices])

    def forget(self, beginnings: tuple[str, ...], *, but: Collection[str]) -> None:
        """Show notices that begin so again, should they come again, but for these."""
        gone = [(notice,) for notice in self.shown() - {*but} if notice.startswith(beginnings)]
        if gone:
            self._db.write_many("DELETE FROM notices WHERE notice = ?", gone)

    def shown(self) -> frozenset[str]:
        """The notices that were shown."""
        return frozenset(notice for (notice,) in self._db.rows("SELECT notice FROM notices"))

    def accept(self, names: Collection[str]) -> None:
        """Remember that document versions, or documents, were accepted; one that was set aside is tried again."""
        self._db.write_many("INSERT OR IGNORE INTO accepted VALUES (?)", [(name,) for name in names])
        self._db.write_many("DELETE FROM set_aside WHERE document_id = ?", [(name,) for name in names])

    def accepted(self) -> frozenset[str]:
        """The ids of the accepted document versions, and the names of the accepted documents."""
        return frozenset(name for (name,) in self._db.rows("SELECT document_id FROM accepted"))

    def set_aside(self, program: str) -> dict[str, DocumentProblem]:
        """The versions that this program set aside because a check failed, each with its problem."""
        rows = self._db.rows("SELECT document_id, problem FROM set_aside WHERE program = ?", (program,))
        return {document_id: DocumentProblem.from_dict(json.loads(problem)) for document_id, problem in rows}

    def record_set_aside(self, program: str, problems: Mapping[str, DocumentProblem]) -> None:
        """Remember what this program set aside; what other versions of it did is forgotten."""
        with self._db.transaction():
            self._db.rows("DELETE FROM set_aside")
            for document_id, problem in problems.items():
                values = (document_id, program, json.dumps(problem.as_dict()))
                self._db.rows("INSERT INTO set_aside VALUES (?, ?, ?)", values)

    def fact(self, name: str) -> str | None:
        """A text that one run left for the next, such as what the published warehouse was built from."""
        rows = self._db.rows("SELECT value FROM facts WHERE name = ?", (name,))
        return str(rows[0][0]) if rows else None

    def remember(self, name: str, value: str) -> None:
        """Leave a fact for the next run."""
        self._db.rows("INSERT OR REPLACE INTO facts VALUES (?, ?)", (name, value))


def _run(_number: int, command: str, started_at: str, finished_at: str, *rest: Any) -> Run:
    begun, ended = datetime.fromisoformat(started_at), datetime.fromisoformat(finished_at)
    exit_code, checked, new, absent, quarantined, rows_loaded, is_published, warnings = rest
    return Run(
        command, begun, ended, exit_code, checked, new, absent, quarantined, rows_loaded, bool(is_published), warnings
    )
