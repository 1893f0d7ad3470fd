"""Give the job documents with something wrong in them, many in a run, and see that it says what is wrong with them.

    python -m tests.faults.fuzz [COUNT [SEED]]

A run has a season index with something wrong for each of ten seasons, or whole ones and weekends and lap times with
something wrong. A run may take a document, quarantine it or publish nothing; an error of no name, an error that blames
the program or the machine, and a published value that breaks an invariant are failures. Prints what happened; exit 1
with failures, each with the documents that it takes.
"""

from __future__ import annotations

import json
import random
import sys
import tempfile
import traceback
from collections import Counter
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb

from nascar_warehouse.etl.catalog import run_job
from nascar_warehouse.etl.documents import (
    UNCONDITIONAL,
    Response,
    Selection,
    Validators,
)
from nascar_warehouse.etl.sources.nascar_feed import NascarFeed
from nascar_warehouse.warehouse.build.checks import check_published
from nascar_warehouse.warehouse.errors import NascarError
from nascar_warehouse.warehouse.storage.home import Home
from tests.faults.mutate import mutate
from tests.support.feed import Payload, index, laps, race, result, season, weekend

RACES = 24
"""Races of a season that a run has, each with a weekend and lap times."""

SEASONS = tuple(range(2015, 2025))
BAD_CODES = {1, 2, 6, 7, 8, 130}
"""An exit code that no content of a document may lead to: it blames the program, the person or the machine."""

# What a reader relies on, said another way than in sql/checks/; each gives the rows that break it.
INVARIANTS = {
    "a margin is more than nothing and below a lap": (
        "SELECT race_id, margin_seconds FROM core.race_margins WHERE margin_seconds <= 0 OR margin_seconds > 400"
    ),
    "only a margin in time has seconds": (
        "SELECT race_id, margin_kind FROM core.race_margins WHERE (margin_kind = 'time') <> (margin_seconds IS NOT NULL)"
    ),
    "a ranked finish has a rank, a day, a track and a margin": (
        "SELECT race_id FROM marts.closest_finishes"
        " WHERE rank IS NULL OR race_date IS NULL OR track_name IS NULL OR margin_seconds IS NULL"
    ),
    "a car is once in the results of its race": (
        "SELECT race_id, car_number FROM core.results WHERE source_id = 'nascar_feed' AND is_starter"
        " GROUP BY ALL HAVING count(*) > 1"
    ),
    "a race is once": "SELECT race_id FROM core.races GROUP BY ALL HAVING count(*) > 1",
    "a race with results has a winner": (
        "SELECT race_id FROM core.results WHERE source_id = 'nascar_feed'"
        " GROUP BY race_id HAVING count(*) FILTER (finish_position = 1) <> 1"
    ),
    "nobody has less than no laps": "SELECT race_id FROM core.results WHERE laps_completed < 0 OR laps_led < 0",
    "a lap of a car is once": "SELECT race_id, car_number, lap_number FROM core.laps GROUP BY ALL HAVING count(*) > 1",
    "a lap is of a race": "SELECT race_id FROM core.laps ANTI JOIN core.races USING (race_id)",
}

_VIEWS = """
SELECT schema_name || '.' || view_name FROM duckdb_views() WHERE schema_name IN ('core', 'marts', 'ops') ORDER BY ALL
"""

Documents = dict[str, tuple[bytes, str]]
"""Key → content, and what is wrong with it; "" if nothing."""


@dataclass
class Report:
    """What became of the documents and of the runs, and what should not have been."""

    documents: int = 0
    runs: Counter[str] = field(default_factory=Counter)
    quarantined: int = 0
    failures: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        runs = ", ".join(f"{count} {kind}" for kind, count in sorted(self.runs.items()))
        failed = "".join(f"\n  {failure}" for failure in self.failures)
        return (
            f"{self.documents} documents with something wrong, {self.quarantined} of them quarantined; runs: {runs};"
            f" {len(self.failures)} failures{failed}"
        )


class Given:
    """A fetcher that has these documents and no others."""

    origin = "given"

    def __init__(self, documents: Documents) -> None:
        self._documents = documents

    def fetch(self, url: str, *, validators: Validators = UNCONDITIONAL) -> Response:  # noqa: ARG002  # as a fetcher
        content, _ = self._documents.get(url.split("/cacher/")[1].removesuffix(".json"), (None, ""))
        status = 404 if content is None else 200
        return Response(url, status, content or b"", None, None, datetime.now(UTC))

    def close(self) -> None:
        pass


