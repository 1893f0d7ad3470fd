"""Fetching over HTTP: a document that arrives, is missing, has changed or redirects."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from nascar_warehouse import __version__
from nascar_warehouse.etl.documents import Answer, Validators
from nascar_warehouse.etl.extract.fetch import HttpFetcher
from nascar_warehouse.etl.monitoring.log import run_log
from nascar_warehouse.warehouse.errors import SourceChanged, SourceUnavailable, UsageError
from tests.support.fetching import INDEX, INDEX_PATH, Opener, Server, in_turn
from tests.support.misbehaving import Request, as_json, canned, redirect_to

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


@pytest.mark.parametrize(
    ("status", "answer"),
    [
        (401, Answer.REFUSED),
        (403, Answer.REFUSED),
        (404, Answer.MISSING),
        (410, Answer.MISSING),
        (451, Answer.REFUSED),
    ],
)
def test_a_document_that_is_not_given_is_an_answer_and_is_requested_once(
    open_http: Opener, status: int, answer: Answer
) -> None:
    handler, asked = in_turn(httpx.Response(status, text="<html>"))
    response = open_http(handler, mirror="http://m.test").fetch(INDEX)
    assert (status, b"", answer, 1) == (response.status, response.body, response.answer, len(asked))


@pytest.mark.parametrize("status", [204, 300, 304, 400, 405])
def test_an_unexpected_status_is_a_change_of_the_source(open_http: Opener, status: int) -> None:
    handler, asked = in_turn(httpx.Response(status))
    with pytest.raises(SourceChanged, match=f"{re.escape(INDEX)}.*unexpected HTTP status {status}"):
        open_http(handler, mirror="http://m.test").fetch(INDEX)
    assert 1 == len(asked)


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
