"""What to say where a statement gives no rows."""

from __future__ import annotations

import re

_SHOW_TABLES = re.compile(r"\s*show\s+tables\s*;?\s*", re.IGNORECASE)


def explain_no_rows(sql: str) -> str:
    """Where the rows are that a statement was meant to give; "" where that is not known."""
    if _SHOW_TABLES.fullmatch(sql):
        return "the relations are in the schemas core, marts and ops: SHOW ALL TABLES lists them"
    return ""
