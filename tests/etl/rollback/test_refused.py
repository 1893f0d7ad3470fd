"""What a rollback refuses, and what it leaves when it fails or is killed half-way."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from nascar_warehouse.etl import rollback
from nascar_warehouse.warehouse.storage.home import Home
from tests.conftest import Ask, Nascar
from tests.support.feed import FeedFolder
from tests.support.two_warehouses import WINNERS, listed

pytestmark = pytest.mark.slow
"""Whole warehouses are built several times."""


def test_without_a_home_there_is_nothing_to_go_back_to(nascar: Nascar, home: Path) -> None:
    left = nascar("rollback")
    assert (2, "") == (left.code, left.out)
    assert not home.exists()


@pytest.mark.parametrize(("number", "said"), [("9", "there is no snapshot 9"), ("2", "is the published warehouse")])
@pytest.mark.usefixtures("two")
def test_a_number_that_is_not_there_is_wrong_usage_and_names_those_that_are(
    nascar: Nascar, ask: Ask, number: str, said: str
) -> None:
    left = nascar("rollback", "--to", number)
    assert 2 == left.code
    assert said in left.err
    assert ": 1" in left.err or "are 1" in left.err
    assert [("0.200",)] == ask(WINNERS)


@pytest.mark.usefixtures("two")
def test_a_damaged_snapshot_is_not_put_in_place(nascar: Nascar, home: Path, ask: Ask) -> None:
    snapshot = home / "snapshots" / "nascar-000001.duckdb"
    snapshot.unlink()
    snapshot.write_bytes(b"half of a warehouse" * 5_000)
    left = nascar("rollback")
    assert (8, [("0.200",)]) == (left.code, ask(WINNERS))


@pytest.mark.usefixtures("two")
def test_a_damaged_warehouse_is_replaced_by_the_one_before(nascar: Nascar, home: Path, ask: Ask) -> None:
    (home / "nascar.duckdb").unlink()
    (home / "nascar.duckdb").write_bytes(b"half of a warehouse" * 5_000)
    assert 0 == nascar("rollback").code
    assert [("0.100",)] == ask(WINNERS)


@pytest.mark.usefixtures("two")
def test_a_rollback_waits_for_nobody(nascar: Nascar, home: Path, ask: Ask) -> None:
    with Home(home).lock("ingest"):
        left = nascar("rollback")
    assert (7, [("0.200",)]) == (left.code, ask(WINNERS))


@pytest.mark.parametrize("step", ["staged", "restore_snapshot"])
def test_a_rollback_that_fails_half_way_leaves_the_warehouse_and_the_next_run_as_they_were(
    nascar: Nascar, two: FeedFolder, ask: Ask, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    def fail(*_: object) -> Any:
        raise OSError(28, "No space left on device")

    place: tuple[Any, str] = (Home, "keep_published") if step == "restore_snapshot" else (rollback, "fingerprint_of")
    with monkeypatch.context() as patch:
        patch.setattr(*place, fail)
        with pytest.raises(Exception, match="No space left"):
            rollback.roll_back(Home(Path(os.environ["NASCAR_HOME"])))
    assert [("0.200",)] == ask(WINNERS)
    assert 0 == nascar("ingest", "--mirror", two).code
    assert [("0.200",)] == ask(WINNERS)


# A child that is killed where the function of this name is called.
KILLED = """
import os, signal, sys
from nascar_warehouse.etl import rollback
from nascar_warehouse.etl.cli import main
from nascar_warehouse.warehouse.storage.home import Home

place = rollback if hasattr(rollback, sys.argv[1]) else Home
setattr(place, sys.argv[1], lambda *_, **__: os.kill(os.getpid(), signal.SIGKILL))
sys.argv = ["nascar", "rollback"]
main()
"""


@pytest.mark.slow
@pytest.mark.parametrize(
    ("step", "left", "after_ingest"),
    [("restore_snapshot", "0.200", "0.200"), ("note_rolled_back", "0.100", "0.100")],
)
def test_a_rollback_that_is_killed_has_happened_or_not(
    nascar: Nascar, two: FeedFolder, ask: Ask, home: Path, step: str, left: str, after_ingest: str
) -> None:
    killed = subprocess.run([sys.executable, "-c", KILLED, step], capture_output=True, check=False)  # noqa: S603
    assert (-signal.SIGKILL, [(left,)]) == (killed.returncode, ask(WINNERS))
    assert (0, [(after_ingest,)]) == (nascar("ingest", "--mirror", two).code, ask(WINNERS))
    assert 0 == nascar("build").code
    assert not (home / "building").exists()


@pytest.mark.usefixtures("two")
def test_where_there_are_no_links_a_rollback_copies(
    nascar: Nascar, ask: Ask, monkeypatch: pytest.MonkeyPatch, without_links: Callable[[Path, Path], None]
) -> None:
    monkeypatch.setattr(Path, "hardlink_to", without_links)
    assert 0 == nascar("rollback").code
    assert [("0.100",)] == ask(WINNERS)
    assert [(2, "rolled back"), (1, "published")] == listed(nascar)


@pytest.fixture
def without_links() -> Callable[[Path, Path], None]:
    """Instead of making a link: what a file system without them says."""

    def refuse(_: Path, target: Path) -> None:
        raise PermissionError(1, "no links here", str(target))

    return refuse
