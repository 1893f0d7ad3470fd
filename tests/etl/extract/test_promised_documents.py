"""A document that the index promises is a problem until it is there or accepted."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.conftest import Nascar
from tests.support.feed import FeedFolder, season
from tests.support.misbehaving import Canned, canned
from tests.support.publisher import Publisher
from tests.support.refusing import (
    NOW,
    PROMISED,
    RACES,
    WITHOUT_RESULTS,
    YEAR,
    problems,
    races_with_results,
    weekend_of,
    weekends,
)

pytestmark = pytest.mark.slow
"""Whole warehouses are built several times."""


@pytest.mark.parametrize("answer", [canned(status=404), canned(b"null")], ids=["404", "null"])
def test_a_race_that_was_run_without_a_feed_is_a_problem_until_it_is_there(
    publisher: Publisher, site: FeedFolder, answer: Canned
) -> None:
    publisher.archive.refusal = answer
    publisher.archive.refuses = lambda key: key in weekends(2)
    first = publisher.run("2021-12-01", site.root)
    assert (3, [PROMISED]) == (first.outcome.exit_code, problems(first))
    assert "nascar accept" in first.outcome.problems[0].advice
    publisher.archive.refuses = lambda _: False
    assert 0 == publisher.run("2021-12-02").outcome.exit_code


@pytest.mark.parametrize(
    "answer", [canned(status=403), canned(status=404), canned(b"null")], ids=["403", "404", "null"]
)
def test_a_missing_feed_that_was_accepted_is_no_problem(
    publisher: Publisher, site: FeedFolder, nascar: Nascar, answer: Canned
) -> None:
    publisher.archive.refuses = lambda key: key in weekends(2)
    publisher.archive.refusal = answer
    publisher.run("2021-12-01", site.root)
    assert 0 == nascar("accept", "nascar_feed", weekends(2)[0]).code
    run = publisher.run("2021-12-02")
    assert (0, []) == (run.outcome.exit_code, problems(run))


def test_a_race_to_come_may_have_no_feed(publisher: Publisher, site: FeedFolder) -> None:
    to_come = season(RACES, YEAR)[-1] | {"total_race_time": "", "winner_driver_id": None, "margin_of_victory": ""}
    site.put_index(*season(RACES, YEAR)[:-1], to_come, year=YEAR)
    (site.root / f"cf.nascar.com/cacher/{weekends(RACES)[0]}.json").unlink()
    assert 0 == publisher.run(NOW, site.root).outcome.exit_code


def test_a_feed_that_becomes_null_is_quarantined_and_the_one_before_stands(
    known: Publisher, site: FeedFolder, home: Path
) -> None:
    known.archive.refusal = canned(b"null")
    known.archive.refuses = lambda key: key in weekends(1)
    site.put_index(*[listed | {"margin_of_victory": "0.200"} for listed in season(RACES, YEAR)], year=YEAR)
    run = known.run("2021-04-20")
    assert (4, [f"nascar_feed {weekends(1)[0]}"]) == (
        run.outcome.exit_code,
        [problem.document for problem in run.outcome.problems],
    )
    assert RACES == races_with_results(home)


def without_results(number: int) -> bytes:
    """A feed with the entry list of a race only."""
    content = weekend_of(number)
    for row in content["weekend_race"][0]["results"]:
        row |= {"finishing_position": 0, "laps_completed": 0, "laps_led": 0}
    return json.dumps(content).encode()


def test_a_race_that_was_run_and_whose_feed_has_no_results_is_a_problem_until_it_has(
    publisher: Publisher, site: FeedFolder, home: Path
) -> None:
    publisher.archive.refuses = lambda key: key in weekends(2)
    publisher.archive.refusal = canned(without_results(2))
    first = publisher.run("2021-12-01", site.root)
    assert (3, [WITHOUT_RESULTS]) == (first.outcome.exit_code, problems(first))
    again = publisher.run("2022-03-01")
    assert (weekends(2), [WITHOUT_RESULTS]) == ([key for key in again.asked if key in weekends(2)], problems(again))
    publisher.archive.refuses = lambda _: False
    assert 0 == publisher.run("2022-06-01").outcome.exit_code
    assert RACES == races_with_results(home)


def test_a_feed_that_lost_its_results_is_asked_for_until_it_has_them_again(
    known: Publisher, site: FeedFolder, home: Path
) -> None:
    known.archive.refusal = canned(without_results(1))
    known.archive.refuses = lambda key: key in weekends(1)
    site.put_index(*[listed | {"margin_of_victory": "0.200"} for listed in season(RACES, YEAR)], year=YEAR)
    lost = known.run("2021-04-20")
    assert (4, ["it has no results any more, as before the race"]) == (lost.outcome.exit_code, problems(lost))
    later = [known.run(day) for day in ("2021-06-20", "2021-08-20")]
    assert [weekends(1)] * 2 == [[key for key in run.asked if key in weekends(1)] for run in later]
    assert [0, 0] == [run.outcome.exit_code for run in later]
    assert RACES == races_with_results(home)


def test_an_index_that_answers_with_another_season_after_its_own_is_a_problem_and_the_one_before_stands(
    known: Publisher, site: FeedFolder, home: Path
) -> None:
    site.put_index(*season(RACES, YEAR - 1), year=YEAR)
    run = known.run("2021-04-20")
    assert (4, ["the index of 2021 answers with races of 2020"]) == (run.outcome.exit_code, problems(run))
    assert "the version before stands" in run.outcome.problems[0].advice
    assert RACES == races_with_results(home)
