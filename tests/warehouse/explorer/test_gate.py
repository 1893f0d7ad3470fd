"""What the explorer refuses, what every response has, and what the access log says."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from nascar_warehouse.warehouse.errors import UsageError
from nascar_warehouse.warehouse.explorer.clients import Clients
from nascar_warehouse.warehouse.explorer.settings import ServerSettings
from tests.warehouse.explorer.conftest import Visit, visit_home

TOKEN = "a-token-of-a-test-0123"  # noqa: S105  # of this test only


@pytest.mark.parametrize("address", ["0.0.0.0", "::", "192.168.1.7", "nascar.example.org"])  # noqa: S104  # what is refused
def test_another_address_than_loopback_needs_a_token(address: str) -> None:
    with pytest.raises(UsageError, match="not a loopback address"):
        ServerSettings(address=address)
    assert address in ServerSettings(address=address, token=TOKEN).allowed_hosts


def test_a_short_token_is_refused() -> None:
    with pytest.raises(UsageError, match="shorter than 16"):
        ServerSettings(token=TOKEN[:15])


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example:8321", "", "[::2]"])
def test_a_host_name_that_is_not_served_is_refused(visit: Visit, host: str) -> None:
    assert 421 == visit("/", headers={"host": host}).status_code


@pytest.mark.parametrize("host", ["localhost:8321", "LOCALHOST", "[::1]:8321", "127.0.0.1"])
def test_loopback_names_are_served(visit: Visit, host: str) -> None:
    assert 200 == visit("/status", headers={"host": host}).status_code


@pytest.mark.parametrize(
    ("method", "path", "headers", "status"),
    [
        ("POST", "/", {}, 405),
        ("DELETE", "/", {}, 405),
        ("GET", "/", {"content-length": "5"}, 413),
        ("GET", f"/?driver={'x' * 9000}", {}, 414),
        ("GET", f"/?driver={'x' * 900}", {}, 400),
        ("GET", "/", {"sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors"}, 403),
        ("GET", "/", {"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate"}, 200),
        ("HEAD", "/", {}, 200),
        ("GET", "/nothing", {}, 404),
        ("GET", "/static/../app.py", {}, 404),
        ("GET", "/static/..%2Fapp.py", {}, 404),
    ],
)
def test_requests_are_bounded(visit: Visit, method: str, path: str, headers: dict[str, str], status: int) -> None:
    assert status == visit(path, method=method, headers=headers).status_code


@pytest.mark.parametrize("path", ["/", "/status", "/nothing", "/?from=x", "/static/explorer.css"])
def test_every_response_is_confined_to_its_own_site(visit: Visit, path: str) -> None:
    headers = visit(path).headers
    assert headers["content-security-policy"].startswith("default-src 'none'; style-src 'self'; script-src 'self'")
    assert "unsafe" not in headers["content-security-policy"]
    assert "no-referrer" == headers["referrer-policy"]
    assert "same-origin" == headers["cross-origin-resource-policy"]
    assert "access-control-allow-origin" not in headers


def test_no_page_has_inline_script_or_style(visit: Visit) -> None:
    for path in ("/", "/status", "/nothing"):
        text = visit(path).text
        assert "style=" not in text
        assert "<style" not in text
        assert " onclick" not in text
        assert "<script>" not in text


def test_a_token_is_asked_for_and_kept_as_a_cookie(home_of_almanac: Path) -> None:
    visit, log = visit_home(home_of_almanac, ServerSettings(token=TOKEN))
    assert 401 == visit("/").status_code
    assert 401 == visit("/", headers={"authorization": f"Bearer {TOKEN}x"}).status_code
    assert 200 == visit("/", headers={"authorization": f"Bearer {TOKEN}"}).status_code
    opened = visit(f"http://127.0.0.1:8321//evil.example/?track=kansas&token={TOKEN}")
    assert (303, "/evil.example/?track=kansas") == (opened.status_code, opened.headers["location"])
    cookie = opened.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert TOKEN not in cookie
    assert 200 == visit("/", headers={"cookie": cookie.split(";")[0]}).status_code
    assert not [line for line in log if TOKEN in line]


def test_a_client_that_asks_too_much_has_to_wait(home_of_almanac: Path) -> None:
    settings = ServerSettings(requests_per_second=0.01, requests_in_burst=2)
    visit, _ = visit_home(home_of_almanac, settings)
    answers = [visit("/static/icon.svg") for _ in range(3)]
    assert [200, 200, 429] == [answer.status_code for answer in answers]
    assert 90 <= int(answers[2].headers["retry-after"]) <= 101


def test_a_client_may_ask_again_after_a_while() -> None:
    now = [0.0]
    clients = Clients(per_second=1, burst=2, at_once=2, clock=lambda: now[0])
    assert [0, 0, 1.0] == [clients.enter("a") for _ in range(3)]
    assert 0 == clients.enter("b")
    clients.leave("a")
    assert 1.0 == clients.enter("a")
    now[0] = 1.0
    assert 0 == clients.enter("a")


def test_the_access_log_is_json(home_of_almanac: Path) -> None:
    visit, log = visit_home(home_of_almanac)
    visit("/nothing?driver=Su%C3%A1rez")
    [entry] = map(json.loads, log)
    assert ("GET", "/nothing", 404, "127.0.0.1") == tuple(entry[key] for key in ("method", "path", "status", "client"))
    assert entry["bytes"] > 0


def test_an_unexpected_error_is_in_the_log_and_not_in_the_response(
    home_of_almanac: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    visit, log = visit_home(home_of_almanac)

    def fail(*_: object) -> None:
        raise ValueError("a secret of the program")

    monkeypatch.setattr("nascar_warehouse.warehouse.explorer.closest_page.rank_ids_on", fail)
    answer = visit("/")
    assert 500 == answer.status_code
    assert "Something went wrong here" in answer.text
    assert "a secret" not in answer.text
    assert "a secret of the program" in json.loads(log[0])["error"]


def test_a_request_that_takes_too_long_ends_and_its_statement_too(
    home_of_almanac: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    visit, _ = visit_home(home_of_almanac, ServerSettings(seconds_per_request=0.2))
    endless = "SELECT count(*) FROM range(100000000000) AS a (a), range(1000) AS b (b) WHERE (a * b) % 3 = 1"
    monkeypatch.setattr("nascar_warehouse.warehouse.explorer.closest_page._TRACKS", endless + " AND $series = 'cup'")
    answer = visit("/")
    assert (503, "5") == (answer.status_code, answer.headers["retry-after"])
