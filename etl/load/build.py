"""Load the kept documents into a new warehouse, build its relations, check them and publish it."""

from __future__ import annotations

import gc
from contextlib import contextmanager
from typing import TYPE_CHECKING

from nascar_warehouse.etl.storage.published_state import write_state

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    import duckdb

    from nascar_warehouse.etl.load.loader import Loader
    from nascar_warehouse.etl.request import Job
    from nascar_warehouse.etl.storage.landing import Landing
    from nascar_warehouse.etl.storage.published_state import State
    from nascar_warehouse.etl.storage.run_log import Run, RunLog


def build_and_publish(
    job: Job,
    landing: Landing,
    run_log: RunLog,
    base: State | None,
    current_run: Callable[[], Run],
    downgrade: Callable[[], None],
) -> None:
    """Build upon the published warehouse `base`, or read every document again; publish what passes its checks.

    `downgrade` decides which problems are warnings. Nothing is published when no document is new, or when a check of
    severity fail fails, which raises `CheckFailed`.
    """
    from nascar_warehouse.etl.load.loader import Loader
    from nascar_warehouse.etl.load.raw_tables import RawTables, read_published
    from nascar_warehouse.warehouse.build.runner import make_raw_tables

    with _garbage_collector_disabled(), job.home.next_warehouse() as (path, con):
        make_raw_tables(con, path)
        tables = RawTables(con)
        tables.create(job.sources)
        published = read_published(con, job.home, base)
        loader = Loader(tables, landing, published=published, accepted=run_log.accepted())
        _load_documents(job, landing, loader)
        job.result.add(loader.result)
        downgrade()
        job.result.require_plausible()
        job.result.is_published = base is None or loader.has_news
        if job.result.is_published:
            job.result.warnings += run_log.new_notices(loader.notices)
            loader.finish(job.sources, landing.last_checked())
            _build_relations(job, base, path, con)
            tables.write_runs([*run_log.runs(), current_run()])
            _check_and_publish(job, path, con)
    run_log.mark_shown(loader.notices)
    # A warehouse as of an earlier day lacks what the landing holds: the next run reads everything again.
    last_version = -1 if job.as_of else landing.last_version()
    write_state(run_log, job.home.published_fingerprint(), last_version=last_version, problems=loader.result.problems)


def _load_documents(job: Job, landing: Landing, loader: Loader) -> None:
    for source in job.sources:
        versions_by_document = landing.versions_by_document(source.source_id, job.as_of)
        job.progress.begin(f"reading {source.source_id}", len(versions_by_document))
        known = len(loader.result.problems)
        loader.load_source(source, versions_by_document, job.progress.advance)
        for problem in loader.result.problems[known:]:
            # A season without content is a problem only where it was named, which is decided later.
            if not problem.is_missing_season:
                job.progress.log_problem(problem)


def _build_relations(job: Job, base: State | None, path: Path, con: duckdb.DuckDBPyConnection) -> None:
    from nascar_warehouse.warehouse.build.runner import make_relations, moved_races

    make_relations(con, path, job.progress)
    if base is not None:
        job.result.warnings += moved_races(con, job.home.published)


def _check_and_publish(job: Job, path: Path, con: duckdb.DuckDBPyConnection) -> None:
    from nascar_warehouse.warehouse.build.checks import record_results, require_passed, run_checks
    from nascar_warehouse.warehouse.storage.retention import quarantining

    job.progress.begin("checking")
    results = run_checks(con)
    record_results(con, results)
    broken = sum(result.is_blocking for result in results)
    warned = sum(result.failing_rows > 0 for result in results) - broken
    message = f"{len(results)} checks: {broken} failed, {warned} with warnings"
    job.progress.log("checked", message, checks=len(results), failed=broken, warned=warned)
    job.progress.begin("publishing")
    job.home.finish(path, con)
    with quarantining(job.home, path):
        require_passed(results)
    job.home.publish(path, keep=job.keep)
    job.progress.log("published", f"published {job.home.published}", path=str(job.home.published))


@contextmanager
def _garbage_collector_disabled() -> Iterator[None]:
    """Disable the garbage collector: a build makes a million values and no cycle, and this saves about 10 %."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
