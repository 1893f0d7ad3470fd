"""Parses made pages of the list of the closest finishes."""

from __future__ import annotations

from typing import Any

import pytest

from nascar_warehouse.etl.sources.wikipedia import Wikipedia
from nascar_warehouse.warehouse.errors import SourceChanged
from tests.support import wikipedia_page as wiki

SOURCE = Wikipedia()
KEY = "closest_finishes"


def parse(text: str | None = None, **changes: Any) -> list[Any]:
    """The rows of the list on a page of this HTML."""
    return list(SOURCE.parse(KEY, wiki.article(text, **changes)).rows["wikipedia_closest_finishes"])


def parse_table(*rows: str) -> list[Any]:
    return parse(wiki.page(wiki.table(*rows)))


def one(**changes: Any) -> Any:
    [finish] = parse_table(wiki.row(**changes))
    return finish


def refusal(text: str | None = None, **changes: Any) -> str:
    with pytest.raises(SourceChanged) as refused:
        parse(text, **changes)
    return refused.value.problem


def refusal_of_row(**changes: Any) -> str:
    return refusal(wiki.page(wiki.table(wiki.DARLINGTON, wiki.row(**changes))))


LOST = [
    ("Rank", "Race", "Margin", "Winner", "Runner-up", "Track", "Date"),
    ("Rank", "Race", "Margin", "Winner", "Track", "Date"),
    ("Rank", "Race", "Margin", "Winner", "2nd Place", "2nd Place", "Track", "Date"),
]
