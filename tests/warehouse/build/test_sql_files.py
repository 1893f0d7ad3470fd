"""The files of sql/ keep the rules: of their layers, their names, and what they read."""

from __future__ import annotations

import functools
import re
from collections import Counter
from pathlib import Path

import pytest
import sqlglot
from sqlglot import exp

from nascar_warehouse.etl.catalog import SOURCES
from nascar_warehouse.warehouse.build.documentation import shared_comments
from nascar_warehouse.warehouse.build.scripts import PUBLIC, READS, read_scripts
from nascar_warehouse.warehouse.build.seeds import seed_column, seed_files
from tests.support.sql_files import FILES, FOLDER, QUESTIONS, SEEDS, in_schema, is_macro, name_of, parse, seed_rows

LAYERS = {
    "raw": set[str](),
    "staging": {"raw", "seeds", "staging"},
    "core": {"staging", "seeds", "core"},
    "marts": {"core", "marts"},
}


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
    others = [path for path in FOLDER.glob("*/*") if path not in [*FILES, *QUESTIONS, *SEEDS] and path.is_file()]
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


@pytest.mark.parametrize("name", [name for source in SOURCES for name in source.tables])
def test_what_a_source_sends_is_staged_under_the_same_name(name: str) -> None:
    assert FOLDER.joinpath("staging", f"{name}.sql") in FILES


@pytest.mark.parametrize("name", [name for source in SOURCES for name in source.tables])
def test_the_table_of_a_source_is_made_of_its_struct_and_has_no_file(name: str) -> None:
    assert FOLDER.joinpath("raw", f"{name}.sql") not in FILES


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
