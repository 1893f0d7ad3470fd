"""A season of races at a publisher that may refuse its documents."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

from tests.conftest import ask_file
from tests.support.feed import Payload, season, weekend
from tests.support.publisher import Run

YEAR = 2021
RACES = 6
INDEX = f"{YEAR}/race_list_basic"
NOW = f"{YEAR}-12-01"
PROMISED = "the index says that this race was run, and the source does not have this document"
WITHOUT_RESULTS = "the index says that this race was run, and its document has no results"


def weekend_of(number: int) -> Payload:
    [listed] = season(number, YEAR)[-1:]
    content = weekend(**{name: listed[name] for name in ("race_id", "race_season", "race_name", "race_date")})
    for name in ("results", "caution_segments", "race_leaders"):
        for row in content["weekend_race"][0][name]:
            row |= {key: value for key, value in {"race_id": 9000 + number, "race_season": YEAR}.items() if key in row}
    return content


def weekends(*numbers: int) -> list[str]:
    return [f"{YEAR}/1/{9000 + number}/weekend-feed" for number in numbers]


def races_with_results(home: Path) -> int:
    statement = "SELECT count(DISTINCT race_id) FROM core.results WHERE source_id = 'nascar_feed'"
    [(count,)] = ask_file(home / "nascar.duckdb", statement)
    return int(count)


def problems(run: Run) -> list[str]:
    return [problem.problem for problem in run.outcome.problems]


def days(first: str, count: int, step: int = 1) -> list[str]:
    return [(date.fromisoformat(first) + timedelta(days=step * number)).isoformat() for number in range(count)]
