"""How commands are compared, on commands that cost nothing."""

from __future__ import annotations

import json
import sys

import pytest

from tests.benchmarks.measure import Bound, Command, Comparison, Row, run


def _printing(value: float) -> Command:
    return Command(("/bin/echo", json.dumps({"ms": value})))


def test_a_ratio_is_ours_to_theirs() -> None:
    result = Comparison(3).compare(
        Row("open", "by hand", _printing(3), _printing(2), "printed", "ms", Bound(at_most=1.4))
    )

    assert (3, 2, 1.5, 1.5, 1.5, 3) == (
        result.ours,
        result.theirs,
        result.ratio,
        result.least,
        result.greatest,
        result.runs,
    )
    assert result.holds is False


def test_ahead_is_theirs_to_ours() -> None:
    result = Comparison(1).compare(
        Row("parse", "pandas", _printing(2), _printing(30), "printed", "ms", Bound(at_least=6), is_ahead=True)
    )

    assert 15 == result.ratio
    assert result.holds is True


def test_a_figure_of_our_own_may_have_a_limit_too() -> None:
    bound = Bound(at_most=2, limit=10)

    assert (True, False, False) == (bound.holds(1.5, 9), bound.holds(1.5, 11), bound.holds(2.5, 9))
    assert "<= 2, ours <= 10" == str(bound)


def test_where_nothing_is_wanted_nothing_is_missed() -> None:
    assert Comparison(1).compare(Row("open", "by hand", _printing(1), _printing(2), "printed", "ms")).holds is None


def test_ours_and_theirs_run_in_turn_after_once_for_the_caches() -> None:
    order: list[str] = []
    ours = Command(_printing(1).line, lambda: order.append("ours"))
    theirs = Command(_printing(1).line, lambda: order.append("theirs"))

    Comparison(2).compare(Row("open", "by hand", ours, theirs, "printed", "ms"))

    assert ["ours", "theirs"] * 3 == order


def test_two_figures_of_the_same_commands_share_their_runs() -> None:
    count: list[int] = []
    ours = Command(_printing(1).line, lambda: count.append(1))
    comparison = Comparison(1)

    comparison.compare(Row("full build", "the floor", ours, _printing(2)))
    comparison.compare(Row("peak memory", "the floor", ours, _printing(2), "peak"))

    assert [1] == count


def test_a_process_has_its_own_cpu_time_and_peak_of_memory() -> None:
    statement = "x = bytearray(64 << 20)\nfor _ in range(2_000_000): pass"

    cost = run(Command((sys.executable, "-c", statement)))

    assert 0 < cost.cpu <= cost.wall * 2
    assert cost.peak >= 64


def test_the_benchmark_is_small_so_that_its_memory_is_not_taken_for_that_of_a_command() -> None:
    # Until a new process runs its program, the memory of the process that started it counts as its own.
    statement = "import sys, tests.benchmarks.__main__; print(*sys.modules)"

    loaded = run(Command((sys.executable, "-c", statement))).printed.split()

    assert not {"duckdb", "polars", "msgspec", "nascar_warehouse"} & set(loaded)


def test_a_command_that_fails_ends_the_benchmark_with_what_it_said() -> None:
    with pytest.raises(SystemExit, match="no such thing"):
        run(Command((sys.executable, "-c", "raise SystemExit('no such thing')")))
