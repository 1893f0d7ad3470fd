"""The figures of articles about races, through the whole job."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from tests.conftest import Ask, Nascar, ask_file
from tests.support import wikipedia_articles as wiki
from tests.support.commands import run_on
from tests.support.homes import copy_home
from tests.support.racing_data_files import RacingDataFolder, race, results

pytestmark = pytest.mark.slow
"""Whole warehouses are built several times."""

YEAR = 1998
NUMBERS = (4, 6, 7)
"""Races of which the facts that come with the program have nothing."""

NUMBER = "Race {} of 36 in the 1998 NASCAR Winston Cup Series"
KANSAS = '<a href="/wiki/Kansas_Speedway">Kansas Speedway</a>, Kansas City'
LINES = (
    "Margin of victory: 1.25 seconds",
    "Time of race: 59 minutes, 58 seconds",
    "Cautions: 3 for 17 laps",
    "Lead changes: 8 among 3 drivers",
)


@pytest.fixture(scope="module")
def mirror(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A season of three races as Racing-Reference has it, and Wikipedia's articles about them."""
    folder = tmp_path_factory.mktemp("articles") / "mirror"
    races = [race(number, YEAR, race_date=f"02/0{number}/98", race_cautions="") for number in NUMBERS]
    rows = [row for number in NUMBERS for row in results(number, "Ann Winner", "Bob Second", season=YEAR)]
    RacingDataFolder(folder).put_season(races, rows, YEAR)
    put(
        folder,
        "1998_NASCAR_Winston_Cup_Series",
        wiki.season_article(
            "1998 First 300",
            "1998 Second 300",
            "1998 Third 300",
            "1998 Race of the moon",
            season=YEAR,
            series="NASCAR Winston Cup Series",
        ),
    )
    put_race(folder, "1998 First 300", box(4, winner="Ann Winner"), wiki.statistics(*LINES))
    put_race(folder, "1998 Second 300", box(6, winner=None), wiki.statistics("Margin of victory: 2 car lengths"))
    put_race(folder, "1998 Third 300", box(7, winner="Ann Winner"))
    put_race(folder, "1998 Race of the moon", box(28, winner="Neil A."), wiki.statistics(*LINES))
    return folder


@pytest.fixture(scope="module")
def home_of_articles(mirror: Path) -> Path:
    """A home into which both were ingested; to be read or copied."""
    home = mirror.parent / "home"
    left = run_on(home, "ingest", "racing_data", "wikipedia_races", "--season", YEAR, "--mirror", mirror)
    assert 0 == left.code, left.err
    assert "wikipedia_races: 5 documents asked for, 5 new, 0 missing" in left.err
    return home


def box(day: int, winner: str | None) -> str:
    return wiki.box(date=f"February {day}, 1998", winner=winner, location=KANSAS, number=NUMBER.format(day))


def put(mirror: Path, page: str, content: bytes) -> None:
    file = mirror / "en.wikipedia.org" / "wiki" / page
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)


def put_race(mirror: Path, title: str, *parts: str) -> None:
    put(mirror, title.replace(" ", "_"), wiki.race_article(*parts, title=title))


def asked(home: Path, statement: str) -> list[tuple[object, ...]]:
    return ask_file(home / "nascar.duckdb", statement)


def test_the_figures_are_facts_of_their_races(home_of_articles: Path) -> None:
    assert [
        ("cup-1998-04", 3598, 3, 17, Decimal("1.25"), "wikipedia_races"),
        ("cup-1998-06", None, None, None, None, "wikipedia_races"),
        ("cup-1998-07", None, None, None, None, "racing_data"),
    ] == asked(
        home_of_articles,
        "SELECT race_id, race_time_seconds, cautions, caution_laps, margin_seconds, margins.source_id"
        " FROM core.races INNER JOIN core.race_margins AS margins USING (race_id)"
        " WHERE season = 1998 AND race_number IN (4, 6, 7) AND basis = 'line' ORDER BY race_id",
    )


def test_what_the_source_of_the_races_states_is_preferred(home_of_articles: Path) -> None:
    assert [("1", "racing_data", True), ("8", "wikipedia_article", False)] == asked(
        home_of_articles,
        "SELECT value, reading, is_believed FROM core.race_facts WHERE race_id = 'cup-1998-04' AND fact = 'lead_changes'"
        " ORDER BY reading",
    )


