"""Where and when a run happens does not matter: time zone, locale, a clock that jumps, another who writes at the same time."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

import duckdb
import pytest

from nascar_warehouse.warehouse.storage.home import Home
from tests.conftest import Ask, Nascar
from tests.support.feed import FeedFolder, race, result, season, weekend
from tests.support.publisher import Clock, opened_publisher

# The locale of the environment, which a Python takes over only on demand.
COMMAND = "import locale; locale.setlocale(locale.LC_ALL, ''); from nascar_warehouse.etl.cli import main; main()"

Tables = dict[str, list[str]]


def start(home: Path, *arguments: object, **environment: str) -> subprocess.Popen[str]:
    """Start the command in a process of its own."""
    return subprocess.Popen(  # noqa: S603  # the interpreter that runs this test
        [sys.executable, "-c", COMMAND, *map(str, arguments)],
        env=os.environ | {"NASCAR_HOME": str(home)} | environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def tables(home: Path) -> Tables:
    """Every row of every relation that means something, as text in a fixed order."""
    with duckdb.connect(home / "nascar.duckdb", read_only=True) as con:
        names = con.execute(
            "SELECT table_schema || '.' || table_name FROM information_schema.tables"
            " WHERE table_schema IN ('core', 'marts') ORDER BY 1"
        ).fetchall()
        return {
            name: [text for (text,) in con.execute(f"SELECT t::VARCHAR FROM {name} AS t ORDER BY 1").fetchall()]
            for (name,) in names
        }


def differing(one: Tables, other: Tables) -> list[str]:
    return [name for name in sorted(one.keys() | other.keys()) if one.get(name) != other.get(name)]


# --- time zone and locale


def put_evening_race(feed: FeedFolder, margin: str) -> None:
    """A race of an evening that is the next day elsewhere, with names and figures that a locale may change."""
    day = {"race_date": "2024-05-05T23:30:00", "margin_of_victory": margin}
    names = ("Ann Wïnner", "Bob Šecond", "Çy Third")
    results = [result(place, name, result_id=place) for place, name in enumerate(names, start=1)]
    feed.put_index(race(**day, average_speed=150.25))
    feed.put_weekend(weekend(results, **day, average_speed=150.25))


def ingest_twice(folder: Path, **environment: str) -> Tables:
    """The tables after a race came and was corrected, all in this environment."""
    feed = FeedFolder(folder / "mirror")
    for margin in ("0.100", "1.234"):
        put_evening_race(feed, margin)
        done = start(folder / "home", "ingest", "nascar_feed", "--mirror", feed, **environment)
        _, err = done.communicate(timeout=60)
        assert (0, True) == (done.returncode, err.endswith("; published\n")), err
    return tables(folder / "home")


@pytest.fixture(scope="session")
def expected(tmp_path_factory: pytest.TempPathFactory) -> Tables:
    found = ingest_twice(tmp_path_factory.mktemp("expected"), TZ="UTC", LC_ALL="C.UTF-8")
    assert any("1.234" in row for row in found["core.race_margins"])
    return found


@pytest.fixture(scope="session")
def german(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The environment of a locale with a decimal comma."""
    folder = tmp_path_factory.mktemp("locale")
    localedef = shutil.which("localedef")
    if localedef:
        line = [localedef, "-i", "de_DE", "-f", "UTF-8", str(folder / "de_DE.UTF-8")]
        subprocess.run(line, capture_output=True, check=False)  # noqa: S603  # makes it where the system has only its source
    environment = {"LC_ALL": "de_DE.UTF-8"} | ({"LOCPATH": str(folder)} if any(folder.iterdir()) else {})
    probe = "import locale; locale.setlocale(locale.LC_ALL, ''); print(locale.localeconv()['decimal_point'])"
    done = subprocess.run(  # noqa: S603  # the interpreter that runs this test
        [sys.executable, "-c", probe], env=os.environ | environment, capture_output=True, text=True, check=False
    )
    if done.stdout != ",\n":
        pytest.skip("this system has no German locale and cannot make one")
    return environment


