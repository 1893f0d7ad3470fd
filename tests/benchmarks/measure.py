"""Run commands in processes of their own, in turn, and compare what they cost."""

from __future__ import annotations

import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

ROOT = Path(__file__).resolve().parents[2]

Unit = Literal["cpu", "wall", "peak", "printed"]
"""What is compared: CPU seconds (user and system), seconds, the peak of resident memory in MiB, or a figure that both print."""

UNITS: Mapping[Unit, str] = {"cpu": "s CPU", "wall": "s", "peak": "MiB", "printed": ""}


def _nothing() -> None:
    """What most commands need before they run."""


@dataclass(frozen=True)
class Command:
    """A command line, what happens before each run without being measured, and the exit codes that it may leave with."""

    line: tuple[str, ...]
    prepare: Callable[[], object] = _nothing
    environment: Mapping[str, str] = field(default_factory=dict)
    codes: tuple[int, ...] = (0,)

    @property
    def key(self) -> tuple[str, ...]:
        """The same for commands that do the same."""
        return (*self.line, *self.environment.values())


@dataclass(frozen=True)
class Cost:
    """What one run took, and what it printed on its standard output."""

    cpu: float
    wall: float
    peak: float
    printed: str


@dataclass(frozen=True)
class Bound:
    """What a ratio may be, and where `limit` is given, what our own figure may be too."""

    at_most: float | None = None
    at_least: float | None = None
    limit: float | None = None

    def holds(self, ratio: float | None, ours: float) -> bool | None:
        """Whether the medians are within it; None if nothing is wanted."""
        kept = [
            ours <= self.limit if self.limit is not None else None,
            ratio <= self.at_most if self.at_most is not None and ratio is not None else None,
            ratio >= self.at_least if self.at_least is not None and ratio is not None else None,
        ]
        known = [one for one in kept if one is not None]
        return all(known) if known else None

    def __str__(self) -> str:
        parts = [
            f"<= {self.at_most:g}" if self.at_most is not None else "",
            f">= {self.at_least:g}" if self.at_least is not None else "",
            f"ours <= {self.limit:g}" if self.limit is not None else "",
        ]
        return ", ".join(filter(None, parts))


NO_BOUND = Bound()


@dataclass(frozen=True)
class Row:
    """A row of the table: a ratio of ours to theirs; with `is_ahead` of theirs to ours. Without theirs there is only ours."""

    name: str
    against: str
    ours: Command
    theirs: Command | None = None
    unit: Unit = "cpu"
    figure: str = ""
    """The figure that both print, by its name in the JSON object on their standard output."""
    bound: Bound = NO_BOUND
    is_ahead: bool = False


@dataclass(frozen=True)
class Result:
    """Medians of the runs, and the median, least and greatest of the ratios of runs in turn."""

    name: str
    against: str
    unit: str
    ours: float
    theirs: float | None
    ratio: float | None
    least: float | None
    greatest: float | None
    runs: int
    bound: str
    holds: bool | None


Pairs = list[tuple[Cost, Cost | None]]


class Comparison:
    """Runs pairs of commands in turn; rows that differ only in what they look at share their runs."""

    def __init__(self, runs: int) -> None:
        self._runs = runs
        self._pairs: dict[tuple[object, ...], Pairs] = {}

    def compare(self, row: Row) -> Result:
        """The medians of ours and theirs, and of the ratios of runs in turn."""
        pairs = [(_figure(row, ours), _figure(row, theirs) if theirs else None) for ours, theirs in self._run(row)]
        ours = statistics.median(mine for mine, _ in pairs)
        known = [(mine, other) for mine, other in pairs if other is not None]
        ratios = [other / mine if row.is_ahead else mine / other for mine, other in known]
        ratio = statistics.median(ratios) if ratios else None
        return Result(
            name=row.name,
            against=row.against,
            unit=row.figure or UNITS[row.unit],
            ours=ours,
            theirs=statistics.median(other for _, other in known) if known else None,
            ratio=ratio,
            least=min(ratios, default=None),
            greatest=max(ratios, default=None),
            runs=self._runs,
            bound=str(row.bound),
            holds=row.bound.holds(ratio, ours),
        )

    def _run(self, row: Row) -> Pairs:
        """So many runs of both, after one to warm the caches; a single run is a trial without that."""
        key = (row.ours.key, row.theirs.key if row.theirs else None)
        if key not in self._pairs:
            rounds = self._runs + (self._runs > 1)
            self._pairs[key] = [(run(row.ours), run(row.theirs) if row.theirs else None) for _ in range(rounds)][
                -self._runs :
            ]
        return self._pairs[key]


def _figure(row: Row, cost: Cost) -> float:
    return float(json.loads(cost.printed)[row.figure] if row.unit == "printed" else getattr(cost, row.unit))


def run(command: Command) -> Cost:
    """Run a command in a process of its own; one that fails ends the benchmark with what it printed."""
    command.prepare()
    paths = [str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]
    # An installed program is compiled; so is this one after the first run, wherever it lies.
    own = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    environment = {**own, "PYTHONPATH": os.pathsep.join(paths), **command.environment}
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as messages:
        actions = [(os.POSIX_SPAWN_DUP2, out.fileno(), 1), (os.POSIX_SPAWN_DUP2, messages.fileno(), 2)]
        begun = time.perf_counter()
        pid = os.posix_spawn(command.line[0], command.line, environment, file_actions=actions)
        _, status, usage = os.wait4(pid, 0)
        wall = time.perf_counter() - begun
        if os.waitstatus_to_exitcode(status) not in command.codes:
            messages.seek(0)
            sys.exit(f"{' '.join(command.line)} failed:\n{messages.read().decode(errors='replace')[-2000:]}")
        out.seek(0)
        printed = out.read().decode()
    return Cost(usage.ru_utime + usage.ru_stime, wall, usage.ru_maxrss / 1024, printed)


def module(name: str, *arguments: object, python: str = sys.executable) -> tuple[str, ...]:
    """The command line of a module of this folder."""
    return (python, "-m", f"tests.benchmarks.{name}", *map(str, arguments))
