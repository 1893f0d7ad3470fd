"""What the status says of a home: how fresh, what is wrong, and what to do."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from nascar_warehouse.etl.documents import Document, Response
from nascar_warehouse.etl.monitoring.freshness import STALE_AFTER
from nascar_warehouse.etl.monitoring.status import read_status
from nascar_warehouse.etl.storage.landing import Landing
from nascar_warehouse.warehouse.storage.home import Home
from tests.conftest import Nascar
from tests.support.feed import FeedFolder, race, result, weekend
from tests.support.races_set_aside import two_winners

pytestmark = pytest.mark.slow
"""Whole warehouses are built several times."""

IN_SEASON = datetime(2024, 5, 20, 12, tzinfo=UTC)
OFF_SEASON = datetime(2024, 12, 20, 12, tzinfo=UTC)


def rows_about(nascar: Nascar, what: str) -> list[dict[str, Any]]:
    return [row for row in json.loads(nascar("status", "--format", "json").out) if row["what"] == what]


# --- how fresh


def source_row(home: Path, checked_at: datetime, now: datetime) -> dict[str, Any]:
    """The row of the feed when it was last asked at `checked_at`."""
    document = Document("nascar_feed", "2024/race_list_basic", "https://cf.nascar.com/x.json", is_index=True)
    with Landing(home / "landing") as landing:
        landing.put([(document, Response(document.url, 200, b"{}", None, None, checked_at))], "network")
    rows = read_status(Home(home), now)
    [row] = [row for row in rows.values if row[1] == "nascar_feed"]
    return dict(zip(rows.columns, row, strict=True))


@pytest.mark.parametrize(
    ("age", "now", "state"),
    [
        (timedelta(hours=1), IN_SEASON, "fresh"),
        (STALE_AFTER, IN_SEASON, "fresh"),
        (STALE_AFTER + timedelta(minutes=1), IN_SEASON, "stale"),
        (timedelta(days=40), OFF_SEASON, "fresh"),
        (timedelta(days=400), IN_SEASON, "stale"),
    ],
)
def test_a_source_that_nobody_asks_in_the_season_is_stale(
    home: Path, age: timedelta, now: datetime, state: str
) -> None:
    assert state == source_row(home, now - age, now)["state"]


@pytest.mark.parametrize(("month", "state"), [(1, "fresh"), (2, "stale"), (11, "stale"), (12, "fresh")])
def test_the_season_is_from_february_to_november(home: Path, month: int, state: str) -> None:
    now = datetime(2024, month, 20, tzinfo=UTC)
    assert state == source_row(home, now - timedelta(days=20), now)["state"]


def test_a_stale_source_says_since_when_and_what_to_do(home: Path) -> None:
    said = source_row(home, IN_SEASON - timedelta(days=9), IN_SEASON)["next"]
    assert (
        "last found 9 days ago, during the season: check that the schedule still runs, "
        "and run `nascar ingest nascar_feed`"
    ) == said


@pytest.mark.usefixtures("almanac")
def test_a_source_that_was_never_asked_says_so(nascar: Nascar) -> None:
    never = [
        (name, "never asked", f"run `nascar ingest {name}`")
        for name in ("nascar_feed", "nascar_drivers", "racing_data", "nascar_results", "wikipedia")
    ]
    assert [("almanac", "built in", ""), *never] == [
        (row["name"], row["state"], row["next"]) for row in rows_about(nascar, "source")
    ]


@pytest.mark.usefixtures("one")
def test_when_all_is_well_nobody_has_to_do_anything(nascar: Nascar) -> None:
    rows = json.loads(nascar("status", "--format", "json").out)
    assert {""} == {row["next"] for row in rows if row["state"] != "never found"}


def test_an_opt_in_source_is_shown_once_it_was_asked(nascar: Nascar, home: Path) -> None:
    season = Document("wikipedia_races", "2003/season", "https://en.wikipedia.org/wiki/x", 2003, is_index=True)
    with Landing(home / "landing") as landing:
        landing.put([(season, Response(season.url, 200, b"x", None, None, IN_SEASON))], "network")
    [row] = [row for row in rows_about(nascar, "source") if row["name"] == "wikipedia_races"]
    assert ("complete", "") == (row["state"], row["next"])


def test_a_source_that_was_asked_and_never_found_is_not_fresh(nascar: Nascar, home: Path) -> None:
    index = Document("nascar_feed", "2024/race_list_basic", "https://cf.nascar.com/x.json", is_index=True)
    with Landing(home / "landing") as landing:
        landing.put([(index, Response(index.url, 404, b"", None, None, IN_SEASON))], "network")
    [row] = [row for row in rows_about(nascar, "source") if row["name"] == "nascar_feed"]
    assert ("never found", None) == (row["state"], row["at"])
    assert "run `nascar ingest nascar_feed`" in row["next"]


# --- what is wrong


def test_a_quarantined_document_is_named_with_what_to_do(nascar: Nascar, one: FeedFolder) -> None:
    broken = weekend()
    del broken["weekend_race"][0]["track_name"]
    one.put_weekend(broken)
    nascar("ingest", "--mirror", one)
    [problem] = rows_about(nascar, "problem")
    assert ("nascar_feed 2024/1/9001/weekend-feed", "exit 4", "quarantined") == (
        problem["name"],
        problem["state"],
        problem["detail"].split(":")[0],
    )
    assert problem["next"] != ""
    assert rows_about(nascar, "source")[1]["detail"].endswith(", 1 quarantined")


def test_a_failed_build_is_listed_with_its_path(nascar: Nascar, one: FeedFolder, home: Path) -> None:
    one.put_weekend(weekend([*two_winners(), result(3, "Cy Third")]))
    nascar("ingest", "--mirror", one)
    [path] = (home / "quarantined").iterdir()
    assert [(str(path), "quarantined")] == [(row["name"], row["state"]) for row in rows_about(nascar, "failed build")]


def test_the_last_run_says_what_it_asks_of_a_person_and_an_earlier_one_does_not(
    nascar: Nascar, one: FeedFolder
) -> None:
    assert 3 == nascar("ingest", "--mirror", one, "--season", "2016").code
    assert [("exit 0", ""), ("exit 3", "nothing, the next run asks again")] == [
        (row["state"], row["next"].split(";")[0]) for row in rows_about(nascar, "run")
    ]
    nascar("ingest", "--mirror", one)
    assert {""} == {row["next"] for row in rows_about(nascar, "run")}


def test_a_warehouse_that_was_put_back_says_so(nascar: Nascar, one: FeedFolder) -> None:
    one.put_index(race(margin_of_victory="0.200"))
    nascar("ingest", "--mirror", one)
    nascar("rollback")
    [row] = rows_about(nascar, "warehouse")
    assert "rolled back" == row["state"]
    assert "`nascar build`" in row["next"]


def test_an_acknowledged_problem_is_listed_and_is_no_warning(nascar: Nascar, feed: FeedFolder, tmp_path: Path) -> None:
    feed.put_one_race()
    feed.put_index(race(race_season=2018), year=2017)
    log = nascar("ingest", "nascar_feed", "--mirror", feed, "--metrics", tmp_path / "nascar.prom").err
    assert "2017" not in log
    [problem] = rows_about(nascar, "problem")
    assert ("nascar_feed 2017/race_list_basic", "acknowledged", "") == (
        problem["name"],
        problem["state"],
        problem["next"],
    )
    assert problem["detail"].startswith("the index of 2017 answers with races of 2018: the publisher overwrote ")
    assert "nascar_open_problems 0.0\n" in (tmp_path / "nascar.prom").read_text()
    # Also in the next run, which knows it already.
    assert [True, True] == [", 0 quarantined;" in err for err in (log, nascar("rebuild").err)]


def test_another_problem_of_the_same_document_is_a_warning(nascar: Nascar, feed: FeedFolder) -> None:
    feed.put_one_race()
    feed.put_index(race(race_season=2019), year=2017)
    assert "the index of 2017 answers with races of 2019" in nascar("ingest", "nascar_feed", "--mirror", feed).err


# --- how it is shown


def test_the_table_fits_100_columns_whatever_is_wrong(nascar: Nascar, one: FeedFolder) -> None:
    broken = weekend()
    del broken["weekend_race"][0]["track_name"]
    one.put_weekend(broken)
    nascar("ingest", "--mirror", one)
    lines = nascar("status").out.splitlines()
    assert "next" == lines[0].split()[-1]
    assert [] == [line for line in lines if len(line) > 100]


def test_a_command_in_the_table_can_be_copied(nascar: Nascar, one: FeedFolder) -> None:
    one.put_weekend(weekend([result(1, "Ann Winner", laps_led=100)]))
    nascar("ingest", "--mirror", one)
    [problem] = rows_about(nascar, "problem")
    [command] = re.findall(r"`(nascar accept .+?)`", problem["next"])
    assert command.split()[-1] in nascar("status").out.replace("`", " ").split()


def test_json_has_every_cell_whole(nascar: Nascar, one: FeedFolder, home: Path) -> None:
    broken = weekend()
    del broken["weekend_race"][0]["track_name"]
    one.put_weekend(broken)
    nascar("ingest", "--mirror", one)
    [warehouse] = rows_about(nascar, "warehouse")
    assert str(home / "nascar.duckdb") == warehouse["name"]
    [problem] = rows_about(nascar, "problem")
    assert "https://cf.nascar.com/cacher/2024/1/9001/weekend-feed.json" in problem["next"]


@pytest.mark.usefixtures("one")
def test_a_log_beside_the_published_warehouse_is_named(nascar: Nascar, home: Path) -> None:
    (home / "nascar.duckdb.wal").write_bytes(b"of another program")
    [row] = rows_about(nascar, "write-ahead log")
    assert (str(home / "nascar.duckdb.wal"), "stray") == (row["name"], row["state"])
    assert f"rm {home / 'nascar.duckdb.wal'}" in row["next"]


@pytest.mark.usefixtures("one")
def test_commands_that_read_name_a_log_on_the_error_stream(nascar: Nascar, home: Path) -> None:
    (home / "nascar.duckdb.wal").write_bytes(b"of another program")
    left = nascar("query", "SELECT count(*) AS races FROM core.races WHERE race_id = 'cup-2024-12'", "--format", "csv")
    assert (0, "races\n1\n") == (left.code, left.out)
    assert "nascar.duckdb.wal does not belong to the published warehouse" in left.err


@pytest.mark.usefixtures("one")
def test_the_next_publication_removes_a_log(nascar: Nascar, home: Path) -> None:
    (home / "nascar.duckdb.wal").write_bytes(b"of another program")
    assert 0 == nascar("rebuild").code
    assert [] == list(home.glob("*.wal"))
