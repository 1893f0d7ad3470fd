"""The SQL console: a statement in the sandbox, its answer, and named questions as examples."""

from __future__ import annotations

import re
import shlex
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from nascar_warehouse.warehouse.errors import UsageError
from nascar_warehouse.warehouse.explorer.api import SQL_LIMITS, read_parameters
from nascar_warehouse.warehouse.explorer.page import NotFound
from nascar_warehouse.warehouse.literal import literal
from nascar_warehouse.warehouse.read.questions import bind_values, read_questions
from nascar_warehouse.warehouse.read.values import as_text, rows_of_batch

if TYPE_CHECKING:
    from nascar_warehouse.warehouse.explorer.answer import Answer
    from nascar_warehouse.warehouse.explorer.page import Asked

MOST_SHOWN = 500
_PARAMETER = re.compile(r"\$(\w+)")
_RELATIONS = """
SELECT schema_name || '.' || table_name AS relation, list(column_name ORDER BY column_index) AS columns
FROM duckdb_columns()
WHERE NOT internal AND schema_name IN ('core', 'marts', 'ops')
GROUP BY relation
ORDER BY relation
"""


def show(asked: Asked) -> Answer:
    """The page `/sql`: `sql` is a statement, `question` a named question whose statement is shown with its answer."""
    statement = asked.query.get("sql", "").strip()
    if not statement and (name := asked.text("question")):
        statement = example_statement(asked, name)
    problem, result = None, None
    if statement:
        try:
            result = _run(asked, statement)
        except UsageError as error:
            problem = error
    answer = asked.render(
        "sql.html",
        statement=statement,
        problem=problem,
        result=result,
        questions=list(read_questions().values()),
        relations=asked.snapshot.kept_rows(_RELATIONS),
        limits=SQL_LIMITS,
        most_shown=MOST_SHOWN,
    )
    return replace(answer, etag=None, status=400 if problem else 200)


def example_statement(asked: Asked, name: str) -> str:
    """The statement of a named question with the values of its example in place of its parameters."""
    question = read_questions().get(name)
    if question is None:
        raise NotFound(f"there is no question {name!r}", "the console lists the named questions")
    options = shlex.split(question.example)
    pairs = zip(options[::2], options[1::2], strict=True)
    query = {option.removeprefix("--").replace("-", "_"): value for option, value in pairs}
    values = bind_values(asked.snapshot.con, question, read_parameters(replace(asked, query=query)))
    first = asked.snapshot.con.extract_statements(question.sql)[0].query
    lines = [line for line in first.strip().splitlines() if not line.startswith("-- ")]
    return _PARAMETER.sub(lambda found: _as_sql(values.get(found[1], found[0])), "\n".join(lines).strip().rstrip(";"))


def _as_sql(value: Any) -> str:
    return str(value) if isinstance(value, float) else literal(value)


def _run(asked: Asked, statement: str) -> dict[str, Any]:
    import pyarrow as pa

    with asked.run_sql(statement, SQL_LIMITS) as answer:
        table = answer.table()
        is_cut_off = answer.is_cut_off
    shown = table.slice(0, MOST_SHOWN)
    return {
        "columns": table.schema.names,
        "is_number": [
            pa.types.is_integer(field.type) or pa.types.is_floating(field.type) or pa.types.is_decimal(field.type)
            for field in table.schema
        ],
        "rows": [
            [None if value is None else as_text(value, null="") for value in row]
            for batch in shown.to_batches()
            for row in rows_of_batch(batch)
        ],
        "total": table.num_rows,
        "is_cut_off": is_cut_off,
    }
