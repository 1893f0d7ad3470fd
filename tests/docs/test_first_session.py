"""The first session in the docs, replayed as a newcomer would type it."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from tests.conftest import Nascar
from tests.support.feed import FeedFolder

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "first-session.md").read_text(encoding="utf-8")
STEPS = re.findall(r"```(sh|python)\n(.*?)```", PAGE, re.DOTALL)


@pytest.mark.slow  # Two builds and twenty commands.
def test_every_step_of_the_first_session_works(nascar: Nascar, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    FeedFolder(tmp_path / "mirror").put_one_race()
    commands = 0
    for kind, text in STEPS:
        if kind == "python":
            exec(compile(text, "first-session.md", "exec"), {})  # noqa: S102  # the page is ours
            continue
        for line in text.splitlines():
            left = nascar(*shlex.split(line)[1:])
            assert 0 == left.code, f"{line}: {left.err}"
            assert left.out or line.startswith(("nascar ingest", "nascar export")), line
            commands += 1
    assert commands >= 15
    assert {"croissant.json", "datapackage.json", "manifest.json", "marts", "sources.yml"} == {
        path.name for path in (tmp_path / "nascar-parquet").iterdir()
    }
    assert {"manifest.json", "metadata.json", "nascar.sqlite"} == {
        path.name for path in (tmp_path / "nascar-sqlite").iterdir()
    }
