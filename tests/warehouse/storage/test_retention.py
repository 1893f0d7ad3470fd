"""What stays beside the published warehouse, and what a collection takes away."""

from __future__ import annotations

import json
import os
import re
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from nascar_warehouse.warehouse.errors import CheckFailed
from nascar_warehouse.warehouse.storage.home import Home
from nascar_warehouse.warehouse.storage.retention import QUARANTINED_BUILDS, collect_garbage, quarantining
from tests.conftest import Ask, Nascar, ask_file
from tests.support.feed import FeedFolder, result
from tests.support.races_set_aside import two_winners

pytestmark = pytest.mark.slow
"""Whole warehouses are built several times."""

DAY = 24 * 60 * 60


@pytest.fixture
def store(home: Path) -> Home:
    """A home with a published warehouse and three earlier ones, 40, 30 and 20 days old."""
    store = Home(home)
    store.snapshots.mkdir(parents=True)
    for number, days in ((1, 40), (2, 30), (3, 20)):
        put(store.snapshots / f"nascar-{number:06}.duckdb", days)
    put(store.published, 10)
    return store


def put(path: Path, days: float, content: bytes = b"x" * 1_000_000) -> Path:
    """A file that was written so many days ago."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    then = time.time() - days * DAY
    os.utime(path, (then, then))
    return path


def left(store: Home) -> list[int]:
    return [int(path.stem[-6:]) for path in store.snapshot_files()]


# --- snapshots


@pytest.mark.parametrize(
    ("keep", "older_than_days", "expected"),
    [
        (5, None, [1, 2, 3]),
        (3, None, [1, 2, 3]),
        (2, None, [2, 3]),
        (0, None, []),
        (0, 25, [3]),
        (1, 35, [2, 3]),
        (3, 0, [1, 2, 3]),
        (0, 365, [1, 2, 3]),
    ],
)
def test_the_newest_snapshots_stay_and_of_the_others_the_young_ones(
    store: Home, keep: int, older_than_days: int | None, expected: list[int]
) -> None:
    collect_garbage(store, keep=keep, older_than_days=older_than_days)
    assert expected == left(store)
    assert store.published.exists()


def test_a_dry_run_removes_nothing_and_says_what_would_go(store: Home) -> None:
    rows, said = collect_garbage(store, keep=1, is_dry=True)
    assert ([1, 2, 3], "would free 2.0 MB of 2 builds") == (left(store), said)
    assert [str(store.snapshots / f"nascar-00000{number}.duckdb") for number in (1, 2)] == [
        row[-1] for row in rows.values
    ]


def test_a_snapshot_that_is_published_stays_whatever_its_number(store: Home) -> None:
    with store.stage_snapshot(store.snapshots / "nascar-000001.duckdb") as staged:
        store.restore_snapshot(staged)
    collect_garbage(store, keep=0)
    assert [1] == left(store)


def test_the_space_of_a_file_that_has_another_name_is_not_freed(store: Home, tmp_path: Path) -> None:
    (tmp_path / "mine.duckdb").hardlink_to(store.snapshots / "nascar-000001.duckdb")
    assert "freed 1.0 MB of 2 builds" == collect_garbage(store, keep=1)[1]


def test_foreign_files_stay(store: Home) -> None:
    mine = [put(store.root / "notes.txt", 999), put(store.snapshots / "nascar-mine.duckdb", 999)]
    collect_garbage(store, keep=0, older_than_days=0)
    assert [True, True] == [path.exists() for path in mine]


def test_what_an_interrupted_build_left_goes(store: Home) -> None:
    put(store.building / "next.duckdb", 0)
    put(store.building / "spill" / "block", 0)
    put(store.snapshots / "nascar-000004.partial", 0)
    rows, said = collect_garbage(store, keep=9)
    assert ({"interrupted build"}, "freed 3.0 MB of 2 builds") == ({row[0] for row in rows.values}, said)
    assert ["nascar-000001", "nascar-000002", "nascar-000003"] == sorted(
        path.stem for path in store.snapshots.iterdir()
    )
    assert not store.building.exists()


def test_nothing_is_taken_from_under_a_running_build(nascar: Nascar, store: Home) -> None:
    put(store.building / "next.duckdb", 0)
    with store.lock("ingest"):
        assert 7 == nascar("gc", "--keep", "0").code
    assert [1, 2, 3] == left(store)
    assert store.building.exists()


# --- failed builds


@pytest.mark.parametrize(("older_than_days", "expected"), [(None, ["b"]), (3, []), (10, ["b"]), (99, ["a", "b"])])
def test_failed_builds_go_by_their_age(store: Home, older_than_days: int | None, expected: list[str]) -> None:
    put(store.quarantined / "nascar-a.duckdb", 31)
    put(store.quarantined / "nascar-b.duckdb", 5)
    collect_garbage(store, keep=9, older_than_days=older_than_days)
    assert expected == [path.stem[-1] for path in sorted(store.quarantined.iterdir())]


def failing(name: str) -> CheckFailed:
    return CheckFailed(name, "look")


def test_a_build_whose_checks_fail_is_kept_and_its_path_is_told(store: Home) -> None:
    build = put(store.building / "next.duckdb", 0, b"failed")
    with pytest.raises(CheckFailed) as failure, quarantining(store, build):
        raise failing("nothing was published")
    [kept] = store.quarantined.iterdir()
    assert b"failed" == kept.read_bytes()
    assert failure.value.advice.endswith(str(kept))
    assert re.fullmatch(r"nascar-\d{8}T\d{6}Z\.duckdb", kept.name)


def test_only_a_few_failed_builds_are_kept(store: Home) -> None:
    for number in range(5):
        put(store.quarantined / f"nascar-2024050{number}T000000Z.duckdb", 0)
    with pytest.raises(CheckFailed), quarantining(store, put(store.building / "next.duckdb", 0)):
        raise failing("nothing was published")
    names = sorted(path.name for path in store.quarantined.iterdir())
    assert (QUARANTINED_BUILDS, "nascar-20240503T000000Z.duckdb") == (len(names), names[0])


def test_a_failed_build_that_cannot_be_kept_is_still_a_failed_check(store: Home) -> None:
    store.quarantined.write_text("a file")
    with pytest.raises(CheckFailed) as failure, quarantining(store, put(store.building / "next.duckdb", 0)):
        raise failing("nothing was published")
    assert "look" == failure.value.advice


def test_a_build_that_passes_is_not_kept(store: Home) -> None:
    with quarantining(store, put(store.building / "next.duckdb", 0)):
        pass
    assert not store.quarantined.exists()


def test_a_failed_build_can_be_asked_what_is_wrong_with_it(
    nascar: Nascar, one_race: FeedFolder, home: Path, ask: Ask
) -> None:
    one_race.put_one_race(results=[*two_winners(), result(3, "Cy Third")])
    failed = nascar("ingest", "--mirror", one_race)
    [kept] = (home / "quarantined").iterdir()
    assert 5 == failed.code
    assert str(kept) in nascar("status", "--format", "json").out
    assert ("race_has_one_winner",) in ask_file(kept, "SELECT check_name FROM ops.check_results WHERE failing_rows > 0")
    assert [("Ann Winner",)] == ask("SELECT winner FROM marts.closest_finishes WHERE race_id = 'cup-2024-01'")


# --- the command


def test_the_command_prints_what_went_and_how_much(nascar: Nascar, store: Home) -> None:
    done = nascar("gc", "--keep", "1", "--format", "json")
    assert (0, "freed 2.0 MB of 2 builds\n") == (done.code, done.err)
    assert [("snapshot", 1.0, "beyond the newest 1")] * 2 == [
        (row["what"], row["freed_mb"], row["why"]) for row in json.loads(done.out)
    ]
    assert [3] == left(store)


def test_the_setting_says_how_many_stay(nascar: Nascar, store: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NASCAR_SNAPSHOTS", "2")
    nascar("gc")
    assert [2, 3] == left(store)


def test_a_second_collection_finds_nothing(nascar: Nascar, store: Home) -> None:
    nascar("gc", "--keep", "1")
    again = nascar("gc", "--keep", "1")
    assert (0, "", "nothing to remove\n", [3]) == (again.code, again.out, again.err, left(store))


def test_a_collection_makes_no_home(nascar: Nascar, home: Path) -> None:
    done = nascar("gc")
    assert (0, "nothing to remove\n") == (done.code, done.err)
    assert not home.exists()


@pytest.mark.parametrize("arguments", [("--keep", "-1"), ("--older-than", "-1"), ("--older-than", "week")])
def test_a_number_that_cannot_be_meant_is_wrong_usage(nascar: Nascar, store: Home, arguments: tuple[str, str]) -> None:
    assert (2, [1, 2, 3]) == (nascar("gc", *arguments).code, left(store))


@pytest.mark.usefixtures("one_race")
def test_documents_stay_also_when_everything_else_goes(nascar: Nascar, home: Path) -> None:
    nascar("rebuild")
    before = (home / "landing" / "documents.sqlite").read_bytes()
    nascar("gc", "--keep", "0", "--older-than", "0")
    assert before == (home / "landing" / "documents.sqlite").read_bytes()


Unlink = Callable[..., None]


def test_what_cannot_be_removed_is_a_failure_of_the_machine(
    nascar: Nascar, store: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    real: Unlink = Path.unlink

    def refuse(path: Path, *, missing_ok: bool = False) -> None:
        if path.name == "nascar-000001.duckdb":
            raise PermissionError(13, "Permission denied", str(path))
        real(path, missing_ok=missing_ok)

    monkeypatch.setattr(Path, "unlink", refuse)
    done = nascar("gc", "--keep", "0")
    assert 8 == done.code
    assert str(store.snapshots / "nascar-000001.duckdb") in done.err
