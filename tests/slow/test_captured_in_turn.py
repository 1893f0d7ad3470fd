"""The captured feed, ingested in the order in which it was captured: what was corrected in between is listed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.conftest import ask_file
from tests.support.commands import run_on


@pytest.fixture(scope="session")
def captured_in_turn(captures: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[list[int], Path]:
    """How the ingests of the three captures left, and the warehouse after them; for reading only."""
    folder = tmp_path_factory.mktemp("captured-in-turn")
    codes = [
        run_on(folder, "ingest", "nascar_feed", "--mirror", captures / day).code
        for day in ("2020-06-11", "2022-11-23", "2025-11-19")
    ]
    return codes, folder / "nascar.duckdb"


def test_the_captures_are_ingested_one_after_the_other(captured_in_turn: tuple[list[int], Path]) -> None:
    assert [0, 0, 0] == captured_in_turn[0]


@pytest.mark.parametrize(
    ("race_key", "column", "expected"),
    [
        # A name is trimmed, then its apostrophe made plain; the winner of a race is forgotten.
        (
            "4704",
            "race_name",
            [("Overton’s 400 ", "Overton’s 400", True), ("Overton’s 400", "Overton's 400", True)],  # noqa: RUF001
        ),
        ("5172", "winner_driver_id", [("4030", None, True)]),
        # These had only been announced.
        ("4886", "margin_of_victory", [("", ".761", False)]),
        ("5183", "margin_of_victory", [(None, "0.301", False)]),
    ],
)
def test_what_the_source_said_otherwise_later_is_listed(
    captured_in_turn: tuple[list[int], Path], race_key: str, column: str, expected: list[tuple[Any, ...]]
) -> None:
    assert expected == ask_file(
        captured_in_turn[1],
        "SELECT old_value, new_value, is_correction FROM ops.changes WHERE table_name = 'nascar_feed_races'"
        f" AND row_key = '{race_key}' AND column_name = '{column}' ORDER BY seen_at",
    )


def test_a_correction_is_listed_under_our_id_of_the_race(captured_in_turn: tuple[list[int], Path]) -> None:
    assert [("cup-2018-17",), ("cup-2018-17",)] == ask_file(
        captured_in_turn[1], "SELECT race_id FROM ops.changes WHERE row_key = '4704' AND column_name = 'race_name'"
    )


def test_the_true_index_of_2017_outlives_the_wrong_one(captured_in_turn: tuple[list[int], Path]) -> None:
    assert [("2017-02-26", "nascar_feed")] == ask_file(
        captured_in_turn[1],
        "SELECT race_date::VARCHAR, source_id FROM core.races WHERE race_id = 'cup-2017-01'",
    )
    assert [("loaded",), ("quarantined",), ("quarantined",)] == ask_file(
        captured_in_turn[1],
        "SELECT state FROM ops.documents WHERE document_key = '2017/race_list_basic' ORDER BY version",
    )


def test_each_season_of_the_captures_has_its_36_points_races(captured_in_turn: tuple[list[int], Path]) -> None:
    assert [(year, 36) for year in (2015, 2016, 2017, 2018, 2020, 2021, 2022, 2024, 2025)] == ask_file(
        captured_in_turn[1],
        "SELECT season, count(*) FROM core.races WHERE series_id = 'cup' AND race_number IS NOT NULL"
        " AND source_id = 'nascar_feed' GROUP BY season ORDER BY season",
    )
