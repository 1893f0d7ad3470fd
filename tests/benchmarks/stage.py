"""The homes and mirrors that the commands of a benchmark run on, made once in a work folder."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.benchmarks.measure import Command, module, run
from tests.support.homes import copy_home

FEED = "cf.nascar.com/cacher"

START = "from nascar_warehouse.etl.cli import run; run()"
"""What the installed program does."""

CODES = (0, 3, 4, 5)
"""A mirror need not be whole, and a source may have been wrong: what could be built is published all the same."""

_TO_COME: dict[str, Any] = {
    "total_race_time": "",
    "winner_driver_id": None,
    "margin_of_victory": "",
    "inspection_complete": False,
}


@dataclass(frozen=True)
class Stage:
    """A work folder with copies of the mirrors, and homes that are only read or copied."""

    work: Path
    mirrors: tuple[Path, ...]
    python: str = sys.executable
    """The Python that runs the program."""

    @property
    def feed(self) -> Path:
        """The mirror with the feed: the one with most documents of it."""
        return max(self.mirrors, key=lambda mirror: sum(1 for _ in (mirror / FEED).glob("*/*/*/weekend-feed.json")))

    @property
    def whole(self) -> Path:
        """A home with everything."""
        return self.work / "whole"

    @property
    def one_less(self) -> Path:
        """A home with everything but the last race of the feed, of which only the date is known."""
        return self.work / "one-less"

    @property
    def scratch(self) -> Path:
        """The home of the next run."""
        return self.work / "scratch"

    def nascar(self, *arguments: object, python: str | None = None) -> tuple[str, ...]:
        """The command line of the program."""
        return (python or self.python, "-c", START, *map(str, arguments))

    def on(self, home: Path, *arguments: object, fresh: Path | None = None, python: str | None = None) -> Command:
        """The program on a home; with `fresh` that home is first made a copy of it, or emptied where it is not there."""

        def prepare() -> None:
            if fresh is not None:
                shutil.rmtree(home, ignore_errors=True)
                if fresh.exists():
                    copy_home(fresh, home)

        environment = {"NASCAR_HOME": str(home), "NASCAR_LOG": "text"}
        return Command(self.nascar(*arguments, python=python), prepare, environment, CODES)

    def theirs(self, name: str, *arguments: object, clear: Path | None = None, python: str | None = None) -> Command:
        """A module of this folder; `clear` is removed before each run."""

        def prepare() -> None:
            if clear is not None and clear.exists():
                shutil.rmtree(clear) if clear.is_dir() else clear.unlink()

        return Command(module(name, *arguments, python=python or self.python), prepare)


def set_stage(work: Path, mirrors: Sequence[Path], python: str = sys.executable) -> Stage:
    """Copy the mirrors, and ingest them in order: without the last race, then with it."""
    copies = []
    for number, mirror in enumerate(mirrors):
        copies.append(work / "mirrors" / str(number))
        # Files only, and writable: a capture may be read-only.
        shutil.copytree(mirror, copies[-1], copy_function=shutil.copyfile)
    for folder, names, _ in os.walk(work / "mirrors"):
        for name in ["", *names]:
            (Path(folder) / name).chmod(0o755)
    stage = Stage(work, tuple(copies), python)
    race = hide_last_race(stage.feed)
    for mirror in stage.mirrors:
        run(stage.on(stage.one_less, "ingest", "--mirror", mirror))
    race.show()
    copy_home(stage.one_less, stage.whole)
    run(stage.on(stage.whole, "ingest", "--mirror", stage.feed))
    return stage


@dataclass(frozen=True)
class HiddenRace:
    """A race that a mirror does not have yet: its documents are elsewhere."""

    index: Path
    weekend: Path
    as_run: bytes
    kept: Path

    def show(self) -> None:
        """Put its documents into the mirror."""
        self.index.write_bytes(self.as_run)
        shutil.move(self.kept, self.weekend)


def hide_last_race(mirror: Path) -> HiddenRace:
    """Make the last race that was run one that is still to come."""
    feed = mirror / FEED
    for index in sorted(feed.glob("*/race_list_basic.json"), reverse=True):
        content = index.read_bytes()
        listed = json.loads(content)
        races = sorted((race for races in listed.values() for race in races), key=lambda race: str(race["race_date"]))
        for race in reversed(races):
            weekend = feed / f"{race['race_season']}/{race['series_id']}/{race['race_id']}/weekend-feed.json"
            if race["total_race_time"] and weekend.exists():
                race |= {name: value for name, value in _TO_COME.items() if name in race}
                index.write_text(json.dumps(listed))
                kept = mirror.with_name(f"{mirror.name}-hidden.json")
                shutil.move(weekend, kept)
                return HiddenRace(index, weekend, content, kept)
    sys.exit(f"{feed} has no race that was run")


def can_import(python: str, *modules: str) -> bool:
    """Whether another Python has these modules."""
    return (
        subprocess.run([python, "-c", f"import {', '.join(modules)}"], check=False, capture_output=True).returncode == 0
    )
