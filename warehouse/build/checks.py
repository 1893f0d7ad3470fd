"""The invariants: each file in `sql/checks/` is a query that returns the rows that break it, each with a `row_key`.

`grain_is_unique` has no file: it holds every table of core and marts to the first line of its own file.

A row names the documents that it comes from, in `document_id` or a list `document_ids`: the new versions of these are
set aside when the check fails. A known source error is a row of `sql/seeds/check_exceptions.csv` with the name of the
check, the key of the row and a reason; it is excused. An exception that excuses nothing is reported as well.
"""

from __future__ import annotations

import json
from contextlib import closing
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import duckdb

from nascar_warehouse.warehouse.build.grain import repeated_rows
from nascar_warehouse.warehouse.build.rechecks import GRAIN
from nascar_warehouse.warehouse.build.scripts import read_scripts
from nascar_warehouse.warehouse.errors import CheckFailed, InvalidSql, UsageError
from nascar_warehouse.warehouse.rows import Rows
from nascar_warehouse.warehouse.storage.connection import open_published

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from nascar_warehouse.warehouse.build.rechecks import Row, Since
    from nascar_warehouse.warehouse.build.scripts import Script
    from nascar_warehouse.warehouse.storage.home import Home

_SHOWN = 20


@dataclass(frozen=True, slots=True)
class CheckResult:
    """The outcome of one check: how many rows break it, the first of them, and the documents that each row names."""

    name: str
    severity: str
    failing_rows: int
    examples: tuple[dict[str, object], ...]
    documents: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """Key of a row → the ids of its documents."""
    found: Sequence[Row] = ()
    """Every row, those that are excused included, for the checks after an update."""

    @property
    def is_blocking(self) -> bool:
        """Whether nothing may be published because of it."""
        return self.severity == "fail" and self.failing_rows > 0


def run_checks(con: duckdb.DuckDBPyConnection, since: Since | None = None) -> list[CheckResult]:
    """Run every check, and see last that no listed exception is needless.

    `since` says what changed in a warehouse that passed before: nothing else is looked at again.
    """
    listed = _ask(con, _LISTED)
    broken, results = [], []
    found = [(GRAIN, "fail", _rows_that_repeat(con, since))]
    found += [(s.name, s.header, _rows_of(con, s, since)) for s in read_scripts() if s.schema == "checks"]
    for name, severity, rows in sorted(found, key=lambda check: check[0]):
        excused = {row_key for check_name, row_key in listed if check_name == name}
        broken += [(name, row["row_key"]) for row in rows]
        result = _make_result(name, severity, [row for row in rows if row["row_key"] not in excused])
        results.append(replace(result, found=rows))
    needless = set(_ask(con, _COMPARABLE)) - set(broken)
    rows = [{"row_key": f"{check_name} {row_key}"} for check_name, row_key in sorted(needless)]
    return [*results, _make_result("exception_is_needed", "warn", rows)]


def result_rows(results: Sequence[CheckResult]) -> Rows:
    """The outcomes as a table, those that fail first."""
    ordered = sorted(results, key=lambda result: (not result.is_blocking, not result.failing_rows, result.name))
    return Rows(
        ["check", "severity", "failing_rows", "first_example"],
        [
            [r.name, r.severity, r.failing_rows, json.dumps(r.examples[0], default=str) if r.examples else ""]
            for r in ordered
        ],
    )


def count_results(results: Sequence[CheckResult]) -> str:
    """How many checks fail, and how many others have rows."""
    failed = sum(result.is_blocking for result in results)
    others = sum(result.failing_rows > 0 for result in results) - failed
    return f"{len(results)} checks: {failed} failed, {others} with warnings or notices"


def check_published(home: Home) -> list[CheckResult]:
    """Run every check on the published warehouse; one that another version of the program built raises `UsageError`."""
    with closing(open_published(home)) as con:
        try:
            return run_checks(con)
        except InvalidSql as error:
            if isinstance(error.__cause__, duckdb.CatalogException | duckdb.BinderException):
                raise UsageError(
                    f"{home.published} was built by another version of this program", "run `nascar build`, then check"
                ) from error
            raise


def record_results(con: duckdb.DuckDBPyConnection, results: Sequence[CheckResult]) -> None:
    """Keep the outcome in the warehouse that was checked, for `ops.check_results`."""
    rows = [(r.name, r.severity, r.failing_rows, json.dumps(r.examples, default=str)) for r in results]
    con.execute(
        "INSERT INTO raw.check_results (check_name, severity, failing_rows, examples)"
        " SELECT unnest($1), unnest($2), unnest($3), unnest($4)",
        [list(column) for column in zip(*rows, strict=True)],
    )


