"""The same first ingest as an analyst writes it in an afternoon: json, pandas, SQLite; and packages of the index that read the feed.

    PYTHON -m tests.benchmarks.analyst ingest|append TARGET MIRROR
    PYTHON -m tests.benchmarks.analyst WHAT MIRROR

WHAT is pandas, nascar_api or fastnascar: CPU milliseconds of decoding a document of each kind, printed as JSON, and how many were
refused. It imports nothing of the warehouse; PYTHON is one that has these packages, which the program itself does not want.
"""

from __future__ import annotations

import json
import sqlite3
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

_FEED = "cf.nascar.com/cacher"
_WEEKENDS = "*/*/*/weekend-feed.json"
_LAPS = "*/*/*/lap-times.json"

Work = Callable[[Any], object]


def ingest(target: Path, mirror: Path) -> None:
    """Read every index and weekend feed, make a data frame of each table, and write these to SQLite."""
    import pandas as pd

    parts: dict[str, list[Any]] = defaultdict(list)
    for table, frame in _frames(mirror):
        parts[table].append(frame)
    db = sqlite3.connect(target)
    for table, frames in parts.items():
        _flat(pd.concat(frames, ignore_index=True)).to_sql(table, db, index=False, if_exists="replace")
    db.commit()
    db.close()


def append(target: Path, mirror: Path) -> None:
    """The same, each frame written as soon as it is read; columns that the first one of a table has not are left out."""
    db = sqlite3.connect(target)
    columns: dict[str, Any] = {}
    for table, frame in _frames(mirror):
        columns.setdefault(table, frame.columns)
        _flat(frame.reindex(columns=columns[table])).to_sql(table, db, index=False, if_exists="append")
    db.commit()
    db.close()


def _frames(mirror: Path) -> Iterator[tuple[str, Any]]:
    """Each table of each document that has rows."""
    import pandas as pd

    feed = mirror / _FEED
    for file in feed.glob("*/race_list_basic.json"):
        listed = json.loads(file.read_text())
        yield from (("races", pd.json_normalize(races)) for races in listed.values() if races)
    for file in feed.glob(_WEEKENDS):
        frames = _frames_of(json.loads(file.read_text()))
        yield from ((table, frame) for table, frame in frames.items() if not frame.empty)


def _flat(frame: Any) -> Any:
    for column in frame.columns[frame.map(lambda value: isinstance(value, list)).any()]:
        frame[column] = frame[column].map(json.dumps)
    return frame


def _frames_of(payload: Any) -> dict[str, Any]:
    import pandas as pd

    if not payload or not payload["weekend_race"]:
        return {}
    [race] = payload["weekend_race"]
    nested = ("results", "caution_segments", "race_leaders", "stage_results", "pit_reports", "infractions")
    stages = [
        {"race_id": race["race_id"], "stage_number": stage["stage_number"], **row}
        for stage in race["stage_results"]
        for row in stage["results"]
    ]
    return {
        "weekends": pd.json_normalize({name: value for name, value in race.items() if name not in nested}),
        "results": pd.json_normalize(race["results"]),
        "cautions": pd.json_normalize(race["caution_segments"]),
        "leaders": pd.json_normalize(race["race_leaders"]),
        "stage_results": pd.json_normalize(stages),
    }


def _pandas() -> dict[str, Work]:
    import pandas as pd

    def laps(content: bytes) -> object:
        return pd.json_normalize(json.loads(content)["laps"], "Laps", ["Number", "FullName", "NASCARDriverID"])

    return {"weekend-feed": lambda content: _frames_of(json.loads(content)), "lap-times": laps}


def _nascar_api() -> dict[str, Work]:
    from nascar_api.models import RaceLaps, WeekendInfo

    return {
        "weekend-feed": lambda content: WeekendInfo.model_validate({**json.loads(content), "race_id": 1}),
        "lap-times": lambda content: [
            RaceLaps.model_validate({**car, "race_id": 1}) for car in json.loads(content)["laps"]
        ],
    }


def _fastnascar() -> dict[str, Work]:
    from fastnascar.core import parse_laps, parse_results

    return {
        "weekend-feed": lambda content: parse_results(json.loads(content)["weekend_race"][0]["results"]),
        "lap-times": lambda content: parse_laps(json.loads(content)),
    }


def time_decoding(decoders: dict[str, Work], mirror: Path) -> dict[str, float]:
    """CPU milliseconds of a document by its kind, on average over those that are not refused, and the share that is."""
    found: dict[str, float] = {}
    for kind, pattern in (("weekend-feed", _WEEKENDS), ("lap-times", _LAPS)):
        times, refused = [], 0
        for content in [file.read_bytes() for file in sorted((mirror / _FEED).glob(pattern))]:
            begun = time.process_time()
            try:
                decoders[kind](content)
            except (ValueError, TypeError, KeyError, IndexError):
                refused += 1
            else:
                times.append(time.process_time() - begun)
        found[f"{kind} refused"] = refused
        if times:
            found[kind] = 1000 * sum(times) / len(times)
    return found


INGESTS = {"ingest": ingest, "append": append}
DECODERS = {"pandas": _pandas, "nascar_api": _nascar_api, "fastnascar": _fastnascar}

if __name__ == "__main__":
    if sys.argv[1] in INGESTS:
        INGESTS[sys.argv[1]](Path(sys.argv[2]), Path(sys.argv[3]))
    else:
        print(json.dumps(time_decoding(DECODERS[sys.argv[1]](), Path(sys.argv[2]))))
