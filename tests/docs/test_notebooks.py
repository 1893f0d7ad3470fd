"""The notebooks run without a browser, on the facts that come with the program."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

NOTEBOOK = Path(__file__).resolve().parents[2] / "docs" / "notebooks" / "margins.py"
PROGRAM = f"""
import json, runpy
_, defined = runpy.run_path({str(NOTEBOOK)!r})["app"].run()
print(json.dumps(defined["chart"].to_dict()))
"""


@pytest.mark.slow  # marimo and altair take seconds to import.
def test_the_notebook_draws_the_trend_of_margins(home_of_almanac: Path) -> None:
    for package in ("altair", "marimo"):
        pytest.importorskip(package, reason=f"{package} of the extra `notebook` is not installed")
    environment = os.environ | {"NASCAR_HOME": str(home_of_almanac)}
    done = subprocess.run(  # noqa: S603  # our interpreter
        [sys.executable, "-c", PROGRAM], env=environment, capture_output=True, text=True, check=False
    )
    assert 0 == done.returncode, done.stderr
    chart = json.loads(done.stdout)
    median, photo_finishes = chart["vconcat"]
    assert ("line", "bar") == (median["mark"]["type"], photo_finishes["mark"]["type"])
    seasons = [row["season"] for row in chart["data"]["values"]]
    assert seasons[0] == 1993
    assert len(seasons) > 25
