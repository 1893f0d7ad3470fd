"""Rows as a table for people: aligned columns, long texts wrapped to the terminal, or one value a line."""

from __future__ import annotations

import textwrap
from decimal import Decimal
from itertools import zip_longest
from typing import TYPE_CHECKING, Any

from nascar_warehouse.warehouse.read.values import as_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_GAP = "   "
_SHORT = 30
"""A cell of so many characters is not wrapped: names and ids stay whole."""


class Layout:
    """How wide each column is and which are numbers, judged by the first rows; later wider cells stick out.

    A table that is wider than `screen_width` wraps its long texts, but no word and no short text. Where that takes more
    lines than one value a line, or is still too wide, `is_too_wide`.
    """

    def __init__(
        self,
        columns: Sequence[str],
        first_rows: Sequence[Sequence[Any]],
        *,
        null: str = "",
        screen_width: int | None = None,
    ) -> None:
        self._null = null
        self._names = [_printable(column) for column in columns]
        self._numbers = [
            all(isinstance(value, int | float | Decimal | None) for value in column)
            for column in zip(*first_rows, strict=True)
        ] or [False] * len(columns)
        self._decimals = [_decimals_needed(column) for column in zip(*first_rows, strict=True)] or [0] * len(columns)
        cells = [self._cells(row) for row in first_rows]
        self._widths = [max(map(len, column)) for column in zip(self._names, *cells, strict=True)]
        self._is_wrapped = False
        self.is_too_wide = screen_width is not None and self.width > screen_width
        if screen_width is not None and self.is_too_wide and (narrow := self._wrapped_widths(cells, screen_width)):
            self._widths = narrow
            self._is_wrapped = True
            self.is_too_wide = False

    @property
    def width(self) -> int:
        """Of a line, in characters."""
        return sum(self._widths) + len(_GAP) * (len(self._widths) - 1)

    def head(self) -> Iterator[str]:
        """The names of the columns, and a rule."""
        yield self._line(self._names)
        yield "─" * self.width

    def lines(self, rows: Sequence[Sequence[Any]]) -> Iterator[str]:
        """A line for each row; several where its texts are wrapped."""
        for row in rows:
            cells = self._cells(row)
            if self._is_wrapped:
                parts = [_wrap(cell, width) for cell, width in zip(cells, self._widths, strict=True)]
                yield from map(self._line, zip_longest(*parts, fillvalue=""))
            else:
                yield self._line(cells)

    def records(self, rows: Sequence[Sequence[Any]]) -> Iterator[str]:
        """The columns of each row below each other, and an empty line after it."""
        width = max(map(len, self._names))
        for row in rows:
            for name, cell in zip(self._names, self._cells(row), strict=True):
                yield f"{name.ljust(width)}{_GAP}{cell}".rstrip()
            yield ""

    def _wrapped_widths(self, cells: Sequence[Sequence[str]], screen_width: int) -> list[int] | None:
        """Widths that fit, the widest columns narrowed; None where one value a line is easier to read."""
        room = screen_width - len(_GAP) * (len(self._widths) - 1)
        least = [
            width if is_number else max(len(name), min(width, _SHORT), *map(_longest_word, column))
            for width, is_number, name, column in zip(
                self._widths, self._numbers, self._names, zip(*cells, strict=True), strict=True
            )
        ]
        if sum(least) > room:
            return None
        for most in range(max(self._widths), 0, -1):
            widths = [min(width, max(fewest, most)) for width, fewest in zip(self._widths, least, strict=True)]
            if sum(widths) <= room:
                break
        heights = (max(len(_wrap(cell, width)) for cell, width in zip(row, widths, strict=True)) for row in cells)
        return widths if sum(heights) <= self._height_of_records(cells, screen_width) else None

    def _height_of_records(self, cells: Sequence[Sequence[str]], screen_width: int) -> int:
        """How many lines of the screen `records` takes, where the terminal wraps what is too long."""
        indent = max(map(len, self._names)) + len(_GAP)
        return sum(1 + sum(1 + (indent + len(cell) - 1) // screen_width for cell in row) for row in cells)

    def _cells(self, row: Sequence[Any]) -> list[str]:
        return [
            _printable(as_text(_with_decimals(value, decimals), null=self._null))
            for value, decimals in zip(row, self._decimals, strict=True)
        ]

    def _line(self, cells: Sequence[str]) -> str:
        return _GAP.join(
            cell.rjust(width) if is_number else cell.ljust(width)
            for cell, width, is_number in zip(cells, self._widths, self._numbers, strict=True)
        ).rstrip()


def markdown_line(cells: Sequence[str]) -> str:
    """A row of a Markdown table."""
    return "| " + " | ".join(_printable(" ".join(cell.replace("|", "\\|").splitlines())) for cell in cells) + " |"


def _decimals_needed(column: Sequence[Any]) -> int:
    """How many decimals the exact numbers of a column have without the zeros at their ends."""
    return max((_decimals_of(value) for value in column if isinstance(value, Decimal)), default=0)


def _decimals_of(value: Decimal) -> int:
    return len(format(value, "f").partition(".")[2].rstrip("0"))


def _with_decimals(value: object, decimals: int) -> object:
    """An exact number with the decimals of its column, or with its own where it has more."""
    return format(value, f".{max(decimals, _decimals_of(value))}f") if isinstance(value, Decimal) else value


def _wrap(cell: str, width: int) -> list[str]:
    if len(cell) <= width:
        return [cell]
    return textwrap.wrap(cell, width, break_long_words=False, break_on_hyphens=False) or [""]


def _longest_word(cell: str) -> int:
    return max(map(len, cell.split()), default=0)


def _printable(text: str) -> str:
    """One line without what a terminal would take for a command."""
    return text if text.isprintable() else "".join(char if char.isprintable() else " " for char in text)
