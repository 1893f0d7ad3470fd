"""Rows as a table for people: aligned columns, or one value a line where the terminal is too narrow."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from nascar_warehouse.warehouse.read.values import as_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_GAP = "   "


class Layout:
    """How wide each column is and which are numbers, judged by the first rows; later wider cells stick out."""

    def __init__(self, columns: Sequence[str], first_rows: Sequence[Sequence[Any]], *, null: str = "") -> None:
        self._null = null
        self._names = [_printable(column) for column in columns]
        lines = [self._names, *(self._cells(row) for row in first_rows)]
        self._widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
        self._numbers = [
            all(isinstance(value, int | float | Decimal | None) for value in column)
            for column in zip(*first_rows, strict=True)
        ] or [False] * len(columns)

    @property
    def width(self) -> int:
        """Of a line, in characters."""
        return sum(self._widths) + len(_GAP) * (len(self._widths) - 1)

    def head(self) -> Iterator[str]:
        """The names of the columns, and a rule."""
        yield self._line(self._names)
        yield "─" * self.width

    def lines(self, rows: Sequence[Sequence[Any]]) -> Iterator[str]:
        """A line for each row."""
        return (self._line(self._cells(row)) for row in rows)

    def records(self, rows: Sequence[Sequence[Any]]) -> Iterator[str]:
        """The columns of each row below each other, and an empty line after it."""
        width = max(map(len, self._names))
        for row in rows:
            for name, cell in zip(self._names, self._cells(row), strict=True):
                yield f"{name.ljust(width)}{_GAP}{cell}".rstrip()
            yield ""

    def _cells(self, row: Sequence[Any]) -> list[str]:
        return [_printable(as_text(value, null=self._null)) for value in row]

    def _line(self, cells: Sequence[str]) -> str:
        return _GAP.join(
            cell.rjust(width) if is_number else cell.ljust(width)
            for cell, width, is_number in zip(cells, self._widths, self._numbers, strict=True)
        ).rstrip()


def markdown_line(cells: Sequence[str]) -> str:
    """A row of a Markdown table."""
    return "| " + " | ".join(" ".join(cell.replace("|", "\\|").splitlines()) for cell in cells) + " |"


def _printable(text: str) -> str:
    """One line without what a terminal would take for a command."""
    return text if text.isprintable() else "".join(char if char.isprintable() else " " for char in text)
