"""How each cost grows with history: made-up histories of several sizes, and the exponents that fit.

    python -m tests.benchmarks.growth [--times 1 10 100] [--laps LAPS] [--json FILE] [--work DIR]

An exponent of 1 means that twice the history costs twice as much; what is the same for every history lowers it. Each size is ingested as
a home would: documents kept, loaded, built, checked, published. With --laps so many lap times are added to the first size, and their
loading is compared with what DuckDB's own reader needs for the same files.
"""

from __future__ import annotations

import argparse
import json
import math
import shutil
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tests.benchmarks.measure import Command, Cost, module, run
from tests.benchmarks.stage import Stage, hide_last_race

WANTED_EXPONENT = 1.05

Figures = dict[str, float]


def main(arguments: Sequence[str] | None = None) -> dict[str, Any]:
    """Measure each size, print a line for each figure, and write them as JSON."""
    options = _options().parse_args(arguments)
    found: list[tuple[float, Figures]] = []
    laps: Figures = {}
    with tempfile.TemporaryDirectory(prefix="nascar-growth-", dir=options.work) as folder:
        for times in options.times:
            place = Path(folder) / f"{times:g}"
            found.append((times, measure_size(place, times, races=options.races)))
            print(f"{times:g} times: {_line(found[-1][1])}", flush=True)
            shutil.rmtree(place)
        if options.laps:
            laps = measure_laps(Path(folder) / "laps", options.laps)
            print(f"laps: {_line(laps)}")
    exponents = {name: exponent([(times, figures[name]) for times, figures in found]) for name in found[0][1]}
    for name, fitted in exponents.items() if len(found) > 1 else ():
        print(f"{name:<28} exponent {fitted:5.2f}  {'holds' if fitted <= WANTED_EXPONENT else 'MISSED'}")
    result = {"sizes": [{"times": times, **figures} for times, figures in found], "exponents": exponents, "laps": laps}
    if options.json:
        options.json.write_text(json.dumps(result, indent=1))
    return result


def measure_size(place: Path, times: float, *, races: int | None = None) -> Figures:
    """The costs of a history so many times as large, each measured once: CPU seconds unless the name says otherwise."""
    mirror = place / "mirror"
    only = ("--races", races) if races else ()
    run(Command(module("generate", "--to", mirror, "--times", times, *only)))
    stage = Stage(place, (mirror,))
    hidden = hide_last_race(mirror)
    first = _ingest(stage)
    hidden.show()
    one_more = _ingest(stage)
    nothing_new = _ingest(stage)
    stage.scratch.rename(stage.whole)
    rebuild = run(stage.on(stage.whole, "rebuild"))
    floor = run(Command(module("floor", place / "floor.duckdb", stage.whole / "landing" / "documents.sqlite")))
    return {
        "first ingest": first.cpu,
        "one race more": one_more.cpu,
        "nothing new": nothing_new.cpu,
        "full build": rebuild.cpu,
        "floor": floor.cpu,
        "closest": run(stage.on(stage.whole, "closest")).cpu,
        "ranking, warm, ms": _printed("probes", "ranking", stage.whole)["ms"],
        "career table, warm, ms": _printed("probes", "careers", stage.whole)["ms"],
        "file MiB": _printed("probes", "size", stage.whole)["MiB"],
        "peak MiB of a full build": rebuild.peak,
    }


def measure_laps(place: Path, wanted: int) -> Figures:
    """Loading and asking so many lap times, at least: CPU seconds, and milliseconds of each mart."""
    mirror, target = place / "mirror", place / "laps.duckdb"
    run(Command(module("generate", "--to", mirror, "--laps", "--lap-count", wanted)))
    stage = Stage(place, (mirror,))
    theirs = run(Command(module("by_hand", "laps", mirror, target)))
    ours = run(Command(module("probes", "laps", mirror)))
    hidden = hide_last_race(mirror)
    first = _ingest(stage, "laps")
    hidden.show()
    one_more = _ingest(stage, "laps")
    return {
        "rows": json.loads(theirs.printed)["rows"],
        "read_json": theirs.cpu,
        "load": ours.cpu,
        "load to read_json": ours.cpu / theirs.cpu,
        "peak MiB of the load": ours.peak,
        "first ingest": first.cpu,
        "one race more": one_more.cpu,
        "one race more, s": one_more.wall,
        "peak MiB of one race more": one_more.peak,
        **{f"{name}, ms": value for name, value in _printed("probes", "lap_marts", stage.scratch).items()},
    }


def exponent(points: Sequence[tuple[float, float]]) -> float:
    """The slope of the line through the logarithms, by least squares; 0 for a single point."""
    xs, ys = [math.log(x) for x, _ in points], [math.log(y) for _, y in points]
    mean_x, mean_y = sum(xs) / len(xs), sum(ys) / len(ys)
    spread = sum((x - mean_x) ** 2 for x in xs)
    return sum((x - mean_x) * (y - mean_y) for x, y in zip(xs, ys, strict=True)) / spread if spread else 0.0


def _ingest(stage: Stage, *extras: str) -> Cost:
    line = module("ingest_ahead", stage.mirrors[0], *extras)
    return run(Command(line, environment={"NASCAR_HOME": str(stage.scratch), "NASCAR_LOG": "text"}))


def _printed(name: str, *arguments: object) -> Figures:
    found: Figures = json.loads(run(Command(module(name, *arguments))).printed)
    return found


def _line(figures: Figures) -> str:
    return ", ".join(f"{name} {value:.3g}" for name, value in figures.items())


def _options() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.growth", description=__doc__)
    parser.add_argument("--times", type=float, nargs="*", default=[1.0, 10.0])
    parser.add_argument("--races", type=int, help="only so many races of each season, all of the first series")
    parser.add_argument("--laps", type=int, default=0, help="also load and ask so many lap times")
    parser.add_argument("--json", type=Path)
    parser.add_argument("--work", type=Path, help="where the temporary homes are made")
    return parser


if __name__ == "__main__":
    main()
    sys.exit(0)
