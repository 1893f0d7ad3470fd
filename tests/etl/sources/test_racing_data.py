"""What the season tables and results of Racing-Reference mean, and which of their changes stop a file."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from nascar_warehouse.etl.documents import Parsed, Selection
from nascar_warehouse.etl.sources.racing_data import RacingData
from nascar_warehouse.warehouse.errors import SourceChanged
from tests.support.misbehaving import CHALLENGE_PAGE
from tests.support.racing_data_files import Row, as_results, as_schedule, race, result, without

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


@pytest.mark.parametrize("place", ["", "0"])
def test_the_entries_of_a_race_to_come_are_left_out_and_counted(place: str) -> None:
    rows = [result(1, 1, "Ann Winner"), *(result(2, 0, driver, finish_position=place) for driver in ("Ann", "Bob"))]
    parsed = SOURCE.parse("2021/race_results", as_results(*rows))
    assert (1, ["2021/race_results: 2 rows left out: entries of a race without a single place"]) == (
        len(parsed.rows["racing_data_results"]),
        parsed.notices,
    )


def test_rows_that_are_repeated_are_taken_once_and_counted() -> None:
    schedule = SOURCE.parse("2021/schedule", as_schedule(race(1), race(2), race(1)))
    parsed = SOURCE.parse("2021/race_results", as_results(result(1, 1, "Ann Winner"), result(1, 1, "Ann Winner")))
    assert (2, ["2021/schedule: 1 row left out: repeated"], 1, ["2021/race_results: 1 row left out: repeated"]) == (
        len(schedule.rows["racing_data_races"]),
        schedule.notices,
        len(parsed.rows["racing_data_results"]),
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
        parse_results(as_results(result(1, 1, "Ann Winner"), result(1, 2, "Bob Second", finish_position=position)))
