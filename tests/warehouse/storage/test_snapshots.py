"""What a publication keeps as snapshots, and what it leaves when it fails."""

from __future__ import annotations

import errno
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from nascar_warehouse.warehouse.errors import MachineFailure
from nascar_warehouse.warehouse.storage.home import Home, fingerprint_of


@pytest.fixture
def store(tmp_path: Path) -> Home:
    """A home of which nothing is there yet."""
    return Home(tmp_path / "home")


def make(store: Home, text: str) -> Path:
    """A file that stands for a finished warehouse."""
    store.building.mkdir(parents=True, exist_ok=True)
    path = store.building / "next.duckdb"
    path.write_text(text)
    return path


def publish(store: Home, *texts: str, keep: int = 3) -> None:
    for text in texts:
        store.publish(make(store, text), keep=keep)


def snapshots(store: Home) -> list[str]:
    return [path.read_text() for path in store.snapshot_files()]


def test_a_published_warehouse_takes_the_place_of_the_one_before(store: Home) -> None:
    publish(store, "old", "new")
    assert "new" == store.published.read_text()


def test_what_was_published_is_not_under_construction_any_more(store: Home) -> None:
    publish(store, "new")
    assert [] == list(store.building.iterdir())


def test_the_first_warehouse_has_no_snapshot(store: Home) -> None:
    publish(store, "first")
    assert [] == snapshots(store)


def test_a_replaced_warehouse_becomes_the_newest_snapshot(store: Home) -> None:
    publish(store, "1", "2", "3")
    assert ["1", "2"] == snapshots(store)


@pytest.mark.parametrize(("keep", "kept"), [(0, []), (1, ["5"]), (2, ["4", "5"]), (9, ["1", "2", "3", "4", "5"])])
def test_so_many_of_the_newest_snapshots_are_kept(store: Home, keep: int, kept: list[str]) -> None:
    publish(store, "1", "2", "3", "4", "5", "6", keep=keep)
    assert kept == snapshots(store)


def test_keeping_fewer_than_before_removes_the_oldest(store: Home) -> None:
    publish(store, "1", "2", "3", "4", keep=9)
    publish(store, "5", keep=2)
    assert ["3", "4"] == snapshots(store)


def test_keeping_none_removes_those_that_there_were(store: Home) -> None:
    publish(store, "1", "2", "3", keep=9)
    publish(store, "4", keep=0)
    assert [] == snapshots(store)


def test_the_numbers_of_snapshots_go_on_after_old_ones_went(store: Home) -> None:
    publish(store, "1", "2", "3", "4", keep=1)
    assert ["nascar-000003.duckdb"] == [path.name for path in store.snapshot_files()]


def test_a_foreign_file_among_the_snapshots_is_left_alone(store: Home) -> None:
    publish(store, "1", "2")
    note = store.snapshots / "README"
    note.write_text("mine")
    publish(store, "3", keep=0)
    assert [note] == list(store.snapshots.iterdir())


def without_links(_: Path, target: Path) -> None:
    raise OSError(errno.EPERM, "no links here", str(target))


def test_a_snapshot_is_a_copy_where_there_are_no_links(store: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Path, "hardlink_to", without_links)
    publish(store, "1", "2")
    assert (["1"], "2") == (snapshots(store), store.published.read_text())


