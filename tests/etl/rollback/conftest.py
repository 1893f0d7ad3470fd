"""A home of two warehouses, the published one and the one before."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.commands import run_on
from tests.support.feed import FeedFolder
from tests.support.homes import copy_home
from tests.support.two_warehouses import put


@pytest.fixture(scope="session")
def home_of_two(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home that published twice: a margin of 0.100, then of 0.200; to be copied, not used."""
    folder = tmp_path_factory.mktemp("two")
    feed = FeedFolder(folder / "mirror")
    for margin in ("0.100", "0.200"):
        put(feed, margin)
        assert 0 == run_on(folder / "home", "ingest", "--mirror", feed).code
    return folder / "home"


@pytest.fixture(scope="session")
def home_built_again(home_of_two: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """That home after a rollback and a build; to be read or copied."""
    home = copy_home(home_of_two, tmp_path_factory.mktemp("built-again") / "home")
    assert 0 == run_on(home, "rollback").code
    left = run_on(home, "build")
    assert 0 == left.code
    assert left.err.endswith("; published\n")
    return home


@pytest.fixture
def two(home: Path, feed: FeedFolder, home_of_two: Path) -> FeedFolder:
    """The mirror as the second run of this home found it."""
    copy_home(home_of_two, home)
    put(feed, "0.200")
    return feed
