"""What the results of nascaR.data mean, which of their changes stop a file, and how they meet the other sources."""

from __future__ import annotations

import struct
import sys
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nascar_warehouse.etl import cli
from nascar_warehouse.etl.documents import Selection
from nascar_warehouse.etl.formats.tabular import ROW_LIMIT
from nascar_warehouse.etl.sources.nascar_results import NascarResults
from nascar_warehouse.warehouse.errors import NascarError, SourceChanged
from tests.conftest import Ask, Nascar, ask_file
from tests.support import racing_data_files
from tests.support.misbehaving import CHALLENGE_PAGE
from tests.support.nascar_results_files import (
    SCHEMA,
    NascarResultsFolder,
    Row,
    as_frame,
    as_parquet,
    dump,
    placeholder,
    result,
    results,
)
from tests.support.racing_data_files import RacingDataFolder

SOURCE = NascarResults()
TWO_CARS = results(1, "Ann Winner", "Bob Second")
ONE_LEFT_OUT = "cup_series: 1 row left out: neither a driver nor a place"
GOOD = as_parquet(*TWO_CARS, placeholder())


def parse(content: bytes) -> pl.DataFrame:
    frame = SOURCE.parse("cup_series", content).rows["nascar_results_results"]
    assert isinstance(frame, pl.DataFrame)
    return frame


# --- which documents there are, and their shape


def test_each_series_that_is_wanted_has_one_file() -> None:
    roots = SOURCE.index_documents(Selection(date(2025, 11, 19), series=("cup", "truck")))
    assert [
        ("cup_series", "https://nascar.kylegrealis.com/cup_series.parquet"),
        ("truck_series", "https://nascar.kylegrealis.com/truck_series.parquet"),
    ] == [(root.key, root.url) for root in roots]


def test_the_published_columns_are_read_as_they_are() -> None:
    [row] = parse(as_parquet(result(3, 1, "Ann Winner", Car="07"))).rows(named=True)
    assert {"race_key": "cup-2021-03", "series_id": "cup", "season": 2021, "race": 3, "car": "07", "win": 1.0} == {
        name: row[name] for name in ("race_key", "series_id", "season", "race", "car", "win")
    }


def test_the_series_is_that_of_the_file() -> None:
    rows = SOURCE.parse("truck_series", GOOD).rows["nascar_results_results"]
    assert isinstance(rows, pl.DataFrame)
    assert {"truck-2021-01"} == set(rows["race_key"])


def test_a_new_column_is_noticed_and_left_out() -> None:
    parsed = SOURCE.parse("cup_series", dump(as_frame(*TWO_CARS).with_columns(Mood=pl.lit("good"))))
    assert ["new field Mood"] == list(parsed.notices)


@pytest.mark.parametrize("name", SCHEMA)
def test_a_file_that_lost_a_column_is_refused(name: str) -> None:
    with pytest.raises(SourceChanged, match=f"the column {name} is not there"):
        parse(dump(as_frame(*TWO_CARS).drop(name)))


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("Car", pl.Series([11, 12])),  # 07 would have become 7
        ("Finish", pl.Series(["1", "2"])),
        ("Finish", pl.Series([1.0, 2.5])),
        ("Laps", pl.Series([True, False])),
        ("Season", pl.Series([date(2021, 1, 1)] * 2)),
        ("Led", pl.Series([float("nan"), 1.0])),
        ("Pts", pl.Series([2**63, 1], dtype=pl.UInt64)),
        ("Driver", pl.Series([b"Ann", b"Bob"])),
        ("Rating", pl.Series([[1.0], [2.0]])),
    ],
)
def test_a_column_of_another_type_is_refused(name: str, values: pl.Series) -> None:
    with pytest.raises(SourceChanged, match="another type"):
        parse(dump(as_frame(*TWO_CARS).with_columns(values.alias(name))))


@pytest.mark.parametrize(
    ("name", "kind"),
    [("Finish", pl.Float64), ("S1", pl.Float64), ("S3", pl.Null), ("Laps", pl.Int16), ("Make", pl.Categorical)],
)
def test_another_width_of_the_same_values_is_read(name: str, kind: pl.DataType) -> None:
    rows = [row | {"S3": None} for row in TWO_CARS]
    assert parse(as_parquet(*rows)).equals(parse(dump(as_frame(*rows).with_columns(pl.col(name).cast(kind)))))