def test_a_race_is_known_by_winner_and_day_or_by_track_and_day(home_of_articles: Path) -> None:
    assert [
        ("1998 First 300", "cup-1998-04", "winner and day"),
        ("1998 Race of the moon", None, None),
        ("1998 Second 300", "cup-1998-06", "venue and day"),
    ] == asked(
        home_of_articles,
        "SELECT race_key, race_id, matched_by FROM core.listed_races WHERE source_id = 'wikipedia_races' ORDER BY race_key",
    )


def test_an_article_alone_makes_no_race(home_of_articles: Path) -> None:
    assert [] == asked(home_of_articles, "SELECT race_id FROM core.races WHERE race_date = '1998-02-28'")


def test_the_closest_finishes_have_the_margin_with_its_address(
    nascar: Nascar, home: Path, home_of_articles: Path
) -> None:
    copy_home(home_of_articles, home)
    rows = json.loads(nascar("closest", "--season", YEAR, "--format", "json").out)
    [row] = [row for row in rows if row["race_id"] == "cup-1998-04"]
    assert ("1.25 seconds", "wikipedia_races") == (row["margin_text"], row["source_id"])
    explained = nascar("why", "cup-1998-04").out
    assert "https://en.wikipedia.org/wiki/1998_First_300" in explained


@pytest.mark.slow
def test_another_run_with_the_same_articles_publishes_nothing_and_a_rebuild_is_the_same(
    nascar: Nascar, home: Path, home_of_articles: Path, mirror: Path, ask: Ask
) -> None:
    copy_home(home_of_articles, home)
    left = nascar("ingest", "wikipedia_races", "--season", YEAR, "--mirror", mirror)
    assert (0, True) == (left.code, left.err.endswith("nothing new, nothing published\n"))
    assert 0 == nascar("rebuild").code
    assert [(date(1998, 2, 4), 3598), (date(1998, 2, 6), None), (date(1998, 2, 28), 3598)] == ask(
        "SELECT race_date, race_time_seconds FROM staging.wikipedia_races ORDER BY race_date"
    )


@pytest.mark.slow
def test_one_unlike_page_is_a_problem_and_the_others_are_published(
    nascar: Nascar, home: Path, home_of_articles: Path, mirror: Path, tmp_path: Path, ask: Ask
) -> None:
    copy_home(home_of_articles, home)
    copy_home(mirror, tmp_path / "mirror")
    put(tmp_path / "mirror", "1998_First_300", b"<html><title>Are you a robot?</title></html>")
    put_race(tmp_path / "mirror", "1998 Second 300", box(6, None), wiki.statistics("Margin of victory: 3 car lengths"))
    left = nascar("ingest", "wikipedia_races", "--season", YEAR, "--mirror", tmp_path / "mirror")
    assert 4 == left.code
    assert "problem: wikipedia_races 1998/1998_First_300: unexpected content: not an article of Wikipedia" in left.err
    assert [("1.25 seconds",), ("3 car lengths",)] == ask(
        "SELECT margin_text FROM core.race_margins WHERE source_id = 'wikipedia_races' AND basis = 'line' ORDER BY race_id"
        " LIMIT 2"
    )


@pytest.mark.slow
def test_two_names_of_one_article_are_one_race(
    nascar: Nascar, home: Path, home_of_articles: Path, mirror: Path, tmp_path: Path, ask: Ask
) -> None:
    copy_home(home_of_articles, home)
    copy_home(mirror, tmp_path / "mirror")
    first = wiki.race_article(box(4, "Ann Winner"), wiki.statistics(*LINES), title="1998 First 300")
    put(tmp_path / "mirror", "1998_Third_300", first)
    left = nascar("ingest", "wikipedia_races", "--season", YEAR, "--mirror", tmp_path / "mirror")
    assert 0 == left.code
    assert [(1,)] == ask("SELECT count(*) FROM staging.wikipedia_races WHERE race_page = '1998 First 300'")


def test_a_plain_ingest_leaves_it_alone(nascar: Nascar, mirror: Path) -> None:
    left = nascar("ingest", "--season", YEAR, "--mirror", mirror, "--dry-run")
    assert (0, False) == (left.code, "wikipedia_races" in left.out)
