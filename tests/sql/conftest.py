"""Warehouses for reading only: of a season of oddities, and of all captures."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Ask, ask_file
from tests.support.feed import FeedFolder, race, weekend
from tests.support.odd_races import RACES, YEAR


@pytest.fixture(scope="session")
def oddities(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with the season of oddities; for reading only."""
    from nascar_warehouse.etl import cli

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
