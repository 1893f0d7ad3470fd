"""What the season tables and results of Racing-Reference mean, and which of their changes stop a file."""

from __future__ import annotations

import shutil
import sys
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nascar_warehouse.etl import cli
from nascar_warehouse.etl.documents import Parsed, Selection
from nascar_warehouse.etl.sources.racing_data import RacingData
from nascar_warehouse.warehouse.errors import NascarError, SourceChanged
from tests.conftest import Ask, Nascar, ask_file
from tests.support.homes import copy_home
from tests.support.misbehaving import CHALLENGE_PAGE
from tests.support.racing_data_files import (
    RacingDataFolder,
    Row,
    as_results,
    as_schedule,
    race,
    result,
    results,
    without,
)

SOURCE = RacingData()
TODAY = date(2025, 11, 19)


def parse_schedule(content: bytes, season: int = 2021) -> pl.DataFrame:
    return frame_of(SOURCE.parse(f"{season}/schedule", content), "racing_data_races")


def parse_results(content: bytes, season: int = 2021) -> pl.DataFrame:
    return frame_of(SOURCE.parse(f"{season}/race_results", content), "racing_data_results")


def frame_of(parsed: Parsed, table: str) -> pl.DataFrame:
    frame = parsed.rows[table]
    assert isinstance(frame, pl.DataFrame)
    return frame


def two_cars(season: int = 2021) -> list[Row]:
    return [
        result(1, 1, "Ann Winner", season, race_money="1200", race_laps_lead="60", points_earned="43"),
        result(1, 2, "Bob Second", season, race_money="", race_status="engine", race_laps_lead="40"),
    ]


# --- which documents there are


def test_each_season_from_1949_to_today_has_a_table() -> None:
    assert list(range(1949, 2026)) == [root.season for root in SOURCE.index_documents(Selection(TODAY))]


def test_seasons_before_the_first_have_no_table() -> None:
    assert [1949] == [root.season for root in SOURCE.index_documents(Selection(TODAY, (1948, 1949)))]


def test_other_series_than_cup_have_no_table() -> None:
    assert [] == SOURCE.index_documents(Selection(TODAY, series=("nxs", "truck")))


def test_a_table_leads_to_the_results_which_are_due_again_when_it_has_more_races() -> None:
    [root] = SOURCE.index_documents(Selection(TODAY, (2021,)))
    [branch] = SOURCE.detail_documents(root, as_schedule(race(1), race(2)), Selection(TODAY))
    assert ("2021/race_results", "2 races", False) == (branch.key, branch.fingerprint, branch.is_index)
    assert branch.url.endswith("/nascar_cup/race_results/2021_race_results.csv")


def test_a_table_that_is_none_leads_nowhere() -> None:
    [root] = SOURCE.index_documents(Selection(TODAY, (2021,)))
    with pytest.raises(SourceChanged, match="does not begin with the column `season`"):
        SOURCE.detail_documents(root, CHALLENGE_PAGE, Selection(TODAY))


# --- the header that lacks the money column


@pytest.mark.parametrize("season", [1960, 2015, 2016, 2021])
@pytest.mark.parametrize("is_shifted", [False, True])
def test_the_content_says_whether_a_file_is_shifted_whatever_its_year(season: int, is_shifted: bool) -> None:
    frame = parse_results(as_results(*two_cars(season), is_shifted=is_shifted), season)
    assert [("running", "60", "43"), ("engine", "40", "40")] == frame.select(
        "race_status", "race_laps_lead", "points_earned"
    ).rows()


def test_a_shifted_file_has_money_and_no_playoff_points() -> None:
    frame = parse_results(as_results(*two_cars(1960), is_shifted=True), 1960)
    assert [("1200", None), (None, None)] == frame.select("race_money", "playoff_points_earned").rows()


def test_a_right_file_has_playoff_points_and_no_money() -> None:
    frame = parse_results(as_results(*two_cars()))
    assert [(None, "5"), (None, "5")] == frame.select("race_money", "playoff_points_earned").rows()


def test_a_shifted_file_in_which_all_money_is_blank_is_shifted() -> None:
    rows = [row | {"race_money": ""} for row in two_cars(1949)]
    frame = parse_results(as_results(*rows, is_shifted=True), 1949)
    assert ["running", "engine"] == frame["race_status"].to_list()


