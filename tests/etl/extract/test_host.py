"""A host's robots.txt is obeyed and its rate kept."""

from __future__ import annotations

import httpx
import pytest

from nascar_warehouse.etl.extract.fetch import HttpFetcher
from nascar_warehouse.warehouse.errors import SourceUnavailable, UsageError
from tests.support.fetching import INDEX, Opener, in_turn, publisher


def test_robots_txt_is_obeyed_and_read_once(open_http: Opener, turns: list[float]) -> None:
    asked: list[str] = []
    rules = httpx.Response(200, text="User-agent: *\nDisallow: /\nUser-agent: nascar-warehouse\nDisallow: /private/\n")
    fetcher = open_http(publisher(rules, asked))
    for _ in range(2):
        with pytest.raises(
            SourceUnavailable, match=r"https://cf\.nascar\.com/robots\.txt forbids https://cf\.nascar\.com/p"
        ):
            fetcher.fetch("https://cf.nascar.com/private/a.json")
    assert 200 == fetcher.fetch(INDEX).status
    assert ["/robots.txt", "/cacher/2024/race_list_basic.json"] == asked
    assert 1 == len(turns)


@pytest.mark.usefixtures("turns")
@pytest.mark.parametrize("status", [401, 403, 404, 410])
def test_a_host_without_robots_txt_allows_everything(open_http: Opener, status: int) -> None:
    asked: list[str] = []
    assert 200 == open_http(publisher(httpx.Response(status), asked)).fetch(INDEX).status


@pytest.mark.usefixtures("turns")
def test_a_host_whose_robots_txt_fails_is_unavailable(open_http: Opener) -> None:
    asked: list[str] = []
    with pytest.raises(SourceUnavailable, match=r"https://cf.nascar.com/robots.txt failed after 5 attempts"):
        open_http(publisher(httpx.Response(503), asked)).fetch(INDEX)
    assert {"/robots.txt"} == set(asked)


@pytest.mark.usefixtures("turns")
def test_a_redirect_does_not_lead_around_robots_txt(open_http: Opener) -> None:
    rules = httpx.Response(200, text="User-agent: *\nDisallow: /private/")
    handler, asked = in_turn(rules, httpx.Response(302, headers={"Location": "/private/a.json"}))
    with pytest.raises(SourceUnavailable, match="forbids"):
        open_http(handler).fetch(INDEX)
    assert 2 == len(asked)


def test_a_host_is_asked_no_faster_than_its_rate(open_http: Opener, turns: list[float]) -> None:
    fetcher = open_http(publisher(httpx.Response(404), []), rate_per_second=2)
    fetcher.fetch(INDEX)
    fetcher.fetch(INDEX)
    # robots.txt has the first turn; the clock stands still, so the third request waits for two turns.
    assert [0.5, 1.0] == pytest.approx(turns, abs=0.2)


def test_a_host_may_be_asked_more_slowly_than_others_and_never_faster(open_http: Opener, turns: list[float]) -> None:
    fetcher = open_http(publisher(httpx.Response(404), []), rate_per_second=4, host_rates={"a.test": 1, "b.test": 99})
    for host in ["a.test", "b.test"]:
        fetcher.fetch(f"https://{host}/x")
    assert [1.0, 0.25] == pytest.approx(turns, abs=0.1)


def test_hosts_do_not_wait_for_each_other_and_mirrors_have_no_rate(open_http: Opener, turns: list[float]) -> None:
    fetcher = open_http(publisher(httpx.Response(404), []))
    mirror = open_http(publisher(httpx.Response(404), []), mirror="http://m.test")
    for host in ["a.test", "b.test", "c.test"]:
        fetcher.fetch(f"https://{host}/x")
        mirror.fetch("https://d.test/x")
    assert 3 == len(turns)


@pytest.mark.parametrize("rate", [0.0, -1.0, float("nan")])
def test_a_rate_must_be_positive(rate: float) -> None:
    with pytest.raises(UsageError, match="rate must be positive"):
        HttpFetcher(rate_per_second=rate)
