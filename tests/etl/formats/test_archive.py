"""What a record of a web archive, or a saved MHTML page, gives, and what is refused."""

from __future__ import annotations

import gzip
import io
import re
import tracemalloc
import zlib
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nascar_warehouse.etl.formats.archive import Capture, digest_of, frames_of, read_capture
from nascar_warehouse.warehouse.errors import SourceChanged
from tests.support.warc_records import CAPTURED_AT, PAGE, mhtml, record

HTML = "<html><body>Suárez</body></html>"


def refusal(content: bytes, limit_bytes: int = 1_000_000) -> str:
    with pytest.raises(SourceChanged) as refused:
        read_capture(content, limit_bytes=limit_bytes)
    return refused.value.problem.removeprefix("unexpected content: ")


@pytest.mark.parametrize("is_packed", [True, False])
def test_a_record_gives_the_page_with_its_address_time_and_digest(is_packed: bool) -> None:
    found = read_capture(record(HTML, is_packed=is_packed))
    assert found == Capture(
        HTML.encode(),
        "text/html; charset=UTF-8",
        200,
        url=PAGE,
        captured_at=CAPTURED_AT,
        digest=digest_of(HTML.encode()),
    )
    assert found.is_page


@pytest.mark.parametrize(
    ("status", "content_type"),
    [("301 Moved Permanently", "text/html"), ("404 Not Found", "text/html"), ("200 OK", "application/json")],
)
def test_a_redirect_an_error_and_other_content_is_no_page(status: str, content_type: str) -> None:
    found = read_capture(record(HTML, status=status, content_type=content_type, headers={"Location": PAGE}))
    assert (int(status[:3]), False) == (found.status, found.is_page)


@pytest.mark.parametrize(
    ("coding", "packed"),
    [
        ("gzip", gzip.compress(HTML.encode(), mtime=0)),
        ("x-gzip", gzip.compress(HTML.encode(), mtime=0)),
        ("deflate", zlib.compress(HTML.encode())),
    ],
)
def test_the_encoding_of_the_transfer_is_undone_and_the_digest_is_of_what_was_sent(coding: str, packed: bytes) -> None:
    found = read_capture(record(packed, headers={"Content-Encoding": coding}))
    assert (HTML.encode(), digest_of(packed)) == (found.body, found.digest)


def test_a_page_in_chunks_is_put_together() -> None:
    sent = b"5\r\n<html\r\n1\r\n>\r\n0\r\n\r\n"
    assert b"<html>" == read_capture(record(sent, headers={"Transfer-Encoding": "chunked"})).body


def test_an_answer_of_another_protocol_is_no_page() -> None:
    without_digest = re.sub(rb"WARC-(Payload|Block)-Digest: [^\n]*\n", b"", PLAIN)
    other = without_digest.replace(b"HTTP/1.1 200 OK", b"HELO my friend!")
    assert (True, False) == (read_capture(without_digest).is_page, read_capture(other).is_page)


def test_html_is_a_capture_of_itself() -> None:
    assert Capture(HTML.encode()) == read_capture(HTML.encode())


@pytest.mark.parametrize("encoding", ["quoted-printable", "base64"])
def test_mhtml_gives_the_page_in_it(encoding: str) -> None:
    found = read_capture(mhtml(HTML, encoding=encoding))
    assert (HTML, PAGE, "text/html; charset=utf-8") == (found.body.decode().strip(), found.url, found.content_type)
    assert CAPTURED_AT == found.captured_at


# --- damaged and hostile


PLAIN = record(HTML, is_packed=False)
DAMAGED = [
    (PLAIN.replace(b"Su\xc3\xa1rez", b"Suarezz"), "a record that is not what was captured: "),
    (PLAIN[:-40], "a record that is cut off"),
    (record(HTML)[:-40], "gzip that is cut off"),
    (b"\x1f\x8b" + record(HTML)[30:], "damaged gzip"),
    (gzip.compress(b"no record", mtime=0)[:5], "gzip that is cut off"),
    (PLAIN.replace(b"Content-Length", b"Content-Width"), "a record without a length"),
    (re.sub(rb"WARC-Target-URI: [^\r]*", b"WARC-Target-URI: dns:x", PLAIN), "a record without an address"),
    (record(HTML, kind="resource", is_packed=False), "a record of type resource, which is no page"),
    (record(HTML, headers={"Content-Encoding": "br"}), "a page that is encoded as br"),
    (record(gzip.compress(HTML.encode(), mtime=0)[:-9], headers={"Content-Encoding": "gzip"}), "gzip that is cut off"),
    (b"WARC/1.0\r\nX: " + b"x" * 100_000, "a record whose header is too long"),
    (b"WARC/1.0\r\n", "a record that is cut off"),
    (mhtml(HTML).replace(b"text/html", b"text/plain"), "a saved page (MHTML) without a page in it"),
]


@pytest.mark.parametrize(("content", "what"), DAMAGED, ids=[what for _, what in DAMAGED])
def test_what_is_damaged_is_refused_with_what_is_wrong(content: bytes, what: str) -> None:
    assert refusal(content).startswith(what)


@pytest.mark.parametrize(
    "content",
    [
        gzip.compress(b"\0" * 200_000_000, mtime=0),
        record(gzip.compress(b" " * 200_000_000, mtime=0), headers={"Content-Encoding": "gzip"}),
    ],
    ids=["record", "page"],
)
def test_a_bomb_is_refused_in_little_memory(content: bytes) -> None:
    tracemalloc.start()
    assert "larger than 1,000,000 bytes" in refusal(content)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 8_000_000


def test_frames_of_a_stream_are_found_without_reading_what_is_in_them() -> None:
    records = [record(HTML, is_packed=False), record("x" * 3_000_000, is_packed=False), record(HTML, is_packed=False)]
    stream = io.BytesIO(b"".join(records))
    tracemalloc.start()
    frames = list(frames_of(stream))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert 3 == len(frames)
    assert [PAGE] * 3 == [read_capture(stream.getvalue()[frame.offset :][: frame.length]).url for frame in frames]
    assert peak < 1_000_000


@given(st.one_of(st.binary(), st.binary().map(lambda tail: PLAIN[:300] + tail), st.binary().map(gzip.compress)))
def test_any_bytes_are_a_capture_or_refused(content: bytes) -> None:
    with suppress(SourceChanged):
        assert isinstance(read_capture(content, limit_bytes=100_000).body, bytes)