# --- values


@pytest.mark.parametrize("status", [None, "", "Running", " running "])
def test_a_known_status_is_taken(status: str | None) -> None:
    assert [status] == parse(as_parquet(result(1, 1, "Ann Winner", Status=status)))["status"].to_list()


def test_unknown_words_are_stored_and_reported_with_the_seed_to_add_them_to() -> None:
    rows = [result(1, 1, "Ann Winner"), result(1, 2, "Bob Second", Status="Abducted", Make="Spyker", Track="Moon")]
    parsed = SOURCE.parse("cup_series", as_parquet(*rows))
    assert [
        "unknown status 'abducted', stored as it is; add a row to sql/seeds/result_statuses.csv",
        "unknown make 'spyker', stored as it is; add a row to sql/seeds/make_aliases.csv",
        "unknown track 'Moon' (Moon), its id is made of its name; add a row to sql/seeds/track_aliases.csv",
    ] == parsed.notices
    assert ["running", "Abducted"] == parse(as_parquet(*rows))["status"].to_list()


@pytest.mark.parametrize(
    "changes",
    [
        {"Finish": 0},
        {"Finish": 201},
        {"Race": 0},
        {"Race": None},
        {"Season": 1948},
        {"Season": None},
        {"Track": ""},
        {"Driver": " "},
        {"Driver": None},
        {"Laps": -1},
        {"Led": 100_000},
        {"Start": 999},
        {"Pts": 2_000_000},
        {"Length": 123_456.0},
        {"Rating": 1e9},
        {"Rating": float("inf")},
        {"S1": 2**40},
    ],
)
def test_a_value_that_cannot_be_is_refused_with_its_column(changes: Row) -> None:
    [name] = changes
    with pytest.raises(SourceChanged, match=f"in row 2, column `{name}`"):
        parse(as_parquet(TWO_CARS[0], TWO_CARS[1] | changes))


def test_a_result_without_a_finishing_position_is_kept() -> None:
    frame = parse(as_parquet(*TWO_CARS, result(1, None, "Ed Homesick")))
    assert [("Ann Winner", 1), ("Bob Second", 2), ("Ed Homesick", None)] == frame.select("driver", "finish").rows()


# --- the placeholder of the season to come


def test_the_placeholder_is_left_out() -> None:
    assert ["Ann Winner", "Bob Second"] == parse(GOOD)["driver"].to_list()


def test_a_file_without_the_placeholder_is_read() -> None:
    assert parse(GOOD).equals(parse(as_parquet(*TWO_CARS)))


def test_a_file_with_nothing_but_the_placeholder_has_no_results() -> None:
    assert 0 == len(parse(as_parquet(placeholder())))


@pytest.mark.parametrize(
    ("rows", "notices"),
    [
        ([*TWO_CARS, placeholder(2026)], []),
        ([*TWO_CARS, placeholder(2021)], []),
        ([*TWO_CARS, placeholder(2026), placeholder(2027)], [ONE_LEFT_OUT]),
        ([TWO_CARS[0], placeholder(2026), TWO_CARS[1]], [ONE_LEFT_OUT]),
        ([placeholder(2026) | {"Season": None, "Race": None}, *TWO_CARS], [ONE_LEFT_OUT]),
        ([placeholder(2021) | {"Track": "Kansas Speedway", "Name": "Test 2"}, *TWO_CARS], [ONE_LEFT_OUT]),
    ],
    ids=["one", "of a season that has results", "two", "in the middle", "blank", "of a race to come"],
)
def test_rows_without_a_driver_and_a_place_are_left_out_and_all_but_the_last_counted(
    rows: list[Row], notices: list[str]
) -> None:
    parsed = SOURCE.parse("cup_series", as_parquet(*rows))
    assert (2, notices) == (len(parsed.rows["nascar_results_results"]), parsed.notices)


# --- documents that are none


