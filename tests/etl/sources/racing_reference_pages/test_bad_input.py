"""Bad pages and folders through the whole job."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Ask, Nascar
from tests.support import racing_reference_html as rr
from tests.support.racing_reference_parsing import KEY, read, save

pytestmark = pytest.mark.slow
"""Whole warehouses are built several times."""


def test_pages_that_are_named_without_a_folder_are_wrong_usage(nascar: Nascar) -> None:
    left = nascar("ingest", "racing_reference_pages")
    assert 2 == left.code
    assert "racing_reference_pages is never fetched" in left.err


@pytest.mark.parametrize("place", ["nowhere", "a.html"])
def test_a_folder_that_is_none_is_wrong_usage(nascar: Nascar, folder: Path, place: str) -> None:
    save(folder, "a.html", rr.page())
    left = read(nascar, folder / place)
    assert 2 == left.code
    assert "cannot be opened" in left.err


def test_a_page_that_is_something_else_is_exit_4_with_its_name_and_the_others_are_loaded(
    nascar: Nascar, folder: Path, ask: Ask
) -> None:
    save(folder, "a.html", rr.page())
    save(folder, "b.html", rr.CHALLENGE)
    left = read(nascar, folder)
    said = "problem: racing_reference_pages b.html: the file b.html: unexpected content: it is not a race page"
    assert 4 == left.code
    assert said in left.err
    assert [(1,)] == ask("SELECT count(*) FROM staging.racing_reference_pages")


@pytest.mark.usefixtures("kept")
def test_a_page_that_is_something_else_is_forgotten_when_it_is_taken_away(nascar: Nascar, folder: Path) -> None:
    bad = save(folder, "b.html", rr.CHALLENGE)
    assert 4 == read(nascar, folder).code
    bad.unlink()
    assert 0 == read(nascar, folder).code


@pytest.mark.usefixtures("kept")
@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"margin_of_victory": None}, "no line `Margin of victory: …`"),
        ({"results": ""}, "0 tables with the header cells"),
        ({"laps": "some laps"}, "no line like `293 laps"),
    ],
)
def test_a_page_that_breaks_is_exit_4_and_leaves_the_published_file_alone(
    nascar: Nascar, folder: Path, home: Path, changes: dict[str, Any], said: str
) -> None:
    before = hashlib.sha256((home / "nascar.duckdb").read_bytes()).hexdigest()
    save(folder, "a.html", rr.page(**changes))
    left = read(nascar, folder)
    assert 4 == left.code
    assert f"racing_reference_pages {KEY}: " in left.err
    assert said in left.err
    assert before == hashlib.sha256((home / "nascar.duckdb").read_bytes()).hexdigest()


@pytest.mark.usefixtures("kept")
def test_a_page_that_is_saved_whole_again_is_exit_0(nascar: Nascar, folder: Path) -> None:
    save(folder, "a.html", rr.page(results=""))
    assert 4 == read(nascar, folder).code
    save(folder, "a.html", rr.page())
    assert 0 == read(nascar, folder).code


@pytest.mark.usefixtures("kept")
def test_a_page_that_lost_many_of_its_results_is_exit_5_and_publishes_nothing(nascar: Nascar, folder: Path) -> None:
    save(folder, "a.html", rr.page(results=rr.results_table(rr.RESULTS[:1])))
    left = read(nascar, folder)
    assert 5 == left.code
    assert "results of 1 race: " in left.err
    assert "(2 rows, now 1)" in left.err
