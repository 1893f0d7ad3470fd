"""Rows for people and for programs: a table, JSON, CSV, Parquet or Markdown on the standard output.

An answer of the sandbox is printed as it arrives, so that its size costs no memory here; types are those of its
columns.
"""

from __future__ import annotations

import csv
import json
import os
import shutil
import sys
from contextlib import contextmanager
from datetime import datetime
from itertools import chain
from typing import TYPE_CHECKING, Any

from nascar_warehouse.warehouse.errors import UsageError
from nascar_warehouse.warehouse.read.arrow_values import rows_of_batch
from nascar_warehouse.warehouse.read.formats import FORMATS
from nascar_warehouse.warehouse.read.table import Layout, markdown_line
from nascar_warehouse.warehouse.read.values import as_json, as_text, unique_names
from nascar_warehouse.warehouse.rows import Rows

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from nascar_warehouse.warehouse.read.sandbox import Answer

    Chunk = Sequence[Sequence[Any]]

_TYPES_TO_INFER = ("UUID", "INTERVAL", "BIT", "HUGEINT", "BIGNUM", "TIME WITH")
_ROWS_THAT_SET_WIDTHS = 1_000


def show(rows: Rows, form: str, *, empty: str = "no rows", spare: Sequence[str] = ()) -> None:
    """Print rows in a format; an unknown one raises `UsageError`. Stops quietly when the reader closes its pipe.

    A table that is too wide for the terminal leaves out the columns of `spare`, the first of them first, where a row
    then has one line; where no row would, its texts are wrapped. What is left out is named on the error stream. Where
    there are no rows, a table is `empty` on the error stream.
    """
    _require_format(form)
    with _pipe_may_close():
        if form == "parquet":
            _write_parquet(rows)
        elif form == "table":
            narrow = _narrow(_to_seconds(rows), spare)
            _print_table(narrow.columns, [narrow.values], empty=empty)
            if left_out := [column for column in rows.columns if column not in narrow.columns]:
                message = f"left out to fit the terminal: {', '.join(left_out)}; --format csv has every column"
                print(message, file=sys.stderr)  # noqa: T201  # a message beside the data
        elif form == "markdown":
            _print_markdown(rows.columns, [_to_seconds(rows).values])
        else:
            _PRINTERS[form](rows.columns, [rows.values])


def show_with(facts: Mapping[str, Any], rows: Rows) -> None:
    """Print JSON of the facts and, as `rows`, of the rows."""
    with _pipe_may_close():
        records = [as_json(dict(zip(rows.columns, row, strict=True))) for row in rows.values]
        json.dump({**facts, "rows": records}, sys.stdout, ensure_ascii=not _is_utf8(), indent=1)
        sys.stdout.write("\n")


def show_answer(answer: Answer, form: str, *, empty: str = "no rows") -> None:
    """Print an answer as it arrives; in a table NULL is the word, so that it differs from empty text.

    Where there are no rows, a table is `empty` on the error stream.
    """
    _require_format(form)
    with answer, _pipe_may_close():
        if form == "parquet":
            _write_parquet_batches(answer.schema, answer)
        else:
            chunks = map(rows_of_batch, answer)
            if form == "table":
                _print_table(answer.schema.names, chunks, empty=empty, null="NULL")
            else:
                _PRINTERS[form](answer.schema.names, chunks)


def _require_format(form: str) -> None:
    if form not in FORMATS:
        raise UsageError(f"there is no format {form!r}", f"use one of {', '.join(FORMATS)}")
    if form == "parquet" and sys.stdout.isatty():
        raise UsageError(
            "Parquet is not for reading on a terminal",
            "send it to a file: … --format parquet > closest.parquet",
        )


@contextmanager
def _pipe_may_close() -> Iterator[None]:
    try:
        yield
        sys.stdout.flush()
    except BrokenPipeError:
        # Python writes what is left at its exit, to a place that takes it.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _is_utf8() -> bool:
    """Whether the output takes every letter; elsewhere JSON has their numbers, which mean the same."""
    return (sys.stdout.encoding or "").lower().replace("-", "") in ("utf8", "")


def _print_json(columns: Sequence[str], chunks: Iterable[Chunk]) -> None:
    names = unique_names(columns)
    is_ascii = not _is_utf8()
    opening = "["
    for row in chain.from_iterable(chunks):
        record = json.dumps([as_json(dict(zip(names, row, strict=True)))], ensure_ascii=is_ascii, indent=1)
        sys.stdout.write(opening + record[1:-2])
        opening = ","
    sys.stdout.write("[]\n" if opening == "[" else "\n]\n")


