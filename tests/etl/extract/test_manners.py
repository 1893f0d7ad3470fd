"""A run keeps to its maximum of requests, the next one continues, and status shows old data as old."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from nascar_warehouse.etl.documents import BudgetSpent
from nascar_warehouse.etl.extract.fetch import HttpFetcher
from tests.conftest import Ask, Nascar
from tests.support.commands import run_on
from tests.support.feed import FeedFolder, index, season, weekend
from tests.support.homes import copy_home
from tests.support.misbehaving import Detour, MisbehavingServer, Request, Route, as_json, canned, misbehaving_server

pytestmark = pytest.mark.slow
"""Whole warehouses are built several times."""

YEAR = 2021
RACES = 6
INDEX = f"/cf.nascar.com/cacher/{YEAR}/race_list_basic.json"


@pytest.fixture
def server() -> Iterator[MisbehavingServer]:
    """A season of races with their weekends."""
    with misbehaving_server(routes()) as running:
        yield running


def routes() -> dict[str, Route]:
    races = season(RACES, YEAR)
    found: dict[str, Route] = {INDEX: [as_json(index(*races))]}
    found |= {weekend_path(listed["race_id"]): [as_json(weekend_of(listed["race_id"]))] for listed in races}
    return found


def weekend_path(race_id: int) -> str:
    return f"/cf.nascar.com/cacher/{YEAR}/1/{race_id}/weekend-feed.json"


def weekend_of(race_id: int) -> dict[str, object]:
    [listed] = season(race_id - 9000, YEAR)[-1:]
    feed = weekend(**{name: listed[name] for name in ("race_id", "race_season", "race_name", "race_date")})
    for name in ("results", "caution_segments", "race_leaders"):
        for row in feed["weekend_race"][0][name]:
            row |= {key: value for key, value in {"race_id": race_id, "race_season": YEAR}.items() if key in row}
    return feed


# --- a maximum of requests


def test_a_run_that_reaches_its_maximum_of_requests_publishes_what_arrived(
    nascar: Nascar, server: MisbehavingServer, ask: Ask
) -> None:
    left = nascar("ingest", "nascar_feed", "--mirror", server.url, "--season", YEAR, "--max-requests", 4)
    assert (0, 4) == (left.code, len(server.requests))
    assert left.err.endswith("; published\n")
    assert (
        f"warning: nascar_feed: {RACES - 3} documents that are due are left for the next run:"
        " this run has made its maximum of 4 requests\n"
    ) in left.err
    assert [(3,)] == ask("SELECT count(DISTINCT race_id) FROM core.results WHERE source_id = 'nascar_feed'")
    assert [(True,)] == ask("SELECT contains(warnings, 'left for the next run') FROM ops.loads")


@pytest.mark.slow
def test_the_next_runs_continue_until_everything_is_there(
    nascar: Nascar, server: MisbehavingServer, ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A sweep also asks for the other seasons, which are missing: only the first time, then not for a day.
    monkeypatch.setenv("NASCAR_MAX_REQUESTS", "5")
    warned = []
    for _ in range(6):
        before = len(server.requests)
        left = nascar("ingest", "nascar_feed", "--mirror", server.url)
        assert 0 == left.code
        assert len(server.requests) - before <= 5
        warned.append("left for the next run" in left.err)
    assert [True, False] == [warned[0], warned[-1]]
    assert [(RACES,)] == ask("SELECT count(DISTINCT race_id) FROM core.results WHERE source_id = 'nascar_feed'")
    assert 1 == server.paths().count(INDEX)


def test_robots_txt_redirects_and_retries_count_as_requests() -> None:
    answers: dict[str, Route] = {
        "/a.test/old.json": [canned(status=302, headers={"Location": "/new.json"})],
        "/a.test/new.json": [canned(status=500), as_json({})],
    }
    with misbehaving_server(answers) as server:
        fetcher = HttpFetcher(transport=Detour(server), rate_per_second=1000, max_requests=5)
        assert 200 == fetcher.fetch("https://a.test/old.json").status
        with pytest.raises(BudgetSpent, match="this run has made its maximum of 5 requests"):
            fetcher.fetch("https://a.test/old.json")
        fetcher.close()
    old, new = "/a.test/old.json", "/a.test/new.json"
    assert ["/a.test/robots.txt", old, new, old, new] == server.paths()


def test_the_maximum_of_requests_ends_retries_too(server: MisbehavingServer) -> None:
    server.routes[INDEX] = [canned(status=500)]
    fetcher = HttpFetcher(mirror=server.url, max_requests=2)
    with pytest.raises(BudgetSpent):
        fetcher.fetch(f"https:/{INDEX}")
    fetcher.close()
    assert 2 == len(server.requests)


@pytest.mark.parametrize("value", ["-1", "few"])
def test_an_invalid_maximum_of_requests_is_wrong_usage(
    nascar: Nascar, monkeypatch: pytest.MonkeyPatch, value: str
) -> None:
    assert 2 == nascar("ingest", f"--max-requests={value}").code
    monkeypatch.setenv("NASCAR_MAX_REQUESTS", value)
    left = nascar("ingest", "nascar_feed")
    assert 2 == left.code
    assert f"NASCAR_MAX_REQUESTS is '{value}'" in left.err


# --- how requests are made


class Asked(NamedTuple):
    """A home into which the season was ingested from a server, and the requests that this made."""

    home: Path
    requests: list[Request]


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> Asked:
    home = tmp_path_factory.mktemp("asked") / "home"
    with misbehaving_server(routes()) as running, pytest.MonkeyPatch.context() as patch:
        patch.setenv("NASCAR_CONTACT", "https://example.org/contact")
        assert 0 == run_on(home, "ingest", "nascar_feed", "--mirror", running.url, "--season", YEAR).code
        return Asked(home, list(running.requests))


def test_requests_name_the_program_and_the_contact(asked: Asked) -> None:
    assert {True} == {
        "nascar-warehouse/" in agent and "+https://example.org/contact" in agent
        for agent in (request.headers["user-agent"] for request in asked.requests)
    }


def test_a_host_is_asked_over_one_connection(asked: Asked) -> None:
    assert (RACES + 1, 1) == (len(asked.requests), len({request.client for request in asked.requests}))


def test_a_repeated_request_carries_both_validators(nascar: Nascar) -> None:
    said = {"ETag": '"a1"', "Last-Modified": "Sun, 05 May 2024 22:00:00 GMT"}
    listed = [as_json(index(*season(1, YEAR)), headers=said), canned(status=304)]
    with misbehaving_server(routes() | {INDEX: listed}) as server:
        for _ in range(3):
            assert 0 == nascar("ingest", "nascar_feed", "--mirror", server.url, "--season", YEAR).code
    conditions = [
        (request.headers.get("if-none-match"), request.headers.get("if-modified-since"))
        for request in server.requests
        if request.path == INDEX
    ]
    assert [(None, None), *[tuple(said.values())] * 2] == conditions


# --- old data


def test_a_source_that_does_not_answer_keeps_its_age(
    nascar: Nascar, server: MisbehavingServer, home: Path, asked: Asked
) -> None:
    copy_home(asked.home, home)
    checked = source_row(nascar)["at"]
    for path in list(server.routes):
        server.routes[path] = [canned(status=503)]
    left = nascar("ingest", "nascar_feed", "--mirror", server.url, "--season", YEAR)
    assert 3 == left.code
    assert left.err.endswith("1 problem, nothing published\n")
    assert checked == source_row(nascar)["at"]
    last_run = [row for row in json.loads(nascar("status", "--format", "json").out) if row["what"] == "run"][-1]
    assert "exit 3" == last_run["state"]
    assert "HTTP 503" in last_run["detail"]


def source_row(nascar: Nascar) -> dict[str, str]:
    rows = json.loads(nascar("status", "--format", "json").out)
    [row] = [row for row in rows if (row["what"], row["name"]) == ("source", "nascar_feed")]
    return dict(row)


def test_a_folder_has_no_maximum_of_requests(nascar: Nascar, one_race: FeedFolder) -> None:
    left = nascar("ingest", "nascar_feed", "--mirror", one_race, "--max-requests", 1)
    assert 0 == left.code
    assert "left for the next run" not in left.err
