"""What a refusal of the engine means here: its own advice may be to do what no statement may do."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from nascar_warehouse.warehouse.errors import UsageError

if TYPE_CHECKING:
    import duckdb

DICTIONARY_ADVICE = "`nascar describe` lists the relations, `nascar describe NAME` their columns"
_VALUE_ADVICE = "change the statement; TRY(…) around an expression gives NULL in place of this error"

_OF_AN_EXTENSION = re.compile(r"it exists in the (\w+) extension\.")
_NO_TABLE = re.compile(r"Table with name (\w+) does not exist")
_NO_COLUMN = re.compile(r'Referenced column "([^"]+)" (?:was )?not found')
_SETTING = re.compile(r'\s*Use "?SET [^.]*\.')
_TOO_DEEP = re.compile(r"memory exhausted|Max expression depth limit")
_ABOUT_NAMES = re.compile(r"(?:Parser|Binder|Catalog|Permission) Error")
_MACROS = """
SELECT schema_name || '.' || function_name FROM duckdb_functions() WHERE function_type = 'table_macro' AND NOT internal
"""


def explain(text: str) -> UsageError:
    """An error in the engine's words, with what to do about it in this program."""
    text = _SETTING.sub("", text)
    if found := _OF_AN_EXTENSION.search(text):
        return UsageError(
            text[: found.end()],
            f"no extension can be loaded here: use {found[1]} in a DuckDB of your own that reads the file"
            " in the folder that `nascar home` prints",
        )
    if _TOO_DEEP.search(text):
        return UsageError("the statement nests too deeply", "write fewer expressions or subqueries inside each other")
    if (found := _NO_COLUMN.search(text)) and not found[1].isidentifier():
        return UsageError(text, f"text is written in single quotes: '{found[1]}'; {DICTIONARY_ADVICE}")
    return UsageError(text, DICTIONARY_ADVICE if _ABOUT_NAMES.match(text) else _VALUE_ADVICE)


def as_usage_error(con: duckdb.DuckDBPyConnection, error: duckdb.Error) -> UsageError:
    """As `explain`; a macro that is read like a table is found in the warehouse."""
    text = str(error)
    if found := _NO_TABLE.search(text):
        for (name,) in con.execute(_MACROS).fetchall():
            if name.rpartition(".")[2] == found[1].lower():
                return UsageError(text, f"{name} has arguments: write {name}(…); `nascar describe {name}` lists them")
    return explain(text)
