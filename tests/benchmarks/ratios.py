"""How the commands compare with the least that their work costs, as ratios of runs in turn.

    python -m tests.benchmarks.ratios MIRROR [RUNS]

MIRROR is a folder laid out as HOST/PATH with the documents of the feed. Each pair of commands runs in turn, so that a machine whose
speed drifts slows both; the ratio is that of the medians.
"""

from __future__ import annotations

import os
import shutil
import statistics
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

FLOOR = Path(__file__).with_name("floor.py")
NASCAR = Path(sys.executable).with_name("nascar")


@dataclass(frozen=True)
class Command:
    """A command line, what it starts without each time, and the exit codes that it may leave with."""

    name: str
    line: tuple[str, ...]
    fresh: tuple[Path, ...] = ()
    codes: tuple[int, ...] = (0,)


@dataclass(frozen=True)
class Cost:
    """What one run took."""

    seconds: float
    peak_mib: float


def main(mirror: Path, runs: int) -> None:
    """Compare and print."""
    with tempfile.TemporaryDirectory(prefix="nascar-ratios-") as folder:
        home, target = Path(folder) / "home", Path(folder) / "floor.duckdb"
        os.environ["NASCAR_HOME"] = str(home)
        ingest = (str(NASCAR), "ingest", "nascar_feed", "--mirror", str(mirror))
        floor = Command(
            "decode and write", (sys.executable, str(FLOOR), str(target), "nascar_feed", str(mirror)), (target,)
        )
        compare(Command("ingest", ingest, (home,)), floor, bound=3.0, runs=runs)
        compare(Command("closest", (str(NASCAR), "closest")), imports("duckdb"), bound=2.5, runs=runs)
        compare(Command("ingest, nothing new", ingest), imports("duckdb, polars"), bound=3.0, runs=runs)


def imports(modules: str) -> Command:
    """A Python that only imports."""
    return Command(f"import {modules}", (sys.executable, "-c", f"import {modules}"))


def compare(command: Command, least: Command, *, bound: float, runs: int) -> None:
    """Run both in turn and print the medians and their ratio."""
    costs: dict[str, list[Cost]] = {command.name: [], least.name: []}
    for number in range(runs + 1):
        for candidate in (least, command):
            cost = measure(candidate)
            if number:  # The first round warms the caches.
                costs[candidate.name].append(cost)
    for name, measured in costs.items():
        seconds = statistics.median(cost.seconds for cost in measured)
        print(f"{name:<22} {seconds:7.3f} s   peak {max(cost.peak_mib for cost in measured):6.0f} MiB")
    a, b = (statistics.median(cost.seconds for cost in costs[c.name]) for c in (command, least))
    print(f"{'ratio':<22} {a / b:7.2f}     at most {bound}\n")


def measure(command: Command) -> Cost:
    """Run a command in a process of its own; a failure ends the comparison."""
    for path in command.fresh:
        shutil.rmtree(path, ignore_errors=True) if path.is_dir() else path.unlink(missing_ok=True)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    begun = time.perf_counter()
    to_nowhere = [(os.POSIX_SPAWN_DUP2, nowhere, 1), (os.POSIX_SPAWN_DUP2, nowhere, 2)]
    pid = os.posix_spawn(command.line[0], command.line, os.environ, file_actions=to_nowhere)
    _, status, usage = os.wait4(pid, 0)
    seconds = time.perf_counter() - begun
    os.close(nowhere)
    if os.waitstatus_to_exitcode(status) not in command.codes:
        sys.exit(f"{' '.join(command.line)} left with {os.waitstatus_to_exitcode(status)}")
    return Cost(seconds, usage.ru_maxrss / 1024)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 5)