def require_passed(results: Sequence[CheckResult]) -> None:
    """Raise `CheckFailed` with the rows that break the checks of severity fail, if any do."""
    broken = [result for result in results if result.is_blocking]
    if broken:
        lines = [f"{r.name}: {r.failing_rows} rows, such as {json.dumps(r.examples[0], default=str)}" for r in broken]
        raise CheckFailed(
            "nothing was published, these checks fail:\n  " + "\n  ".join(lines),
            "see whether a source or a rule is wrong; an exception is a row in sql/seeds/check_exceptions.csv",
        )


def _rows_that_repeat(con: duckdb.DuckDBPyConnection, since: Since | None) -> list[Row]:
    """The rows that break the grain of a table of core or marts; a view is as unique as the tables that it reads."""
    has_document = {relation for (relation,) in con.execute(_WITH_DOCUMENT).fetchall()}
    found: list[Row] = []
    for script in read_scripts():
        condition = "TRUE" if since is None else since.grain_condition(script)
        if script.kind == "table" and script.schema in {"core", "marts"} and condition is not None:
            is_cited = script.relation in has_document
            found += _run(con, script.path, repeated_rows(script.relation, script.grain, condition, is_cited=is_cited))
    return found


def _rows_of(con: duckdb.DuckDBPyConnection, check: Script, since: Since | None) -> list[Row]:
    def run(query: str) -> list[Row]:
        return _run(con, check.path, query)

    return sorted(run(check.statements[0]) if since is None else since.rows_of(check, run), key=_order)


def _order(row: Row) -> str:
    return str([*row.values()])


def _run(con: duckdb.DuckDBPyConnection, path: str, query: str) -> list[Row]:
    try:
        cursor = con.execute(query)
    except duckdb.Error as error:
        raise InvalidSql(f"{path}: {str(error).splitlines()[0]}", "correct the file") from error
    columns = [column[0] for column in cursor.description or []]
    if "row_key" not in columns:
        raise InvalidSql(f"{path} has no column row_key", "name the one by which an exception is listed")
    rows = [dict(zip(columns, row, strict=True)) for row in cursor.fetchall()]
    # As JSON has them, since an update goes on with the rows that were kept: both must have the same values and order.
    return sorted(json.loads(json.dumps(rows, default=str)), key=_order)


def _make_result(name: str, severity: str, rows: Sequence[dict[str, object]]) -> CheckResult:
    documents = {str(row["row_key"]): _documents_of(row) for row in rows}
    return CheckResult(name, severity, len(rows), tuple(rows[:_SHOWN]), documents)


def _documents_of(row: Mapping[str, object]) -> frozenset[str]:
    listed = row.get("document_ids")
    found = [row.get("document_id"), *(listed if isinstance(listed, list) else ())]
    return frozenset(str(document_id) for document_id in found if document_id is not None)


def _ask(con: duckdb.DuckDBPyConnection, query: str) -> list[tuple[str, str]]:
    try:
        return con.execute(query).fetchall()
    except duckdb.Error as error:
        raise InvalidSql(f"sql/seeds/check_exceptions.csv: {str(error).splitlines()[0]}", "build again") from error


_WITH_DOCUMENT = """
SELECT schema_name || '.' || table_name
FROM duckdb_columns()
WHERE database_name = current_database() AND column_name = 'document_id'
"""

# Some results are wrong only where a better source has none of their race. A row's key begins with the race's id.
_LISTED = """
SELECT exceptions.check_name, exceptions.row_key
FROM seeds.check_exceptions AS exceptions
WHERE
  exceptions.without_source_id IS NULL
  OR (exceptions.without_source_id, split_part(exceptions.row_key, ' ', 1)) NOT IN (
    SELECT DISTINCT (source_id, race_id) FROM core.result_statements
  )
"""

_COMPARABLE = """
SELECT check_name, row_key
FROM seeds.check_exceptions
WHERE
  without_source_id IS NULL
  AND source_url IN (SELECT url FROM raw.documents)
  -- Where a publisher is not here at all, another one's row is selected, and other rows are wrong.
  AND NOT EXISTS (
    SELECT split_part(source_url, '/', 3) FROM seeds.check_exceptions
    EXCEPT
    SELECT split_part(url, '/', 3) FROM raw.documents
  )
"""
