"""Fetchers, servers and a publisher that are closed after the test; pauses take no time."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

import httpx
import pytest
import stamina

from nascar_warehouse.etl.extract import fetch
from nascar_warehouse.etl.extract.fetch import HttpFetcher
from tests.support.feed import FeedFolder, season
from tests.support.fetching import INDEX_PATH, Handler, Opener, Server
from tests.support.homes import copy_home
from tests.support.misbehaving import misbehaving_server
from tests.support.publisher import Clock, Publisher, opened_publisher
from tests.support.refusing import RACES, YEAR, weekend_of


@pytest.fixture(autouse=True)
def _no_pauses() -> Iterator[None]:
    with stamina.set_testing(True, attempts=fetch.ATTEMPTS, cap=True):
        yield


@pytest.fixture
def open_http() -> Iterator[Opener]:
    """Open fetchers that are closed after the test; `handler` replaces the network."""
    with ExitStack() as stack:

        def open_one(handler: Handler | None = None, **settings: Any) -> HttpFetcher:
            transport = httpx.MockTransport(handler) if handler else None
            return stack.enter_context(closing(HttpFetcher(transport=transport, **settings)))

        yield open_one


@pytest.fixture
def serve() -> Iterator[Server]:
    """Start servers that are stopped after the test."""
    with ExitStack() as stack:
        yield lambda routes: stack.enter_context(misbehaving_server(routes))


@pytest.fixture
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The pauses between attempts, in seconds, which are recorded and not made."""
    recorded: list[float] = []
    monkeypatch.setattr("tenacity.nap.time.sleep", recorded.append)
    stamina.set_testing(False)
    return recorded


@pytest.fixture
def turns(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The waits for a host's rate, in seconds, which are recorded and not made."""
    recorded: list[float] = []
    monkeypatch.setattr("pyrate_limiter.limiter.sleep", recorded.append)
    return recorded


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    index = tmp_path / "mirror" / INDEX_PATH[1:]
    index.parent.mkdir(parents=True)
    index.write_bytes(b'{"series_1": []}')
    return tmp_path / "mirror"


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch)


@pytest.fixture
def publisher(home: Path, clock: Clock) -> Iterator[Publisher]:
    with opened_publisher(home, clock) as opened:
        yield opened


@pytest.fixture
def site(tmp_path: Path) -> FeedFolder:
    """A publisher's folder with a season of races and their weekends."""
    return put_season(FeedFolder(tmp_path / "site"))


@pytest.fixture(scope="session")
def home_of_spring(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home into which all of that was ingested on the first of April; to be copied."""
    folder = tmp_path_factory.mktemp("spring")
    site = put_season(FeedFolder(folder / "site"))
    with pytest.MonkeyPatch.context() as patch, opened_publisher(folder / "home", Clock(patch)) as opened:
        assert 0 == opened.run(f"{YEAR}-04-01", site.root).outcome.exit_code
    return folder / "home"


@pytest.fixture
def known(home: Path, publisher: Publisher, site: FeedFolder, home_of_spring: Path) -> Publisher:
    """A publisher of which the home of the test has everything since then."""
    copy_home(home_of_spring, home)
    publisher.archive.folders.append(site.root)
    return publisher


def put_season(feed: FeedFolder) -> FeedFolder:
    feed.put_index(*season(RACES, YEAR), year=YEAR)
    for number in range(1, RACES + 1):
        feed.put_weekend(weekend_of(number), year=YEAR)
    return feed
