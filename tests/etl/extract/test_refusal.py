"""A publisher that refuses is not one that lacks documents: 403 for both, and only a known document tells them apart."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
import stamina

from nascar_warehouse.etl.extract import fetch
from tests.conftest import Nascar, ask_file
from tests.support.feed import FeedFolder, Payload, index, season, weekend
from tests.support.misbehaving import Canned, Request, as_json, canned, challenge_page, misbehaving_server
from tests.support.publisher import Clock, Publisher, Run, opened_publisher

YEAR = 2021
RACES = 6
INDEX = f"{YEAR}/race_list_basic"
NOW = f"{YEAR}-12-01"
PROMISED = "the index says that this race was run, and the source does not have this document"


@pytest.fixture(autouse=True)
def _no_pauses() -> Iterator[None]:
    with stamina.set_testing(True, attempts=fetch.ATTEMPTS, cap=True):
        yield


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch)


@pytest.fixture
def publisher(home: Path, clock: Clock) -> Iterator[Publisher]:
    with opened_publisher(home, clock) as opened:
        yield opened


@pytest.fixture
def site(tmp_path: Path) -> FeedFolder:
    """A publisher's folder with a season of races and their weekends."""
    feed = FeedFolder(tmp_path / "site")
    feed.put_index(*season(RACES, YEAR), year=YEAR)
    for number in range(1, RACES + 1):
        feed.put_weekend(weekend_of(number), year=YEAR)
    return feed


def weekend_of(number: int) -> Payload:
    [listed] = season(number, YEAR)[-1:]
    content = weekend(**{name: listed[name] for name in ("race_id", "race_season", "race_name", "race_date")})
    for name in ("results", "caution_segments", "race_leaders"):
        for row in content["weekend_race"][0][name]:
            row |= {key: value for key, value in {"race_id": 9000 + number, "race_season": YEAR}.items() if key in row}
    return content


def weekends(*numbers: int) -> list[str]:
    return [f"{YEAR}/1/{9000 + number}/weekend-feed" for number in numbers]


def races_with_results(home: Path) -> int:
    statement = "SELECT count(DISTINCT race_id) FROM core.results WHERE source_id = 'nascar_feed'"
    [(count,)] = ask_file(home / "nascar.duckdb", statement)
    return int(count)


def problems(run: Run) -> list[str]:
    return [problem.problem for problem in run.outcome.problems]


def days(first: str, count: int, step: int = 1) -> list[str]:
    return [(date.fromisoformat(first) + timedelta(days=step * number)).isoformat() for number in range(count)]


# --- a host that refuses everything


def test_a_first_run_that_is_refused_says_refused_and_never_missing(publisher: Publisher) -> None:
    publisher.archive.refuses = lambda _: True
    run = publisher.run(NOW)
    assert (3, 0) == (run.outcome.exit_code, run.outcome.documents_absent)
    [problem] = run.outcome.problems
    assert problem.problem.startswith(
        "https://cf.nascar.com/cacher/2015/race_list_basic.json: refused (HTTP 403); 4 other"
    )
    assert "NASCAR_CONTACT" in problem.advice
    assert ("refused", None) == (publisher.source()["state"], publisher.source()["at"])


def test_a_named_season_that_is_refused_is_not_said_to_be_unpublished(nascar: Nascar) -> None:
    with misbehaving_server({}, otherwise=[canned(status=403)]) as server:
        left = nascar("ingest", "nascar_feed", "--season", "2024", "--mirror", server.url)
    assert 3 == left.code
    assert "refused (HTTP 403)" in left.err
    assert "NASCAR_CONTACT" in left.err
    assert "may not be" not in left.err


def test_a_host_that_starts_to_refuse_is_asked_for_two_documents_a_night(
    publisher: Publisher, site: FeedFolder
) -> None:
    publisher.run(NOW, site.root)
    publisher.archive.refuses = lambda _: True
    for night in days("2022-01-10", 3):
        run = publisher.run(night)
        assert (3, 2) == (run.outcome.exit_code, len(run.asked))
        assert "refused (HTTP 403)" in problems(run)[0]
        assert "not asked for, the host cf.nascar.com is not asked again in this run" in problems(run)[0]


