"""The files of sql/, by folder and name, and the rows of its seeds."""

from __future__ import annotations

import csv
import functools
from pathlib import Path

from nascar_warehouse import sql
from nascar_warehouse.warehouse.build.script_files import parse_script
from nascar_warehouse.warehouse.build.scripts import Script

FOLDER = Path(sql.__file__).parent
QUESTIONS = sorted(FOLDER.glob("questions/*.sql"))
FILES = [path for path in sorted(FOLDER.glob("*/*.sql")) if path not in QUESTIONS]
SEEDS = sorted(FOLDER.glob("seeds/*.csv"))


def name_of(path: Path) -> str:
    return f"{path.parent.name}.{path.stem}"


def in_schema(*schemas: str) -> list[Path]:
    return [path for path in FILES if path.parent.name in schemas]


@functools.cache
def parse(path: Path) -> Script:
    return parse_script(path.parent.name, path.stem, path.read_text(encoding="utf-8"))


def is_macro(path: Path) -> bool:
    return "CREATE OR REPLACE MACRO" in path.read_text(encoding="utf-8")


def seed_rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
