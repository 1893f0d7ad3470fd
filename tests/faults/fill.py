"""Let the disk run full at every point of an ingest, and look what is left each time.

    python -m tests.faults.fill [COUNT [SEED]]

Each round puts a home on a small file system in memory with so many bytes left, runs an ingest of a changed mirror
there, then makes room and runs it again. What must hold: a run that finds no room leaves with 8 and names a path on
that file system, and the published file is the old or the new one, whole; with room, the next run finishes the work.
Half of the rounds seek the smallest room that is enough, below which publishing meets the end of the disk. Needs a
system that lets this process mount in a namespace of its own (`unshare`). Prints how many runs found no room; exit 1
with losses.
"""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from tests.support.feed import FeedFolder, race, weekend

NAMESPACE = ("unshare", "--user", "--map-root-user", "--mount")
COMMAND = (sys.executable, "-c", "from nascar_warehouse.etl.cli import main; main()")
ROOM_BYTES = 64 * 1024 * 1024
PAGE_BYTES = 4096


@dataclass
class Tally:
    """How many runs found no room and how many found enough, and what was lost."""

    full: int = 0
    done: int = 0
    losses: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        lost = "".join(f"\n  {loss}" for loss in self.losses)
        return f"{self.full} runs found no room, {self.done} found enough; {len(self.losses)} losses{lost}"


def is_permitted() -> bool:
    """Whether this system lets us mount in a namespace of our own."""
    if shutil.which("unshare") is None:
        return False
    probe = (*NAMESPACE, "sh", "-c", "mount -t tmpfs tmpfs /tmp")
    return subprocess.run(probe, capture_output=True, check=False).returncode == 0  # noqa: S603  # our own line


def fill(folder: Path, count: int, seed: int) -> Tally:
    """So many rounds, in a process that has its own mounts."""
    line = (*NAMESPACE, sys.executable, "-m", "tests.faults.fill", "--inside", str(folder), str(count), str(seed))
    root = Path(__file__).resolve().parents[2]
    done = subprocess.run(line, cwd=root, capture_output=True, text=True, check=False)  # noqa: S603  # as above
    if done.returncode:
        raise RuntimeError(done.stderr)
    full, enough, *losses = done.stdout.splitlines()
    return Tally(int(full), int(enough), losses)


def fill_inside(folder: Path, count: int, seed: int) -> Tally:
    """The rounds, where mounting is ours; sizes from nothing left to enough for all, spread evenly and shaken."""
    chance, tally = random.Random(seed), Tally()  # noqa: S311  # sizes, no secrets
    feed, good, disk = FeedFolder(folder / "mirror"), folder / "good", folder / "disk"
    disk.mkdir()
    put(feed, "0.100")
    done = ingest(good, feed)
    assert done.returncode == 0, done.stderr
    put(feed, "0.200", noise=os.urandom(100_000).hex())
    # Between the largest room known to be too small and the smallest known to be enough lies the end of publishing.
    too_small, enough = 0, 2 * size_of(good)
    spread = size_of(good)
    for number in range(count):
        if number % 2:
            room = (too_small + enough) // 2 if enough - too_small > PAGE_BYTES else too_small - number % 5 * PAGE_BYTES
        else:
            room = int(spread * (number + chance.random()) / count)
        is_enough = play(tally, feed, good, disk, room // PAGE_BYTES * PAGE_BYTES)
        too_small, enough = (too_small, min(enough, room)) if is_enough else (max(too_small, room), enough)
    return tally


def play(tally: Tally, feed: FeedFolder, good: Path, disk: Path, room: int) -> bool:
    """One round, with so many bytes left; whether they were enough."""
    mount("-t", "tmpfs", "-o", f"size={ROOM_BYTES}", "tmpfs", disk)
    try:
        home = disk / "home"
        shutil.copytree(good, home)
        mount("-o", f"remount,size={size_of(home) + room}", disk)
        first = ingest(home, feed)
        mount("-o", f"remount,size={ROOM_BYTES}", disk)
        between = margin(home)
        second = ingest(home, feed)
        if first.returncode == 0:
            tally.done += 1
        else:
            tally.full += 1
        if first.returncode and not (first.returncode == 8 and f"is reached at {home}" in first.stderr):
            tally.losses.append(f"{room} bytes left: exit {first.returncode}: {first.stderr!r}")
        if between not in ({"0.100", "0.200"} if first.returncode else {"0.200"}):
            tally.losses.append(f"{room} bytes left: published is {between!r}")
        if (second.returncode, margin(home)) != (0, "0.200"):
            tally.losses.append(f"{room} bytes left: the next run leaves with {second.returncode}: {second.stderr!r}")
        return first.returncode == 0
    finally:
        subprocess.run(["umount", str(disk)], check=True)  # noqa: S603, S607  # the mount of this round


def put(feed: FeedFolder, margin: str, noise: str = "") -> None:
    feed.put_index(race(margin_of_victory=margin))
    feed.put_weekend(weekend(margin_of_victory=margin, race_comments=noise))


def ingest(home: Path, feed: FeedFolder) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"NASCAR_HOME": str(home)}
    line = [*COMMAND, "ingest", "nascar_feed", "--mirror", str(feed)]
    return subprocess.run(line, env=environment, capture_output=True, text=True, check=False)  # noqa: S603


def margin(home: Path) -> str:
    """What the published warehouse says of the one race, "" if it cannot be read."""
    try:
        with duckdb.connect(home / "nascar.duckdb", read_only=True) as con:
            rows = con.execute("SELECT margin_of_victory FROM raw.nascar_feed_weekends").fetchall()
    except duckdb.Error:
        return ""
    return " ".join(str(text) for (text,) in rows)


def mount(*arguments: object) -> None:
    subprocess.run(["mount", *map(str, arguments)], check=True)  # noqa: S603, S607  # our own line


def size_of(folder: Path) -> int:
    """The bytes that the files and folders below take, in whole pages."""
    sizes = [-(-path.stat().st_size // PAGE_BYTES) * PAGE_BYTES for path in folder.rglob("*") if path.is_file()]
    return sum(sizes)


def main(count: int = 60, seed: int = 1) -> int:
    """Fill and print."""
    if not is_permitted():
        print("this system does not let us mount in a namespace of our own")
        return 2
    with tempfile.TemporaryDirectory(prefix="nascar-fill-") as folder:
        tally = fill(Path(folder), count, seed)
    print(f"seed {seed}: {tally}")
    return 1 if tally.losses else 0


if __name__ == "__main__":
    if sys.argv[1:2] == ["--inside"]:
        found = fill_inside(Path(sys.argv[2]), *map(int, sys.argv[3:]))
        print(found.full, found.done, *(loss.replace("\n", " ") for loss in found.losses), sep="\n")
        sys.exit(0)
    sys.exit(main(*map(int, sys.argv[1:])))
