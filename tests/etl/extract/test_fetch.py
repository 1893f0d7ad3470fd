"""Fetching over HTTP and from a folder, from sources that work and that do not."""

from __future__ import annotations

import gzip
import json
import os
import re
import subprocess
import sys
import tracemalloc
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, closing
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
import stamina

from nascar_warehouse import __version__
from nascar_warehouse.etl.documents import Answer, Fetcher, HostUnavailable, Response, Validators
from nascar_warehouse.etl.extract import body, fetch
from nascar_warehouse.etl.extract.content import classify_content
from nascar_warehouse.etl.extract.fetch import HttpFetcher
from nascar_warehouse.etl.extract.mirror import FolderMirror, open_fetcher
from nascar_warehouse.etl.monitoring.log import run_log
from nascar_warehouse.warehouse.errors import MachineFailure, SourceChanged, SourceUnavailable, UsageError
from tests.support.misbehaving import (
    CHALLENGE_PAGE,
    MisbehavingServer,
    Request,
    Route,
    as_json,
    canned,
    gzip_bomb,
    gzipped,
    misbehaving_server,
    redirect_to,
)

INDEX = "https://cf.nascar.com/cacher/2024/race_list_basic.json"
INDEX_PATH = "/cf.nascar.com/cacher/2024/race_list_basic.json"

Handler = Callable[[httpx.Request], httpx.Response]
Opener = Callable[..., HttpFetcher]
Server = Callable[[Mapping[str, Route]], MisbehavingServer]


@pytest.fixture(autouse=True)
def _no_pauses() -> Iterator[None]:
    with stamina.set_testing(True, attempts=fetch.ATTEMPTS, cap=True):
        yield


@pytest.fixture
def open_http() -> Iterator[Opener]:
    """Open fetchers that are closed after the test; `handler` replaces the network."""
    with ExitStack() as stack:

        def open_one(handler: Handler | None = None, **settings: Any) -> HttpFetcher:
            transport = httpx.MockTransport(handler) if handler else None
            return stack.enter_context(closing(HttpFetcher(transport=transport, **settings)))

        yield open_one


@pytest.fixture
def serve() -> Iterator[Server]:
    """Start servers that are stopped after the test."""
    with ExitStack() as stack:
        yield lambda routes: stack.enter_context(misbehaving_server(routes))


@pytest.fixture
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The pauses between attempts, in seconds, which are recorded and not made."""
    recorded: list[float] = []
    monkeypatch.setattr("tenacity.nap.time.sleep", recorded.append)
    stamina.set_testing(False)
    return recorded


@pytest.fixture
def turns(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The waits for a host's rate, in seconds, which are recorded and not made."""
    recorded: list[float] = []
    monkeypatch.setattr("pyrate_limiter.limiter.sleep", recorded.append)
    return recorded


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    index = tmp_path / "mirror" / INDEX_PATH[1:]
    index.parent.mkdir(parents=True)
    index.write_bytes(b'{"series_1": []}')
    return tmp_path / "mirror"


def in_turn(*answers: httpx.Response | Exception) -> tuple[Handler, list[str]]:
    """Return a handler that gives the answers in turn, the last one repeatedly, and the URLs it was asked for."""
    asked: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(str(request.url))
        given = answers[min(len(asked), len(answers)) - 1]
        if isinstance(given, Exception):
            raise given
        return httpx.Response(given.status_code, headers=given.headers, content=given.content)

    return answer, asked


def publisher(robots: httpx.Response, asked: list[str]) -> Handler:
    """Return a handler with a robots.txt and an empty object at every other path."""

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request.url.path)
        return robots if request.url.path == "/robots.txt" else httpx.Response(200, json={})

    return answer


# --- a document that arrives


