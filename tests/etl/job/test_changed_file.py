"""A published file into which another program wrote is replaced and said; a rollback never finds it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import duckdb
import pytest

from nascar_warehouse.etl.storage.published_state import describe_foreign_file, note_headers
from nascar_warehouse.etl.storage.run_log import RunLog
from nascar_warehouse.warehouse.storage.home import Home
from tests.conftest import Nascar, ask_file
from tests.support.commands import run_on
from tests.support.feed import FeedFolder

_MINE = "SELECT count(*) FROM duckdb_tables() WHERE table_name = 'mine'"


def change_file(path: Path, *, is_linked: bool = False) -> None:
    """Write into a warehouse as another program does; not into that of another test, which may be the same file."""
    if not is_linked:
        shutil.copyfile(path, path.with_suffix(".copy")).replace(path)
    path.chmod(0o644)
    with duckdb.connect(str(path)) as con:
        con.execute("CREATE TABLE mine AS SELECT 1 AS one")


def test_a_changed_file_is_replaced_and_not_kept(nascar: Nascar, home: Path, one_race: FeedFolder) -> None:
    change_file(home / "nascar.duckdb")
    left = nascar("ingest", "nascar_feed", "--mirror", one_race)
    assert 0 == left.code
    changed = f"another program had changed {home / 'nascar.duckdb'}: it is replaced, and not kept as a snapshot"
    assert f"warning: {changed}" in left.err
    assert [(0,)] == ask_file(home / "nascar.duckdb", _MINE)
    assert ["published"] == [row["state"] for row in json.loads(nascar("snapshots", "--format", "json").out)]
    assert "another program" not in nascar("build").err


@pytest.mark.slow
@pytest.mark.usefixtures("one_race")
def test_a_changed_file_that_is_a_snapshot_too_is_forgotten(nascar: Nascar, home: Path) -> None:
    for command in ("rebuild", "rebuild", "rollback"):
        assert 0 == nascar(command).code
    change_file(home / "nascar.duckdb", is_linked=True)
    left = nascar("rollback", "--to", "3")
    assert 0 == left.code
    assert "another program had changed" in left.err
    snapshots = json.loads(nascar("snapshots", "--format", "json").out)
    assert [(3, "published"), (1, "kept")] == [(row["number"], row["state"]) for row in snapshots]


@pytest.mark.usefixtures("one_race")
def test_the_file_of_a_copied_home_is_kept(home: Path, tmp_path: Path) -> None:
    copied = shutil.copytree(home, tmp_path / "copied")
    left = run_on(copied, "build")
    assert (0, False) == (left.code, "another program" in left.err)
    assert 1 == len(Home(copied).snapshot_files())


def test_a_file_is_known_when_the_next_one_was_not_published(tmp_path: Path) -> None:
    home = Home(tmp_path)
    first, second, third = (tmp_path / name for name in ("first", "second", "third"))
    for file in (first, second, third):
        file.write_text(file.name)
    with RunLog(home.run_log) as run_log:
        assert [] == describe_foreign_file(run_log, home)
        note_headers(run_log, home, first)
        first.rename(home.published)
        for file in (second, third):
            note_headers(run_log, home, file)
            assert [] == describe_foreign_file(run_log, home)
        third.rename(home.published)
        assert [] == describe_foreign_file(run_log, home)
        home.published.write_text("of another program")
        assert 1 == len(describe_foreign_file(run_log, home))
