"""Every named question runs on the facts that come with the program, binds what it declares, and says its coverage."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import Any

import duckdb
import pytest

from nascar_warehouse.etl.commands.options import parse_season_range, today
from nascar_warehouse.warehouse.errors import InvalidSql, UsageError
from nascar_warehouse.warehouse.read.questions import (
    Answered,
    answer,
    parse_question,
    read_questions,
)
from nascar_warehouse.warehouse.storage.home import Home
from tests.conftest import Nascar, ask_file

QUESTIONS = read_questions()
COVERAGE = re.compile(r"[^:]+: known for [\d,]+ of [\d,]+ (points races|races here).*")
OF_A_TEAM = "winners-of-team"
"""The facts that come with the program name no team."""


def example_values(example: str) -> dict[str, Any]:
    words = shlex.split(example)
    values: dict[str, Any] = {
        option.removeprefix("--").replace("-", "_"): value
        for option, value in zip(words[::2], words[1::2], strict=True)
    }
    return values | ({"season": parse_season_range(values["season"], today())} if "season" in values else {})


def answer_example(home: Path, name: str) -> Answered:
    return answer(Home(home), name, example_values(QUESTIONS[name].example))


def test_there_are_many_questions() -> None:
    assert len(QUESTIONS) >= 60


@pytest.mark.parametrize("name", sorted(QUESTIONS.keys() - {OF_A_TEAM}))
def test_a_question_is_answered_with_its_coverage(home_of_almanac: Path, name: str) -> None:
    answered = answer_example(home_of_almanac, name)
    assert len(answered.rows.columns) >= 4
    assert COVERAGE.fullmatch(answered.coverage), answered.coverage


def test_a_team_that_is_not_there_is_refused(home_of_almanac: Path) -> None:
    with pytest.raises(UsageError, match="there is no team 'hendrick motorsports' in the warehouse"):
        answer_example(home_of_almanac, OF_A_TEAM)


@pytest.mark.parametrize("name", QUESTIONS)
def test_a_question_uses_every_parameter_that_it_declares(name: str) -> None:
    question = QUESTIONS[name]
    with duckdb.connect() as con:
        statements = con.extract_statements(question.sql)
    bound = {
        "season" if parameter in {"season_from", "season_to"} else str(parameter)
        for parameter in statements[0].named_parameters
    }
    assert set(question.defaults) == bound
    assert len(statements) == (1 if question.coverage else 2)


@pytest.mark.parametrize("name", QUESTIONS)
def test_a_question_says_its_series_once(name: str) -> None:
    question = QUESTIONS[name]
    stated = question.coverage.series if question.coverage else None
    assert ("series" in question.defaults) != (stated is not None)


def test_every_coverage_is_of_a_fact_that_is_counted(home_of_almanac: Path) -> None:
    known = {
        fact for (fact,) in ask_file(home_of_almanac / "nascar.duckdb", "SELECT DISTINCT fact FROM marts.fact_coverage")
    }
    assert set() == {fact for each in QUESTIONS.values() if each.coverage for fact in each.coverage.facts} - known


def test_starts_are_not_covered_by_the_winners_that_are_known(home_of_almanac: Path) -> None:
    coverage = answer_example(home_of_almanac, "most-wins").coverage
    assert re.fullmatch(
        r"winner: known for [\d,]{4,} of 2,822 points races of 1949-2025, series cup; results: known for 1 of them",
        coverage,
    )


def test_an_event_counts_the_results_that_its_starts_rest_on(home_of_almanac: Path) -> None:
    coverage = answer_example(home_of_almanac, "wins-at-event").coverage
    assert re.fullmatch(
        r"winner of \S+: known for (\d+) of \1 races here; results: known for 0 of \1 races here", coverage
    )


@pytest.mark.parametrize("name", QUESTIONS)
def test_a_question_ends_with_a_question_mark(name: str) -> None:
    assert QUESTIONS[name].what.endswith("?")


@pytest.mark.usefixtures("almanac")
def test_a_question_is_asked_by_its_name(nascar: Nascar) -> None:
    left = nascar("ask", "closest-at-track", "--track", "KANSAS speedway", "--limit", "1", "--format", "csv")
    assert 0 == left.code
    assert "1,0.0010,2024-05-05,AdventHealth 400,Kyle Larson,Chris Buescher,cup-2024-12" == left.out.splitlines()[1]
    assert COVERAGE.fullmatch(left.err.strip())


def test_a_wrong_name_is_said_without_a_warehouse(nascar: Nascar) -> None:
    left = nascar("ask", "owner")
    assert 2 == left.code
    assert "there is no question 'owner'" in left.err


def test_all_questions_are_listed_without_a_warehouse(nascar: Nascar) -> None:
    left = nascar("ask", "--format", "csv")
    assert (0, "", 1 + len(QUESTIONS)) == (left.code, left.err, len(left.out.splitlines()))


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["closest-at-trak"], "did you mean closest-at-track or "),
        (["owner"], "did you mean wins-by-owner?"),
        (["wins track"], "did you mean most-wins-by-track or "),
        (["xyzzy"], "`nascar ask` lists them"),
        ([""], "`nascar ask` lists them"),
        (
            ["closest-at-track"],
            "closest-at-track needs --track\n  next: for example `nascar ask closest-at-track --track",
        ),
        (["most-wins", "--track", "kansas"], "most-wins has no --track"),
        (["closest-at-track", "--track", "kansass"], "did you mean kansas or Kansas Speedway?"),
        (["closest-of-driver", "--driver", "busch"], "several drivers match 'busch': "),
        (["most-wins", "--series", "f1"], "invalid series 'f1'"),
        (["most-wins", "--season", "2018,2020"], "one range without gaps"),
        (["most-wins", "--limit", "0"], "0"),
        (["photo-finishes-by-driver", "--seconds", "nan"], "invalid --seconds nan"),
    ],
)
@pytest.mark.usefixtures("almanac")
def test_wrong_usage_is_refused_with_what_to_do(nascar: Nascar, arguments: list[str], said: str) -> None:
    left = nascar("ask", *arguments)
    assert (2, "") == (left.code, left.out)
    assert said in left.err


@pytest.mark.usefixtures("almanac")
def test_a_value_is_bound_and_not_part_of_the_statement(nascar: Nascar) -> None:
    left = nascar("ask", "closest-at-track", "--track", "x'; DROP TABLE core.races; --")
    assert (2, "") == (left.code, left.out)
    assert "there is no track" in left.err


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("SELECT 1", "has no line `-- Question: …`"),
        ("-- Question: What?\nSELECT 1", "has no line `-- Parameters: …`"),
        ("-- Question: What?\n-- Parameters: planet\nSELECT 1", "invalid parameter 'planet'"),
        ("-- Question: What?\n-- Parameters: limit = 1 2\nSELECT 1", "invalid parameter 'limit = 1 2'"),
        ("-- Question: What?\n-- Parameters: limit = 1\n-- Coverage: after 1993\nSELECT 1", "invalid coverage"),
    ],
)
def test_a_file_that_breaks_a_rule_is_invalid(text: str, problem: str) -> None:
    with pytest.raises(InvalidSql, match=re.escape(problem)):
        parse_question("odd", text)
