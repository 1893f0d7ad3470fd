"""Which rows a weekend feed and lap times give, what stops them, and what is left out with a notice."""

from __future__ import annotations

import json
from typing import Any

import polars as pl
import pytest

from nascar_warehouse.etl.documents import Parsed, Rows
from nascar_warehouse.etl.sources.nascar_feed import NascarFeed
from nascar_warehouse.warehouse.errors import SourceChanged
from tests.support import feed

SOURCE = NascarFeed()
WEEKEND = "2024/1/9001/weekend-feed"
LAPS = "2024/1/9001/lap-times"


def dump(value: object) -> bytes:
    return json.dumps(value).encode()


def parse_weekend(payload: feed.Payload) -> Parsed:
    return SOURCE.parse(WEEKEND, dump(payload))


def values(rows: Rows, *columns: str) -> list[tuple[Any, ...]]:
    if isinstance(rows, pl.DataFrame):
        return rows.select(columns).rows()
    return [tuple(getattr(row, column) for column in columns) for row in rows]


def without(payload: feed.Payload, *names: str) -> feed.Payload:
    return {name: value for name, value in payload.items() if name not in names}


def lap_times(**changes: object) -> feed.Payload:
    car = {
        "Number": "5",
        "FullName": "Ann Winner",
        "Manufacturer": "Ford",
        "RunningPos": 1,
        "NASCARDriverID": 1,
        "Laps": [
            {"Lap": 0, "LapTime": None, "LapSpeed": None, "RunningPos": 2},
            {"Lap": 1, "LapTime": 31.25, "LapSpeed": "172.8", "RunningPos": 1},
        ],
    }
    return {"laps": [car], "flags": []} | changes


def test_a_weekend_feed_has_no_winner_and_need_not_have_one() -> None:
    assert [(None,)] == values(parse_weekend(feed.weekend()).rows["nascar_feed_weekends"], "winner_driver_id")


def test_a_weekend_feed_that_lost_the_margin_of_victory_is_refused() -> None:
    payload = feed.weekend()
    del payload["weekend_race"][0]["margin_of_victory"]
    with pytest.raises(SourceChanged, match="margin_of_victory"):
        parse_weekend(payload)


@pytest.mark.parametrize("place", ["results", "caution_segments", "race_leaders"])
def test_a_row_of_another_race_is_refused_with_its_place(place: str) -> None:
    payload = feed.weekend()
    payload["weekend_race"][0][place][0]["race_id"] = 7
    with pytest.raises(SourceChanged, match=rf"race 7 at `\$\.weekend_race\[0\]\.{place}\[0\]"):
        parse_weekend(payload)


@pytest.mark.parametrize(("field", "value"), [("finishing_position", -1), ("laps_completed", 2**31), ("laps_led", -5)])
def test_a_count_that_cannot_be_is_refused_with_its_field(field: str, value: int) -> None:
    payload = feed.weekend()
    payload["weekend_race"][0]["results"][0][field] = value
    with pytest.raises(SourceChanged, match=field):
        parse_weekend(payload)


def test_a_weekend_feed_gives_rows_of_five_tables() -> None:
    rows = parse_weekend(feed.weekend()).rows
    assert {
        "nascar_feed_results": 3,
        "nascar_feed_weekends": 1,
        "nascar_feed_cautions": 1,
        "nascar_feed_leaders": 2,
        "nascar_feed_stage_results": 1,
    } == {name: len(found) for name, found in rows.items()}


def test_a_stage_result_knows_its_race_and_stage() -> None:
    rows = parse_weekend(feed.weekend()).rows["nascar_feed_stage_results"]
    assert [(9001, 1, 1, "12", "Bob Second", 10)] == values(
        rows, "race_id", "stage_number", "finishing_position", "car_number", "driver_fullname", "stage_points"
    )


def test_the_results_of_a_weekend_are_the_table_whose_loss_is_noticed() -> None:
    assert "nascar_feed_results" == next(iter(parse_weekend(feed.weekend()).rows))