@pytest.mark.parametrize(
    "changes",
    [
        {"race_status": "100"},  # numbers in both columns
        {"race_laps_lead": "many"},  # words in both
        {"race_status": "", "race_laps_lead": ""},  # nothing in either
    ],
)
def test_a_file_that_fits_neither_shape_is_refused(changes: dict[str, str]) -> None:
    with pytest.raises(SourceChanged, match="neither `race_status` nor `race_laps_lead` holds words"):
        parse_results(as_results(*[row | changes for row in two_cars()]))


def test_a_file_of_which_one_row_is_shifted_is_refused() -> None:
    first, second = two_cars()
    right, shifted = as_results(first), as_results(second, is_shifted=True)
    with pytest.raises(SourceChanged, match="neither"):
        parse_results(right + shifted.split(b"\n", 1)[1])


# --- columns and values


@pytest.mark.parametrize("name", ["race_id_short", "race_short_id"])
def test_a_season_without_the_short_id_is_read(name: str) -> None:
    assert [None] == parse_results(as_results(without(result(1, 1, "Ann Winner"), name))).select(
        pl.col("race_id_short") if name == "race_id_short" else pl.lit(None)
    ).to_series().to_list()
    assert 1 == len(parse_schedule(as_schedule(without(race(1), name))))


def test_a_new_column_is_noticed_and_left_out() -> None:
    parsed = SOURCE.parse("2021/schedule", as_schedule(race(1, mood="good")))
    assert ["new field mood"] == list(parsed.notices)
    assert "mood" not in frame_of(parsed, "racing_data_races").columns


@pytest.mark.parametrize("name", ["race_num", "race_date", "race_winner_name", "race_url"])
def test_a_table_that_lost_a_column_is_refused(name: str) -> None:
    with pytest.raises(SourceChanged, match=f"the column {name} is not there"):
        parse_schedule(as_schedule(without(race(1), name)))


@pytest.mark.parametrize("name", ["finish_position", "driver_name", "race_status", "points_earned"])
def test_results_that_lost_a_column_are_refused(name: str) -> None:
    with pytest.raises(SourceChanged, match=f"the column {name} is not there"):
        parse_results(as_results(without(result(1, 1, "Ann Winner"), name)))


def test_the_order_of_columns_is_of_no_matter() -> None:
    row = result(1, 1, "Ann Winner")
    assert parse_results(as_results(row)).equals(parse_results(as_results(dict(reversed(row.items())))))


def test_unknown_words_are_stored_and_reported_with_the_seed_to_add_them_to() -> None:
    rows = [result(1, 1, "Ann Winner"), result(1, 2, "Bob Second", race_status="Abducted", car="'51 Spyker")]
    parsed = SOURCE.parse("2021/race_results", as_results(*rows))
    assert [
        "unknown status 'abducted', stored as it is; add a row to sql/seeds/result_statuses.csv",
        "unknown make 'spyker', stored as it is; add a row to sql/seeds/make_aliases.csv",
    ] == parsed.notices
    frame = frame_of(parsed, "racing_data_results")
    assert [("running", "Ford"), ("Abducted", "'51 Spyker")] == frame.select("race_status", "car").rows()


def test_an_unknown_venue_is_reported() -> None:
    parsed = SOURCE.parse("2021/schedule", as_schedule(race(1, race_track_id="Moon_Base", race_track_name="Moon")))
    assert [
        "unknown track 'Moon' (Moon_Base), its id is made of its name; add a row to sql/seeds/track_aliases.csv"
    ] == parsed.notices


def test_blank_rows_and_races_to_come_are_left_out_of_a_table_and_counted() -> None:
    blank = dict.fromkeys(race(1), "")
    to_come = race(2, race_winner_name="", race_url="", race_date="")
    parsed = SOURCE.parse("2021/schedule", as_schedule(race(1), blank, to_come))
    assert (1, ["2021/schedule: 2 rows left out: neither `race_winner_name` nor `race_id`"]) == (
        len(parsed.rows["racing_data_races"]),
        parsed.notices,
    )


