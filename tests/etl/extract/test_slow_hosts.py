"""Hosts that want to be asked slowly, and parts of documents."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import httpx
import pytest

from nascar_warehouse.etl.documents import Answer, Response
from nascar_warehouse.etl.extract.fetch import HttpFetcher
from nascar_warehouse.etl.extract.host import Host
from nascar_warehouse.etl.extract.mirror import FolderMirror
from nascar_warehouse.etl.sources.racing_reference_archive import SOURCE
from nascar_warehouse.warehouse.errors import SourceChanged, SourceUnavailable, UsageError
from tests.support.fetching import Handler, in_turn, publisher

HOST = "data.commoncrawl.org"
PART = f"https://{HOST}/a.warc.gz#bytes=2-5"


def fetch(answer: Handler, url: str = PART) -> Response:
    fetcher = HttpFetcher(transport=httpx.MockTransport(answer), rate_per_second=1000, strict_hosts={HOST}, attempts=2)
    with closing(fetcher):
        return fetcher.fetch(url)


def parts(answer: httpx.Response) -> tuple[Handler, list[httpx.Request]]:
    """A publisher without robots.txt that answers for anything else, and the requests that it got."""
    asked: list[httpx.Request] = []

    def respond(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return httpx.Response(404) if request.url.path == "/robots.txt" else answer

    return respond, asked


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize("headers", [{}, {"Retry-After": "1"}])
def test_a_strict_host_that_wants_fewer_requests_refuses_and_is_not_asked_again(
    status: int, headers: dict[str, str]
) -> None:
    answer, asked = parts(httpx.Response(status, headers=headers))
    found = fetch(answer)
    assert (status, Answer.REFUSED, 2) == (found.status, found.answer, len(asked))


def test_a_strict_host_may_refuse_its_robots_txt_already() -> None:
    asked: list[str] = []
    found = fetch(publisher(httpx.Response(503), asked))
    assert (Answer.REFUSED, ["/robots.txt"]) == (found.answer, asked)


def test_other_hosts_are_asked_again_after_a_503() -> None:
    answer, asked = in_turn(httpx.Response(404), httpx.Response(503), httpx.Response(200, content=b"x"))
    assert b"x" == fetch(answer, "https://other.example/a").body
    assert 3 == len(asked)


def test_the_archives_are_asked_once_in_two_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    rates = SOURCE.host_rates
    assert {"index.commoncrawl.org": 0.5, "data.commoncrawl.org": 0.5, "web.archive.org": 0.5} == rates
    opened: list[tuple[str, int | None, bool]] = []

    class Noted(Host):
        def __init__(self, site: str, interval_ms: int | None, *, stops_at_refusal: bool = False) -> None:
            opened.append((site, interval_ms, stops_at_refusal))
            super().__init__(site, interval_ms, stops_at_refusal=stops_at_refusal)

    monkeypatch.setattr("nascar_warehouse.etl.extract.fetch.Host", Noted)
    fetcher = HttpFetcher(
        transport=httpx.MockTransport(lambda _: httpx.Response(404)), host_rates=rates, strict_hosts=rates
    )
    with closing(fetcher):
        fetcher.fetch("https://web.archive.org/a")
        fetcher.fetch("https://cf.nascar.com/a")
    assert [("https://web.archive.org", 2000, True), ("https://cf.nascar.com", 333, False)] == opened


# --- parts


def test_a_part_of_a_document_is_asked_for_by_its_bytes() -> None:
    answer, asked = parts(httpx.Response(206, content=b"2345"))
    found = fetch(answer)
    assert (200, b"2345", PART) == (found.status, found.body, found.url)
    assert ("bytes=2-5", "identity") == (asked[-1].headers["range"], asked[-1].headers["accept-encoding"])


def test_a_whole_document_in_place_of_a_part_is_refused_unread() -> None:
    def endless() -> object:
        raise AssertionError("the body is not read")
        yield b""

    answer, _ = parts(httpx.Response(200, content=endless()))  # type: ignore[arg-type]  # an iterator of bytes
    with pytest.raises(SourceChanged, match="HTTP 200, not the part that was asked for"):
        fetch(answer)


def test_a_part_where_the_whole_document_was_asked_for_is_refused() -> None:
    answer, _ = parts(httpx.Response(206, content=b"2345"))
    with pytest.raises(SourceChanged, match="unexpected HTTP status 206"):
        fetch(answer, f"https://{HOST}/a")


def test_a_part_of_another_length_is_asked_for_again_and_then_a_failure() -> None:
    answer, asked = parts(httpx.Response(206, content=b"23"))
    with pytest.raises(SourceUnavailable, match="2 bytes of the part instead of 4"):
        fetch(answer)
    assert 3 == len(asked)


@pytest.mark.parametrize(("url", "expected"), [(PART, b"2345"), (f"https://{HOST}/a.warc.gz#bytes=8-20", b"89")])
def test_a_folder_gives_a_part_of_a_file(tmp_path: Path, url: str, expected: bytes) -> None:
    (tmp_path / HOST).mkdir()
    (tmp_path / HOST / "a.warc.gz").write_bytes(b"0123456789")
    assert expected == FolderMirror(tmp_path).fetch(url).body


@pytest.mark.parametrize("url", ["https://a.example/../b#bytes=0-1", "ftp://a.example/b#bytes=0-1"])
def test_a_part_of_what_is_no_address_is_wrong_usage(url: str) -> None:
    with pytest.raises(UsageError):
        fetch(lambda _: httpx.Response(200), url)
