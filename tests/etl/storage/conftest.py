"""An empty landing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from nascar_warehouse.etl.storage.landing import Landing


@pytest.fixture
def landing(tmp_path: Path) -> Iterator[Landing]:
    """An empty landing."""
    with Landing(tmp_path / "landing") as opened:
        yield opened
