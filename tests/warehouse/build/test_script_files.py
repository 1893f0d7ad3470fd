"""A file that keeps the rules is taken apart; one that breaks a rule is refused by name."""

from __future__ import annotations

from pathlib import Path

import pytest

from nascar_warehouse.warehouse.build import script_files
from nascar_warehouse.warehouse.build.grain import Grain
from nascar_warehouse.warehouse.build.script_files import parse_script
from nascar_warehouse.warehouse.build.scripts import READS
from nascar_warehouse.warehouse.errors import InvalidSql

VIEW = "-- Grain: a\nCREATE OR REPLACE VIEW core.mine AS SELECT 1 AS a FROM core.races;\n"
COMMENT = "COMMENT ON VIEW core.mine IS 'Mine';\n"


def test_a_file_that_keeps_the_rules_is_taken_apart() -> None:
    script = parse_script("core", "mine", VIEW + COMMENT)
    assert ("core.mine", "sql/core/mine.sql", Grain(("a",)), {"core.races"}, 2) == (
        script.relation,
        script.path,
        script.grain,
        set(script.reads),
        len(script.statements),
    )


def test_a_macro_that_keeps_the_rules_is_taken_apart() -> None:
    text = (
        "-- Grain: a\n"
        "CREATE OR REPLACE MACRO marts.mine(series := 'cup', least := (1)) AS TABLE\n"
        "SELECT * FROM core.races WHERE series_id = series;\n"
        "COMMENT ON MACRO TABLE marts.mine IS 'Mine';\n"
    )
    assert {"core.races"} == set(parse_script("marts", "mine", text).reads)


def test_a_relation_that_reads_a_macro_comes_after_it() -> None:
    text = "-- Grain: a\nCREATE OR REPLACE TABLE marts.mine AS SELECT * FROM marts.closest(series := 'cup');"
    assert {"marts.closest"} == set(parse_script("marts", "mine", text).reads)


def test_a_semicolon_in_a_text_or_a_comment_ends_nothing() -> None:
    text = VIEW.replace("FROM", "-- no; end\nFROM") + "COMMENT ON VIEW core.mine IS 'Mine; not yours';\n"
    assert 2 == len(parse_script("core", "mine", text).statements)


def test_a_line_of_comment_may_stand_between_statements() -> None:
    text = f"{VIEW}-- Miles, since that is what the feed has.\n{COMMENT}-- The end.\n"
    assert {"core.races"} == set(parse_script("core", "mine", text).reads)


def test_a_grain_names_its_columns_and_those_that_may_be_null() -> None:
    script = parse_script("core", "mine", VIEW.replace("Grain: a", "Grain: race_id, entry_key (may be NULL), fact"))
    assert Grain(("race_id", "entry_key", "fact"), frozenset({"entry_key"})) == script.grain


def test_a_scalar_macro_has_no_grain() -> None:
    text = "-- Grain: none (scalar macro)\nCREATE OR REPLACE MACRO core.mine(a) AS a + 1;"
    assert Grain(()) == parse_script("core", "mine", text).grain


def test_a_check_that_keeps_the_rules_is_taken_apart() -> None:
    script = parse_script("checks", "mine", "-- Severity: warn\n-- Why.\nSELECT race_id FROM core.races\n")
    assert ("warn", {"core.races"}, 1) == (script.header, set(script.reads), len(script.statements))


