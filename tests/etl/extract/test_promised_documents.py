"""A document that the index promises is a problem until it is there or accepted."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import Nascar
from tests.support.feed import FeedFolder, season
from tests.support.misbehaving import Canned, canned
from tests.support.publisher import Publisher
from tests.support.refusing import NOW, PROMISED, RACES, YEAR, problems, races_with_results, weekends

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