def test_a_document_keeps_its_public_address_when_a_mirror_gives_it(open_http: Opener, serve: Server) -> None:
    server = serve({INDEX_PATH: [as_json({"a": 1})]})
    response = open_http(mirror=server.url + "/").fetch(INDEX)
    assert (INDEX, 200, b'{"a": 1}') == (response.url, response.status, response.body)
    assert [INDEX_PATH] == server.paths()


def test_a_query_is_passed_on_to_the_mirror_unchanged(open_http: Opener, serve: Server) -> None:
    server = serve({"/below/en.wikipedia.org/w/api.php": [as_json({})]})
    fetcher = open_http(mirror=f"{server.url}/below")
    fetcher.fetch("https://en.wikipedia.org/w/api.php?action=parse&page=List%20of%2Fraces")
    assert ["/below/en.wikipedia.org/w/api.php?action=parse&page=List%20of%2Fraces"] == server.paths()


def test_a_response_says_when_it_arrived_in_utc(open_http: Opener) -> None:
    handler, _ = in_turn(httpx.Response(200, json={}))
    fetched_at = open_http(handler, mirror="http://m.test").fetch(INDEX).fetched_at
    assert timedelta(0) == fetched_at.utcoffset()
    assert datetime.now(UTC) - fetched_at < timedelta(minutes=1)


def test_the_validators_of_a_response_make_the_next_request_conditional(open_http: Opener, serve: Server) -> None:
    def answer(request: Request) -> Any:
        headers = {"ETag": '"v1"', "Last-Modified": "Mon, 06 May 2024 12:00:00 GMT"}
        return canned(status=304) if "if-none-match" in request.headers else as_json({}, headers=headers)

    server = serve({INDEX_PATH: answer})
    fetcher = open_http(mirror=server.url)
    first = fetcher.fetch(INDEX)
    again = fetcher.fetch(INDEX, validators=Validators(first.etag, first.last_modified))
    sent = server.requests[1].headers
    assert ('"v1"', "Mon, 06 May 2024 12:00:00 GMT") == (sent["if-none-match"], sent["if-modified-since"])
    assert (b"", Answer.UNCHANGED) == (again.body, again.answer)
    assert (first.etag, first.last_modified) == (again.etag, again.last_modified)


def test_validators_that_a_header_cannot_carry_are_left_out(open_http: Opener, serve: Server) -> None:
    server = serve({INDEX_PATH: [as_json({})]})
    open_http(mirror=server.url).fetch(INDEX, validators=Validators('"é\n"', "yesterday\r\nHost: x"))
    assert not {"if-none-match", "if-modified-since", "x"} & server.requests[0].headers.keys()


@pytest.mark.parametrize(
    ("contact", "agent"),
    [
        ("https://example.org/about", f"nascar-warehouse/{__version__} (+https://example.org/about)"),
        (None, f"nascar-warehouse/{__version__} (contact not set)"),
        (" ", f"nascar-warehouse/{__version__} (contact not set)"),
    ],
)
def test_requests_name_the_program_and_the_contact(
    open_http: Opener, serve: Server, contact: str | None, agent: str
) -> None:
    server = serve({INDEX_PATH: [as_json({})]})
    open_http(mirror=server.url, contact=contact).fetch(INDEX)
    assert agent == server.requests[0].headers["user-agent"]


@pytest.mark.parametrize("contact", ["José", "me\r\nX-Other: 1"])
def test_a_contact_that_a_header_cannot_carry_is_refused(contact: str) -> None:
    with pytest.raises(UsageError, match="contact"):
        HttpFetcher(contact=contact)


def test_connections_are_reused(open_http: Opener, serve: Server) -> None:
    server = serve({INDEX_PATH: [as_json({}), canned(status=304), as_json({})]})
    fetcher = open_http(mirror=server.url)
    for _ in range(3):
        fetcher.fetch(INDEX, validators=Validators('"v1"'))
    assert 1 == len({request.client for request in server.requests})


# --- missing, changed


