"""A small warehouse and a sandbox on it, one for each module of tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from nascar_warehouse.warehouse.read.sandbox import Sandbox
from nascar_warehouse.warehouse.storage.home import Home
from tests.support.asking import publish


@pytest.fixture(scope="module")
def home_of_one(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A home whose warehouse has one table; for reading only."""
    home = Home(tmp_path_factory.mktemp("home"))
    publish(home, 1)
    return home


@pytest.fixture(scope="module")
def sandbox(home_of_one: Home) -> Iterator[Sandbox]:
    with Sandbox(home_of_one) as opened:
        yield opened
