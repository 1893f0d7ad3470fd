"""The list of the closest finishes through the whole job."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Ask, Nascar, ask_file
from tests.support import wikipedia_page as wiki
from tests.support.commands import run_on
from tests.support.feed import FeedFolder
from tests.support.homes import copy_home
from tests.support.misbehaving import canned, misbehaving_server
from tests.support.wikipedia_parsing import KEY, LOST

pytestmark = pytest.mark.slow
"""Whole warehouses are built several times."""


@pytest.fixture(scope="module")
def home_of_list(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home into which the list was ingested, beside the mirror that it came from; to be read or copied."""
    folder = tmp_path_factory.mktemp("list")
    put_list(folder / "mirror")
    left = run_on(folder / "home", "ingest", "wikipedia", "--mirror", folder / "mirror")
    assert 0 == left.code
    assert "1 documents asked for, 1 new" in left.err
    return folder / "home"


@pytest.fixture
def mirror(tmp_path: Path, home: Path, home_of_list: Path) -> Path:
    """A folder mirror that has the list and nothing else; the home of the test has it already."""
    copy_home(home_of_list, home)
    put_list(tmp_path / "mirror")
    return tmp_path / "mirror"


def put_list(mirror: Path, **changes: Any) -> None:
    outside = wiki.row(
        "3", "2001 Gatorade Duel 2", "0.004", "Mike Skinner", "Dale Earnhardt Jr.", "Daytona", "February 15, 2001", "*"
    )
    wiki.put(mirror, wiki.article(wiki.page(wiki.table(wiki.KANSAS, wiki.DARLINGTON, outside)), **changes))


def test_the_list_is_ingested_from_a_folder(home_of_list: Path) -> None:
    assert [
        (1, 1, 2024, "AdventHealth 400", False, "0.001", "Kyle Larson", "Chris Buescher", date(2024, 5, 5)),
        (2, 2, 2003, "Carolina Dodge Dealers 400", False, "0.002", "Ricky Craven", "Kurt Busch", date(2003, 3, 16)),
        (3, 3, 2001, "Gatorade Duel 2", True, "0.004", "Mike Skinner", "Dale Earnhardt Jr.", date(2001, 2, 15)),
    ] == ask_file(
        home_of_list / "nascar.duckdb",
        "SELECT row_number, rank, season, race_name, is_outside_season, margin_text, winner, runner_up, race_date"
        " FROM staging.wikipedia_closest_finishes ORDER BY row_number",
    )


def test_a_row_of_the_list_says_which_revision_and_document_it_is_from(home_of_list: Path) -> None:
    assert [(1311111111, f"https://{wiki.FILE}", "Wikipedia", "CC BY-SA 4.0")] == ask_file(
        home_of_list / "nascar.duckdb",
        "SELECT DISTINCT finishes.revision_id, documents.url, documents.publisher, credits.licence"
        " FROM staging.wikipedia_closest_finishes AS finishes"
        " INNER JOIN ops.documents AS documents USING (document_id)"
        " INNER JOIN seeds.source_credits AS credits USING (source_id)",
    )


def test_the_margins_of_the_list_are_typed(home_of_list: Path) -> None:
    assert [("0.004", "time")] == ask_file(
        home_of_list / "nascar.duckdb",
        "SELECT margin_text, margin_kind FROM raw.wikipedia_closest_finishes WHERE margin_text = '0.004'",
    )


def test_the_list_asked_for_again_publishes_nothing(nascar: Nascar, mirror: Path) -> None:
    left = nascar("ingest", "wikipedia", "--mirror", mirror)
    assert 0 == left.code
    assert left.err.endswith("nothing new, nothing published\n")


@pytest.mark.usefixtures("mirror")
def test_rebuild_reads_the_kept_list(nascar: Nascar, ask: Ask) -> None:
    assert 0 == nascar("rebuild").code
    assert [(3,)] == ask("SELECT count(*) FROM staging.wikipedia_closest_finishes")


@pytest.mark.slow
def test_a_list_that_came_through_the_api_is_still_read_and_the_article_takes_its_place(
    nascar: Nascar, tmp_path: Path, ask: Ask
) -> None:
    mirror, revision = tmp_path / "mirror", "SELECT DISTINCT revision_id FROM staging.wikipedia_closest_finishes"
    wiki.put(mirror, wiki.answer(revid=1300000000))
    assert 0 == nascar("ingest", "wikipedia", "--mirror", mirror).code
    assert 0 == nascar("rebuild").code
    assert [(1300000000,)] == ask(revision)
    wiki.put(mirror, wiki.article())
    assert 0 == nascar("ingest", "wikipedia", "--mirror", mirror).code
    assert [(1311111111,)] == ask(revision)


def test_a_plain_ingest_asks_for_the_list_too(nascar: Nascar, one_race: FeedFolder, ask: Ask) -> None:
    put_list(one_race.root)
    assert 0 == nascar("ingest", "--mirror", one_race).code
    assert [(1, 3)] == ask(
        "SELECT (SELECT count(*) FROM raw.nascar_feed_weekends), count(*) FROM raw.wikipedia_closest_finishes"
    )


