"""A mirror that makes a run fail, and one whose race is in the home."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.commands import run_on
from tests.support.feed import FeedFolder, weekend
from tests.support.homes import copy_home


@pytest.fixture
def broken(one_race: FeedFolder) -> FeedFolder:
    """A mirror whose only weekend lacks a field, after the home got a whole one: exit 4, and nothing to publish."""
    payload = weekend()
    del payload["weekend_race"][0]["track_name"]
    one_race.put_weekend(payload)
    return one_race


@pytest.fixture(scope="session")
def home_of_one(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home into which one race was ingested; to be copied, not used."""
    folder = tmp_path_factory.mktemp("one")
    feed = FeedFolder(folder / "mirror")
    feed.put_one_race()
    assert 0 == run_on(folder / "home", "ingest", "--mirror", feed).code
    return folder / "home"


@pytest.fixture
def one(home: Path, feed: FeedFolder, home_of_one: Path) -> FeedFolder:
    """The mirror of a home that has one race."""
    copy_home(home_of_one, home)
    feed.put_one_race()
    return feed
