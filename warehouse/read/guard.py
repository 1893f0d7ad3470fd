"""What kind of statement a text is, judged by DuckDB's own parser, and the refusal of everything that does not read.

DuckDB's settings alone do not keep a file safe: EXPLAIN ANALYZE runs a COPY, the attached file and its write-ahead log
always count as allowed paths, and some table functions change the engine (`FROM enable_logging(…)` writes files). So a
statement has to be one SELECT (PIVOT, FROM-first, VALUES, DESCRIBE, SHOW and SUMMARIZE are SELECTs to DuckDB) or an
EXPLAIN of one, and may only call table functions that read nothing but the warehouse.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

import duckdb

from nascar_warehouse.warehouse.errors import UsageError
from nascar_warehouse.warehouse.read.engine_errors import explain

if TYPE_CHECKING:
    from collections.abc import Sequence

_SELECT = duckdb.StatementType.SELECT
_EXPLAIN = duckdb.StatementType.EXPLAIN

_NEAR = re.compile(r'syntax error at or near "(\w+)"')
_LONGEST_TO_ADVISE = 10_000
_ADVICE = "write one SELECT, FROM, DESCRIBE, SHOW, SUMMARIZE or PIVOT, or EXPLAIN of one"

# \r ends a comment as well as \n does. Comments nest for DuckDB: a gap that ends too early here leaves text that does
# not parse as a SELECT, so it is refused.
_GAP = r"(?:\s|--[^\n\r]*|/\*.*?\*/)*+"
_EXPLAIN_PREFIX = re.compile(rf"{_GAP}explain\b{_GAP}(?:analy[sz]e\b{_GAP})?", re.IGNORECASE | re.DOTALL)
_EXPLAIN_OPTIONS = re.compile(r"\([^()]*\)")
_FIRST_WORD = re.compile(rf"{_GAP}\(*(\w*)", re.DOTALL)
_NAME = re.compile(r'"((?:[^"]|"")*)"|\w+')

_TABLE_FUNCTIONS = """
    duckdb_columns duckdb_constraints duckdb_databases duckdb_dependencies duckdb_functions duckdb_indexes
    duckdb_keywords duckdb_memory duckdb_optimizers duckdb_profiling_settings duckdb_schemas duckdb_sequences
    duckdb_settings duckdb_tables duckdb_types duckdb_views generate_series histogram histogram_values
    icu_calendar_names json_each json_tree pg_timezone_names pragma_collations pragma_database_size
    pragma_metadata_info pragma_platform pragma_show pragma_storage_info pragma_table_info pragma_user_agent
    pragma_version range repeat repeat_row summary test_all_types unnest
"""
"""The built-in table functions and macros that a statement may call: they read the warehouse, the engine's catalogue or
nothing.

Any other one is refused, also one that a later version of DuckDB adds.
"""
_SCALAR_FUNCTIONS_REFUSED = frozenset({"write_log"})

_BUILT_IN_TABLE_FUNCTIONS = (
    "SELECT DISTINCT lower(function_name) FROM duckdb_functions() WHERE internal"
    " AND function_type IN ('table', 'table_macro')"
)


def parse_read(con: duckdb.DuckDBPyConnection, sql: str) -> Sequence[duckdb.Statement]:
    """The steps of one statement that only reads, to be executed in this order; the last one has the rows.

    A PIVOT has several steps: DuckDB collects its columns first. Nothing is executed here. Raises `UsageError` with the
    reason when `sql` is not exactly one statement or would do more than read, and with the engine's words when it does
    not parse.
    """
    if "\0" in sql or not _is_text(sql):
        raise UsageError("a statement cannot contain a NUL character or half a surrogate pair", "remove it")
    steps = _extract(con, sql)
    if not steps:
        raise UsageError("there is no statement to run", _ADVICE)
    if first := _FIRST_WORD.match(sql):
        _require_no_pragma(first[1])
    _require_one_read(con, sql, steps)
    _require_harmless_functions(con, sql)
    # DuckDB wraps the steps of an EXPLAIN of a PIVOT into a transaction; reading needs none.
    return [step for step in steps if step.type != duckdb.StatementType.TRANSACTION]


def _is_text(sql: str) -> bool:
    try:
        sql.encode()
    except UnicodeEncodeError:
        return False
    return True


def _extract(con: duckdb.DuckDBPyConnection, sql: str) -> list[duckdb.Statement]:
    try:
        return con.extract_statements(sql)
    except duckdb.ParserException as error:
        if advice := _advise_on_alias(con, sql, str(error)):
            raise UsageError(str(error), advice) from error
        raise explain(str(error)) from error
    except duckdb.Error as error:
        raise explain(str(error)) from error


def _advise_on_alias(con: duckdb.DuckDBPyConnection, sql: str, message: str) -> str:
    """What to write when a word of SQL is a column's name without AS; "" when that is not the error."""
    near = _NEAR.search(message)
    if near is None or len(sql) > _LONGEST_TO_ADVISE:
        return ""
    word = near[1]
    for place in re.finditer(rf"\b{word}\b", sql):
        try:
            con.extract_statements(f"{sql[: place.start()]}AS {sql[place.start() :]}")
        except duckdb.ParserException as error:
            if (again := _NEAR.search(str(error))) is None or again[1] == word or again[1].upper() == "AS":
                continue
        except duckdb.Error:
            continue
        return f"{word} is a word of SQL: write AS before it, … AS {word}"
    return ""


