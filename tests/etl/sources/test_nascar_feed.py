"""Which documents the league's feed has, what its index means, and which changes stop it."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import msgspec
import polars as pl
import pytest
import sqlglot
from sqlglot import exp

from nascar_warehouse.etl.documents import SERIES, Document, Parsed, Rows, SeasonNotStarted, Selection, WrongSeason
from nascar_warehouse.etl.load.raw_tables import create_statement
from nascar_warehouse.etl.sources.nascar_feed import NascarFeed
from nascar_warehouse.warehouse.errors import SourceChanged
from tests.support import feed
from tests.support.margin_columns import margin_columns

SOURCE = NascarFeed()
TODAY = date(2025, 11, 19)
INDEX = "2024/race_list_basic"
WEEKEND = "2024/1/9001/weekend-feed"
LAPS = "2024/1/9001/lap-times"
COLUMN_TYPES = {str: "TEXT", int: "BIGINT", float: "DOUBLE", bool: "BOOLEAN"}


def dump(value: object) -> bytes:
    return json.dumps(value).encode()


def selection(
    seasons: tuple[int, ...] | None = None,
    *,
    today: date = TODAY,
    series: tuple[str, ...] = SERIES,
    laps: bool = False,
) -> Selection:
    return Selection(today, seasons, series, laps)


def detail_documents(chosen: Selection, *races: feed.Payload, season: int = 2024) -> list[Document]:
    """The documents that an index of the season with these races leads to."""
    [root] = SOURCE.index_documents(selection((season,)))
    return SOURCE.detail_documents(root, dump(feed.index(*races)), chosen)


def parse_index(*races: feed.Payload, season: int = 2024) -> Parsed:
    return SOURCE.parse(f"{season}/race_list_basic", dump(feed.index(*races)))


def values(rows: Rows, *columns: str) -> list[tuple[Any, ...]]:
    assert not isinstance(rows, pl.DataFrame)
    return [tuple(getattr(row, column) for column in columns) for row in rows]


def without(payload: feed.Payload, *names: str) -> feed.Payload:
    return {name: value for name, value in payload.items() if name not in names}


def old_race(season: int, **changes: object) -> feed.Payload:
    """A race of a season in which the index had fewer fields."""
    since = {
        2017: ["stage_1_laps", "stage_2_laps", "stage_3_laps"],
        2018: ["margin_of_victory"],
        2020: ["winner_driver_id"],
    }
    missing = [name for first, names in since.items() for name in names if season < first]
    return without(feed.race(race_season=season, race_date=f"{season}-05-05T15:00:00", **changes), *missing)


def test_without_a_season_there_is_an_index_for_each_from_2015_to_today() -> None:
    assert list(range(2015, 2026)) == [root.season for root in SOURCE.index_documents(selection())]


def test_the_first_day_of_a_year_has_an_index() -> None:
    assert 2026 == SOURCE.index_documents(selection(today=date(2026, 1, 1)))[-1].season


def test_named_seasons_are_the_roots_and_no_others() -> None:
    assert [2018, 2024] == [root.season for root in SOURCE.index_documents(selection((2018, 2024)))]


def test_an_index_has_its_public_address() -> None:
    [root] = SOURCE.index_documents(selection((2024,)))
    expected = Document(
        "nascar_feed",
        INDEX,
        "https://cf.nascar.com/cacher/2024/race_list_basic.json",
        season=2024,
        held_on=date(2024, 12, 31),
        is_index=True,
    )
    assert expected == root


def test_a_race_leads_to_its_weekend_feed() -> None:
    [branch] = detail_documents(selection(), feed.race())
    assert (WEEKEND, f"https://cf.nascar.com/cacher/{WEEKEND}.json", 2024, date(2024, 5, 5), False) == (
        branch.key,
        branch.url,
        branch.season,
        branch.held_on,
        branch.is_index,
    )


@pytest.mark.parametrize(
    ("series", "keys"),
    [
        (("cup",), ["2024/1/1/weekend-feed"]),
        (("nxs",), ["2024/2/2/weekend-feed"]),
        (("truck",), ["2024/3/3/weekend-feed"]),
        (("truck", "cup"), ["2024/1/1/weekend-feed", "2024/3/3/weekend-feed"]),
    ],
)
def test_only_races_of_the_wanted_series_are_followed(series: tuple[str, ...], keys: list[str]) -> None:
    index = {f"series_{number}": [feed.race(race_id=number, series_id=number)] for number in (1, 2, 3)}
    [root] = SOURCE.index_documents(selection((2024,)))
    found = SOURCE.detail_documents(root, dump(index), selection(series=series))
    assert keys == [branch.key for branch in found]


@pytest.mark.parametrize(("season", "count"), [(2015, 0), (2016, 0), (2017, 1), (2018, 1), (2024, 1)])
def test_there_are_weekend_feeds_from_2017(season: int, count: int) -> None:
    assert count == len(detail_documents(selection(), old_race(season), season=season))


@pytest.mark.parametrize(("today", "count"), [(date(2024, 5, 4), 0), (date(2024, 5, 5), 1), (date(2024, 5, 6), 1)])
def test_a_race_is_followed_from_its_day_on(today: date, count: int) -> None:
    assert count == len(detail_documents(selection(today=today), feed.race()))


def test_lap_times_are_left_alone_unless_wanted() -> None:
    assert [WEEKEND] == [branch.key for branch in detail_documents(selection(), feed.race())]


def test_lap_times_are_followed_when_wanted() -> None:
    assert [WEEKEND, LAPS] == [branch.key for branch in detail_documents(selection(laps=True), feed.race())]


@pytest.mark.parametrize(("season", "names"), [(2019, {"weekend-feed"}), (2020, {"weekend-feed", "lap-times"})])
def test_there_are_lap_times_from_2020(season: int, names: set[str]) -> None:
    found = detail_documents(selection(laps=True), old_race(season), season=season)
    assert names == {branch.key.rsplit("/", 1)[1] for branch in found}


@pytest.mark.parametrize(
    "change",
    [
        {"race_date": "2024-05-06T12:00:00"},
        {"actual_laps": 99},
        {"winner_driver_id": 2},
        {"margin_of_victory": "0.101"},
        {"inspection_complete": True},
    ],
)
def test_the_fingerprint_of_a_race_changes_with_its_line_in_the_index(change: feed.Payload) -> None:
    [before] = detail_documents(selection(), feed.race())
    [after] = detail_documents(selection(), feed.race(**change))
    assert before.fingerprint != after.fingerprint


def test_the_fingerprint_of_a_race_stays_when_another_one_changes() -> None:
    before, _ = detail_documents(selection(), feed.race(), feed.race(race_id=9002))
    after, _ = detail_documents(selection(), feed.race(), feed.race(race_id=9002, actual_laps=99))
    assert before == after


@pytest.mark.parametrize("key", [INDEX, WEEKEND, LAPS])
def test_the_season_of_a_document_is_in_its_key(key: str) -> None:
    assert 2024 == SOURCE.season_of(key)


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


def columns_of(table: str) -> dict[str, tuple[str, bool]]:
    """Column → type and whether it may be NULL, as the file in sql/raw says."""
    text = create_statement(table, SOURCE.tables[table], has_margins=table in SOURCE.margin_columns)
    create, *_ = sqlglot.parse(text, dialect="duckdb")
    assert create is not None
    return {
        column.name: (
            column.kind.sql("duckdb") if column.kind else "",
            column.find(exp.NotNullColumnConstraint) is None,
        )
        for column in create.find_all(exp.ColumnDef)
    }


def may_be_null(row: type[msgspec.Struct], name: str) -> bool:
    """Whether the shape of a row lets a field be unknown."""
    [kind] = [field.type for field in msgspec.inspect.type_info(row).fields if field.name == name]  # type: ignore[attr-defined]  # of a struct
    parts = kind.types if isinstance(kind, msgspec.inspect.UnionType) else (kind,)
    return any(isinstance(part, msgspec.inspect.NoneType) for part in parts)


@pytest.mark.parametrize("table", NascarFeed.tables)
def test_a_raw_table_has_the_columns_of_its_rows_and_of_their_document(table: str) -> None:
    fields = {name: COLUMN_TYPES[kind] for name, kind in NascarFeed.tables[table].columns.items()}
    expected = fields | margin_columns(SOURCE, table) | {"document_id": "TEXT", "loaded_at": "TIMESTAMP"}
    assert expected == {name: kind for name, (kind, _) in columns_of(table).items()}


@pytest.mark.parametrize("table", NascarFeed.tables)
def test_a_column_of_a_raw_table_may_be_null_where_the_feed_may_leave_it_open(table: str) -> None:
    shape = NascarFeed.tables[table]
    expected = {name: may_be_null(shape.row, name) for name in shape.columns}
    expected |= dict.fromkeys(margin_columns(SOURCE, table), True)
    assert expected | {"document_id": False, "loaded_at": False} == {
        name: is_nullable for name, (_, is_nullable) in columns_of(table).items()
    }


@pytest.mark.parametrize("table", NascarFeed.tables)
def test_the_key_of_a_table_is_made_of_its_columns(table: str) -> None:
    shape = NascarFeed.tables[table]
    assert set() == set(shape.key) - set(shape.columns)


@pytest.mark.parametrize(("table", "column"), NascarFeed.margin_columns.items())
def test_a_margin_is_the_text_of_a_column(table: str, column: str) -> None:
    assert str is NascarFeed.tables[table].columns[column]
