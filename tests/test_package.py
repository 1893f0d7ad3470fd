"""The installed package: one import name made of the folders, light to import."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[1]
FOLDERS = ("etl", "sql", "warehouse")


def test_the_package_list_names_every_folder_with_code() -> None:
    listed = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["setuptools"]["packages"]
    found = {
        ".".join(("nascar_warehouse", *file.parent.relative_to(ROOT).parts))
        for folder in FOLDERS
        for file in (ROOT / folder).rglob("__init__.py")
        if file.parent != ROOT / "warehouse" / "public"
    }
    assert {"nascar_warehouse", *found} == set(listed)


@pytest.mark.parametrize("module", ["duckdb", "polars", "sqlglot", "httpx", "typer"])
def test_importing_the_package_loads_nothing_heavy(module: str) -> None:
    program = f"import sys, nascar_warehouse; print({module!r} in sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)  # noqa: S603  # our interpreter
    assert "False\n" == done.stdout


def test_folders_of_the_user_with_our_names_do_not_get_in_the_way(tmp_path: Path) -> None:
    for name in FOLDERS:
        (tmp_path / name).mkdir()
        (tmp_path / name / "__init__.py").write_text("raise ImportError('this is the folder of the user')\n")
    program = "import sys; sys.path.insert(0, '.'); from nascar_warehouse.etl.cli import run; run()"
    done = subprocess.run(  # noqa: S603  # our interpreter
        [sys.executable, "-c", program, "closest", "--limit", "1", "--format", "csv"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (0, 2) == (done.returncode, len(done.stdout.splitlines())), done.stderr


def test_the_python_interface_ranks(home: Path, nascar: object) -> None:
    import nascar_warehouse as nw

    with pytest.raises(nw.UsageError, match="there is no warehouse"):
        nw.connect()
    nascar("closest", "--limit", 1)  # type: ignore[operator]  # the fixture is a function; it builds the first warehouse
    frame = nw.closest(limit=3)
    assert [1, 2, 2] == frame["rank"].to_list()
    with nw.connect(home) as con:
        assert [(3,)] == con.sql("SELECT count(*) FROM marts.closest_finishes WHERE rank <= 2").fetchall()
    assert home == nw.Home(home).root


@pytest.mark.parametrize("question", [{"basis": "guess"}, {"basis": "LINE"}, {"series": "f1"}, {"limit": -1}])
def test_the_python_interface_refuses_what_the_command_refuses(question: dict[str, Any]) -> None:
    import nascar_warehouse as nw

    with pytest.raises(nw.UsageError, match=r"^invalid (basis|series|limit) "):
        nw.closest(**question)


@pytest.mark.usefixtures("almanac")
def test_the_python_interface_answers_named_questions() -> None:
    import nascar_warehouse as nw

    frame, coverage = nw.ask("closest-at-track", track="kansas", season=2024, limit=1)
    assert ["cup-2024-12"] == frame["race_id"].to_list()
    assert coverage.startswith("electronic margin or finish under caution at kansas: known for ")
    with pytest.raises(nw.UsageError, match="did you mean closest-at-track"):
        nw.ask("closest-at-trak")
