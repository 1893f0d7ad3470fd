"""One bad document is set aside and the rest is published; it is reported once, and a person can accept it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from nascar_warehouse.etl.storage import published_state
from tests.conftest import Ask, Nascar, ask_file
from tests.support import wikipedia_page
from tests.support.commands import Left, run_on
from tests.support.feed import FeedFolder, Payload, result, season, weekend
from tests.support.homes import copy_home
from tests.support.nascar_results_files import NascarResultsFolder, results

YEAR = 2021
RACES = "SELECT race_id FROM core.results WHERE source_id = 'nascar_feed' AND finish_position = 1 ORDER BY 1"
NOT_RUN: Payload = {"total_race_time": "", "actual_laps": 0, "margin_of_victory": "", "winner_driver_id": ""}
NAMES = ("Ann Winner", "Bob Second", "Cy Third", "Di Fourth")


class Prepared(NamedTuple):
    """A home that tests copy, how the last command on it left, and the mirror that it had then."""

    home: Path
    left: Left
    feed: FeedFolder


def prepare(folder: Path, before: Prepared | None, count: int, **of_the_last: object) -> Prepared:
    """Ingest a season of so many races into a copy of a home, or into an empty one."""
    feed, home = FeedFolder(folder / "mirror"), folder / "home"
    put_races(feed, count, **of_the_last)
    if before is not None:
        copy_home(before.home, home)
    return Prepared(home, run_on(home, "ingest", "nascar_feed", "--mirror", feed), feed)


@pytest.fixture(scope="module")
def with_one(tmp_path_factory: pytest.TempPathFactory) -> Prepared:
    """The first race of the feed is published."""
    found = prepare(tmp_path_factory.mktemp("one"), None, 1)
    assert 0 == found.left.code
    return found


@pytest.fixture(scope="module")
def with_bad(with_one: Prepared, tmp_path_factory: pytest.TempPathFactory) -> Prepared:
    """Then a second race came, with two winners."""
    return prepare(tmp_path_factory.mktemp("bad"), with_one, 2, results=two_winners())


@pytest.fixture(scope="module")
def with_good_and_bad(with_one: Prepared, tmp_path_factory: pytest.TempPathFactory) -> Prepared:
    """Or a good second race came with a third one that has two winners."""
    return prepare(tmp_path_factory.mktemp("good-and-bad"), with_one, 3, results=two_winners())


@pytest.fixture
def started(home: Path, feed: FeedFolder, with_one: Prepared) -> FeedFolder:
    """The mirror of a home that has the first race."""
    copy_home(with_one.home, home)
    put_races(feed, 1)
    return feed


@pytest.fixture
def aside(home: Path, feed: FeedFolder, with_bad: Prepared) -> FeedFolder:
    """The mirror of a home that set the second race aside."""
    copy_home(with_bad.home, home)
    put_races(feed, 2, results=two_winners())
    return feed


def put_races(feed: FeedFolder, count: int, **of_the_last: object) -> None:
    """A season of so many races, all run; changes are made to the weekend feed of the last."""
    races = season(count, YEAR)
    feed.put_index(*races, year=YEAR)
    for number in range(1, count + 1):
        feed.put_weekend(weekend_of(number, **(of_the_last if number == count else {})), year=YEAR)


def weekend_of(number: int, **changes: object) -> Payload:
    [listed] = season(number, YEAR)[-1:]
    common = {name: listed[name] for name in ("race_id", "race_season", "race_name", "race_date")}
    feed = weekend(**common | changes)
    for name in ("results", "caution_segments", "race_leaders"):
        for row in feed["weekend_race"][0][name]:
            row |= {key: value for key, value in common.items() if key in row}
    return feed


def two_winners() -> list[Payload]:
    return [result(1, "Ann Winner", laps_led=100), result(1, "Bob Second", result_id=2, car_number="12")]


def ingest(nascar: Nascar, mirror: object, *arguments: str) -> Left:
    return nascar("ingest", *(arguments or ("nascar_feed",)), "--mirror", mirror)


def problems(nascar: Nascar) -> list[str]:
    """The documents of which `nascar status` says that something is wrong."""
    rows: list[dict[str, Any]] = json.loads(nascar("status", "--format", "json").out)
    return [row["name"] for row in rows if row["what"] == "problem"]


def version_of(left: Left) -> str:
    """The version that a message offers to accept."""
    return left.err.partition("nascar accept ")[2].split("`")[0]


# --- set aside


def test_a_race_with_two_winners_is_set_aside_and_the_other_new_race_is_published(with_good_and_bad: Prepared) -> None:
    left = with_good_and_bad.left
    assert 5 == left.code
    assert "race_has_one_winner" in left.err
    assert "; published\n" in left.err
    assert [("cup-2021-01",), ("cup-2021-02",)] == ask_file(with_good_and_bad.home / "nascar.duckdb", RACES)


def test_what_is_set_aside_is_quarantined_with_the_name_of_the_check(with_good_and_bad: Prepared) -> None:
    [(key, reason)] = ask_file(
        with_good_and_bad.home / "nascar.duckdb",
        "SELECT document_key, reason FROM ops.documents WHERE state = 'quarantined'",
    )
    assert f"{YEAR}/1/9003/weekend-feed" == key
    assert "the check race_has_one_winner fails" in reason


def test_the_last_good_version_of_what_is_set_aside_stands(nascar: Nascar, started: FeedFolder, ask: Ask) -> None:
    before = ask("SELECT * FROM core.results WHERE race_id = 'cup-2021-01' ORDER BY ALL")
    put_races(started, 2)
    started.put_weekend(weekend_of(1, results=two_winners()), year=YEAR)
    assert 5 == ingest(nascar, started).code
    assert [("cup-2021-01",), ("cup-2021-02",)] == ask(RACES)
    assert before == ask("SELECT * FROM core.results WHERE race_id = 'cup-2021-01' ORDER BY ALL")


def test_in_a_fresh_home_the_bad_document_is_set_aside_too(nascar: Nascar, feed: FeedFolder, ask: Ask) -> None:
    put_races(feed, 2, results=two_winners())
    assert 5 == ingest(nascar, feed).code
    assert [("cup-2021-01",)] == ask(RACES)


def test_it_is_exit_5_once_and_status_keeps_listing_it(nascar: Nascar, aside: FeedFolder, with_bad: Prepared) -> None:
    assert [5, 0, 0] == [with_bad.left.code, *(ingest(nascar, aside).code for _ in range(2))]
    assert [f"nascar_feed {YEAR}/1/9002/weekend-feed"] == problems(nascar)


def test_a_later_run_publishes_new_races_without_failing_again(nascar: Nascar, aside: FeedFolder, ask: Ask) -> None:
    aside.put_index(*season(3, YEAR), year=YEAR)
    aside.put_weekend(weekend_of(3), year=YEAR)
    assert 0 == ingest(nascar, aside).code
    assert [("cup-2021-01",), ("cup-2021-03",)] == ask(RACES)
    assert [f"nascar_feed {YEAR}/1/9002/weekend-feed"] == problems(nascar)


@pytest.mark.usefixtures("aside")
def test_a_rebuild_gives_what_the_run_that_set_aside_gave(nascar: Nascar, ask: Ask) -> None:
    statement = "SELECT * EXCLUDE (checked_at) FROM raw.documents ORDER BY ALL"
    before = ask(statement), ask("SELECT * FROM core.results ORDER BY ALL")
    assert 0 == nascar("rebuild").code
    assert before == (ask(statement), ask("SELECT * FROM core.results ORDER BY ALL"))


def test_a_better_version_is_used_and_clears_the_problem(nascar: Nascar, aside: FeedFolder, ask: Ask) -> None:
    put_races(aside, 2)
    assert 0 == ingest(nascar, aside).code
    assert [("cup-2021-01",), ("cup-2021-02",)] == ask(RACES)
    assert [] == problems(nascar)


@pytest.mark.usefixtures("aside")
def test_another_program_tries_what_was_set_aside_again(nascar: Nascar, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        for module in ("etl.storage.published_state", "etl.load.build"):
            patch.setattr(f"nascar_warehouse.{module}.program_fingerprint", lambda: "another")
        tried: list[str] = []
        patch.setattr("nascar_warehouse.etl.load.trials._problem", spy(tried))
        nascar("build")
    assert [f"nascar_feed {YEAR}/1/9002/weekend-feed"] == tried
    assert published_state.program_fingerprint() != "another"


def spy(tried: list[str]) -> Any:
    from nascar_warehouse.etl.load import trials

    original = trials._problem  # noqa: SLF001  # what is tried is not visible from outside

    def note(candidate: Any, results: Any) -> Any:
        tried.append(candidate.document)
        return original(candidate, results)

    return note


@pytest.mark.usefixtures("aside")
def test_the_build_that_failed_can_be_looked_into(home: Path) -> None:
    assert 1 == len(list((home / "quarantined").glob("*.duckdb")))


# --- whom to set aside


def test_a_list_that_names_a_race_twice_keeps_no_race_of_last_night_from_being_published(
    nascar: Nascar, started: FeedFolder, ask: Ask
) -> None:
    put_races(started, 2)
    twice = wikipedia_page.row("2", "2024 AdventHealth 400", "0.003", runner_up="Chase Elliott")
    wikipedia_page.put(
        started.root, wikipedia_page.answer(wikipedia_page.page(wikipedia_page.table(wikipedia_page.KANSAS, twice)))
    )
    left = ingest(nascar, started, "nascar_feed", "wikipedia")
    assert 5 == left.code
    assert [("cup-2021-01",), ("cup-2021-02",)] == ask(RACES)
    assert ["wikipedia closest_finishes"] == problems(nascar)


def test_an_archive_that_shrank_keeps_no_race_of_last_night_from_being_published(
    nascar: Nascar, started: FeedFolder, ask: Ask
) -> None:
    archive = NascarResultsFolder(started.root)
    archive.put_results(*results(1, *NAMES, season=2019), *results(2, *NAMES, season=2019), series_id="nxs")
    assert 0 == ingest(nascar, started, "nascar_feed", "nascar_results").code
    put_races(started, 2)
    archive.put_results(*results(1, *NAMES, season=2019), series_id="nxs")
    left = ingest(nascar, started, "nascar_feed", "nascar_results")
    assert 5 == left.code
    assert "lost 1 race that was run: race nxs-2019-02 of 2019 (all of 4 rows)" in left.err
    assert [("cup-2021-01",), ("cup-2021-02",)] == ask(RACES)
    assert [("nxs-2019-01",), ("nxs-2019-02",)] == ask(
        "SELECT DISTINCT race_id FROM core.results WHERE race_id LIKE 'nxs-%' ORDER BY 1"
    )


# --- loss


@pytest.fixture(scope="module")
def home_of_archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with an archive of two seasons of three races."""
    base = tmp_path_factory.mktemp("archive")
    folder = NascarResultsFolder(base / "archive")
    folder.put_results(*archived(), series_id="nxs")
    assert 0 == run_on(base / "home", "ingest", "nascar_results", "--mirror", folder).code
    return base / "home"


