"""The SQL console: a statement in the sandbox, its answer, and named questions as examples."""

from __future__ import annotations

import re
import shlex
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from nascar_warehouse.warehouse.errors import UsageError
from nascar_warehouse.warehouse.explorer.api import SQL_LIMITS, read_parameters
from nascar_warehouse.warehouse.explorer.column_chart import WIDTH, draw_columns, kind_of
from nascar_warehouse.warehouse.explorer.page import NotFound
from nascar_warehouse.warehouse.literal import literal
from nascar_warehouse.warehouse.read.arrow_values import rows_of_batch
from nascar_warehouse.warehouse.read.empty_answers import explain_no_rows
from nascar_warehouse.warehouse.read.questions import bind_values, read_questions
from nascar_warehouse.warehouse.read.values import as_text, unique_names

if TYPE_CHECKING:
    from nascar_warehouse.warehouse.explorer.answer import Answer
    from nascar_warehouse.warehouse.explorer.page import Asked

MOST_SHOWN = 500
_PARAMETER = re.compile(r"\$(\w+)")
RELATIONS = """
SELECT schema_name || '.' || table_name AS relation, list(column_name ORDER BY column_index) AS columns
FROM duckdb_columns()
WHERE NOT internal AND schema_name IN ('core', 'marts', 'ops')
GROUP BY relation
ORDER BY relation
"""


def show(asked: Asked) -> Answer:
    """The page `/sql`: `sql` is a statement, `question` a named question whose statement is shown with its answer.

    `x` and `y` are the columns of the chart.
    """
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
        why_no_rows=explain_no_rows(statement),
        questions=list(read_questions().values()),
        relations=asked.snapshot.kept_rows(RELATIONS),
        limits=SQL_LIMITS,
        most_shown=MOST_SHOWN,
        chart_width=WIDTH,
        axes={name: asked.query[name] for name in ("x", "y") if asked.query.get(name)},
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
    with asked.run_sql(statement, SQL_LIMITS) as answer:
        table = answer.table()
        is_cut_off = answer.is_cut_off
    shown = table.slice(0, MOST_SHOWN)
    return {
        "columns": table.schema.names,
        "is_number": [kind_of(field.type) == "number" for field in table.schema],
        "chart": _chart(asked, table),
        "rows": [
            [None if value is None else as_text(value, null="") for value in row]
            for batch in shown.to_batches()
            for row in rows_of_batch(batch)
        ],
        "total": table.num_rows,
        "is_cut_off": is_cut_off,
    }


def _chart(asked: Asked, table: Any) -> dict[str, Any] | None:
    """The form for a chart of two columns, and the chart where the address names them; None where none can be drawn."""
    names = unique_names(table.schema.names)
    numbers = [name for name, field in zip(names, table.schema, strict=True) if kind_of(field.type) == "number"]
    if len(names) < 2 or not numbers or not table.num_rows:
        return None
    x, y = asked.query.get("x", ""), asked.query.get("y", "")
    form = {"names": names, "numbers": numbers, "x": x, "y": y, "drawn": None, "problem": ""}
    if not (x or y):
        y = next((name for name in numbers if name != names[0]), numbers[0])
        return form | {"x": next(name for name in names if name != y), "y": y}
    if x not in names or y not in numbers:
        return form | {"problem": f"The answer has no column {x!r}." if x not in names else _no_number(y, names)}
    columns = table.rename_columns(names).select([x, y]) if x != y else None
    if columns is None:
        return form | {"problem": "Choose two different columns."}
    rows = [row for batch in columns.to_batches() for row in rows_of_batch(batch)]
    drawn = draw_columns(x, y, kind_of(columns.schema.field(x).type), rows)
    return form | {"drawn": drawn, "problem": "" if drawn else "No row has two values that can be drawn."}


def _no_number(name: str, names: list[str]) -> str:
    return f"The column {name!r} has no numbers." if name in names else f"The answer has no column {name!r}."
