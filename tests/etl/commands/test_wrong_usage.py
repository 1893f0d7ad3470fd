"""People that misbehave: exit 2, what was wrong, and nothing is made."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import Nascar


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["ingest", "formula_one"], "formula_one"),
        (["ingest", "--series", "f1"], "f1"),
        (["ingest", "--season", "last"], "last"),
        (["ingest", "--season", "2025-2018"], "2025-2018"),
        (["ingest", "--season", "1948"], "1948"),
        (["ingest", "--season", "9999"], "9999"),
        (["ingest", "--season", "2018,"], "2018,"),
        (["ingest", "--with", "weather"], "weather"),
        (["ingest", "--mirror", "no/such/folder"], "no/such/folder"),
        (["ingest", "--mirror", "ftp://127.0.0.1/"], "ftp://127.0.0.1/"),
        (["ingest", "--mirror", "http://"], "http://"),
        (["rebuild", "--as-of", "yesterday"], "yesterday"),
        (["closest", "--basis", "guess"], "guess"),
        (["closest", "--series", "f1"], "f1"),
        (["closest", "--season", "2018,2020"], "2018,2020"),
        (["closest", "--format", "xml"], "xml"),
        (["closest", "--limit", "0"], "0"),
        *(
            ([*command, "--limit", "9" * 20], "9" * 20)
            for command in (["closest"], ["races"], ["changes"], ["ask", "x"])
        ),
        (["closest", "--season", ""], "invalid season ''"),
        (["closest", "--series", ""], "invalid series ''"),
        (["races", "--season", ""], "invalid season ''"),
        (["ask", "most-wins", "--season", ""], "invalid season ''"),
        (["describe", "core.nothing"], "nascar"),
        (["query", "SELECT 1"], "no warehouse"),
        (["check"], "no warehouse"),
    ],
)
def test_wrong_usage_is_exit_2_and_says_what_was_wrong(
    nascar: Nascar, home: Path, arguments: list[str], said: str
) -> None:
    left = nascar(*arguments)
    assert (2, "") == (left.code, left.out)
    assert said in left.err
    assert not (home / "nascar.duckdb").exists()


def test_a_mirror_that_is_a_file_is_wrong_usage(nascar: Nascar, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    left = nascar("ingest", "--mirror", tmp_path / "file")
    assert 2 == left.code
    assert str(tmp_path / "file") in left.err


@pytest.mark.parametrize("value", ["many", "-1", "1.5"])
def test_a_setting_that_cannot_be_meant_is_wrong_usage_and_named(
    nascar: Nascar, monkeypatch: pytest.MonkeyPatch, value: str
) -> None:
    monkeypatch.setenv("NASCAR_SNAPSHOTS", value)
    left = nascar("build")
    assert 2 == left.code
    assert f"NASCAR_SNAPSHOTS is '{value}'" in left.err