def test_a_year_of_silence_is_refused_every_night_and_caught_up_on_the_day_it_ends(
    publisher: Publisher, site: FeedFolder, home: Path
) -> None:
    races = season(RACES, YEAR)
    site.put_index(*races[:3], year=YEAR)
    assert 0 == publisher.run(f"{YEAR}-03-15", site.root).outcome.exit_code
    site.put_index(*races, year=YEAR)
    publisher.archive.refuses = lambda _: True
    for night in days(f"{YEAR}-04-01", 12, step=10):
        run = publisher.run(night)
        assert (3, "refused") == (run.outcome.exit_code, publisher.source()["state"])
    assert f"{YEAR}-03-15" == str(publisher.source()["at"])[:10]
    assert f"refused since {YEAR}-04-01 00:00 UTC" in str(publisher.source()["next"])
    publisher.archive.refuses = lambda _: False
    run = publisher.run(f"{YEAR}-08-01")
    assert (0, "fresh") == (run.outcome.exit_code, publisher.source()["state"])
    assert RACES == races_with_results(home)


def test_a_host_that_starts_to_refuse_in_the_middle_of_a_run_is_refused_and_nothing_counts_as_missing(
    publisher: Publisher, site: FeedFolder, home: Path
) -> None:
    asked: list[str] = []

    def refuses_after_the_third_weekend(key: str) -> bool:
        asked.append(key)
        return len([key for key in asked if "weekend" in key]) > 3

    publisher.archive.refuses = refuses_after_the_third_weekend
    run = publisher.run(NOW, site.root)
    assert (3, ["2 other documents were not asked for"]) == (
        run.outcome.exit_code,
        [text.split("; ")[1].split(",")[0] for text in problems(run)],
    )
    assert "refused" == publisher.source()["state"]
    assert 3 == races_with_results(home)
    publisher.archive.refuses = lambda _: False
    again = publisher.run(f"{NOW}T01:00")
    assert (0, weekends(4, 5, 6)) == (again.outcome.exit_code, [key for key in again.asked if "weekend" in key])


@pytest.mark.parametrize("name", ["page", "403"])
def test_a_mirror_over_http_may_refuse_too(nascar: Nascar, name: str) -> None:
    refusal = challenge_page() if name == "page" else canned(status=403)
    with misbehaving_server({}, otherwise=[refusal]) as server:
        left = nascar("ingest", "nascar_feed", "racing_data", "--mirror", server.url)
    assert 3 == left.code
    found = [line for line in left.err.splitlines() if line.startswith("problem: ")]
    assert [1, 1] == [line.count(": refused (HTTP ") for line in found]
    assert f"(asked of the mirror {server.url})" in left.err


# --- some documents are refused


def test_a_backfill_in_which_four_of_six_weekends_are_refused_is_exit_3_and_whole_in_the_next_run(
    publisher: Publisher, site: FeedFolder, home: Path
) -> None:
    publisher.archive.refuses = lambda key: key in weekends(1, 3, 4, 6)
    run = publisher.run(NOW, site.root)
    assert (3, [PROMISED] * 4) == (run.outcome.exit_code, problems(run))
    assert [f"nascar_feed {key}" for key in weekends(1, 3, 4, 6)] == [
        problem.document for problem in run.outcome.problems
    ]
    publisher.archive.refuses = lambda _: False
    again = publisher.run(f"{NOW}T00:10")
    assert (0, weekends(1, 3, 4, 6)) == (again.outcome.exit_code, [key for key in again.asked if "weekend" in key])
    assert RACES == races_with_results(home)