def test_blank_rows_of_results_are_left_out_and_counted() -> None:
    blank = dict.fromkeys(result(1, 1, "Ann Winner"), "") | {"season": "2021", "series_id": "W"}
    rows = [blank, result(1, 1, "Ann Winner"), blank | {"season": ""}]
    parsed = SOURCE.parse("2021/race_results", as_results(*rows))
    assert (1, ["2021/race_results: 2 rows left out: neither `driver_name` nor `finish_position`"]) == (
        len(parsed.rows["racing_data_results"]),
        parsed.notices,
    )


def test_a_status_may_be_in_capitals_and_have_a_comma() -> None:
    rows = [result(1, 1, "Ann Winner", race_status="Running"), result(1, 2, "Roy Hall", race_status="tires,fuel")]
    assert ["Running", "tires,fuel"] == parse_results(as_results(*rows))["race_status"].to_list()


@pytest.mark.parametrize(
    ("season", "text", "is_taken"),
    [
        (1969, "11/17/68", True),
        (1969, "02/23/69", True),
        (2000, "11/14/99", True),
        (1969, "11/17/67", False),
        (1969, "11/17/70", False),
        (2021, "13/01/21", False),
        (2021, "02/30/21", False),
        (2021, "2/9/21", False),
        (2021, "02/09/2021", False),
        (2021, "2021-02-09", False),
    ],
)
def test_a_date_is_of_its_season_or_of_the_year_before(season: int, text: str, is_taken: bool) -> None:
    content = as_schedule(race(1, season, race_date=text))
    if is_taken:
        assert [text] == parse_schedule(content, season)["race_date"].to_list()
    else:
        with pytest.raises(SourceChanged, match=f"'{text}' in row 1, column `race_date`"):
            parse_schedule(content, season)


@pytest.mark.parametrize(
    ("rows", "column"),
    [
        ([race(1, race_num="0")], "race_num"),
        ([race(1, race_num="first")], "race_num"),
        ([race(1), race(1, race_id="2021_Another")], "race_num"),
        ([race(1), race(2, race_id="2021_Test_1")], "race_url"),
        ([race(1, race_url="https://www.racing-reference.info/")], "race_url"),
        ([race(1, series_id="B")], "series_id"),
        ([race(1, season=2020)], "season"),
    ],
)
def test_a_table_whose_races_cannot_be_told_apart_or_are_of_another_season_is_refused(
    rows: list[Row], column: str
) -> None:
    with pytest.raises(SourceChanged, match=column):
        parse_schedule(as_schedule(*rows))


@pytest.mark.parametrize("position", ["", "-", "first", "1.5", "1000"])
def test_results_need_a_finishing_position(position: str) -> None:
    with pytest.raises(SourceChanged, match="column `finish_position`"):
        parse_results(as_results(result(1, 1, "Ann Winner", finish_position=position)))


# --- documents that are none

SCHEDULE = as_schedule(race(1), race(2))
RESULTS = as_results(*results(1, "Ann Winner", "Bob Second"))


@pytest.mark.parametrize("key", ["2021/schedule", "2021/race_results"])
@pytest.mark.parametrize(
    "content",
    [b"", b"null", b"\n", CHALLENGE_PAGE, b"404: Not Found", b'{"season": 2021}', b"\x00\xff\xfe", b'season,"\n'],
)
def test_what_is_no_table_is_refused(key: str, content: bytes) -> None:
    with pytest.raises(SourceChanged):
        SOURCE.parse(key, content)


@pytest.mark.parametrize(("key", "content"), [("2021/schedule", SCHEDULE), ("2021/race_results", RESULTS)])
def test_a_header_alone_is_refused(key: str, content: bytes) -> None:
    with pytest.raises(SourceChanged, match="the season 2021 has no rows"):
        SOURCE.parse(key, content.split(b"\n")[0] + b"\n")


@pytest.mark.parametrize(("key", "content"), [("2021/schedule", SCHEDULE), ("2021/race_results", RESULTS)])
def test_a_file_cut_off_within_a_row_is_refused(key: str, content: bytes) -> None:
    for length in range(content.rindex(b"\n", 0, -1) + 2, len(content)):
        with pytest.raises(SourceChanged, match="cut off"):
            SOURCE.parse(key, content[:length])


@settings(deadline=None)  # the first example imports the reader
@given(st.sampled_from(["2021/schedule", "2021/race_results"]), st.binary() | st.text().map(str.encode))
def test_no_bytes_break_the_program(key: str, content: bytes) -> None:
    raises_only_ours(key, content)


