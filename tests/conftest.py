"""A home for each test, the command in this process, and the captured responses where they are at hand."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pytest

from nascar_warehouse.etl import cli
from tests.support.feed import FeedFolder

SLOW = Path(__file__).parent / "slow"
CAPTURES = Path(__file__).resolve().parents[2] / "shared" / "captures"

Ask = Callable[[str], list[tuple[Any, ...]]]


@dataclass(frozen=True)
class Left:
    """How a command left: exit code, what it printed as data, and what it told the person."""

    code: int
    out: str
    err: str


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
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("NASCAR_HOME", str(folder))
        patch.setattr(sys, "argv", ["nascar", "ingest", "nascar_feed", "--mirror", str(captures / "2025-11-19")])
        with pytest.raises(SystemExit) as leaving:
            cli.main()
    assert not leaving.value.code
    return folder


@pytest.fixture(scope="session")
def history(captures: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home into which all captures were ingested, the feed and Racing-Reference first; for reading only."""
    folder = tmp_path_factory.mktemp("history")
    for arguments in (
        ("ingest", "--mirror", str(captures / "2025-11-19")),
        ("ingest", "nascar_results", "--mirror", str(captures / "2026-01-05")),
    ):
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("NASCAR_HOME", str(folder))
            patch.setattr(sys, "argv", ["nascar", *arguments])
            with pytest.raises(SystemExit) as leaving:
                cli.main()
        assert not leaving.value.code
    return folder
