"""Put a job together from what a command asks for: which sources there are is said here, and only here."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from nascar_warehouse.etl.documents import Selection
from nascar_warehouse.etl.job import Job, run
from nascar_warehouse.etl.monitoring.progress import progress_bar
from nascar_warehouse.etl.outcome import NoProgress, RunResult
from nascar_warehouse.etl.sources.almanac import Almanac, PackageFiles
from nascar_warehouse.etl.sources.nascar_feed import NascarFeed
from nascar_warehouse.etl.sources.nascar_results import NascarResults
from nascar_warehouse.etl.sources.racing_data import RacingData
from nascar_warehouse.etl.sources.racing_reference_pages import RacingReferencePages, SavedPages
from nascar_warehouse.etl.sources.wikipedia import Wikipedia
from nascar_warehouse.warehouse.errors import UsageError
from nascar_warehouse.warehouse.rows import Rows
from nascar_warehouse.warehouse.settings import read_settings

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nascar_warehouse.etl.documents import Fetcher, Source
    from nascar_warehouse.warehouse.storage.home import Home

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
    full_refresh: bool = False,
    resume: bool = False,
    as_of: datetime | None = None,
    wait_seconds: float = 0,
    is_sweep: bool = False,
    outcome: RunResult | None = None,
) -> RunResult:
    """Run a job on a home, with its progress on the terminal; the almanac is always part of it.

    A given `outcome` is filled also when the job fails.
    """
    with progress_bar() as progress:
        return run(
            Job(
                command=command,
                home=home,
                sources=(ALMANAC, *FEEDS, SAVED),
                asked=[(ALMANAC, PackageFiles()), *asked],
                selection=selection or Selection(_today()),
                keep=read_settings().snapshots,
                full_refresh=full_refresh,
                resume=resume,
                as_of=as_of,
                accepted=frozenset(accept),
                wait_seconds=wait_seconds,
                is_sweep=is_sweep,
                progress=progress,
                outcome=outcome or RunResult(),
            )
        )


def plan_rows(home: Home, asked: Sequence[tuple[Source, Fetcher]], selection: Selection) -> Rows:
    """What an ingest would ask for now, and why; documents that only a new index names are not known yet."""
    from nascar_warehouse.etl.extract.extractor import Extractor
    from nascar_warehouse.etl.storage.landing import Landing

    rows = []
    with Landing(home.landing, read_only=True) as landing:
        for source, fetcher in asked:
            gathering = Extractor(source, fetcher, landing, selection, lambda: datetime.now(UTC), NoProgress())
            rows += [
                [source.source_id, due.document.key, due.why, due.document.url]
                for due in [*gathering.due_index_documents(), *gathering.due_detail_documents()]
            ]
    return Rows(["source", "document", "why", "url"], rows)


def _today() -> date:
    return datetime.now(UTC).date()
