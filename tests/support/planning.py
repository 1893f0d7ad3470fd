"""A race's document, and what its publisher answered when it was last asked for it."""

from __future__ import annotations

from datetime import UTC, datetime

from nascar_warehouse.etl.documents import UNCONDITIONAL, Answer, Document, Response, Validators
from nascar_warehouse.etl.storage.last_answers import LastAnswer

RACE_DAY = datetime(2024, 5, 5, tzinfo=UTC)
HASH = "5ea1"
ETAG = Validators('"a"', "Sun, 05 May 2024 22:00:00 GMT")
RACE = Document(
    "nascar_feed", "2024/1/5400/weekend-feed", "https://cf.nascar.com/a", 2024, RACE_DAY.date(), fingerprint="268"
)


class Publisher:
    """A fetcher over HTTP; these tests fetch nothing."""

    origin = "network"

    def fetch(self, url: str, *, validators: Validators = UNCONDITIONAL) -> Response:
        raise AssertionError(url, validators)

    def close(self) -> None:
        pass


def checked(
    at: datetime = RACE_DAY,
    *,
    status: int = 200,
    fingerprint: str = RACE.fingerprint,
    sha256: str | None = HASH,
    answer: Answer | None = None,
) -> LastAnswer:
    """What the origin answered when it was last asked."""
    return LastAnswer(status, sha256, ETAG, fingerprint, at, answer or Answer.of(status))
