"""The curated facts: whole, cited, and in agreement with each other and with what is known."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from importlib.resources import files

import pytest
import sqlglot
from sqlglot import exp

from nascar_warehouse.etl.documents import SERIES, Selection
from nascar_warehouse.etl.formats.margin import parse_margin
from nascar_warehouse.etl.load.raw_tables import create_statement
from nascar_warehouse.etl.sources.almanac import Almanac, PackageFiles
from nascar_warehouse.warehouse.errors import SourceChanged
from tests.support.margin_columns import margin_columns

ALMANAC = Almanac()
TODAY = date(2025, 11, 19)
Row = dict[str, str]


KEYS = {
    "margins": ("race_id", "source_url", "margin_text"),
    "career_wins": ("series_id", "driver_name"),
    "finishes": ("race_id",),
    "results": ("race_id", "finish_position"),
    "changed_outcomes": ("race_id", "what"),
    "series_names": ("series_id", "first_season"),
    "season_counts": ("series_id", "season"),
}
NAMES = sorted(KEYS)
# Old pages of newspapers stand at the addresses at which they were read.
SCHEMES = {"margins": ("https://", "http://")}
RACES = ["changed_outcomes", "finishes", "results"]


def content(name: str) -> bytes:
    return files("nascar_warehouse.etl").joinpath("almanac", f"{name}.csv").read_bytes()


def rows(name: str) -> list[Row]:
    return list(csv.DictReader(content(name).decode().splitlines()))


def key(name: str, row: Row) -> tuple[str, ...]:
    return tuple(row[column] for column in KEYS[name])


def season(race_id: str) -> int:
    return int(race_id.split("-")[1])


def counts(series_id: str) -> dict[int, int]:
    return {
        int(row["season"]): int(row["points_races"]) for row in rows("season_counts") if row["series_id"] == series_id
    }


def test_these_are_all_files_of_the_almanac() -> None:
    entries = files("nascar_warehouse.etl").joinpath("almanac").iterdir()
    assert NAMES == sorted(entry.name.removesuffix(".csv") for entry in entries)


def test_every_file_is_a_root() -> None:
    assert NAMES == sorted(root.key for root in ALMANAC.index_documents(Selection(TODAY)))


def test_a_file_leads_nowhere() -> None:
    [root, *_] = ALMANAC.index_documents(Selection(TODAY))
    assert [] == ALMANAC.detail_documents(root, b"", Selection(TODAY))


@pytest.mark.parametrize("name", NAMES)
def test_a_file_is_read_from_the_program(name: str) -> None:
    [root] = [root for root in ALMANAC.index_documents(Selection(TODAY)) if root.key == name]
    assert content(name) == PackageFiles().fetch(root.url).body


@pytest.mark.parametrize("name", NAMES)
def test_every_row_of_a_file_is_a_row_of_one_table(name: str) -> None:
    [(table, found)] = ALMANAC.parse(name, content(name)).rows.items()
    assert (f"almanac_{name}", len(rows(name))) == (table, len(found))


@pytest.mark.parametrize("name", NAMES)
def test_a_file_has_rows(name: str) -> None:
    assert [] != rows(name)


@pytest.mark.parametrize("name", NAMES)
def test_a_raw_table_has_the_columns_of_its_file_and_of_the_document(name: str) -> None:
    table = f"almanac_{name}"
    text = create_statement(table, ALMANAC.tables[table], has_margins=table in ALMANAC.margin_columns)
    create, *_ = sqlglot.parse(text, dialect="duckdb")
    assert create is not None
    columns = [*rows(name)[0], *margin_columns(ALMANAC, table), "document_id", "loaded_at"]
    assert columns == [column.name for column in create.find_all(exp.ColumnDef)]


def add_a_value(text: str) -> str:
    return text.replace("\n", ",surprise\n")


def drop_the_last_value(text: str) -> str:
    first, *rest = text.splitlines()
    return "\n".join([first, *(line.rsplit(",", 1)[0] for line in rest)])


def rename_a_column(text: str) -> str:
    return text.replace("source_url", "where_from", 1)


def drop_a_column(text: str) -> str:
    return "\n".join(line.rsplit(",", 1)[0] for line in text.splitlines())


def blank_what_must_be_there(text: str) -> str:
    first, second, *_ = text.splitlines()
    return f"{first}\n{second.replace('cup', '', 1)}\n"


Change = Callable[[str], str]


@pytest.mark.parametrize(
    "change", [add_a_value, drop_the_last_value, rename_a_column, drop_a_column, blank_what_must_be_there]
)
def test_a_file_of_another_shape_is_refused_with_its_line(change: Change) -> None:
    changed = change(content("series_names").decode()).encode()
    with pytest.raises(SourceChanged, match="line 2"):
        ALMANAC.parse("series_names", changed)


def test_a_file_that_is_not_utf_8_is_refused() -> None:
    with pytest.raises(SourceChanged):
        ALMANAC.parse("series_names", content("series_names") + b"\xff")


@pytest.mark.parametrize("name", NAMES)
def test_no_key_is_listed_twice(name: str) -> None:
    listed = Counter(key(name, row) for row in rows(name))
    assert [] == [found for found, times in listed.items() if times > 1]


@pytest.mark.parametrize("name", NAMES)
def test_a_file_is_sorted_by_its_key(name: str) -> None:
    keys = [[int(part) if part.isdigit() else part for part in key(name, row)] for row in rows(name)]
    assert sorted(keys) == keys


@pytest.mark.parametrize("name", NAMES)
def test_every_row_has_its_citation(name: str) -> None:
    assert [] == [
        key(name, row) for row in rows(name) if not row["source_url"].startswith(SCHEMES.get(name, "https://"))
    ]


@pytest.mark.parametrize("name", NAMES)
def test_every_further_address_is_one(name: str) -> None:
    assert [] == [
        (key(name, row), value)
        for row in rows(name)
        for column, value in row.items()
        if column.endswith("_url") and value and not value.startswith(SCHEMES.get(name, "https://"))
    ]


@pytest.mark.parametrize("name", NAMES)
def test_no_value_has_blanks_around_it(name: str) -> None:
    assert [] == [(key(name, row), value) for row in rows(name) for value in row.values() if value != value.strip()]


@pytest.mark.parametrize("name", NAMES)
def test_every_date_is_written_as_iso_does(name: str) -> None:
    dates = [
        value for row in rows(name) for column, value in row.items() if column.endswith(("_date", "_on")) and value
    ]
    assert dates == [date.fromisoformat(text).isoformat() for text in dates]


@pytest.mark.parametrize("name", RACES)
def test_every_race_id_is_one_of_ours(name: str) -> None:
    found = [row["race_id"] for row in rows(name)]
    assert [] == [race_id for race_id in found if not is_race_id(race_id)]


def is_race_id(text: str) -> bool:
    series, year, number = text.split("-")
    return (
        series in SERIES and 1949 <= int(year) <= TODAY.year and number.removeprefix("x").isdigit() and len(number) > 1
    )


@pytest.mark.parametrize("name", ["finishes", "changed_outcomes"])
def test_a_race_is_run_in_its_season_or_before_it_begins_until_1969(name: str) -> None:
    days_of_races = [(season(row["race_id"]), date.fromisoformat(row["race_date"])) for row in rows(name)]
    assert [] == [
        (year, day)
        for year, day in days_of_races
        if year != day.year and not (1955 <= year <= 1969 and date(year - 1, 11, 1) <= day)
    ]


@pytest.mark.parametrize("name", RACES)
def test_the_number_of_a_race_is_within_its_season(name: str) -> None:
    cup = counts("cup")
    numbers = [row["race_id"].split("-") for row in rows(name) if row["race_id"].startswith("cup-")]
    assert [] == [parts for parts in numbers if parts[2].isdigit() and not 1 <= int(parts[2]) <= cup[int(parts[1])]]


def test_later_races_of_a_season_have_higher_numbers() -> None:
    points = [row for row in rows("finishes") if "-x" not in row["race_id"]]
    assert [row["race_date"] for row in points] == sorted(row["race_date"] for row in points)


def test_a_race_with_a_number_awards_points_and_an_exhibition_is_no_official_win() -> None:
    assert [] == [
        row["race_id"]
        for row in rows("finishes")
        if ("-x" in row["race_id"]) == (row["counts_as_official_win"] == "true")
        or ("-x" not in row["race_id"] and row["awards_points"] != "true")
    ]


def test_every_margin_is_understood() -> None:
    texts = [row["margin_text"] for row in rows("finishes")]
    assert [] == [text for text in texts if parse_margin(text).kind == "unknown"]


def test_every_margin_of_a_changed_outcome_is_understood() -> None:
    texts = [row["line_margin_text"] for row in rows("changed_outcomes") if row["line_margin_text"]]
    assert [] == [text for text in texts if parse_margin(text).kind == "unknown"]


def test_an_official_margin_is_a_time() -> None:
    texts = [row["official_margin_seconds"] for row in rows("changed_outcomes") if row["official_margin_seconds"]]
    assert {"time"} == {parse_margin(text).kind for text in texts}


def test_a_finish_within_a_tenth_of_a_second_has_a_first_and_a_second() -> None:
    finishes = [(row, parse_margin(row["margin_text"]).seconds) for row in rows("finishes")]
    close = [row for row, seconds in finishes if seconds and seconds <= Decimal("0.1")]
    assert [] == [row["race_id"] for row in close if not (row["winner"] and row["runner_up"])]


def test_nobody_finishes_behind_himself() -> None:
    assert [] == [row["race_id"] for row in rows("finishes") if row["winner"] == row["runner_up"]]


def test_a_finish_is_verified_or_says_that_one_source_has_it() -> None:
    assert {"verified", "single_source"} == {row["verification"] for row in rows("finishes")}


@pytest.mark.parametrize("column", ["awards_points", "counts_as_official_win"])
def test_a_yes_or_no_is_true_or_false(column: str) -> None:
    assert {"true", "false"} == {row[column] for row in rows("finishes")}


def test_a_finish_and_a_changed_outcome_have_one_date_for_a_race() -> None:
    dates = {row["race_id"]: row["race_date"] for row in rows("finishes")}
    assert [] == [
        row["race_id"]
        for row in rows("changed_outcomes")
        if row["race_date"] != dates.get(row["race_id"], row["race_date"])
    ]


def test_a_finish_and_a_changed_outcome_have_one_order_at_the_line() -> None:
    finishes = {row["race_id"]: (row["winner"], row["runner_up"]) for row in rows("finishes")}
    changed = {row["race_id"]: (row["line_winner"], row["line_runner_up"]) for row in rows("changed_outcomes")}
    both = finishes.keys() & changed.keys()
    assert {race_id: finishes[race_id] for race_id in both} == {race_id: changed[race_id] for race_id in both}


def test_the_first_ten_of_a_race_have_ten_different_cars() -> None:
    cars = Counter((row["race_id"], row["car_number"]) for row in rows("results"))
    assert {1} == set(cars.values())


def test_kansas_2024_is_won_by_a_thousandth() -> None:
    [row] = [row for row in rows("finishes") if row["race_id"] == "cup-2024-12"]
    expected = ("2024-05-05", "Kyle Larson", "5", "Chevrolet", "Chris Buescher", "17", "Ford", ".001")
    assert expected == (
        row["race_date"],
        row["winner"],
        row["winner_car_number"],
        row["winner_make"],
        row["runner_up"],
        row["runner_up_car_number"],
        row["runner_up_make"],
        row["margin_text"],
    )


def test_there_is_a_count_for_every_season_since_1949() -> None:
    assert list(range(1949, 2026)) == list(counts("cup"))


def test_the_cup_series_had_2822_races_from_1949_to_2025() -> None:
    assert 2822 == sum(counts("cup").values())


@pytest.mark.parametrize(("year", "races"), [(1949, 8), (1950, 19), (1964, 62), (1972, 31), (1997, 32), (2000, 34)])
def test_the_races_of_a_cup_season_are_known(year: int, races: int) -> None:
    assert races == counts("cup")[year]


def test_every_cup_season_since_2001_had_36_races() -> None:
    assert {36} == {races for year, races in counts("cup").items() if year >= 2001}


@pytest.mark.parametrize(("series_id", "first"), [("nxs", 1982), ("truck", 1995)])
def test_there_is_a_count_for_every_season_of_the_other_series(series_id: str, first: int) -> None:
    assert list(range(first, 2026)) == list(counts(series_id))


def names(series_id: str) -> list[tuple[int, int]]:
    """The first and last season of each name of a series; a name of today has the present year as its last."""
    return [
        (int(row["first_season"]), int(row["last_season"] or TODAY.year))
        for row in rows("series_names")
        if row["series_id"] == series_id and int(row["first_season"]) <= TODAY.year
    ]


@pytest.mark.parametrize("series_id", SERIES)
def test_a_series_has_exactly_one_name_in_every_season(series_id: str) -> None:
    named = [year for first, last in names(series_id) for year in range(first, last + 1)]
    assert list(counts(series_id)) == named


@pytest.mark.parametrize("series_id", SERIES)
def test_only_the_last_name_of_a_series_has_no_last_season(series_id: str) -> None:
    last = [row["last_season"] for row in rows("series_names") if row["series_id"] == series_id]
    assert [""] == [year for year in last if not year] + [year for year in last[-1:] if year]


@pytest.mark.parametrize(
    ("year", "name"),
    [
        ("1949", "NASCAR Strictly Stock Division"),
        ("1950", "NASCAR Grand National Series"),
        ("1971", "NASCAR Winston Cup Series"),
        ("2004", "NASCAR Nextel Cup Series"),
        ("2008", "NASCAR Sprint Cup Series"),
        ("2017", "Monster Energy NASCAR Cup Series"),
        ("2020", "NASCAR Cup Series"),
    ],
)
def test_the_names_of_the_cup_series_begin_when_they_did(year: str, name: str) -> None:
    assert [name] == [
        row["series_name"] for row in rows("series_names") if (row["series_id"], row["first_season"]) == ("cup", year)
    ]
