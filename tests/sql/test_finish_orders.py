"""The order on the line and the official order: one season, an oddity a race."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from tests.conftest import Ask, ask_file
from tests.support.commands import run_on
from tests.support.feed import FeedFolder, result
from tests.support.made_season import made_race, put_season, race_id

# The numbers are those of the races.
PLAIN = 1
RUNNER_UP_DISQUALIFIED = 2
WINNER_DISQUALIFIED = 3
ZERO_IS_UNKNOWN = 4
PENALISED = 5
UNDER_CAUTION = 6
ZERO_BUT_LISTED = 7
ZERO_BUT_TIMED = 8
ZERO = 9
BLANK = 10
BLANK_BUT_TIMED = 11
DISAGREEING = 12
TIED_FOR_THIRD = 13
DID_NOT_QUALIFY = 14
BOTH_DISQUALIFIED = 15
LISTED_ONLY = 16
NO_WORDS = 17
LAPPED = 18


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The warehouse of one season with an oddity a race; for reading only."""
    folder = tmp_path_factory.mktemp("outcomes")
    feed = FeedFolder(folder / "mirror")
    put_season(
        feed,
        made_race(PLAIN),
        made_race(
            RUNNER_UP_DISQUALIFIED,
            [
                result(1, "Ann Winner"),
                result(2, "Cy Third", diff_time=300),
                result(3, "Bob Second", diff_time=100, disqualified=True),
            ],
        ),
        made_race(
            WINNER_DISQUALIFIED,
            [
                result(1, "Ann Winner", diff_time=250),
                result(2, "Bob Second", diff_time=400),
                result(3, "Cy Third", diff_time=0, disqualified=True),
            ],
            margin_of_victory=".250",
        ),
        made_race(
            ZERO_IS_UNKNOWN,
            [
                result(1, "Ann Winner"),
                result(2, "Bob Second"),
                result(3, "Cy Third", diff_time=0, disqualified=True),
            ],
        ),
        made_race(
            PENALISED,
            [
                result(1, "Ann Winner"),
                result(2, "Bob Second", diff_time=329_805),
                result(3, "Cy Third", diff_time=100),
            ],
        ),
        made_race(UNDER_CAUTION, margin_of_victory="Caution"),
        made_race(
            ZERO_BUT_LISTED,
            [result(1, "Ann Winner"), result(2, "Bob Second", diff_time=0)],
            listed={"margin_of_victory": "0.105"},
            margin_of_victory="0",
        ),
        made_race(
            ZERO_BUT_TIMED, [result(1, "Ann Winner"), result(2, "Bob Second", diff_time=120)], margin_of_victory="0"
        ),
        made_race(ZERO, [result(1, "Ann Winner"), result(2, "Bob Second", diff_time=0)], margin_of_victory="0"),
        made_race(BLANK, [result(1, "Ann Winner"), result(2, "Bob Second", diff_time=None)], margin_of_victory=""),
        made_race(
            BLANK_BUT_TIMED, [result(1, "Ann Winner"), result(2, "Bob Second", diff_time=76)], margin_of_victory=""
        ),
        made_race(
            DISAGREEING,
            [result(1, "Ann Winner"), result(2, "Bob Second", diff_time=14)],
            listed={"margin_of_victory": "Caution"},
            margin_of_victory=".014",
        ),
        made_race(
            TIED_FOR_THIRD,
            [
                result(1, "Ann Winner"),
                result(2, "Bob Second"),
                result(3, "Cy Third", result_id=3, diff_time=200),
                result(3, "Di Third", result_id=4, diff_time=200, car_number="14"),
            ],
        ),
        made_race(
            DID_NOT_QUALIFY,
            [
                result(1, "Ann Winner"),
                result(2, "Bob Second"),
                result(0, "Ed Homesick", finishing_status="", laps_completed=0, car_number="99"),
            ],
        ),
        made_race(
            BOTH_DISQUALIFIED,
            [
                result(1, "Cy Third", diff_time=2286),
                result(2, "Di Fourth", diff_time=3118),
                result(3, "Ann Winner", diff_time=0, disqualified=True),
                result(4, "Bob Second", diff_time=927, disqualified=True),
            ],
            margin_of_victory=".927",
        ),
        made_race(LISTED_ONLY, listed={"margin_of_victory": "1.234"}, has_weekend=False),
        made_race(
            NO_WORDS, [result(1, "Ann Winner"), result(2, "Bob Second", diff_time=0)], margin_of_victory="a whisker"
        ),
        made_race(
            LAPPED,
            [result(1, "Ann Winner"), result(2, "Bob Second", laps_completed=99, diff_time=500)],
            margin_of_victory="",
        ),
    )
    assert 0 == run_on(folder / "home", "ingest", "nascar_feed", "--mirror", feed).code
    return folder / "home" / "nascar.duckdb"


