"""Failures that may be over soon: attempts, pauses, and hosts that are given up."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import httpx
import pytest

from nascar_warehouse.etl.documents import HostUnavailable
from nascar_warehouse.warehouse.errors import SourceUnavailable
from tests.support.fetching import INDEX, INDEX_PATH, Opener, Server, in_turn
from tests.support.misbehaving import as_json, canned, misbehaving_server


def test_a_document_that_arrives_after_three_server_errors_is_taken(open_http: Opener, serve: Server) -> None:
    server = serve({INDEX_PATH: [canned(status=500), canned(status=502), canned(status=503), as_json({"a": 1})]})
    assert b'{"a": 1}' == open_http(mirror=server.url).fetch(INDEX).body
    assert 4 == len(server.requests)


@pytest.mark.parametrize("status", [408, 429, 500, 502, 503, 504, 520])
def test_a_source_that_never_recovers_is_unavailable_after_five_attempts(open_http: Opener, status: int) -> None:
    handler, asked = in_turn(httpx.Response(status))
    with pytest.raises(SourceUnavailable) as caught:
        open_http(handler, mirror="http://m.test").fetch(INDEX)
    assert f"{INDEX} (asked of the mirror http://m.test) failed after 5 attempts: HTTP {status}" == caught.value.problem
    assert caught.value.advice
    assert 5 == len(asked)


@pytest.mark.parametrize(
    "error",
    [httpx.ConnectError("refused"), httpx.ReadTimeout(""), httpx.RemoteProtocolError("cut")],
    ids=repr,
)
def test_a_failed_transfer_is_tried_again(open_http: Opener, error: Exception) -> None:
    handler, asked = in_turn(error, error, httpx.Response(200, json={}))
    assert 200 == open_http(handler, mirror="http://m.test").fetch(INDEX).status
    assert 3 == len(asked)


def test_a_server_that_does_not_answer_is_unavailable(open_http: Opener, serve: Server) -> None:
    server = serve({INDEX_PATH: [as_json({}, delay_seconds=60)]})
    fetcher = open_http(mirror=server.url, attempts=2, timeouts=httpx.Timeout(0.05))
    with pytest.raises(SourceUnavailable, match="2 attempts: ReadTimeout"):
        fetcher.fetch(INDEX)


def test_a_port_without_a_server_is_unavailable(open_http: Opener) -> None:
    with misbehaving_server({}) as server:
        address = server.url
    with pytest.raises(SourceUnavailable, match="ConnectError"):
        open_http(mirror=address).fetch(INDEX)


def test_the_pauses_grow_and_stay_short(open_http: Opener, pauses: list[float]) -> None:
    handler, _ = in_turn(httpx.Response(500))
    with pytest.raises(SourceUnavailable):
        open_http(handler, mirror="http://m.test").fetch(INDEX)
    assert sorted(pauses) == pauses
    assert 4 == len(pauses)
    assert pauses[0] < 0.4
    assert sum(pauses) < 5


def test_a_pause_that_the_host_asks_for_is_kept(open_http: Opener, pauses: list[float]) -> None:
    handler, _ = in_turn(httpx.Response(429, headers={"Retry-After": "7"}), httpx.Response(200, json={}))
    open_http(handler, mirror="http://m.test").fetch(INDEX)
    assert [7.0] == pauses


def test_a_pause_may_be_given_as_a_date(open_http: Opener, pauses: list[float]) -> None:
    date = format_datetime(datetime.now(UTC) + timedelta(seconds=60), usegmt=True)
    handler, _ = in_turn(httpx.Response(503, headers={"Retry-After": date}), httpx.Response(200, json={}))
    open_http(handler, mirror="http://m.test").fetch(INDEX)
    assert [60.0] == [pytest.approx(pause, abs=5) for pause in pauses]


@pytest.mark.parametrize("text", ["soon", "0", "-1", "", "9" * 400, "Mon, 06 May 2024 12:00:00 GMT", "1.5"])
def test_an_unusable_pause_is_replaced_by_the_default(open_http: Opener, pauses: list[float], text: str) -> None:
    handler, _ = in_turn(httpx.Response(429, headers={"Retry-After": text}), httpx.Response(200, json={}))
    open_http(handler, mirror="http://m.test").fetch(INDEX)
    assert [True] == [0.1 < pause < 0.4 for pause in pauses]


@pytest.mark.parametrize("text", ["3600", "999999999", "Fri, 31 Dec 9999 23:59:59 GMT"])
def test_a_pause_of_hours_ends_the_run_with_this_host(open_http: Opener, text: str) -> None:
    handler, asked = in_turn(httpx.Response(429, headers={"Retry-After": text}))
    fetcher = open_http(handler, mirror="http://m.test")
    with pytest.raises(SourceUnavailable) as caught:
        fetcher.fetch(INDEX)
    assert re.search(r"1 attempt: HTTP 429\n  next: .* after \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC", str(caught.value))
    with pytest.raises(SourceUnavailable, match=r"https://cf\.nascar\.com asked us to wait until .* not asked again"):
        fetcher.fetch(INDEX)
    assert 1 == len(asked)


def test_a_403_with_a_pause_is_tried_again(open_http: Opener, pauses: list[float]) -> None:
    handler, _ = in_turn(httpx.Response(403, headers={"Retry-After": "2"}), httpx.Response(200, json={}))
    assert 200 == open_http(handler, mirror="http://m.test").fetch(INDEX).status
    assert [2.0] == pauses


def test_a_host_that_fails_three_documents_in_a_row_is_not_asked_again(open_http: Opener) -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request.url.path)
        return httpx.Response(500 if "down.test" in request.url.path else 200)

    asked: list[str] = []
    fetcher = open_http(answer, mirror="http://m.test", attempts=1)
    for _ in range(3):
        with pytest.raises(SourceUnavailable, match="failed after"):
            fetcher.fetch("https://down.test/a")
    with pytest.raises(SourceUnavailable, match=r"down\.test failed for 3 documents in a row; it is not asked again"):
        fetcher.fetch("https://down.test/b")
    assert 200 == fetcher.fetch("https://up.test/a").status
    assert ["/down.test/a"] * 3 + ["/up.test/a"] == asked


@pytest.mark.parametrize("error", [httpx.ConnectError("no such name"), httpx.ConnectTimeout("")], ids=repr)
def test_a_host_without_a_connection_is_not_asked_for_another_document(open_http: Opener, error: Exception) -> None:
    handler, asked = in_turn(error)
    fetcher = open_http(handler, mirror="http://m.test")
    with pytest.raises(HostUnavailable, match="failed after 5 attempts: Connect"):
        fetcher.fetch(INDEX)
    with pytest.raises(HostUnavailable, match=r"cf\.nascar\.com cannot be reached; it is not asked again in this run"):
        fetcher.fetch(INDEX)
    assert 5 == len(asked)


def test_an_answer_resets_the_count_of_failures(open_http: Opener) -> None:
    bad, good = httpx.Response(500), httpx.Response(404)
    handler, asked = in_turn(bad, bad, good, bad, bad, good)
    fetcher = open_http(handler, mirror="http://m.test", attempts=1)
    for expected in [None, None, 404, None, None, 404]:
        try:
            assert expected == fetcher.fetch(INDEX).status
        except SourceUnavailable:
            assert expected is None
    assert 6 == len(asked)


def test_retries_print_nothing(open_http: Opener, capfd: pytest.CaptureFixture[str]) -> None:
    handler, _ = in_turn(httpx.Response(500), httpx.Response(200, json={}))
    open_http(handler, mirror="http://m.test").fetch(INDEX)
    assert ("", "") == capfd.readouterr()