@pytest.mark.parametrize("content", [b"", b"null", CHALLENGE_PAGE, b"PAR1PAR1", b"PAR1" + b"\xff" * 8 + b"PAR1"])
def test_what_is_no_parquet_is_refused(content: bytes) -> None:
    with pytest.raises(SourceChanged, match="no Parquet that can be read"):
        parse(content)


def test_a_file_without_rows_has_no_results() -> None:
    assert 0 == len(parse(as_parquet()))


@pytest.mark.parametrize("share", [0.01, 0.3, 0.6, 0.99])
def test_a_file_that_is_cut_off_is_refused(share: float) -> None:
    with pytest.raises(SourceChanged, match="no Parquet that can be read"):
        parse(GOOD[: int(share * len(GOOD))])


def test_a_file_that_claims_a_billion_rows_is_refused_before_they_are_read() -> None:
    with pytest.raises(SourceChanged, match="it claims to have 1,000,000,000 rows"):
        parse(claiming(1_000_000_000))


def test_a_file_of_more_rows_than_any_has_is_refused() -> None:
    rows = pl.select(pl.repeat(None, ROW_LIMIT + 1, dtype=pl.Null).alias("Season"))
    with pytest.raises(SourceChanged, match="it claims to have 2,000,001 rows"):
        parse(dump(rows))


def claiming(count: int) -> bytes:
    """A good file whose footer says that it has more rows: the number follows the list of columns, in thrift's form."""
    footer_bytes = struct.unpack("<I", GOOD[-8:-4])[0]
    body, footer = GOOD[: -8 - footer_bytes], GOOD[-8 - footer_bytes : -8]
    # Field 3 (i64): three rows, as zigzag; field 4: a list of one struct.
    assert 1 == footer.count(b"\x16\x06\x19\x1c")
    number, zigzag = b"", 2 * count
    while zigzag > 127:
        number, zigzag = number + bytes([zigzag & 127 | 128]), zigzag >> 7
    footer = footer.replace(b"\x16\x06\x19\x1c", b"\x16" + number + bytes([zigzag]) + b"\x19\x1c")
    return body + footer + struct.pack("<I", len(footer)) + b"PAR1"


@settings(deadline=None)  # the first example imports the reader
@given(st.binary() | st.binary(max_size=64).map(lambda content: b"PAR1" + content + b"PAR1"))
def test_no_bytes_break_the_program(content: bytes) -> None:
    raises_only_ours(content)


@settings(deadline=None)  # the first example imports the reader
@given(st.data())
def test_no_damage_to_a_good_file_breaks_the_program(data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(GOOD)))
    end = data.draw(st.integers(start, min(start + 20, len(GOOD))))
    raises_only_ours(GOOD[:start] + data.draw(st.binary(max_size=8)) + GOOD[end:])


def test_a_damaged_byte_breaks_nothing_wherever_it_is() -> None:
    # Polars' own reader panics at some of these.
    for position in range(0, len(GOOD), 13):
        raises_only_ours(GOOD[:position] + b"\xff" + GOOD[position + 1 :])


def raises_only_ours(content: bytes) -> None:
    try:
        parse(content)
    except NascarError as error:
        assert SourceChanged.exit_code == error.exit_code  # noqa: PT017  # no error is as good


# --- how two sources meet, through the whole job

SPELLED, DOUBLE, ELSEWHERE, HOMESICK, TALLADEGA, TWICE = range(1, 7)


