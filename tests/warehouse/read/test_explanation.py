"""`nascar why` and `nascar changes`: a figure, its source values, the rule that selected one, and corrections."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.conftest import ask_file
from tests.support.commands import run_on
from tests.support.feed import FeedFolder, race, result, weekend
from tests.support.homes import copy_home

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Nascar
    from tests.support.commands import Left

RESULTS = [
    result(1, "Ann Winner", result_id=1, car_number="11", diff_time=0),
    result(2, "Bob Second", result_id=2, car_number="12", diff_time=120),
    result(3, "Bobby Third", result_id=3, car_number="13", diff_time=400),
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with one race, whose index and weekend feed differ about the margin and the cautions, and its mirror."""
    folder = tmp_path_factory.mktemp("explained")
    feed = FeedFolder(folder / "mirror")
    feed.put_index(race(margin_of_victory="Caution", number_of_cautions=4))
    feed.put_weekend(weekend(RESULTS, margin_of_victory="0.120", number_of_cautions=5))
    assert 0 == run_on(folder / "home", "ingest", "nascar_feed", "--mirror", feed).code
    return folder


@pytest.fixture(scope="module")
def corrected(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """That home after the margin was corrected."""
    later = tmp_path_factory.mktemp("corrected")
    feed = FeedFolder(later / "mirror")
    feed.put_weekend(weekend(RESULTS, margin_of_victory="0.121", number_of_cautions=5))
    home = copy_home(folder / "home", later / "home")
    assert 0 == run_on(home, "ingest", "nascar_feed", "--mirror", feed).code
    return home


@pytest.fixture
def nascar_with_race(nascar: Nascar, home: Path, folder: Path) -> Nascar:
    """The command on a copy of that home."""
    copy_home(folder / "home", home)
    return nascar


@pytest.fixture
def nascar_with_correction(nascar: Nascar, home: Path, corrected: Path) -> Nascar:
    """The command on a copy of the home with the correction."""
    copy_home(corrected, home)
    return nascar


def rows_of(left: Left) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = json.loads(left.out)
    return rows


def source_values(left: Left) -> list[tuple[str, str, str]]:
    return [(row["believed"], row["value"], row["reading"]) for row in rows_of(left)]


def test_the_margin_is_explained_by_all_its_source_values_the_selected_one_first(nascar_with_race: Nascar) -> None:
    left = nascar_with_race("why", "cup-2024-01", "--format", "json")
    assert (0, "margin_line of cup-2024-01: 0.120 s\n") == (left.code, left.err)
    assert [("yes", "0.120", "weekend_feed"), ("", "Caution", "season_index"), ("", "0.1200", "gap")] == source_values(
        left
    )


def test_a_fact_of_the_race_is_explained(nascar_with_race: Nascar) -> None:
    left = nascar_with_race("why", "cup-2024-01", "cautions", "--format", "json")
    assert "cautions of cup-2024-01: 5\n" == left.err
    assert [("yes", "5", "weekend_feed"), ("", "4", "season_index")] == source_values(left)


def test_a_fact_of_a_car_is_explained(nascar_with_race: Nascar) -> None:
    left = nascar_with_race("why", "cup-2024-01", "finish_position", "--driver", "second", "--format", "json")
    assert "finish_position of Bob Second in cup-2024-01: 2\n" == left.err
    assert [("yes", "2", "weekend_feed")] == source_values(left)


def test_an_explanation_leads_to_the_bytes(nascar_with_race: Nascar, folder: Path) -> None:
    [row, *_] = rows_of(nascar_with_race("why", "cup-2024-01", "--format", "json"))
    [file] = folder.rglob("weekend-feed.json")
    assert hashlib.sha256(file.read_bytes()).hexdigest() == row["sha256"]
    assert row["url"].endswith("/weekend-feed.json")
    assert row["fetched_at"]
    assert row["rule"].startswith("2: ")


def test_a_margin_that_no_source_states_says_why(nascar_with_race: Nascar, feed: FeedFolder) -> None:
    feed.put_index(race(margin_of_victory=""))
    feed.put_weekend(weekend([{**each, "diff_time": 0} for each in RESULTS], margin_of_victory=""))
    nascar_with_race("ingest", "nascar_feed", "--mirror", feed)
    left = nascar_with_race("why", "cup-2024-01", "--format", "json")
    assert (0, "margin_line of cup-2024-01: unknown; no source states it\n", "[]\n") == (left.code, left.err, left.out)


@pytest.mark.usefixtures("almanac")
def test_the_margin_of_the_almanac_leads_to_its_citation(nascar: Nascar) -> None:
    [row, *_] = rows_of(nascar("why", "cup-2003-05", "--format", "json"))
    assert ("yes", "almanac") == (row["believed"], row["reading"])
    assert row["citation_url"].startswith("https://")


def test_the_address_beside_a_hash_is_that_of_the_document_with_these_bytes(home_of_almanac: Path) -> None:
    addresses = """
        SELECT count(*)
        FROM ops.readings AS readings
        INNER JOIN ops.documents AS documents ON readings.sha256 = documents.sha256
        WHERE readings.url IS DISTINCT FROM documents.url
    """
    assert [(0,)] == ask_file(home_of_almanac / "nascar.duckdb", addresses)


@pytest.mark.parametrize(
    ("arguments", "said", "next_step"),
    [
        (["cup-2024-1"], "there is no race 'cup-2024-1' in the warehouse", "did you mean "),
        (["the big one"], "there is no race 'the big one' in the warehouse", "an id is like cup-2024-12"),
        (["cup-2024-01", "caution"], "there is no fact 'caution' of a race", "cautions"),
        (["cup-2024-01", "status"], "status is a fact of each car", "--driver NAME"),
        (["cup-2024-01", "status", "--driver", "zoe"], "no driver 'zoe'", "a part of the name"),
        (
            ["cup-2024-01", "status", "--driver", "bob"],
            "several drivers match 'bob': Bob Second, Bobby Third",
            "more of the name",
        ),
        (["cup-2024-01", "horsepower", "--driver", "ann"], "there is no fact 'horsepower' of a result", "use "),
        (["cup-2024-01", "margin", "--basis", "mine"], "invalid --basis 'mine'", "line, official"),
    ],
)
def test_what_is_not_there_is_wrong_usage_and_says_what_is_near(
    nascar_with_race: Nascar, arguments: list[str], said: str, next_step: str
) -> None:
    left = nascar_with_race("why", *arguments)
    assert (2, "") == (left.code, left.out)
    assert said in left.err
    assert next_step in left.err


def test_corrections_are_listed_newest_first_with_both_values(nascar_with_correction: Nascar) -> None:
    [change] = rows_of(nascar_with_correction("changes", "--format", "json"))
    assert ("cup-2024-01", "margin_of_victory", "0.120", "0.121") == tuple(
        change[name] for name in ("race_id", "column_name", "old_value", "new_value")
    )


@pytest.mark.parametrize(("arguments", "rows"), [(["--race", "cup-2024-02"], 0), (["--since", "2999-01-01"], 0)])
def test_corrections_are_narrowed_by_what_is_asked(
    nascar_with_correction: Nascar, arguments: list[str], rows: int
) -> None:
    assert rows == len(rows_of(nascar_with_correction("changes", *arguments, "--format", "json")))


def test_a_day_that_is_none_is_wrong_usage(nascar_with_race: Nascar) -> None:
    assert 2 == nascar_with_race("changes", "--since", "yesterday").code


def test_that_nothing_was_corrected_is_an_answer(nascar_with_race: Nascar) -> None:
    left = nascar_with_race("changes")
    assert 0 == left.code
    assert "no matching corrections" in left.out + left.err
