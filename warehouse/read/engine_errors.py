"""What a refusal of the engine means here: its own advice may be to do what no statement may do."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from nascar_warehouse.warehouse.errors import UsageError
from nascar_warehouse.warehouse.read.guard import DICTIONARY_ADVICE

if TYPE_CHECKING:
    import duckdb

_OF_AN_EXTENSION = re.compile(r"it exists in the (\w+) extension\.")
_NO_TABLE = re.compile(r"Table with name (\w+) does not exist")
_MACROS = """
SELECT schema_name || '.' || function_name FROM duckdb_functions() WHERE function_type = 'table_macro' AND NOT internal
"""


def as_usage_error(con: duckdb.DuckDBPyConnection, error: duckdb.Error) -> UsageError:
    """The error in the engine's words, with what to do about it in this program."""
    text = str(error)
    if found := _OF_AN_EXTENSION.search(text):
        return UsageError(
            text[: found.end()],
            f"no extension can be loaded here: use {found[1]} in a DuckDB of your own that reads the file"
            " in the folder that `nascar home` prints",
        )
    if found := _NO_TABLE.search(text):
        for (name,) in con.execute(_MACROS).fetchall():
            if name.rpartition(".")[2] == found[1].lower():
                return UsageError(text, f"{name} has arguments: write {name}(…); `nascar describe {name}` lists them")
    return UsageError(text, DICTIONARY_ADVICE)