@pytest.fixture
def archive(tmp_path: Path, home: Path, home_of_archive: Path) -> NascarResultsFolder:
    """That archive, which the home of the test has already."""
    copy_home(home_of_archive, home)
    folder = NascarResultsFolder(tmp_path / "archive")
    folder.put_results(*archived(), series_id="nxs")
    return folder


def archived(without: tuple[tuple[int, int], ...] = (), drivers: tuple[str, ...] = NAMES) -> list[dict[str, object]]:
    return [
        row
        for year in (2018, 2019)
        for number in (1, 2, 3)
        if (year, number) not in without
        for row in results(number, *drivers, season=year)
    ]


def kept(ask: Ask) -> int:
    [(count,)] = ask("SELECT count(*) FROM core.results WHERE race_id LIKE 'nxs-%'")
    return int(count)


def test_a_race_that_an_archive_loses_is_kept_until_somebody_accepts(
    nascar: Nascar, archive: NascarResultsFolder, ask: Ask
) -> None:
    archive.put_results(*archived(((2018, 3), (2019, 3))), series_id="nxs")
    left = ingest(nascar, archive, "nascar_results")
    assert (5, 24) == (left.code, kept(ask))
    assert 0 == nascar("accept", version_of(left)).code
    assert 16 == kept(ask)
    assert [] == problems(nascar)