class Fuzz:
    """Runs of the job below one folder."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.report = Report()
        self._chance = random.Random(seed)  # noqa: S311  # mutations, no secrets
        self._folder = folder
        self._homes = 0

    def run(self, documents: Documents, *, on_top: bool = False) -> None:
        """Give one run these documents: the first that a home sees, or new versions of those that it has."""
        self.report.documents += sum(what != "" for _, what in documents.values())
        failure, kind, quarantined = self._try(documents, on_top=on_top)
        self.report.runs[kind] += 1
        self.report.quarantined += quarantined
        if failure:
            culprits = self._narrow(documents, on_top=on_top)
            wrong = "; ".join(f"{key}: {what}" for key, (_, what) in culprits.items() if what)
            self.report.failures.append(f"{failure} with {wrong}")

    def _try(self, documents: Documents, *, on_top: bool) -> tuple[str, str, int]:
        self._homes += 1
        home = Home(self._folder / f"home-{self._homes}")
        if on_top:
            ingest(home, {key: (whole, "") for key, whole in whole_documents().items()})
        return try_run(home, documents)

    def bad_indexes(self) -> Documents:
        """An index with something wrong for each season."""
        found = {}
        for year in SEASONS:
            # Of these races the almanac knows nothing: an exhibition of Cup, points races of the other series.
            listed = index(
                race(race_id=100 * year, race_season=year, race_type_id=2, race_date=f"{year}-05-05T15:00:00")
            )
            for series_id in (2, 3):
                races = season(3, year)
                for number, entry in enumerate(races):
                    entry |= {"race_id": 100 * year + 10 * series_id + number, "series_id": series_id}
                listed[f"series_{series_id}"] = races
            found[f"{year}/race_list_basic"] = mutate(listed, self._chance)
        return found

    def bad_races(self) -> Documents:
        """A whole index, and for each race a weekend and lap times with something wrong."""
        return {
            key: (whole, "") if key.endswith("basic") else mutate(json.loads(whole), self._chance)
            for key, whole in whole_documents().items()
        }

    def _narrow(self, documents: Documents, *, on_top: bool) -> Documents:
        """As few of the documents as fail too, the whole ones not counted."""
        wrong = [key for key, (_, what) in documents.items() if what]
        for left_out in (wrong[::2], wrong[1::2]):
            fewer = {key: document for key, document in documents.items() if key not in left_out}
            if len(wrong) > 1 and self._try(fewer, on_top=on_top)[0]:
                return self._narrow(fewer, on_top=on_top)
        return documents


def whole_documents() -> dict[str, bytes]:
    """A season of races, each with a weekend and lap times, and nothing wrong."""
    year, found = 2021, {}
    races = season(RACES, year)
    for listed in races:
        race_id = listed["race_id"]
        names = ("race_id", "race_season", "race_name", "race_date")
        feed = weekend([_result(place, name) for place, name in enumerate(_CARS.values(), start=1)])
        [entry] = feed["weekend_race"]
        entry |= {name: listed[name] for name in names}
        for rows in ("results", "caution_segments", "race_leaders"):
            for row in entry[rows]:
                row |= {key: listed[key] for key in ("race_id", "race_season") if key in row}
        found[f"{year}/1/{race_id}/weekend-feed"] = json.dumps(feed).encode()
        found[f"{year}/1/{race_id}/lap-times"] = json.dumps(laps(_CARS)).encode()
    return {f"{year}/race_list_basic": json.dumps(index(*races)).encode()} | found


_CARS = {"11": "Ann Winner", "12": "Bob Second", "13": "Cy Third", "14": "Di Fourth", "15": "Ed Fifth"}


def _result(place: int, name: str) -> Payload:
    led = {1: 60, 2: 40}.get(place, 0)
    return result(place, name, result_id=place, laps_led=led, times_led=min(led, 1))


def ingest(home: Home, documents: Documents) -> tuple[int, bool, int]:
    """Run the job; its exit code, whether it published, how many documents it quarantined."""
    given = Given(documents)
    selection = Selection(
        date(2024, 12, 31), seasons=tuple({int(key[:4]) for key in documents}), extras=frozenset({"laps"})
    )
    outcome = run_job(home, "ingest", asked=[(NascarFeed(), given)], selection=selection)
    return outcome.exit_code, outcome.is_published, outcome.documents_quarantined


def try_run(home: Home, documents: Documents) -> tuple[str, str, int]:
    """What should not have been, "" if nothing; how the run left; how many documents it quarantined."""
    before = home.published_fingerprint()
    quarantined = 0
    try:
        code, _, quarantined = ingest(home, documents)
    except NascarError as error:
        code = error.exit_code
        if before != home.published_fingerprint():
            return f"{type(error).__name__}, and yet something was published", "failed", 0
        if code in BAD_CODES:
            return f"{type(error).__name__}: {error}", "failed", 0
    except Exception:
        return f"no named error: {traceback.format_exc(limit=-3)}", "failed", 0
    if code in BAD_CODES:
        return f"exit {code}", "failed", 0
    return broken_invariant(home), f"exit {code}", quarantined


def broken_invariant(home: Home) -> str:
    """The first thing that does not hold in the published warehouse."""
    if not home.published.exists():
        return ""
    for check in check_published(home):
        if check.is_blocking:
            return f"published, and {check.name} has {check.failing_rows} rows"
    with closing(duckdb.connect(home.published, read_only=True)) as con:
        for name, query in INVARIANTS.items():
            if rows := con.execute(query).fetchall():
                return f"published, and not true that {name}: {rows[:3]}"
        for (view,) in con.execute(_VIEWS).fetchall():
            try:
                con.execute(f"FROM {view}").fetchall()
            except duckdb.Error as error:
                return f"published, and {view} cannot be read: {error}"
    return ""


def fuzz(folder: Path, count: int, seed: int) -> Report:
    """Runs until so many documents with something wrong were given."""
    runs = Fuzz(folder, seed)
    turn = 0
    while runs.report.documents < count:
        turn += 1
        if turn % 3 == 0:
            runs.run(runs.bad_indexes())
        else:
            runs.run(runs.bad_races(), on_top=turn % 6 == 1)
    return runs.report


def main(count: int = 10_000, seed: int = 1) -> int:
    """Fuzz and print."""
    with tempfile.TemporaryDirectory(prefix="nascar-fuzz-") as folder:
        report = fuzz(Path(folder), count, seed)
    print(f"seed {seed}: {report}")
    return 1 if report.failures else 0


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
