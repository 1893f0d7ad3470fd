"""Homes in which a bad document was set aside, and the one before."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.commands import run_on
from tests.support.feed import FeedFolder
from tests.support.homes import copy_home
from tests.support.nascar_results_files import NascarResultsFolder
from tests.support.races_set_aside import Prepared, archived, prepare, put_races, two_winners


@pytest.fixture(scope="session")
def with_one(tmp_path_factory: pytest.TempPathFactory) -> Prepared:
    """The first race of the feed is published."""
    found = prepare(tmp_path_factory.mktemp("one"), None, 1)
    assert 0 == found.left.code
    return found


@pytest.fixture(scope="session")
def with_bad(with_one: Prepared, tmp_path_factory: pytest.TempPathFactory) -> Prepared:
    """Then a second race came, with two winners."""
    return prepare(tmp_path_factory.mktemp("bad"), with_one, 2, results=two_winners())


@pytest.fixture
def started(home: Path, feed: FeedFolder, with_one: Prepared) -> FeedFolder:
    """The mirror of a home that has the first race."""
    copy_home(with_one.home, home)
    put_races(feed, 1)
    return feed


@pytest.fixture
def aside(home: Path, feed: FeedFolder, with_bad: Prepared) -> FeedFolder:
    """The mirror of a home that set the second race aside."""
    copy_home(with_bad.home, home)
    put_races(feed, 2, results=two_winners())
    return feed


@pytest.fixture(scope="session")
def home_of_archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with an archive of two seasons of three races."""
    base = tmp_path_factory.mktemp("archive")
    folder = NascarResultsFolder(base / "archive")
    folder.put_results(*archived(), series_id="nxs")
    assert 0 == run_on(base / "home", "ingest", "nascar_results", "--mirror", folder).code
    return base / "home"


@pytest.fixture
def archive(tmp_path: Path, home: Path, home_of_archive: Path) -> NascarResultsFolder:
    """That archive, which the home of the test has already."""
    copy_home(home_of_archive, home)
    folder = NascarResultsFolder(tmp_path / "archive")
    folder.put_results(*archived(), series_id="nxs")
    return folder