@pytest.mark.parametrize(("status", "answer"), [(403, Answer.REFUSED), (404, Answer.MISSING), (410, Answer.MISSING)])
def test_a_document_that_is_not_given_is_an_answer_and_is_requested_once(
    open_http: Opener, status: int, answer: Answer
) -> None:
    handler, asked = in_turn(httpx.Response(status, text="<html>"))
    response = open_http(handler, mirror="http://m.test").fetch(INDEX)
    assert (status, b"", answer, 1) == (response.status, response.body, response.answer, len(asked))


@pytest.mark.parametrize("status", [204, 300, 304, 400, 401, 405, 451])
def test_an_unexpected_status_is_a_change_of_the_source(open_http: Opener, status: int) -> None:
    handler, asked = in_turn(httpx.Response(status))
    with pytest.raises(SourceChanged, match=f"{re.escape(INDEX)}.*unexpected HTTP status {status}"):
        open_http(handler, mirror="http://m.test").fetch(INDEX)
    assert 1 == len(asked)


# --- failures that may be over soon


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


# --- redirects


def test_a_redirect_within_the_host_is_followed(open_http: Opener, serve: Server) -> None:
    server = serve({INDEX_PATH: [redirect_to("/elsewhere.json", 301)], "/elsewhere.json": [as_json({"a": 1})]})
    response = open_http(mirror=server.url).fetch(INDEX, validators=Validators('"v1"'))
    assert (INDEX, b'{"a": 1}') == (response.url, response.body)
    assert '"v1"' == server.requests[1].headers["if-none-match"]


def test_a_redirect_to_another_host_is_a_change_of_the_source(open_http: Opener, serve: Server) -> None:
    other = serve({})
    server = serve({INDEX_PATH: [redirect_to(f"{other.url}/moved.json")]})
    with pytest.raises(SourceChanged, match=f"{re.escape(INDEX)}.* redirects elsewhere: {other.url}/moved.json"):
        open_http(mirror=server.url).fetch(INDEX)
    assert [] == other.requests


def test_a_redirect_to_plain_http_is_a_change_of_the_source(open_http: Opener, turns: list[float]) -> None:
    handler, _ = in_turn(httpx.Response(404), httpx.Response(302, headers={"Location": INDEX.replace("https", "http")}))
    with pytest.raises(SourceChanged, match="redirects elsewhere"):
        open_http(handler).fetch(INDEX)
    assert turns


def test_a_redirect_in_a_circle_ends(open_http: Opener, serve: Server) -> None:
    server = serve({INDEX_PATH: [redirect_to(INDEX_PATH)]})
    with pytest.raises(SourceUnavailable, match="redirects more than 3 times"):
        open_http(mirror=server.url).fetch(INDEX)
    assert 4 == len(server.requests)


# --- bodies


def test_gzip_is_requested_and_decompressed(open_http: Opener, serve: Server) -> None:
    server = serve({INDEX_PATH: [gzipped(b'{"a": 1}')]})
    assert b'{"a": 1}' == open_http(mirror=server.url).fetch(INDEX).body
    assert "gzip" == server.requests[0].headers["accept-encoding"]


def test_gzip_may_have_several_members_or_be_empty(open_http: Opener) -> None:
    headers = {"Content-Encoding": "gzip"}
    bodies = [gzip.compress(b"[1") + gzip.compress(b", 2]"), gzip.compress(b""), b""]

    def answer(_: httpx.Request) -> httpx.Response:
        return httpx.Response(200, headers=headers, stream=httpx.ByteStream(bodies.pop(0)))

    fetcher = open_http(answer, mirror="http://m.test")
    assert [b"[1, 2]", b"", b""] == [fetcher.fetch(INDEX).body for _ in range(3)]


