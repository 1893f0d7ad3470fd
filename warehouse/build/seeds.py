"""The rows of `sql/seeds/*.csv`: aliases, categories, precedences and exceptions, each with a reason."""

from __future__ import annotations

import csv
import functools
from importlib.resources import files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable


def seed_files() -> dict[str, Traversable]:
    """The seeds by name, ordered."""
    found = {
        entry.name.removesuffix(".csv"): entry
        for entry in files("nascar_warehouse.sql").joinpath("seeds").iterdir()
        if entry.name.endswith(".csv")
    }
    return dict(sorted(found.items()))


@functools.cache
def seed_column(seed: str, column: str, source_id: str | None = None) -> frozenset[str]:
    """The values that a column of a seed lists, of all sources or of one."""
    return frozenset(row[column] for row in seed_rows(seed) if source_id is None or row["source_id"] == source_id)


@functools.cache
def seed_rows(seed: str) -> tuple[dict[str, str], ...]:
    """The rows of a seed, each value as text."""
    text = files("nascar_warehouse.sql").joinpath("seeds", f"{seed}.csv").read_text(encoding="utf-8")
    return tuple(csv.DictReader(text.splitlines()))
