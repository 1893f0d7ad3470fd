"""The last answer of each origin about each document: when to ask again, and how fresh a source is, follow from it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from itertools import groupby
from typing import TYPE_CHECKING

import msgspec

from nascar_warehouse.etl.documents import Answer, Validators

if TYPE_CHECKING:
    from collections.abc import Iterable

    from nascar_warehouse.etl.documents import Document, Response
    from nascar_warehouse.etl.storage.sqlite import Database

# The name of the table is that of the first homes.
SCHEMA = """
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
"""

# Columns that homes of version 0.1 do not have → what they are there. That version took every 403 for missing; one for
# a document that the origin had sent before was a refusal.
_ADDED = {
    "answer": "CASE WHEN http_status = 200 THEN 'found' WHEN http_status = 304 THEN 'unchanged'"
    " WHEN http_status = 403 AND sha256 IS NOT NULL THEN 'refused' ELSE 'missing' END",
    "last_found_at": "coalesce(iif(http_status IN (200, 304), checked_at, NULL), (SELECT max(fetched_at) FROM versions"
    " WHERE versions.source_id = checks.source_id AND versions.document_key = checks.document_key"
    " AND versions.origin = checks.origin))",
    "missing_since": "iif(http_status IN (404, 410) OR (http_status = 403 AND sha256 IS NULL), checked_at, NULL)",
    "refused_since": "iif(http_status = 403 AND sha256 IS NOT NULL, checked_at, NULL)",
    "refused_at": "iif(http_status = 403 AND sha256 IS NOT NULL, checked_at, NULL)",
}


class LastAnswer(msgspec.Struct, frozen=True, gc=False):
    """The last answer of an origin about a document; `sha256` is of the last bytes that it sent.

    A refusal leaves `http_status`, `checked_at` and `fingerprint` as they were: it is no answer about the document.
    """

    http_status: int
    sha256: str | None
    validators: Validators
    fingerprint: str
    checked_at: datetime
    answer: Answer
    last_found_at: datetime | None = None
    missing_since: datetime | None = None
    refused_since: datetime | None = None
    refused_at: datetime | None = None
    """When it was last refused; `refused_since` is when it was first refused since it was last answered."""


@dataclass(frozen=True, slots=True)
class SourceAnswers:
    """What all origins together last answered about a source."""

    last_found_at: datetime | None
    """When a document was last found or unchanged; None for never."""
    missing_at: datetime | None
    """When a document was last found to be missing."""
    refused_since: datetime | None
    """Since when the source refuses everything; None if it does not."""


# An answer without bytes says nothing about the version that the origin sent before.
_ANSWERED = """
INSERT INTO checks (
  source_id, document_key, origin, http_status, sha256, etag, last_modified, stamp, checked_at, answer, last_found_at,
  missing_since
) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT DO UPDATE SET
  http_status = excluded.http_status,
  sha256 = coalesce(excluded.sha256, sha256),
  etag = iif(excluded.sha256 IS NULL, etag, excluded.etag),
  last_modified = iif(excluded.sha256 IS NULL, last_modified, excluded.last_modified),
  stamp = excluded.stamp,
  checked_at = excluded.checked_at,
  answer = excluded.answer,
  last_found_at = coalesce(excluded.last_found_at, last_found_at),
  missing_since = iif(excluded.missing_since IS NULL, NULL, coalesce(missing_since, excluded.missing_since)),
  refused_since = NULL
"""

_REFUSED = """
INSERT INTO checks (
  source_id, document_key, origin, http_status, stamp, checked_at, answer, refused_since, refused_at
) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT DO UPDATE SET
  answer = excluded.answer,
  refused_at = excluded.refused_at,
  refused_since = coalesce(refused_since, excluded.refused_since)
