"""Put a job together from what a command asks for: which sources there are is said here, and only here."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from etl.job import Job, run
from etl.outcome import Outcome
from etl.progress import Silence, watched
from etl.source import Selection
from etl.sources.almanac import Almanac, PackageFiles
from etl.sources.nascar_feed import NascarFeed
from etl.sources.nascar_results import NascarResults
from etl.sources.racing_data import RacingData
from etl.sources.racing_reference_pages import RacingReferencePages, SavedPages
from etl.sources.wikipedia import Wikipedia
from warehouse.errors import UsageError
from warehouse.settings import read_settings
from warehouse.show import Rows

if TYPE_CHECKING:
    from collections.abc import Sequence

    from etl.reply import Fetcher
    from etl.source import Source
    from warehouse.store import Home

ALMANAC = Almanac()
FEEDS: tuple[Source, ...] = (NascarFeed(), RacingData(), NascarResults(), Wikipedia())
"""The sources that are fetched; the almanac comes with the program."""
SAVED = RacingReferencePages()
"""What is never fetched: pages that a person saved."""


def named_sources(names: Sequence[str], pages: str | None = None) -> list[Source]:
    """The sources with these ids that are fetched, all if none is named; an unknown id raises `UsageError`.

    Pages that a person saved are named without being fetched, and only where there is a folder of `pages`.
    """
    known = {source.source_id: source for source in FEEDS}
    for name in names:
        if name == SAVED.source_id and pages is None:
            raise UsageError(f"{name} is never fetched", "give --pages a folder with pages saved from a browser")
        if name not in (*known, SAVED.source_id):
            raise UsageError(f"there is no source {name!r} to fetch", f"use {', '.join(known)}")
    return [known[name] for name in dict.fromkeys(names or known) if name in known]


def saved_pages(folder: str | None) -> list[tuple[Source, Fetcher]]:
    """The pages that a person saved in a folder, with what reads them; none without a folder."""
    if folder is None:
        return []
    saved = SavedPages(folder)
    return [(RacingReferencePages(saved), saved)]


def run_job(
    home: Home,
    command: str,
    *,
    asked: Sequence[tuple[Source, Fetcher]] = (),
    selection: Selection | None = None,
    accept: Sequence[str] = (),
    anew: bool = False,
    resume: bool = False,
    as_of: datetime | None = None,
    wait_seconds: float = 0,
    is_sweep: bool = False,
    outcome: Outcome | None = None,
) -> Outcome:
    """Run a job on a home, with its progress on the terminal; the almanac is always part of it.

    A given `outcome` is filled also when the job fails.
    """
    with watched() as progress:
        return run(
            Job(
                command=command,
                home=home,
                sources=(ALMANAC, *FEEDS, SAVED),
                asked=[(ALMANAC, PackageFiles()), *asked],
                selection=selection or Selection(_today()),
                keep=read_settings().snapshots,
                anew=anew,
                resume=resume,
                as_of=as_of,
                accepted=frozenset(accept),
                wait_seconds=wait_seconds,
                is_sweep=is_sweep,
                progress=progress,
                outcome=outcome or Outcome(),
            )
        )


def plan_rows(home: Home, asked: Sequence[tuple[Source, Fetcher]], selection: Selection) -> Rows:
    """What an ingest would ask for now, and why; documents that only a new index names are not known yet."""
    from etl.gather import Gathering
    from etl.landing import Landing

    rows = []
    with Landing(home.landing, read_only=True) as landing:
        for source, fetcher in asked:
            gathering = Gathering(source, fetcher, landing, selection, lambda: datetime.now(UTC), Silence())
            rows += [
                [source.source_id, due.document.key, due.why, due.document.url]
                for due in [*gathering.due_roots(), *gathering.due_branches()]
            ]
    return Rows(["source", "document", "why", "url"], rows)


def _today() -> date:
    return datetime.now(UTC).date()
