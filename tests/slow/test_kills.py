"""Killed without warning, a run leaves nothing broken and nothing lost; `tests/faults/kill.py` does more of it."""

from __future__ import annotations

from pathlib import Path

from tests.faults.kill import shoot


def test_twenty_runs_that_are_killed_lose_nothing(tmp_path: Path) -> None:
    tally = shoot(tmp_path, count=20, seed=20)
    assert ([], 20) == (tally.losses, tally.kills.total())