@pytest.mark.parametrize("zone", ["Pacific/Auckland", "America/Los_Angeles"])
def test_the_time_zone_changes_nothing(expected: Tables, tmp_path: Path, zone: str) -> None:
    assert [] == differing(expected, ingest_twice(tmp_path, TZ=zone))


def test_a_decimal_comma_changes_nothing(expected: Tables, german: dict[str, str], tmp_path: Path) -> None:
    assert [] == differing(expected, ingest_twice(tmp_path, **german))


# --- the clock


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch)


def run_on(days: Sequence[str], home: Path, feed: FeedFolder, clock: Clock) -> list[int]:
    """Ingest from a publisher on these days, while the race is corrected; how the runs left."""
    with opened_publisher(home, clock) as publisher:
        codes = []
        for margin, day in zip(("0.100", "0.200", "0.300"), days, strict=True):
            put_early_race(feed, margin)
            codes.append(publisher.run(day, feed.root).outcome.exit_code)
    return codes


def put_early_race(feed: FeedFolder, margin: str) -> None:
    """A race early in 2021, of which the almanac has nothing."""
    [listed] = season(1, 2021)
    same = {name: listed[name] for name in ("race_id", "race_season", "race_date")} | {"margin_of_victory": margin}
    results = [
        result(place, name, race_season=2021) for place, name in enumerate(("Ann Winner", "Bob Second"), start=1)
    ]
    feed.put_index(listed | same, year=2021)
    feed.put_weekend(weekend(results, **same), year=2021)
    feed.put_index(season(1, 2015)[0] | {"race_id": 8001}, year=2015)


@pytest.mark.parametrize(
    "days",
    [
        pytest.param(("2021-06-01", "2035-01-01", "2021-06-03"), id="ahead and back"),
        pytest.param(("2035-01-01", "2021-06-02", "2021-06-03"), id="ahead at first"),
        pytest.param(("2021-06-01", "2016-01-01", "2021-06-03"), id="back and ahead"),
        pytest.param(("2021-06-01", "1970-01-01", "2035-01-01"), id="back to the beginning and far ahead"),
    ],
)
def test_a_clock_that_jumps_changes_nothing(tmp_path: Path, clock: Clock, days: Sequence[str]) -> None:
    feed = FeedFolder(tmp_path / "site")
    orderly = ("2021-06-01", "2021-06-02", "2021-06-03")
    assert [0, 0, 0] == run_on(orderly, tmp_path / "orderly", feed, clock)
    assert [0, 0, 0] == run_on(days, tmp_path / "jumping", feed, clock)
    assert [] == differing(sources_of(tmp_path / "orderly"), sources_of(tmp_path / "jumping"))


def sources_of(home: Path) -> Tables:
    """The rows without the number of the version that they come from, which counts what was seen in between."""
    return {name: [re.sub(r"(#[0-9a-f]{8})-\d+", r"\1", row) for row in rows] for name, rows in tables(home).items()}


# --- two at once


def test_who_ingests_at_the_same_time_waits_or_leaves_with_7_and_nothing_is_lost(
    nascar: Nascar, tmp_path: Path, home: Path, ask: Ask
) -> None:
    feeds = []
    for number, year in enumerate((2015, 2018, 2021)):
        feed = FeedFolder(tmp_path / f"mirror-{number}")
        feed.put_index(
            *(listed | {"race_id": 10 * year + place} for place, listed in enumerate(season(3, year))), year=year
        )
        feeds.append(feed)
    with ExitStack() as stack:
        writers = [stack.enter_context(start(home, "ingest", "nascar_feed", "--mirror", feed)) for feed in feeds]
        printed = [writer.communicate(timeout=60)[1] for writer in writers]
    codes = [writer.returncode for writer in writers]
    assert ({0}, set()) == (set(codes) & {0}, set(codes) - {0, 7})
    assert all("is being written by" in text for code, text in zip(codes, printed, strict=True) if code == 7)
    for feed in feeds:
        assert 0 == nascar("ingest", "nascar_feed", "--mirror", feed).code
    assert [(year, 3) for year in (2015, 2018, 2021)] == ask(
        "SELECT season, count(*) FROM core.races WHERE source_id = 'nascar_feed' GROUP BY season ORDER BY season"
    )
    assert [] == list(Home(home).building.glob("*"))