def test_one_result_that_an_archive_loses_is_kept_until_somebody_accepts(
    nascar: Nascar, archive: NascarResultsFolder, ask: Ask
) -> None:
    archive.put_results(*archived()[:-1], series_id="nxs")
    left = ingest(nascar, archive, "nascar_results")
    assert (5, 24) == (left.code, kept(ask))
    assert 0 == nascar("accept", "nascar_results", "nxs_series").code
    assert 23 == kept(ask)


def test_an_accepted_loss_stays_accepted_when_everything_is_read_again(
    nascar: Nascar, archive: NascarResultsFolder, ask: Ask
) -> None:
    archive.put_results(*archived(((2019, 3),)), series_id="nxs")
    nascar("accept", version_of(ingest(nascar, archive, "nascar_results")))
    assert 0 == nascar("rebuild").code
    assert 20 == kept(ask)


def test_a_race_that_the_index_calls_cancelled_may_go_from_an_archive(
    nascar: Nascar, feed: FeedFolder, ask: Ask
) -> None:
    archive = NascarResultsFolder(feed.root)
    first, second = season(2, YEAR)
    rows = [results(number, *NAMES, Name=f"Test {number}") for number in (1, 2)]
    archive.put_results(*rows[0], *rows[1])
    feed.put_index(first, year=YEAR)
    feed.put_weekend(weekend_of(1), year=YEAR)
    assert 0 == ingest(nascar, feed, "nascar_feed", "nascar_results").code
    # The second race was entered, and then went from the index.
    feed.put_index(first, second | NOT_RUN, year=YEAR)
    feed.put_weekend(weekend_of(2, **NOT_RUN, results=entries()), year=YEAR)
    assert 0 == ingest(nascar, feed, "nascar_feed", "nascar_results").code
    feed.put_index(first, year=YEAR)
    archive.put_results(*rows[0])
    assert 0 == ingest(nascar, feed, "nascar_feed", "nascar_results").code
    assert [] == ask("SELECT race_id FROM core.results WHERE race_id = 'cup-2021-02'")
    assert [] == problems(nascar)