@pytest.fixture
def ask_outcomes(outcomes: Path) -> Ask:
    """Ask the warehouse of one season with an oddity a race."""
    return lambda statement: ask_file(outcomes, statement)


@pytest.mark.parametrize(
    ("number", "line", "official"),
    [
        (PLAIN, ("ann-winner", "bob-second", "0.1", "weekend_feed"), ("ann-winner", "bob-second", "0.1")),
        (
            RUNNER_UP_DISQUALIFIED,
            ("ann-winner", "bob-second", "0.1", "weekend_feed"),
            ("ann-winner", "cy-third", "0.3"),
        ),
        (WINNER_DISQUALIFIED, ("cy-third", "ann-winner", "0.25", "weekend_feed"), ("ann-winner", "bob-second", "0.15")),
        (ZERO_IS_UNKNOWN, ("ann-winner", "bob-second", "0.1", "weekend_feed"), ("ann-winner", "bob-second", "0.1")),
        (ZERO_BUT_LISTED, ("ann-winner", "bob-second", "0.105", "season_index"), ("ann-winner", "bob-second", "0.105")),
        (ZERO_BUT_TIMED, ("ann-winner", "bob-second", "0.12", "gap"), ("ann-winner", "bob-second", "0.12")),
        (BLANK_BUT_TIMED, ("ann-winner", "bob-second", "0.076", "gap"), ("ann-winner", "bob-second", "0.076")),
        (DISAGREEING, ("ann-winner", "bob-second", "0.014", "weekend_feed"), ("ann-winner", "bob-second", "0.014")),
        (BOTH_DISQUALIFIED, ("ann-winner", "bob-second", "0.927", "weekend_feed"), ("cy-third", "di-fourth", "0.832")),
        (LISTED_ONLY, (None, None, "1.234", "season_index"), (None, None, "1.234")),
    ],
)
def test_line_and_official_order_each_have_their_margin(
    ask_outcomes: Ask, number: int, line: tuple[str, str, str, str], official: tuple[str, str, str]
) -> None:
    columns = "winner_id, runner_up_id, margin_seconds"
    assert [(line[0], line[1], Decimal(line[2]), line[3])] == ask_outcomes(
        f"SELECT {columns}, reading FROM core.race_margins WHERE race_id = '{race_id(number)}' AND basis = 'line'"
    )
    assert [(official[0], official[1], Decimal(official[2]))] == ask_outcomes(
        f"SELECT {columns} FROM core.race_margins WHERE race_id = '{race_id(number)}' AND basis = 'official'"
    )


@pytest.mark.parametrize("number", [ZERO, BLANK, NO_WORDS, LAPPED])
def test_an_unknown_margin_is_neither_zero_nor_ranked_and_has_a_reason(ask_outcomes: Ask, number: int) -> None:
    assert [("unknown", None, None, True)] * 2 == ask_outcomes(
        "SELECT margin_kind, margin_seconds, margin_value, missing_reason IS NOT NULL FROM core.race_margins"
        f" WHERE race_id = '{race_id(number)}'"
    )
    assert [] == ask_outcomes(f"SELECT rank FROM marts.closest_finishes WHERE race_id = '{race_id(number)}'")


def test_a_margin_of_zero_says_what_it_may_be(ask_outcomes: Ask) -> None:
    assert [("a source states 0, which is unknown or less than a thousandth of a second",)] == ask_outcomes(
        f"SELECT missing_reason FROM core.race_margins WHERE race_id = '{race_id(ZERO)}' AND basis = 'line'"
    )


@pytest.mark.parametrize(
    ("number", "disqualified"),
    [
        (RUNNER_UP_DISQUALIFIED, "Bob Second"),
        (WINNER_DISQUALIFIED, "Cy Third"),
        (BOTH_DISQUALIFIED, "Ann Winner and Bob Second"),
    ],
)
def test_why_the_orders_differ_is_said(ask_outcomes: Ask, number: int, disqualified: str) -> None:
    assert [(True, True)] * 2 == ask_outcomes(
        f"SELECT starts_with(change_reason, '{disqualified}, '), ends_with(change_reason, 'disqualified')"
        f" FROM core.race_margins WHERE race_id = '{race_id(number)}'"
    )


