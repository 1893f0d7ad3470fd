"""Without the documents from which the published warehouse was built, a run does not replace it by what it fetches."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.conftest import Ask, Nascar
from tests.support.feed import FeedFolder
from tests.support.good_season import fingerprint

_RESULTS = "SELECT race_id, count(*) FROM core.results WHERE source_id = 'nascar_feed' GROUP BY ALL ORDER BY ALL"


@pytest.mark.parametrize("command", [("ingest", "nascar_feed"), ("build",)], ids=" ".join)
def test_without_its_documents_the_published_warehouse_stays(
    nascar: Nascar, good: FeedFolder, home: Path, command: tuple[str, ...]
) -> None:
    before = fingerprint(home)
    shutil.rmtree(home / "landing")
    left = nascar(*command, *(("--mirror", good) if "ingest" in command else ()))
    assert (8, before) == (left.code, fingerprint(home))
    assert "lacks documents from which the published warehouse was built" in left.err
    assert "next: restore the folder from a backup; `nascar rebuild` publishes what is there" in left.err


@pytest.mark.slow
def test_a_rebuild_publishes_what_is_there_and_the_next_run_fetches_again(
    nascar: Nascar, good: FeedFolder, home: Path, ask: Ask
) -> None:
    before = ask(_RESULTS)
    shutil.rmtree(home / "landing")
    assert 0 == nascar("rebuild").code
    assert [] == ask(_RESULTS)
    assert 0 == nascar("ingest", "nascar_feed", "--mirror", good).code
    assert before == ask(_RESULTS)


@pytest.mark.parametrize("name", ["journal.sqlite", "landing/documents.sqlite"])
def test_a_damaged_file_of_a_home_is_named_with_what_to_do(
    nascar: Nascar, good: FeedFolder, home: Path, name: str
) -> None:
    (home / name).write_bytes(b"something else" * 1_000)
    left = nascar("ingest", "nascar_feed", "--mirror", good)
    assert 8 == left.code
    assert f"cannot use {home / name}: it is damaged: file is not a database" in left.err
    assert "next: restore it from a backup, or move it away" in left.err