def entries() -> list[Payload]:
    blank = {"finishing_position": 0, "laps_completed": 0, "finishing_status": "", "diff_time": 0}
    return [result(place, name, result_id=place) | blank for place, name in enumerate(NAMES, start=1)]


def test_an_announced_race_that_goes_from_the_index_is_no_loss(nascar: Nascar, feed: FeedFolder) -> None:
    first, second = season(2, YEAR)
    feed.put_index(first, second | NOT_RUN, year=YEAR)
    feed.put_weekend(weekend_of(1), year=YEAR)
    assert 0 == ingest(nascar, feed).code
    feed.put_index(first, year=YEAR)
    assert 0 == ingest(nascar, feed).code


# --- accept


def test_a_changed_structure_that_is_accepted_is_reported_no_more(nascar: Nascar, started: FeedFolder) -> None:
    broken = weekend_of(1)
    del broken["weekend_race"][0]["track_name"]
    started.put_weekend(broken, year=YEAR)
    left = ingest(nascar, started)
    assert 4 == left.code
    assert 1 == len(problems(nascar))
    assert 0 == nascar("accept", version_of(left)).code
    assert [] == problems(nascar)
    assert 0 == nascar("rebuild").code
    assert [] == problems(nascar)


def test_a_changed_structure_is_exit_4_once(nascar: Nascar, started: FeedFolder) -> None:
    broken = weekend_of(1)
    del broken["weekend_race"][0]["track_name"]
    started.put_weekend(broken, year=YEAR)
    assert [4, 0] == [ingest(nascar, started).code for _ in range(2)]
    assert [f"nascar_feed {YEAR}/1/9001/weekend-feed"] == problems(nascar)


@pytest.mark.usefixtures("aside")
def test_what_a_check_set_aside_is_tried_again_when_it_is_accepted(
    nascar: Nascar, with_bad: Prepared, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried: list[str] = []
    monkeypatch.setattr("nascar_warehouse.etl.load.trials._problem", spy(tried))
    assert "race_has_one_winner" in nascar("accept", version_of(with_bad.left)).err
    assert [f"nascar_feed {YEAR}/1/9002/weekend-feed"] == tried
    assert [] == problems(nascar)


@pytest.mark.usefixtures("started")
def test_what_nobody_keeps_cannot_be_accepted(nascar: Nascar, home: Path) -> None:
    left = nascar("accept", "nascar_feed 1999/nothing")
    assert 2 == left.code
    assert "no kept document is called nascar_feed 1999/nothing" in left.err
    assert (home / "nascar.duckdb").exists()


# --- a home of an older version


def test_problems_that_an_older_version_wrote_are_read(nascar: Nascar, started: FeedFolder, home: Path) -> None:
    from nascar_warehouse.etl.storage.run_log import RunLog

    old = {"document": "nascar_feed a", "exit_code": 4, "problem": "p", "advice": "a", "is_absence": True, "else": 1}
    state = {"identity": "x", "program": "y", "last_version": 1, "problems": [old]}
    with RunLog(home / "journal.sqlite") as run_log:
        run_log.remember("published", json.dumps(state))
    assert ["nascar_feed a"] == problems(nascar)
    assert 0 == ingest(nascar, started).code
