"""The invariants: each file in `sql/checks/` is a query that returns the rows that break it."""

from __future__ import annotations

import json
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING

import duckdb

from warehouse.errors import CheckFailed, InvalidSql, UsageError
from warehouse.scripts import read_scripts
from warehouse.show import Rows
from warehouse.store import open_published

if TYPE_CHECKING:
    from collections.abc import Sequence

    from warehouse.store import Home

_SHOWN = 20


@dataclass(frozen=True, slots=True)
class CheckResult:
    """The outcome of one check: how many rows break it, and the first of them."""

    name: str
    severity: str
    failing_rows: int
    examples: tuple[dict[str, object], ...]

    @property
    def is_blocking(self) -> bool:
        """Whether nothing may be published because of it."""
        return self.severity == "fail" and self.failing_rows > 0


def run_checks(con: duckdb.DuckDBPyConnection) -> list[CheckResult]:
    """Run every check, ordered by name."""
    return [
        _run(con, script.name, script.header, script.path, script.statements[0])
        for script in read_scripts()
        if script.schema == "checks"
    ]


def result_rows(results: Sequence[CheckResult]) -> Rows:
    """The outcomes for a person, those that do not hold first."""
    ordered = sorted(results, key=lambda result: (not result.is_blocking, not result.failing_rows, result.name))
    return Rows(
        ["check", "severity", "failing_rows", "first_example"],
        [
            [r.name, r.severity, r.failing_rows, json.dumps(r.examples[0], default=str) if r.examples else ""]
            for r in ordered
        ],
    )


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
    con.executemany(
        "INSERT INTO raw.check_results (check_name, severity, failing_rows, examples) VALUES (?, ?, ?, ?)",
        [(r.name, r.severity, r.failing_rows, json.dumps(r.examples, default=str)) for r in results],
    )


def require_passed(results: Sequence[CheckResult]) -> None:
    """Raise `CheckFailed` with the rows that break the checks of severity fail, if any do."""
    broken = [result for result in results if result.is_blocking]
    if broken:
        lines = [f"{r.name}: {r.failing_rows} rows, such as {json.dumps(r.examples[0], default=str)}" for r in broken]
        raise CheckFailed(
            "nothing was published, these checks fail:\n  " + "\n  ".join(lines),
            "see whether a source or a rule is wrong; an exception is a row in sql/seeds with a reason",
        )


def _run(con: duckdb.DuckDBPyConnection, name: str, severity: str, path: str, query: str) -> CheckResult:
    try:
        cursor = con.execute(query)
    except duckdb.Error as error:
        raise InvalidSql(f"{path}: {str(error).splitlines()[0]}", "correct the check") from error
    columns = [column[0] for column in cursor.description or []]
    rows = sorted(cursor.fetchall(), key=str)
    return CheckResult(name, severity, len(rows), tuple(dict(zip(columns, row, strict=True)) for row in rows[:_SHOWN]))
