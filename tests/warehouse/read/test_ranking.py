"""`nascar closest` starts fast, takes any text as a name, and knows a warehouse of another version."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from nascar_warehouse.warehouse.errors import UsageError
from nascar_warehouse.warehouse.read.ranking import Question, explain_empty_result, rank_finishes
from nascar_warehouse.warehouse.storage.home import Home
from tests.conftest import Nascar

SLOW_TO_IMPORT = ("duckdb", "numpy", "pandas", "polars", "pyarrow", "sqlglot", "structlog", "httpx", "rich")

RUN_AND_LIST_MODULES = f"""
import sys
from nascar_warehouse.etl.cli import main
try:
    main()
except SystemExit as leaving:
    print(leaving.code, *(name for name in {SLOW_TO_IMPORT!r} if name in sys.modules))
"""


@pytest.mark.parametrize("arguments", [(), ("--track", "talladega", "--driver", "johnson", "--season", "2011")])
def test_the_ranking_imports_nothing_that_is_slow_to_import(
    home_of_almanac: Path, tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    # DuckDB imports these two when a statement has parameters, where they are installed.
    for name in ("pandas", "numpy"):
        (tmp_path / f"{name}.py").write_text("")
    path = os.pathsep.join([os.environ.get("PYTHONPATH", ""), str(tmp_path)])
    done = subprocess.run(  # noqa: S603  # the interpreter that runs this test
        [sys.executable, "-c", RUN_AND_LIST_MODULES, "closest", "--format", "csv", *arguments],
        env=os.environ | {"NASCAR_HOME": str(home_of_almanac), "PYTHONPATH": path},
        capture_output=True,
        text=True,
        check=True,
    )
    assert "0" == done.stdout.splitlines()[-1]


@pytest.mark.parametrize("name", ["' OR 1 = 1 --", "'; DROP TABLE core.races; --", "{limit}", "$1", "o'hara"])
def test_a_name_is_never_a_part_of_the_statement(home_of_almanac: Path, name: str) -> None:
    for question in (Question(track=name), Question(driver=name)):
        assert [] == rank_finishes(Home(home_of_almanac), question).values
        assert f"is called {name!r} here" in explain_empty_result(Home(home_of_almanac), question)


@pytest.mark.parametrize("name", ["a\0b", "\udcff"])
def test_a_name_that_is_not_text_is_refused(name: str) -> None:
    with pytest.raises(UsageError, match="is not valid text"):
        Question(track=name)


@pytest.mark.parametrize(
    "arguments", [("closest",), ("why", "cup-2024-12"), ("why", "cup-2024-12", "winner"), ("changes",), ("check",)]
)
@pytest.mark.parametrize("column", ["race_id", "something"])
def test_a_warehouse_of_another_version_is_recognised(
    nascar: Nascar, home: Path, arguments: tuple[str, ...], column: str
) -> None:
    home.mkdir()
    with duckdb.connect(home / "nascar.duckdb") as con:
        con.execute(f"CREATE SCHEMA core; CREATE TABLE core.races AS SELECT 'cup-2024-12' AS {column}")
    left = nascar(*arguments)
    assert (2, "") == (left.code, left.out)
    assert "was built by another version of this program\n  next: run `nascar build`" in left.err