@pytest.mark.parametrize(
    "arguments", [pytest.param((), id="a mirror need not have every source"), ("--season", "2024")]
)
def test_a_mirror_without_the_list_is_no_problem_for_who_does_not_ask_for_it(
    nascar: Nascar, one_race: FeedFolder, arguments: tuple[str, ...]
) -> None:
    left = nascar("ingest", "--mirror", one_race, *arguments)
    assert 0 == left.code
    assert "problem" not in left.err


def test_a_mirror_without_the_list_is_exit_3_for_who_asks_for_it(nascar: Nascar, one_race: FeedFolder) -> None:
    left = nascar("ingest", "wikipedia", "--mirror", one_race)
    assert 3 == left.code
    assert "none of the 1 documents of wikipedia that were due is there" in left.err


def test_a_mirror_over_http_is_asked_for_the_article(nascar: Nascar, mirror: Path) -> None:
    with misbehaving_server({f"/{wiki.FILE}": [canned((mirror / wiki.FILE).read_bytes())]}) as server:
        left = nascar("ingest", "wikipedia", "--mirror", server.url)
        asked = [request.path for request in server.requests]
    assert 0 == left.code
    assert f"/{wiki.FILE}" in asked


BAD_ANSWERS: dict[str, Callable[[], bytes]] = {
    "no header cell 2nd Place": lambda: wiki.article(wiki.page(wiki.table(wiki.KANSAS, names=LOST[0]))),
    "row 1: the winner is blank": lambda: wiki.article(wiki.page(wiki.table(wiki.row(winner="")))),
    "no table with the header cells": lambda: wiki.article("<p>gone</p>"),
    "has no page": lambda: b'{"error": {"code": "missingtitle", "info": "gone"}}',
    "is a redirect now": lambda: wiki.article('<div class="redirectMsg">Redirect to: X</div>'),
    "leads to another one now": lambda: wiki.article(title="X"),
    "not an article of Wikipedia": lambda: b"<html><title>Are you a robot?</title></html>",
}


@pytest.mark.parametrize("said", BAD_ANSWERS)
def test_a_page_that_means_nothing_is_exit_4_and_leaves_the_published_file_alone(
    nascar: Nascar, mirror: Path, home: Path, said: str
) -> None:
    before = hashlib.sha256((home / "nascar.duckdb").read_bytes()).hexdigest()
    wiki.put(mirror, BAD_ANSWERS[said]())
    left = nascar("ingest", "wikipedia", "--mirror", mirror)
    assert 4 == left.code
    assert f"problem: wikipedia {KEY}: " in left.err
    assert said in left.err
    assert before == hashlib.sha256((home / "nascar.duckdb").read_bytes()).hexdigest()


def test_a_page_that_is_repaired_is_exit_0(nascar: Nascar, mirror: Path, ask: Ask) -> None:
    wiki.put(mirror, BAD_ANSWERS["is a redirect now"]())
    assert 4 == nascar("ingest", "wikipedia", "--mirror", mirror).code
    put_list(mirror, revision_id=1322222222)
    assert 0 == nascar("ingest", "wikipedia", "--mirror", mirror).code
    assert [(1322222222, 3)] == ask("SELECT revision_id, count(*) FROM staging.wikipedia_closest_finishes GROUP BY ALL")


def test_a_list_that_lost_many_rows_is_exit_5_and_publishes_nothing(nascar: Nascar, mirror: Path) -> None:
    wiki.put(mirror, wiki.article(wiki.page(wiki.table(wiki.KANSAS))))
    left = nascar("ingest", "wikipedia", "--mirror", mirror)
    assert 5 == left.code
    assert "would shrink from 3 rows to 1" in left.err


def test_a_finish_that_is_listed_twice_counts_once_and_a_name_may_be_that_of_two_races(
    nascar: Nascar, mirror: Path, ask: Ask
) -> None:
    spring, summer = (
        wiki.row("3", "2024 Cook Out 400", "0.003", winner, "Bob Second", track, day)
        for winner, track, day in (
            ("Ann Winner", "Martinsville", "April 7, 2024"),
            ("Cy Winner", "Richmond", "August 11, 2024"),
        )
    )
    rows = wiki.KANSAS, wiki.KANSAS, wiki.DARLINGTON, summer, spring
    wiki.put(mirror, wiki.article(wiki.page(wiki.table(*rows))))
    assert 0 == nascar("ingest", "wikipedia", "--mirror", mirror).code
    assert [
        ("2003 Carolina Dodge Dealers 400", date(2003, 3, 16)),
        ("2024 AdventHealth 400", date(2024, 5, 5)),
        ("2024 Cook Out 400", date(2024, 4, 7)),
        ("2024 Cook Out 400 2024-08-11", date(2024, 8, 11)),
    ] == ask("SELECT race_key, race_date FROM staging.wikipedia__races ORDER BY ALL")
