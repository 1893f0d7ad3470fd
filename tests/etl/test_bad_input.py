"""The job with sources, people and machines that misbehave: what is good is kept, what is bad is named, nothing is made worse."""

from __future__ import annotations

import copy
import hashlib
import io
import json
import os
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path

import pytest
import stamina

from nascar_warehouse.etl import cli
from nascar_warehouse.etl.extract import fetch
from tests.conftest import Ask, Nascar, ask_file
from tests.support.commands import Left
from tests.support.feed import FeedFolder, Payload, index, result, season, weekend
from tests.support.homes import copy_home
from tests.support.misbehaving import (
    CHALLENGE_PAGE,
    Canned,
    Request,
    Route,
    as_json,
    canned,
    gzip_bomb,
    misbehaving_server,
    redirect_to,
)

# The almanac has nothing about the first races of this season.
YEAR = 2021
INDEX = f"{YEAR}/race_list_basic"
WEEKEND = f"{YEAR}/1/9001/weekend-feed"
OTHER_WEEKEND = f"{YEAR}/1/9002/weekend-feed"


@pytest.fixture(autouse=True)
def _no_pauses() -> Iterator[None]:
    with stamina.set_testing(True, attempts=fetch.ATTEMPTS, cap=True):
        yield


@pytest.fixture(scope="session")
def good_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with six races of a season, two of them with results; to be copied, not used."""
    folder = tmp_path_factory.mktemp("good")
    feed = FeedFolder(folder / "mirror")
    put_good_season(feed)
    assert 0 == leave(folder / "home", "ingest", "nascar_feed", "--mirror", feed).code
    return folder / "home"


@pytest.fixture
def good(home: Path, feed: FeedFolder, good_home: Path) -> FeedFolder:
    """The mirror of a season that this home has already."""
    copy_home(good_home, home)
    put_good_season(feed)
    return feed


# --- documents that mean nothing


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


LOST_RESULTS = "it has no results any more, as before the race"

# What is done to a good weekend feed, and what is said of it.
FAULTS: dict[str, tuple[Callable[[bytes], bytes], str]] = {
    "truncated": (lambda content: content[: len(content) // 2], "is not whole JSON"),
    "null": (lambda _: b"null", LOST_RESULTS),
    "a page for people": (lambda _: CHALLENGE_PAGE, "HTML page where JSON is expected"),
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
    """How ingests left for which several documents each had a fault of their own, and what they told of each."""

    codes: list[int]
    told: dict[str, str]
    warehouses: list[Path]


@pytest.fixture(scope="session")
def faulty(tmp_path_factory: pytest.TempPathFactory) -> Faulty:
    """A season of good weekends that break in two homes, half of them in each since a person is not told of more at once."""
    folder = tmp_path_factory.mktemp("faulty")
    feed = FeedFolder(folder / "mirror")
    races = season(len(FAULTS), YEAR)
    feed.put_index(*races, year=YEAR)
    files = [feed.put_weekend(good_weekend(race["race_id"]), year=YEAR) for race in races]
    assert 0 == leave(folder / "good", "ingest", "nascar_feed", "--mirror", feed).code

    found = Faulty([], {}, [])
    for turn in range(2):
        home = folder / f"home-{turn}"
        copy_home(folder / "good", home)
        shutil.rmtree(feed.root)
        feed.put_index(*races, year=YEAR)
        for number, (file, race, (spoil, _)) in enumerate(zip(files, races, FAULTS.values(), strict=True)):
            feed.put_weekend(good_weekend(race["race_id"]), year=YEAR)
            if number % 2 == turn:
                file.write_bytes(spoil(file.read_bytes()))
        for year, (changes, _) in list(INDEX_FAULTS.items())[turn::2]:
            [listed] = season(1, year)
            change(listed, changes)
            feed.put_index(listed, year=year)
        left = leave(home, "ingest", "nascar_feed", "--mirror", feed)
        found.codes.append(left.code)
        found.told.update(problems_of(left))
        found.warehouses.append(home / "nascar.duckdb")
    return found


def test_documents_that_mean_nothing_are_exit_4(faulty: Faulty) -> None:
    assert [4, 4] == faulty.codes


@pytest.mark.parametrize("fault", FAULTS)
def test_a_weekend_that_means_nothing_is_named_with_its_fault_and_what_to_do(faulty: Faulty, fault: str) -> None:
    told = faulty.told[f"nascar_feed {YEAR}/1/{9001 + list(FAULTS).index(fault)}/weekend-feed"]
    assert FAULTS[fault][1] in told
    assert "\n  next: " in told


@pytest.mark.parametrize("year", INDEX_FAULTS)
def test_an_index_that_means_nothing_is_named_with_its_fault_and_what_to_do(faulty: Faulty, year: int) -> None:
    told = faulty.told[f"nascar_feed {year}/race_list_basic"]
    assert INDEX_FAULTS[year][1] in told
    assert "\n  next: " in told


@pytest.mark.parametrize("turn", [0, 1])
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
    "content",
    [
        pytest.param(b"null", id="null"),
        pytest.param(CHALLENGE_PAGE, id="a page for people"),
        pytest.param(b"", id="empty"),
        pytest.param(b'{"weekend_race": [', id="truncated"),
    ],
)
def test_a_wrong_document_alone_leaves_the_published_file_as_it_is(
    nascar: Nascar, good: FeedFolder, home: Path, content: bytes
) -> None:
    before = fingerprint(home)
    good.put(f"{WEEKEND}.json", content)
    assert 4 == nascar("ingest", "nascar_feed", "--mirror", good).code
    assert before == fingerprint(home)


@dataclass(frozen=True)
class Step:
    """How an ingest left, and what there was after it."""

    left: Left
    fingerprint: str
    margins: list[tuple[object, ...]]
    problems: list[tuple[str, str]]


@pytest.fixture(scope="session")
def steps(tmp_path_factory: pytest.TempPathFactory, good_home: Path) -> dict[str, Step]:
    """One weekend breaks while the other is corrected; nothing changes; it is repaired; the other changes once more."""
    folder = tmp_path_factory.mktemp("steps")
    home, feed = folder / "home", FeedFolder(folder / "mirror")
    copy_home(good_home, home)
    put_good_season(feed)

    def ingest() -> Step:
        left = leave(home, "ingest", "nascar_feed", "--mirror", feed)
        status = json.loads(leave(home, "status", "--format", "json").out)
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


# --- documents that would make the warehouse worse


def lose_all_races(good: FeedFolder) -> None:
    good.put_index(year=YEAR)


def lose_a_third_of_the_races(good: FeedFolder) -> None:
    good.put_index(*good_races()[:4], year=YEAR)


def lose_a_third_of_the_results(good: FeedFolder) -> None:
    good.put_weekend(good_weekend(9001, results=six_results()[:4]), year=YEAR)


def let_two_cars_win(good: FeedFolder) -> None:
    tied = [*six_results()[:5], result(1, "Fay Sixth", result_id=6, car_number="16")]
    good.put_weekend(good_weekend(9001, results=tied), year=YEAR)


def let_a_disqualified_car_win(good: FeedFolder) -> None:
    first, *others = six_results()
    good.put_weekend(good_weekend(9001, results=[first | {"disqualified": True}, *others]), year=YEAR)


def move_a_race_to_the_year_after(good: FeedFolder) -> None:
    races = good_races()
    races[5]["race_date"] = f"{YEAR + 1}-02-03T15:00:00"
    good.put_index(*races, year=YEAR)


def win_by_a_lap(good: FeedFolder) -> None:
    good.put_weekend(good_weekend(9001, margin_of_victory="2 laps"), year=YEAR)


WORSE = [
    pytest.param(lose_all_races, INDEX, "lost 6 races that were run", id="an empty season"),
    pytest.param(lose_a_third_of_the_races, INDEX, "lost 2 races that were run", id="a season with a third less"),
    pytest.param(
        lose_a_third_of_the_results, WEEKEND, "race 9001 of 2021 (6 rows, now 4)", id="a race with a third less"
    ),
    pytest.param(let_two_cars_win, "race_has_one_winner", "cup-2021-01", id="two winners"),
    pytest.param(let_a_disqualified_car_win, "winner_is_not_disqualified", "cup-2021-01", id="a disqualified winner"),
    pytest.param(move_a_race_to_the_year_after, "race_date_is_in_season", "cup-2021-06", id="a race a year later"),
    pytest.param(win_by_a_lap, "no_margin_in_laps_after_1994", "cup-2021-01", id="a margin in laps"),
]


@pytest.mark.parametrize(("make_worse", "place", "said"), WORSE)
def test_what_would_make_the_warehouse_worse_is_exit_5_and_set_aside(
    nascar: Nascar, good: FeedFolder, home: Path, make_worse: Callable[[FeedFolder], None], place: str, said: str
) -> None:
    before = fingerprint(home)
    make_worse(good)
    left = nascar("ingest", "nascar_feed", "--mirror", good)
    assert_named(left, 5, place, said)
    assert 1 == len(problems_of(left))
    assert before == fingerprint(home)


@pytest.mark.parametrize("make_worse", [lose_a_third_of_the_races, let_two_cars_win])
def test_what_stays_worse_is_reported_once_and_used_when_it_is_repaired(
    nascar: Nascar, good: FeedFolder, ask: Ask, make_worse: Callable[[FeedFolder], None]
) -> None:
    make_worse(good)
    first, second = (nascar("ingest", "nascar_feed", "--mirror", good) for _ in range(2))
    assert (5, 1) == (first.code, len(problems_of(first)))
    assert (0, {}) == (second.code, problems_of(second))
    put_good_season(good)
    good.put_weekend(good_weekend(9001, margin_of_victory="0.111"), year=YEAR)
    repaired = nascar("ingest", "nascar_feed", "--mirror", good)
    assert (0, {}) == (repaired.code, problems_of(repaired))
    assert [("cup-2021-01", "0.111"), ("cup-2021-02", "0.100")] == printed_margins(ask)


def test_what_a_person_accepts_is_taken_and_stays_taken(nascar: Nascar, good: FeedFolder, ask: Ask) -> None:
    lose_a_third_of_the_results(good)
    advice = nascar("ingest", "nascar_feed", "--mirror", good).err
    [document_id] = re.findall(r"`nascar accept (\S+)`", advice)
    codes = [
        nascar("build", "--accept", document_id).code,
        nascar("ingest", "nascar_feed", "--mirror", good).code,
        nascar("rebuild").code,
    ]
    assert [0, 0, 0] == codes
    assert [(4,)] == ask("SELECT count(*) FROM core.results WHERE race_id = 'cup-2021-01'")


@pytest.mark.parametrize(
    "arguments",
    [
        pytest.param(["build", "--accept", "nascar_feed:2021/nothing"], id="a version that nobody has"),
        pytest.param(["rebuild", "--as-of", "2000-01-01"], id="a day before anything was kept"),
    ],
)
@pytest.mark.usefixtures("good")
def test_what_names_nothing_that_is_kept_is_wrong_usage_and_publishes_nothing(
    nascar: Nascar, home: Path, arguments: list[str]
) -> None:
    before = fingerprint(home)
    left = nascar(*arguments)
    assert 2 == left.code
    assert arguments[-1] in left.err
    assert before == fingerprint(home)


# --- an index that answers with another season


def test_a_named_season_that_answers_with_another_is_exit_4(nascar: Nascar, good: FeedFolder, ask: Ask) -> None:
    good.put(f"{YEAR}/race_list_basic.json", index(*season(6, YEAR + 1)))
    left = nascar("ingest", "nascar_feed", "--mirror", good, "--season", str(YEAR))
    assert_named(left, 4, INDEX, f"the index of {YEAR} answers with races of {YEAR + 1}")
    assert [(6,)] == ask(f"SELECT count(*) FROM core.races WHERE season = {YEAR} AND source_id = 'nascar_feed'")


def test_in_a_sweep_a_season_that_answers_with_another_is_a_warning(nascar: Nascar, good: FeedFolder, ask: Ask) -> None:
    good.put(f"{YEAR}/race_list_basic.json", index(*season(6, YEAR + 1)))
    left = nascar("ingest", "nascar_feed", "--mirror", good)
    assert (0, {}) == (left.code, problems_of(left))
    assert f"warning: nascar_feed {INDEX}: the index of {YEAR} answers with races of {YEAR + 1}\n" in left.err
    assert [(6,)] == ask(f"SELECT count(*) FROM core.races WHERE season = {YEAR} AND source_id = 'nascar_feed'")


# --- servers that misbehave


def test_a_named_season_that_is_forbidden_is_exit_3(nascar: Nascar, good: FeedFolder, home: Path) -> None:
    before = fingerprint(home)
    left = ask_server(nascar, good, {url_path(INDEX): [canned(status=403)]}, "--season", str(YEAR))
    assert_named(left, 3, INDEX, f"https://cf.nascar.com/cacher/{INDEX}.json")
    assert before == fingerprint(home)


def test_in_a_sweep_a_season_that_is_forbidden_is_no_offence(nascar: Nascar, good: FeedFolder) -> None:
    left = ask_server(nascar, good, {url_path("2020/race_list_basic"): [canned(status=403)]})
    assert (0, {}) == (left.code, problems_of(left))


@pytest.mark.parametrize(
    "failures",
    [
        pytest.param([canned(status=429, headers={"Retry-After": "1"})], id="429 with Retry-After"),
        pytest.param([canned(status=500)] * 3, id="500 three times"),
        pytest.param([canned(b'{"series_1"', declared_bytes=100_000)], id="a transfer cut off"),
    ],
)
def test_what_passes_is_exit_0(nascar: Nascar, good: FeedFolder, failures: list[Canned]) -> None:
    whole = as_json(index(*good_races()))
    left = ask_server(nascar, good, {url_path(INDEX): [*failures, whole]}, "--season", str(YEAR))
    assert (0, {}) == (left.code, problems_of(left))


@pytest.mark.parametrize(
    ("reply", "said"),
    [
        pytest.param(canned(status=500), "HTTP 500", id="500 always"),
        pytest.param(canned(status=429, headers={"Retry-After": "86400"}), "HTTP 429", id="429 for a day"),
        pytest.param(canned(b"{", declared_bytes=100), "failed after 5 attempts", id="cut off always"),
    ],
)
def test_what_does_not_pass_is_exit_3_and_named(
    nascar: Nascar, good: FeedFolder, home: Path, reply: Canned, said: str
) -> None:
    before = fingerprint(home)
    left = ask_server(nascar, good, {url_path(INDEX): [reply]}, "--season", str(YEAR))
    assert_named(left, 3, INDEX, said)
    assert before == fingerprint(home)


def test_a_server_that_fails_one_weekend_gives_the_others(nascar: Nascar, good: FeedFolder, ask: Ask) -> None:
    corrected = good_weekend(9002, margin_of_victory="0.250")
    left = ask_server(
        nascar,
        good,
        {url_path(WEEKEND): [canned(status=503)], url_path(OTHER_WEEKEND): [as_json(corrected)]},
        "--season",
        str(YEAR),
    )
    assert_named(left, 3, WEEKEND, "HTTP 503")
    assert [("cup-2021-01", "0.100"), ("cup-2021-02", "0.250")] == printed_margins(ask)


@pytest.mark.usefixtures("good")
def test_nobody_at_the_address_is_exit_3(nascar: Nascar, home: Path) -> None:
    before = fingerprint(home)
    with socket.create_server(("127.0.0.1", 0)) as once:
        address = f"http://127.0.0.1:{once.getsockname()[1]}"
    left = nascar("ingest", "nascar_feed", "--mirror", address, "--season", str(YEAR))
    assert_named(left, 3, INDEX, "Connect")
    assert before == fingerprint(home)


@pytest.mark.parametrize(
    ("reply", "said"),
    [
        pytest.param(gzip_bomb(200), "larger than 67,108,864 bytes", id="200 MB of zeros"),
        pytest.param(redirect_to("http://localhost:9/elsewhere.json"), "redirects elsewhere", id="redirect"),
        pytest.param(canned(status=204), "HTTP status 204", id="no content"),
        pytest.param(canned(CHALLENGE_PAGE, headers={"Content-Type": "text/html"}), "HTML page", id="challenge"),
        pytest.param(canned(b"null"), LOST_RESULTS, id="null"),
    ],
)
def test_an_answer_that_never_came_before_is_exit_4(
    nascar: Nascar, good: FeedFolder, home: Path, reply: Canned, said: str
) -> None:
    before = fingerprint(home)
    left = ask_server(nascar, good, {url_path(WEEKEND): [reply]}, "--season", str(YEAR))
    assert_named(left, 4, WEEKEND, said)
    assert before == fingerprint(home)


def test_a_mirror_without_a_single_document_is_exit_3(nascar: Nascar, feed: FeedFolder) -> None:
    feed.root.mkdir()
    left = nascar("ingest", "nascar_feed", "--mirror", feed)
    assert 3 == left.code
    assert "check the address, or the folder given with --mirror" in left.err


# --- machines that misbehave


# These strike at the lock, at the journal and the index of the landing, at a kept document, and at the new warehouse.
@pytest.mark.parametrize("limit_bytes", [0, 4_000, 30_000, 200_000, 1_000_000])
def test_a_disk_that_fills_up_is_exit_8_and_the_next_run_is_fine(
    nascar: Nascar, good: FeedFolder, home: Path, ask: Ask, limit_bytes: int
) -> None:
    before = fingerprint(home)
    # A part of the feed that is kept and not loaded, so large that the landing meets the limit.
    noise = os.urandom(400_000).hex() if limit_bytes == 200_000 else ""
    good.put_weekend(good_weekend(9002, margin_of_victory="0.250", race_comments=noise), year=YEAR)

    done = run_command("ingest", "nascar_feed", "--mirror", good, file_size_limit_bytes=limit_bytes)
    assert (8, "") == (done.returncode, done.stdout)
    assert str(home) in done.stderr
    assert "next: " in done.stderr
    assert "Traceback" not in done.stderr
    assert before == fingerprint(home)

    assert 0 == nascar("ingest", "nascar_feed", "--mirror", good).code
    assert [("cup-2021-01", "0.100"), ("cup-2021-02", "0.250")] == printed_margins(ask)


@pytest.mark.parametrize(
    ("number", "code", "said"),
    [
        pytest.param(signal.SIGINT, 130, "interrupted: what was fetched is kept", id="Ctrl-C"),
        pytest.param(signal.SIGTERM, 130, "interrupted: what was fetched is kept", id="SIGTERM"),
        pytest.param(signal.SIGKILL, -signal.SIGKILL, "", id="SIGKILL"),
    ],
)
def test_a_stop_in_the_middle_keeps_what_came_and_the_next_run_is_fine(
    nascar: Nascar, good: FeedFolder, home: Path, ask: Ask, number: signal.Signals, code: int, said: str
) -> None:
    before = fingerprint(home)
    later = [*good_races(), *season(7, YEAR)[6:]]
    with held_up({url_path(INDEX): [as_json(index(*later))], url_path(OTHER_WEEKEND): []}, OTHER_WEEKEND) as held:
        child = start_command("ingest", "nascar_feed", "--mirror", held.url, "--season", str(YEAR))
        held.wait()
        child.send_signal(number)
        out, err = child.communicate(timeout=30)
    assert (code, "") == (child.returncode, out)
    assert said in err
    assert "Traceback" not in err
    assert before == fingerprint(home)

    # Without asking anybody again, the index that came before the stop is there.
    assert 0 == nascar("build").code
    assert [(7,)] == ask(f"SELECT count(*) FROM core.races WHERE season = {YEAR} AND source_id = 'nascar_feed'")
    good.put_index(*later, year=YEAR)
    assert 0 == nascar("ingest", "nascar_feed", "--mirror", good).code


def test_the_second_of_two_ingests_is_exit_7_and_names_the_first(nascar: Nascar, good: FeedFolder, home: Path) -> None:
    before = fingerprint(home)
    with held_up({url_path(INDEX): []}, INDEX) as held:
        first = start_command("ingest", "nascar_feed", "--mirror", held.url, "--season", str(YEAR))
        held.wait()
        second = nascar("ingest", "nascar_feed", "--mirror", good)
        assert before == fingerprint(home)
        held.release()
        first.communicate(timeout=30)
    assert (7, "") == (second.code, second.out)
    assert str(home) in second.err
    assert f"process {first.pid} " in second.err
    assert "try again when it has finished" in second.err
    assert 0 == first.returncode
    assert 0 == nascar("ingest", "nascar_feed", "--mirror", good).code


def test_readers_are_not_kept_out_by_a_writer(nascar: Nascar, good: FeedFolder) -> None:
    assert (good.root / "cf.nascar.com").is_dir()
    with held_up({url_path(INDEX): []}, INDEX) as held:
        writer = start_command("ingest", "nascar_feed", "--mirror", held.url, "--season", str(YEAR))
        held.wait()
        codes = [nascar("closest", "--limit", "1").code, nascar("check").code, nascar("status").code]
        held.release()
        writer.communicate(timeout=30)
    assert [0, 0, 0] == codes


@pytest.mark.parametrize("command", ["closest", "build", "ingest"])
def test_a_home_that_cannot_be_made_is_exit_8(
    nascar: Nascar, feed: FeedFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    (tmp_path / "file").write_text("not a folder")
    monkeypatch.setenv("NASCAR_HOME", str(tmp_path / "file" / "home"))
    feed.put_one_race()
    left = nascar(command, *(["--mirror", feed] if command == "ingest" else []))
    assert (8, "") == (left.code, left.out)
    assert str(tmp_path / "file" / "home") in left.err
    assert "NASCAR_HOME" in left.err


@pytest.mark.usefixtures("good")
def test_kept_bytes_that_are_damaged_are_exit_8_and_named(nascar: Nascar, home: Path) -> None:
    before = fingerprint(home)
    documents = home / "landing" / "documents.sqlite"
    with closing(sqlite3.connect(documents)) as db, db:
        db.execute("UPDATE objects SET gzip = substr(gzip, 1, length(gzip) - 10)")
    left = nascar("rebuild")
    assert 8 == left.code
    assert str(documents) in left.err
    assert "next: " in left.err
    assert before == fingerprint(home)


def test_a_damaged_warehouse_is_exit_8_for_readers_and_repaired_by_the_next_run(
    nascar: Nascar, good: FeedFolder, home: Path
) -> None:
    (home / "nascar.duckdb").unlink()
    (home / "nascar.duckdb").write_bytes(b"not a database at all " * 1000)
    readers = [nascar("closest"), nascar("query", "SELECT 1"), nascar("check")]
    assert [(8, True)] * 3 == [(left.code, str(home / "nascar.duckdb") in left.err) for left in readers]
    assert 0 == nascar("ingest", "nascar_feed", "--mirror", good).code
    assert 0 == nascar("closest").code


# --- people that misbehave


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["ingest", "formula_one"], "formula_one"),
        (["ingest", "--series", "f1"], "f1"),
        (["ingest", "--season", "last"], "last"),
        (["ingest", "--season", "2025-2018"], "2025-2018"),
        (["ingest", "--season", "1948"], "1948"),
        (["ingest", "--season", "9999"], "9999"),
        (["ingest", "--season", "2018,"], "2018,"),
        (["ingest", "--with", "weather"], "weather"),
        (["ingest", "--mirror", "no/such/folder"], "no/such/folder"),
        (["ingest", "--mirror", "ftp://127.0.0.1/"], "ftp://127.0.0.1/"),
        (["ingest", "--mirror", "http://"], "http://"),
        (["rebuild", "--as-of", "yesterday"], "yesterday"),
        (["closest", "--basis", "guess"], "guess"),
        (["closest", "--series", "f1"], "f1"),
        (["closest", "--season", "2018,2020"], "2018,2020"),
        (["closest", "--format", "xml"], "xml"),
        (["closest", "--limit", "0"], "0"),
        (["describe", "core.nothing"], "nascar"),
        (["query", "SELECT 1"], "no warehouse"),
        (["check"], "no warehouse"),
    ],
)
def test_wrong_usage_is_exit_2_and_says_what_was_wrong(
    nascar: Nascar, home: Path, arguments: list[str], said: str
) -> None:
    left = nascar(*arguments)
    assert (2, "") == (left.code, left.out)
    assert said in left.err
    assert not (home / "nascar.duckdb").exists()


def test_a_mirror_that_is_a_file_is_wrong_usage(nascar: Nascar, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    left = nascar("ingest", "--mirror", tmp_path / "file")
    assert 2 == left.code
    assert str(tmp_path / "file") in left.err


@pytest.mark.parametrize("value", ["many", "-1", "1.5"])
def test_a_setting_that_cannot_be_meant_is_wrong_usage_and_named(
    nascar: Nascar, monkeypatch: pytest.MonkeyPatch, value: str
) -> None:
    monkeypatch.setenv("NASCAR_SNAPSHOTS", value)
    left = nascar("build")
    assert 2 == left.code
    assert f"NASCAR_SNAPSHOTS is '{value}'" in left.err


# --- the season of this module


def good_races() -> list[Payload]:
    return season(6, YEAR)


def six_results() -> list[Payload]:
    names = ("Ann Winner", "Bob Second", "Cy Third", "Di Fourth", "Ed Fifth", "Fay Sixth")
    return [result(place, name, result_id=place) for place, name in enumerate(names, start=1)]


def good_weekend(race_id: int, **changes: object) -> Payload:
    """The weekend feed of a race of the season."""
    [listed] = season(race_id - 9000, YEAR)[-1:]
    common = {name: listed[name] for name in ("race_id", "race_season", "race_name", "race_date")}
    feed = weekend(**{"results": six_results()} | common | changes)
    for name in ("results", "caution_segments", "race_leaders"):
        for row in feed["weekend_race"][0][name]:
            row |= {key: value for key, value in {"race_id": race_id, "race_season": YEAR}.items() if key in row}
    return feed


def put_good_season(feed: FeedFolder) -> None:
    feed.put_index(*good_races(), year=YEAR)
    for race_id in (9001, 9002):
        feed.put_weekend(good_weekend(race_id), year=YEAR)


def change(payload: Payload, changes: Payload) -> None:
    """Change fields in place; the ellipsis takes one away."""
    for name, value in changes.items():
        if value is ...:
            del payload[name]
        else:
            payload[name] = copy.deepcopy(value)


# --- what is asked of a home and of a command that left


def assert_named(left: Left, code: int, place: str, said: str) -> None:
    """It left with this code, named the place and the fault, said what to do next, and printed no data."""
    assert (code, "") == (left.code, left.out)
    assert place in left.err
    assert said in left.err
    assert "next: " in left.err


def problems_of(left: Left) -> dict[str, str]:
    """What was told of each document that could not be taken, with the advice."""
    found = re.findall(r"^problem: (\S+ \S+): (.*(?:\n  .*)*)", left.err, re.MULTILINE)
    return dict(found)


def fingerprint(home: Path) -> str:
    return hashlib.sha256((home / "nascar.duckdb").read_bytes()).hexdigest()


def printed_margins(ask: Ask) -> list[tuple[object, ...]]:
    return ask(
        "SELECT race_id, margin_text FROM core.margins"
        " WHERE reading = 'weekend_feed' AND basis = 'line' AND race_id LIKE 'cup-2021-%' ORDER BY 1"
    )


def leave(home: Path, *arguments: object) -> Left:
    """Run the command in this process on a home."""
    out, err = io.StringIO(), io.StringIO()
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(out), redirect_stderr(err):
        patch.setenv("NASCAR_HOME", str(home))
        patch.setattr(sys, "argv", ["nascar", *map(str, arguments)])
        with pytest.raises(SystemExit) as leaving:
            cli.main()
    return Left(int(leaving.value.code or 0), out.getvalue(), err.getvalue())


# --- servers and processes


def url_path(key: str) -> str:
    return f"/cf.nascar.com/cacher/{key}.json"


def good_routes() -> dict[str, Route]:
    return {
        url_path(INDEX): [as_json(index(*good_races()))],
        url_path(WEEKEND): [as_json(good_weekend(9001))],
        url_path(OTHER_WEEKEND): [as_json(good_weekend(9002))],
    }


def ask_server(nascar: Nascar, _home_is: FeedFolder, routes: dict[str, Route], *arguments: str) -> Left:
    """Ingest from a server with the good season, but for these routes."""
    with misbehaving_server(good_routes() | routes) as server:
        return nascar("ingest", "nascar_feed", "--mirror", server.url, *arguments)


class HeldUp:
    """A server that does not answer for one document until it is released."""

    def __init__(self) -> None:
        self.url = ""
        self._asked = threading.Event()
        self._released = threading.Event()

    def answer(self, reply: Canned) -> Callable[[Request], Canned]:
        def hold(_: Request) -> Canned:
            self._asked.set()
            self._released.wait(30)
            return reply

        return hold

    def wait(self) -> None:
        assert self._asked.wait(30), "the document was never asked for"

    def release(self) -> None:
        self._released.set()


@contextmanager
def held_up(routes: dict[str, Route], key: str) -> Iterator[HeldUp]:
    held = HeldUp()
    [reply] = good_routes()[url_path(key)]  # type: ignore[misc]  # the good routes are lists of one
    with misbehaving_server(good_routes() | routes | {url_path(key): held.answer(reply)}) as server:
        held.url = server.url
        try:
            yield held
        finally:
            held.release()


def run_command(*arguments: object, file_size_limit_bytes: int) -> subprocess.CompletedProcess[str]:
    """Run the command in a process that can write no file larger than this."""
    limited = f"import resource; resource.setrlimit(resource.RLIMIT_FSIZE, ({file_size_limit_bytes},) * 2); "
    command = [
        sys.executable,
        "-c",
        limited + "from nascar_warehouse.etl.cli import main; main()",
        *map(str, arguments),
    ]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)  # noqa: S603


def start_command(*arguments: object) -> subprocess.Popen[str]:
    """Start the command in a process of its own."""
    command = [sys.executable, "-c", "from nascar_warehouse.etl.cli import main; main()", *map(str, arguments)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)  # noqa: S603


def test_two_who_ask_first_at_once_are_both_answered(home: Path) -> None:
    asking = [
        subprocess.Popen(
            [
                sys.executable,
                "-c",
                "from nascar_warehouse.etl.cli import main; main()",
                "closest",
                "-n",
                "1",
                "--format",
                "csv",
            ],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        for _ in range(2)
    ]
    answers = {child.communicate(timeout=60)[0] for child in asking}
    assert ([0, 0], 1) == ([child.returncode for child in asking], len(answers))
    assert (home / "nascar.duckdb").exists()
