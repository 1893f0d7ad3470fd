"""Rows with named columns, as commands pass them on and print them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    import duckdb


@dataclass(frozen=True, slots=True)
class Rows:
    """Named columns and their values, row by row; `types` are DuckDB's names of the columns' types, where known."""

    columns: Sequence[str]
    values: Sequence[Sequence[Any]]
    types: Sequence[str] | None = None

    def select(self, *columns: str) -> Rows:
        """Only these columns, in this order."""
        places = [self.columns.index(column) for column in columns]
        types = None if self.types is None else [self.types[place] for place in places]
        return Rows(columns, [[row[place] for place in places] for row in self.values], types)


def fetch_rows(result: duckdb.DuckDBPyConnection) -> Rows:
    """All rows of an executed statement, with the types of its columns."""
    columns = result.description or []
    return Rows([column[0] for column in columns], result.fetchall(), [str(column[1]) for column in columns])
