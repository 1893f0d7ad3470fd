"""A home for each test, the command in this process, and the captured responses where they are at hand."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest

from nascar_warehouse.etl import cli
from nascar_warehouse.etl.storage.run_log import RunLog
from nascar_warehouse.warehouse.storage.home import Home
from tests.support.commands import Left, run_on
from tests.support.feed import FeedFolder
from tests.support.good_season import good_races, put_good_season
from tests.support.homes import copy_home

SLOW = Path(__file__).parent / "slow"
CAPTURES = Path(__file__).resolve().parents[2] / "shared" / "captures"

Ask = Callable[[str], list[tuple[Any, ...]]]


Nascar = Callable[..., Left]


LONG_FIXTURES = {"captures", "captured", "history"}
"""What takes a test that needs it into the slow lane."""


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what belongs to the slow lane: tests/slow, and all that needs the captured responses."""
    for item in items:
        if SLOW in item.path.parents or LONG_FIXTURES & set(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.slow)


def pytest_configure(config: pytest.Config) -> None:
    """Runs log text, also in fixtures that outlive a test; in the fast lane each worker has one thread."""
    os.environ["NASCAR_LOG"] = "text"
    if config.option.markexpr == "not slow":
        # The workers share the cores already: a small build takes a quarter more of them with a thread for each.
        # DuckDB has no variable of its own for this, and takes the one of a scheduler of clusters.
        os.environ.update(SLURM_CPUS_ON_NODE="1", POLARS_MAX_THREADS="1")


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty home, and no setting from outside."""
    for name in [name for name in os.environ if name.startswith("NASCAR_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("NASCAR_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("NASCAR_LOG", "text")
    return tmp_path / "home"


@pytest.fixture
def nascar(capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Nascar:
    """Run the command as a shell would, in this process."""

    def run(*arguments: object) -> Left:
        monkeypatch.setattr(sys, "argv", ["nascar", *map(str, arguments)])
        capfd.readouterr()
        with pytest.raises(SystemExit) as leaving:
            cli.main()
        printed = capfd.readouterr()
        return Left(int(leaving.value.code or 0), printed.out, printed.err)

    return run


@pytest.fixture
def ask(home: Path) -> Ask:
    """Ask the published warehouse in SQL."""
    return lambda statement: ask_file(home / "nascar.duckdb", statement)


def ask_file(file: Path, statement: str) -> list[tuple[Any, ...]]:
    """Ask a warehouse file in SQL."""
    with duckdb.connect(file, read_only=True) as con:
        return con.execute(statement).fetchall()


@pytest.fixture
def feed(tmp_path: Path) -> FeedFolder:
    """An empty mirror of the feed."""
    return FeedFolder(tmp_path / "mirror")


# --- homes that many tests begin with, built once in each worker


@pytest.fixture(scope="session")
def home_of_almanac(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home built from the facts that come with the program; to be read or copied, never written."""
    home = tmp_path_factory.mktemp("almanac") / "home"
    assert 0 == run_on(home, "build").code
    return home


@pytest.fixture
def almanac(home_of_almanac: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Commands that only read do so in that home itself."""
    monkeypatch.setenv("NASCAR_HOME", str(home_of_almanac))
    return home_of_almanac


@pytest.fixture
def built(home: Path, home_of_almanac: Path) -> Path:
    """The home of the test is a copy of that one."""
    return copy_home(home_of_almanac, home)


@pytest.fixture(scope="session")
def home_of_one_race(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home into which the feed of one race was ingested; to be read or copied, never written."""
    folder = tmp_path_factory.mktemp("one-race")
    feed = FeedFolder(folder / "mirror")
    feed.put_one_race()
    assert 0 == run_on(folder / "home", "ingest", "nascar_feed", "--mirror", feed).code
    return folder / "home"


@pytest.fixture
def one_race(home: Path, feed: FeedFolder, home_of_one_race: Path) -> FeedFolder:
    """The mirror of a season of one race, which the home of the test has already."""
    copy_home(home_of_one_race, home)
    feed.put_one_race()
    return feed


@pytest.fixture(scope="session")
def home_of_season(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with six races of a season, two of them with results; to be read or copied, never written.

    That the other four have no weekend feed is accepted.
    """
    folder = tmp_path_factory.mktemp("season")
    feed = FeedFolder(folder / "mirror")
    put_good_season(feed)
    assert 0 == run_on(folder / "home", "ingest", "nascar_feed", "--mirror", feed).code
    with RunLog(Home(folder / "home").run_log) as run_log:
        run_log.accept([f"nascar_feed {race['race_season']}/1/{race['race_id']}/weekend-feed" for race in good_races()])
    return folder / "home"


@pytest.fixture
def good(home: Path, feed: FeedFolder, home_of_season: Path) -> FeedFolder:
    """The mirror of that season, which the home of the test has already."""
    copy_home(home_of_season, home)
    put_good_season(feed)
    return feed


# --- the captured responses


@pytest.fixture(scope="session")
def captures() -> Path:
    """The captured responses of the sources, which a stranger's clone does not have."""
    if not CAPTURES.is_dir():
        pytest.skip("the captured responses of the sources are not beside this clone")
    return CAPTURES


@pytest.fixture(scope="session")
def captured(captures: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home into which the captured feed of 2025-11-19 was ingested; for reading only."""
    folder = tmp_path_factory.mktemp("captured")
    assert 0 == run_on(folder, "ingest", "nascar_feed", "--mirror", captures / "2025-11-19").code
    return folder


@pytest.fixture(scope="session")
def history(captures: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home into which all captures were ingested, the feed and Racing-Reference first; for reading only."""
    folder = tmp_path_factory.mktemp("history")
    for arguments in (["--mirror", captures / "2025-11-19"], ["nascar_results", "--mirror", captures / "2026-01-05"]):
        assert 0 == run_on(folder, "ingest", *arguments).code
    return folder