def _require_no_pragma(first_word: str) -> None:
    # Some pragmas are a SELECT to DuckDB; one of them runs the statements of a file.
    if first_word.lower() == "pragma":
        raise UsageError("PRAGMA statements cannot be run here", f"use the table function instead, or {_ADVICE}")


def _require_one_read(con: duckdb.DuckDBPyConnection, sql: str, steps: Sequence[duckdb.Statement]) -> None:
    if _is_select(steps):
        return
    explained = [step for step in steps if step.type == _EXPLAIN]
    if len(explained) == 1 and (len(steps) == 1 or _is_generated(steps, but=explained[0])):
        _require_explained_select(con, sql)
        return
    if any(step.query for step in steps) and len(steps) > 1:
        raise UsageError("only one statement can be run at a time", "run them one after the other")
    raise UsageError(f"only a statement that reads can be run here, and this is {_kind(sql, steps)}", _ADVICE)


def _kind(sql: str, steps: Sequence[duckdb.Statement]) -> str:
    """What a statement does, by its first word: to DuckDB an INSTALL is LOAD and a USE is SET."""
    first = _FIRST_WORD.match(sql)
    if first and first[1].isascii() and first[1].isalpha() and first[1].lower() not in {"with", "explain"}:
        return first[1].upper()
    kind = next((step.type.name for step in steps if step.type.name not in ("CREATE", "TRANSACTION")), "CREATE")
    return kind if len(steps) > 1 else steps[0].type.name


def _is_select(steps: Sequence[duckdb.Statement]) -> bool:
    """Whether the steps are one SELECT: alone, or with the CREATE steps that DuckDB itself adds for a PIVOT."""
    if len(steps) == 1:
        return steps[0].type == _SELECT
    return (
        steps[-1].type == _SELECT
        and all(step.type == duckdb.StatementType.CREATE for step in steps[:-1])
        and _is_generated(steps, but=steps[-1])
    )


def _is_generated(steps: Sequence[duckdb.Statement], *, but: duckdb.Statement) -> bool:
    """Whether DuckDB made all steps but one: they have no text in what was written."""
    return all(not step.query for step in steps if step is not but)


def _require_explained_select(con: duckdb.DuckDBPyConnection, sql: str) -> None:
    """Raise `UsageError` unless what follows EXPLAIN is a SELECT by itself.

    A text that is a SELECT by itself cannot be read otherwise after EXPLAIN: options in parentheses begin with no
    word that a SELECT begins with, and what follows a SELECT in parentheses begins no other statement.
    """
    prefix = _EXPLAIN_PREFIX.match(sql)
    inner = sql[prefix.end() :] if prefix else ""
    candidates = [inner]
    if options := _EXPLAIN_OPTIONS.match(inner):
        candidates.append(inner[options.end() :])
    for candidate in candidates:
        try:
            steps = con.extract_statements(candidate)
        except duckdb.Error:
            continue
        if steps and _is_select(steps):
            first = _FIRST_WORD.match(candidate)
            _require_no_pragma(first[1] if first else "")
            return
    raise UsageError("only a SELECT can be explained here", "EXPLAIN ANALYZE would run any other statement")


def _require_harmless_functions(con: duckdb.DuckDBPyConnection, sql: str) -> None:
    """Raise `UsageError` when a built-in table function is called that may reach beyond the warehouse."""
    called = _called_names(sql) - set(_TABLE_FUNCTIONS.split())
    if not called:
        return
    refused = called & _SCALAR_FUNCTIONS_REFUSED
    refused |= called & {name for (name,) in con.execute(_BUILT_IN_TABLE_FUNCTIONS).fetchall()}
    if refused:
        raise UsageError(
            f"the function {min(refused)} cannot be used here: it may reach files or change the engine",
            "read from the warehouse's own relations; `nascar describe` lists them",
        )


def _called_names(sql: str) -> set[str]:
    """The names that an opening parenthesis follows, in lower case and without quotes."""
    text = "".join(char if char.isascii() else _as_ascii(char) for char in sql).encode("ascii")
    tokens = duckdb.tokenize(text.decode("ascii"))
    ends = [start for start, _ in tokens[1:]] + [len(text)]
    words = [text[start:end].decode("ascii") for (start, _), end in zip(tokens, ends, strict=True)]
    names = [_NAME.match(word) for word, following in pairwise(words) if following.startswith("(")]
    return {(name[1] or name[0]).replace('""', '"').lower() for name in names if name}


def _as_ascii(char: str) -> str:
    """One ASCII character that separates words where `char` does, and is a letter where it equals one in lower case."""
    if not char.isalnum():
        return " "
    folded = char.casefold()
    return folded if len(folded) == 1 and folded.isascii() else "_"