def test_a_gzip_bomb_is_refused_without_taking_its_size(open_http: Opener, serve: Server) -> None:
    server = serve({INDEX_PATH: [gzip_bomb(megabytes=100)]})
    fetcher = open_http(mirror=server.url, body_limit_bytes=2_000_000)
    tracemalloc.start()
    try:
        with pytest.raises(SourceChanged, match=f"{re.escape(INDEX)} is larger than 2,000,000 bytes"):
            fetcher.fetch(INDEX)
        _, peak_bytes = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak_bytes < 8_000_000
    assert 1 == len(server.requests)


@pytest.mark.parametrize(("size", "is_accepted"), [(1000, True), (1001, False)])
def test_the_limit_is_the_largest_body_accepted(open_http: Opener, size: int, is_accepted: bool) -> None:
    handler, _ = in_turn(httpx.Response(200, content=bytes(size)))
    fetcher = open_http(handler, mirror="http://m.test", body_limit_bytes=1000)
    if is_accepted:
        assert size == len(fetcher.fetch(INDEX).body)
    else:
        with pytest.raises(SourceChanged, match="larger than 1,000 bytes"):
            fetcher.fetch(INDEX)


@pytest.mark.parametrize(
    "broken",
    [
        as_json({"races": list(range(1000))}, cut_after=50),
        as_json({"a": 1}, declared_bytes=5000),
        canned(gzip.compress(bytes(1000))[:-12], headers={"Content-Encoding": "gzip"}),
        canned(b"not gzip at all", headers={"Content-Encoding": "gzip"}),
    ],
    ids=["cut off", "declared longer", "gzip cut off", "not gzip"],
)
def test_a_broken_body_is_fetched_again(open_http: Opener, serve: Server, broken: Any) -> None:
    server = serve({INDEX_PATH: [broken, as_json({"a": 1})], "/cf.nascar.com/bad": [broken]})
    fetcher = open_http(mirror=server.url)
    assert b'{"a": 1}' == fetcher.fetch(INDEX).body
    with pytest.raises(SourceUnavailable, match="5 attempts: "):
        fetcher.fetch("https://cf.nascar.com/bad")


def test_a_host_that_only_cuts_bodies_off_is_not_asked_again(open_http: Opener, serve: Server) -> None:
    server = serve({INDEX_PATH: [as_json({"a": 1}, cut_after=3)]})
    fetcher = open_http(mirror=server.url, attempts=1)
    for expected in ["failed after"] * 3 + ["not asked again"]:
        with pytest.raises(SourceUnavailable, match=expected):
            fetcher.fetch(INDEX)
    assert 3 == len(server.requests)


def test_an_encoding_that_was_not_asked_for_is_a_change_of_the_source(open_http: Opener, serve: Server) -> None:
    server = serve({INDEX_PATH: [canned(b"?", headers={"Content-Encoding": "br"})]})
    with pytest.raises(SourceChanged, match="encoded as br"):
        open_http(mirror=server.url).fetch(INDEX)


