"""The commands that read, on a home with nothing but the almanac: formats, narrowing, and answers of no rows."""

from __future__ import annotations

import csv
import io
import json
import shlex
import subprocess
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from tests.conftest import Nascar
from tests.support.commands import COMMAND

DOCUMENTED_COLUMNS = {
    "rank",
    "race_id",
    "season",
    "race_number",
    "race_date",
    "race_name",
    "track_name",
    "winner",
    "winner_car_number",
    "winner_make",
    "runner_up",
    "runner_up_car_number",
    "runner_up_make",
    "margin_seconds",
    "margin_text",
    "margin_feet_estimate",
    "official_margin_seconds",
    "timing",
    "source_id",
}


def test_closest_on_an_empty_home_builds_one_and_answers(nascar: Nascar) -> None:
    left = nascar("closest", "--format", "json")
    [first, *_] = json.loads(left.out)
    assert (0, "no warehouse yet: building one from the facts that come with the program\n") == (left.code, left.err)
    assert (1, 2024, "Kansas Speedway", 0.001, "Kyle Larson", "Chris Buescher") == tuple(
        first[name] for name in ("rank", "season", "track_name", "margin_seconds", "winner", "runner_up")
    )


@pytest.mark.usefixtures("almanac")
def test_check_passes_on_a_home_built_from_the_almanac(nascar: Nascar) -> None:
    left = nascar("check", "--format", "json")
    assert (0, "0 failed, 0 with warnings or notices") == (left.code, left.err.rstrip().rpartition(": ")[2])
    assert {("fail", 0)} == {
        (check["severity"], check["failing_rows"]) for check in json.loads(left.out) if check["severity"] == "fail"
    }


@pytest.mark.usefixtures("almanac")
def test_a_table_on_the_standard_output_is_nothing_but_the_table(nascar: Nascar) -> None:
    left = nascar("closest", "--limit", "2")
    header, rule, *rows = left.out.splitlines()
    assert (0, "") == (left.code, left.err)
    assert (["rank", "margin_seconds", "race_date"], {"─"}) == (header.split()[:3], set(rule) - {" "})
    assert [["1", "0.001", "2024-05-05"], ["2", "0.002", "2003-03-16"]] == [row.split()[:3] for row in rows]


@pytest.mark.usefixtures("almanac")
def test_json_is_one_array_of_objects_with_the_documented_columns(nascar: Nascar) -> None:
    left = nascar("closest", "--limit", "3", "--format", "json")
    rows = json.loads(left.out)
    assert (0, "", 3) == (left.code, left.err, len(rows))
    assert [set()] * 3 == [DOCUMENTED_COLUMNS - set(row) for row in rows]


