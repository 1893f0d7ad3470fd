"""An earlier warehouse comes back in one step, and stays until there is news or a person builds."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest

from nascar_warehouse.etl import rollback
from nascar_warehouse.etl.storage import published_state as state
from nascar_warehouse.warehouse.storage.home import Home
from tests.conftest import Ask, Nascar, ask_file
from tests.support.commands import run_on
from tests.support.feed import FeedFolder, race, weekend
from tests.support.homes import copy_home

WINNERS = "SELECT margin_text FROM marts.closest_finishes WHERE race_id = 'cup-2024-01'"


@pytest.fixture(scope="module")
def home_of_two(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home that published twice: a margin of 0.100, then of 0.200; to be copied, not used."""
    folder = tmp_path_factory.mktemp("two")
    feed = FeedFolder(folder / "mirror")
    for margin in ("0.100", "0.200"):
        put(feed, margin)
        assert 0 == run_on(folder / "home", "ingest", "--mirror", feed).code
    return folder / "home"


@pytest.fixture(scope="module")
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
    """The mirror as the second run of this home met it."""
    copy_home(home_of_two, home)
    put(feed, "0.200")
    return feed


def put(feed: FeedFolder, margin: str) -> None:
    feed.put_index(race(margin_of_victory=margin))
    feed.put_weekend(weekend(margin_of_victory=margin))


def listed(nascar: Nascar) -> list[tuple[int, str]]:
    return [(row["number"], row["state"]) for row in json.loads(nascar("snapshots", "--format", "json").out)]


# --- the list


@pytest.mark.usefixtures("two")
def test_the_list_has_the_published_warehouse_and_the_earlier_ones(nascar: Nascar) -> None:
    assert [(2, "published"), (1, "kept")] == listed(nascar)


@pytest.mark.usefixtures("two")
def test_the_list_says_how_many_races_there_are_and_which_is_the_last(nascar: Nascar, ask: Ask) -> None:
    [published, _] = json.loads(nascar("snapshots", "--format", "json").out)
    [(races, last_race_date)] = ask("SELECT count(*), max(race_date) FROM core.races")
    assert (races, str(last_race_date)) == (published["races"], published["last_race_date"])
    assert [(published["last_race"],)] == ask(f"SELECT race_name FROM core.races WHERE race_date = '{last_race_date}'")


@pytest.mark.usefixtures("two")
def test_a_snapshot_of_another_version_is_listed_without_its_contents(nascar: Nascar, home: Path) -> None:
    with duckdb.connect(home / "snapshots" / "nascar-000007.duckdb") as con:
        con.execute("CREATE TABLE something AS SELECT 1 AS one")
    [row] = [row for row in json.loads(nascar("snapshots", "--format", "json").out) if row["number"] == 7]
    assert (None, None, None) == (row["races"], row["last_race_date"], row["last_race"])


@pytest.mark.usefixtures("two")
def test_a_damaged_snapshot_is_listed_as_unreadable(nascar: Nascar, home: Path) -> None:
    (home / "snapshots" / "nascar-000003.duckdb").write_bytes(b"half of a warehouse" * 5_000)
    assert (3, "kept, unreadable") in listed(nascar)


def test_listing_nothing_makes_nothing(nascar: Nascar, home: Path) -> None:
    left = nascar("snapshots")
    assert (0, "", "there is no warehouse yet\n") == (left.code, left.out, left.err)
    assert not home.exists()


# --- there and back


@pytest.mark.usefixtures("two")
def test_a_rollback_puts_the_warehouse_before_in_place(nascar: Nascar, ask: Ask) -> None:
    left = nascar("rollback")
    assert (0, "") == (left.code, left.out)
    assert [("0.100",)] == ask(WINNERS)


@pytest.mark.usefixtures("two")
def test_what_a_rollback_replaces_stays_with_its_number(nascar: Nascar) -> None:
    nascar("rollback")
    assert [(2, "rolled back"), (1, "published")] == listed(nascar)


@pytest.mark.usefixtures("two")
def test_a_rollback_says_which_warehouse_is_in_place_and_which_was(nascar: Nascar) -> None:
    said = nascar("rollback").err
    assert said.startswith("number 1, built ")
    assert "number 2 is kept" in said


@pytest.mark.usefixtures("two")
def test_a_rollback_can_be_taken_back_by_number(nascar: Nascar, ask: Ask) -> None:
    nascar("rollback")
    assert 0 == nascar("rollback", "--to", "2").code
    assert [("0.200",)] == ask(WINNERS)
    assert [(2, "published"), (1, "rolled back")] == listed(nascar)


@pytest.mark.usefixtures("two")
def test_a_second_rollback_goes_further_back_and_not_to_what_was_rolled_back(nascar: Nascar) -> None:
    nascar("rollback")
    left = nascar("rollback")
    assert 2 == left.code
    assert "no snapshot is older" in left.err
    assert [(2, "rolled back"), (1, "published")] == listed(nascar)
    assert "--to: 2" in left.err


def test_what_was_rolled_back_is_passed_over_later_too(
    nascar: Nascar, home: Path, home_built_again: Path, ask: Ask
) -> None:
    copy_home(home_built_again, home)
    assert [(3, "published"), (2, "rolled back"), (1, "kept")] == listed(nascar)
    nascar("rollback")
    assert [("0.100",)] == ask(WINNERS)


