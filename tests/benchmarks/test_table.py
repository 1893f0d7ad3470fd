"""Every row of the table runs, on a small made-up season."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tests.benchmarks.__main__ import main
from tests.benchmarks.measure import Command, run
from tests.benchmarks.stage import Stage
from tests.benchmarks.table import rows_of
from tests.support.feed import FeedFolder, laps
from tests.support.good_season import put_good_season


@pytest.mark.slow
def test_every_command_of_every_row_runs_and_prints_its_figure(home_of_season: Path, tmp_path: Path) -> None:
    feed = FeedFolder(tmp_path / "mirrors" / "0")
    put_good_season(feed)
    feed.put("2021/1/9001/lap-times.json", laps({"11": "Ann Winner", "12": "Bob Second"}))
    stage = Stage(tmp_path, (feed.root,))
    for home in (stage.whole, stage.one_less):
        shutil.copytree(home_of_season, home)
    rows = rows_of(stage, None)
    commands: dict[tuple[str, ...], Command] = {}
    figures: dict[tuple[str, ...], set[str]] = {}
    for command, figure in ((command, row.figure) for row in rows for command in (row.ours, row.theirs) if command):
        known = command.key
        commands.setdefault(known, command)
        figures.setdefault(known, set()).add(figure)

    for known, command in commands.items():
        printed = run(command).printed
        for figure in figures[known] - {""}:
            assert json.loads(printed)[figure] > 0

    names = {row.name for row in rows}
    assert {
        "parse a feed",
        "parse laps",
        "first ingest",
        "full build",
        "one race more",
        "nothing new",
        "publish",
        "open",
    } <= names
    assert {"ranking, warm", "career table, warm", "nascar closest", "nascar --help", "export", "file size"} <= names


def test_the_command_prints_a_table_and_writes_json(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tests.benchmarks.__main__.set_stage", lambda work, mirrors: Stage(work, tuple(mirrors)))
    put_good_season(FeedFolder(tmp_path / "mirror"))

    main(
        [
            "--mirror",
            str(tmp_path / "mirror"),
            "--runs",
            "1",
            "--only",
            "parse a feed",
            "--json",
            str(tmp_path / "out.json"),
        ]
    )

    [row] = json.loads((tmp_path / "out.json").read_text())["rows"]
    assert ("parse a feed", "decoding alone", 1) == (row["name"], row["against"], row["runs"])
    assert row["ratio"] == row["ours"] / row["theirs"] > 0
    assert "parse a feed" in capsys.readouterr().out.splitlines()[1]
