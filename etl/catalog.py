"""Which sources there are, and the job that a command asks for.

A source is a module in `etl/sources/` that gives the name `SOURCE` to an object with the methods of `documents.Source`;
modules without that name are parts of one. Nothing lists them.
"""

from __future__ import annotations

import importlib
import pkgutil
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from nascar_warehouse.etl import sources
from nascar_warehouse.etl.documents import Selection
from nascar_warehouse.etl.job import run
from nascar_warehouse.etl.monitoring.progress import progress_bar
from nascar_warehouse.etl.outcome import NoProgress, RunResult
from nascar_warehouse.etl.request import Job
from nascar_warehouse.warehouse.errors import UsageError
from nascar_warehouse.warehouse.rows import Rows
from nascar_warehouse.warehouse.settings import read_settings

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nascar_warehouse.etl.documents import Access, Fetcher, Source
    from nascar_warehouse.warehouse.storage.home import Home


def find_sources() -> tuple[Source, ...]:
    """The sources that the modules of `etl/sources/` define, in their order."""
    names = [module.name for module in pkgutil.iter_modules(sources.__path__, f"{sources.__name__}.")]
    found = [getattr(importlib.import_module(name), "SOURCE", None) for name in names]
    return tuple(sorted((source for source in found if source), key=lambda source: (source.order, source.source_id)))


SOURCES = find_sources()


def sources_of(*access: Access) -> tuple[Source, ...]:
    """The sources whose documents arrive in one of these ways."""
    return tuple(source for source in SOURCES if source.access in access)


BUILT_IN = sources_of("built_in")
FEEDS = sources_of("fetched")
OPT_IN = sources_of("opt_in")


def named_sources(names: Sequence[str], pages: str | None = None) -> list[Source]:
    """The sources to fetch: those named, or all that are not opt-in; an unknown name raises `UsageError`.

    A source of saved pages may be named where there is a folder of `pages`; it is not fetched.
    """
    fetched = {source.source_id: source for source in sources_of("fetched", "opt_in")}
    saved = {source.source_id for source in sources_of("saved")}
    for name in names:
        if name in saved and pages is None:
            raise UsageError(f"{name} is never fetched", "give --pages a folder with pages saved from a browser")
        if name not in fetched and name not in saved:
            raise UsageError(f"there is no source {name!r} to fetch", f"use {', '.join(fetched)}")
    if not names:
        return list(FEEDS)
    return [fetched[name] for name in dict.fromkeys(names) if name in fetched]


def saved_pages(folder: str | None) -> list[tuple[Source, Fetcher]]:
    """The sources of saved pages, each with the fetcher that reads them from a folder; none without a folder."""
    opened = [source.open_local(folder) for source in sources_of("saved")]
    return [local for local in opened if local is not None]


def join_names(words: Sequence[str]) -> list[str]:
    """The documents that words on the command line name: the id of a source belongs to the key after it."""
    names: list[str] = []
    source_ids = {source.source_id for source in SOURCES}
    for word in words:
        if names and names[-1] in source_ids:
            names[-1] = f"{names[-1]} {word}"
        else:
            names.append(word)
    return names


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
    result: RunResult | None = None,
) -> RunResult:
    """Run a job on a home, with its progress on the terminal; what is built into the program is always part of it.

    A given `result` is filled also when the job fails.
    """
    built_in = [local for source in BUILT_IN if (local := source.open_local(None))]
    with progress_bar() as progress:
        return run(
            Job(
                command=command,
                home=home,
                sources=SOURCES,
                asked=[*built_in, *asked],
                selection=selection or Selection(_today()),
                keep=read_settings().snapshots,
                full_refresh=full_refresh,
                resume=resume,
                as_of=as_of,
                accepted=frozenset(accept),
                wait_seconds=wait_seconds,
                is_sweep=is_sweep,
                progress=progress,
                result=result or RunResult(),
            )
        )


def plan_rows(home: Home, asked: Sequence[tuple[Source, Fetcher]], selection: Selection) -> Rows:
    """What an ingest would ask for now, and why; documents that only a new index names are not known yet."""
    from nascar_warehouse.etl.extract.extractor import Extractor
    from nascar_warehouse.etl.storage.landing import Landing
    from nascar_warehouse.etl.storage.published_state import judged_versions
    from nascar_warehouse.etl.storage.run_log import RunLog

    rows = []
    with RunLog(home.run_log, read_only=True) as run_log:
        judged = judged_versions(run_log)
    with Landing(home.landing, read_only=True) as landing:
        for source, fetcher in asked:
            extractor = Extractor(source, fetcher, landing, selection, lambda: datetime.now(UTC), NoProgress(), judged)
            rows += [
                [source.source_id, due.document.key, due.why, due.document.url]
                for stage in (
                    extractor.due_index_documents(),
                    extractor.due_detail_documents(),
                    *extractor.due_stages(is_plan=True),
                )
                for due in stage
            ]
    return Rows(["source", "document", "why", "url"], rows)


def _today() -> date:
    return datetime.now(UTC).date()
