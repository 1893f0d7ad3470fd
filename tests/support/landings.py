"""Documents and responses for a landing, and what lies in it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta

from nascar_warehouse.etl.documents import Document, Response, Version
from nascar_warehouse.etl.storage.landing import Landing

RACE_DAY = datetime(2024, 5, 5, 18, tzinfo=UTC)
KEY = "2024/race_list_basic"
SOURCE = "nascar_feed"
BODY = b'{"series_1": [], "series_2": [], "series_3": []}'


def document(key: str = KEY, source_id: str = SOURCE, fingerprint: str = "") -> Document:
    return Document(source_id, key, f"https://cf.nascar.com/cacher/{key}.json", season=2024, fingerprint=fingerprint)


def reply(body: bytes = BODY, *, status: int = 200, days: float = 0, etag: str | None = None) -> Response:
    """What came so many days after the race day."""
    return Response(document().url, status, body, etag, None, RACE_DAY + timedelta(days=days))


def arrive(landing: Landing, answer: Response, about: Document | None = None, origin: str = "network") -> list[Version]:
    """Keep and note one answer."""
    return landing.put([(about or document(), answer)], origin)


def contents(landing: Landing, as_of: datetime | None = None) -> list[list[bytes]]:
    """The bytes of every version of each document."""
    return [[landing.read(version) for version in history] for history in landing.versions_by_document(SOURCE, as_of)]


def kept_bytes(landing: Landing) -> bytes:
    """The bytes of the one object that is kept, as they lie there."""
    with closing(sqlite3.connect(landing.path)) as db:
        [(packed,)] = db.execute("SELECT gzip FROM objects")
    return bytes(packed)


def overwrite(landing: Landing, packed: bytes) -> None:
    """Put other bytes in the place of the one object that is kept."""
    with closing(sqlite3.connect(landing.path)) as db, db:
        db.execute("UPDATE objects SET gzip = ?", (packed,))
