"""What the indexes of archives list, also when they are hostile."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nascar_warehouse.etl.sources.racing_reference_captures import (
    WAYBACK,
    copy_of,
    query,
    read_copies,
    read_crawls,
    read_page_count,
)
from nascar_warehouse.warehouse.errors import SourceChanged

CRAWL = "CC-MAIN-2021-21"
LINE = {
    "urlkey": "info,racing-reference)/race/1996_test_500/w",
    "timestamp": "20210512030405",
    "url": "https://www.racing-reference.info/race/1996_Test_500/W",
    "mime": "text/html",
    "mime-detected": "text/html",
    "status": "200",
    "digest": "62EFG3JPIKD366IP4HD2WR5WNJS6FRWG",
    "length": "7000",
    "offset": "123",
    "filename": f"crawl-data/{CRAWL}/segments/162.55/warc/{CRAWL}-00001.warc.gz",
}


def listed(**changes: str) -> list[str]:
    """Where the copy of a line is, if the line is used."""
    content = json.dumps(LINE | changes).encode()
    return [copy.place for copy in read_copies(CRAWL, content)]


def test_a_line_of_common_crawl_is_a_part_of_a_file() -> None:
    [copy] = read_copies(CRAWL, json.dumps(LINE).encode())
    assert f"https://data.commoncrawl.org/{LINE['filename']}#bytes=123-7122" == copy.place
    assert ("1996_test_500/w", 1996, "cup", "2021-05-12T03:04:05Z") == (
        copy.page,
        copy.season,
        copy.series_id,
        copy.captured_at,
    )
    known = copy_of(copy.key)
    assert known is not None
    assert (copy.key, copy.page) == (known.key, known.page)


@pytest.mark.parametrize(
    "changes",
    [
        {"status": "301"},
        {"mime": "application/pdf"},
        {"url": "https://www.racing-reference.info/driver/x"},
        {"url": "https://www.racing-reference.info.evil.example/race/1996_Test_500/W"},
        {"url": "https://www.racing-reference.info/race/About_Us/W"},
        {"url": "https://www.racing-reference.info/race/1996_Test_500/W?print=1"},
        {"url": "https://www.racing-reference.info/race/1996_%2F..%2Fx/W"},
        {"url": "https://www.racing-reference.info/race/1996_%5C..%5Cx/W"},
        {"url": "https://www.racing-reference.info/race/1996_%0A/W"},
        {"url": "https://www.racing-reference.info/race/1996_\u202e/W"},
        {"filename": "../../etc/passwd"},
        {"filename": f"crawl-data/{CRAWL}/../x.warc.gz"},
        {"filename": "https://evil.example/x.warc.gz"},
        {"filename": "crawl-data/x.warc.gz?a=b"},
        {"offset": "-1"},
        {"offset": "1e9"},
        {"length": "0"},
        {"length": "99999999"},
        {"timestamp": "2021"},
        {"timestamp": "20210512030405/../../x"},
        {"digest": "sha1:x"},
        {"digest": "a/b"},
    ],
)
def test_a_line_that_is_no_usable_copy_of_a_race_page_is_left_out(changes: dict[str, str]) -> None:
    assert [] == listed(**changes)


@pytest.mark.parametrize("page", ["1996_%2F..%2Fx", "1996_%0A", "..", "1996_\n"])
def test_an_address_that_climbs_or_cannot_be_shown_is_left_out(page: str) -> None:
    row = [f"https://www.racing-reference.info/race/{page}/W", LINE["timestamp"], LINE["digest"], "200", "text/html"]
    rows = [["original", "timestamp", "digest", "statuscode", "mimetype"], row]
    assert [] == list(read_copies(WAYBACK, json.dumps(rows).encode()))


def test_a_list_of_the_wayback_machine_has_the_names_of_its_columns_first() -> None:
    rows = [["original", "timestamp", "digest", "statuscode", "mimetype", "length"]]
    rows.append([LINE["url"], LINE["timestamp"], LINE["digest"], "200", "text/html", "700"])
    [copy] = read_copies(WAYBACK, json.dumps(rows).encode())
    assert f"https://web.archive.org/web/20210512030405id_/{LINE['url']}" == copy.place
    assert [] == list(read_copies(WAYBACK, b"[]"))


def test_crawls_are_listed_the_newest_first() -> None:
    names = ["CC-MAIN-2012", "CC-MAIN-2024-10", "CC-MAIN-2009-2010", "../x", "CC-MAIN-2023-50"]
    content = json.dumps([{"id": name, "cdx-api": "https://evil.example"} for name in names]).encode()
    assert ["CC-MAIN-2024-10", "CC-MAIN-2023-50", "CC-MAIN-2012", "CC-MAIN-2009-2010"] == read_crawls(content)


@pytest.mark.parametrize(("content", "expected"), [(b"3\n", 3), (b'{"pages": 2, "pageSize": 5}', 2), (b"0", 0)])
def test_the_number_of_pages_is_a_number_or_in_an_object(content: bytes, expected: int) -> None:
    assert expected == read_page_count(content)


@pytest.mark.parametrize("content", [b"-1", b"1000000", b"true", b"many", b"<html>", b""])
def test_another_number_of_pages_is_refused(content: bytes) -> None:
    with pytest.raises(SourceChanged, match="the number of pages of an archive is of another form"):
        read_page_count(content)


def test_an_archive_is_asked_for_a_page_of_what_it_has_below_an_address() -> None:
    prefix = "racing-reference.info/race/"
    common = query(CRAWL, prefix, page=2)
    wayback = query(WAYBACK, prefix, showNumPages="true")
    assert (
        f"https://index.commoncrawl.org/{CRAWL}-index?url=racing-reference.info%2Frace%2F*&output=json&page=2" == common
    )
    assert wayback.startswith(
        "https://web.archive.org/cdx/search/cdx?url=racing-reference.info%2Frace%2F*&output=json&"
    )
    assert wayback.endswith("&showNumPages=true")


READERS: list[Callable[[bytes], Any]] = [
    read_crawls,
    read_page_count,
    lambda content: list(read_copies(CRAWL, content)),
    lambda content: list(read_copies(WAYBACK, content)),
]
JSON = st.recursive(
    st.none() | st.integers() | st.text(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)
)


@pytest.mark.parametrize("read", READERS)
@given(st.binary() | JSON.map(json.dumps).map(str.encode))
def test_any_bytes_are_a_list_or_refused(read: Callable[[bytes], Any], content: bytes) -> None:
    with suppress(SourceChanged):
        read(content)
