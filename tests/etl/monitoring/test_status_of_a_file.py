"""The status of a home that has the published file alone, or one that is no warehouse."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tests.conftest import Nascar


def test_a_file_that_was_copied_alone_is_shown_as_published(nascar: Nascar, home: Path, home_of_almanac: Path) -> None:
    home.mkdir()
    shutil.copy(home_of_almanac / "nascar.duckdb", home)
    left = nascar("status", "--format", "json")
    assert [("warehouse", "published")] == [(row["what"], row["state"]) for row in json.loads(left.out)]
    assert 0 == nascar("status").code


@pytest.mark.parametrize("content", [b"", b"not a warehouse", b"0" * 4096])
def test_a_file_that_is_no_warehouse_is_unreadable_and_the_way_out_is_said(
    nascar: Nascar, home: Path, content: bytes
) -> None:
    home.mkdir()
    (home / "nascar.duckdb").write_bytes(content)
    [row] = json.loads(nascar("status", "--format", "json").out)
    assert ("unreadable", "run `nascar rollback` or `nascar rebuild`") == (row["state"], row["next"])
    for command in (["closest"], ["query", "SELECT 1"], ["describe"]):
        left = nascar(*command)
        assert 8 == left.code
        assert left.err.endswith(
            "nascar.duckdb: it is not a DuckDB file, or a damaged one\n  next: run `nascar rollback` or `nascar rebuild`\n"
        )
