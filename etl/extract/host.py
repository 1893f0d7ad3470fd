"""What one run knows of a publisher's host: how fast it may be asked, what it forbids, and whether it answers."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from protego import Protego
from pyrate_limiter import InMemoryBucket, Limiter, Rate, SingleBucketFactory

from nascar_warehouse.etl.documents import Disallowed, HostUnavailable
from nascar_warehouse.warehouse.errors import SourceUnavailable

if TYPE_CHECKING:
    from collections.abc import Callable

PRODUCT = "nascar-warehouse"
FAILURES_BEFORE_GIVING_UP = 3

LATER = "run the same command again later; everything fetched so far is kept"


class Host:
    """A host, known by scheme, name and port; `interval_ms` is the time between two requests, None for no limit.

    One that `stops_at_refusal` is not asked again after a 429 or 503: that counts as a refusal.
    """

    def __init__(self, site: str, interval_ms: int | None, *, stops_at_refusal: bool = False) -> None:
        self.site = site
        self.stops_at_refusal = stops_at_refusal
        self._limiter = None if interval_ms is None else _rate_limiter(interval_ms)
        self._robots: Protego | None = None
        self._failures = 0
        self._given_up = ""

    def wait_for_turn(self) -> None:
        """Block until the host's rate allows another request."""
        if self._limiter:
            self._limiter.try_acquire()

    def read_robots(self, read: Callable[[str], bytes]) -> None:
        """Read the host's robots.txt once; a host without one (any 4xx) allows everything (RFC 9309, 2.3.1.3)."""
        if self._robots is None:
            body = read(f"{self.site}/robots.txt")
            self._robots = Protego.parse(body.decode("utf-8-sig", errors="replace"))

    def require_allowed(self, url: str) -> None:
        """Raise `Disallowed` if robots.txt forbids the address."""
        if self._robots and not self._robots.can_fetch(url, PRODUCT):
            raise Disallowed(
                f"{self.site}/robots.txt forbids {url}",
                "ask the publisher, or read a saved copy with --mirror",
            )

    def require_responsive(self, url: str) -> None:
        """Raise `HostUnavailable` if the host is not asked again in this run."""
        if self._given_up:
            raise HostUnavailable(f"{url}: {self._given_up}; it is not asked again in this run", LATER)

    def record_success(self) -> None:
        """Note an answer: only failures in a row count."""
        self._failures = 0

    def record_failure(self, problem: str, wait_seconds: float | None, *, is_unreachable: bool) -> SourceUnavailable:
        """Count a document that failed after all attempts.

        The run ends with this host when it asks for a pause of `wait_seconds` that is too long to keep, when there is
        no connection to it, or when too many documents failed in a row.
        """
        self._failures += 1
        if wait_seconds is not None:
            until = f"{datetime.now(UTC) + timedelta(seconds=wait_seconds):%Y-%m-%d %H:%M:%S} UTC"
            self._given_up = f"{self.site} asked us to wait until {until}"
            return HostUnavailable(problem, f"run the same command again after {until}, as the host asks")
        if is_unreachable:
            self._given_up = f"{self.site} cannot be reached"
            return HostUnavailable(problem, LATER)
        if self._failures >= FAILURES_BEFORE_GIVING_UP:
            self._given_up = f"{self.site} failed for {self._failures} documents in a row"
            return HostUnavailable(problem, LATER)
        return SourceUnavailable(problem, LATER)


def _rate_limiter(interval_ms: int) -> Limiter:
    """Allow one request every `interval_ms`, without the background thread that removes old entries."""
    bucket = InMemoryBucket([Rate(1, interval_ms)])
    return Limiter(SingleBucketFactory(bucket, schedule_leak=False), buffer_ms=0)