@pytest.mark.usefixtures("almanac")
def test_csv_has_a_header_and_a_line_a_row(nascar: Nascar) -> None:
    left = nascar("closest", "--limit", "4", "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(left.out)))
    assert (0, "") == (left.code, left.err)
    assert [("1", "cup-2024-12"), ("2", "cup-2003-05"), ("2", "cup-2011-08"), ("4", "cup-2024-02")] == [
        (row["rank"], row["race_id"]) for row in rows
    ]


@pytest.mark.usefixtures("almanac")
def test_markdown_is_a_table_of_that_kind(nascar: Nascar) -> None:
    left = nascar("closest", "--limit", "1", "--format", "markdown")
    header, rule, row = left.out.splitlines()
    assert (0, "") == (left.code, left.err)
    assert header.startswith("| rank | margin_seconds | race_date | race_name | track_name | winner |")
    assert rule == "|" + " --- |" * (header.count("|") - 1)
    assert row.startswith("| 1 | 0.001 | 2024-05-05 | AdventHealth 400 | Kansas Speedway | Kyle Larson |")


@pytest.mark.usefixtures("almanac")
def test_parquet_on_the_standard_output_is_readable_by_duckdb(tmp_path: Path) -> None:
    file = tmp_path / "closest.parquet"
    with file.open("wb") as out:
        line = [*COMMAND, "closest", "--limit", "2", "--format", "parquet"]
        done = subprocess.run(line, stdout=out, stderr=subprocess.PIPE, text=True, check=False)  # noqa: S603
    assert (0, "") == (done.returncode, done.stderr)
    assert [(1, "cup-2024-12", Decimal("0.0010")), (2, "cup-2003-05", Decimal("0.0020"))] == duckdb.sql(
        f"SELECT rank, race_id, margin_seconds FROM read_parquet('{file}') ORDER BY rank"
    ).fetchall()


@pytest.mark.parametrize(
    ("arguments", "fits", "does_not"),
    [
        (["--limit", "3"], "cup-2011-08", "cup-2024-02"),
        (["--season", "2011"], "cup-2011-32", "cup-2010-09"),
        (["--season", "2001-2003"], "cup-2002-09", "cup-2000-04"),
        (["--track", "kansas"], "cup-2004-30", "cup-2003-05"),
        (["--track", "DARLINGTON"], "cup-2003-05", "cup-2024-12"),
        (["--driver", "suarez"], "cup-2024-02", "cup-2024-12"),
        (["--driver", "SUÁREZ"], "cup-2024-02", "cup-2024-12"),
        (["--driver", "daniel-suarez"], "cup-2024-02", "cup-2024-12"),
        (["--driver", "buescher"], "cup-2024-12", "cup-2003-05"),
        (["--season", "2010", "--exhibitions"], "cup-2010-x02", "cup-2011-x03"),
        (["--season", "2010"], "cup-2010-09", "cup-2010-x02"),
    ],
)
@pytest.mark.usefixtures("almanac")
def test_closest_is_narrowed_by_what_is_asked(nascar: Nascar, arguments: list[str], fits: str, does_not: str) -> None:
    left = nascar("closest", "--limit", "1000", *arguments, "--format", "json")
    found = {row["race_id"] for row in json.loads(left.out)}
    assert 0 == left.code
    assert fits in found
    assert does_not not in found


@pytest.mark.usefixtures("almanac")
def test_closest_on_the_official_basis_has_the_official_winner(nascar: Nascar) -> None:
    left = nascar("closest", "--basis", "official", "--season", "2022", "--track", "pocono", "--format", "json")
    assert [("cup-2022-21", "Chase Elliott", "Tyler Reddick", 0.832)] == [
        (row["race_id"], row["winner"], row["runner_up"], row["margin_seconds"]) for row in json.loads(left.out)
    ]


@pytest.mark.usefixtures("almanac")
def test_closest_on_the_line_basis_has_the_winner_on_the_line(nascar: Nascar) -> None:
    left = nascar("closest", "--season", "2022", "--track", "pocono", "--format", "json")
    assert [("cup-2022-21", "Denny Hamlin", "Kyle Busch", 0.927, 0.832)] == [
        (row["race_id"], row["winner"], row["runner_up"], row["margin_seconds"], row["official_margin_seconds"])
        for row in json.loads(left.out)
    ]


@pytest.mark.parametrize(("form", "lines"), [("json", 1), ("csv", 1), ("markdown", 2), ("table", 0)])
@pytest.mark.usefixtures("almanac")
def test_no_match_is_an_answer(nascar: Nascar, form: str, lines: int) -> None:
    left = nascar("closest", "--season", "1950", "--format", form)
    assert (0, lines) == (left.code, len(left.out.splitlines()))
    assert (form != "json") or json.loads(left.out) == []


@pytest.mark.usefixtures("almanac")
def test_a_ranking_says_of_how_many_races_of_its_selection_the_margin_is_known(nascar: Nascar) -> None:
    left = nascar("closest", "--season", "2007", "--track", "martinsville", "--with-coverage")
    assert (0, "2 of 2 races of this selection have a known margin; 4 more races of these seasons are not here") == (
        left.code,
        left.err.split(",")[0],
    )


@pytest.mark.usefixtures("almanac")
def test_json_has_the_coverage_beside_the_rows_where_it_is_asked_for(nascar: Nascar) -> None:
    left = nascar("closest", "--season", "2024", "--format", "json", "--with-coverage")
    answer = json.loads(left.out)
    assert (0, {"races": 5, "margins_known": 5, "races_not_here": 31}) == (left.code, answer["coverage"])
    assert [1, 2, 3, 4, 5] == [row["rank"] for row in answer["rows"]]


NOTHING = {
    "--driver='kyle larsen'": "no driver is called 'kyle larsen' here; did you mean ",
    "--track=taladega": "no track is called 'taladega' here; did you mean talladega",
    "--series=truck --season=1996": "no race of the series truck in these seasons is known here yet; run `nascar ingest`",
    "--season=1985": "electronic timing began in May 1993",
    "--season=1996 --track=indianapolis": "no finish fits",
    "--track=%": "no track is called '%' here; `nascar tracks` lists them",
    "--make=lada": "no make is called 'lada' here; `nascar ask wins-by-make` lists them",
}


@pytest.mark.parametrize(("condition", "words"), NOTHING.items())
@pytest.mark.usefixtures("almanac")
def test_no_match_is_explained(nascar: Nascar, condition: str, words: str) -> None:
    left = nascar("closest", *shlex.split(condition))
    assert (0, "") == (left.code, left.out)
    assert left.err.startswith(words)


@pytest.mark.usefixtures("almanac")
def test_query_shows_the_runs_with_their_times(nascar: Nascar) -> None:
    left = nascar("query", "SELECT command, started_at FROM ops.loads", "--format", "json")
    assert (0, "") == (left.code, left.err)
    [row] = json.loads(left.out)
    assert "build" == row["command"]
    assert datetime.fromisoformat(row["started_at"]).replace(tzinfo=UTC) <= datetime.now(UTC)
