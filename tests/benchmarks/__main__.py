"""What the warehouse costs, as ratios of commands that run in turn on this machine.

    python -m tests.benchmarks [--mirror DIR]... [--runs 5] [--only WORD]... [--json FILE] [--peer-python PATH]

A mirror is a folder laid out as HOST/PATH; several are ingested in order. Without one, a small made-up history is. Only ratios of one
run on one machine mean anything: figures of different machines, or of a busy one, do not compare.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path

from tests.benchmarks.measure import Command, Comparison, Result, module, run
from tests.benchmarks.stage import set_stage
from tests.benchmarks.table import rows_of

_SEASON = 2021
"""The season of the made-up history: the facts that come with the program have nothing about its first 24 races."""


def main(arguments: Sequence[str] | None = None) -> list[Result]:
    """Set the stage, compare row by row, and print each as it is there."""
    options = _options().parse_args(arguments)
    if options.work:
        options.work.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="nascar-benchmarks-", dir=options.work) as folder:
        mirrors = options.mirror or [_make_history(Path(folder) / "history")]
        stage = set_stage(Path(folder) / "stage", mirrors)
        rows = [row for row in rows_of(stage, options.peer_python) if _is_wanted(row.name, options.only)]
        print(_line(["what", "against", "unit", "ours", "theirs", "ratio", "min..max", "wanted", ""]))
        comparison, results = Comparison(options.runs), []
        for row in rows:
            results.append(comparison.compare(row))
            print(_line(_cells(results[-1])), flush=True)
    if options.json:
        machine = {"python": platform.python_version(), "duckdb": version("duckdb"), "cores": os.cpu_count()}
        options.json.write_text(json.dumps({"machine": machine, "rows": list(map(asdict, results))}, indent=1))
    return results


def _make_history(target: Path) -> Path:
    """Write a small one, in a process of its own: this one stays small, since its memory counts as that of what it starts."""
    run(Command(module("generate", "--to", target, "--times", 1 / 8, "--first-season", _SEASON, "--races", 20)))
    return target


def _options() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("--mirror", type=Path, action="append", help="ingest this folder; may be repeated")
    parser.add_argument("--runs", type=int, default=5, help="how many runs of each count")
    parser.add_argument("--only", action="append", default=[], help="rows whose name has this word; may be repeated")
    parser.add_argument("--json", type=Path, help="write the results to this file too")
    parser.add_argument("--peer-python", help="a Python with pandas, nascar-api and fastnascar")
    parser.add_argument("--work", type=Path, help="where the temporary homes are made")
    return parser


def _is_wanted(name: str, words: Sequence[str]) -> bool:
    return not words or any(word in name for word in words)


def _cells(result: Result) -> list[str]:
    holds = {True: "holds", False: "MISSED", None: ""}[result.holds]
    if result.ratio is None:
        return [result.name, result.against, result.unit, f"{result.ours:.3f}", "", "", "", result.bound, holds]
    return [
        result.name,
        result.against,
        result.unit,
        f"{result.ours:.3f}",
        f"{result.theirs:.3f}",
        f"{result.ratio:.2f}",
        f"{result.least:.2f}..{result.greatest:.2f}",
        result.bound,
        holds,
    ]


def _line(cells: Sequence[str]) -> str:
    widths = (28, 34, 13, 9, 9, 7, 14, 18, 0)
    return " ".join(f"{cell:<{width}}" for cell, width in zip(cells, widths, strict=True)).rstrip()


if __name__ == "__main__":
    main()
    sys.exit(0)
