"""A value written into a statement comes back as it was, whatever it holds."""

from __future__ import annotations

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nascar_warehouse.warehouse.literal import literal

CON = duckdb.connect()


def read_back(value: str | int | None) -> object:
    [(read,)] = CON.execute(f"SELECT {literal(value)}").fetchall()
    return read


@settings(deadline=None)
@given(st.text(st.characters(codec="utf-8", exclude_characters="\0")))
def test_any_text_comes_back(text: str) -> None:
    assert text == read_back(text)


@pytest.mark.parametrize(
    "text",
    ["'", "''", "\\'", "' OR 1 = 1 --", "'; DROP TABLE core.races; --", "$1", "?", "\u00a0", "\ufeff", "{limit}"],
)
def test_text_that_looks_like_sql_comes_back(text: str) -> None:
    assert text == read_back(text)


@pytest.mark.parametrize("value", [None, True, False, 0, -1, 2**62])
def test_what_is_not_text_comes_back(value: int | None) -> None:
    assert value is read_back(value) or value == read_back(value)


@pytest.mark.parametrize("text", ["a\0b", "\udcff"])
def test_text_that_no_statement_can_hold_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"NUL|surrogates"):
        literal(text)
