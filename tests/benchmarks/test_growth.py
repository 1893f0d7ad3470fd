"""How growth is measured, on histories of a few races."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.benchmarks import by_hand, probes
from tests.benchmarks.generate import write_history
from tests.benchmarks.growth import exponent, main


def test_the_exponent_says_how_a_cost_grows() -> None:
    assert 1 == pytest.approx(exponent([(1, 3), (10, 30), (100, 300)]))
    assert 2 == pytest.approx(exponent([(1, 1), (2, 4), (4, 16)]))
    assert 0.5 == pytest.approx(exponent([(1, 5), (100, 50)]))


def test_one_size_has_no_exponent() -> None:
    assert 0 == exponent([(1, 3)])


def test_so_many_laps_as_are_wanted_are_written_at_least(tmp_path: Path) -> None:
    mirror = write_history(tmp_path / "mirror", laps=True, races={1: 1}, lap_count=20_000)

    rows = by_hand.laps(mirror, tmp_path / "laps.duckdb")["rows"]
    assert 20_000 <= rows < 40_000


@pytest.mark.slow
def test_our_lap_times_have_as_many_rows_as_those_that_duckdb_reads(tmp_path: Path) -> None:
    mirror = write_history(tmp_path / "mirror", times=1 / 8, laps=True, races={1: 2})

    assert by_hand.laps(mirror, tmp_path / "laps.duckdb") == probes.laps(mirror)


@pytest.mark.slow
def test_every_cost_of_a_size_is_measured(tmp_path: Path) -> None:
    result = main(["--times", "0.125", "--races", "3", "--work", str(tmp_path), "--json", str(tmp_path / "out.json")])

    [size] = result["sizes"]
    costs = {
        "first ingest",
        "one race more",
        "nothing new",
        "full build",
        "floor",
        "closest",
        "file MiB",
        "peak MiB of a full build",
    }
    assert costs | {"times", "ranking, warm, ms", "career table, warm, ms"} == set(size)
    assert all(value > 0 for value in size.values())
    assert (tmp_path / "out.json").exists()
