"""Python values as SQL literals, for statements that must not bind parameters.

DuckDB imports pandas, where it is installed, as soon as a statement has a parameter that is text, which takes longer
than the statement itself.
"""

from __future__ import annotations


def literal(value: str | int | None) -> str:
    """A value as DuckDB reads it back, whatever the text holds.

    In a plain string literal of DuckDB only the quote has a meaning, and is doubled. Raises `ValueError` for text that
    no statement can hold: a NUL character or half of a surrogate pair.
    """
    if value is None:
        return "NULL"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if "\0" in value:
        raise ValueError("text with a NUL character cannot be part of a statement")
    value.encode()
    return "'" + value.replace("'", "''") + "'"
