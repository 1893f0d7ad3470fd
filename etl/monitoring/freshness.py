"""How fresh what is kept of each source is, and whether somebody has to look after the schedule."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from nascar_warehouse.etl.documents import Selection

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from nascar_warehouse.etl.documents import Source
    from nascar_warehouse.etl.storage.landing import Landing

STALE_AFTER = timedelta(days=8)
"""A week is the longest pause of a sensible schedule: there is a race each week. One day more for a run that failed."""

SEASON_MONTHS = range(2, 12)
"""From the first exhibition, at the beginning of February, to the last race, in November."""


@dataclass(frozen=True, slots=True)
class Freshness:
    """What is kept of a source: how many documents, when the newest version came and when it was last asked (UTC).

    `state` is "fresh", "stale", "never asked", "complete" for a source without a running season, or "built in" for one
    that comes with the program; `advice` is what a person has to do, if anything.
    """

    source_id: str
    documents: int
    newest_at: datetime | None
    checked_at: datetime | None
    state: str
    advice: str = ""


def read_freshness(
    landing: Landing, built_in: Sequence[Source], fetched: Sequence[Source], now: datetime
) -> list[Freshness]:
    """One for each source, those that come with the program first."""
    checked: dict[str, datetime] = {}
    for (source_id, _), checked_at in landing.last_checked().items():
        checked[source_id] = max(checked_at, checked.get(source_id, checked_at))
    found = []
    for source in (*built_in, *fetched):
        versions = landing.latest(source.source_id)
        at = checked.get(source.source_id)
        state, advice = ("built in", "") if source in built_in else _state(source, at, now)
        newest_at = max((version.fetched_at for version in versions), default=None)
        found.append(Freshness(source.source_id, len(versions), newest_at, at, state, advice))
    return found


def _state(source: Source, checked_at: datetime | None, now: datetime) -> tuple[str, str]:
    if checked_at is None:
        return "never asked", f"run `nascar ingest {source.source_id}`"
    if not _has_running_season(source, now):
        return "complete", ""
    age = now - checked_at
    if age > STALE_AFTER and now.month in SEASON_MONTHS:
        told = f"last asked {age.days} days ago, and the season is on"
        return "stale", f"{told}: see whether the schedule still runs, and run `nascar ingest {source.source_id}`"
    return "fresh", ""


def _has_running_season(source: Source, now: datetime) -> bool:
    """Whether a run always has something to ask it; an archive is asked once."""
    roots = source.index_documents(Selection(now.date()))
    return any(root.season is None or root.season >= now.year for root in roots)
