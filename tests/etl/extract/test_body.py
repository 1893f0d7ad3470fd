"""Bodies of responses: compressed, too large, cut off, or too slow."""

from __future__ import annotations

import gzip
import re
import tracemalloc
from typing import Any

import httpx
import pytest

from nascar_warehouse.etl.extract import body
from nascar_warehouse.warehouse.errors import SourceChanged, SourceUnavailable
from tests.support.fetching import INDEX, INDEX_PATH, Opener, Server, in_turn
from tests.support.misbehaving import as_json, canned, gzip_bomb, gzipped


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
