"""Box scores through the whole job: beside saved pages, matched to a race, and reported where they fit none."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.conftest import ask_file
from tests.support import racing_reference_html as rr
from tests.support.box_scores import LEAGUE, PAGE, WIRE, pdf
from tests.support.commands import run_on
from tests.support.racing_data_files import RacingDataFolder, race, results
from tests.support.racing_reference_parsing import save

pytestmark = pytest.mark.slow
"""Whole warehouses are built several times."""

YEAR = 1998
NUMBERS = (4, 6, 7)
"""Races of which the facts that come with the program have nothing; all at Kansas, and won by Ann Winner."""


def box_of(text: str, day: str) -> str:
    """A box score of a race at Kansas."""
    for name in ("Dover Downs International Speedway", "Dover, Del."):
        text = text.replace(name, "Kansas Speedway")
    return text.replace("June 2, 1996", day).replace("1996", str(YEAR))


@pytest.fixture(scope="module")
def boxes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The warehouse of some races and box scores; for reading only."""
    base = tmp_path_factory.mktemp("boxes")
    races = [race(number, YEAR, race_date=f"02/0{number}/98", race_cautions="") for number in NUMBERS]
    rows = [row for number in NUMBERS for row in results(number, "Ann Winner", "Bob Second", season=YEAR)]
    RacingDataFolder(base / "mirror").put_season(races, rows, YEAR)
    saved = base / "saved"
    saved.mkdir()
    save(saved, "day and track.pdf", pdf(box_of(LEAGUE, "February 4, 1998")))
    save(saved, "day and winner.html", box_of(PAGE, "February 6, 1998").replace("Kansas", "Other"))
    save(saved, "name.txt", box_of(WIRE, "").replace("Date: ", f"Race: {YEAR} Test 7"))
    save(saved, "nothing.txt", box_of(WIRE, "September 30, 1998"))
    save(saved, "notes.txt", "mine")
    save(saved, "page.html", rr.page())
    where = ("--pages", saved, "--mirror", base / "mirror")
    left = run_on(base / "home", "ingest", "racing_data", "--season", YEAR, *where)
    assert 0 == left.code, left.err
    assert "box_scores: 4 documents asked for, 4 new" in left.err
    assert "box_score_fits_a_race" in left.err
    return base / "home"


@pytest.mark.parametrize(
    ("race_id", "matched_by"),
    [
        ("cup-1998-04", "venue and day"),
        ("cup-1998-06", "winner and day"),
        ("cup-1998-07", "name and winner"),
    ],
)
def test_a_box_score_is_matched_to_its_race(boxes: Path, race_id: str, matched_by: str) -> None:
    found = ask_file(
        boxes / "nascar.duckdb",
        "SELECT listed.matched_by, margins.margin_seconds::VARCHAR, margins.reading FROM core.listed_races AS listed"
        " INNER JOIN core.margins AS margins ON listed.race_id = margins.race_id AND margins.basis = 'line'"
        f" WHERE listed.source_id = 'box_scores' AND margins.source_id = 'box_scores' AND listed.race_id = '{race_id}'",
    )
    assert [(matched_by, "0.1230", "box_score")] == found


def test_the_figures_of_a_box_score_are_cast(boxes: Path) -> None:
    figures = "race_time_seconds, average_speed_mph::VARCHAR, cautions, caution_laps, lead_changes"
    found = ask_file(boxes / "nascar.duckdb", f"SELECT DISTINCT {figures} FROM staging.box_scores")
    assert [(14659, "122.792", 9, 61, 23)] == found


def test_a_box_score_that_fits_no_race_is_not_used_and_reported(boxes: Path) -> None:
    [(key, reason)] = ask_file(
        boxes / "nascar.duckdb", "SELECT race_key, reason FROM ops.unmatched WHERE source_id = 'box_scores'"
    )
    assert ("cup 1998 1998-09-30", True) == (key, "none of the season fits" in reason)


def test_why_names_the_box_score(boxes: Path) -> None:
    left = run_on(boxes, "why", "cup-1998-07", "margin", "--format", "json")
    [row] = [row for row in json.loads(left.out) if row["source_id"] == "box_scores"]
    assert ("yes", "name.txt") == (row["believed"], row["url"])


def test_a_folder_of_box_scores_alone_is_enough(home: Path, tmp_path: Path) -> None:
    (tmp_path / "saved").mkdir()
    save(tmp_path / "saved", "a.txt", LEAGUE)
    left = run_on(home, "ingest", "box_scores", "--pages", tmp_path / "saved")
    assert (0, True) == (left.code, "box_scores: 1 documents asked for, 1 new" in left.err), left.err