@pytest.mark.parametrize("race", ["2024/1/9002", "2024/2/9001", "2023/1/9001", "2024/1/90011", "12024/1/9001"])
def test_the_weekend_of_another_race_is_refused(race: str) -> None:
    with pytest.raises(SourceChanged, match="this is race 2024/1/9001 at"):
        SOURCE.parse(f"{race}/weekend-feed", dump(feed.weekend()))


def test_a_weekend_of_two_races_is_refused() -> None:
    payload = feed.weekend()
    payload["weekend_race"] *= 2
    with pytest.raises(SourceChanged, match="2 races at"):
        parse_weekend(payload)


@pytest.mark.parametrize("content", [b"null", b" null\n", b'{"weekend_race": [], "weekend_runs": []}'])
def test_a_weekend_feed_with_nothing_in_it_has_no_rows_and_is_reported(content: bytes) -> None:
    expected = Parsed({"nascar_feed_results": []}, [f"{WEEKEND}: there is nothing in it"], is_preliminary=True)
    assert expected == SOURCE.parse(WEEKEND, content)


def test_a_race_without_results_is_still_to_come() -> None:
    parsed = parse_weekend(feed.entry_list())
    assert (0, 1, True, []) == (
        len(parsed.rows["nascar_feed_results"]),
        len(parsed.rows["nascar_feed_weekends"]),
        parsed.is_preliminary,
        parsed.notices,
    )


def test_an_entry_list_is_preliminary_and_results_are_not() -> None:
    entries = feed.entry_list("Ann Winner", "Bob Second")
    assert (True, False) == (parse_weekend(entries).is_preliminary, parse_weekend(feed.weekend()).is_preliminary)


@pytest.mark.parametrize("changes", [{}, {"car_number": None, "team_id": None, "car_make": None}])
def test_a_row_without_a_driver_and_a_place_is_left_out_and_counted(changes: feed.Payload) -> None:
    blank = feed.result(0, " ", **changes)
    parsed = parse_weekend(feed.weekend([feed.result(1, "Ann Winner"), blank, blank]))
    assert ([("Ann Winner",)], [f"{WEEKEND}: 2 rows left out: neither a driver nor a place"]) == (
        values(parsed.rows["nascar_feed_results"], "driver_fullname"),
        parsed.notices,
    )


def test_null_in_an_entry_list_says_what_a_blank_says() -> None:
    blank = feed.entry_list("Ann Winner", "Bob Second")
    unknown = feed.entry_list("Ann Winner", "Bob Second")
    [race] = unknown["weekend_race"]
    race |= {"number_of_cautions": None, "average_speed": None, "total_race_time": None}
    for row in race["results"]:
        row |= {"finishing_position": None, "laps_led": None, "car_number": None, "points_earned": None}
    for row in blank["weekend_race"][0]["results"]:
        row |= {"car_number": "", "points_earned": 0}
    assert parse_weekend(blank).rows["nascar_feed_results"] == parse_weekend(unknown).rows["nascar_feed_results"]


def test_null_in_the_place_of_a_list_is_an_empty_list_before_the_race_only() -> None:
    entries = feed.entry_list()
    entries["weekend_race"][0] |= dict.fromkeys(("results", "caution_segments", "race_leaders", "stage_results"))
    parsed = parse_weekend(entries)
    assert ([0, 0], True) == (
        [len(parsed.rows[f"nascar_feed_{name}"]) for name in ("results", "cautions")],
        parsed.is_preliminary,
    )
    finished = feed.weekend()
    finished["weekend_race"][0]["results"] = None
    with pytest.raises(SourceChanged, match="results"):
        parse_weekend(finished)


@pytest.mark.parametrize("text", ["0", "", ".138", "Under Caution", None])
def test_a_margin_that_is_known_or_not_recorded_is_not_reported(text: str | None) -> None:
    assert [] == parse_weekend(feed.weekend(margin_of_victory=text)).notices


def test_an_unknown_margin_is_stored_and_reported() -> None:
    parsed = parse_weekend(feed.weekend(margin_of_victory="by a nose"))
    assert ([("by a nose",)], ["2024/1/9001: unknown margin 'by a nose', stored as it is and not used"]) == (
        values(parsed.rows["nascar_feed_weekends"], "margin_of_victory"),
        parsed.notices,
    )