def test_weekends_that_stay_refused_are_a_problem_every_night_and_are_asked_for_daily_then_weekly(
    publisher: Publisher, site: FeedFolder
) -> None:
    publisher.archive.refuses = lambda key: key in weekends(2)
    publisher.run("2021-12-01", site.root)
    asked = {}
    for night in days("2021-12-02", 40):
        run = publisher.run(night)
        assert (3, [PROMISED]) == (run.outcome.exit_code, problems(run))
        if weekends(2)[0] in run.asked:
            asked[night] = run.asked.count(weekends(2)[0])
    assert {1} == {*asked.values()}
    assert [*days("2021-12-02", 8), "2021-12-16", "2021-12-23", "2021-12-30", "2022-01-06"] == list(asked)


def test_a_403_for_a_document_that_was_never_there_is_missing_while_the_index_is_answered(
    publisher: Publisher, site: FeedFolder
) -> None:
    run = publisher.run(NOW, site.root)
    assert (0, YEAR - 2015) == (run.outcome.exit_code, run.outcome.documents_absent)
    assert [] == problems(run)
    # The known document is asked for again after the 403s.
    assert INDEX == [key for key in run.asked if key.endswith("race_list_basic")][-1]


def test_a_document_that_was_there_and_is_refused_costs_only_itself(publisher: Publisher, site: FeedFolder) -> None:
    publisher.run("2021-04-01", site.root)
    publisher.archive.refuses = lambda key: key in weekends(1)
    site.put_index(*[listed | {"margin_of_victory": "0.200"} for listed in season(RACES, YEAR)], year=YEAR)
    run = publisher.run("2021-04-20")
    assert 3 == run.outcome.exit_code
    assert ["refused (HTTP 403), although the host answers for other documents"] == [
        text.split(": ")[1] for text in problems(run)
    ]
    assert weekends(*range(1, RACES + 1)) == [key for key in run.asked if "weekend" in key]
    assert "fresh" == publisher.source()["state"]


def test_three_documents_that_were_there_and_are_refused_stop_the_host(publisher: Publisher, site: FeedFolder) -> None:
    publisher.run("2021-04-01", site.root)
    publisher.archive.refuses = lambda key: "weekend" in key
    site.put_index(*[listed | {"margin_of_victory": "0.200"} for listed in season(RACES, YEAR)], year=YEAR)
    run = publisher.run("2021-04-20")
    assert (3, weekends(1, 2, 3)) == (run.outcome.exit_code, [key for key in run.asked if "weekend" in key])
    assert "3 other documents were not asked for" in problems(run)[-3]


def test_a_document_that_was_there_and_is_refused_for_a_week_is_gone(publisher: Publisher, site: FeedFolder) -> None:
    publisher.run("2021-04-01", site.root)
    publisher.archive.refuses = lambda key: key in weekends(1)
    site.put_index(*[listed | {"margin_of_victory": "0.200"} for listed in season(RACES, YEAR)], year=YEAR)
    codes = [publisher.run(night).outcome.exit_code for night in days("2021-04-20", 10)]
    assert [3] * 7 + [0] * 3 == codes


def test_a_challenge_page_for_every_document_is_refused(publisher: Publisher, site: FeedFolder) -> None:
    publisher.run("2021-04-01", site.root)
    publisher.archive.refuses = lambda _: True
    publisher.archive.refusal = challenge_page()
    run = publisher.run("2021-04-20")
    assert 3 == run.outcome.exit_code
    assert "refused (HTTP 200, a challenge page)" in problems(run)[0]
    assert "refused" == publisher.source()["state"]


# --- documents that the index promises


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
    publisher: Publisher, site: FeedFolder, home: Path
) -> None:
    publisher.run("2021-04-01", site.root)
    publisher.archive.refusal = canned(b"null")
    publisher.archive.refuses = lambda key: key in weekends(1)
    site.put_index(*[listed | {"margin_of_victory": "0.200"} for listed in season(RACES, YEAR)], year=YEAR)
    run = publisher.run("2021-04-20")
    assert (4, [f"nascar_feed {weekends(1)[0]}"]) == (
        run.outcome.exit_code,
        [problem.document for problem in run.outcome.problems],
    )
    assert RACES == races_with_results(home)


# --- hosts that cannot be reached


