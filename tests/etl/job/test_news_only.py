"""A run makes again what its news change, in a copy of the published warehouse; sometimes that is everything."""

from __future__ import annotations

import json
from pathlib import Path
from types import ModuleType

import duckdb
import pytest

from nascar_warehouse.etl.load import build
from nascar_warehouse.etl.storage.run_log import RunLog
from nascar_warehouse.warehouse.build import incremental, runner, scope
from nascar_warehouse.warehouse.build.lookups import NeedsFullBuild
from nascar_warehouse.warehouse.errors import MachineFailure
from nascar_warehouse.warehouse.storage.home import Home
from tests.conftest import ask_file
from tests.support.commands import run_on
from tests.support.compare_warehouses import compare_warehouses
from tests.support.feed import FeedFolder
from tests.support.homes import copy_home
from tests.support.inspected_season import AFTER_INSPECTION, put_inspected


@pytest.fixture
def whole_builds(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """The warehouses of which every relation was built."""
    paths: list[Path] = []

    def note(con: duckdb.DuckDBPyConnection, path: Path, progress: runner.Progress | None = None) -> None:
        paths.append(path)
        make(con, path, progress)

    make = runner.make_relations
    monkeypatch.setattr(runner, "make_relations", note)
    return paths


def correct(home: Path, feed: FeedFolder) -> str:
    """Ingest the correction of the only race of the feed, and return the log."""
    put_inspected(feed, AFTER_INSPECTION, "0.100")
    left = run_on(home, "ingest", "nascar_feed", "--mirror", feed)
    assert 0 == left.code, left.err
    return left.err


def test_a_correction_changes_only_what_follows_from_it(
    home: Path, one_race: FeedFolder, whole_builds: list[Path], tmp_path: Path
) -> None:
    correct(home, one_race)
    assert [] == whole_builds
    assert [("Bob Second",)] == ask_file(
        home / "nascar.duckdb",
        "SELECT driver_name_as_listed FROM core.results WHERE finish_position = 1 AND source_id = 'nascar_feed'",
    )
    rebuilt = copy_home(home, tmp_path / "rebuilt")
    run_on(rebuilt, "rebuild")
    assert [] == compare_warehouses(Home(home).published, Home(rebuilt).published)


def test_the_published_warehouse_is_never_written(home: Path, one_race: FeedFolder) -> None:
    before = (home / "nascar.duckdb").read_bytes()
    correct(home, one_race)
    [snapshot] = (home / "snapshots").iterdir()
    assert before == snapshot.read_bytes()


@pytest.mark.parametrize(("module", "limit"), [(scope, "FEW_RACES"), (build, "FEW_DOCUMENTS")])
def test_with_too_many_news_every_relation_is_built(
    home: Path,
    one_race: FeedFolder,
    whole_builds: list[Path],
    monkeypatch: pytest.MonkeyPatch,
    module: ModuleType,
    limit: str,
) -> None:
    monkeypatch.setattr(module, limit, 0)
    monkeypatch.setattr(module, "MOST_RACES" if module is scope else "MOST_NEWS", 0)
    log = correct(home, one_race)
    assert 1 == len(whole_builds)
    assert ("building every relation: too many races are affected" in log) == (module is scope)


def test_an_update_that_fails_leaves_it_to_a_build_of_everything(
    home: Path, one_race: FeedFolder, whole_builds: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(incremental, "_FRESH", "CREATE TEMP TABLE {fresh} AS SELECT nothing FROM ({query})")
    log = correct(home, one_race)
    assert 1 == len(whole_builds)
    assert "building every relation: the update failed: Binder Error" in log


def test_a_disk_without_room_for_the_copy_is_exit_8(
    home: Path, one_race: FeedFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    def find_no_room(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("nascar_warehouse.warehouse.storage.home.shutil.copyfile", find_no_room)
    put_inspected(one_race, AFTER_INSPECTION, "0.100")
    left = run_on(home, "ingest", "nascar_feed", "--mirror", one_race)
    assert 8 == left.code
    assert "the disk is full" in left.err


class Failing(incremental.Update):
    """An update that fails at its first relation."""

    def __init__(self, error: Exception) -> None:
        self._path, self._scripts, self._error = Path("next.duckdb"), {}, error

    def _update_relations(self, progress: runner.Progress | None) -> None:  # noqa: ARG002  # as it is called
        raise self._error


@pytest.mark.parametrize("error", [duckdb.InternalException, duckdb.OutOfMemoryException, duckdb.BinderException])
def test_whatever_fails_in_an_update_but_the_disk_is_left_to_a_build_of_everything(error: type[Exception]) -> None:
    with pytest.raises(NeedsFullBuild, match="it does not work"):
        Failing(error("it does not work")).run()


def test_a_full_disk_in_an_update_is_no_reason_to_write_more() -> None:
    with pytest.raises(MachineFailure, match="the disk is full"):
        Failing(duckdb.IOException("No space left on device")).run()


def test_a_check_finds_what_news_break_and_forgets_what_they_mend(home: Path, one_race: FeedFolder) -> None:
    def failing_rows() -> list[tuple[object, ...]]:
        query = "SELECT failing_rows FROM ops.check_results WHERE check_name = 'position_is_unique'"
        return ask_file(home / "nascar.duckdb", query)

    correct(home, one_race)
    assert [(0,)] == failing_rows()
    shared = [{**row, "finishing_position": min(row["finishing_position"], 2)} for row in AFTER_INSPECTION]
    put_inspected(one_race, shared, "0.100")
    run_on(home, "ingest", "nascar_feed", "--mirror", one_race)
    assert [(1,)] == failing_rows()
    correct(home, one_race)
    assert [(0,)] == failing_rows()


@pytest.mark.parametrize("fact", ["{", "[1]", "null", '{"broken": 5}', '{"broken": {"row_has_a_document": 5}}'])
def test_after_what_is_published_is_forgotten_everything_is_built(
    home: Path, one_race: FeedFolder, whole_builds: list[Path], fact: str
) -> None:
    with RunLog(Home(home).run_log) as run_log:
        run_log.remember("published", fact)
    correct(home, one_race)
    assert 1 == len(whole_builds)


def test_without_the_rows_that_a_check_found_it_is_asked_again(
    home: Path, one_race: FeedFolder, whole_builds: list[Path]
) -> None:
    with RunLog(Home(home).run_log) as run_log:
        state = json.loads(run_log.fact("published") or "")
        run_log.remember("published", json.dumps({**state, "broken": {"entry_is_unique": [{"no": "key"}]}}))
    correct(home, one_race)
    assert [] == whole_builds
    with RunLog(Home(home).run_log) as run_log:
        assert [] == json.loads(run_log.fact("published") or "")["broken"]["entry_is_unique"]
