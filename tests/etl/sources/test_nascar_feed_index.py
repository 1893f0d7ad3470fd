"""What an index of the feed means, and which of its changes stop it."""

from __future__ import annotations

import pytest

from nascar_warehouse.etl.documents import SERIES, Document, Parsed, SeasonNotStarted, WrongSeason
from nascar_warehouse.warehouse.errors import SourceChanged
from tests.support import feed
from tests.support.feed_documents import (
    INDEX,
    LAPS,
    SOURCE,
    WEEKEND,
    detail_documents,
    dump,
    old_race,
    selection,
    values,
    without,
)


def parse_index(*races: feed.Payload, season: int = 2024) -> Parsed:
    return SOURCE.parse(f"{season}/race_list_basic", dump(feed.index(*races)))


def test_an_index_gives_a_row_for_each_race_of_every_series() -> None:
    index = {f"series_{number}": [feed.race(race_id=number, series_id=number)] for number in (1, 2, 3)}
    parsed = SOURCE.parse(INDEX, dump(index))
    assert [(1, 1), (2, 2), (3, 3)] == values(parsed.rows["nascar_feed_races"], "series_id", "race_id")


def test_an_index_of_no_races_gives_no_rows() -> None:
    assert {"nascar_feed_races": []} == parse_index().rows


def test_an_index_with_races_of_another_season_is_refused() -> None:
    with pytest.raises(WrongSeason) as refusal:
        parse_index(feed.race(race_season=2018), season=2017)
    assert "the index of 2017 answers with races of 2018" == refusal.value.problem


def test_an_index_of_another_season_leads_nowhere() -> None:
    with pytest.raises(WrongSeason):
        detail_documents(selection(), feed.race(race_season=2023), feed.race(race_season=2023))


@pytest.mark.parametrize(
    ("series", "first", "last", "count"),
    [
        (("cup",), "2017/1/4576", "2017/1/4616", 41),
        (("nxs",), "2017/2/4617", "2017/2/4649", 33),
        (("truck",), "2017/3/4650", "2017/3/4672", 23),
        (SERIES, "2017/1/4576", "2017/3/4672", 97),
    ],
)
def test_weekend_feeds_of_2017_are_asked_for_by_ids_since_its_index_has_the_races_of_2018(
    series: tuple[str, ...], first: str, last: str, count: int
) -> None:
    index = Document("nascar_feed", "2017/race_list_basic", "https://cf.nascar.com/x", 2017, is_index=True)
    found = SOURCE.unindexed_documents(index, selection(series=series))
    assert (f"{first}/weekend-feed", f"{last}/weekend-feed", count) == (found[0].key, found[-1].key, len(found))
    assert {2017} == {document.season for document in found}


def test_an_index_of_2017_with_the_races_of_2018_leads_nowhere_by_itself() -> None:
    with pytest.raises(WrongSeason):
        detail_documents(selection(), old_race(2018), season=2017)


def test_an_index_of_2017_that_has_its_own_races_leads_to_those() -> None:
    assert ["2017/1/9001/weekend-feed"] == [
        document.key for document in detail_documents(selection(), old_race(2017), season=2017)
    ]


def test_a_race_that_is_listed_twice_is_taken_once_as_it_ended() -> None:
    run, to_come = feed.race(), feed.race(total_race_time="", winner_driver_id=None, actual_laps=0)
    parsed = parse_index(run, to_come, feed.race(race_id=9002))
    assert ([(9001, 100), (9002, 100)], [f"{INDEX}: 1 row left out: the race is listed twice"]) == (
        values(parsed.rows["nascar_feed_races"], "race_id", "actual_laps"),
        parsed.notices,
    )


def to_come(**changes: object) -> feed.Payload:
    return feed.race(race_id=9002, total_race_time=None, winner_driver_id=None) | changes


def test_a_race_to_come_of_which_little_is_known_does_not_cost_the_index() -> None:
    unknown = to_come(track_id=None, track_name=None, scheduled_laps=None, average_speed=None, restrictor_plate=None)
    races = parse_index(feed.race(), unknown).rows["nascar_feed_races"]
    assert [(9001, "Kansas Speedway", 100), (9002, "", 0)] == values(races, "race_id", "track_name", "scheduled_laps")


@pytest.mark.parametrize(
    "race",
    [feed.race(scheduled_laps=None), to_come(race_id=None), to_come(race_type_id=None), to_come(series_id=None)],
    ids=["run", "race_id", "race_type_id", "series_id"],
)
def test_null_stops_the_index_where_the_race_was_run_or_it_says_which_race_it_is(race: feed.Payload) -> None:
    with pytest.raises(SourceChanged, match=r"got `null`|Invalid enum value"):
        parse_index(race)


def test_a_race_that_was_run_is_due_whatever_its_day_is_said_to_be() -> None:
    later = {"race_date": "2025-11-30T14:00:00"}
    found = detail_documents(selection(), feed.race(**later), to_come(**later))
    assert [WEEKEND] == [document.key for document in found]


def test_an_index_with_a_byte_order_mark_is_read_also_where_something_is_blank() -> None:
    content = b"\xef\xbb\xbf" + dump(feed.index(feed.race(), to_come(track_name=None)))
    assert [(9001,), (9002,)] == values(SOURCE.parse(INDEX, content).rows["nascar_feed_races"], "race_id")


