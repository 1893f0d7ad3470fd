"""One bad document is set aside and the rest is published; it is reported once."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from nascar_warehouse.etl.storage import published_state
from nascar_warehouse.warehouse.storage.home import Home
from tests.conftest import Ask, Nascar, ask_file
from tests.support import wikipedia_page
from tests.support.commands import run_on
from tests.support.compare_warehouses import compare_warehouses
from tests.support.feed import FeedFolder, result, season
from tests.support.homes import copy_home
from tests.support.nascar_results_files import NascarResultsFolder, results
from tests.support.races_set_aside import (
    NAMES,
    YEAR,
    Prepared,
    ingest,
    prepare,
    problems,
    put_races,
    spy,
    two_winners,
    weekend_of,
)

pytestmark = pytest.mark.slow
"""Whole warehouses are built several times."""

RACES = "SELECT race_id FROM core.results WHERE source_id = 'nascar_feed' AND finish_position = 1 ORDER BY 1"


@pytest.fixture(scope="module")
def with_good_and_bad(with_one: Prepared, tmp_path_factory: pytest.TempPathFactory) -> Prepared:
    """Or a good second race came with a third one that has two winners."""
    return prepare(tmp_path_factory.mktemp("good-and-bad"), with_one, 3, results=two_winners())


# --- set aside


def test_a_race_with_two_winners_is_set_aside_and_the_other_new_race_is_published(with_good_and_bad: Prepared) -> None:
    left = with_good_and_bad.left
    assert 5 == left.code
    assert "race_has_one_winner" in left.err
    assert "; published\n" in left.err
    assert [("cup-2021-01",), ("cup-2021-02",)] == ask_file(with_good_and_bad.home / "nascar.duckdb", RACES)


def test_what_is_set_aside_is_quarantined_with_the_name_of_the_check(with_good_and_bad: Prepared) -> None:
    [(key, reason)] = ask_file(
        with_good_and_bad.home / "nascar.duckdb",
        "SELECT document_key, reason FROM ops.documents WHERE state = 'quarantined'",
    )
    assert f"{YEAR}/1/9003/weekend-feed" == key
    assert "the check race_has_one_winner fails" in reason


def test_the_last_good_version_of_what_is_set_aside_stands(nascar: Nascar, started: FeedFolder, ask: Ask) -> None:
    before = ask("SELECT * FROM core.results WHERE race_id = 'cup-2021-01' ORDER BY ALL")
    put_races(started, 2)
    started.put_weekend(weekend_of(1, results=two_winners()), year=YEAR)
    assert 5 == ingest(nascar, started).code
    assert [("cup-2021-01",), ("cup-2021-02",)] == ask(RACES)
    assert before == ask("SELECT * FROM core.results WHERE race_id = 'cup-2021-01' ORDER BY ALL")


def test_in_a_fresh_home_the_bad_document_is_set_aside_too(nascar: Nascar, feed: FeedFolder, ask: Ask) -> None:
    put_races(feed, 2, results=two_winners())
    assert 5 == ingest(nascar, feed).code
    assert [("cup-2021-01",)] == ask(RACES)


def test_it_is_exit_5_once_and_status_keeps_listing_it(nascar: Nascar, aside: FeedFolder, with_bad: Prepared) -> None:
    assert [5, 0, 0] == [with_bad.left.code, *(ingest(nascar, aside).code for _ in range(2))]
    assert [f"nascar_feed {YEAR}/1/9002/weekend-feed"] == problems(nascar)


def test_a_later_run_publishes_new_races_without_failing_again(nascar: Nascar, aside: FeedFolder, ask: Ask) -> None:
    aside.put_index(*season(3, YEAR), year=YEAR)
    aside.put_weekend(weekend_of(3), year=YEAR)
    assert 0 == ingest(nascar, aside).code
    assert [("cup-2021-01",), ("cup-2021-03",)] == ask(RACES)
    assert [f"nascar_feed {YEAR}/1/9002/weekend-feed"] == problems(nascar)


@pytest.mark.usefixtures("aside")
def test_a_rebuild_gives_what_the_run_that_set_aside_gave(nascar: Nascar, ask: Ask) -> None:
    statement = "SELECT * EXCLUDE (checked_at) FROM raw.documents ORDER BY ALL"
    before = ask(statement), ask("SELECT * FROM core.results ORDER BY ALL")
    assert 0 == nascar("rebuild").code
    assert before == (ask(statement), ask("SELECT * FROM core.results ORDER BY ALL"))


def test_where_everything_new_was_set_aside_a_rebuild_differs_in_what_was_kept_since_only(
    nascar: Nascar, started: FeedFolder, home: Path, tmp_path: Path
) -> None:
    started.put_weekend(weekend_of(1, results=[*two_winners(), result(3, "Cy Third")]), year=YEAR)
    before = Home(home).published_fingerprint()
    assert (5, [f"nascar_feed {YEAR}/1/9001/weekend-feed"]) == (ingest(nascar, started).code, problems(nascar))
    assert before == Home(home).published_fingerprint()
    assert {"ops.documents", "ops.freshness"} == differing(home, tmp_path / "rebuilt")


def test_after_the_next_news_a_rebuild_differs_in_nothing(
    nascar: Nascar, started: FeedFolder, home: Path, tmp_path: Path
) -> None:
    started.put_weekend(weekend_of(1, results=[*two_winners(), result(3, "Cy Third")]), year=YEAR)
    assert 5 == ingest(nascar, started).code
    started.put_index(*season(2, YEAR), year=YEAR)
    started.put_weekend(weekend_of(2), year=YEAR)
    assert 0 == ingest(nascar, started).code
    assert set() == differing(home, tmp_path / "rebuilt")


def differing(home: Path, copy: Path) -> set[str]:
    """The public relations that are others after a rebuild of a copy of a home."""
    copy_home(home, copy)
    assert 0 == run_on(copy, "rebuild").code
    return {found.relation for found in compare_warehouses(home / "nascar.duckdb", copy / "nascar.duckdb")}


def test_a_better_version_is_used_and_clears_the_problem(nascar: Nascar, aside: FeedFolder, ask: Ask) -> None:
    put_races(aside, 2)
    assert 0 == ingest(nascar, aside).code
    assert [("cup-2021-01",), ("cup-2021-02",)] == ask(RACES)
    assert [] == problems(nascar)


@pytest.mark.usefixtures("aside")
def test_another_program_tries_what_was_set_aside_again(nascar: Nascar, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        for module in ("etl.storage.published_state", "etl.load.build"):
            patch.setattr(f"nascar_warehouse.{module}.program_fingerprint", lambda: "another")
        tried: list[str] = []
        patch.setattr("nascar_warehouse.etl.load.trials._problem", spy(tried))
        nascar("build")
    assert [f"nascar_feed {YEAR}/1/9002/weekend-feed"] == tried
    assert published_state.program_fingerprint() != "another"


@pytest.mark.usefixtures("aside")
def test_the_build_that_failed_can_be_looked_into(home: Path) -> None:
    assert 1 == len(list((home / "quarantined").glob("*.duckdb")))


# --- whom to set aside


def test_a_list_that_names_a_race_twice_keeps_no_race_of_last_night_from_being_published(
    nascar: Nascar, started: FeedFolder, ask: Ask
) -> None:
    put_races(started, 2)
    twice = wikipedia_page.row("2", "2024 AdventHealth 400", "0.003", runner_up="Chase Elliott")
    wikipedia_page.put(
        started.root, wikipedia_page.article(wikipedia_page.page(wikipedia_page.table(wikipedia_page.KANSAS, twice)))
    )
    left = ingest(nascar, started, "nascar_feed", "wikipedia")
    assert 5 == left.code
    assert [("cup-2021-01",), ("cup-2021-02",)] == ask(RACES)
    assert ["wikipedia closest_finishes"] == problems(nascar)


@pytest.mark.parametrize(
    "wrong",
    [
        pytest.param({"margin_of_victory": "100.000"}, id="a margin of more than a lap"),
        pytest.param(dict.fromkeys(("race_date", "date_scheduled"), f"{YEAR - 1}-02-08T15:00:00"), id="a wrong year"),
    ],
)
def test_a_wrong_value_that_the_index_and_a_feed_share_costs_these_two_only(
    nascar: Nascar, feed: FeedFolder, ask: Ask, wrong: dict[str, str]
) -> None:
    put_races(feed, 3)
    races = season(3, YEAR)
    races[1] |= wrong
    feed.put_index(*races, year=YEAR)
    feed.put_weekend(weekend_of(2, **wrong), year=YEAR)
    left = ingest(nascar, feed)
    assert 5 == left.code
    assert ["nascar_feed 2021/1/9002/weekend-feed", "nascar_feed 2021/race_list_basic"] == sorted(problems(nascar))
    assert 2 == len(ask(RACES))


def test_an_archive_that_shrank_keeps_no_race_of_last_night_from_being_published(
    nascar: Nascar, started: FeedFolder, ask: Ask
) -> None:
    archive = NascarResultsFolder(started.root)
    archive.put_results(*results(1, *NAMES, season=2019), *results(2, *NAMES, season=2019), series_id="nxs")
    assert 0 == ingest(nascar, started, "nascar_feed", "nascar_results").code
    put_races(started, 2)
    archive.put_results(*results(1, *NAMES, season=2019), series_id="nxs")
    left = ingest(nascar, started, "nascar_feed", "nascar_results")
    assert 5 == left.code
    assert "lost 1 race that was run: race nxs-2019-02 of 2019 (all of 4 rows)" in left.err
    assert [("cup-2021-01",), ("cup-2021-02",)] == ask(RACES)
    assert [("nxs-2019-01",), ("nxs-2019-02",)] == ask(
        "SELECT DISTINCT race_id FROM core.results WHERE source_id = 'nascar_results' ORDER BY 1"
    )


# --- a home of an older version


def test_problems_that_an_older_version_wrote_are_read(nascar: Nascar, started: FeedFolder, home: Path) -> None:
    from nascar_warehouse.etl.storage.run_log import RunLog

    old = {"document": "nascar_feed a", "exit_code": 4, "problem": "p", "advice": "a", "is_absence": True, "else": 1}
    state = {"identity": "x", "program": "y", "last_version": 1, "problems": [old]}
    with RunLog(home / "journal.sqlite") as run_log:
        run_log.remember("published", json.dumps(state))
    assert ["nascar_feed a"] == problems(nascar)
    assert 0 == ingest(nascar, started).code