@pytest.mark.usefixtures("two")
def test_a_warehouse_that_was_put_back_outlives_the_one_that_was_taken_away(
    nascar: Nascar, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NASCAR_SNAPSHOTS", "1")
    nascar("rollback")
    nascar("build")
    assert [(1, "kept")] == listed(nascar)[1:]


@pytest.mark.usefixtures("two")
def test_a_deleted_warehouse_comes_back_from_its_newest_snapshot(nascar: Nascar, home: Path, ask: Ask) -> None:
    (home / "nascar.duckdb").unlink()
    assert 0 == nascar("rollback").code
    assert [("0.100",)] == ask(WINNERS)


@pytest.mark.usefixtures("two")
def test_a_reader_of_the_warehouse_that_is_replaced_keeps_it(nascar: Nascar, home: Path) -> None:
    with duckdb.connect(home / "nascar.duckdb", read_only=True) as con:
        nascar("rollback")
        assert [("0.200",)] == con.execute(WINNERS).fetchall()


@pytest.mark.usefixtures("two")
def test_a_rollback_is_in_the_journal(nascar: Nascar) -> None:
    nascar("rollback")
    [*_, last] = [row for row in json.loads(nascar("status", "--format", "json").out) if row["what"] == "run"]
    assert ("3 rollback", "exit 0") == (last["name"], last["state"])


# --- what holds afterwards


def test_an_ingest_without_news_leaves_what_was_put_back(nascar: Nascar, two: FeedFolder, ask: Ask) -> None:
    nascar("rollback")
    left = nascar("ingest", "--mirror", two)
    assert 0 == left.code
    assert "nothing new, nothing published" in left.err
    assert [("0.100",)] == ask(WINNERS)


def test_an_ingest_without_news_says_that_a_warehouse_was_put_back(nascar: Nascar, two: FeedFolder) -> None:
    nascar("rollback")
    said = nascar("ingest", "--mirror", two).err
    assert "warning: snapshot 1, restored by a rollback, stays published until there is a new document; " in said


def test_an_ingest_with_news_builds_from_all_documents(nascar: Nascar, two: FeedFolder, ask: Ask) -> None:
    nascar("rollback")
    two.put_index(race(race_id=8001, race_season=2021, race_date="2021-02-14T15:00:00"), year=2021)
    left = nascar("ingest", "--mirror", two)
    assert 0 == left.code
    assert left.err.endswith("; published\n")
    assert [("0.200",)] == ask(WINNERS)


def test_after_news_nothing_is_said_of_the_rollback_any_more(nascar: Nascar, two: FeedFolder) -> None:
    nascar("rollback")
    put(two, "0.300")
    nascar("ingest", "--mirror", two)
    assert "rollback" not in nascar("ingest", "--mirror", two).err


def test_build_builds_from_all_documents(home_built_again: Path) -> None:
    assert [("0.200",)] == ask_file(home_built_again / "nascar.duckdb", WINNERS)


def test_build_after_a_rollback_gives_the_rows_that_there_were(home_of_two: Path, home_built_again: Path) -> None:
    before, after = (
        ask_file(home / "nascar.duckdb", "SELECT * FROM core.results ORDER BY ALL")
        for home in (home_of_two, home_built_again)
    )
    assert before == after


def test_another_version_of_the_program_builds_again(
    nascar: Nascar, two: FeedFolder, ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    nascar("rollback")
    monkeypatch.setattr(state, "program_fingerprint", lambda: "another")
    nascar("ingest", "--mirror", two)
    assert [("0.200",)] == ask(WINNERS)


def test_a_document_that_was_set_aside_before_the_rollback_is_no_news(
    nascar: Nascar, two: FeedFolder, ask: Ask
) -> None:
    # A winner without a name does not pass the checks, so that version stays out of every warehouse.
    results = copy_without_winner()
    two.put_weekend(weekend(results, margin_of_victory="0.200"))
    assert 5 == nascar("ingest", "--mirror", two).code
    nascar("rollback")
    left = nascar("ingest", "--mirror", two)
    assert (0, [("0.100",)]) == (left.code, ask(WINNERS))


def test_what_is_wrong_is_still_listed_after_a_rollback(nascar: Nascar, two: FeedFolder) -> None:
    broken = weekend(margin_of_victory="0.200")
    del broken["weekend_race"][0]["track_name"]
    two.put_weekend(broken)
    assert 4 == nascar("ingest", "--mirror", two).code
    nascar("rollback")
    assert 0 == nascar("ingest", "--mirror", two).code
    rows = json.loads(nascar("status", "--format", "json").out)
    assert ["nascar_feed 2024/1/9001/weekend-feed"] == [row["name"] for row in rows if row["what"] == "problem"]


# --- what cannot be


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
setattr(place, sys.argv[1], lambda *_: os.kill(os.getpid(), signal.SIGKILL))
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


def copy_without_winner() -> list[dict[str, Any]]:
    results: list[dict[str, Any]] = weekend()["weekend_race"][0]["results"]
    results[0]["driver_fullname"] = None
    return results
