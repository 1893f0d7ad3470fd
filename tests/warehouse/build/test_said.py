"""What a source says of a race: from which raw rows it comes, and which races are compared when these change."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest

from nascar_warehouse.warehouse.build.conformed import with_members
from nascar_warehouse.warehouse.build.declared import Declared
from nascar_warehouse.warehouse.build.grain import Grain
from nascar_warehouse.warehouse.build.said import Said
from nascar_warehouse.warehouse.build.scope import Scope, replace_relations
from nascar_warehouse.warehouse.build.script_files import parse_script
from nascar_warehouse.warehouse.build.scripts import Script, read_scripts
from tests.support.commands import run_on
from tests.support.feed import FeedFolder
from tests.support.feed_details import SHOWN, STOPS, lap_times, loops, loops_of

SCRIPTS = {script.relation: script for script in read_scripts() if script.schema not in {"raw", "checks"}}
NOT_CAPTURED = {f"staging.nascar_feed__{name}" for name in ("flags", "laps", "loop_statistics", "pit_stops")}
BY_RACES = [script for script in SCRIPTS.values() if script.declared.races_by]

MEMBER = Script(
    "staging",
    "feed__laps",
    "",
    "",
    frozenset({"raw.laps"}),
    (),
    "view",
    Grain(()),
    declared=Declared((), None, "race_id"),
)
TABLE = """-- Grain: source_id, race_key, lap
-- Incremental: source_id, race_key
CREATE OR REPLACE TABLE staging.source_laps AS
SELECT NULL::VARCHAR AS source_id, NULL::VARCHAR AS race_key, NULL::INTEGER AS lap
WHERE FALSE;
COMMENT ON TABLE staging.source_laps IS 'Laps';
"""


class News:
    """Raw tables of which one is about to change, and the races of its rows; None for a table without the column."""

    changing = frozenset({"raw.laps"})

    def __init__(self, *races: str | None) -> None:
        self._races = None if None in races else frozenset(filter(None, races))

    def changing_values(self, table: str, column: str) -> frozenset[str] | None:
        assert ("raw.laps", "race_id") == (table, column)
        return self._races


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as con:
        con.execute("CREATE SCHEMA raw; CREATE SCHEMA staging")
        con.execute("CREATE TABLE raw.laps AS FROM (VALUES (5, 1), (5, 2), (6, 1)) AS laps (race_id, lap)")
        con.execute("CREATE VIEW staging.feed__laps AS SELECT race_id::VARCHAR AS race_key, lap FROM raw.laps")
        yield con


def said(con: duckdb.DuckDBPyConnection, news: News) -> Said:
    """What the one member says."""
    of_all = Script("staging", "source_laps", "", "", frozenset(), (), "view", Grain(()), frozenset({MEMBER.relation}))
    scripts = {script.relation: script for script in (MEMBER, of_all)}
    return Said(con, scripts, {MEMBER.relation: ["race_key", "lap"], of_all.relation: ["race_key"]}, news)


@pytest.mark.parametrize("news", [News("5"), News("5", "6"), News(None)], ids=["race", "races", "unknown"])
def test_a_race_of_which_a_source_says_something_else_is_affected(con: duckdb.DuckDBPyConnection, news: News) -> None:
    before = said(con, news)
    con.execute("UPDATE raw.laps SET lap = 3 WHERE race_id = 5 AND lap = 2")
    assert {"staging.feed__laps": Scope(keys={"5"}, sources={"feed"})} == before.affected()


def test_only_the_races_of_the_rows_that_change_are_compared(con: duckdb.DuckDBPyConnection) -> None:
    before = said(con, News("6"))
    con.execute("UPDATE raw.laps SET lap = 3 WHERE race_id = 5 AND lap = 2")
    assert set() == before.affected()["staging.feed__laps"].keys


def test_a_race_that_is_new_or_gone_is_affected(con: duckdb.DuckDBPyConnection) -> None:
    before = said(con, News("6", "7"))
    con.execute("UPDATE raw.laps SET race_id = 7 WHERE race_id = 6")
    assert {"6", "7"} == before.affected()["staging.feed__laps"].keys


def test_a_table_of_all_sources_stands_for_what_they_said_and_gets_the_rows_that_are_compared(
    con: duckdb.DuckDBPyConnection,
) -> None:
    of_all = replace(parse_script("staging", "source_laps", TABLE), members=frozenset({MEMBER.relation}))
    con.execute(with_members(of_all, of_all.statements[0]))
    columns = {MEMBER.relation: ["race_key", "lap"], of_all.relation: ["source_id", "race_key", "lap"]}
    before = Said(con, {s.relation: s for s in (MEMBER, of_all)}, columns, News("5"))
    con.execute("UPDATE raw.laps SET lap = 3 WHERE lap = 2")
    assert {MEMBER.relation: Scope(keys={"5"}, sources={"feed"})} == before.affected()
    rows = con.execute(f"FROM {before.conformed[MEMBER.relation]} ORDER BY lap").fetchall()
    assert [("feed", "5", 1), ("feed", "5", 3)] == rows


@pytest.fixture(scope="module")
def two_races(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A warehouse in which two races have the same rows in every raw table of the feed."""
    folder = tmp_path_factory.mktemp("two-races")
    feed = FeedFolder(folder / "mirror")
    feed.put_one_race(television_broadcaster="FS1")
    times = lap_times()
    times["laps"][0]["Number"] = "11"  # as in the results
    feed.put("2024/1/9001/lap-times.json", times)
    feed.put("2024/1/9001/live-pit-data.json", STOPS)
    feed.put("live/series_1/9001/live-flag-data.json", SHOWN)
    feed.put("../loopstats/prod/2024/1/9001.json", loops(loops_of(1, 148.45), loops_of(2, 118)))
    arguments = ("ingest", "nascar_feed", "--mirror", feed, "--with", "laps,pits,flags,loops")
    assert 0 == run_on(folder / "home", *arguments).code
    copy = folder / "two.duckdb"
    copy.write_bytes((folder / "home" / "nascar.duckdb").read_bytes())
    with duckdb.connect(str(copy)) as con:
        tables = con.execute(
            "SELECT table_name FROM duckdb_columns() WHERE table_name LIKE 'nascar_feed%'"
            " AND schema_name = 'raw' AND column_name = 'race_id'"
        ).fetchall()
        for (name,) in tables:
            con.execute(f"INSERT INTO raw.{name} SELECT * REPLACE (race_id + 1 AS race_id) FROM raw.{name}")
    return copy


