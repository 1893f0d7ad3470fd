"""What the feed leaves blank of a race to come: rows without a driver, and null where a number or a text belongs.

Only a document that its shape refuses is filled, and only where the race was not run: a null in a result is a change of
the source.
"""

from __future__ import annotations

import codecs
import typing
from typing import Annotated, Any

import msgspec

from nascar_warehouse.etl.formats.json_payload import decode
from nascar_warehouse.etl.sources.nascar_feed_schema import Index, Race, Result, Weekend, WeekendFeed, has_race_time
from nascar_warehouse.warehouse.errors import SourceChanged

# What stands for unknown in a document that is filled, by type.
_BLANKS: dict[object, object] = {int: 0, float: 0.0, str: "", bool: False}

# What says which race or car a row is about is never made up.
_IDENTITIES = frozenset({"race_id", "race_season", "result_id"})

_OTHER_SHAPE = (
    msgspec.DecodeError,
    RecursionError,
    UnicodeError,
    OverflowError,
    AttributeError,
    KeyError,
    TypeError,
)


def decode_index(content: bytes) -> tuple[Index, list[str]]:
    """Decode an index as `json_payload.decode` does, if need be with what is blank of races to come filled."""
    try:
        return decode(content, Index)
    except SourceChanged:
        filled = _fill_index(content)
        if filled is None:
            raise
        return decode(filled, Index)


def decode_weekend(content: bytes) -> tuple[WeekendFeed, list[str], int]:
    """Decode a weekend feed in the same way; the third is how many results name neither a driver nor a place."""
    try:
        return *decode(content, WeekendFeed), 0
    except SourceChanged:
        filled, count = _fill_weekend(content)
        if filled is None:
            raise
        return *decode(filled, WeekendFeed), count


def _fill_index(content: bytes) -> bytes | None:
    """Fill the rows of races to come; None if there is nothing to fill."""
    try:
        index = msgspec.json.decode(content.removeprefix(codecs.BOM_UTF8))
        rows = [
            row
            for rows in index.values()
            for row in rows
            if not (has_race_time(row["total_race_time"], row["number_of_leaders"]) or row["winner_driver_id"])
        ]
        count = sum(_fill(row, Race) for row in rows)
    except _OTHER_SHAPE:
        return None
    return msgspec.json.encode(index) if count else None


def _fill_weekend(content: bytes) -> tuple[bytes | None, int]:
    """Leave out the results that say nothing, and fill the others of a race to come; None if that changes nothing."""
    try:
        feed = msgspec.json.decode(content.removeprefix(codecs.BOM_UTF8))
        left_out = filled = 0
        for race in feed["weekend_race"]:
            rows = [row for row in race["results"] or () if not _is_blank(row)]
            if race["results"]:
                left_out += len(race["results"]) - len(rows)
                race["results"] = rows
            if not (
                has_race_time(race["total_race_time"], race["number_of_leaders"])
                or any(row["finishing_position"] for row in rows)
            ):
                filled += _fill(race, Weekend) + sum(_fill(row, Result) for row in rows)
    except _OTHER_SHAPE:
        return None, 0
    return (msgspec.json.encode(feed) if left_out or filled else None), left_out


def _is_blank(row: Any) -> bool:
    """Whether a row of results names neither a driver nor a place; a row without these fields is another thing."""
    if not isinstance(row, dict) or not row.keys() >= {"driver_fullname", "finishing_position"}:
        return False
    return not row["finishing_position"] and not str(row["driver_fullname"] or "").strip()


def _fill(row: dict[str, Any], shape: type[msgspec.Struct]) -> int:
    """Put a blank, of lists an empty one, in the place of each null that the shape does not admit; returns how many."""
    count = 0
    for field in msgspec.structs.fields(shape):
        if row.get(field.name, field) is None and field.name not in _IDENTITIES:
            kind = typing.get_args(field.type)[0] if typing.get_origin(field.type) is Annotated else field.type
            is_list = typing.get_origin(kind) is list
            if is_list or kind in _BLANKS:
                row[field.name] = [] if is_list else _BLANKS[kind]
                count += 1
    return count