def test_a_body_that_arrives_too_slowly_fails(open_http: Opener, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(body, "TRANSFER_LIMIT_SECONDS", -1.0)
    handler, asked = in_turn(httpx.Response(200, json={}))
    with pytest.raises(SourceUnavailable, match="the transfer takes more than"):
        open_http(handler, mirror="http://m.test").fetch(INDEX)
    assert 5 == len(asked)


# --- manners


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


# --- addresses and settings


@pytest.mark.parametrize(
    "address",
    [
        "race_list_basic.json",
        "ftp://cf.nascar.com/a",
        "https:///etc/passwd",
        "https://../a",
        "https://cf.nascar.com/../../etc/passwd",
        "https://cf.nascar.com/%2e%2e/%2E%2E/etc/passwd",
        "https://cf.nascar.com/..%2f..%2fetc/passwd",
        "https://cf.nascar.com/..%5c..%5cetc/passwd",
        "https://cf.nascar.com/a%00b",
        "https://cf.nascar.com/a\r\nb",
        "https://cf.nascar.com:99999/a",
        "https://[::1/a",
    ],
)
def test_an_invalid_address_is_refused(open_http: Opener, folder: Path, address: str) -> None:
    fetchers: list[Fetcher] = [open_http(in_turn(httpx.Response(200))[0], mirror="http://m.test"), FolderMirror(folder)]
    for fetcher in fetchers:
        with pytest.raises(UsageError, match="address"):
            fetcher.fetch(address)


def test_an_invalid_host_is_refused(open_http: Opener) -> None:
    with pytest.raises(UsageError, match="is not an address"):
        open_http(in_turn(httpx.Response(200))[0]).fetch("https://☃.com/a")


def test_the_origin_shows_where_the_bytes_come_from_and_no_password(open_http: Opener, folder: Path) -> None:
    assert "network" == open_http().origin
    assert "http://m.test:8080/nascar" == open_http(mirror="http://me:secret@m.test:8080/nascar/").origin
    assert str(folder) == FolderMirror(f"{folder}/../mirror/").origin


def test_the_password_of_a_mirror_is_sent_and_not_shown(open_http: Opener, serve: Server) -> None:
    server = serve({INDEX_PATH: [redirect_to("/x"), canned(status=500)], "/x": [as_json({})]})
    fetcher = open_http(mirror=server.url.replace("http://", "http://me:secret@"))
    fetcher.fetch(INDEX)
    assert ["Basic bWU6c2VjcmV0"] * 2 == [request.headers["authorization"] for request in server.requests]
    with pytest.raises(SourceUnavailable) as caught:
        fetcher.fetch(INDEX)
    assert "secret" not in str(caught.value)


def test_proxy_settings_that_do_not_work_are_a_usage_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "gopher://proxy")
    with pytest.raises(UsageError, match="proxy or certificate settings"):
        HttpFetcher()


@pytest.mark.parametrize(
    "mirror", ["ftp://m.test/x", "file:///tmp", "http://m.test/?url=", "https://", "/no/such/folder"]
)
def test_an_invalid_mirror_is_refused(mirror: str) -> None:
    with pytest.raises(UsageError) as caught:
        open_fetcher(mirror)
    assert caught.value.advice


def test_the_right_fetcher_is_opened(folder: Path) -> None:
    kinds = {None: HttpFetcher, "": HttpFetcher, "HTTP://m.test": HttpFetcher, str(folder): FolderMirror}
    for mirror, kind in kinds.items():
        with closing(open_fetcher(mirror, contact="me@example.org")) as fetcher:
            assert kind is type(fetcher)


def test_a_folder_needs_no_http_client(folder: Path) -> None:
    program = (
        "import sys; from nascar_warehouse.etl.extract.mirror import open_fetcher; "
        f"open_fetcher({str(folder)!r}).fetch({INDEX!r}); print('httpx' in sys.modules)"
    )
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603 - our own
    assert "False\n" == done.stdout


# --- the folder


def test_a_folder_gives_the_file_at_host_and_path(folder: Path) -> None:
    response = FolderMirror(folder).fetch(INDEX)
    assert (INDEX, 200, b'{"series_1": []}') == (response.url, response.status, response.body)
    assert timedelta(0) == response.fetched_at.utcoffset()


def test_a_relative_folder_and_a_link_to_a_folder_work(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder.parent)
    (folder.parent / "link").symlink_to(folder)
    assert [200, 200] == [FolderMirror(name).fetch(INDEX).status for name in ["mirror", "link"]]


@pytest.mark.parametrize(
    "address",
    [
        "https://cf.nascar.com/none.json",
        "https://none.test/a",
        f"{INDEX}/x",
        f"https://cf.nascar.com/{'x' * 300}",
    ],
)
def test_an_address_without_a_file_is_missing(folder: Path, address: str) -> None:
    response = FolderMirror(folder).fetch(address)
    assert (404, b"", Answer.MISSING) == (response.status, response.body, response.answer)


