"""What a relation's file says of news: by what it is incremental, and which rows of others use its own."""

from __future__ import annotations

import pytest

from nascar_warehouse.warehouse.build.declared import BY_KEY, BY_RACE, BY_SOURCE, Declared, Pair, Reach, parse_declared
from nascar_warehouse.warehouse.build.lookups import columns_used
from nascar_warehouse.warehouse.build.scripts import Script, read_scripts
from nascar_warehouse.warehouse.errors import InvalidSql

SCRIPTS = [script for script in read_scripts() if script.schema not in {"raw", "checks"}]
BY_NAME = {script.relation: script for script in SCRIPTS}
INCREMENTAL = [script for script in SCRIPTS if script.declared.incremental]


def parse(*lines: str) -> Declared:
    return parse_declared("sql/core/mine.sql", ["-- Grain: a", *lines, "CREATE …"])


def test_a_file_that_says_nothing_is_made_in_full() -> None:
    assert Declared((), None) == parse()


def test_a_file_says_by_what_it_is_incremental() -> None:
    assert BY_RACE == parse("-- Incremental: race_id").incremental
    assert BY_KEY == parse("-- A comment.", "-- Incremental: source_id, race_key").incremental


def test_what_comes_after_the_statement_declares_nothing() -> None:
    assert Declared() == parse("CREATE OR REPLACE TABLE core.mine AS", "-- Incremental: race_id")


def test_a_file_says_which_columns_find_the_rows_that_use_its_own() -> None:
    declared = parse(
        "-- Reaches: core.results by driver_id", "-- Reaches: core.races by winner = name, season from first to last"
    )
    season = Pair("season", "unnest(generate_series(first, last))", ("first", "last"))
    assert declared.reaches == (
        Reach("core.results", (Pair("driver_id", "driver_id"),)),
        Reach("core.races", (Pair("winner", "name"), season)),
    )


def test_a_file_says_which_column_of_raw_tables_is_the_race() -> None:
    assert Declared((), None, "race_id") == parse("-- Races by: race_id")


def test_a_relation_whose_rows_never_change_reaches_nothing() -> None:
    assert () == parse("-- Reaches: none").reaches


@pytest.mark.parametrize(
    "line",
    ["-- Incremental: season", "-- Reaches: core.results", "-- Reaches: results by a", "-- Reaches: core.r by a +"],
)
def test_what_cannot_be_understood_is_refused_with_the_form(line: str) -> None:
    with pytest.raises(InvalidSql, match="sql/core/mine") as refusal:
        parse(line)
    assert "write `" in refusal.value.advice


@pytest.mark.parametrize("script", INCREMENTAL, ids=lambda script: script.relation)
def test_the_rows_of_an_incremental_table_are_known_by_what_it_is_incremental_by(script: Script) -> None:
    assert script.kind == "view" or script.declared.incremental[-1] in script.grain.columns


def test_a_relation_that_is_read_whole_says_what_it_reaches() -> None:
    """But one: a source value of a new kind, or without a precedence so far, may change what is selected of any race."""
    silent = {
        read
        for script in INCREMENTAL
        for read in script.reads
        if read in BY_NAME
        and BY_NAME[read].kind != "macro"
        and not _is_stated_by(script.declared.incremental, read)
        and BY_NAME[read].declared.reaches is None
    }
    assert {"core.fact_precedence"} == silent


def _is_stated_by(incremental: tuple[str, ...], relation: str) -> bool:
    """Whether a relation says of its rows to which race, or for a reader by source to which source, they belong."""
    has = {*BY_NAME[relation].grain.columns, *BY_NAME[relation].declared.incremental}
    return bool(has & {"race_id", "race_key", *(["source_id"] if incremental == BY_SOURCE else [])})


def test_only_the_columns_that_incremental_relations_use_make_a_change_reach_further() -> None:
    names = ["source_id", "driver_name", "driver_id", "first_season", "last_season", "uses", "document_id"]
    assert names[:5] == columns_used("core.driver_names", names, SCRIPTS)
    assert ["team_name", "team_id"] == columns_used("core.team_names", ["team_name", "team_id", "uses"], SCRIPTS)
    assert ["track_id", "track_name"] == columns_used("core.tracks", ["track_id", "track_name", "last_season"], SCRIPTS)
