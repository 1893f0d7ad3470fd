"""A publisher whose documents change as time passes, and a home that asks it, under a clock that the test sets."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from pathlib import Path

import msgspec
import pytest

from nascar_warehouse.etl.catalog import run_job
from nascar_warehouse.etl.documents import UNCONDITIONAL, Fetcher, Response, Selection, Validators
from nascar_warehouse.etl.extract.extractor import Extractor
from nascar_warehouse.etl.extract.fetch import HttpFetcher
from nascar_warehouse.etl.monitoring.status import read_status
from nascar_warehouse.etl.outcome import NoProgress, RunResult
from nascar_warehouse.etl.sources.nascar_feed import NascarFeed
from nascar_warehouse.etl.storage.landing import Landing
from nascar_warehouse.etl.storage.published_state import judged_versions
from nascar_warehouse.etl.storage.run_log import RunLog
from nascar_warehouse.warehouse.storage.home import Home
from tests.support.misbehaving import Canned, Detour, MisbehavingServer, Request, canned, misbehaving_server

ROBOTS = "/cf.nascar.com/robots.txt"


class Clock:
    """The current time of the job and of a fetcher's responses."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = datetime(2020, 1, 1, tzinfo=UTC)
        monkeypatch.setattr("nascar_warehouse.etl.job._now", lambda: self.now)

    @property
    def selection(self) -> Selection:
        return Selection(self.now.date())


class Timed:
    """A fetcher whose responses arrive at the time of a clock."""

    def __init__(self, fetcher: Fetcher, clock: Clock) -> None:
        self.origin = fetcher.origin
        self._fetcher = fetcher
        self._clock = clock

    def fetch(self, url: str, *, validators: Validators = UNCONDITIONAL) -> Response:
        return msgspec.structs.replace(self._fetcher.fetch(url, validators=validators), fetched_at=self._clock.now)

    def close(self) -> None:
        self._fetcher.close()


@dataclass
class Archive:
    """A publisher with the files of some folders, the last folder first."""

    folders: list[Path] = field(default_factory=list)
    missing: Canned = field(default_factory=lambda: canned(status=403))
    """What it answers for a document that it does not have."""
    refuses: Callable[[str], bool] = lambda _: False
    """Whether it refuses a document, by its key."""
    refusal: Canned = field(default_factory=lambda: canned(status=403))

    def response_to(self, request: Request) -> Canned:
        if request.path != ROBOTS and self.refuses(_key(request.path)):
            return self.refusal
        for folder in reversed(self.folders):
            file = folder / request.path[1:]
            if file.is_file():
                return self._document(file, request)
        return self.missing

    def _document(self, file: Path, request: Request) -> Canned:
        body = file.read_bytes()
        etag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
        changed = format_datetime(datetime.fromtimestamp(file.stat().st_mtime, UTC), usegmt=True)
        headers = {"ETag": etag, "Last-Modified": changed}
        if request.headers.get("if-none-match") == etag:
            return canned(status=304, headers=headers)
        return canned(body, headers=headers)


@dataclass
class Run:
    """One run: what was planned before it, what was asked, and the result."""

    planned: list[str]
    asked: list[str]
    conditional: list[str]
    outcome: RunResult
    planned_after: list[str]


class Publisher:
    """A home and the publisher that it asks, over HTTP and at the publisher's own address."""

    def __init__(self, server: MisbehavingServer, archive: Archive, home: Path, clock: Clock) -> None:
        self._server = server
        self.archive = archive
        self._clock = clock
        self._home = Home(home)

    def run(self, day: str, *folders: Path) -> Run:
        """Ingest everything on a day, after adding these folders to the publisher."""
        self.archive.folders += folders
        self._clock.now = datetime.fromisoformat(day).replace(tzinfo=UTC)
        planned = self.plan()
        del self._server.requests[:]
        with closing(self._open()) as fetcher:
            outcome = run_job(self._home, "ingest", asked=[(NascarFeed(), fetcher)], selection=self._clock.selection)
        requests = [request for request in self._server.requests if request.path != ROBOTS]
        return Run(
            planned,
            [_key(request.path) for request in requests],
            [_key(request.path) for request in requests if "if-none-match" in request.headers],
            outcome,
            self.plan(),
        )

    def source(self) -> dict[str, object]:
        """Return the row of the feed in `nascar status` today."""
        rows = read_status(self._home, self._clock.now)
        [row] = [row for row in rows.values if row[1] == "nascar_feed"]
        return dict(zip(rows.columns, row, strict=True))

    def plan(self) -> list[str]:
        """Return the keys that a dry run shows today."""
        with RunLog(self._home.run_log, read_only=True) as run_log:
            judged = judged_versions(run_log)
        with Landing(self._home.landing) as landing, closing(self._open()) as fetcher:
            extractor = Extractor(
                NascarFeed(), fetcher, landing, self._clock.selection, lambda: self._clock.now, NoProgress(), judged
            )
            return [due.document.key for due in [*extractor.due_index_documents(), *extractor.due_detail_documents()]]

    def _open(self) -> Fetcher:
        return Timed(HttpFetcher(transport=Detour(self._server), rate_per_second=100_000, attempts=1), self._clock)


@contextmanager
def opened_publisher(home: Path, clock: Clock) -> Iterator[Publisher]:
    archive = Archive()
    with misbehaving_server({}, otherwise=archive.response_to) as server:
        yield Publisher(server, archive, home, clock)


def _key(path: str) -> str:
    return path.removeprefix("/cf.nascar.com/cacher/").removesuffix(".json")
