"""The documents of the feed that the tests of its source name, and what its index means."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import polars as pl

from nascar_warehouse.etl.documents import SERIES, Document, Parsed, Rows, Selection
from nascar_warehouse.etl.sources.nascar_feed import NascarFeed
from tests.support import feed

SOURCE = NascarFeed()
TODAY = date(2025, 11, 19)
INDEX = "2024/race_list_basic"
WEEKEND = "2024/1/9001/weekend-feed"
LAPS = "2024/1/9001/lap-times"


def dump(value: object) -> bytes:
    return json.dumps(value).encode()


def parse_weekend(payload: feed.Payload) -> Parsed:
    return SOURCE.parse(WEEKEND, dump(payload))


def values(rows: Rows, *columns: str) -> list[tuple[Any, ...]]:
    """What rows have in these columns, whether they are structs or a frame."""
    if isinstance(rows, pl.DataFrame):
        return rows.select(columns).rows()
    return [tuple(getattr(row, column) for column in columns) for row in rows]


def selection(
    seasons: tuple[int, ...] | None = None,
    *,
    today: date = TODAY,
    series: tuple[str, ...] = SERIES,
    extras: frozenset[str] = frozenset(),
) -> Selection:
    return Selection(today, seasons, series, extras)


def detail_documents(chosen: Selection, *races: feed.Payload, season: int = 2024) -> list[Document]:
    """The documents that an index of the season with these races leads to."""
    [root] = SOURCE.index_documents(selection((season,)))
    return SOURCE.detail_documents(root, dump(feed.index(*races)), chosen)


def without(payload: feed.Payload, *names: str) -> feed.Payload:
    return {name: value for name, value in payload.items() if name not in names}


def old_race(season: int, **changes: object) -> feed.Payload:
    """A race of a season in which the index had fewer fields."""
    since = {
        2017: ["stage_1_laps", "stage_2_laps", "stage_3_laps"],
        2018: ["margin_of_victory"],
        2020: ["winner_driver_id"],
    }
    missing = [name for first, names in since.items() for name in names if season < first]
    return without(feed.race(race_season=season, race_date=f"{season}-05-05T15:00:00", **changes), *missing)
