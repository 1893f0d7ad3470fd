"""The answers of the named questions over all of history, as they were checked by hand once; `checked` says how."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from nascar_warehouse.warehouse.read.questions import read_questions
from tests.sql.test_questions import answer_example
from tests.support.commands import run_on
from tests.support.homes import copy_home

with (Path(__file__).parent / "answers.csv").open(encoding="utf-8", newline="") as file:
    ANSWERS = list(csv.DictReader(file))

OF_AGES = ("oldest-winners", "wins-by-age", "youngest-winners")


@pytest.fixture(scope="module")
def history_with_ages(captures: Path, history: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """That history with the birth dates of the league's list of drivers; for reading only."""
    home = copy_home(history, tmp_path_factory.mktemp("ages") / "home")
    assert 0 == run_on(home, "ingest", "nascar_drivers", "--mirror", captures / "2024-01-30").code
    return home


def test_every_question_has_an_answer_that_was_checked() -> None:
    assert list(read_questions()) == [row["question"] for row in ANSWERS if row["checked"]]


@pytest.mark.parametrize("pinned", ANSWERS, ids=lambda row: row["question"])
def test_a_question_has_the_answer_that_was_checked(
    history: Path, request: pytest.FixtureRequest, pinned: dict[str, str]
) -> None:
    name = pinned["question"]
    home = request.getfixturevalue("history_with_ages") if name in OF_AGES else history
    rows = answer_example(home, name).rows.values
    first = " | ".join("" if value is None else str(value) for value in rows[0])
    assert (int(pinned["rows"]), pinned["first_row"]) == (len(rows), first)
