"""Content of the wrong kind is refused, and null and challenge pages are known."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

import pytest

from nascar_warehouse.etl.documents import Answer, Response
from nascar_warehouse.etl.extract.content import classify_content
from nascar_warehouse.warehouse.errors import SourceChanged
from tests.support.fetching import INDEX
from tests.support.misbehaving import CHALLENGE_PAGE


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
