"""Kill the command without warning at random moments, and look what is left each time.

    python -m tests.faults.kill [COUNT [SEED]]

Each round changes a small mirror, starts an ingest of it and kills that with SIGKILL at a moment of one of these kinds:
any time of its life; when the first bytes reach the landing; while the new warehouse is built; and right before a file
or folder of the home is made, opened, renamed or removed, which is where publishing happens. What must hold afterwards:
the published file opens, passes its checks and shows the mirror as it was before or after, never a mixture; no document
of the landing is partial or lost; the next run finishes the work. Prints the kills and the losses; exit 1 with losses.
"""

from __future__ import annotations

import gzip
import hashlib
import itertools
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from nascar_warehouse.etl.catalog import run_job
from nascar_warehouse.etl.documents import Selection
from nascar_warehouse.etl.extract.mirror import FolderMirror
from nascar_warehouse.etl.sources.nascar_feed import NascarFeed
from nascar_warehouse.warehouse.build.checks import check_published
from nascar_warehouse.warehouse.storage.home import Home
from tests.support.feed import FeedFolder, race, weekend

# The child counts what it does to files of its home, and may kill itself right before the n-th time.
VICTIM = """
import os, signal, sys

def count(event, arguments):
    global steps
    if event in WATCHED and any(HOME in os.fsdecode(a) for a in arguments if isinstance(a, (str, bytes, os.PathLike))):
        steps += 1
        if steps == LAST:
            os.kill(os.getpid(), signal.SIGKILL)

WATCHED = {"open", "os.mkdir", "os.link", "os.rename", "os.remove", "os.rmdir", "shutil.rmtree", "sqlite3.connect"}
HOME, LAST, steps = os.environ["NASCAR_HOME"], int(sys.argv.pop(1)), 0
sys.addaudithook(count)
from nascar_warehouse.etl.cli import main
try:
    main()
finally:
    print(steps, file=sys.stderr)
"""

Margins = list[tuple[str, str]]


@dataclass
class Tally:
    """What happened: kills by kind of moment, runs that had ended before their kill, and what was lost."""

    kills: Counter[str] = field(default_factory=Counter)
    ended_before: int = 0
    losses: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        kinds = ", ".join(f"{count} {kind}" for kind, count in sorted(self.kills.items()))
        lost = "".join(f"\n  {loss}" for loss in self.losses)
        return (
            f"{self.kills.total()} kills ({kinds}), {self.ended_before} runs ended before;"
            f" {len(self.losses)} losses{lost}"
        )


