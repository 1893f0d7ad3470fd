"""Which pages of a folder are documents, and which columns they fill."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
import sqlglot
from sqlglot import exp

from nascar_warehouse.etl.documents import Selection
from nascar_warehouse.etl.load.raw_tables import create_statement
from nascar_warehouse.etl.sources.racing_reference_pages import RacingReferencePages, open_pages
from nascar_warehouse.warehouse.errors import SourceChanged, UsageError
from tests.support import racing_reference_html as rr
from tests.support.margin_columns import margin_columns
from tests.support.racing_reference_parsing import KEY, SOURCE, save

EVERYTHING = Selection(date(2025, 11, 19))


# --- the folder


def keys(folder: Path, selection: Selection = EVERYTHING) -> list[str]:
    return [root.key for root in RacingReferencePages(open_pages(folder)).index_documents(selection)]


def test_without_a_folder_there_is_nothing_to_ask_for() -> None:
    assert [] == SOURCE.index_documents(EVERYTHING)


def test_a_document_is_named_after_its_race_and_has_the_address_that_the_page_gives_itself(folder: Path) -> None:
    save(folder, "anything.html", rr.page())
    [root] = RacingReferencePages(open_pages(folder)).index_documents(EVERYTHING)
    assert (KEY, rr.URL, None, 2021) == (root.key, root.url, root.season, SOURCE.season_of(root.key))


@pytest.mark.parametrize("canonical", [None, "", "/race-results/2021", "javascript:alert(1)", "https://x/ y"])
def test_a_page_without_an_address_has_the_name_of_its_file(folder: Path, canonical: str | None) -> None:
    save(folder, "2021 Goodyear 400.html", rr.page(canonical=canonical))
    assert ["2021 Goodyear 400.html"] == [
        root.url for root in RacingReferencePages(open_pages(folder)).index_documents(EVERYTHING)
    ]


def test_pages_that_call_themselves_by_one_address_stay_apart(folder: Path) -> None:
    save(folder, "a.html", rr.page())
    save(folder, "b.html", rr.page(series="NASCAR Cup Series race number 13 of 36"))
    assert [(KEY, rr.URL), ("cup/2021/13", "b.html")] == [
        (root.key, root.url) for root in RacingReferencePages(open_pages(folder)).index_documents(EVERYTHING)
    ]


def test_only_pages_are_looked_at(folder: Path) -> None:
    save(folder, "a.HTM", rr.page())
    save(folder, "notes.txt", "mine")
    (folder / "a_files").mkdir()
    save(folder / "a_files", "saved_resource.html", rr.CHALLENGE)
    (folder / "folder.html").mkdir()
    assert [KEY] == keys(folder)


@pytest.mark.parametrize(
    ("selection", "expected"),
    [
        (Selection(date(2025, 1, 1), (2021,)), [KEY]),
        (Selection(date(2025, 1, 1), (2020,)), []),
        (Selection(date(2025, 1, 1), None, ("cup",)), [KEY]),
        (Selection(date(2025, 1, 1), None, ("nxs",)), []),
    ],
)
def test_only_pages_of_wanted_seasons_and_series_are_asked_for(
    folder: Path, selection: Selection, expected: list[str]
) -> None:
    save(folder, "a.html", rr.page())
    assert expected == keys(folder, selection)


def test_the_same_page_saved_twice_is_one_document(folder: Path) -> None:
    save(folder, "a.html", rr.page())
    save(folder, "a (1).html", rr.page())
    saved = open_pages(folder)
    [root] = RacingReferencePages(saved).index_documents(EVERYTHING)
    assert rr.page().encode() == saved.fetch(root.url).body


def test_two_pages_of_one_race_that_differ_are_refused_with_both_names(folder: Path) -> None:
    save(folder, "a.html", rr.page())
    save(folder, "b.html", rr.page(margin_of_victory="2.570 sec"))
    saved = open_pages(folder)
    [root] = RacingReferencePages(saved).index_documents(EVERYTHING)
    with pytest.raises(SourceChanged, match=r"a.html, b.html are pages of one race, cup/2021/12, and differ"):
        saved.fetch(root.url)


def test_a_folder_without_pages_is_wrong_usage(folder: Path) -> None:
    with pytest.raises(UsageError, match="no saved page"):
        open_pages(folder)


def test_a_page_that_is_too_large_is_refused_with_its_name(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nascar_warehouse.etl.sources.saved_files.BODY_LIMIT_BYTES", 100)
    save(folder, "a.html", rr.page())
    saved = open_pages(folder)
    with pytest.raises(SourceChanged, match=r"the file a.html: a.html is larger than 100 bytes"):
        saved.fetch("a.html")


# --- tables


@pytest.mark.parametrize("name", list(SOURCE.tables))
def test_a_raw_table_has_the_columns_of_its_rows_and_of_the_document(name: str) -> None:
    text = create_statement(name, SOURCE.tables[name], has_margins=name in SOURCE.margin_columns)
    create, *_ = sqlglot.parse(text, dialect="duckdb")
    assert create is not None
    columns = [*SOURCE.tables[name].columns, *margin_columns(SOURCE, name), "document_id", "loaded_at"]
    assert columns == [column.name for column in create.find_all(exp.ColumnDef)]