def test_a_host_that_cannot_be_reached_is_one_problem_with_a_count(nascar: Nascar) -> None:
    with misbehaving_server({}) as server:
        address = server.url
    left = nascar("ingest", "nascar_feed", "racing_data", "--mirror", address)
    found = [line for line in left.err.splitlines() if line.startswith("problem: ")]
    assert (3, 2) == (left.code, len(found))
    assert "other documents were not fetched, the host cf.nascar.com is not asked again in this run" in found[0]


def test_a_host_that_asks_for_a_long_pause_midway_is_one_problem_and_what_arrived_is_published(
    publisher: Publisher, site: FeedFolder, home: Path
) -> None:
    publisher.archive.refuses = lambda key: key in weekends(3, 4, 5, 6)
    publisher.archive.refusal = canned(status=429, headers={"Retry-After": "86400"})
    run = publisher.run(NOW, site.root)
    [problem] = run.outcome.problems
    assert (3, True) == (run.outcome.exit_code, run.outcome.is_published)
    assert "3 other documents were not fetched" in problem.problem
    assert "run the same command again after" in problem.advice
    assert 2 == races_with_results(home)


def test_a_maximum_of_requests_that_ends_before_a_403_is_checked_leaves_the_document_for_the_next_run(
    nascar: Nascar,
) -> None:
    listed = season(2, YEAR)

    def answer(request: Request) -> Canned:
        return as_json(index(*listed)) if request.path.endswith(f"{INDEX}.json") else canned(status=403)

    with misbehaving_server({}, otherwise=answer) as server:
        left = nascar("ingest", "nascar_feed", "--season", YEAR, "--mirror", server.url, "--max-requests", 2)
    assert 0 == left.code
    assert "2 documents that are due are left for the next run" in left.err


# --- one bad file in a folder


@pytest.mark.parametrize("fault", ["a folder", "a link out", "not readable"])
def test_one_bad_file_in_a_folder_mirror_costs_that_document(
    nascar: Nascar, site: FeedFolder, home: Path, monkeypatch: pytest.MonkeyPatch, fault: str
) -> None:
    file = site.root / f"cf.nascar.com/cacher/{weekends(2)[0]}.json"
    content = file.read_bytes()
    if fault == "not readable":
        make_unreadable(file, monkeypatch)
    else:
        file.unlink()
        if fault == "a folder":
            file.mkdir()
        else:
            other = site.root.parent / "elsewhere.json"
            other.write_bytes(content)
            file.symlink_to(other)
    left = nascar("ingest", "nascar_feed", "--season", YEAR, "--mirror", site.root)
    assert 8 == left.code
    assert f"problem: nascar_feed {weekends(2)[0]}: in the mirror" in left.err
    assert RACES - 1 == races_with_results(home)


def make_unreadable(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read = Path.read_bytes

    def refuse(path: Path) -> bytes:
        if path.name == file.name and path.parent.name == file.parent.name:
            raise PermissionError(13, "Permission denied")
        return read(path)

    monkeypatch.setattr(Path, "read_bytes", refuse)


# --- homes of earlier versions


def test_a_home_of_an_earlier_version_keeps_working(nascar: Nascar, site: FeedFolder, home: Path) -> None:
    import sqlite3
    from contextlib import closing

    nascar("ingest", "nascar_feed", "--season", YEAR, "--mirror", site.root)
    with closing(sqlite3.connect(home / "landing" / "documents.sqlite")) as db:
        for column in ("answer", "last_found_at", "missing_since", "refused_since"):
            db.execute(f"ALTER TABLE checks DROP COLUMN {column}")
        db.execute("UPDATE checks SET http_status = 403 WHERE document_key = ?", weekends(1))
        db.commit()
    rows = json.loads(nascar("status", "--format", "json").out)
    assert ["fresh"] == [row["state"] for row in rows if row["name"] == "nascar_feed"]
    left = nascar("ingest", "nascar_feed", "--season", YEAR, "--mirror", site.root)
    assert (0, True) == (left.code, "nothing new, nothing published" in left.err)
