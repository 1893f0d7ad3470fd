"""A real season, night by night: each night publishes what is right; `tests/slow/nights.py` prints what it gives."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.slow.nights import compare_with_last_documents, compare_with_rebuild, replay


@pytest.mark.parametrize("first", [20, None], ids=["20 nights", "all nights"])
def test_every_night_publishes_the_races_that_were_won_and_leaves_no_trace(
    captures: Path, tmp_path: Path, first: int | None
) -> None:
    archive = captures / "nights-2024.tar.xz"
    assert [] == [f"{night.day}: {fault}" for night in replay(archive, tmp_path, first) for fault in night.faults]
    assert [] == compare_with_rebuild(tmp_path)
    assert [] == compare_with_last_documents(tmp_path, first)
