"""Rows for people and for programs: a table, JSON, CSV, Parquet or Markdown on the standard output."""

from __future__ import annotations

import csv
import io
import json
import math
import os
import shutil
import sys
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Literal, get_args

from nascar_warehouse.warehouse.errors import UsageError
from nascar_warehouse.warehouse.rows import Rows

if TYPE_CHECKING:
    from collections.abc import Sequence


Format = Literal["table", "json", "csv", "parquet", "markdown"]
FORMATS: tuple[str, ...] = get_args(Format)

_GAP = "   "


def show(rows: Rows, form: str, *, empty: str = "no rows", spare: Sequence[str] = ()) -> None:
    """Print rows in a format; an unknown one raises `UsageError`. A reader that closes its pipe has seen enough.

    A table that is too wide for the terminal does without the columns of `spare`, the first of them first.
    """
    try:
        _show(rows, form, empty, spare)
        sys.stdout.flush()
    except BrokenPipeError:
        # Python writes what is left at its exit, to a place that takes it.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _show(rows: Rows, form: str, empty: str, spare: Sequence[str]) -> None:
    if form == "table":
        _show_table(rows, empty, spare)
    elif form == "json":
        records = [dict(zip(_unique(rows.columns), row, strict=True)) for row in rows.values]
        print(json.dumps(_plain(records), ensure_ascii=False, indent=1))  # noqa: T201  # the data of the command
    elif form == "csv":
        writer = csv.writer(sys.stdout, lineterminator="\n")
        writer.writerow(rows.columns)
        writer.writerows([_text(value, blank="") for value in row] for row in rows.values)
    elif form == "markdown":
        print(_markdown(rows))  # noqa: T201  # the data of the command
    elif form == "parquet":
        _write_parquet(rows)
    else:
        raise UsageError(f"there is no format {form!r}", f"use one of {', '.join(FORMATS)}")


def _show_table(rows: Rows, empty: str, spare: Sequence[str]) -> None:
    if not rows.values:
        if empty:
            print(empty, file=sys.stderr)  # noqa: T201  # for the person; the data is nothing
        return
    screen_width = _screen_width()
    for column in spare:
        if screen_width is not None and column in rows.columns and _width(rows) > screen_width:
            rows = rows.select(*(name for name in rows.columns if name != column))
    print(_table(rows, screen_width))  # noqa: T201  # the data of the command


def _width(rows: Rows) -> int:
    return len(_table(rows, None).split("\n", 2)[1])


def _screen_width() -> int | None:
    """Columns of the terminal; a pipe has no width to keep to, whoever reads it gets whole lines."""
    return shutil.get_terminal_size().columns if sys.stdout.isatty() else None


def _table(rows: Rows, screen_width: int | None) -> str:
    """Aligned columns, or where they do not fit the screen, the columns of each row below each other."""
    cells = [[_printable(_text(value, blank="")) for value in row] for row in rows.values]
    lines = [[_printable(column) for column in rows.columns], *cells]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    if screen_width is not None and sum(widths) + len(_GAP) * (len(widths) - 1) > screen_width:
        return _records(lines[0], cells)
    numbers = [
        all(isinstance(value, int | float | Decimal | None) for value in column)
        for column in zip(*rows.values, strict=True)
    ]
    aligned = [
        _GAP.join(
            cell.rjust(width) if is_number else cell.ljust(width)
            for cell, width, is_number in zip(line, widths, numbers, strict=True)
        ).rstrip()
        for line in lines
    ]
    rule = "─" * (sum(widths) + len(_GAP) * (len(widths) - 1))
    return "\n".join([aligned[0], rule, *aligned[1:]])


def _records(columns: Sequence[str], cells: Sequence[Sequence[str]]) -> str:
    width = max(map(len, columns))
    return "\n\n".join(
        "\n".join(f"{column.ljust(width)}{_GAP}{cell}".rstrip() for column, cell in zip(columns, row, strict=True))
        for row in cells
    )


def _printable(text: str) -> str:
    """One line without what a terminal would take for a command."""
    return text if text.isprintable() else "".join(char if char.isprintable() else " " for char in text)


def _markdown(rows: Rows) -> str:
    def line(cells: Sequence[str]) -> str:
        return "| " + " | ".join(" ".join(cell.replace("|", "\\|").splitlines()) for cell in cells) + " |"

    body = [line([_text(value, blank="") for value in row]) for row in rows.values]
    return "\n".join([line(list(rows.columns)), line(["---"] * len(rows.columns)), *body])


def _write_parquet(rows: Rows) -> None:
    if sys.stdout.isatty():
        raise UsageError(
            "Parquet is not for reading on a terminal",
            "send it to a file: … --format parquet > closest.parquet",
        )
    import pyarrow as pa
    import pyarrow.parquet as pq

    columns = [list(column) for column in zip(*rows.values, strict=True)] or [[] for _ in rows.columns]
    buffer = io.BytesIO()
    try:
        pq.write_table(pa.table(columns, names=_unique(rows.columns)), buffer)
    except (pa.ArrowException, OverflowError) as error:
        raise UsageError(
            f"Parquet cannot hold these rows: {error}", "cast the column, or use another format"
        ) from error
    sys.stdout.buffer.write(buffer.getvalue())


def _unique(columns: Sequence[str]) -> list[str]:
    """Names that an object may have beside each other: a join gives the same one twice."""
    names: list[str] = []
    for column in columns:
        name, number = column, 0
        while name in names:
            number += 1
            name = f"{column}_{number}"
        names.append(name)
    return names


def _plain(value: object) -> object:
    """A value as JSON has it: numbers stay numbers, dates are ISO text, what is no number is null."""
    if isinstance(value, dict):
        return {str(key): _plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if value is None or isinstance(value, str | int | float):
        return value
    return str(value)


def _text(value: object, *, blank: str) -> str:
    if value is None:
        return blank
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, datetime):
        return value.isoformat(sep=" ", timespec="seconds")
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, dict | list | tuple):
        return json.dumps(_plain(value), ensure_ascii=False)
    return str(timedelta(seconds=value.total_seconds()) if isinstance(value, timedelta) else value)
