"""A disk that runs full at any point of a run; `tests/faults/fill.py` does more of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from nascar_warehouse.warehouse.storage.disk import as_machine_failure
from tests.conftest import Ask, Nascar
from tests.faults.fill import fill, is_permitted
from tests.support.feed import FeedFolder, race, weekend


def test_a_disk_that_runs_full_anywhere_loses_nothing(tmp_path: Path) -> None:
    if not is_permitted():
        pytest.skip("this system does not let us mount a small file system in a namespace of our own")
    tally = fill(tmp_path, count=4, seed=4)
    assert [] == tally.losses
    assert tally.full > 0


def test_a_disk_that_is_full_after_the_warehouse_was_published_is_exit_8_and_the_next_run_is_fine(
    nascar: Nascar, feed: FeedFolder, ask: Ask, monkeypatch: pytest.MonkeyPatch, home: Path
) -> None:
    def find_no_room(*_: object, **__: object) -> None:
        raise as_machine_failure(OSError(28, "No space left on device"), home / "journal.sqlite")

    feed.put_one_race()
    nascar("ingest", "nascar_feed", "--mirror", feed)
    feed.put_index(race(margin_of_victory="0.200"))
    feed.put_weekend(weekend(margin_of_victory="0.200"))
    with monkeypatch.context() as patch:
        patch.setattr("nascar_warehouse.etl.load.build.write_state", find_no_room)
        left = nascar("ingest", "nascar_feed", "--mirror", feed)
    assert 8 == left.code
    assert "journal.sqlite" in left.err
    assert "the published warehouse is whole" in left.err
    published = "SELECT margin_text FROM core.race_margins WHERE race_id = 'cup-2024-01' AND basis = 'line'"
    assert [("0.200",)] == ask(published)
    assert 0 == nascar("ingest", "nascar_feed", "--mirror", feed).code
    assert [("0.200",)] == ask(published)