@pytest.mark.parametrize(
    ("clock", "is_run"), [("", False), ("0:00:00", False), ("00:00:00", False), (None, False), ("0:00:01", True)]
)
def test_a_race_time_of_zero_says_as_little_as_a_blank(clock: str | None, is_run: bool) -> None:
    parsed = parse_weekend(feed.entry_list("Ann Winner", total_race_time=clock, number_of_leaders=0))
    assert [(is_run,)] == values(parsed.rows["nascar_feed_weekends"], "is_final")


@pytest.mark.parametrize(("clock", "is_run"), [("", False), (None, False), ("00:00:00", True)])
def test_a_race_that_had_leaders_was_run_though_its_time_is_zero(clock: str | None, is_run: bool) -> None:
    parsed = parse_weekend(feed.entry_list("Ann Winner", total_race_time=clock, number_of_leaders=4))
    assert [(is_run,)] == values(parsed.rows["nascar_feed_weekends"], "is_final")


def test_null_in_a_result_stops_the_feed() -> None:
    with pytest.raises(SourceChanged, match="laps_led"):
        parse_weekend(feed.weekend([feed.result(1, "Ann Winner"), feed.result(2, "Bob Second", laps_led=None)]))


def test_a_car_with_two_results_keeps_the_better_one() -> None:
    results = [feed.result(3, "Ann Winner", car_number="5"), feed.result(1, "Ann Winner", car_number="5")]
    parsed = parse_weekend(feed.weekend([*results, feed.result(2, "Bob Second")]))
    assert ([(1, "5"), (2, "12")], [f"{WEEKEND}: 1 row left out: the car has another result"]) == (
        values(parsed.rows["nascar_feed_results"], "finishing_position", "car_number"),
        parsed.notices,
    )


def test_cars_without_a_number_are_not_one_car() -> None:
    results = [feed.result(place, name, car_number="") for place, name in [(1, "Ann Winner"), (2, "Bob Second")]]
    assert 2 == len(parse_weekend(feed.weekend(results)).rows["nascar_feed_results"])


def test_the_same_result_may_be_listed_twice() -> None:
    entry = feed.result(1, "Ann Winner", laps_led=100)
    parsed = parse_weekend(feed.weekend([entry, entry | {"points_position": 2}]))
    assert (2, []) == (len(parsed.rows["nascar_feed_results"]), parsed.notices)


def test_a_car_that_is_twice_in_a_stage_keeps_its_first_place() -> None:
    payload = feed.weekend()
    rows = payload["weekend_race"][0]["stage_results"][0]["results"]
    rows.append(rows[0] | {"finishing_position": 2})
    parsed = parse_weekend(payload)
    assert ([(1,)], [f"{WEEKEND}: 1 row left out: the car has another place in the stage"]) == (
        values(parsed.rows["nascar_feed_stage_results"], "finishing_position"),
        parsed.notices,
    )


def test_unknown_words_are_stored_and_reported_once_with_the_seed_to_add_them_to() -> None:
    results = [
        feed.result(1, "Ann Winner", car_make="Spyker"),
        feed.result(2, "Bob Second", finishing_status="Abducted"),
        feed.result(3, "Cy Third", finishing_status="Abducted"),
    ]
    payload = feed.weekend(results, track_id=7777, track_name="Moon Base")
    payload["weekend_race"][0]["caution_segments"][0]["reason"] = "Eclipse"
    parsed = parse_weekend(payload)
    assert [
        "unknown finishing status 'Abducted', stored as it is; add a row to sql/seeds/finishing_statuses.csv",
        "unknown make 'spyker', stored as it is; add a row to sql/seeds/make_aliases.csv",
        "unknown reason of a caution 'Eclipse', stored as it is; add a row to sql/seeds/caution_reasons.csv",
        "unknown track 'Moon Base' (7777), its id is made of its name; add a row to sql/seeds/track_aliases.csv",
    ] == parsed.notices
    assert [("Running",), ("Abducted",), ("Abducted",)] == values(
        parsed.rows["nascar_feed_results"], "finishing_status"
    )


@pytest.mark.parametrize("name", ["finishing_status", "car_make", "team_name"])
def test_a_word_may_be_unknown(name: str) -> None:
    parsed = parse_weekend(feed.weekend([feed.result(1, "Ann Winner", **{name: None})]))
    assert [(None,)] == values(parsed.rows["nascar_feed_results"], name)


