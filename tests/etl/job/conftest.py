"""A home that has the season of one race as it was before inspection."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.commands import run_on
from tests.support.feed import FeedFolder
from tests.support.homes import copy_home
from tests.support.inspected_season import BEFORE_INSPECTION, put_inspected


@pytest.fixture(scope="session")
def home_before_inspection(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home into which the season of one race was ingested; to be copied, not used."""
    folder = tmp_path_factory.mktemp("one-race")
    feed = FeedFolder(folder / "mirror")
    put_inspected(feed, BEFORE_INSPECTION, "0.100")
    assert 0 == run_on(folder / "home", "ingest", "nascar_feed", "--mirror", feed).code
    return folder / "home"


@pytest.fixture
def one_race(home: Path, feed: FeedFolder, home_before_inspection: Path) -> FeedFolder:
    """A season of one race, which this home has already."""
    copy_home(home_before_inspection, home)
    put_inspected(feed, BEFORE_INSPECTION, "0.100")
    return feed
