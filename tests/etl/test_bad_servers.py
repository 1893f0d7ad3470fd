"""The job with servers that misbehave: what passes is waited for, what does not is named, and nothing is made worse."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
import stamina

from nascar_warehouse.etl.extract import fetch
from tests.conftest import Ask, Nascar
from tests.support.commands import Left
from tests.support.feed import FeedFolder, index
from tests.support.good_season import (
    INDEX,
    LOST_RESULTS,
    OTHER_WEEKEND,
    WEEKEND,
    YEAR,
    assert_named,
    fingerprint,
    good_races,
    good_routes,
    good_weekend,
    printed_margins,
    problems_of,
    url_path,
)
from tests.support.misbehaving import (
    CHALLENGE_PAGE,
    Canned,
    Route,
    as_json,
    canned,
    gzip_bomb,
    misbehaving_server,
    redirect_to,
)

pytestmark = pytest.mark.slow
"""Whole warehouses are built several times."""


@pytest.fixture(autouse=True)
def _no_pauses() -> Iterator[None]:
    with stamina.set_testing(True, attempts=fetch.ATTEMPTS, cap=True):
        yield


def ask_server(nascar: Nascar, _home_is: FeedFolder, routes: dict[str, Route], *arguments: str) -> Left:
    """Ingest from a server with the good season, but for these routes."""
    with misbehaving_server(good_routes() | routes) as server:
        return nascar("ingest", "nascar_feed", "--mirror", server.url, *arguments)


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


def test_a_challenge_page_is_a_refusal_and_exit_3(nascar: Nascar, good: FeedFolder, home: Path) -> None:
    before = fingerprint(home)
    page = canned(CHALLENGE_PAGE, headers={"Content-Type": "text/html"})
    left = ask_server(nascar, good, {url_path(WEEKEND): [page]}, "--season", str(YEAR))
    assert_named(left, 3, WEEKEND, "refused (HTTP 200, a challenge page)")
    assert before == fingerprint(home)


def test_a_mirror_without_a_single_document_is_exit_3(nascar: Nascar, feed: FeedFolder) -> None:
    feed.root.mkdir()
    left = nascar("ingest", "nascar_feed", "--mirror", feed)
    assert 3 == left.code
    assert "check the address, or the folder given with --mirror" in left.err