@pytest.mark.parametrize("status", ["Fuel", "Gear", "Roof Hatch", "Tie Rod"])
def test_a_status_that_other_sources_have_too_is_known(status: str) -> None:
    assert [] == parse_weekend(feed.weekend([feed.result(1, "Ann Winner", finishing_status=status)])).notices


def test_an_unknown_type_of_race_is_refused_in_a_weekend_too() -> None:
    with pytest.raises(SourceChanged, match=r"`\$.weekend_race\[0\].race_type_id`"):
        parse_weekend(feed.weekend(race_type_id=9))


def test_a_new_field_of_every_result_is_noticed_once() -> None:
    results = [feed.result(place, name, tyres="soft") for place, name in [(1, "Ann Winner"), (2, "Bob Second")]]
    assert ["new field $.weekend_race[].results[].tyres"] == list(parse_weekend(feed.weekend(results)).notices)


def test_a_result_lost_a_field_that_it_must_have() -> None:
    with pytest.raises(SourceChanged, match=r"`laps_led` - at `\$.weekend_race\[0\].results\[0\]`"):
        parse_weekend(feed.weekend([without(feed.result(1, "Ann Winner"), "laps_led")]))


@pytest.mark.parametrize("name", ["disqualified", "diff_laps", "diff_time"])
def test_a_field_that_results_have_since_2020_is_unknown_before_and_must_be_there_since(name: str) -> None:
    def parse_season(season: int) -> Parsed:
        row = without(feed.result(1, "Ann Winner", race_season=season), name)
        return SOURCE.parse(f"{season}/1/9001/weekend-feed", dump(feed.weekend([row], race_season=season)))

    assert [(None,)] == values(parse_season(2019).rows["nascar_feed_results"], name)
    with pytest.raises(SourceChanged, match=f"a result of race 9001 of 2020 lacks the field `{name}`"):
        parse_season(2020)


def test_lap_times_give_a_row_for_each_lap_of_a_car() -> None:
    rows = SOURCE.parse(LAPS, dump(lap_times())).rows["nascar_feed_laps"]
    assert [
        (9001, "5", 1, "Ann Winner", 0, None, None, 2),
        (9001, "5", 1, "Ann Winner", 1, 31.25, "172.8", 1),
    ] == values(rows, *SOURCE.tables["nascar_feed_laps"].columns)


def test_two_cars_with_one_number_have_each_lap_once() -> None:
    times = lap_times()
    times["laps"].append({**times["laps"][0], "FullName": "Bob Second"})
    rows = SOURCE.parse(LAPS, dump(times)).rows["nascar_feed_laps"]
    assert [(0, "Ann Winner"), (1, "Ann Winner")] == values(rows, "lap", "driver_fullname")


def test_the_columns_of_lap_times_are_those_of_their_table() -> None:
    rows = SOURCE.parse(LAPS, dump(lap_times())).rows["nascar_feed_laps"]
    assert isinstance(rows, pl.DataFrame)
    assert list(SOURCE.tables["nascar_feed_laps"].columns) == rows.columns


def test_a_lap_that_is_there_twice_is_taken_once() -> None:
    times = lap_times()
    times["laps"][0]["Laps"].append({"Lap": 1, "LapTime": 99.0, "LapSpeed": "1.0", "RunningPos": 9})
    parsed = SOURCE.parse(LAPS, dump(times))
    assert ([(0, None), (1, 31.25)], [f"{LAPS}: 1 row left out: the lap of the car is there twice"]) == (
        values(parsed.rows["nascar_feed_laps"], "lap", "lap_time"),
        parsed.notices,
    )


def test_lap_times_with_nothing_in_them_have_no_rows_and_are_reported() -> None:
    expected = Parsed({"nascar_feed_laps": []}, [f"{LAPS}: there is nothing in it"], is_preliminary=True)
    assert expected == SOURCE.parse(LAPS, b"null")


def test_lap_times_without_cars_give_no_rows() -> None:
    assert {"nascar_feed_laps": []} == SOURCE.parse(LAPS, dump(lap_times(laps=[]))).rows
