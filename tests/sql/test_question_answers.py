"""The answers of the named questions over all of history, as they were checked by hand once; `checked` says how."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from nascar_warehouse.warehouse.read.questions import read_questions
from tests.sql.test_questions import answer_example

with (Path(__file__).parent / "answers.csv").open(encoding="utf-8", newline="") as file:
    ANSWERS = list(csv.DictReader(file))


def test_every_question_has_an_answer_that_was_checked() -> None:
    assert list(read_questions()) == [row["question"] for row in ANSWERS if row["checked"]]


@pytest.mark.parametrize("pinned", ANSWERS, ids=lambda row: row["question"])
def test_a_question_has_the_answer_that_was_checked(history: Path, pinned: dict[str, str]) -> None:
    rows = answer_example(history, pinned["question"]).rows.values
    first = " | ".join("" if value is None else str(value) for value in rows[0])
    assert (int(pinned["rows"]), pinned["first_row"]) == (len(rows), first)
