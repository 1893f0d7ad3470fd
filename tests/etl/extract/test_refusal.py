"""A publisher that refuses is not one that lacks documents: 403 for both, and only a known document tells them apart."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.conftest import Nascar
from tests.support.feed import FeedFolder, season
from tests.support.misbehaving import canned, challenge_page, misbehaving_server
from tests.support.publisher import Publisher
from tests.support.refusing import INDEX, NOW, PROMISED, RACES, YEAR, days, problems, races_with_results, weekends

pytestmark = pytest.mark.slow
"""Whole warehouses are built several times."""

# --- a host that refuses everything


def test_a_first_run_that_is_refused_says_refused_and_never_missing(publisher: Publisher) -> None:
    publisher.archive.refuses = lambda _: True
    run = publisher.run(NOW)
    assert (3, 0) == (run.outcome.exit_code, run.outcome.documents_absent)
    [problem] = run.outcome.problems
    assert problem.problem.startswith(
        "https://cf.nascar.com/cacher/2015/race_list_basic.json: refused (HTTP 403); 4 other"
    )
    assert "NASCAR_CONTACT" in problem.advice
    assert ("refused", None) == (publisher.source()["state"], publisher.source()["at"])


def test_a_named_season_that_is_refused_is_not_said_to_be_unpublished(nascar: Nascar) -> None:
    with misbehaving_server({}, otherwise=[canned(status=403)]) as server:
        left = nascar("ingest", "nascar_feed", "--season", "2024", "--mirror", server.url)
    assert 3 == left.code
    assert "refused (HTTP 403)" in left.err
    assert "NASCAR_CONTACT" in left.err
    assert "may not be" not in left.err


def test_a_host_that_starts_to_refuse_is_asked_for_two_documents_a_night(
    publisher: Publisher, site: FeedFolder
) -> None:
    publisher.run(NOW, site.root)
    publisher.archive.refuses = lambda _: True
    for night in days("2022-01-10", 3):
        run = publisher.run(night)
        assert (3, 2) == (run.outcome.exit_code, len(run.asked))
        assert "refused (HTTP 403)" in problems(run)[0]
        assert "not asked for, the host cf.nascar.com is not asked again in this run" in problems(run)[0]


@pytest.mark.slow
def test_a_year_of_silence_is_refused_every_night_and_caught_up_on_the_day_it_ends(
    publisher: Publisher, site: FeedFolder, home: Path
) -> None:
    races = season(RACES, YEAR)
    site.put_index(*races[:3], year=YEAR)
    assert 0 == publisher.run(f"{YEAR}-03-15", site.root).outcome.exit_code
    site.put_index(*races, year=YEAR)
    publisher.archive.refuses = lambda _: True
    for night in days(f"{YEAR}-04-01", 12, step=10):
        run = publisher.run(night)
        assert (3, "refused") == (run.outcome.exit_code, publisher.source()["state"])
    assert f"{YEAR}-03-15" == str(publisher.source()["at"])[:10]
    assert f"refused since {YEAR}-04-01 00:00 UTC" in str(publisher.source()["next"])
    publisher.archive.refuses = lambda _: False
    run = publisher.run(f"{YEAR}-08-01")
    assert (0, "fresh") == (run.outcome.exit_code, publisher.source()["state"])
    assert RACES == races_with_results(home)


def test_a_host_that_starts_to_refuse_in_the_middle_of_a_run_is_refused_and_nothing_counts_as_missing(
    publisher: Publisher, site: FeedFolder, home: Path
) -> None:
    asked: list[str] = []

    def refuses_after_the_third_weekend(key: str) -> bool:
        asked.append(key)
        return len([key for key in asked if "weekend" in key]) > 3

    publisher.archive.refuses = refuses_after_the_third_weekend
    run = publisher.run(NOW, site.root)
    assert (3, ["2 other documents were not asked for"]) == (
        run.outcome.exit_code,
        [text.split("; ")[1].split(",")[0] for text in problems(run)],
    )
    assert "refused" == publisher.source()["state"]
    assert 3 == races_with_results(home)
    publisher.archive.refuses = lambda _: False
    again = publisher.run(f"{NOW}T01:00")
    assert (0, weekends(4, 5, 6)) == (again.outcome.exit_code, [key for key in again.asked if "weekend" in key])


@pytest.mark.parametrize("name", ["page", "403"])
def test_a_mirror_over_http_may_refuse_too(nascar: Nascar, name: str) -> None:
    refusal = challenge_page() if name == "page" else canned(status=403)
    with misbehaving_server({}, otherwise=[refusal]) as server:
        left = nascar("ingest", "nascar_feed", "racing_data", "--mirror", server.url)
    assert 3 == left.code
    found = [line for line in left.err.splitlines() if line.startswith("problem: ")]
    assert [1, 1] == [line.count(": refused (HTTP ") for line in found]
    assert f"(asked of the mirror {server.url})" in left.err


# --- some documents are refused


def test_a_backfill_in_which_four_of_six_weekends_are_refused_is_exit_3_and_whole_in_the_next_run(
    publisher: Publisher, site: FeedFolder, home: Path
) -> None:
    publisher.archive.refuses = lambda key: key in weekends(1, 3, 4, 6)
    run = publisher.run(NOW, site.root)
    assert (3, [PROMISED] * 4) == (run.outcome.exit_code, problems(run))
    assert [f"nascar_feed {key}" for key in weekends(1, 3, 4, 6)] == [
        problem.document for problem in run.outcome.problems
    ]
    publisher.archive.refuses = lambda _: False
    again = publisher.run(f"{NOW}T00:10")
    assert (0, weekends(1, 3, 4, 6)) == (again.outcome.exit_code, [key for key in again.asked if "weekend" in key])
    assert RACES == races_with_results(home)


@pytest.mark.slow
def test_weekends_that_stay_refused_are_a_problem_every_night_and_are_asked_for_daily_then_weekly(
    publisher: Publisher, site: FeedFolder
) -> None:
    publisher.archive.refuses = lambda key: key in weekends(2)
    publisher.run("2021-12-01", site.root)
    asked = {}
    for night in days("2021-12-02", 40):
        run = publisher.run(night)
        assert (3, [PROMISED]) == (run.outcome.exit_code, problems(run))
        if weekends(2)[0] in run.asked:
            asked[night] = run.asked.count(weekends(2)[0])
    assert {1} == {*asked.values()}
    assert [*days("2021-12-02", 8), "2021-12-16", "2021-12-23", "2021-12-30", "2022-01-06"] == list(asked)


def test_a_403_for_a_document_that_was_never_there_is_missing_while_the_index_is_answered(
    publisher: Publisher, site: FeedFolder
) -> None:
    run = publisher.run(NOW, site.root)
    assert (0, YEAR - 2015) == (run.outcome.exit_code, run.outcome.documents_absent)
    assert [] == problems(run)
    # The known document is asked for again after the 403s.
    assert INDEX == [key for key in run.asked if key.endswith("race_list_basic")][-1]


def test_a_document_that_was_there_and_is_refused_costs_only_itself(known: Publisher, site: FeedFolder) -> None:
    known.archive.refuses = lambda key: key in weekends(1)
    site.put_index(*[listed | {"margin_of_victory": "0.200"} for listed in season(RACES, YEAR)], year=YEAR)
    run = known.run("2021-04-20")
    assert 3 == run.outcome.exit_code
    assert ["refused (HTTP 403), although the host answers for other documents"] == [
        text.split(": ")[1] for text in problems(run)
    ]
    assert weekends(*range(1, RACES + 1)) == [key for key in run.asked if "weekend" in key]
    assert "fresh" == known.source()["state"]


def test_three_documents_that_were_there_and_are_refused_stop_the_host(known: Publisher, site: FeedFolder) -> None:
    known.archive.refuses = lambda key: "weekend" in key
    site.put_index(*[listed | {"margin_of_victory": "0.200"} for listed in season(RACES, YEAR)], year=YEAR)
    run = known.run("2021-04-20")
    assert (3, weekends(1, 2, 3)) == (run.outcome.exit_code, [key for key in run.asked if "weekend" in key])
    assert "3 other documents were not asked for" in problems(run)[-3]


@pytest.mark.slow
def test_a_document_that_was_there_and_is_refused_for_a_week_is_gone(known: Publisher, site: FeedFolder) -> None:
    known.archive.refuses = lambda key: key in weekends(1)
    site.put_index(*[listed | {"margin_of_victory": "0.200"} for listed in season(RACES, YEAR)], year=YEAR)
    codes = [known.run(night).outcome.exit_code for night in days("2021-04-20", 10)]
    assert [3] * 7 + [0] * 3 == codes


def test_a_challenge_page_for_every_document_is_refused(known: Publisher) -> None:
    known.archive.refuses = lambda _: True
    known.archive.refusal = challenge_page()
    run = known.run("2021-04-20")
    assert 3 == run.outcome.exit_code
    assert "refused (HTTP 200, a challenge page)" in problems(run)[0]
    assert "refused" == known.source()["state"]


# --- homes of earlier versions


def test_a_home_of_an_earlier_version_keeps_working(nascar: Nascar, site: FeedFolder, home: Path) -> None:
    import sqlite3
    from contextlib import closing

    nascar("ingest", "nascar_feed", "--season", YEAR, "--mirror", site.root)
    with closing(sqlite3.connect(home / "landing" / "documents.sqlite")) as db:
        for column in ("answer", "last_found_at", "missing_since", "refused_since"):
            db.execute(f"ALTER TABLE checks DROP COLUMN {column}")
        db.execute("UPDATE checks SET http_status = 403 WHERE document_key = ?", weekends(1))
        db.commit()
    rows = json.loads(nascar("status", "--format", "json").out)
    assert ["fresh"] == [row["state"] for row in rows if row["name"] == "nascar_feed"]
    left = nascar("ingest", "nascar_feed", "--season", YEAR, "--mirror", site.root)
    assert (0, True) == (left.code, "nothing new, nothing published" in left.err)
