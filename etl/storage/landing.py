"""Documents as their sources sent them, kept forever.

A document is (source, key). A version of it is its bytes, with where, when and how they came. Versions are written once
and never changed or removed. Everything is in one SQLite file. The bytes, compressed and named by their hash, are
written in the same transaction as the row that says which document they belong to: a version is there whole or not at
all.
"""

from __future__ import annotations

import gzip
import hashlib
import zlib
from datetime import datetime
from typing import TYPE_CHECKING, Any, Self

from nascar_warehouse.etl.documents import Answer, Version
from nascar_warehouse.etl.storage.last_answers import SCHEMA as _LAST_ANSWERS_SCHEMA
from nascar_warehouse.etl.storage.last_answers import LastAnswers, moment_text
from nascar_warehouse.etl.storage.sqlite import Database
from nascar_warehouse.warehouse.errors import MachineFailure
from nascar_warehouse.warehouse.storage.disk import make_folder

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from nascar_warehouse.etl.documents import Document, Response
    from nascar_warehouse.etl.storage.last_answers import LastAnswer, SourceAnswers

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
CREATE TABLE IF NOT EXISTS objects (sha256 TEXT PRIMARY KEY, gzip BLOB NOT NULL) STRICT;
"""


class Landing:
    """The folder of kept documents. Use as a context manager; every failure of the disk is `MachineFailure`."""

    def __init__(self, folder: Path, *, read_only: bool = False) -> None:
        """With `read_only` nothing is made; a folder that is not there is an empty landing."""
        self.path = (folder if read_only else make_folder(folder)) / "documents.sqlite"
        self._db = Database(self.path, _SCHEMA + _LAST_ANSWERS_SCHEMA, read_only=read_only)
        self._last_answers = LastAnswers(self._db, read_only=read_only)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._db.close()

    def put(self, responses: Sequence[tuple[Document, Response]], origin: str) -> list[Version]:
        """Keep responses, in one transaction; returns the new versions, in the order given.

        A 200 with the same bytes as the document's last version is not a new version. Every response, also one
        without bytes (missing, unchanged), becomes the document's last answer of `origin`.
        """
        with self._db.transaction():
            digests = [
                hashlib.sha256(response.body).hexdigest() if response.answer is Answer.FOUND else None
                for _, response in responses
            ]
            self._last_answers.record(
                ((*answer, digest) for answer, digest in zip(responses, digests, strict=True)), origin
            )
            versions = [
                self._put(document, response, digest, origin)
                for (document, response), digest in zip(responses, digests, strict=True)
                if digest is not None
            ]
        return [version for version in versions if version is not None]

    def latest(self, source_id: str, as_of: datetime | None = None) -> list[Version]:
        """The last version of each document of a source, fetched no later than `as_of`; ordered by key."""
        return [history[-1] for history in self.versions_by_document(source_id, as_of)]

    def versions_by_document(self, source_id: str, as_of: datetime | None = None) -> list[list[Version]]:
        """All versions of each document of a source, oldest first, up to `as_of`; ordered by key."""
        until = moment_text(as_of) if as_of else "9999"
        rows = self._db.rows(
            "SELECT * FROM versions WHERE source_id = ? AND fetched_at <= ? ORDER BY document_key, version",
            (source_id, until),
        )
        versions_by_document: dict[str, list[Version]] = {}
        for row in rows:
            versions_by_document.setdefault(row[2], []).append(_version(row))
        return list(versions_by_document.values())

    def last_answers(self, source_id: str, origin: str) -> dict[str, LastAnswer]:
        """What `origin` answered last, by document key."""
        return self._last_answers.of_source(source_id, origin)

    def last_checked(self) -> dict[tuple[str, str], datetime]:
        """When each document was last asked for at any origin, by (source, key)."""
        return self._last_answers.last_checked()

    def answers_by_source(self) -> dict[str, SourceAnswers]:
        """What all origins together last answered, by source; a source that was never asked is not in it."""
        return self._last_answers.by_source()

    def missing_documents(self) -> list[tuple[str, str]]:
        """The documents, as (source, key), that their source did not have when it was last asked."""
        return self._last_answers.not_found()

    def read(self, version: Version) -> bytes:
        """The bytes of a version, checked against their hash; damaged or missing bytes raise `MachineFailure`."""
        try:
            [(packed,)] = self._db.rows("SELECT gzip FROM objects WHERE sha256 = ?", (version.sha256,))
            content = gzip.decompress(packed)
        except (OSError, EOFError, ValueError, zlib.error) as error:
            raise self._damaged(version) from error
        if hashlib.sha256(content).hexdigest() != version.sha256:
            raise self._damaged(version)
        return content

    def last_version(self) -> int:
        """The number of the newest version of all, 0 for an empty landing."""
        return int(self._db.rows("SELECT coalesce(max(version), 0) FROM versions")[0][0])

    def _latest_hash(self, document: Document) -> str | None:
        rows = self._db.rows(
            "SELECT sha256 FROM versions WHERE source_id = ? AND document_key = ? ORDER BY version DESC LIMIT 1",
            (document.source_id, document.key),
        )
        return str(rows[0][0]) if rows else None

    def _put(self, document: Document, response: Response, digest: str, origin: str) -> Version | None:
        if digest == self._latest_hash(document):
            return None
        packed = gzip.compress(response.body, compresslevel=1, mtime=0)
        self._db.rows("INSERT OR IGNORE INTO objects VALUES (?, ?)", (digest, packed))
        return self._record_version(document, response, digest, origin)

    def _record_version(self, document: Document, response: Response, digest: str, origin: str) -> Version:
        [row] = self._db.rows(
            "INSERT INTO versions (source_id, document_key, url, sha256, size_bytes, http_status, etag, last_modified,"
            " origin, fetched_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING *",
            (
                document.source_id,
                document.key,
                document.url,
                digest,
                len(response.body),
                response.status,
                response.etag,
                response.last_modified,
                origin,
                moment_text(response.fetched_at),
            ),
        )
        return _version(row)

    def _damaged(self, version: Version) -> MachineFailure:
        return MachineFailure(
            f"the kept bytes of {version.document_id} are damaged or missing in {self.path}",
            "restore that file from a backup; the published warehouse is unchanged",
        )


def _version(row: tuple[Any, ...]) -> Version:
    *fields, fetched_at = row
    return Version(*fields, datetime.fromisoformat(fetched_at))  # type: ignore[call-arg]  # the columns are its fields
