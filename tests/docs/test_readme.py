"""What the README shows is what there is: statements run, relations exist, command lines are read."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import Any

import duckdb
import pytest
from typer.main import get_command

from nascar_warehouse.etl import cli
from tests.conftest import Nascar, ask_file

README = (Path(__file__).resolve().parents[2] / "README.md").read_text(encoding="utf-8")

STATEMENTS = [
    statement
    for block in re.findall(r"```sql\n(.*?)```", README, re.DOTALL)
    for statement in re.split(r"(?<=;)\n", block)
    if statement.strip()
]
PROGRAMS = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
RELATIONS = sorted(
    {
        name
        for row in re.findall(r"(?m)^\| (`(?:core|marts|ops)\..*?) \|", README)
        for name in re.findall(r"`(\w+\.\w+)", row)
    }
)
COMMANDS = [
    line
    for block in re.findall(r"```sh\n(.*?)```", README, re.DOTALL)
    for line in block.splitlines()
    if line.startswith("nascar ")
]


def test_the_readme_has_statements_relations_and_commands() -> None:
    assert len(STATEMENTS) >= 3
    assert len(RELATIONS) >= 30
    assert len(COMMANDS) >= 3
    assert len(PROGRAMS) >= 2


def test_the_figures_of_the_readme_are_those_of_the_facts_that_come_with_the_program(home_of_almanac: Path) -> None:
    said = re.search(
        r"the margins of (\d+) Cup points races, of which (\d+) are ranked, (\d+) of these from before 2018", README
    )
    assert said
    known = """
        SELECT
          (
            SELECT count(*)
            FROM core.race_margins INNER JOIN core.races USING (race_id)
            WHERE basis = 'line' AND series_id = 'cup' AND race_number IS NOT NULL AND margin_kind <> 'unknown'
          ),
          count(*),
          count(*) FILTER (WHERE season < 2018)
        FROM marts.closest_finishes
    """
    assert [tuple(map(int, said.groups()))] == ask_file(home_of_almanac / "nascar.duckdb", known)


@pytest.mark.parametrize("statement", STATEMENTS)
@pytest.mark.usefixtures("almanac")
def test_a_statement_is_answered(nascar: Nascar, statement: str) -> None:
    # A comment in front looks like an option, unless it is said that there are no more.
    left = nascar("query", "--", statement)
    assert (0, "") == (left.code, left.err)


@pytest.mark.parametrize("program", PROGRAMS)
def test_a_program_prints_an_answer(
    almanac: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], program: str
) -> None:
    monkeypatch.chdir(almanac)
    exec(compile(program, "README.md", "exec"), {})  # noqa: S102  # the README is ours
    assert "race_id" in capsys.readouterr().out


@pytest.mark.parametrize("name", ["closest()", "head_to_head('Kyle Larson', 'Chris Buescher')"])
def test_a_macro_works_where_the_file_is_attached_and_used(home_of_almanac: Path, name: str) -> None:
    with duckdb.connect() as con:
        con.execute(f"ATTACH '{home_of_almanac / 'nascar.duckdb'}' AS stats (READ_ONLY)")
        con.execute("USE stats")
        assert con.execute(f"FROM marts.{name}").fetchall() == con.execute(f"FROM stats.marts.{name}").fetchall() != []


@pytest.mark.parametrize("relation", RELATIONS)
def test_a_relation_is_there(home_of_almanac: Path, relation: str) -> None:
    schema, name = relation.split(".")
    found = ask_file(
        home_of_almanac / "nascar.duckdb",
        f"SELECT count(*) > 0 FROM (SELECT schema_name, table_name AS name FROM duckdb_tables() UNION ALL SELECT schema_name, view_name FROM duckdb_views() UNION ALL SELECT schema_name, function_name FROM duckdb_functions()) WHERE schema_name = '{schema}' AND name = '{name}'",
    )
    assert [(True,)] == found


@pytest.mark.parametrize("line", COMMANDS)
def test_a_command_line_is_read(line: str) -> None:
    arguments = shlex.split(line, comments=True)[1:]
    group: Any = get_command(cli.app)
    with group.make_context("nascar", arguments.copy()) as context:
        name, command, rest = group.resolve_command(context, arguments)
        command.make_context(name, rest, parent=context)