GRAIN = "-- Grain: a\n"
BROKEN = {
    "without a header": ("core", VIEW.removeprefix(GRAIN), "does not begin with `-- Grain"),
    "with an empty header": ("core", VIEW.replace("Grain: a", "Grain: "), "does not begin with `-- Grain"),
    "with the header of a check": ("core", VIEW.replace("Grain", "Severity"), "does not begin with `-- Grain"),
    "with the header later": ("core", f"\n{VIEW}", "does not begin with `-- Grain"),
    "empty": ("core", "", "does not begin with `-- Grain"),
    "of a header only": ("core", GRAIN, ""),
    "without OR REPLACE": ("core", VIEW.replace("OR REPLACE ", ""), "does not begin with CREATE OR REPLACE"),
    "that creates if there is none": (
        "core",
        VIEW.replace("OR REPLACE VIEW", "TABLE IF NOT EXISTS"),
        "does not begin with CREATE OR REPLACE",
    ),
    "of a macro without OR REPLACE": ("core", f"{GRAIN}CREATE MACRO core.mine(a) AS a + 1;", "CREATE OR REPLACE"),
    "whose grain is a sentence": ("core", VIEW.replace("Grain: a", "Grain: one row per race"), "is not a column"),
    "whose grain lacks a column": ("core", VIEW.replace("Grain: a", "Grain: a,"), "'' in the grain is not a column"),
    "whose grain has a column twice": ("core", VIEW.replace("Grain: a", "Grain: a, a"), "a column twice: a, a"),
    "of a view without a grain": ("core", VIEW.replace("Grain: a", "Grain: none (scalar macro)"), "the grain is 'none"),
    "of a scalar macro with a grain": (
        "core",
        f"{GRAIN}CREATE OR REPLACE MACRO core.mine(b) AS b + 1;",
        "the grain is 'a'",
    ),
    "that selects only": ("core", f"{GRAIN}SELECT 1 AS a FROM core.races;", "does not begin with CREATE OR REPLACE"),
    "that drops": ("core", f"{GRAIN}DROP TABLE core.mine;", "does not begin with CREATE OR REPLACE"),
    "of another name": ("core", VIEW.replace("core.mine", "core.yours"), "makes core.yours"),
    "of another schema": ("core", VIEW.replace("core.mine", "marts.mine"), "makes marts.mine"),
    "of no schema": ("core", VIEW.replace("core.mine", "mine"), "makes "),
    "of a macro of another name": (
        "core",
        f"{GRAIN}CREATE OR REPLACE MACRO core.yours(a) AS TABLE SELECT a;",
        "makes core.yours",
    ),
    "of two relations": ("core", VIEW + VIEW.removeprefix(GRAIN), "more than the relation and its comments"),
    "that inserts afterwards": ("core", f"{VIEW}INSERT INTO core.races VALUES (1);", "more than the relation"),
    "of raw that reads": (
        "raw",
        f"{GRAIN}CREATE OR REPLACE TABLE raw.mine AS SELECT 1 AS a FROM seeds.tracks;",
        "reads seeds.tracks",
    ),
    "of staging that reads core": (
        "staging",
        f"{GRAIN}CREATE OR REPLACE VIEW staging.mine AS SELECT 1 AS a FROM core.races;",
        "reads core.races",
    ),
    "of core that reads raw": ("core", VIEW.replace("core.races", "raw.races"), "reads raw.races"),
    "of core that reads marts": ("core", VIEW.replace("core.races", "marts.finishes"), "reads marts.finishes"),
    "of core that reads ops": ("core", VIEW.replace("core.races", "ops.loads"), "reads ops.loads"),
    "that reads upwards in a subquery": (
        "core",
        f"{GRAIN}CREATE OR REPLACE VIEW core.mine AS SELECT (SELECT max(a) FROM marts.finishes) AS a;",
        "reads marts.finishes",
    ),
    "that reads upwards in a CTE": (
        "core",
        f"{GRAIN}CREATE OR REPLACE VIEW core.mine AS WITH b AS (SELECT a FROM marts.finishes) SELECT a FROM b;",
        "reads marts.finishes",
    ),
    "that reads a macro above it": (
        "core",
        f"{GRAIN}CREATE OR REPLACE VIEW core.mine AS SELECT a FROM marts.closest(series := 'cup');",
        "reads marts.closest",
    ),
    "of a macro that reads upwards": (
        "core",
        f"{GRAIN}CREATE OR REPLACE MACRO core.mine() AS TABLE SELECT a FROM marts.finishes;",
        "reads marts.finishes",
    ),
    "of marts that reads staging": (
        "marts",
        f"{GRAIN}CREATE OR REPLACE VIEW marts.mine AS SELECT 1 AS a FROM staging.races;",
        "reads staging.races",
    ),
    "of marts that reads seeds": (
        "marts",
        f"{GRAIN}CREATE OR REPLACE VIEW marts.mine AS SELECT 1 AS a FROM seeds.tracks;",
        "reads seeds.tracks",
    ),
    "that quotes a relation": (
        "core",
        VIEW.replace("FROM core.races", 'FROM "core"."races" AS r'),
        "writes the name of core.races in another way",
    ),
    "with a space in a relation": ("core", VIEW.replace("core.races", "core . races"), "in another way"),
    "with a relation in capitals": ("core", VIEW.replace("core.races", "core.Races"), "in another way"),
    "that is no SQL": ("core", f"{GRAIN}CREATE OR REPLACE VIEW core.mine AS SELECT FROM WHERE;", ""),
    "with a text without an end": ("core", f"{GRAIN}CREATE OR REPLACE VIEW core.mine AS SELECT 'a;", ""),
    "of a check without a severity": ("checks", "SELECT 1 FROM core.races", "does not begin with `-- Severity"),
    "of a check with a grain": ("checks", f"{GRAIN}SELECT 1 FROM core.races", "does not begin with `-- Severity"),
    "of a check of another severity": ("checks", "-- Severity: bad\nSELECT 1 FROM core.races", "severity is 'bad'"),
    "of a check of two statements": ("checks", "-- Severity: fail\nSELECT 1; SELECT 2", "is not one query"),
    "of a check that makes something": (
        "checks",
        "-- Severity: fail\nCREATE OR REPLACE TABLE core.mine AS SELECT 1 AS a",
        "is not one query",
    ),
    "of a check that deletes": ("checks", "-- Severity: fail\nDELETE FROM core.races", "is not one query"),
    "of a check that can fail and names no documents": (
        "checks",
        "-- Severity: fail\nSELECT race_id AS row_key FROM core.races",
        "names no documents",
    ),
    "of a check of nothing": ("checks", "-- Severity: fail\n", ""),
    "of a check that is no SQL": ("checks", "-- Severity: fail\nSELECT FROM WHERE", ""),
}