@pytest.mark.parametrize("address", ["https://cf.nascar.com/cacher", "https://cf.nascar.com/"])
def test_a_folder_in_the_place_of_a_file_is_a_failure_of_the_machine(folder: Path, address: str) -> None:
    with pytest.raises(MachineFailure, match=f"there is no file for {re.escape(address)}"):
        FolderMirror(folder).fetch(address)


def test_a_pipe_in_the_folder_is_a_failure_of_the_machine_and_does_not_block(folder: Path) -> None:
    os.mkfifo(folder / "cf.nascar.com" / "pipe")
    with pytest.raises(MachineFailure, match="there is no file for"):
        FolderMirror(folder).fetch("https://cf.nascar.com/pipe")


def test_a_query_is_part_of_the_file_name(folder: Path) -> None:
    (folder / "cf.nascar.com" / "api.php?page=a%20b&path=x%2Fy").write_bytes(b"{}")
    fetcher = FolderMirror(folder)
    assert b"{}" == fetcher.fetch("https://cf.nascar.com/api.php?page=a%20b&path=x/y").body
    assert 404 == fetcher.fetch("https://cf.nascar.com/api.php?page=c").status
    assert 404 == fetcher.fetch("https://cf.nascar.com/api.php?../../../x").status


def test_an_encoded_name_is_decoded(folder: Path) -> None:
    (folder / "cf.nascar.com" / "a b.json").write_bytes(b"{}")
    assert b"{}" == FolderMirror(folder).fetch("https://cf.nascar.com/a%20b.json").body


