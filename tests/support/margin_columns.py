"""The columns that a raw table has beside the text of a margin, with their types as sqlglot writes them."""

from __future__ import annotations

from nascar_warehouse.etl.documents import Source

_TYPES = {
    "margin_kind": "TEXT",
    "margin_value": "DECIMAL(12, 4)",
    "margin_unit": "TEXT",
    "margin_seconds": "DECIMAL(9, 4)",
    "margin_decimals": "TINYINT",
    "is_lower_bound": "BOOLEAN",
    "is_approximate": "BOOLEAN",
}


def margin_columns(source: Source, table: str) -> dict[str, str]:
    """Name and type of those that a raw table has, in their order; none where the source states no margin."""
    return _TYPES if table in source.margin_columns else {}