@pytest.mark.parametrize(("schema", "text", "words"), BROKEN.values(), ids=BROKEN)
def test_a_file_is_refused_by_name(schema: str, text: str, words: str) -> None:
    with pytest.raises(InvalidSql) as refusal:
        parse_script(schema, "mine", text)
    assert f"sql/{schema}/mine.sql" in refusal.value.problem
    assert words in refusal.value.problem


def read_folder(folder: Path, monkeypatch: pytest.MonkeyPatch, files: dict[str, str], check: str = "") -> list[str]:
    """The relations of a folder of scripts, in their order."""
    for schema in READS:
        (folder / schema).mkdir()
    if check:
        (folder / "checks" / "mine.sql").write_text(check)
    for relation, reads in files.items():
        schema, name = relation.split(".")
        text = f"-- Grain: a\nCREATE OR REPLACE VIEW {relation} AS SELECT 1 AS a{reads and f' FROM {reads}'};"
        (folder / schema / f"{name}.sql").write_text(text)
    monkeypatch.setattr(script_files, "files", lambda _: folder)
    return [script.relation for script in script_files.order_scripts()]


def test_the_order_of_files_is_that_of_their_reading(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = {"core.a": "core.c", "core.b": "", "core.c": "core.b"}
    assert ["core.b", "core.c", "core.a"] == read_folder(tmp_path, monkeypatch, files)


def test_a_file_that_reads_what_no_file_makes_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(InvalidSql, match=r"sql/core/a\.sql reads core\.b, which no file makes"):
        read_folder(tmp_path, monkeypatch, {"core.a": "core.b"})


def test_files_that_read_each_other_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(InvalidSql, match=r"core\.[ab].*core\.[ab]"):
        read_folder(tmp_path, monkeypatch, {"core.a": "core.b", "core.b": "core.a"})


def test_a_conformed_view_without_a_declaration_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(InvalidSql, match=r"sql/staging/a__things\.sql is of no kind"):
        read_folder(tmp_path, monkeypatch, {"staging.a__things": ""})


@pytest.mark.parametrize("by", ["race_id", "source_id"])
def test_a_check_cannot_be_asked_about_single_races_of_what_is_read_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, by: str
) -> None:
    check = f"-- Severity: warn\n-- Incremental: {by}\nSELECT a AS row_key FROM core.a\n"
    with pytest.raises(InvalidSql, match=r"sql/checks/mine\.sql cannot be asked about single races: it reads core\.a"):
        read_folder(tmp_path, monkeypatch, {"core.a": ""}, check)
