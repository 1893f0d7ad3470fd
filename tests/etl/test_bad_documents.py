"""The job with documents that mean nothing: what is good is kept, what is bad is named."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.conftest import Ask, Nascar, ask_file
from tests.support.commands import Left, run_on
from tests.support.feed import FeedFolder, Payload, season
from tests.support.good_season import (
    INDEX,
    LOST_RESULTS,
    WEEKEND,
    YEAR,
    assert_named,
    change,
    fingerprint,
    good_races,
    good_weekend,
    printed_margins,
    problems_of,
    put_good_season,
)
from tests.support.homes import copy_home
from tests.support.misbehaving import CHALLENGE_PAGE

pytestmark = pytest.mark.slow
"""Whole warehouses are built several times."""


def with_race(**changes: object) -> Callable[[bytes], bytes]:
    """Change fields of the one race of a weekend feed; the ellipsis takes one away."""

    def spoil(content: bytes) -> bytes:
        feed = json.loads(content)
        change(feed["weekend_race"][0], changes)
        return json.dumps(feed).encode()

    return spoil


def with_second_result(**changes: object) -> Callable[[bytes], bytes]:
    """Change fields of the second result of a weekend feed; the ellipsis takes one away."""

    def spoil(content: bytes) -> bytes:
        feed = json.loads(content)
        change(feed["weekend_race"][0]["results"][1], changes)
        return json.dumps(feed).encode()

    return spoil


# What is done to a good weekend feed, and what is said of it.
FAULTS: dict[str, tuple[Callable[[bytes], bytes], str]] = {
    "truncated": (lambda content: content[: len(content) // 2], "is not whole JSON"),
    "null": (lambda _: b"null", LOST_RESULTS),
    "a page for people": (lambda _: CHALLENGE_PAGE, "refused (HTTP 200, a challenge page)"),
    "empty": (lambda _: b"", "with nothing where JSON is expected"),
    "a text": (lambda _: b'"see you later"', "text where a JSON object or list is expected"),
    "no race": (lambda _: b'{"weekend_race": [], "weekend_runs": []}', LOST_RESULTS),
    "another race": (lambda _: json.dumps(good_weekend(9024)).encode(), f"this is race {YEAR}/1/9024 at `$"),
    "a field less": (with_race(track_name=...), "missing required field `track_name` - at `$.weekend_race[0]`"),
    "an unknown race type": (with_race(race_type_id=7), "`$.weekend_race[0].race_type_id`"),
    "text for a number": (with_race(actual_laps="100"), "`$.weekend_race[0].actual_laps`"),
    "nothing for a text": (with_race(race_name=None), "`$.weekend_race[0].race_name`"),
    "an object for a list": (with_race(results={}), "`$.weekend_race[0].results`"),
    "no results": (with_race(results=[]), LOST_RESULTS),
    "a field of a result less": (
        with_second_result(driver_fullname=...),
        "missing required field `driver_fullname` - at `$.weekend_race[0].results[1]`",
    ),
    "half a lap": (with_second_result(laps_completed=99.5), "`$.weekend_race[0].results[1].laps_completed`"),
}


# Changes to the one race of a season's index, and what is said of it.
INDEX_FAULTS: dict[int, tuple[Payload, str]] = {
    2018: ({"series_id": 4}, "`$.series_1[0].series_id`"),
    2023: ({"race_type_id": 9}, "`$.series_1[0].race_type_id`"),
    2024: ({"margin_of_victory": ...}, "`margin_of_victory`"),
}


@dataclass(frozen=True)
class Faulty:
    """How ingests left for which several documents each had a fault of their own, and what they said of each."""

    codes: list[int]
    messages: dict[str, str]
    warehouses: list[Path]


@pytest.fixture(scope="session")
def faulty(tmp_path_factory: pytest.TempPathFactory) -> Faulty:
    """A season of good weekends that break in three homes, a third of them in each, since a report lists ten at once."""
    folder = tmp_path_factory.mktemp("faulty")
    feed = FeedFolder(folder / "mirror")
    races = season(len(FAULTS), YEAR)
    feed.put_index(*races, year=YEAR)
    files = [feed.put_weekend(good_weekend(race["race_id"]), year=YEAR) for race in races]
    assert 0 == run_on(folder / "good", "ingest", "nascar_feed", "--mirror", feed).code

    found = Faulty([], {}, [])
    for turn in range(3):
        home = folder / f"home-{turn}"
        copy_home(folder / "good", home)
        shutil.rmtree(feed.root)
        feed.put_index(*races, year=YEAR)
        for number, (file, race, (spoil, _)) in enumerate(zip(files, races, FAULTS.values(), strict=True)):
            feed.put_weekend(good_weekend(race["race_id"]), year=YEAR)
            if number % 3 == turn:
                file.write_bytes(spoil(file.read_bytes()))
        for year, (changes, _) in list(INDEX_FAULTS.items())[turn::3]:
            [listed] = season(1, year)
            change(listed, changes)
            feed.put_index(listed, year=year)
        left = run_on(home, "ingest", "nascar_feed", "--mirror", feed)
        found.codes.append(left.code)
        found.messages.update(problems_of(left))
        found.warehouses.append(home / "nascar.duckdb")
    return found


def test_documents_that_mean_nothing_are_exit_4(faulty: Faulty) -> None:
    assert [4, 4, 4] == faulty.codes


@pytest.mark.parametrize("fault", FAULTS)
def test_a_weekend_that_means_nothing_is_named_with_its_fault_and_what_to_do(faulty: Faulty, fault: str) -> None:
    messages = faulty.messages[f"nascar_feed {YEAR}/1/{9001 + list(FAULTS).index(fault)}/weekend-feed"]
    assert FAULTS[fault][1] in messages
    assert "\n  next: " in messages


@pytest.mark.parametrize("year", INDEX_FAULTS)
def test_an_index_that_means_nothing_is_named_with_its_fault_and_what_to_do(faulty: Faulty, year: int) -> None:
    messages = faulty.messages[f"nascar_feed {year}/race_list_basic"]
    assert INDEX_FAULTS[year][1] in messages
    assert "\n  next: " in messages


@pytest.mark.parametrize("turn", [0, 1, 2])
def test_what_was_good_before_stays_when_documents_break(faulty: Faulty, turn: int) -> None:
    assert [(len(FAULTS), 6 * len(FAULTS), "0.100")] == ask_file(
        faulty.warehouses[turn],
        "SELECT count(DISTINCT race_id), count(*), min(margin_text) FROM core.results AS results"
        f" INNER JOIN core.race_margins AS margins USING (race_id) WHERE basis = 'line' AND race_id LIKE 'cup-{YEAR}-%'"
        " AND results.source_id = 'nascar_feed'",
    )


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        pytest.param(lambda content: content.replace(b"Ann Winner", b"Ann \xff"), "is not whole JSON", id="not UTF-8"),
        pytest.param(
            lambda _: b'{"weekend_race": [], "weekend_runs": ' + b"[" * 200_000,
            "is not whole JSON",
            id="nested without end",
        ),
        pytest.param(with_race(attendance=10**30), "`$.weekend_race[0].attendance`", id="more than 64 bits"),
        pytest.param(with_race(average_speed=1e9), "`$.weekend_race[0].average_speed`", id="faster than anything"),
    ],
)
def test_a_document_that_no_source_would_send_is_exit_4_and_named_too(
    nascar: Nascar, good: FeedFolder, spoil: Callable[[bytes], bytes], said: str
) -> None:
    good.put(f"{WEEKEND}.json", spoil(json.dumps(good_weekend(9001)).encode()))
    assert_named(nascar("ingest", "nascar_feed", "--mirror", good), 4, WEEKEND, said)


@pytest.mark.parametrize("text", ["to be announced", "2021-02-30T15:00:00"])
def test_a_race_of_no_date_is_exit_4_and_named(nascar: Nascar, good: FeedFolder, text: str) -> None:
    races = good_races()
    races[0]["race_date"] = text
    good.put_index(*races, year=YEAR)
    assert_named(nascar("ingest", "nascar_feed", "--mirror", good), 4, INDEX, f"{text!r} at `race_date`")


@pytest.mark.parametrize(
    ("content", "code"),
    [
        pytest.param(b"null", 4, id="null"),
        pytest.param(CHALLENGE_PAGE, 3, id="a page for people"),
        pytest.param(b"", 4, id="empty"),
        pytest.param(b'{"weekend_race": [', 4, id="truncated"),
    ],
)
def test_a_wrong_document_alone_leaves_the_published_file_as_it_is(
    nascar: Nascar, good: FeedFolder, home: Path, content: bytes, code: int
) -> None:
    before = fingerprint(home)
    good.put(f"{WEEKEND}.json", content)
    assert code == nascar("ingest", "nascar_feed", "--mirror", good).code
    assert before == fingerprint(home)


@dataclass(frozen=True)
class Step:
    """How an ingest left, and what there was after it."""

    left: Left
    fingerprint: str
    margins: list[tuple[object, ...]]
    problems: list[tuple[str, str]]


@pytest.fixture(scope="session")
def steps(tmp_path_factory: pytest.TempPathFactory, home_of_season: Path) -> dict[str, Step]:
    """One weekend breaks while the other is corrected; nothing changes; it is repaired; the other changes once more."""
    folder = tmp_path_factory.mktemp("steps")
    home, feed = folder / "home", FeedFolder(folder / "mirror")
    copy_home(home_of_season, home)
    put_good_season(feed)

    def ingest() -> Step:
        left = run_on(home, "ingest", "nascar_feed", "--mirror", feed)
        status = json.loads(run_on(home, "status", "--format", "json").out)
        return Step(
            left,
            fingerprint(home),
            printed_margins(lambda statement: ask_file(home / "nascar.duckdb", statement)),
            [(row["name"], row["state"]) for row in status if row["what"] == "problem"],
        )

    found = {}
    feed.put(f"{WEEKEND}.json", b'{"weekend_race": [')
    feed.put_weekend(good_weekend(9002, margin_of_victory="0.250"), year=YEAR)
    found["broken"] = ingest()
    found["still broken"] = ingest()
    feed.put_weekend(good_weekend(9001, margin_of_victory="0.111"), year=YEAR)
    found["repaired"] = ingest()
    feed.put_weekend(good_weekend(9002, margin_of_victory="0.333"), year=YEAR)
    found["later"] = ingest()
    return found


def test_of_a_good_and_a_bad_document_the_good_one_is_published(steps: dict[str, Step]) -> None:
    assert 4 == steps["broken"].left.code
    assert steps["broken"].left.err.endswith("; published\n")
    assert [("cup-2021-01", "0.100"), ("cup-2021-02", "0.250")] == steps["broken"].margins


def test_a_document_that_stays_bad_is_exit_4_once(steps: dict[str, Step]) -> None:
    first, second = steps["broken"].left, steps["still broken"].left
    assert (4, [f"nascar_feed {WEEKEND}"]) == (first.code, list(problems_of(first)))
    assert (0, {}) == (second.code, problems_of(second))


def test_a_document_that_stays_bad_publishes_nothing_more(steps: dict[str, Step]) -> None:
    assert steps["broken"].fingerprint == steps["still broken"].fingerprint


def test_status_says_what_is_still_wrong(steps: dict[str, Step]) -> None:
    assert [(f"nascar_feed {WEEKEND}", "exit 4")] == steps["still broken"].problems


def test_a_document_that_is_repaired_is_exit_0_and_published(steps: dict[str, Step]) -> None:
    assert (0, {}, []) == (
        steps["repaired"].left.code,
        problems_of(steps["repaired"].left),
        steps["repaired"].problems,
    )
    assert [("cup-2021-01", "0.111"), ("cup-2021-02", "0.250")] == steps["repaired"].margins


def test_a_document_that_was_repaired_is_not_told_of_again_when_another_changes(steps: dict[str, Step]) -> None:
    assert (0, {}, []) == (steps["later"].left.code, problems_of(steps["later"].left), steps["later"].problems)
    assert [("cup-2021-01", "0.111"), ("cup-2021-02", "0.333")] == steps["later"].margins


def test_a_bad_index_keeps_no_weekend_of_its_season_away(nascar: Nascar, good: FeedFolder, ask: Ask) -> None:
    good.put(f"{INDEX}.json", b'{"series_1": [')
    good.put_weekend(good_weekend(9002, margin_of_victory="0.250"), year=YEAR)
    assert_named(nascar("ingest", "nascar_feed", "--mirror", good), 4, INDEX, "is not whole JSON")
    assert [("cup-2021-01", "0.100"), ("cup-2021-02", "0.250")] == printed_margins(ask)


def test_a_first_ingest_with_a_bad_document_publishes_the_rest(nascar: Nascar, feed: FeedFolder, ask: Ask) -> None:
    put_good_season(feed)
    feed.put(f"{WEEKEND}.json", b'{"weekend_race": [')
    assert 4 == nascar("ingest", "nascar_feed", "--mirror", feed).code
    assert [("cup-2021-02", 6)] == ask(
        "SELECT race_id, count(*) FROM core.results WHERE source_id = 'nascar_feed' GROUP BY ALL"
    )
