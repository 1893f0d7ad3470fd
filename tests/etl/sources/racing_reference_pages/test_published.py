"""Saved race pages through the whole job: they are kept, typed and never requested."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from nascar_warehouse.warehouse.storage.home import Home
from tests.conftest import Ask, Nascar, ask_file
from tests.faults.fuzz import broken_invariant
from tests.support import racing_reference_html as rr
from tests.support.commands import run_on
from tests.support.feed import FeedFolder
from tests.support.misbehaving import misbehaving_server
from tests.support.racing_reference_parsing import KEY, read, save

pytestmark = pytest.mark.slow
"""Whole warehouses are built several times."""


def page_of(season: int, number: int, **changes: str) -> str:
    """The page of another race at Darlington."""
    return rr.page(
        title=f"{season} Goodyear 400",
        series=f"NASCAR Cup Series race number {number} of 36",
        day=f"Sunday, May {number}, {season} at Darlington Raceway, Darlington, SC",
        canonical=None,
        **changes,
    )


NOTHING_KNOWN = dict.fromkeys(("time_of_race", "average_speed", "cautions", "lead_changes"), "n/a")
MARGINS = ["1 lap +", "2 laps", "about 1 car length", "under caution", ""]
ROUNDED = {2018: "about 0.05 seconds", 2020: "0.05 seconds"}

A_LAP_DOWN = ("3", "5", "9", "Chase Elliott", "NAPA   (Rick Hendrick)", "Chevrolet", "292", "running", "0", "40", "0")


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The warehouse of pages with an oddity each; for reading only."""
    base = tmp_path_factory.mktemp("pages")
    header = (*rr.HEADER[:7], "Money", *rr.HEADER[7:])
    row = (*rr.RESULTS[0][:7], "$323,140", *rr.RESULTS[0][7:])
    found = [
        page_of(2021, 13, margin_of_victory="", **NOTHING_KNOWN),
        page_of(2021, 14, time_of_race="9:05", margin_of_victory="0.571 sec"),
        page_of(2021, 15, results=rr.results_table([row], header)),
        # Laps: no race is won by one any more.
        *(page_of(1981, number, margin_of_victory=text) for number, text in enumerate(MARGINS, start=1)),
        # A last car on the lead lap may be disqualified since 2018, which would put the order in doubt.
        *(
            page_of(season, 12, margin_of_victory=text, results=rr.results_table([*rr.RESULTS, A_LAP_DOWN]))
            for season, text in ROUNDED.items()
        ),
    ]
    for number, text in enumerate(found):
        save(base, f"{number}.html", text)
    assert 0 == run_on(base / "home", "ingest", "racing_reference_pages", "--pages", base).code
    return base / "home" / "nascar.duckdb"


def test_saved_pages_are_ingested(home_of_page: Path) -> None:
    assert [("cup", 2021, 12, date(2021, 5, 9), "Goodyear 400", "Darlington Raceway", 293, False, "paved")] == ask_file(
        home_of_page / "nascar.duckdb",
        "SELECT series_id, season, race_number, race_date, race_name, track_name, laps_completed, is_shortened, surface"
        " FROM staging.racing_reference_pages",
    )


def test_the_figures_of_a_page_are_numbers(home_of_page: Path) -> None:
    assert [(Decimal("1.366"), Decimal("400.238"), 11661, Decimal("123.562"), 6, 36, 19, "2.571 sec")] == ask_file(
        home_of_page / "nascar.duckdb",
        "SELECT lap_length_miles, distance_miles, race_time_seconds, average_speed_mph, cautions, caution_laps,"
        " lead_changes, margin_text FROM staging.racing_reference_pages",
    )


def test_what_a_page_does_not_know_is_null(pages: Path) -> None:
    assert [(None,) * 6] == ask_file(
        pages,
        "SELECT race_time_seconds, average_speed_mph, cautions, caution_laps, lead_changes, margin_text"
        " FROM staging.racing_reference_pages WHERE season = 2021 AND race_number = 13",
    )


def test_a_race_of_less_than_an_hour_has_its_seconds(pages: Path) -> None:
    assert [(545,)] == ask_file(
        pages,
        "SELECT race_time_seconds FROM staging.racing_reference_pages WHERE season = 2021 AND race_number = 14",
    )


def test_the_results_of_a_page_are_cast(pages: Path) -> None:
    assert [(1, 4, "19", "Auto-Owners Insurance", "Joe Gibbs", 293, 323140, "running", 248, 59, 7)] == ask_file(
        pages,
        "SELECT finish_position, start_position, car_number, sponsor, owner_name, laps_completed, winnings_usd, status,"
        " laps_led, points, playoff_points FROM staging.racing_reference_pages_results"
        " WHERE season = 2021 AND race_number = 15",
    )


def test_the_margins_of_pages_are_typed(pages: Path) -> None:
    assert [
        ("1 lap +", "laps", Decimal(1), True, False),
        ("2 laps", "laps", Decimal(2), False, False),
        ("about 1 car length", "car_lengths", Decimal(1), False, True),
        ("under caution", "under_caution", None, False, False),
        (None, None, None, None, None),
    ] == ask_file(
        pages,
        "SELECT margin_text, margin_kind, margin_value, is_lower_bound, is_approximate"
        " FROM raw.racing_reference_pages WHERE season = 1981 ORDER BY margin_text",
    )


