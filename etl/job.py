"""READ FIRST, the whole job: fetch what is due, keep it, build beside the published warehouse, check, publish.

`run` is the story. The chapters are `extract.extractor` (plan, fetch, keep), `load.loader` (parse, load), and in
`warehouse` `build.runner`, `build.checks` and `storage.home`.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from nascar_warehouse.etl.extract.extractor import extract
from nascar_warehouse.etl.extract.missing import downgrade_missing_seasons
from nascar_warehouse.etl.garbage import collector_paused
from nascar_warehouse.etl.outcome import NoProgress, Progress, RunResult
from nascar_warehouse.etl.storage.landing import Landing
from nascar_warehouse.etl.storage.published_state import read_state, write_state
from nascar_warehouse.etl.storage.run_log import Run, RunLog
from nascar_warehouse.warehouse.errors import MachineFailure, UsageError, is_interruption

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nascar_warehouse.etl.documents import Fetcher, Selection, Source
    from nascar_warehouse.etl.storage.published_state import State
    from nascar_warehouse.warehouse.storage.home import Home


@dataclass(frozen=True)
class Job:
    """What to do: which sources to ask, each with its fetcher, and which ones the warehouse is made of.

    `anew` reads every document again; `resume` builds also where a rollback put an earlier warehouse back; `as_of`
    leaves out what was fetched later; `accepted` are ids of document versions that a person takes although they lost
    rows; `keep` is the number of snapshots, `wait_seconds` how long another writer is waited for; in a sweep no source
    was named, all are asked; `outcome` is filled as the job goes, so that whoever started it knows how far it came
    when it fails.
    """

    command: str
    home: Home
    sources: Sequence[Source]
    asked: Sequence[tuple[Source, Fetcher]]
    selection: Selection
    keep: int
    full_refresh: bool = False
    resume: bool = False
    as_of: datetime | None = None
    accepted: frozenset[str] = frozenset()
    wait_seconds: float = 0
    is_sweep: bool = False
    progress: Progress = field(default_factory=NoProgress)
    outcome: RunResult = field(default_factory=RunResult)


def run(job: Job) -> RunResult:
    """Do the job under the lock of its home, and keep an account of it, also when it fails."""
    started_at = _now()
    outcome = job.outcome
    with (
        job.home.lock(job.command, wait_seconds=job.wait_seconds),
        Landing(job.home.landing) as landing,
        RunLog(job.home.journal) as journal,
    ):
        try:
            _validate_arguments(job, landing)
            journal.accept(job.accepted)
            extract(job.asked, landing, job.selection, _now, job.progress, is_sweep=job.is_sweep, result=outcome)
            state = _read_basis(job, landing, journal)
            if state and not job.accepted and state.last_version == landing.last_version():
                outcome.problems += state.problems
                outcome.warnings += state.warnings
                _downgrade_missing_seasons(job, outcome)
            else:
                _build(job, landing, journal, state, outcome, started_at)
        except BaseException as error:
            for text in (*outcome.warnings, *map(str, outcome.problems)):
                if text not in str(error):
                    error.add_note(text)
            _record_failure(job, journal, outcome, started_at, error)
            raise
        journal.record(_account(job, outcome, started_at))
    return outcome


def _validate_arguments(job: Job, landing: Landing) -> None:
    """Refuse what names nothing that is kept: a typo would publish an empty warehouse, or be allowed for good."""
    if not (job.accepted or job.as_of):
        return
    kept = [
        version
        for source in job.sources
        for history in landing.versions_by_document(source.source_id)
        for version in history
    ]
    unknown = job.accepted - {version.document_id for version in kept}
    if unknown:
        raise UsageError(f"no kept document is called {', '.join(sorted(unknown))}", "take the id from the message")
    if job.as_of and kept and job.as_of < (first := min(version.fetched_at for version in kept)):
        raise UsageError(
            f"nothing had been fetched by {job.as_of:%Y-%m-%d %H:%M} UTC",
            f"name {first:%Y-%m-%d} or a later day",
        )


def _read_basis(job: Job, landing: Landing, journal: RunLog) -> State | None:
    """What the next warehouse can be built upon, None when every document is to be read again.

    That a person put an earlier warehouse back holds until a person builds, or there is news.
    """
    state = None if job.full_refresh or job.as_of else read_state(job.home, journal)
    if state is None or state.restored_snapshot is None:
        return state
    is_over = job.resume or job.accepted or state.last_version != landing.last_version()
    return None if is_over else state


def _build(
    job: Job, landing: Landing, journal: RunLog, state: State | None, outcome: RunResult, started_at: datetime
) -> None:
    from nascar_warehouse.etl.load.loader import Loader
    from nascar_warehouse.etl.load.raw_tables import RawTables, read_published
    from nascar_warehouse.warehouse.build.checks import record_results, require_passed, run_checks
    from nascar_warehouse.warehouse.build.runner import make_raw_tables, make_relations, moved_races
    from nascar_warehouse.warehouse.storage.retention import quarantining

    with collector_paused(), job.home.next_warehouse() as (path, con):
        make_raw_tables(con, path)
        tables = RawTables(con)
        load = Loader(tables, landing, published=read_published(con, job.home, state), accepted=journal.accepted())
        for source in job.sources:
            versions_by_document = landing.versions_by_document(source.source_id, job.as_of)
            job.progress.begin(f"reading {source.source_id}", len(versions_by_document))
            load.load_source(source, versions_by_document, job.progress.advance)
        outcome.add(load.outcome)
        _downgrade_missing_seasons(job, outcome)
        outcome.require_plausible()
        outcome.is_published = state is None or load.has_news
        if outcome.is_published:
            outcome.warnings += journal.new_notices(load.notices)
            load.finish(job.sources, landing.last_checked())
            make_relations(con, path, job.progress)
            if state is not None:
                outcome.warnings += moved_races(con, job.home.published)
            tables.write_runs([*journal.runs(), _account(job, outcome, started_at)])
            results = run_checks(con)
            record_results(con, results)
            job.home.finish(path, con)
            with quarantining(job.home, path):
                require_passed(results)
            job.home.publish(path, keep=job.keep)
    journal.mark_shown(load.notices)
    # What was built as of an earlier day is not what the landing holds: the next run builds anew.
    last_version = -1 if job.as_of else landing.last_version()
    write_state(journal, job.home.published_fingerprint(), last_version=last_version, problems=load.outcome.problems)


def _downgrade_missing_seasons(job: Job, outcome: RunResult) -> None:
    """That a source has nothing for a season is a problem only when that season was named."""
    named = set()
    if job.selection.seasons is not None:
        named = {
            f"{root.source_id} {root.key}" for source, _ in job.asked for root in source.index_documents(job.selection)
        }
    downgrade_missing_seasons(outcome, named)


def _account(job: Job, outcome: RunResult, started_at: datetime) -> Run:
    return Run(
        command=job.command,
        started_at=started_at,
        finished_at=_now(),
        exit_code=outcome.exit_code,
        documents_checked=outcome.documents_checked,
        documents_new=outcome.documents_new,
        documents_absent=outcome.documents_absent,
        documents_quarantined=outcome.documents_quarantined,
        rows_loaded=outcome.rows_loaded,
        is_published=outcome.is_published,
        warnings="\n".join([*outcome.warnings, *map(str, outcome.problems)]),
    )


def _record_failure(job: Job, journal: RunLog, outcome: RunResult, started_at: datetime, error: BaseException) -> None:
    exit_code = 130 if is_interruption(error) else getattr(error, "exit_code", 1)
    said = "\n".join([str(error), *getattr(error, "__notes__", ())])
    account = replace(_account(job, outcome, started_at), exit_code=exit_code, is_published=False, warnings=said)
    with suppress(MachineFailure):  # A full disk has no room for its own account; the error itself is on its way.
        journal.record(account)


def _now() -> datetime:
    return datetime.now(UTC)