def _print_csv(columns: Sequence[str], chunks: Iterable[Chunk]) -> None:
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(columns)
    for rows in chunks:
        writer.writerows([as_text(value, null="") for value in row] for row in rows)


def _print_markdown(columns: Sequence[str], chunks: Iterable[Chunk]) -> None:
    _print_lines([markdown_line(list(columns)), markdown_line(["---"] * len(columns))])
    for rows in chunks:
        _print_lines(markdown_line([as_text(value, null="") for value in row]) for row in rows)


_PRINTERS = {"json": _print_json, "csv": _print_csv, "markdown": _print_markdown}


def _print_table(columns: Sequence[str], chunks: Iterable[Chunk], *, empty: str, null: str = "") -> None:
    """Print a table whose widths the first rows set."""
    chunks = iter(chunks)
    first: list[Sequence[Any]] = []
    for rows in chunks:
        first += rows
        if len(first) >= _ROWS_THAT_SET_WIDTHS:
            break
    if not first:
        if empty:
            print(empty, file=sys.stderr)  # noqa: T201  # a message; there are no data
        return
    layout = Layout(columns, first, null=null, screen_width=_screen_width())
    if layout.is_too_wide:
        # No empty line after the last row.
        _print_lines(list(layout.records(first))[:-1])
    else:
        head = layout.head() if _is_utf8() else (line.replace("─", "-") for line in layout.head())
        _print_lines(chain(head, layout.lines(first)))
    for rows in chunks:
        if layout.is_too_wide:
            _print_lines(["", *list(layout.records(rows))[:-1]])
        else:
            _print_lines(layout.lines(rows))


def _to_seconds(rows: Rows) -> Rows:
    """The rows as people read them: without the fraction of the second at which a file was loaded."""
    values = [
        [value.replace(microsecond=0) if isinstance(value, datetime) else value for value in row] for row in rows.values
    ]
    return Rows(rows.columns, values, rows.types)


def _narrow(rows: Rows, spare: Sequence[str]) -> Rows:
    screen_width = _screen_width()
    if screen_width is None or not rows.values:
        return rows
    narrowed = [rows]
    for column in spare:
        if column in rows.columns:
            narrowed.append(narrowed[-1].select(*(name for name in narrowed[-1].columns if name != column)))
    for wrap_to in (None, screen_width):
        for each in narrowed:
            if Layout(each.columns, each.values, screen_width=wrap_to).width <= screen_width:
                return each
    return narrowed[-1]


def _screen_width() -> int | None:
    """Columns of the terminal; None for a pipe, whose reader gets whole lines."""
    return shutil.get_terminal_size().columns if sys.stdout.isatty() else None


def _print_lines(lines: Iterable[str]) -> None:
    for line in lines:
        sys.stdout.write(f"{line}\n")


def _write_parquet(rows: Rows) -> None:
    import pyarrow as pa

    columns = [list(column) for column in zip(*rows.values, strict=True)] or [[] for _ in rows.columns]
    types = [None] * len(columns) if rows.types is None else _arrow_types(rows.types)
    try:
        arrays = [pa.array(column, kind) for column, kind in zip(columns, types, strict=True)]
        table = pa.table(arrays, names=unique_names(rows.columns))
    except (pa.ArrowException, OverflowError) as error:
        raise _as_parquet_error(error) from error
    _write_parquet_batches(table.schema, table.to_batches())


def _write_parquet_batches(schema: Any, batches: Iterable[Any]) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    names = unique_names(schema.names)
    schema = pa.schema([field.with_name(name) for field, name in zip(schema, names, strict=True)])
    try:
        with pq.ParquetWriter(sys.stdout.buffer, schema) as writer:
            for batch in batches:
                writer.write_batch(pa.record_batch(batch.columns, schema=schema))
    except (pa.ArrowException, OverflowError) as error:
        raise _as_parquet_error(error) from error


def _arrow_types(types: Sequence[str]) -> list[Any]:
    """The Arrow types of DuckDB's types, as DuckDB itself exports them; None where Python values have another form."""
    import duckdb

    with duckdb.connect() as con:
        nulls = ", ".join(f"CAST(NULL AS {kind})" for kind in types)
        exported = con.execute(f"SELECT {nulls}").to_arrow_table().schema.types
    return [
        None if any(word in kind for word in _TYPES_TO_INFER) else arrow
        for kind, arrow in zip(types, exported, strict=True)
    ]


def _as_parquet_error(error: BaseException) -> UsageError:
    return UsageError(f"Parquet cannot hold these rows: {error}", "cast the column, or use another format")
