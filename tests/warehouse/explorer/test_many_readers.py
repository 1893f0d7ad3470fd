"""Many readers at once: a page is made once for all of them, and each sees one warehouse, whatever is published meanwhile."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, MutableMapping
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import httpx
import pytest

from nascar_warehouse.warehouse.explorer import closest_page
from nascar_warehouse.warehouse.explorer.api import SQL_LIMITS
from nascar_warehouse.warehouse.explorer.settings import ServerSettings
from nascar_warehouse.warehouse.read.ranking import rank_ids_on
from tests.support.asking import ENDLESS
from tests.support.homes import copy_home
from tests.support.many_readers import SERVE_EXPLORER, Findings, Reply, make_editions, read_while_publishing, serving
from tests.warehouse.explorer.conftest import start

if TYPE_CHECKING:
    from starlette.types import ASGIApp

CLIENTS = 50


def ask_at_once(folder: Path, paths: list[str]) -> list[httpx.Response]:
    """The answers to some requests that are made together."""
    app, _ = start(folder, ServerSettings(requests_at_once=len(paths)))

    async def ask() -> list[httpx.Response]:
        transport = httpx.ASGITransport(app, client=("127.0.0.1", 5000), raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8321") as client:
            return await asyncio.gather(*map(client.get, paths))

    return asyncio.run(ask())


def counted(monkeypatch: pytest.MonkeyPatch, run: Callable[..., Any]) -> list[object]:
    """The calls of the statement that ranks, which does something else."""
    calls: list[object] = []

    def count(con: object, question: object) -> object:
        calls.append(question)
        return run(con, question)

    monkeypatch.setattr(closest_page, "rank_ids_on", count)
    return calls


def test_a_page_that_many_ask_for_together_is_made_once(home_of_almanac: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    calls = counted(monkeypatch, rank_ids_on)
    answers = ask_at_once(home_of_almanac, ["/?track=kansas"] * CLIENTS)
    assert ({200}, 1) == ({answer.status_code for answer in answers}, len(calls))
    assert 1 == len({answer.content for answer in answers})


def test_an_error_reaches_all_who_wait_for_the_page(home_of_almanac: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise ValueError("a fault")

    calls = counted(monkeypatch, fail)
    assert [500] * 5 == [answer.status_code for answer in ask_at_once(home_of_almanac, ["/"] * 5)]
    assert 1 == len(calls)


def test_many_different_pages_wait_for_their_turn(home_of_almanac: Path) -> None:
    answers = ask_at_once(
        home_of_almanac, [f"/?from={1993 + number % 10}&to={2018 + number // 10}" for number in range(CLIENTS)]
    )
    assert {200} == {answer.status_code for answer in answers}


def leave(app: ASGIApp, path: str, statement: str) -> None:
    """Ask for a statement as a client that is gone half a second later; returns when the application has ended it."""
    sent = {"type": "http.request", "body": b"", "more_body": False}

    async def ask() -> None:
        messages = [sent]

        async def receive() -> dict[str, Any]:
            if messages:
                return messages.pop()
            await asyncio.sleep(0.5)
            return {"type": "http.disconnect"}

        async def send(_: MutableMapping[str, Any]) -> None:
            pass

        query = f"sql={quote(statement)}".encode()
        scope = {"type": "http", "method": "GET", "path": path, "raw_path": path.encode(), "query_string": query}
        headers = [(b"host", b"127.0.0.1")]
        await app(scope | {"headers": headers, "client": ("127.0.0.1", 5000), "server": None}, receive, send)

    asyncio.run(ask())


@pytest.mark.parametrize("path", ["/sql", "/api/v1/sql", "/api/v1/sql.csv"])
def test_the_statement_of_a_client_that_left_is_ended(home_of_almanac: Path, path: str) -> None:
    """Otherwise a few clients that come and go keep all others waiting."""
    app, _ = start(home_of_almanac)
    started = time.monotonic()
    leave(app, path, ENDLESS)
    assert time.monotonic() - started < SQL_LIMITS.seconds / 2


def test_what_is_wrong_with_an_answer_is_found() -> None:
    found = Findings()
    found.take("/api/v1/a", "", Reply(200, "1", b'"snapshot":"s1" edition-A'))
    found.take("/api/v1/a", "1", Reply(304, "1", b""))
    assert [] == found.problems
    found.take("/api/v1/a", "", Reply(200, "1", b"another body"))
    found.take("/api/v1/b", "", Reply(200, "2", b'"snapshot":"s1" edition-B'))
    found.take("/", "", Reply(200, "3", b"edition-A edition-B"))
    found.take("/", "3", Reply(304, "4", b""))
    found.take("/", "", Reply(503, "", b"not now"))
    assert ["two bodies", "snapshot s1 of two", "of two warehouses", "another ETag", "503"] == [
        next(
            what
            for what in ("two bodies", "snapshot s1 of two", "of two warehouses", "another ETag", "503")
            if what in one
        )
        for one in found.problems
    ]


@pytest.mark.slow
def test_no_answer_is_an_error_or_of_two_warehouses_while_new_ones_are_published(
    home_of_almanac: Path, tmp_path: Path
) -> None:
    """`python -m tests.benchmarks.explorer` does this for a minute, on any warehouse."""
    home = copy_home(home_of_almanac, tmp_path / "home")
    editions = make_editions(home, tmp_path)
    with serving(SERVE_EXPLORER, home) as port:
        found = asyncio.run(read_while_publishing(port, home, editions, CLIENTS, seconds=15))
    assert [] == found.problems
    assert {200, 304} >= found.statuses.keys()
    assert {"A", "B"} == set(found.snapshots.values())
    assert found.publishes >= 4