@pytest.fixture(scope="session")
def met(tmp_path_factory: pytest.TempPathFactory) -> Path:  # noqa: PLR0915  # one statement a race
    """A warehouse of two sources that differ about races and cars, an oddity a race; for reading only."""
    folder = tmp_path_factory.mktemp("met")
    table: dict[Any, Any] = {}
    cars: dict[Any, Any] = {}
    file: list[Any] = []

    def run(season: int, number: int, track: str, *drivers: str, day: str = "05/30") -> None:
        """Racing-Reference has this race."""
        there = racing_data_files.race(
            number,
            season,
            race_track_id=track,
            race_track_name=track,
            race_winner_name=drivers[0],
            race_date=f"{day}/{season % 100:02}",
        )
        table.setdefault(season, []).append(there)
        cars.setdefault(season, []).extend(racing_data_files.results(number, *drivers, season=season))

    def listed(season: int, number: int, track: str, *drivers: str) -> None:
        """nascaR.data has this race."""
        file.extend(results(number, *drivers, season=season, Track=track))

    # Exchanged numbers that the seed knows: with Racing-Reference, without it, and in a file that was repaired.
    run(1957, 19, "Eureka_Speedway", "Lloyd Dane", "George Seeger")
    run(1957, 20, "Lincoln_Speedway", "Buck Baker", "Fireball Roberts")
    listed(1957, 19, "Lincoln Speedway", "Buck Baker", "Fireball Roberts")
    listed(1957, 20, "Redwood Speedway", "Lloyd Dane", "George Seeger")
    listed(1955, 14, "Martinsville Speedway", "Tim Flock", "Lee Petty")
    listed(1955, 15, "Tucson Rodeo Grounds", "Danny Letner", "Allen Adkins")
    listed(1954, 15, "Charlotte Speedway", "Buck Baker", "Lee Petty")
    listed(1954, 16, "Carrell Speedway", "John Soares", "Lloyd Dane")
    # Exchanged numbers that nobody has entered.
    run(1970, 3, "Darlington_Raceway", "Ann Winner", "Bob Second")
    run(1970, 4, "Talladega_Superspeedway", "Bob Second", "Cy Third")
    listed(1970, 3, "Talladega Superspeedway", "Bob Second", "Cy Third")
    listed(1970, 4, "Darlington Raceway", "Ann Winner", "Bob Second")
    # The same at one track on one day.
    run(1965, 2, "Daytona_International_Speedway", "Ann Winner", "Cy Third", day="02/12")
    run(1965, 3, "Daytona_International_Speedway", "Bob Second", "Di Fourth", day="02/12")
    listed(1965, 2, "Daytona International Speedway", "Bob Second", "Di Fourth")
    listed(1965, 3, "Daytona International Speedway", "Ann Winner", "Cy Third")
    # One name for two venues.
    run(1962, 1, "New_Concord_Speedway", "Jack Smith", "Joe Weatherly")
    listed(1962, 1, "Concord Speedway", "Jack Smith", "Joe Weatherly")
    # The dead heat.
    field = ["David Pearson", "Richard Petty", "Cale Yarborough", "Buddy Baker", "Bobby Allison"]
    run(1974, 16, "Daytona_International_Speedway", *field)
    listed(1974, 16, "Daytona International Speedway", *field)

    run(2021, SPELLED, "Kansas_Speedway", "Ann Winner", "Bob Second", "Cyrus Third", "Di Onlythere", day="02/01")
    listed(2021, SPELLED, "Kansas Speedway", "Ann Winner", "Bob Second", "Cy Third")
    run(2021, DOUBLE, "Kansas_Speedway", "Ann Winner", "Ed Double", "Ed Double", day="03/01")
    listed(2021, DOUBLE, "Kansas Speedway", "Ann Winner", "Ed Double", "Ed Double")
    run(2021, ELSEWHERE, "Kansas_Speedway", "Ann Winner", "Bob Second", day="04/01")
    listed(2021, ELSEWHERE, "Darlington Raceway", "Lou Lost", "Meg Missing")
    listed(2021, HOMESICK, "Kansas Speedway", "Ann Winner", "Bob Second")
    file.append(result(HOMESICK, None, "Flo Homesick", Car="98", Status="-"))
    file.append(result(HOMESICK, None, "Gus Homesick", Car="99", Status=None))
    run(2021, TALLADEGA, "Talladega_Superspeedway", "Ann Winner", "Bob Second", day="05/01")
    listed(2021, TALLADEGA, "Talladega Superspeedway", "Ann Winner", "Bob Second")
    run(2021, TWICE, "Kansas_Speedway", "Cy Third", "Bob Second", day="06/01")
    listed(2021, TWICE, "Talladega Superspeedway", "Ann Winner", "Bob Second")

    mirror = RacingDataFolder(folder / "mirror")
    for season, races in table.items():
        mirror.put_season(races, cars[season], season)
    NascarResultsFolder(mirror.root).put_results(*file)
    seasons = ",".join(map(str, table))
    home = folder / "home"
    assert 0 == leave(home, "ingest", "racing_data", "--season", seasons, "--mirror", mirror)
    assert 0 == leave(home, "ingest", "nascar_results", "--series", "cup", "--mirror", mirror)
    return home / "nascar.duckdb"


