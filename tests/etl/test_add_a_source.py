"""A new source is one Python file and its staging files: those that CONTRIBUTING.md shows, added to a copy of the package."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from importlib.resources import as_file, files
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow
"""Whole warehouses are built several times."""

CONTRIBUTING = Path(__file__).resolve().parents[2] / "CONTRIBUTING.md"
FILE = re.compile(r"^`((?:etl|sql)/[\w/]+\.(?:py|sql))`\n\n```\w+\n(.*?)^```$", re.MULTILINE | re.DOTALL)

SEASON = """race,date,name,track,winner,second,margin
1,2021-02-14,Test 500,Daytona International Speedway,Ann Winner,Bob Second,0.005
2,2021-02-21,Test 253,Daytona International Speedway,Cy Third,Ann Winner,2.119 seconds
"""


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A folder from which a copy of the package is imported, with the files of the walk-through added."""
    folder = tmp_path / "copy"
    for part in ("etl", "sql", "warehouse"):
        with as_file(files(f"nascar_warehouse.{part}")) as source:
            ignored = shutil.ignore_patterns("__pycache__", "web")
            shutil.copytree(source, folder / "nascar_warehouse" / part, ignore=ignored)
    with as_file(files("nascar_warehouse")) as source:
        for file in source.glob("*.py"):
            shutil.copy(file, folder / "nascar_warehouse")
    for path, content in walk_through():
        file = folder / "nascar_warehouse" / path
        assert not file.exists(), "the walk-through changes a file that is there"
        file.write_text(content, encoding="utf-8")
    return folder


def walk_through() -> list[tuple[str, str]]:
    """The path and content of each file that CONTRIBUTING.md shows."""
    return FILE.findall(CONTRIBUTING.read_text(encoding="utf-8"))


def run(copy: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    code = "import sys; sys.path.insert(0, sys.argv.pop(1)); from nascar_warehouse.etl.cli import main; main()"
    command = [sys.executable, "-c", code, str(copy), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)  # noqa: S603


def test_a_source_is_one_python_file_and_its_staging_files() -> None:
    paths = [path for path, _ in walk_through()]
    assert ["etl/sources/gazette.py"] == [path for path in paths if not path.startswith("sql/staging/gazette")]
    assert 4 == len(paths) - 1


def test_the_margin_of_a_source_that_was_added_is_in_the_ranking(copy: Path, tmp_path: Path) -> None:
    file = tmp_path / "mirror" / "gazette.example" / "finishes" / "2021.csv"
    file.parent.mkdir(parents=True)
    file.write_text(SEASON)
    done = run(copy, "ingest", "gazette", "--season", "2021", "--mirror", str(tmp_path / "mirror"))
    assert 0 == done.returncode, done.stderr
    ranked = run(copy, "closest", "--driver", "ann winner", "--format", "json")
    assert 0 == ranked.returncode, ranked.stderr
    assert [("cup-2021-01", 0.005, "Ann Winner", "Bob Second"), ("cup-2021-02", 2.119, "Cy Third", "Ann Winner")] == [
        (row["race_id"], row["margin_seconds"], row["winner"], row["runner_up"]) for row in json.loads(ranked.stdout)
    ]


def test_what_a_source_that_was_added_states_can_be_explained(copy: Path, tmp_path: Path) -> None:
    file = tmp_path / "mirror" / "gazette.example" / "finishes" / "2021.csv"
    file.parent.mkdir(parents=True)
    file.write_text(SEASON)
    run(copy, "ingest", "gazette", "--season", "2021", "--mirror", str(tmp_path / "mirror"))
    why = run(copy, "why", "cup-2021-02", "margin", "--format", "json")
    assert 0 == why.returncode, why.stderr
    assert "gazette" in why.stdout