@pytest.mark.parametrize(("season", "is_approximate", "ranked"), [(2018, True, 0), (2020, False, 1)])
def test_a_margin_that_its_page_rounded_is_known_and_not_ranked(
    pages: Path, season: int, is_approximate: bool, ranked: int
) -> None:
    assert [("time", Decimal("0.05"), is_approximate)] == ask_file(
        pages,
        "SELECT margin_kind, margin_seconds, is_approximate FROM core.race_margins"
        f" WHERE source_id = 'racing_reference_pages' AND basis = 'line' AND race_id LIKE 'cup-{season}-%'",
    )
    assert [(ranked,)] == ask_file(
        pages,
        f"SELECT count(*) FROM marts.closest_finishes WHERE source_id = 'racing_reference_pages' AND season = {season}",
    )
    assert [(0,)] == ask_file(pages, f"SELECT sum(margins_unknown) FROM marts.margin_coverage WHERE season = {season}")


def test_a_page_that_is_saved_again_corrects_it(nascar: Nascar, folder: Path, kept: Path, ask: Ask) -> None:
    kept.unlink()
    save(folder, "another name.html", rr.page(margin_of_victory="2.570 sec"))
    assert 0 == read(nascar, folder).code
    assert [("2.570 sec",)] == ask("SELECT margin_text FROM staging.racing_reference_pages")
    assert [("margin_text", "2.571 sec", "2.570 sec")] == ask(
        "SELECT column_name, old_value, new_value FROM ops.changes"
    )


@pytest.mark.usefixtures("kept")
def test_pages_read_again_publish_nothing(nascar: Nascar, folder: Path) -> None:
    left = read(nascar, folder)
    assert 0 == left.code
    assert left.err.endswith("nothing new, nothing published\n")


@pytest.mark.parametrize("command", ["build", "rebuild"])
def test_kept_pages_are_built_without_their_folder(nascar: Nascar, kept: Path, ask: Ask, command: str) -> None:
    kept.unlink()
    assert 0 == nascar(command).code
    assert [(1,)] == ask("SELECT count(*) FROM staging.racing_reference_pages")


@pytest.mark.usefixtures("kept")
def test_kept_pages_stay_when_other_sources_are_ingested(nascar: Nascar, feed: FeedFolder, ask: Ask) -> None:
    feed.put_one_race()
    assert 0 == nascar("ingest", "--mirror", feed).code
    assert [(1,)] == ask("SELECT count(*) FROM staging.racing_reference_pages")


def test_pages_may_be_read_along_with_what_is_fetched(nascar: Nascar, folder: Path, feed: FeedFolder, ask: Ask) -> None:
    save(folder, "a.html", rr.page())
    feed.put_one_race()
    assert 0 == nascar("ingest", "--pages", folder, "--mirror", feed).code
    assert [(1, 1)] == ask(
        "SELECT count(*), (SELECT count(*) FROM raw.nascar_feed_weekends) FROM staging.racing_reference_pages"
    )


def test_a_dry_run_names_the_pages_and_keeps_nothing(nascar: Nascar, folder: Path, home: Path) -> None:
    save(folder, "a.html", rr.page())
    left = read(nascar, folder, "--dry-run", "--format", "csv")
    assert (0, []) == (left.code, list(home.rglob("*")))
    assert KEY in left.out


@pytest.mark.usefixtures("kept")
def test_no_request_leaves_for_a_saved_page(nascar: Nascar, folder: Path) -> None:
    save(folder, "b.html", rr.CHALLENGE)
    with misbehaving_server({}) as server:
        first = read(nascar, folder, "--mirror", server.url)
        again = read(nascar, folder, "--mirror", server.url, "--season", "2021")
    assert ([], 4, 4) == (server.requests, first.code, again.code)


@pytest.mark.usefixtures("kept")
def test_a_kept_page_is_never_asked_for_where_it_came_from(nascar: Nascar) -> None:
    with misbehaving_server({}) as server:
        nascar("ingest", "--mirror", server.url, "--season", "2021")
    assert [] == [request.path for request in server.requests if "racing-reference" in request.path]


def test_a_count_that_no_race_has_is_unknown_and_every_view_can_be_read(
    nascar: Nascar, tmp_path: Path, home: Path, ask: Ask
) -> None:
    much = "99999999"
    second = ("2", much, *rr.SECOND[2:], "46", "0")
    page = rr.page(
        cautions=f"{much} for {much} laps", lead_changes=much, results=rr.results_table([rr.RESULTS[0], second])
    )
    save(tmp_path, "race.html", page)
    assert 0 == nascar("ingest", "racing_reference_pages", "--pages", tmp_path).code
    assert "" == broken_invariant(Home(home))
    assert [(None, None, None)] == ask(
        "SELECT DISTINCT cautions, caution_laps, lead_changes FROM core.race_readings"
        " WHERE source_id = 'racing_reference_pages'"
    )
    assert [(1, 4), (2, None)] == ask(
        "SELECT finish_position, start_position FROM core.results"
        " WHERE source_id = 'racing_reference_pages' ORDER BY finish_position"
    )
