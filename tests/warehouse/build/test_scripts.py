"""The files of sql/ say what they make, of what, and what it means; what breaks a rule is refused by name."""

from __future__ import annotations

import csv
import functools
import re
from collections import Counter
from collections.abc import Iterator
from operator import attrgetter
from pathlib import Path

import duckdb
import pytest
import sqlglot
from sqlglot import exp

from nascar_warehouse import sql
from nascar_warehouse.etl.catalog import SOURCES
from nascar_warehouse.warehouse.build import runner, scripts
from nascar_warehouse.warehouse.build.documentation import document_relations, shared_comments
from nascar_warehouse.warehouse.build.grain import Grain
from nascar_warehouse.warehouse.build.scripts import PUBLIC, READS, Script, parse_script, read_scripts
from nascar_warehouse.warehouse.build.seeds import seed_column, seed_files
from nascar_warehouse.warehouse.errors import InvalidSql

FOLDER = Path(sql.__file__).parent
FILES = sorted(FOLDER.glob("*/*.sql"))
SEEDS = sorted(FOLDER.glob("seeds/*.csv"))
LAYERS = {
    "raw": set[str](),
    "staging": {"raw", "seeds", "staging"},
    "core": {"staging", "seeds", "core"},
    "marts": {"core", "marts"},
}
SEED_KEYS = {
    "distinct_drivers": ("driver_id", "other_driver_id"),
    "rejected_margins": ("race_date", "race_name"),
    "driver_aliases": ("source_id", "driver_name", "first_season"),
    "acknowledged_problems": ("source_id", "document_key", "what"),
    "check_exceptions": ("check_name", "row_key"),
    "fact_precedence": ("fact", "reading", "verification"),
    "feed_race_ids": ("season", "series_id"),
    "owner_aliases": ("source_id", "owner_name"),
    "race_number_corrections": ("source_id", "series_id", "season", "listed_number"),
    "race_track_corrections": ("source_id", "race_key"),
    "make_corrections": ("race_id", "driver_id"),
    "race_events": ("event_id", "first_season"),
    "result_corrections": ("race_id", "driver_id"),
    "team_names": ("team_id", "first_season"),
    "race_date_corrections": ("source_id", "race_key"),
    "race_type_exceptions": ("series_id", "race_name_contains", "first_season"),
    "track_aliases": ("source_id", "track_key"),
}
"""Of the other seeds the first column is the key."""
REASONS = ("reason", "meaning", "credit", "track_name", "source_url")
"""What may tell why a row of a seed is there; a track needs no more reason than its name."""


def name_of(path: Path) -> str:
    return f"{path.parent.name}.{path.stem}"


def in_schema(*schemas: str) -> list[Path]:
    return [path for path in FILES if path.parent.name in schemas]


@functools.cache
def parse(path: Path) -> Script:
    return parse_script(path.parent.name, path.stem, path.read_text(encoding="utf-8"))


def is_macro(path: Path) -> bool:
    return "CREATE OR REPLACE MACRO" in path.read_text(encoding="utf-8")


@functools.cache
def parse_first(path: Path) -> exp.Expr:
    """The statement that makes the relation; a macro is nothing that sqlglot knows."""
    return sqlglot.parse_one(parse(path).statements[0], dialect="duckdb")


every_file = pytest.mark.parametrize("path", FILES, ids=name_of)
CONFORMED = [path for path in in_schema("staging") if "__" in path.stem]
UNIONS = [path for path in in_schema("staging") if path.stem.startswith("source_")]
STAGED_VIEWS = [path for path in in_schema("staging") if path not in [*CONFORMED, *UNIONS] and not is_macro(path)]


def test_all_scripts_are_read_and_each_once() -> None:
    assert sorted(map(name_of, FILES)) == sorted(script.relation for script in read_scripts())


def test_nothing_else_lies_in_the_folders() -> None:
    others = [path for path in FOLDER.glob("*/*") if path not in [*FILES, *SEEDS] and path.is_file()]
    assert [] == [path for path in others if path.parent.name != "__pycache__"]