def test_a_copy_that_found_no_room_is_no_snapshot(store: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    def fill_the_disk(_: Path, target: Path) -> None:
        target.write_text("half of")
        raise OSError(errno.ENOSPC, "No space left on device")

    publish(store, "1")
    monkeypatch.setattr(Path, "hardlink_to", without_links)
    monkeypatch.setattr(shutil, "copy2", fill_the_disk)
    with pytest.raises(MachineFailure, match="disk is full"):
        publish(store, "2")
    assert ([], "1") == (snapshots(store), store.published.read_text())


def test_what_is_not_there_cannot_be_published(store: Home) -> None:
    publish(store, "1")
    with pytest.raises(MachineFailure):
        store.publish(store.building / "next.duckdb", keep=1)
    assert ("1", []) == (store.published.read_text(), snapshots(store))


def test_a_file_where_the_folder_of_snapshots_is_due_keeps_the_old_warehouse(store: Home) -> None:
    publish(store, "1")
    store.snapshots.write_text("a file")
    with pytest.raises(MachineFailure):
        publish(store, "2")
    assert "1" == store.published.read_text()


def test_without_a_published_warehouse_there_is_no_fingerprint(store: Home) -> None:
    assert "" == store.published_fingerprint()


def test_the_fingerprint_changes_with_each_publication(store: Home) -> None:
    identities = []
    for _ in range(3):
        publish(store, "the same", keep=9)
        identities.append(store.published_fingerprint())
    assert 3 == len(set(identities))


def test_the_fingerprint_stays_as_long_as_the_file_does(store: Home) -> None:
    publish(store, "1")
    assert store.published_fingerprint() == store.published_fingerprint()


@contextmanager
def restored_snapshot(store: Home, number: int) -> Iterator[None]:
    with store.stage_snapshot(store.snapshots / f"nascar-{number:06}.duckdb") as staged:
        store.restore_snapshot(staged)
        yield


def test_a_restored_snapshot_stays_one_and_so_does_what_it_replaces(store: Home) -> None:
    publish(store, "1", "2", "3")
    with restored_snapshot(store, 1):
        assert ("1", ["1", "2", "3"]) == (store.published.read_text(), snapshots(store))


def test_a_staged_snapshot_keeps_its_fingerprint_when_it_is_published(store: Home) -> None:
    publish(store, "1", "2")
    with store.stage_snapshot(store.snapshots / "nascar-000001.duckdb") as staged:
        before = fingerprint_of(staged)
        store.restore_snapshot(staged)
    assert before == store.published_fingerprint()


def test_staging_leaves_nothing_under_construction(store: Home) -> None:
    publish(store, "1", "2")
    with restored_snapshot(store, 1):
        pass
    assert not store.building.exists()


def test_the_published_warehouse_has_the_number_that_its_snapshot_will_have(store: Home) -> None:
    numbers = [store.published_number()]
    for text in ("1", "2"):
        publish(store, text)
        numbers.append(store.published_number())
    assert [1, 1, 2] == numbers


def test_a_restored_snapshot_has_its_old_number(store: Home) -> None:
    publish(store, "1", "2", "3")
    with restored_snapshot(store, 1):
        assert 1 == store.published_number()


def test_a_restored_snapshot_is_no_second_snapshot_when_it_is_replaced(store: Home) -> None:
    publish(store, "1", "2")
    with restored_snapshot(store, 1):
        pass
    publish(store, "3", keep=9)
    assert (["1", "2"], 3) == (snapshots(store), store.published_number())


def test_the_replaced_warehouse_is_kept_before_newer_ones(store: Home) -> None:
    publish(store, "1", "2", "3")
    with restored_snapshot(store, 1):
        pass
    publish(store, "4", keep=1)
    assert ["1"] == snapshots(store)


def test_a_restored_copy_has_its_old_number_too(store: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Path, "hardlink_to", without_links)
    publish(store, "1", "22", "333")
    with restored_snapshot(store, 1):
        assert ("1", 1) == (store.published.read_text(), store.published_number())


def test_the_numbers_of_snapshots_are_numbers(store: Home) -> None:
    publish(store, "1", "2")
    (store.snapshots / "nascar-000001.duckdb").rename(store.snapshots / "nascar-999999.duckdb")
    publish(store, "3", "4")
    assert ["nascar-999999", "nascar-1000000", "nascar-1000001"] == [path.stem for path in store.snapshot_files()]


def test_a_foreign_warehouse_among_the_snapshots_is_left_alone(store: Home) -> None:
    publish(store, "1", "2")
    (store.snapshots / "nascar-mine.duckdb").write_text("mine")
    publish(store, "3", keep=0)
    assert ["nascar-mine.duckdb"] == [path.name for path in store.snapshots.iterdir()]
