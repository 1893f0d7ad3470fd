"""Documents as their sources sent them, kept for good.

A document is (source, key). A version of it is its bytes, with where, when and how they came. Versions are written once and
never changed or removed. The bytes lie under their own hash in `objects/`, compressed; `index.sqlite` says which document each
belongs to. The object is written before the row, so a row means that its bytes are there, whole, whatever happens in between.
"""

from __future__ import annotations

import gzip
import hashlib
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Self

from etl.mirror import Validators
from warehouse.disk import as_machine_failure, make_folder, machine_failures, write_whole
from warehouse.errors import MachineFailure

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from etl.mirror import Reply
    from etl.source import Document

_SCHEMA = """
CREATE TABLE IF NOT EXISTS versions (
  version INTEGER PRIMARY KEY AUTOINCREMENT,
  source_id TEXT NOT NULL,
  document_key TEXT NOT NULL,
  url TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  size_bytes INTEGER NOT NULL,
  http_status INTEGER NOT NULL,
  etag TEXT,
  last_modified TEXT,
  origin TEXT NOT NULL,
  fetched_at TEXT NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS versions_by_document ON versions (source_id, document_key, version);
CREATE TABLE IF NOT EXISTS checks (
  source_id TEXT NOT NULL,
  document_key TEXT NOT NULL,
  origin TEXT NOT NULL,
  http_status INTEGER NOT NULL,
  sha256 TEXT,
  etag TEXT,
  last_modified TEXT,
  stamp TEXT NOT NULL,
  checked_at TEXT NOT NULL,
  PRIMARY KEY (source_id, document_key, origin)
) STRICT, WITHOUT ROWID;
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
CREATE TABLE IF NOT EXISTS facts (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
"""


@dataclass(frozen=True, slots=True)
class Version:
    """The bytes that a document had from some moment on."""

    version: int
    source_id: str
    key: str
    url: str
    sha256: str
    size_bytes: int
    http_status: int
    etag: str | None
    last_modified: str | None
    origin: str
    fetched_at: datetime

    @property
    def document_id(self) -> str:
        """Readable and unique: what an analyst sees as `document_id`."""
        return f"{self.source_id}:{self.key}#{self.sha256[:8]}-{self.version}"


@dataclass(frozen=True, slots=True)
class Check:
    """What an origin answered when it was last asked for a document; `sha256` is of the last bytes that it sent."""

    http_status: int
    sha256: str | None
    validators: Validators
    stamp: str
    checked_at: datetime


@dataclass(frozen=True, slots=True)
class Run:
    """One run of a job, as `nascar status` and `ops.loads` show it."""

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