def leave(home: Path, *arguments: object) -> int:
    """Run the command in this process on a home; returns its exit code."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("NASCAR_HOME", str(home))
        patch.setattr(sys, "argv", ["nascar", *map(str, arguments)])
        with pytest.raises(SystemExit) as leaving:
            cli.main()
    return int(leaving.value.code or 0)


@pytest.fixture
def ask_met(met: Path) -> Ask:
    """Ask the warehouse of two sources that differ."""
    return lambda statement: ask_file(met, statement)


@pytest.mark.parametrize(
    ("race_id", "winner", "sources"),
    [
        ("cup-1957-19", "lloyd-dane", 2),  # exchanged, and the seed says so
        ("cup-1957-20", "buck-baker", 2),
        ("cup-1955-14", "danny-letner", 1),  # the same without Racing-Reference
        ("cup-1955-15", "tim-flock", 1),
        ("cup-1954-15", "buck-baker", 1),  # repaired by the source
        ("cup-1954-16", "john-soares", 1),
        ("cup-1970-03", "ann-winner", 2),  # exchanged, and no seed says so
        ("cup-1970-04", "bob-second", 2),
        ("cup-1965-02", "ann-winner", 2),  # the same at one track
        ("cup-1965-03", "bob-second", 2),
    ],
)
def test_a_race_has_its_number_whatever_a_source_numbers_it(
    ask_met: Ask, race_id: str, winner: str, sources: int
) -> None:
    assert [(winner, sources)] == ask_met(
        f"SELECT winner_id, count(*) FROM core.source_races WHERE race_id = '{race_id}' GROUP BY winner_id"
    )
    assert [(winner,)] == ask_met(
        f"SELECT driver_id FROM core.results WHERE race_id = '{race_id}' AND finish_position = 1"
    )


def test_a_name_that_stands_for_two_venues_is_told_apart_by_race(ask_met: Ask) -> None:
    assert [("nascar_results", "new-concord"), ("racing_data", "new-concord")] == ask_met(
        "SELECT source_id, track_id FROM core.source_races WHERE race_id = 'cup-1962-01' ORDER BY 1"
    )


def test_races_that_fit_nowhere_are_listed_and_take_nothing_with_them(ask_met: Ask) -> None:
    assert [("cup-2021-03", "darlington", "lou-lost"), ("cup-2021-06", "talladega", "ann-winner")] == ask_met(
        "SELECT race_key, track_id, winner_id FROM ops.unmatched ORDER BY 1"
    )
    assert [("ann-winner", "racing_data"), ("bob-second", "racing_data")] == ask_met(
        "SELECT driver_id, source_id FROM core.results WHERE race_id = 'cup-2021-03' ORDER BY 1"
    )


def test_a_race_that_a_source_lists_twice_counts_once(ask_met: Ask) -> None:
    assert [("cup-2021-05", 2), ("cup-2021-06", 2)] == ask_met(
        "SELECT race_id, count(*) FROM core.results WHERE race_id IN ('cup-2021-05', 'cup-2021-06')"
        " GROUP BY 1 ORDER BY 1"
    )


def test_in_a_dead_heat_two_cars_share_a_place_and_none_has_the_next(ask_met: Ask) -> None:
    assert [(1,), (2,), (3,), (3,), (5,)] == ask_met(
        "SELECT finish_position FROM core.results WHERE race_id = 'cup-1974-16' ORDER BY 1"
    )
    assert [("buddy-baker",), ("cale-yarborough",)] == ask_met(
        "SELECT driver_id FROM core.results WHERE race_id = 'cup-1974-16' AND finish_position = 3 ORDER BY 1"
    )
    assert [] == ask_met("SELECT * FROM ops.check_results WHERE check_name = 'position_is_unique' AND failing_rows > 0")


def test_one_driver_in_two_cars_has_two_results_with_two_readings_each(ask_met: Ask) -> None:
    assert [("ed-double", 2, "12", 2), ("ed-double", 3, "13", 2)] == ask_met(
        "SELECT results.driver_id, results.finish_position, results.car_number, count(*) FROM core.results"
        " INNER JOIN core.result_readings AS readings USING (race_id, entry_key)"
        " WHERE race_id = 'cup-2021-02' AND results.driver_id = 'ed-double' GROUP BY ALL ORDER BY ALL"
    )


def test_a_driver_who_is_spelled_otherwise_at_the_same_place_is_the_same_entry(ask_met: Ask) -> None:
    assert [("nascar_results", "Cy Third"), ("racing_data", "Cyrus Third")] == ask_met(
        "SELECT reading, driver_name FROM core.result_readings"
        " WHERE race_id = 'cup-2021-01' AND entry_key = '3' ORDER BY 1"
    )
    assert [(3,)] == ask_met("SELECT count(*) FROM core.results WHERE race_id = 'cup-2021-01'")


def test_a_car_that_the_list_of_the_race_lacks_is_told(ask_met: Ask) -> None:
    assert [("cup-2021-01", "di-onlythere", 4, "only this source lists it", "racing_data")] == ask_met(
        "SELECT race_id, driver_id, finish_position, reason, source_id FROM core.unlisted_entries"
    )


def test_a_car_without_a_place_did_not_start(ask_met: Ask) -> None:
    assert [("flo-homesick", None, False), ("gus-homesick", None, False)] == ask_met(
        "SELECT driver_id, finish_position, is_starter FROM core.results"
        " WHERE race_id = 'cup-2021-04' AND NOT is_starter ORDER BY 1"
    )


def test_files_of_another_form_are_named_and_those_of_other_series_are_published(
    nascar: Nascar, tmp_path: Path, ask: Ask
) -> None:
    mirror = NascarResultsFolder(tmp_path / "mirror")
    mirror.put(as_parquet(*TWO_CARS, result(1, 3, "")), "cup")
    mirror.put(GOOD[:-100], "nxs")
    mirror.put_results(*results(1, "Ann Winner", "Bob Second"), series_id="truck")
    left = nascar("ingest", "nascar_results", "--mirror", mirror)
    assert 4 == left.code
    assert "nascar_results cup_series: unexpected content: '' in row 3, column `Driver`" in left.err
    assert "with Parquet that has no end (cut off?)" in left.err
    assert [("truck-2021-01", 2)] == ask(
        "SELECT race_id, count(*) FROM core.results WHERE source_id = 'nascar_results' GROUP BY 1"
    )


def test_a_corrected_position_is_a_change_of_its_race(nascar: Nascar, tmp_path: Path, ask: Ask) -> None:
    mirror = NascarResultsFolder(tmp_path / "mirror")
    others = [*results(2, "Cy Third", "Ann Winner"), *results(3, "Bob Second", "Cy Third")]
    mirror.put_results(*results(1, "Ann Winner", "Bob Second", "Cy Third"), *others)
    assert 0 == nascar("ingest", "nascar_results", "--series", "cup", "--mirror", mirror).code
    mirror.put_results(*results(1, "Ann Winner", "Bob Second"), result(1, 33, "Cy Third", Start=3, Car="13"), *others)
    assert 0 == nascar("ingest", "nascar_results", "--series", "cup", "--mirror", mirror).code
    [before, after] = ask("SELECT document_id FROM ops.documents WHERE source_id = 'nascar_results' ORDER BY version")
    assert [
        ("cup-2021-01", "finish", "value_changed", "3", "33", True, *before, *after),
    ] == ask(
        "SELECT race_id, column_name, change_kind, old_value, new_value, is_correction, old_document_id, document_id"
        " FROM ops.changes"
    )
    assert [(33,)] == ask(
        "SELECT finish_position FROM core.results WHERE race_id = 'cup-2021-01' AND car_number = '13'"
    )