"""


@dataclass(frozen=True, slots=True)
class _Moments:
    """When a document was last found, last missing, and since when it is refused."""

    found_at: datetime | None
    missing_at: datetime | None
    refused_since: datetime | None


class LastAnswers:
    """The table of last answers in the landing's file."""

    def __init__(self, db: Database, *, read_only: bool) -> None:
        self._db = db
        known = {row[1] for row in db.rows("PRAGMA table_info(checks)")}
        added = [name for name in _ADDED if name not in known]
        if added and not read_only:
            self._add_columns(added)
            added = []
        self._columns = {name: _ADDED[name] if name in added else name for name in _ADDED}

    def of_source(self, source_id: str, origin: str) -> dict[str, LastAnswer]:
        """Return the last answers about a source at an origin, by document key."""
        rows = self._db.rows(
            "SELECT document_key, http_status, sha256, etag, last_modified, stamp, checked_at,"  # noqa: S608  # constants
            f" {self._column('answer')}, {self._column('last_found_at')}, {self._column('missing_since')},"
            f" {self._column('refused_since')}, {self._column('refused_at')}"
            " FROM checks WHERE source_id = ? AND origin = ?",
            (source_id, origin),
        )
        return {
            key: LastAnswer(
                status,
                digest,
                Validators(etag, modified),
                stamp,
                datetime.fromisoformat(at),
                Answer(answer),
                *map(_moment, moments),
            )
            for key, status, digest, etag, modified, stamp, at, answer, *moments in rows
        }

    def last_checked(self) -> dict[tuple[str, str], datetime]:
        """When each document was last asked for at any origin, by (source, key)."""
        rows = self._db.rows(
            "SELECT source_id, document_key, max(checked_at) FROM checks GROUP BY source_id, document_key"
        )
        return {(source, key): datetime.fromisoformat(at) for source, key, at in rows}

    def not_found(self) -> list[tuple[str, str]]:
        """The documents, as (source, key), that were missing, empty or refused when they were last asked for."""
        rows = self._db.rows(
            f"WITH last AS (SELECT source_id, document_key, {self._column('answer')} AS answer, max(checked_at)"  # noqa: S608  # constants
            " FROM checks GROUP BY source_id, document_key)"
            " SELECT source_id, document_key FROM last WHERE answer NOT IN ('found', 'unchanged')"
        )
        return [(source_id, key) for source_id, key in rows]

    def by_source(self) -> dict[str, SourceAnswers]:
        """Return what is known of each source that was ever asked."""
        rows = self._db.rows(
            f"SELECT source_id, {self._column('last_found_at')}, {self._column('missing_since')}, checked_at,"  # noqa: S608  # constants
            f" {self._column('refused_since')} FROM checks"
        )
        by_source: dict[str, list[_Moments]] = {}
        for source_id, *texts in rows:
            found_at, missing_since, checked_at, refused_since = map(_moment, texts)
            moments = _Moments(found_at, checked_at if missing_since else None, refused_since)
            by_source.setdefault(source_id, []).append(moments)
        return {source_id: _summary(moments) for source_id, moments in by_source.items()}

    def record(self, answers: Iterable[tuple[Document, Response, str | None]], origin: str) -> None:
        """Keep answers, in the order given; the third of each is the hash of the bytes that arrived."""
        for is_refusal, group in groupby(answers, key=lambda answer: answer[1].answer is Answer.REFUSED):
            if is_refusal:
                self._db.run_many(_REFUSED, [_refusal(document, response, origin) for document, response, _ in group])
            else:
                self._db.run_many(_ANSWERED, [_answered(*answer, origin) for answer in group])

    def _add_columns(self, names: list[str]) -> None:
        with self._db.transaction():
            for name in names:
                self._db.rows(f"ALTER TABLE checks ADD COLUMN {name} TEXT")
            values = ", ".join(f"{name} = {_ADDED[name]}" for name in names)
            self._db.rows(f"UPDATE checks SET {values}")  # noqa: S608  # constants

    def _column(self, name: str) -> str:
        return self._columns[name]


def _answered(document: Document, response: Response, sha256: str | None, origin: str) -> tuple[object, ...]:
    """The parameters of `_ANSWERED`."""
    at, answer = moment_text(response.fetched_at), response.answer
    return (
        document.source_id,
        document.key,
        origin,
        response.status,
        sha256,
        response.etag,
        response.last_modified,
        document.fingerprint,
        at,
        answer,
        at if answer.is_found else None,
        at if answer.is_missing else None,
    )


def _refusal(document: Document, response: Response, origin: str) -> tuple[object, ...]:
    """The parameters of `_REFUSED`."""
    at = moment_text(response.fetched_at)
    return (
        document.source_id,
        document.key,
        origin,
        response.status,
        document.fingerprint,
        at,
        response.answer,
        at,
        at,
    )


def _summary(documents: list[_Moments]) -> SourceAnswers:
    found_at = max((each.found_at for each in documents if each.found_at), default=None)
    refused = [
        each.refused_since
        for each in documents
        if each.refused_since
        # A refusal newer than the last document that the source gave. In a run that is refused midway, the document
        # that is asked for to make sure was found and refused at about the same time.
        and (not found_at or each.refused_since > found_at or each.refused_since == each.found_at == found_at)
    ]
    return SourceAnswers(
        found_at,
        max((each.missing_at for each in documents if each.missing_at), default=None),
        min(refused, default=None),
    )


def moment_text(moment: datetime) -> str:
    """Write a moment so that texts sort as moments do."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


@lru_cache(maxsize=1 << 14)  # a run reads the same answers several times
def _moment(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)
