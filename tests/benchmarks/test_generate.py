"""The made-up history is valid: its documents are read without a notice, and agree with each other."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import msgspec
import polars as pl
import pytest

from nascar_warehouse.etl.sources.nascar_feed import SOURCE
from tests.benchmarks.floor import documents_of
from tests.benchmarks.generate import write_history
from tests.benchmarks.stage import hide_last_race


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A season of two races of each series, with laps; to be read only."""
    return write_history(tmp_path_factory.mktemp("made") / "mirror", times=1 / 8, laps=True, races={1: 2, 2: 2, 3: 2})


def test_every_document_is_read_without_a_notice(made: Path) -> None:
    documents = [(key, SOURCE.parse(key, content)) for _, key, content in documents_of(made, laps=True)]

    assert {"race_list_basic": 1, "weekend-feed": 6, "lap-times": 6} == Counter(
        key.rsplit("/", 1)[1] for key, _ in documents
    )
    assert [] == [notice for _, parsed in documents for notice in parsed.notices]
    assert not any(parsed.is_preliminary for _, parsed in documents)


def test_a_race_agrees_with_itself(made: Path) -> None:
    for _, key, content in documents_of(made):
        if key.endswith("weekend-feed"):
            [race] = msgspec.json.decode(content)["weekend_race"]
            results, laps = race["results"], race["actual_laps"]
            assert laps == sum(car["laps_led"] for car in results)
            assert (
                race["number_of_lead_changes"] + 1
                == len(race["race_leaders"])
                == sum(car["times_led"] for car in results)
            )
            assert f"{results[1]['diff_time'] / 1000:.3f}" == race["margin_of_victory"]
            assert results[0]["car_number"] == race["race_leaders"][-1]["car_number"]
            assert list(range(1, len(results) + 1)) == sorted(car["starting_position"] for car in results)


def test_each_lap_has_one_car_in_each_place_and_its_leader_first(made: Path) -> None:
    documents = {key: content for _, key, content in documents_of(made, laps=True)}
    for key in (key for key in documents if key.endswith("lap-times")):
        [race] = msgspec.json.decode(documents[key.replace("lap-times", "weekend-feed")])["weekend_race"]
        laps = SOURCE.parse(key, documents[key]).rows["nascar_feed_laps"]
        assert isinstance(laps, pl.DataFrame)
        led = Counter(laps.filter(pl.col("running_position") == 1, pl.col("lap") > 0)["car_number"])
        places = Counter(laps.select("lap", "running_position").rows())
        assert {car["car_number"]: car["laps_led"] for car in race["results"] if car["laps_led"]} == led
        assert 1 == max(places.values())


def test_twice_as_much_history_has_twice_as_many_seasons_of_other_races(tmp_path: Path) -> None:
    write_history(tmp_path, times=2 / 8, races={1: 1})

    keys = [key for _, key, _ in documents_of(tmp_path) if key.endswith("weekend-feed")]
    assert 2 == len({key.split("/")[0] for key in keys}) == len({key.split("/")[2] for key in keys})


def test_a_race_that_is_hidden_is_one_to_come_until_it_is_shown(tmp_path: Path) -> None:
    mirror = write_history(tmp_path / "mirror", times=1 / 8, races={1: 2})
    whole = {key: content for _, key, content in documents_of(mirror)}

    hidden = hide_last_race(mirror)

    left = {key: SOURCE.parse(key, content) for _, key, content in documents_of(mirror)}
    assert 1 == sum(key.endswith("weekend-feed") for key in left)
    assert [True, False] == [
        _field(race, "is_final") for race in left["2101/race_list_basic"].rows["nascar_feed_races"]
    ]
    hidden.show()
    assert whole == {key: content for _, key, content in documents_of(mirror)}


def _field(row: Any, name: str) -> Any:
    return getattr(row, name)
