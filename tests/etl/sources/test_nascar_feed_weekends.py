"""Which rows a weekend feed gives, what stops it, and what is left out with a notice."""

from __future__ import annotations

import pytest

from nascar_warehouse.etl.documents import Parsed
from nascar_warehouse.warehouse.errors import SourceChanged
from tests.support import feed
from tests.support.feed_documents import SOURCE, WEEKEND, dump, parse_weekend, values, without


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


@pytest.mark.parametrize(
    ("field", "value"),
    [("finishing_position", -1), ("starting_position", 1000), ("laps_completed", 100_000), ("laps_led", -5)],
)
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


@pytest.mark.parametrize("text", ["0", "", ".138", "Under Caution", None])
def test_a_margin_that_is_known_or_not_recorded_is_not_reported(text: str | None) -> None:
    assert [] == parse_weekend(feed.weekend(margin_of_victory=text)).notices


def test_an_unknown_margin_is_stored_and_reported() -> None:
    parsed = parse_weekend(feed.weekend(margin_of_victory="by a nose"))
    assert ([("by a nose",)], ["2024/1/9001: unknown margin 'by a nose', stored as it is and not used"]) == (
        values(parsed.rows["nascar_feed_weekends"], "margin_of_victory"),
        parsed.notices,
    )


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


@pytest.mark.parametrize("name", ["", " ", None])
def test_a_place_without_a_driver_is_left_out_and_counted(name: str | None) -> None:
    parsed = parse_weekend(
        feed.weekend([feed.result(1, "Ann Winner"), feed.result(2, "Bob Second", driver_fullname=name)])
    )
    assert ([("Ann Winner",)], [f"{WEEKEND}: 1 row left out: a place without a driver"]) == (
        values(parsed.rows["nascar_feed_results"], "driver_fullname"),
        parsed.notices,
    )


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
