"""DuckDB for the reader's browser: the files of the npm package `@duckdb/duckdb-wasm` that the console of a site needs.

The package is never part of this program: who wants the console unpacks it and names its folder. Version 1.28.0 has
the reader of Parquet inside. Later ones load it from a server of DuckDB's when a statement needs it, which the pages
here do not allow: for these the relations are written in DuckDB's own format too.
"""

from __future__ import annotations

import json
import re
import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING

from nascar_warehouse.warehouse.errors import UsageError

if TYPE_CHECKING:
    from pathlib import Path

PACKAGE = "@duckdb/duckdb-wasm"
FOLDER = "engine"
_WITH_PARQUET = (1, 28, 0)
_FIRST_WITH_STORAGE = (1, 30, 0)
"""The first one that reads `STORAGE`; it has DuckDB 1.3."""
STORAGE = "v1.2.0"
_ADVICE = f"unpack it with `npm pack {PACKAGE}` and `tar xzf`, and name the folder that it makes"
_FILES = (
    "dist/duckdb-eh.wasm",
    "dist/duckdb-mvp.wasm",
    "dist/duckdb-browser-eh.worker.js",
    "dist/duckdb-browser-mvp.worker.js",
    # It names the authors, the licence and where the source is.
    "package.json",
)


@dataclass(frozen=True, slots=True)
class Engine:
    """An unpacked package, and whether it reads Parquet by itself."""

    folder: Path
    version: str
    reads_parquet: bool

    @property
    def bytes(self) -> int:
        """What a browser of today loads before the first statement: the faster build and its worker."""
        return sum((self.folder / name).stat().st_size for name in _FILES if "-eh." in name)

    def copy_to(self, site: Path) -> None:
        """Copy what a browser needs into the folder of a site."""
        (site / FOLDER).mkdir()
        for name in _FILES:
            shutil.copyfile(self.folder / name, site / FOLDER / name.rpartition("/")[2])


def read_engine(folder: Path) -> Engine:
    """The package in a folder; `UsageError` when it is another one, is not whole, or is of an unknown version."""
    try:
        package = json.loads((folder / "package.json").read_text(encoding="utf-8"))
        name, version = package["name"], package["version"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise UsageError(f"{folder} is not an unpacked npm package", _ADVICE) from error
    if name != PACKAGE:
        raise UsageError(f"{folder} has the npm package {name!r}, not {PACKAGE}", _ADVICE)
    if missing := [file for file in _FILES if not (folder / file).is_file()]:
        raise UsageError(f"{folder} lacks {', '.join(missing)}", _ADVICE)
    match = re.match(r"(\d+)\.(\d+)\.(\d+)", str(version))
    numbers = tuple(map(int, match.groups())) if match else (0,)
    if numbers != _WITH_PARQUET and not _FIRST_WITH_STORAGE <= numbers < (2,):
        raise UsageError(f"{PACKAGE} {version} is not supported", "use 1.28.0, or 1.30.0 or later")
    return Engine(folder, str(version), numbers == _WITH_PARQUET)