@pytest.mark.parametrize("member", BY_RACES, ids=lambda script: script.relation)
def test_what_is_said_of_a_race_comes_from_the_raw_rows_of_that_race(member: Script, two_races: Path) -> None:
    assert 2 == count_races_by_themselves(two_races, member)


@pytest.mark.parametrize("member", BY_RACES, ids=lambda script: script.relation)
def test_so_it_does_in_the_captured_seasons(member: Script, captured: Path) -> None:
    expected = 0 if member.relation in NOT_CAPTURED else 20
    assert expected == count_races_by_themselves(captured / "nascar.duckdb", member)


def count_races_by_themselves(warehouse: Path, member: Script) -> int:
    """Of how many races, at most twenty, something is said; each has the same rows when the raw tables have only its own."""
    with duckdb.connect(str(warehouse), read_only=True) as con:
        races = con.execute(
            f"SELECT DISTINCT race_key FROM {member.relation} ORDER BY hash(race_key) LIMIT 20"
        ).fetchall()
        for (race,) in races:
            marks = "SELECT count(*), sum(hash(marked)::HUGEINT) FROM ({}) AS marked WHERE race_key = '{}'"
            of_all = con.execute(marks.format(f"FROM {member.relation}", race)).fetchall()
            assert of_all == con.execute(marks.format(alone(member, race), race)).fetchall(), race
    return len(races)


def alone(script: Script, race: str) -> str:
    """The query of a relation in which every raw table has the rows of one race only."""
    instead = {}
    for read in script.reads:
        if read.startswith("raw."):
            instead[read] = f"(SELECT * FROM {read} WHERE {script.declared.races_by or 'race_id'} = {race})"
        elif read in SCRIPTS and SCRIPTS[read].kind == "view":
            instead[read] = f"({alone(SCRIPTS[read], race)})"
    return replace_relations(script.query, instead)
