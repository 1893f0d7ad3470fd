"""The files of the almanac: whole, sorted and cited."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import date
from importlib.resources import files

import pytest
import sqlglot
from sqlglot import exp

from nascar_warehouse.etl.documents import Selection
from nascar_warehouse.etl.load.raw_tables import create_statement
from nascar_warehouse.etl.sources.almanac import Almanac, PackageFiles
from nascar_warehouse.warehouse.errors import SourceChanged
from tests.support.almanac_rows import TODAY, Row, content, rows
from tests.support.margin_columns import margin_columns

ALMANAC = Almanac()


KEYS = {
    "margins": ("race_id", "source_url", "margin_text"),
    "career_wins": ("series_id", "driver_name"),
    "finishes": ("race_id",),
    "results": ("race_id", "finish_position"),
    "changed_outcomes": ("race_id", "what"),
    "series_names": ("series_id", "first_season"),
    "season_counts": ("series_id", "season"),
    "champions": ("series_id", "season", "title"),
}
NAMES = sorted(KEYS)
# Old pages of newspapers stand at the addresses at which they were read.
SCHEMES = {"margins": ("https://", "http://")}


def key(name: str, row: Row) -> tuple[str, ...]:
    return tuple(row[column] for column in KEYS[name])


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