class Landing:
    """The folder of kept documents. Use as a context manager; every failure of the disk is `MachineFailure`."""

    def __init__(self, folder: Path) -> None:
        self.folder = make_folder(folder)
        self._objects = make_folder(folder / "objects")
        self._index = folder / "index.sqlite"
        with self._failures():
            self._db = sqlite3.connect(self._index, isolation_level=None)
            # The write-ahead log keeps each transaction whole through a crash of the process.
            self._db.execute("PRAGMA journal_mode=WAL")
            self._db.execute("PRAGMA synchronous=NORMAL")
            self._db.executescript(_SCHEMA)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._db.close()

    def put(self, replies: Sequence[tuple[Document, Reply]], origin: str) -> list[Version]:
        """Keep what was answered, in one transaction; returns the new versions, in the order given.

        A 200 whose bytes are those of the document's last version is not a new version. Every answer, also one without bytes
        (absent, unchanged), is kept as the document's last check at `origin`.
        """
        digests = [hashlib.sha256(reply.body).hexdigest() if reply.status == 200 else "" for _, reply in replies]
        latest = self._latest_hashes({document.source_id for document, _ in replies})
        fresh = [
            (document, reply, digest)
            for (document, reply), digest in zip(replies, digests, strict=True)
            if digest and latest.get((document.source_id, document.key)) != digest
        ]
        with ThreadPoolExecutor() as pool:
            list(pool.map(lambda item: self._write_object(item[2], item[1].body), fresh))
        with self._transaction():
            for (document, reply), digest in zip(replies, digests, strict=True):
                self._record_check(document, reply, digest, origin)
            return [self._record_version(*item, origin) for item in fresh]

    def latest(self, source_id: str, as_of: datetime | None = None) -> list[Version]:
        """The last version of each document of a source, fetched no later than `as_of`; ordered by key."""
        return [history[-1] for history in self.histories(source_id, as_of)]

    def histories(self, source_id: str, as_of: datetime | None = None) -> list[list[Version]]:
        """All versions of each document of a source, oldest first, up to `as_of`; ordered by key."""
        until = _text(as_of) if as_of else "9999"
        with self._failures():
            rows = self._db.execute(
                "SELECT * FROM versions WHERE source_id = ? AND fetched_at <= ? ORDER BY document_key, version", (source_id, until)
            ).fetchall()
        histories: dict[str, list[Version]] = {}
        for row in rows:
            histories.setdefault(row[2], []).append(_version(row))
        return list(histories.values())

    def checks(self, source_id: str, origin: str) -> dict[str, Check]:
        """What `origin` answered last, by document key."""
        with self._failures():
            rows = self._db.execute(
                "SELECT document_key, http_status, sha256, etag, last_modified, stamp, checked_at FROM checks"
                " WHERE source_id = ? AND origin = ?",
                (source_id, origin),
            ).fetchall()
        return {
            key: Check(status, digest, Validators(etag, modified), stamp, datetime.fromisoformat(at))
            for key, status, digest, etag, modified, stamp, at in rows
        }

    def last_checked(self) -> dict[tuple[str, str], datetime]:
        """When each document was last asked for at any origin, by (source, key)."""
        with self._failures():
            rows = self._db.execute("SELECT source_id, document_key, max(checked_at) FROM checks GROUP BY source_id, document_key")
            return {(source, key): datetime.fromisoformat(at) for source, key, at in rows}

    def read(self, version: Version) -> bytes:
        """The bytes of a version, checked against their hash; damaged or missing bytes raise `MachineFailure`."""
        path = self._object(version.sha256)
        with machine_failures(path):
            packed = path.read_bytes()
        try:
            content = gzip.decompress(packed)
        except (OSError, EOFError, ValueError) as error:
            raise _damaged(version, path) from error
        if hashlib.sha256(content).hexdigest() != version.sha256:
            raise _damaged(version, path)
        return content

    def last_version(self) -> int:
        """The number of the newest version of all, 0 for an empty landing."""
        with self._failures():
            row = self._db.execute("SELECT coalesce(max(version), 0) FROM versions").fetchone()
        return int(row[0])

    def record_run(self, run: Run) -> int:
        """Keep the account of a run; returns its number."""
        with self._transaction():
            cursor = self._db.execute(
                "INSERT INTO runs (command, started_at, finished_at, exit_code, documents_checked, documents_new, documents_absent,"
                " documents_quarantined, rows_loaded, is_published, warnings) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    run.command,
                    _text(run.started_at),
                    _text(run.finished_at),
                    run.exit_code,
                    run.documents_checked,
                    run.documents_new,
                    run.documents_absent,
                    run.documents_quarantined,
                    run.rows_loaded,
                    int(run.is_published),
                    run.warnings,
                ),
            )
        return int(cursor.lastrowid or 0)

    def runs(self) -> list[Run]:
        """Every run kept so far, oldest first; their numbers count from 1."""
        with self._failures():
            rows = self._db.execute("SELECT * FROM runs ORDER BY run").fetchall()
        return [
            Run(command, datetime.fromisoformat(start), datetime.fromisoformat(end), *counts, bool(is_published), warnings)
            for _, command, start, end, *counts, is_published, warnings in rows
        ]

    def accept(self, document_ids: Iterable[str]) -> None:
        """Note that a person took versions of documents although they lost rows."""
        with self._transaction():
            self._db.executemany("INSERT OR IGNORE INTO accepted VALUES (?)", [(document_id,) for document_id in document_ids])

    def accepted(self) -> frozenset[str]:
        """The ids of the versions that a person took."""
        with self._failures():
            return frozenset(row[0] for row in self._db.execute("SELECT document_id FROM accepted"))

    def first_seen(self, notices: Mapping[str, str]) -> list[str]:
        """Those of `notices`, each with where it was seen, that no earlier run had; from now on they are known."""
        with self._transaction():
            return [
                f"{notice}, first seen in {place}"
                for notice, place in notices.items()
                if self._db.execute("INSERT OR IGNORE INTO notices VALUES (?)", (notice,)).rowcount
            ]

    def fact(self, name: str) -> str | None:
        """A small text that one run left for the next, such as what the published warehouse was built from."""
        with self._failures():
            row = self._db.execute("SELECT value FROM facts WHERE name = ?", (name,)).fetchone()
        return None if row is None else str(row[0])

    def remember(self, name: str, value: str) -> None:
        """Leave a fact for the next run."""
        with self._transaction():
            self._db.execute("INSERT OR REPLACE INTO facts VALUES (?, ?)", (name, value))

    def _latest_hashes(self, source_ids: Iterable[str]) -> dict[tuple[str, str], str]:
        return {(v.source_id, v.key): v.sha256 for source_id in source_ids for v in self.latest(source_id)}

    def _object(self, digest: str) -> Path:
        return self._objects / digest[:2] / f"{digest}.gz"

    def _write_object(self, digest: str, content: bytes) -> None:
        path = self._object(digest)
        if not path.exists():
            make_folder(path.parent)
            write_whole(path, gzip.compress(content, compresslevel=1, mtime=0))

    def _record_check(self, document: Document, reply: Reply, digest: str, origin: str) -> None:
        # An answer without bytes says nothing about the version that the origin sent before.
        self._db.execute(
            "INSERT INTO checks VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET http_status = excluded.http_status,"
            " sha256 = coalesce(excluded.sha256, sha256), etag = iif(excluded.sha256 IS NULL, etag, excluded.etag),"
            " last_modified = iif(excluded.sha256 IS NULL, last_modified, excluded.last_modified),"
            " stamp = excluded.stamp, checked_at = excluded.checked_at",
            (
                document.source_id,
                document.key,
                origin,
                reply.status,
                digest or None,
                reply.etag,
                reply.last_modified,
                document.stamp,
                _text(reply.fetched_at),
            ),
        )

    def _record_version(self, document: Document, reply: Reply, digest: str, origin: str) -> Version:
        cursor = self._db.execute(
            "INSERT INTO versions (source_id, document_key, url, sha256, size_bytes, http_status, etag, last_modified, origin, fetched_at)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING *",
            (
                document.source_id,
                document.key,
                document.url,
                digest,
                len(reply.body),
                reply.status,
                reply.etag,
                reply.last_modified,
                origin,
                _text(reply.fetched_at),
            ),
        )
        return _version(cursor.fetchone())

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        with self._failures():
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                self._db.execute("ROLLBACK")
                raise
            self._db.execute("COMMIT")

    @contextmanager
    def _failures(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.DatabaseError as error:
            raise as_machine_failure(error, self._index) from error


def _damaged(version: Version, path: Path) -> MachineFailure:
    return MachineFailure(
        f"the kept bytes of {version.document_id} are damaged: {path}",
        f"restore that file from a backup, or remove it and fetch {version.url} again",
    )


def _text(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def _version(row: tuple[object, ...]) -> Version:
    *fields, fetched_at = row
    return Version(*fields, fetched_at=datetime.fromisoformat(str(fetched_at)))  # type: ignore[arg-type]  # a row of STRICT columns
