"""Warehouses for reading only: of a season of oddities, of all captures, of one sound race; and one to be broken."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

from nascar_warehouse.etl import cli
from tests.conftest import Ask, ask_file
from tests.support.feed import FeedFolder, race, weekend
from tests.support.odd_races import RACES, YEAR


@pytest.fixture(scope="session")
def oddities(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with the season of oddities; for reading only."""
    folder = tmp_path_factory.mktemp("oddities")
    feed = FeedFolder(folder / "mirror")
    listed = []
    for number, (changes, results) in enumerate(RACES, 1):
        fixed: dict[str, Any] = {
            "race_id": 9000 + number,
            "race_season": YEAR,
            "race_date": f"{YEAR}-02-{number:02}T15:00:00",
            "number_of_cars_in_field": len(results),
        } | changes
        payload = weekend(results, **fixed)
        [entry] = payload["weekend_race"]
        for part in (*entry["results"], *entry["caution_segments"], *entry["race_leaders"]):
            part["race_id"] = 9000 + number
        for place, listed_result in enumerate(entry["results"]):
            listed_result |= {"race_season": YEAR, "result_id": 100 * number + place}
        feed.put_weekend(payload, year=YEAR)
        listed.append(race(**{name: value for name, value in fixed.items() if name in race()}))
    feed.put_index(*listed, year=YEAR)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("NASCAR_HOME", str(folder / "home"))
        patch.setattr("sys.argv", ["nascar", "ingest", "nascar_feed", "--mirror", str(feed)])
        with pytest.raises(SystemExit) as leaving:
            cli.main()
    assert not leaving.value.code
    return folder / "home"


@pytest.fixture
def ask_oddities(oddities: Path) -> Ask:
    """Ask the season of oddities."""
    return lambda statement: ask_file(oddities / "nascar.duckdb", statement)


@pytest.fixture
def ask_history(history: Path) -> Ask:
    """Ask the warehouse made of all captures."""
    return lambda statement: ask_file(history / "nascar.duckdb", statement)


@pytest.fixture(scope="session")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A warehouse of one race and the almanac in which every check holds; for reading only."""
    folder = tmp_path_factory.mktemp("sound")
    feed = FeedFolder(folder / "mirror")
    feed.put_one_race()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("NASCAR_HOME", str(folder / "home"))
        patch.setattr(sys, "argv", ["nascar", "ingest", "nascar_feed", "--mirror", str(feed)])
        with pytest.raises(SystemExit) as leaving:
            cli.main()
    assert not leaving.value.code
    (folder / "home" / "nascar.duckdb").chmod(0o644)
    with duckdb.connect(folder / "home" / "nascar.duckdb") as con:
        # A season of one race, so that none is lacking.
        con.execute("UPDATE core.seasons SET points_races = 1 WHERE series_id = 'cup' AND season = 2024")
    return folder / "home" / "nascar.duckdb"


@pytest.fixture
def broken(sound: Path, tmp_path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A copy of the sound warehouse, to be broken."""
    with duckdb.connect(shutil.copy(sound, tmp_path / "broken.duckdb")) as con:
        yield con