def test_an_unchanged_file_is_not_read_again(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fetcher = FolderMirror(folder)
    first = fetcher.fetch(INDEX)
    monkeypatch.delattr(Path, "read_bytes")
    again = fetcher.fetch(INDEX, validators=Validators(first.etag, first.last_modified))
    assert (b"", Answer.UNCHANGED, first.etag) == (again.body, again.answer, again.etag)


def test_a_changed_file_is_read_again_even_when_its_size_and_time_are_the_same(folder: Path) -> None:
    fetcher, file = FolderMirror(folder), folder / INDEX_PATH[1:]
    first, times = fetcher.fetch(INDEX), file.stat()
    other = file.with_name("other")
    other.write_bytes(b'{"series_2": []}')
    os.utime(other, ns=(times.st_atime_ns, times.st_mtime_ns))
    other.replace(file)
    again = fetcher.fetch(INDEX, validators=Validators(first.etag))
    assert (200, b'{"series_2": []}') == (again.status, again.body)


def test_a_link_within_the_folder_is_followed_and_one_that_leaves_it_refused(folder: Path) -> None:
    secret = folder.parent / "secret.json"
    secret.write_bytes(b"{}")
    (folder / "cf.nascar.com" / "inside").symlink_to(folder / INDEX_PATH[1:])
    (folder / "cf.nascar.com" / "outside").symlink_to(secret)
    (folder / "away.test").symlink_to(folder.parent)
    fetcher = FolderMirror(folder)
    assert 200 == fetcher.fetch("https://cf.nascar.com/inside").status
    for address in ["https://cf.nascar.com/outside", "https://away.test/secret.json"]:
        with pytest.raises(MachineFailure, match="leads out of the mirror"):
            fetcher.fetch(address)


def test_links_in_a_circle_are_a_failure_of_the_machine(folder: Path) -> None:
    (folder / "circle").symlink_to(folder / "circle")
    with pytest.raises(MachineFailure, match="https://circle/a cannot be read"):
        FolderMirror(folder).fetch("https://circle/a")


@pytest.mark.parametrize("name", ["read_bytes", "stat"])
def test_an_unreadable_file_is_a_failure_of_the_machine(
    folder: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    fetcher = FolderMirror(folder)
    monkeypatch.setattr(Path, name, refuse)
    with pytest.raises(MachineFailure, match=f"{re.escape(INDEX)} cannot be read: .*Permission denied"):
        fetcher.fetch(INDEX)


def test_a_folder_that_disappears_does_not_make_documents_missing(folder: Path) -> None:
    fetcher = FolderMirror(folder)
    folder.rename(folder.parent / "elsewhere")
    with pytest.raises(SourceUnavailable, match="is gone"):
        fetcher.fetch(INDEX)


def test_a_file_over_the_limit_is_refused(folder: Path) -> None:
    with pytest.raises(SourceChanged, match="larger than 10 bytes"):
        FolderMirror(folder, body_limit_bytes=10).fetch(INDEX)


def test_a_file_is_not_a_mirror(folder: Path) -> None:
    with pytest.raises(UsageError, match="is not a folder"):
        FolderMirror(folder / INDEX_PATH[1:])


# --- wrong content


def response_with(body: bytes, status: int = 200) -> Response:
    return Response(INDEX, status, body, None, None, datetime.now(UTC))


@pytest.mark.parametrize(
    ("expects", "body", "problem"),
    [
        ("json", b"", "with nothing where JSON is expected"),
        ("json", b" \n", "with nothing where JSON is expected"),
        ("json", b"Service moved", "with text where a JSON object or list is expected"),
        ("csv", b"", "with nothing where CSV is expected"),
        ("parquet", b"", "with nothing where Parquet is expected"),
        ("parquet", b"version https://git-lfs", "with something that does not start like Parquet"),
        ("parquet", b"PAR1 and then the connection", "with Parquet that has no end"),
        ("parquet", b"PAR1", "with Parquet that has no end"),
    ],
)
def test_content_of_the_wrong_kind_is_refused_by_name(expects: Any, body: bytes, problem: str) -> None:
    with pytest.raises(SourceChanged, match=f"{re.escape(INDEX)} answered {problem}"):
        classify_content(response_with(body), expects)


@pytest.mark.parametrize("expects", ["json", "csv", "parquet"])
@pytest.mark.parametrize("body", [CHALLENGE_PAGE, b"\xef\xbb\xbf\r\n  <html>"])
def test_a_challenge_page_is_a_refusal(expects: str, body: bytes) -> None:
    assert Answer.REFUSED == classify_content(response_with(body), expects).answer


@pytest.mark.parametrize("body", [b"null", b" null\n", b"\xef\xbb\xbfnull"])
def test_null_is_an_empty_document(body: bytes) -> None:
    assert Answer.EMPTY == classify_content(response_with(body), "json").answer


@pytest.mark.parametrize(
    ("expects", "body"),
    [
        ("json", b'{"a": null}'),
        ("json", b"\xef\xbb\xbf [1]"),
        ("csv", b"season,race\n2024,1\n"),
        ("parquet", b"PAR1----PAR1"),
    ],
)
def test_content_of_the_right_kind_is_found(expects: Any, body: bytes) -> None:
    assert Answer.FOUND == classify_content(response_with(body), expects).answer


@pytest.mark.parametrize("status", [304, 404])
def test_responses_without_a_body_have_no_wrong_content(status: int) -> None:
    response = response_with(b"", status)
    assert response == classify_content(response, "json")


# --- the log


def test_a_retry_is_a_warning_with_the_address_and_the_cause(
    open_http: Opener, capfd: pytest.CaptureFixture[str]
) -> None:
    answer, _ = in_turn(httpx.Response(404), httpx.Response(503), httpx.Response(200, json={}))
    with run_log("json", "ingest", datetime.now(UTC)):
        open_http(answer).fetch(INDEX)
    [line] = [json.loads(line) for line in capfd.readouterr().err.splitlines()]
    found = {name: line[name] for name in ("level", "event", "url", "attempt", "cause")}
    assert {"level": "warning", "event": "retry", "url": INDEX, "attempt": 1, "cause": "HTTP 503"} == found
