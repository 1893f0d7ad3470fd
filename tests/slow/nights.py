"""A season as a scheduled job lives it: what the feed said night by night, ingested after each night into one home.

    python tests/slow/nights.py NIGHTS.tar.xz [--first N] [--home FOLDER]

The archive holds NIGHT/HOST/PATH, of each night only what is new or changed, and a `removed.txt` that lists what is gone.
Prints a line for each night and what was wrong, then what a rebuild and the last documents alone give; ends with 1 if
anything was wrong.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, time
from pathlib import Path

import duckdb
import msgspec
import pytest

from nascar_warehouse.etl.catalog import run_job
from nascar_warehouse.etl.documents import UNCONDITIONAL, Response, Validators
from nascar_warehouse.etl.extract.mirror import FolderMirror
from nascar_warehouse.etl.outcome import RunResult
from nascar_warehouse.etl.sources.nascar_feed import NascarFeed
from nascar_warehouse.warehouse.errors import NascarError
from nascar_warehouse.warehouse.storage.home import Home
from tests.support.compare_warehouses import Difference, compare_warehouses
from tests.support.publisher import Clock

RUN_AT = time(10, tzinfo=UTC)
"""When the ready schedules run."""

EXAMPLES = 8
"""So many faults of a night are printed."""

_PUBLISHED_WINNERS = """
SELECT races.race_key, results.driver_name_as_listed
FROM core.source_races AS races
INNER JOIN core.results AS results ON races.race_id = results.race_id AND results.finish_position = 1
WHERE races.source_id = 'nascar_feed'
"""


@dataclass
class Night:
    """One run: its exit code, what it printed, how many races have a winner in the feed, and what is wrong."""

    day: str
    exit_code: int
    is_published: bool
    races_won: int
    messages: list[str]
    faults: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        published = "published" if self.is_published else "-"
        return f"{self.day}  exit {self.exit_code}  {published:9}  {self.races_won:3} races won"


class TimedMirror(FolderMirror):
    """A mirror folder whose responses come at the time of a clock."""

    def __init__(self, folder: Path, clock: Clock) -> None:
        super().__init__(str(folder))
        self._clock = clock

    def fetch(self, url: str, *, validators: Validators = UNCONDITIONAL) -> Response:
        return msgspec.structs.replace(super().fetch(url, validators=validators), fetched_at=self._clock.now)


class Season:
    """A mirror folder over which nights are laid, and a home that ingests it."""

    def __init__(self, folder: Path, clock: Clock, name: str = "home") -> None:
        """`folder` has the nights of the unpacked archive, and gets the home of this name and its mirror."""
        self.nights = sorted(path for path in (folder / "nights").iterdir() if path.is_dir())
        self.mirror = folder / f"mirror of {name}"
        self.home = Home(folder / name)
        self._clock = clock
        self._winners: dict[str, str] = {}
        self.mirror.mkdir(parents=True, exist_ok=True)

    def live(self, night: Path) -> Night:
        """Lay a night over those before it, and ingest."""
        self.lay_over(night)
        result = RunResult()
        try:
            exit_code = self.ingest(result).exit_code
            messages = result.messages()
        except NascarError as error:
            exit_code, messages = error.exit_code, [*result.messages(), str(error)]
        lived = Night(night.name, exit_code, result.is_published, len(self._winners), messages)
        if exit_code:
            lived.faults.append(f"exit {exit_code}")
        lived.faults += self._unpublished()
        return lived

    def ingest(self, result: RunResult) -> RunResult:
        """Ingest the mirror as it is now."""
        with closing(TimedMirror(self.mirror, self._clock)) as fetcher:
            return run_job(
                self.home, "ingest", asked=[(NascarFeed(), fetcher)], selection=self._clock.selection, result=result
            )

    def lay_over(self, night: Path, *, is_final: bool = False) -> None:
        """Lay a night over those before it, and set the clock; finally a document that is gone counts as it was last."""
        self._clock.now = datetime.combine(datetime.fromisoformat(night.name), RUN_AT)
        removed = night / "removed.txt"
        for name in removed.read_text(encoding="utf-8").split() if removed.exists() and not is_final else []:
            (self.mirror / name).unlink(missing_ok=True)
        shutil.copytree(night, self.mirror, dirs_exist_ok=True, ignore=shutil.ignore_patterns("removed.txt"))
        for file in night.glob("**/weekend-feed.json"):
            self._note_winner(json.loads(file.read_bytes()))

    def _note_winner(self, feed: dict[str, list[dict[str, object]]]) -> None:
        [race] = feed["weekend_race"]
        results = race["results"]
        assert isinstance(results, list)
        for result in results:
            if result["finishing_position"] == 1:
                self._winners[str(race["race_id"])] = str(result["driver_fullname"])

    def _unpublished(self) -> list[str]:
        """The races that the feed gave a first place and that are not published with that winner."""
        published: dict[str, str] = {}
        if self.home.published.exists():
            with duckdb.connect(self.home.published, read_only=True) as con:
                published = dict(con.execute(_PUBLISHED_WINNERS).fetchall())
        return [
            f"race {race_id} was won by {winner!r}, published is {published.get(race_id)!r}"
            for race_id, winner in self._winners.items()
            if _plain(winner) != _plain(published.get(race_id, ""))
        ]


def _plain(name: str) -> str:
    """A name without the marks of the feed: `* ` of a driver who is not in the points, `(i)`, `#` of a rookie."""
    return " ".join(name.replace("(i)", "").strip("*# ").split())


def replay(archive: Path, folder: Path, first: int | None = None) -> Iterator[Night]:
    """Live through the nights of an archive, all or the first so many, in a folder; its `home` stays."""
    with tarfile.open(archive) as tar:
        tar.extractall(folder / "nights", filter="data")
    with pytest.MonkeyPatch.context() as patch:
        season = Season(folder, Clock(patch))
        for night in season.nights[:first]:
            yield season.live(night)


def compare_with_rebuild(folder: Path) -> list[Difference]:
    """What a rebuild of the home of a folder has otherwise: nothing, or the nights left a trace."""
    rebuilt = Home(shutil.copytree(folder / "home", folder / "rebuilt"))
    run_job(rebuilt, "rebuild", full_refresh=True)
    return compare_warehouses(folder / "home" / "nascar.duckdb", rebuilt.published)


def compare_with_last_documents(folder: Path, first: int | None = None) -> list[Difference]:
    """What the last version of each document gives otherwise, ingested at once; documents have other numbers there."""
    with pytest.MonkeyPatch.context() as patch:
        season = Season(folder, Clock(patch), "last")
        for night in season.nights[:first]:
            season.lay_over(night, is_final=True)
        season.ingest(RunResult())
        return compare_warehouses(
            folder / "home" / "nascar.duckdb",
            season.home.published,
            schemas=("core", "marts"),
            left_out=("document_id",),
        )


def main() -> int:
    """Replay the archive of the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("archive", type=Path)
    parser.add_argument("--first", type=int, help="so many nights; all if not given", metavar="N")
    parser.add_argument("--home", type=Path, help="an empty folder to work in, which stays", metavar="FOLDER")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = arguments.home or Path(temporary)
        wrong = 0
        for night in replay(arguments.archive, folder, arguments.first):
            print(night, flush=True)
            for text in [*night.faults[:EXAMPLES], *night.messages]:
                print("    " + text.replace("\n", "\n      "))
            wrong += bool(night.faults)
        print(f"{wrong} nights with something wrong")
        for what, found in (
            ("a rebuild", compare_with_rebuild(folder)),
            ("the last documents", compare_with_last_documents(folder, arguments.first)),
        ):
            print(f"{len(found)} differences from {what}")
            for difference in found:
                print(f"    {difference.relation}: {difference.what} {difference.rows[:2]}")
            wrong += len(found)
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main())
