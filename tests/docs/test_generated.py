"""The pages that are made from `sql/` are those that it makes now."""

from __future__ import annotations

from pathlib import Path

import pytest

from nascar_warehouse.warehouse.storage.home import Home
from tests.support.generated_docs import DOCS, WRITE, pages


@pytest.fixture(scope="module")
def made(home_of_almanac: Path) -> dict[str, str]:
    return pages(Home(home_of_almanac))


@pytest.mark.parametrize("name", ["data-dictionary.md", "questions.md"])
def test_a_generated_page_is_up_to_date(made: dict[str, str], name: str) -> None:
    assert made[name] == (DOCS / name).read_text(encoding="utf-8"), f"run {WRITE}"
