"""The formats in which commands print rows; every command names them, so nothing else is imported here."""

from __future__ import annotations

from typing import Literal, get_args

Format = Literal["table", "json", "csv", "parquet", "markdown"]
FORMATS: tuple[str, ...] = get_args(Format)
