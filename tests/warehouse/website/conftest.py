"""A small warehouse: the closest finishes of the facts that come with the program."""

from __future__ import annotations

import shutil
from pathlib import Path

import duckdb
import pytest

_RACES = "SELECT race_id FROM marts.closest_finishes WHERE rank <= 8"
_TABLES = """
SELECT DISTINCT schema_name || '.' || table_name
FROM duckdb_tables() JOIN duckdb_columns() USING (schema_name, table_name)
WHERE column_name = 'race_id' AND schema_name IN ('core', 'marts', 'ops')
"""


@pytest.fixture(scope="session")
def small_home(home_of_almanac: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home whose warehouse has a few races, their drivers and tracks; to be read, never written."""
    home = tmp_path_factory.mktemp("small") / "home"
    home.mkdir()
    shutil.copyfile(home_of_almanac / "nascar.duckdb", home / "nascar.duckdb")
    with duckdb.connect(home / "nascar.duckdb") as con:
        con.execute(f"CREATE TEMP TABLE kept AS {_RACES}")
        for (table,) in con.execute(_TABLES).fetchall():
            con.execute(f"DELETE FROM {table} WHERE race_id NOT IN (SELECT race_id FROM kept)")
        con.execute("DELETE FROM core.tracks WHERE track_id NOT IN (SELECT track_id FROM core.races)")
        con.execute("DELETE FROM core.drivers WHERE driver_id NOT IN (SELECT driver_id FROM core.results)")
    return home