def test_an_index_with_one_race_of_another_season_is_not_taken_for_that_of_another() -> None:
    with pytest.raises(SourceChanged, match="has races of 2023, 2024") as refusal:
        detail_documents(selection(), feed.race(), feed.race(race_season=2023))
    assert not isinstance(refusal.value, WrongSeason)


def test_a_wrong_season_is_a_change_of_the_source_and_an_empty_one_is_not() -> None:
    assert issubclass(WrongSeason, SourceChanged)
    assert not issubclass(SeasonNotStarted, SourceChanged)


@pytest.mark.parametrize(
    ("name", "since"),
    [
        ("stage_1_laps", 2017),
        ("stage_2_laps", 2017),
        ("stage_3_laps", 2017),
        ("margin_of_victory", 2018),
        ("winner_driver_id", 2020),
    ],
)
def test_a_field_is_lost_only_if_its_season_had_it(name: str, since: int) -> None:
    parsed = parse_index(without(old_race(since - 1), name), season=since - 1)
    assert [(None,)] == values(parsed.rows["nascar_feed_races"], name)
    with pytest.raises(SourceChanged, match=name):
        parse_index(without(old_race(since), name), season=since)


def test_a_blank_winner_is_unknown() -> None:
    parsed = parse_index(feed.race(winner_driver_id=""))
    assert [(None,)] == values(parsed.rows["nascar_feed_races"], "winner_driver_id")


def test_a_winner_of_another_text_is_refused() -> None:
    with pytest.raises(SourceChanged, match="winner_driver_id"):
        parse_index(feed.race(winner_driver_id="4153"))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("race_type_id", 4),
        ("race_type_id", 0),
        ("series_id", 4),
        ("restrictor_plate", 1),
        ("margin_of_victory", 0.1),
        ("actual_laps", "100"),
        ("race_name", None),
    ],
)
def test_an_index_with_an_unknown_value_is_refused_with_the_path_of_the_field(name: str, value: object) -> None:
    with pytest.raises(SourceChanged) as refusal:
        parse_index(feed.race(), feed.race(**{name: value}))
    assert refusal.value.problem.endswith(f"- at `$.series_1[1].{name}`")


def test_an_index_without_a_field_that_every_season_has_is_refused() -> None:
    with pytest.raises(SourceChanged, match=r"`race_type_id` - at `\$\.series_1\[0\]`"):
        parse_index(without(feed.race(), "race_type_id"))


def test_an_index_without_a_series_is_refused() -> None:
    with pytest.raises(SourceChanged, match="series_3"):
        SOURCE.parse(INDEX, dump(without(feed.index(feed.race()), "series_3")))


@pytest.mark.parametrize("text", [None, "", "soon"])
def test_a_race_to_come_may_have_no_day_yet(text: str | None) -> None:
    race = feed.race(race_date=text, total_race_time="", winner_driver_id=None)
    assert [(text,)] == values(parse_index(race).rows["nascar_feed_races"], "race_date")
    assert [] == detail_documents(selection(), race)


def test_an_unknown_venue_is_reported() -> None:
    assert [
        "unknown track 'Moon Base' (7777), its id is made of its name; add a row to sql/seeds/track_aliases.csv"
    ] == parse_index(feed.race(track_id=7777, track_name="Moon Base")).notices


@pytest.mark.parametrize("text", ["", "soon", "05/05/2024", "2024-13-01T00:00:00"])
def test_a_race_without_a_day_is_refused_with_the_name_of_the_field(text: str) -> None:
    with pytest.raises(SourceChanged, match="race_date"):
        parse_index(feed.race(race_date=text))


@pytest.mark.parametrize("name", ["attendance", "actual_laps", "winner_driver_id"])
def test_a_whole_number_that_no_column_holds_is_refused_with_the_name_of_the_field(name: str) -> None:
    with pytest.raises(SourceChanged, match=name):
        parse_index(feed.race(**{name: 10**30}))


def test_a_new_field_of_a_race_is_a_notice() -> None:
    assert ["new field $.series_1[].colour"] == list(parse_index(feed.race(colour="blue")).notices)


def test_a_field_that_is_known_and_not_loaded_may_hold_anything() -> None:
    assert [] == list(parse_index(feed.race(infractions=[{"text": 1}], race_purse=None, race_comments=3)).notices)


def test_an_index_that_is_null_is_refused() -> None:
    with pytest.raises(SourceChanged, match="Expected `object`, got `null`"):
        SOURCE.parse(INDEX, b"null")


@pytest.mark.parametrize("key", [INDEX, WEEKEND, LAPS])
@pytest.mark.parametrize("content", [b"", b"[]", b"{}", b"<html></html>", b'{"weekend_race": [{'])
def test_what_is_no_document_of_the_feed_is_refused(key: str, content: bytes) -> None:
    with pytest.raises(SourceChanged):
        SOURCE.parse(key, content)


def test_documents_of_a_race_are_about_it_in_whichever_series() -> None:
    keys = ("2021/1/9001/weekend-feed", "2021/2/9001/weekend-feed", "2021/1/9001/lap-times", "2022/1/9001/weekend-feed")
    assert 3 == len({SOURCE.subject_of(key) for key in keys})
    assert SOURCE.subject_of(keys[0]) == SOURCE.subject_of(keys[1])
    assert "2021/race_list_basic" == SOURCE.subject_of("2021/race_list_basic")
