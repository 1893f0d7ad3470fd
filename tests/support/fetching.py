"""A network made of answers in turn, and the document that tests of fetching ask for."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import httpx

from nascar_warehouse.etl.extract.fetch import HttpFetcher
from tests.support.misbehaving import MisbehavingServer, Route

INDEX = "https://cf.nascar.com/cacher/2024/race_list_basic.json"
INDEX_PATH = "/cf.nascar.com/cacher/2024/race_list_basic.json"

Handler = Callable[[httpx.Request], httpx.Response]
Opener = Callable[..., HttpFetcher]
Server = Callable[[Mapping[str, Route]], MisbehavingServer]


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