@pytest.mark.parametrize("number", [PLAIN, ZERO_IS_UNKNOWN, PENALISED])
def test_where_the_orders_do_not_differ_no_reason_is_made_up(ask_outcomes: Ask, number: int) -> None:
    assert [(None,), (None,)] == ask_outcomes(
        f"SELECT change_reason FROM core.race_margins WHERE race_id = '{race_id(number)}'"
    )


def test_a_disqualified_car_whose_gap_is_a_meaningless_zero_has_no_place_on_the_line(ask_outcomes: Ask) -> None:
    assert [("ann-winner", 1), ("bob-second", 2), ("cy-third", None)] == ask_outcomes(
        f"SELECT driver_id, line_position FROM core.results WHERE race_id = '{race_id(ZERO_IS_UNKNOWN)}' ORDER BY 1"
    )


def test_the_made_up_gap_of_a_penalised_car_is_unknown(ask_outcomes: Ask) -> None:
    assert [("ann-winner", Decimal(0)), ("bob-second", None), ("cy-third", Decimal("0.1"))] == ask_outcomes(
        f"SELECT driver_id, gap_seconds FROM core.results WHERE race_id = '{race_id(PENALISED)}' ORDER BY 1"
    )


def test_a_finish_under_caution_has_gaps_but_no_margin(ask_outcomes: Ask) -> None:
    assert [("under_caution", None, "Caution")] * 2 == ask_outcomes(
        "SELECT margin_kind, margin_seconds, margin_text FROM core.race_margins"
        f" WHERE race_id = '{race_id(UNDER_CAUTION)}'"
    )
    assert [(Decimal("0.2"),)] == ask_outcomes(
        f"SELECT max(gap_seconds) FROM core.results WHERE race_id = '{race_id(UNDER_CAUTION)}'"
    )
    assert [] == ask_outcomes(f"SELECT rank FROM marts.closest_finishes WHERE race_id = '{race_id(UNDER_CAUTION)}'")


@pytest.mark.parametrize(
    ("number", "chosen", "other"),
    [
        (DISAGREEING, (".014", "weekend_feed"), ("Caution", "season_index")),
        (ZERO_BUT_LISTED, ("0.105", "season_index"), ("0", "weekend_feed")),
    ],
)
def test_readings_that_disagree_are_listed(
    ask_outcomes: Ask, number: int, chosen: tuple[str, str], other: tuple[str, str]
) -> None:
    assert [(*chosen, *other)] == ask_outcomes(
        "SELECT chosen_value, chosen_reading, other_value, other_reading FROM ops.discrepancies"
        f" WHERE race_id = '{race_id(number)}' AND fact = 'margin_line'"
    )


def test_a_dead_heat_for_third_keeps_both(ask_outcomes: Ask) -> None:
    assert [("ann-winner", 1), ("bob-second", 2), ("cy-third", 3), ("di-third", 3)] == ask_outcomes(
        f"SELECT driver_id, finish_position FROM core.results WHERE race_id = '{race_id(TIED_FOR_THIRD)}' ORDER BY 1"
    )


def test_a_car_that_did_not_qualify_is_kept_and_is_no_starter(ask_outcomes: Ask) -> None:
    assert [("ann-winner", 1, True), ("bob-second", 2, True), ("ed-homesick", None, False)] == ask_outcomes(
        "SELECT driver_id, finish_position, is_starter FROM core.results"
        f" WHERE race_id = '{race_id(DID_NOT_QUALIFY)}' ORDER BY 1"
    )


def test_equal_margins_share_a_rank_and_the_next_is_left_out(ask_outcomes: Ask) -> None:
    ranks = [rank for (rank,) in ask_outcomes("SELECT rank FROM marts.closest_finishes ORDER BY rank")]
    margins = [margin for (margin,) in ask_outcomes("SELECT margin_seconds FROM marts.closest_finishes ORDER BY 1")]
    assert [1 + sum(other < margin for other in margins) for margin in margins] == ranks
    assert len(set(ranks)) < len(ranks)