def test_every_folder_is_a_schema() -> None:
    assert set(READS) == {path.parent.name for path in [*FILES, *SEEDS]}


def test_every_script_comes_after_what_it_reads() -> None:
    order = {script.relation: place for place, script in enumerate(read_scripts())}
    assert [] == [
        (script.relation, read)
        for script in read_scripts()
        for read in script.reads
        if not read.startswith(("seeds.", "raw.")) and order[read] >= order[script.relation]
    ]


def test_checks_come_last() -> None:
    schemas = [script.schema for script in read_scripts()]
    assert {"checks"} == set(schemas[schemas.index("checks") :])


def test_every_seed_that_is_read_is_there() -> None:
    read = {name for script in read_scripts() for name in script.reads if name.startswith("seeds.")}
    assert set() == read - {f"seeds.{name}" for name in seed_files()}


@every_file
def test_a_file_keeps_the_rules_and_is_what_its_path_says(path: Path) -> None:
    script = parse(path)
    assert (name_of(path), path.relative_to(FOLDER.parent).as_posix()) == (script.relation, script.path)


@every_file
def test_a_file_begins_with_its_grain_or_severity(path: Path) -> None:
    kind = "Severity: (fail|warn|notice)" if path.parent.name == "checks" else "Grain: .+"
    assert re.match(rf"-- {kind}\n", path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", in_schema(*LAYERS), ids=name_of)
def test_a_relation_reads_lower_layers_and_its_own(path: Path) -> None:
    assert set() == {read.split(".")[0] for read in parse(path).reads} - LAYERS[path.parent.name]


@pytest.mark.parametrize("path", [path for path in FILES if not is_macro(path)], ids=name_of)
def test_a_file_qualifies_every_relation_that_it_reads(path: Path) -> None:
    statement = parse_first(path)
    tables = [table for table in statement.find_all(exp.Table) if isinstance(table.this, exp.Identifier)]
    named = {cte.alias for cte in statement.find_all(exp.CTE)}
    assert set() == {table.name for table in tables if not table.db} - named


@pytest.mark.parametrize("path", in_schema("raw", "staging", "core", "marts", "ops"), ids=name_of)
def test_the_comments_of_a_file_are_about_its_relation(path: Path) -> None:
    about = re.findall(r"^COMMENT ON (?:COLUMN )?(?:\w+ )*?(\w+\.\w+)", path.read_text(encoding="utf-8"), re.MULTILINE)
    assert {name_of(path)} == set(about)


@pytest.mark.parametrize("path", in_schema("raw"), ids=name_of)
def test_a_raw_relation_is_a_table(path: Path) -> None:
    assert "TABLE" == parse_first(path).args["kind"]


@pytest.mark.parametrize("path", STAGED_VIEWS, ids=name_of)
def test_a_staging_relation_is_a_view_without_joins_and_filters(path: Path) -> None:
    view = parse_first(path)
    assert ("VIEW", None) == (view.args["kind"], view.find(exp.Join, exp.Where))


@pytest.mark.parametrize("path", STAGED_VIEWS, ids=name_of)
def test_a_staging_view_reads_one_raw_table(path: Path) -> None:
    assert [f"raw.{path.stem}"] == [read for read in parse(path).reads if read.startswith("raw.")]


@pytest.mark.parametrize("path", STAGED_VIEWS, ids=name_of)
def test_a_staging_view_names_every_column(path: Path) -> None:
    stars = [star for star in parse_first(path).find_all(exp.Star) if not isinstance(star.parent, exp.Count)]
    assert [] == stars


@pytest.mark.parametrize("path", CONFORMED, ids=name_of)
def test_a_conformed_view_reads_what_is_cast_and_no_raw_table(path: Path) -> None:
    assert [] == [read for read in parse(path).reads if read.startswith("raw.")]


@pytest.mark.parametrize("path", UNIONS, ids=name_of)
def test_a_conformed_relation_says_what_each_column_is(path: Path) -> None:
    commented = re.findall(r"^COMMENT ON COLUMN \w+\.\w+\.(\w+)", path.read_text(encoding="utf-8"), re.MULTILINE)
    columns = {column.alias for column in parse_first(path).find_all(exp.Alias)}
    assert (set(), set()) == (columns - {*commented, *shared_comments()}, {*commented} - columns)


def test_a_conformed_view_without_a_declaration_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(InvalidSql, match=r"sql/staging/a__things\.sql is of no kind"):
        read_folder(tmp_path, monkeypatch, {"staging.a__things": ""})


@pytest.mark.parametrize("name", [name for source in SOURCES for name in source.tables])
def test_what_a_source_sends_is_staged_under_the_same_name(name: str) -> None:
    assert FOLDER.joinpath("staging", f"{name}.sql") in FILES


@pytest.mark.parametrize("name", [name for source in SOURCES for name in source.tables])
def test_the_table_of_a_source_is_made_of_its_struct_and_has_no_file(name: str) -> None:
    assert FOLDER.joinpath("raw", f"{name}.sql") not in FILES


@pytest.fixture(scope="module")
def catalogue(home_of_almanac: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A warehouse of the facts that come with the program; for reading only."""
    with duckdb.connect(home_of_almanac / "nascar.duckdb", read_only=True) as con:
        yield con


@pytest.mark.parametrize("path", in_schema(*PUBLIC), ids=name_of)
def test_a_public_relation_is_there_and_says_what_it_is(catalogue: duckdb.DuckDBPyConnection, path: Path) -> None:
    comments = catalogue.execute(
        "SELECT comment FROM duckdb_tables() WHERE schema_name = $schema AND table_name = $name"
        " UNION ALL SELECT comment FROM duckdb_views() WHERE schema_name = $schema AND view_name = $name"
        " UNION ALL SELECT comment FROM duckdb_functions() WHERE schema_name = $schema AND function_name = $name",
        {"schema": path.parent.name, "name": path.stem},
    ).fetchall()
    assert [True] == [bool(comment) for (comment,) in comments]


@pytest.mark.parametrize("path", in_schema(*PUBLIC), ids=name_of)
def test_every_column_of_a_public_relation_says_what_it_is(catalogue: duckdb.DuckDBPyConnection, path: Path) -> None:
    silent = catalogue.execute(
        "SELECT column_name FROM duckdb_columns()"
        " WHERE schema_name = $schema AND table_name = $name AND coalesce(trim(comment), '') = ''",
        {"schema": path.parent.name, "name": path.stem},
    ).fetchall()
    assert [] == silent


@pytest.mark.parametrize(
    "script",
    [script for script in read_scripts() if script.schema in PUBLIC and script.kind != "macro"],
    ids=attrgetter("relation"),
)
def test_a_public_relation_has_the_columns_of_its_grain_and_states_it(
    catalogue: duckdb.DuckDBPyConnection, script: Script
) -> None:
    names = {column for (column, *_) in catalogue.execute(f"DESCRIBE {script.relation}").fetchall()}
    [(comment,)] = catalogue.execute(
        "SELECT comment FROM duckdb_tables() WHERE schema_name = $schema AND table_name = $name"
        " UNION ALL SELECT comment FROM duckdb_views() WHERE schema_name = $schema AND view_name = $name",
        {"schema": script.schema, "name": script.name},
    ).fetchall()
    assert (set(), f"grain: {script.grain}") == (set(script.grain.columns) - names, comment.split("; ")[-1])


def test_a_shared_comment_is_about_columns_of_several_relations(catalogue: duckdb.DuckDBPyConnection) -> None:
    relations = dict(
        catalogue.execute(
            "SELECT column_name, count(*) FROM duckdb_columns() WHERE schema_name IN ('staging', 'core', 'marts', 'ops')"
            " GROUP BY column_name"
        ).fetchall()
    )
    assert [] == [column for column in shared_comments() if relations.get(column, 0) < 2]


def test_shared_comments_are_listed_once_in_order() -> None:
    rows = seed_rows(FOLDER / "column_comments.csv")
    assert sorted(shared_comments().items()) == [(row["column_name"], row["comment"]) for row in rows]


@pytest.mark.parametrize("path", in_schema("staging", "core", "marts", "ops"), ids=name_of)
def test_a_file_does_not_repeat_a_shared_comment(path: Path) -> None:
    own = re.findall(r"^COMMENT ON COLUMN \w+\.\w+\.(\w+) IS '(.*)';$", path.read_text(encoding="utf-8"), re.MULTILINE)
    assert [] == [column for column, comment in own if shared_comments().get(column) == comment.replace("''", "'")]


def test_a_column_without_a_comment_of_its_own_has_the_shared_one(catalogue: duckdb.DuckDBPyConnection) -> None:
    comments = catalogue.execute(
        "SELECT table_name, comment FROM duckdb_columns()"
        " WHERE column_name = 'winner' AND table_name IN ('closest_finishes', 'closest_finishes_official') ORDER BY ALL"
    ).fetchall()
    assert [
        ("closest_finishes", shared_comments()["winner"]),
        ("closest_finishes_official", "The first driver of the official order"),
    ] == comments


def test_a_public_column_without_any_comment_stops_the_build() -> None:
    with duckdb.connect() as con:
        con.execute("CREATE SCHEMA core; CREATE TABLE core.mine (race_id VARCHAR, xyzzy VARCHAR)")
        con.execute("COMMENT ON TABLE core.mine IS 'Mine'")
        with pytest.raises(InvalidSql, match=r"without a comment: core\.mine\.xyzzy\n"):
            document_relations(con)


def test_a_seed_with_a_row_of_too_many_values_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = tmp_path / "mine.csv"
    wrong.write_text("race_id,reason\n" + "cup-1949-01,right\n" * 9 + "cup-1949-02,a comma, not quoted\n")
    monkeypatch.setattr(runner, "seed_files", lambda: {"mine": wrong})
    with duckdb.connect() as con, pytest.raises(InvalidSql, match=r"^sql/seeds/mine\.csv: "):
        runner.make_raw_tables(con, tmp_path / "mine.duckdb")


def test_every_public_relation_of_a_warehouse_has_a_file(catalogue: duckdb.DuckDBPyConnection) -> None:
    names = catalogue.execute(
        "SELECT schema_name || '.' || table_name FROM duckdb_tables() WHERE list_contains($schemas, schema_name)"
        " UNION SELECT schema_name || '.' || view_name FROM duckdb_views() WHERE list_contains($schemas, schema_name)",
        {"schemas": list(PUBLIC)},
    ).fetchall()
    assert set() == {name for (name,) in names} - set(map(name_of, FILES))


SOURCE_WORDS = {source.source_id for source in SOURCES} | {
    reading
    for reading in seed_column("fact_precedence", "reading")
    if reading not in {"*", "results", "gap", "laps_completed"}
}
"""The names of sources, and of the kinds of their source values; core itself derives results, gap and laps_completed."""


@pytest.mark.parametrize("path", in_schema("core", "marts", "ops"), ids=name_of)
def test_what_is_peculiar_to_a_source_is_in_its_staging_files(path: Path) -> None:
    tokens = sqlglot.tokenize(parse(path).statements[0], dialect="duckdb")
    named = {token.text for token in tokens if token.token_type == sqlglot.TokenType.STRING} & SOURCE_WORDS
    own = [read for read in parse(path).reads if re.match(rf"(staging|raw)\.({'|'.join(SOURCE_WORDS)})_", read)]
    assert (set(), []) == (named, own)


def test_the_default_of_a_fact_comes_after_every_declared_kind_of_source_value() -> None:
    ranks: dict[str, dict[str, int]] = {}
    for row in seed_rows(FOLDER / "seeds" / "fact_precedence.csv"):
        ranks.setdefault(row["fact"], {})[row["reading"]] = int(row["precedence"])
    assert [] == [fact for fact, known in ranks.items() if known.get("*", 999) < max(known.values())]


def test_a_public_relation_can_be_named_without_its_schema() -> None:
    names = Counter(path.stem for path in in_schema(*PUBLIC))
    assert [] == [name for name, times in names.items() if times > 1]


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


def read_folder(folder: Path, monkeypatch: pytest.MonkeyPatch, files: dict[str, str]) -> list[str]:
    """The relations of a folder of scripts, in their order."""
    for schema in READS:
        (folder / schema).mkdir()
    for relation, reads in files.items():
        schema, name = relation.split(".")
        text = f"-- Grain: a\nCREATE OR REPLACE VIEW {relation} AS SELECT 1 AS a{reads and f' FROM {reads}'};"
        (folder / schema / f"{name}.sql").write_text(text)
    monkeypatch.setattr(scripts, "files", lambda _: folder)
    return [script.relation for script in scripts.order_scripts()]


def test_the_order_of_files_is_that_of_their_reading(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = {"core.a": "core.c", "core.b": "", "core.c": "core.b"}
    assert ["core.b", "core.c", "core.a"] == read_folder(tmp_path, monkeypatch, files)


def test_a_file_that_reads_what_no_file_makes_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(InvalidSql, match=r"sql/core/a\.sql reads core\.b, which no file makes"):
        read_folder(tmp_path, monkeypatch, {"core.a": "core.b"})


def test_files_that_read_each_other_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(InvalidSql, match=r"core\.[ab].*core\.[ab]"):
        read_folder(tmp_path, monkeypatch, {"core.a": "core.b", "core.b": "core.a"})


def seed_rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


every_seed = pytest.mark.parametrize("path", SEEDS, ids=name_of)


@every_seed
def test_a_seed_has_rows_of_its_columns(path: Path) -> None:
    rows = seed_rows(path)
    assert [] == [row for row in rows if None in row or None in row.values()]
    assert rows != []


@every_seed
def test_a_row_of_a_seed_has_its_reason(path: Path) -> None:
    rows = seed_rows(path)
    [column, *_] = [name for name in REASONS if name in rows[0]]
    assert [] == [row for row in rows if not row[column].strip()]


@every_seed
def test_no_key_of_a_seed_is_listed_twice(path: Path) -> None:
    rows = seed_rows(path)
    columns = SEED_KEYS.get(path.stem, tuple(rows[0])[:1])
    listed = Counter(tuple(row[column] for column in columns) for row in rows)
    assert [] == [key for key, times in listed.items() if times > 1]


@every_seed
def test_an_address_in_a_seed_is_one(path: Path) -> None:
    addresses = [row["source_url"] for row in seed_rows(path) if "source_url" in row]
    assert [] == [address for address in addresses if not address.startswith("https://")]


@every_seed
def test_no_value_of_a_seed_has_blanks_around_it(path: Path) -> None:
    assert [] == [value for row in seed_rows(path) for value in row.values() if value != value.strip()]


def test_seeds_are_found_by_name_in_order() -> None:
    assert [path.stem for path in SEEDS] == list(seed_files())


@pytest.mark.parametrize(
    ("seed", "column", "value"),
    [("caution_reasons", "reason", "Debris"), ("finishing_statuses", "finishing_status", "Accident")],
)
def test_a_column_of_a_seed_has_the_values_of_its_rows(seed: str, column: str, value: str) -> None:
    assert value in seed_column(seed, column)


def test_every_track_that_an_alias_names_is_curated() -> None:
    assert set() == seed_column("track_aliases", "track_id") - seed_column("tracks", "track_id")


def test_no_two_tracks_have_one_name() -> None:
    names = [row["track_name"] for row in seed_rows(FOLDER / "seeds" / "tracks.csv")]
    assert [] == [name for name, times in Counter(names).items() if times > 1]


def test_every_driver_has_one_id_in_the_seeds_of_names() -> None:
    names = {row["driver_name"]: row["driver_id"] for row in seed_rows(FOLDER / "seeds" / "driver_names.csv")}
    aliases = {row["driver_name"]: row["driver_id"] for row in seed_rows(FOLDER / "seeds" / "driver_aliases.csv")}
    both = names.keys() & aliases.keys()
    assert {name: names[name] for name in both} == {name: aliases[name] for name in both}
