"""How fresh the kept documents of each source are, and whether the schedule needs attention."""

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
"""A sensible schedule runs at least once a week, as there is a race each week; one more day allows for a failed run."""

SEASON_MONTHS = range(2, 12)
"""From the first exhibition, at the beginning of February, to the last race, in November."""


@dataclass(frozen=True, slots=True)
class Freshness:
    """The kept documents of a source: how many, when the newest version arrived and when it was last asked (UTC).

    `state` is "fresh", "stale", "never asked", "complete" for a source without a running season, or "built in" for one
    that comes with the program; `advice` is the next step, empty if there is none.
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
    """Return one for each source, those that come with the program first."""
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
        since = f"last asked {age.days} days ago, during the season"
        return "stale", f"{since}: check that the schedule still runs, and run `nascar ingest {source.source_id}`"
    return "fresh", ""


def _has_running_season(source: Source, now: datetime) -> bool:
    """Whether every run asks the source for something; an archive is asked once."""
    documents = source.index_documents(Selection(now.date()))
    return any(index.season is None or index.season >= now.year for index in documents)
