"""Parses, saves and ingests made race pages."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from nascar_warehouse.etl.sources.racing_reference_pages import RacingReferencePages
from nascar_warehouse.warehouse.errors import SourceChanged
from tests.conftest import Nascar

SOURCE = RacingReferencePages()
KEY = "cup/2021/12"


def parse(text: str, key: str = KEY) -> Any:
    """The row of the race."""
    [found] = SOURCE.parse(key, text.encode()).rows["racing_reference_pages"]
    return found


def refusal(text: str | bytes) -> str:
    with pytest.raises(SourceChanged) as refused:
        SOURCE.parse(KEY, text if isinstance(text, bytes) else text.encode())
    return refused.value.problem.removeprefix("unexpected content: ")


def save(folder: Path, name: str, content: str | bytes) -> Path:
    file = folder / name
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    return file


def read(nascar: Nascar, folder: Path, *arguments: object) -> Any:
    return nascar("ingest", "racing_reference_pages", "--pages", folder, *arguments)