@settings(deadline=None)  # the first example imports the reader
@given(st.data())
def test_no_damage_to_a_good_file_breaks_the_program(data: st.DataObject) -> None:
    key, good = data.draw(st.sampled_from([("2021/schedule", SCHEDULE), ("2021/race_results", RESULTS)]))
    start = data.draw(st.integers(0, len(good)))
    end = data.draw(st.integers(start, min(start + 40, len(good))))
    raises_only_ours(key, good[:start] + data.draw(st.binary(max_size=8)) + good[end:])


def raises_only_ours(key: str, content: bytes) -> None:
    try:
        SOURCE.parse(key, content)
    except NascarError as error:
        assert SourceChanged.exit_code == error.exit_code  # noqa: PT017  # no error is as good


# --- through the whole job


@pytest.fixture(scope="session")
def seasons(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A warehouse of four seasons in old and new form, one of them with values that are odd; for reading only."""
    folder = tmp_path_factory.mktemp("seasons")
    mirror = RacingDataFolder(folder / "mirror")
    odd = [
        result(1, 1, "Ann Winner", driver_number="07"),
        result(1, 2, "Bob Second", driver_number="7", race_laps_run="-", starting_position="-"),
        result(1, 3, "Cy Third", driver_number="B-29", race_laps_lead="-", points_earned="-"),
        result(1, 4, "Di Fourth", driver_number="97-A", race_laps_run="0", owner_id="", sponsor="-"),
        result(1, 5, "Ed Fifth", driver_number="", race_status="-", car="-", driver_nationality="none"),
        result(1, 6, "Flo Sixth", driver_number="", car="'49 Lincoln"),
    ]
    mirror.put_season([race(1, race_speed="0", race_pole_time="", race_cautions="")], odd)
    mirror.put_season([race(1, 1960)], results(1, "Ann Winner", "Bob Second", season=1960), 1960)
    mirror.put_season(
        [race(1, 1969, race_date="11/17/68"), race(2, 1969, race_date="02/01/69")],
        [*results(1, "Ann Winner", season=1969), *results(2, "Ann Winner", season=1969)],
        1969,
        is_shifted=True,
    )
    short = [without(row, "race_id_short") for row in results(1, "Ann Winner", "Bob Second", season=1971)]
    mirror.put_season([without(race(1, 1971), "race_short_id")], short, 1971, is_shifted=True)
    assert 0 == leave(folder / "home", "ingest", "racing_data", "--season", "1960,1969,1971,2021", "--mirror", mirror)
    return folder / "home"


@pytest.fixture
def ask_seasons(seasons: Path) -> Ask:
    """Ask the warehouse of four seasons."""
    return lambda statement: ask_file(seasons / "nascar.duckdb", statement)


def leave(home: Path, *arguments: object) -> int:
    """Run the command in this process on a home; returns its exit code."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("NASCAR_HOME", str(home))
        patch.setattr(sys, "argv", ["nascar", *map(str, arguments)])
        with pytest.raises(SystemExit) as leaving:
            cli.main()
    return int(leaving.value.code or 0)


@pytest.fixture
def again(seasons: Path, home: Path, tmp_path: Path) -> RacingDataFolder:
    """A home that has the four seasons, and their mirror, to be changed."""

    copy_home(seasons, home)
    shutil.copytree(seasons.parent / "mirror", tmp_path / "mirror")
    return RacingDataFolder(tmp_path / "mirror")


def test_unknown_laps_are_null_and_none_are_zero(ask_seasons: Ask) -> None:
    assert [(100,), (None,), (100,), (0,), (100,), (100,)] == ask_seasons(
        "SELECT laps_completed FROM core.results WHERE race_id = 'cup-2021-01' ORDER BY finish_position"
    )


def test_unknown_laps_led_points_and_start_are_null(ask_seasons: Ask) -> None:
    assert [(2, None, 0, 40), (3, 3, None, None)] == ask_seasons(
        "SELECT finish_position, start_position, laps_led, points FROM core.results"
        " WHERE race_id = 'cup-2021-01' AND finish_position IN (2, 3) ORDER BY ALL"
    )


def test_car_numbers_are_text_and_may_be_blank(ask_seasons: Ask) -> None:
    assert [("07",), ("7",), ("B-29",), ("97-A",), (None,), (None,)] == ask_seasons(
        "SELECT car_number FROM core.results WHERE race_id = 'cup-2021-01' ORDER BY finish_position"
    )


def test_an_unknown_status_make_or_owner_is_null(ask_seasons: Ask) -> None:
    assert [(4, "running", "ford", None), (5, None, None, "test-racing")] == ask_seasons(
        "SELECT finish_position, status, manufacturer_id, owner_id FROM core.results"
        " WHERE race_id = 'cup-2021-01' AND finish_position IN (4, 5) ORDER BY ALL"
    )


def test_the_year_of_a_car_is_no_part_of_its_make(ask_seasons: Ask) -> None:
    assert [("lincoln",)] == ask_seasons("SELECT manufacturer_id FROM core.results WHERE driver_id = 'flo-sixth'")


def test_a_speed_of_zero_is_unknown(ask_seasons: Ask) -> None:
    assert [(None, None, None)] == ask_seasons(
        "SELECT average_speed_mph, pole_speed_mph, cautions FROM core.races WHERE race_id = 'cup-2021-01'"
    )


def test_a_season_may_begin_in_the_year_before(ask_seasons: Ask) -> None:
    assert [("cup-1969-01", date(1968, 11, 17)), ("cup-1969-02", date(1969, 2, 1))] == ask_seasons(
        "SELECT race_id, race_date FROM core.races WHERE season = 1969 AND source_id = 'racing_data' ORDER BY 1"
    )


def test_a_season_without_short_ids_is_published(ask_seasons: Ask) -> None:
    assert [("ann-winner", 1, "running", 40), ("bob-second", 2, "running", 40)] == ask_seasons(
        "SELECT driver_id, finish_position, status, points FROM core.results"
        " WHERE race_id = 'cup-1971-01' ORDER BY finish_position"
    )


def test_each_file_that_means_nothing_is_named_and_the_rest_is_published(
    nascar: Nascar, again: RacingDataFolder, ask: Ask
) -> None:
    again.put_results(as_results(*[row | {"race_status": "1"} for row in results(1, "Zed Wrong", season=1960)]), 1960)
    again.put_schedule(CHALLENGE_PAGE, 1969)
    again.put_schedule(as_schedule(race(1, 2020)), 1971)
    again.put_schedule(b"null", 2021)
    again.put_season([race(1, 1951)], results(1, "Gil New", season=1951), 1951, is_shifted=True)
    left = nascar("ingest", "racing_data", "--season", "1951,1960,1969,1971,2021", "--mirror", again)
    assert 4 == left.code
    for key in ("1960/race_results", "1969/schedule", "1971/schedule", "2021/schedule"):
        assert f"racing_data {key}" in left.err
    assert [("gil-new",)] == ask("SELECT driver_id FROM core.results WHERE race_id = 'cup-1951-01'")
    assert [(0,)] == ask("SELECT count(*) FROM core.drivers WHERE driver_id = 'zed-wrong'")
    assert [(5,)] == ask("SELECT count(*) FROM core.races WHERE source_id = 'racing_data' AND season <> 1951")


def test_a_new_column_is_told_once(nascar: Nascar, again: RacingDataFolder) -> None:
    again.put_results(
        as_results(*[row | {"mood": "good"} for row in results(1, "Ann Winner", "Cy", season=1960)]), 1960
    )
    first = nascar("ingest", "racing_data", "--season", "1960", "--mirror", again)
    again.put_results(as_results(*[row | {"mood": "bad"} for row in results(1, "Ann Winner", "Di", season=1960)]), 1960)
    second = nascar("ingest", "racing_data", "--season", "1960", "--mirror", again)
    assert (0, 1, 0, 0) == (first.code, first.err.count("new field mood"), second.code, second.err.count("mood"))


def test_results_of_a_race_that_the_season_lacks_are_told(nascar: Nascar, again: RacingDataFolder, ask: Ask) -> None:
    rows = [*results(1, "Ann Winner", "Bob Second", season=1960), *results(2, "Lou Lost", season=1960)]
    again.put_results(as_results(*rows), 1960)
    assert 0 == nascar("ingest", "racing_data", "--season", "1960", "--mirror", again).code
    assert [("racing_data", "1960_Test_2", 1960)] == ask("SELECT source_id, race_key, season FROM ops.unmatched")