class Range:
    """A home, a mirror that changes, and how long a whole run of the command takes here."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.tally = Tally()
        self._random = random.Random(seed)  # noqa: S311  # moments, no secrets
        self._home = Home(folder / "home")
        self._feed = FeedFolder(folder / "mirror")
        self._state = 100
        self._change_mirror()
        started = time.monotonic()
        self._steps = self._whole_run()
        self._seconds = time.monotonic() - started

    def shoot(self, number: int) -> None:
        """One round; now and then from an empty home."""
        if number % 5 == 4:
            shutil.rmtree(self._home.root)
        before, versions = self._published(), self._landed()
        self._change_mirror()
        kind = self._random.choice(list(_MOMENTS))
        child, last_step = self._start(kind)
        with child:
            _MOMENTS[kind](self, child)
            child.kill()
        if child.returncode == -signal.SIGKILL:
            self.tally.kills[kind] += 1
        else:
            self.tally.ended_before += 1
        where = f"round {number}, {kind}{f' {last_step}' if last_step else ''}"
        self._look(where, before, versions)
        self._finish(where)

    # --- moments

    def wait_any_time(self, child: subprocess.Popen[bytes]) -> None:
        """Until a moment of the life of a whole run."""
        _wait_for(child, lambda: False, self._random.uniform(0, self._seconds))

    def wait_for_landing(self, child: subprocess.Popen[bytes]) -> None:
        """Until the landing's log of changes grows, and a few milliseconds more."""
        log = self._home.landing / "documents.sqlite-wal"
        _wait_for(child, lambda: _size(log) > 0)
        _wait_for(child, lambda: False, self._random.uniform(0, 0.01))

    def wait_for_building(self, child: subprocess.Popen[bytes]) -> None:
        """Until the new warehouse is there, and up to the time that building it takes."""
        _wait_for(child, (self._home.building / "next.duckdb").exists)
        _wait_for(child, lambda: False, self._random.uniform(0, self._seconds / 2))

    def wait_for_step(self, child: subprocess.Popen[bytes]) -> None:
        """The child does it itself."""
        _wait_for(child, lambda: False, 60)

    # --- running

    def _start(self, kind: str) -> tuple[subprocess.Popen[bytes], int]:
        last_step = self._random.randint(1, self._steps) if kind == "before a step" else 0
        return self._command(last_step), last_step

    def _command(self, last_step: int) -> subprocess.Popen[bytes]:
        line = [sys.executable, "-c", VICTIM, str(last_step), "ingest", "nascar_feed", "--mirror", str(self._feed)]
        environment = os.environ | {"NASCAR_HOME": str(self._home.root)}
        return subprocess.Popen(line, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)  # noqa: S603

    def _whole_run(self) -> int:
        """Run the command to its end, twice since the second has something to replace; the number of its steps."""
        for _ in range(2):
            self._change_mirror()
            child = self._command(0)
            _, said = child.communicate()
            assert child.returncode == 0, said
        return int(said.split()[-1])

    def _finish(self, where: str) -> None:
        """The next run, in this process."""
        try:
            outcome = run_job(
                self._home,
                "ingest",
                asked=[(NascarFeed(), FolderMirror(str(self._feed)))],
                selection=Selection(datetime.now(UTC).date()),
            )
        except Exception as error:
            self._lose(where, f"the next run fails: {error!r}")
            return
        now = [(self._text(), self._text())]
        if outcome.exit_code or self._published() != now:
            self._lose(where, f"the next run leaves with {outcome.exit_code} and {self._published()}, not {now}")
        if self._home.building.exists():
            self._lose(where, "what the killed run built is still there")

    # --- looking

    def _look(self, where: str, before: Margins | None, versions: set[str]) -> None:
        try:
            found = self._published()
        except duckdb.Error as error:
            self._lose(where, f"the published file does not open: {error}")
            return
        after = [(self._text(), self._text())]
        if found not in (before, after):
            self._lose(where, f"published is {found}, neither {before} nor {after}")
        if found is not None:
            broken = [result.name for result in check_published(self._home) if result.is_blocking]
            if broken:
                self._lose(where, f"checks fail: {', '.join(broken)}")
        for text in _partial_documents(self._home):
            self._lose(where, text)
        if versions - self._landed():
            self._lose(where, f"lost from the landing: {', '.join(sorted(versions - self._landed()))}")

    def _lose(self, where: str, text: str) -> None:
        self.tally.losses.append(f"{where}: {text}")

    def _published(self) -> Margins | None:
        """The margin of the one race as the published warehouse has it from two documents; None without a warehouse."""
        if not self._home.published.exists():
            return None
        with duckdb.connect(self._home.published, read_only=True) as con:
            return con.execute(
                "SELECT listed.margin_of_victory, weekend.margin_of_victory FROM raw.nascar_feed_races AS listed"
                " FULL JOIN raw.nascar_feed_weekends AS weekend USING (race_id)"
            ).fetchall()

    def _landed(self) -> set[str]:
        file = self._home.landing / "documents.sqlite"
        if not file.exists():
            return set()
        with closing(sqlite3.connect(file)) as db:
            tables = db.execute("SELECT count(*) FROM sqlite_master WHERE name = 'versions'").fetchone()
            return {text for (text,) in db.execute("SELECT sha256 FROM versions")} if tables[0] else set()

    def _change_mirror(self) -> None:
        self._state += 1
        self._feed.put_index(race(margin_of_victory=self._text()))
        self._feed.put_weekend(weekend(margin_of_victory=self._text()))

    def _text(self) -> str:
        return f"0.{self._state}"


_MOMENTS: dict[str, Callable[[Range, subprocess.Popen[bytes]], None]] = {
    "at any time": Range.wait_any_time,
    "at the landing": Range.wait_for_landing,
    "while building": Range.wait_for_building,
    "before a step": Range.wait_for_step,
}


def _partial_documents(home: Home) -> list[str]:
    """What is not whole in the landing."""
    file = home.landing / "documents.sqlite"
    if not file.exists():
        return []
    with closing(sqlite3.connect(file)) as db:
        [(answer,)] = db.execute("PRAGMA integrity_check").fetchall()
        names = {name for (name,) in db.execute("SELECT name FROM sqlite_master")}
        if answer != "ok" or not {"versions", "objects"} <= names:
            return [] if answer == "ok" else [f"the landing is damaged: {answer}"]
        partial = [
            f"the object {digest} has other bytes"
            for digest, packed in db.execute("SELECT sha256, gzip FROM objects")
            if hashlib.sha256(gzip.decompress(packed)).hexdigest() != digest
        ]
        missing = "SELECT sha256 FROM versions WHERE sha256 NOT IN (SELECT sha256 FROM objects)"
        return partial + [f"the bytes of {digest} are missing" for (digest,) in db.execute(missing)]


def _wait_for(child: subprocess.Popen[bytes], happened: Callable[[], bool], seconds: float = 60) -> None:
    """Until something happened, the time is over, or the child has ended; without a pause, to be early."""
    until = time.monotonic() + seconds
    while not happened() and time.monotonic() < until and child.poll() is None:
        pass


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


def shoot(folder: Path, count: int, seed: int) -> Tally:
    """So many kills in a folder; a run that ends before its kill does not count."""
    field_of_fire = Range(folder, seed)
    numbers = itertools.count()
    while field_of_fire.tally.kills.total() < count:
        field_of_fire.shoot(next(numbers))
    return field_of_fire.tally


def main(count: int = 200, seed: int = 1) -> int:
    """Shoot and print."""
    with tempfile.TemporaryDirectory(prefix="nascar-kill-") as folder:
        tally = shoot(Path(folder), count, seed)
    print(f"seed {seed}: {tally}")
    return 1 if tally.losses else 0


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
