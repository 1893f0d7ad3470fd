"""The flags of a race as they were shown, from 2019: when, on which lap, why, and who got a lap back.

The address has no season and the document does not say of which race it is; before the race it may be that of practice.
"""

from __future__ import annotations

from typing import Annotated

import msgspec

from nascar_warehouse.etl.documents import NOTHING, Count, Ignored, Parsed, Whole
from nascar_warehouse.etl.formats.json_payload import decode, is_null
from nascar_warehouse.etl.sources.words import new_fields

_Seconds = Annotated[float, msgspec.Meta(ge=0, le=999_999)]


class _Flag(msgspec.Struct, gc=False, forbid_unknown_fields=True, kw_only=True):
    lap_number: Count
    flag_state: Whole
    elapsed_time: _Seconds
    comment: str | None
    beneficiary: str | None
    time_of_day_os: str | None

    time_of_day: Ignored = NOTHING


class Flag(msgspec.Struct, gc=False, kw_only=True):
    """A flag: its number within the document from 1, the leader's lap, seconds of the race, the time with its zone."""

    race_id: Whole
    flag_number: Count
    lap_number: Count
    flag_state: Whole
    elapsed_time: _Seconds
    comment: str | None
    beneficiary: str | None
    time_of_day_os: str | None


def parse_flags(key: str, content: bytes) -> Parsed:
    """The flags in the order in which they were shown."""
    if is_null(content):
        return Parsed({"nascar_feed_flags": []}, [f"{key}: there is nothing in it"], is_preliminary=True)
    flags, fields = decode(content, list[_Flag])
    rows = [
        Flag(
            race_id=int(key.split("/")[2]),
            flag_number=number,
            lap_number=flag.lap_number,
            flag_state=flag.flag_state,
            elapsed_time=flag.elapsed_time,
            comment=flag.comment,
            beneficiary=flag.beneficiary,
            time_of_day_os=flag.time_of_day_os,
        )
        for number, flag in enumerate(flags, start=1)
    ]
    return Parsed({"nascar_feed_flags": rows}, new_fields(fields), is_preliminary=not rows)
