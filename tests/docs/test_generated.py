"""The pages that are made from `sql/` are those that it makes now."""

from __future__ import annotations

import pytest

from tests.support.generated_docs import DOCS, WRITE, pages

PAGES = pages()


@pytest.mark.parametrize("name", PAGES)
def test_a_generated_page_is_up_to_date(name: str) -> None:
    assert PAGES[name] == (DOCS / name).read_text(encoding="utf-8"), f"run {WRITE}"
