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
    from nascar_warehouse.etl.storage.last_answers import SourceAnswers

STALE_AFTER = timedelta(days=8)
"""A sensible schedule runs at least once a week, as there is a race each week; one more day allows for a failed run."""

SEASON_MONTHS = range(2, 12)
"""From the first exhibition, at the beginning of February, to the last race, in November."""


@dataclass(frozen=True, slots=True)
class Freshness:
    """The kept documents of a source: how many, when the newest version arrived, when one was last found (UTC).

    Only answers that a document is there, or unchanged, count. `state` is "fresh", "stale", "refused", "never found",
    "never asked", "complete" for a source without a running season, or "built in" for one that comes with the program;
    `advice` is the next step, empty if there is none.
    """

    source_id: str
    documents: int
    newest_at: datetime | None
    found_at: datetime | None
    state: str
    advice: str = ""


def read_freshness(
    landing: Landing, built_in: Sequence[Source], fetched: Sequence[Source], opt_in: Sequence[Source], now: datetime
) -> list[Freshness]:
    """Return one for each source, those that come with the program first; of opt-in ones for those that were asked."""
    answers = landing.answers_by_source()
    found = []
    for source in (*built_in, *fetched, *(source for source in opt_in if source.source_id in answers)):
        versions = landing.latest(source.source_id)
        known = answers.get(source.source_id)
        state, advice = ("built in", "") if source in built_in else _state(source, known, now)
        newest_at = max((version.fetched_at for version in versions), default=None)
        found_at = known.last_found_at if known else None
        found.append(Freshness(source.source_id, len(versions), newest_at, found_at, state, advice))
    return found


def _state(source: Source, known: SourceAnswers | None, now: datetime) -> tuple[str, str]:
    ingest = f"run `nascar ingest {source.source_id}`"
    if known is None:
        return "never asked", ingest
    if known.refused_since is not None:
        since = f"refused since {known.refused_since:%Y-%m-%d %H:%M} UTC"
        return "refused", f"{since}: set NASCAR_CONTACT to an address that the publisher can write to, and {ingest}"
    if known.last_found_at is None:
        return "never found", f"check the address, or the mirror, and {ingest}"
    if not _has_running_season(source, now):
        return "complete", ""
    age = now - known.last_found_at
    if age > STALE_AFTER and now.month in SEASON_MONTHS:
        since = f"last found {age.days} days ago, during the season"
        return "stale", f"{since}: check that the schedule still runs, and {ingest}"
    return "fresh", ""


def _has_running_season(source: Source, now: datetime) -> bool:
    """Whether every run asks the source for something; an archive is asked once."""
    documents = source.index_documents(Selection(now.date()))
    return any(index.season is None or index.season >= now.year for index in documents)
