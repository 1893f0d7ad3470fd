"""Rows with named columns, as commands pass them on and print them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    import duckdb


@dataclass(frozen=True, slots=True)
class Rows:
    """Named columns and their values, row by row."""

    columns: Sequence[str]
    values: Sequence[Sequence[Any]]

    def select(self, *columns: str) -> Rows:
        """Only these columns, in this order."""
        places = [self.columns.index(column) for column in columns]
        return Rows(columns, [[row[place] for place in places] for row in self.values])


def fetch_rows(result: duckdb.DuckDBPyConnection) -> Rows:
    """All rows of an executed statement."""
    return Rows([column[0] for column in result.description or []], result.fetchall())
