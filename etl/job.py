"""READ FIRST, the whole job: ask for what is due, keep what comes, build beside what is published, check, publish.

`run` is the story; the chapters are `etl.gather` (plan, fetch, land), `etl.load` (parse, load), `warehouse.build`,
`warehouse.checks` and `warehouse.store`.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from etl.garbage import collector_paused
from etl.journal import Journal, Run
from etl.landing import Landing
from etl.outcome import Outcome
from etl.progress import Progress, Silence
from etl.reply import PACKAGE
from etl.state import read_state, write_state
from warehouse.errors import MachineFailure, UsageError, is_interruption

if TYPE_CHECKING:
    from collections.abc import Sequence

    from etl.reply import Fetcher
    from etl.source import Selection, Source
    from etl.state import State
    from warehouse.store import Home


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
    anew: bool = False
    resume: bool = False
    as_of: datetime | None = None
    accepted: frozenset[str] = frozenset()
    wait_seconds: float = 0
    is_sweep: bool = False
    progress: Progress = field(default_factory=Silence)
    outcome: Outcome = field(default_factory=Outcome)


def run(job: Job) -> Outcome:
    """Do the job under the lock of its home, and keep an account of it, also when it fails."""
    started_at = _now()
    outcome = job.outcome
    with (
        job.home.lock(job.command, wait_seconds=job.wait_seconds),
        Landing(job.home.landing) as landing,
        Journal(job.home.journal) as journal,
    ):
        try:
            _require_meaning(job, landing)
            journal.accept(job.accepted)
            _gather(job, landing, outcome)
            state = _read_basis(job, landing, journal)
            if state and not job.accepted and state.last_version == landing.last_version():
                outcome.problems += state.problems
                outcome.warnings += state.warnings
                _excuse_absences(job, outcome)
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


def _require_meaning(job: Job, landing: Landing) -> None:
    """Refuse what names nothing that is kept: a typo would publish an empty warehouse, or be allowed for good."""
    if not (job.accepted or job.as_of):
        return
    kept = [version for source in job.sources for history in landing.histories(source.source_id) for version in history]
    unknown = job.accepted - {version.document_id for version in kept}
    if unknown:
        raise UsageError(f"no kept document is called {', '.join(sorted(unknown))}", "take the id from the message")
    if job.as_of and kept and job.as_of < (first := min(version.fetched_at for version in kept)):
        raise UsageError(
            f"nothing had been fetched by {job.as_of:%Y-%m-%d %H:%M} UTC",
            f"name {first:%Y-%m-%d} or a later day",
        )


def _read_basis(job: Job, landing: Landing, journal: Journal) -> State | None:
    """What the next warehouse can be built upon, None when every document is to be read again.

    That a person put an earlier warehouse back holds until a person builds, or there is news.
    """
    state = None if job.anew or job.as_of else read_state(job.home, journal)
    if state is None or state.put_back is None:
        return state
    is_over = job.resume or job.accepted or state.last_version != landing.last_version()
    return None if is_over else state


def _gather(job: Job, landing: Landing, outcome: Outcome) -> None:
    from etl.gather import Gathering, judge_absences

    gatherings = []
    for source, fetcher in job.asked:
        gathering = Gathering(source, fetcher, landing, job.selection, _now, job.progress)
        gathering.gather(gathering.due_roots())
        gathering.gather(gathering.due_branches())
        outcome.add(gathering.outcome)
        if fetcher.origin != PACKAGE:
            gatherings.append(gathering)
    outcome.add(judge_absences(gatherings, is_sweep=job.is_sweep))


def _build(
    job: Job, landing: Landing, journal: Journal, state: State | None, outcome: Outcome, started_at: datetime
) -> None:
    from etl.load import Load
    from etl.raw_tables import RawTables, read_published
    from warehouse.build import make_raw_tables, make_relations, moved_races
    from warehouse.checks import record_results, require_passed, run_checks
    from warehouse.retention import quarantining

    with collector_paused(), job.home.next_warehouse() as (path, con):
        make_raw_tables(con, path)
        tables = RawTables(con)
        load = Load(tables, landing, published=read_published(con, job.home, state), accepted=journal.accepted())
        for source in job.sources:
            histories = landing.histories(source.source_id, job.as_of)
            job.progress.begin(f"reading {source.source_id}", len(histories))
            load.take(source, histories, job.progress.advance)
        outcome.add(load.outcome)
        _excuse_absences(job, outcome)
        outcome.require_trusted()
        outcome.is_published = state is None or load.has_news
        if outcome.is_published:
            outcome.warnings += journal.unheard(load.notices)
            load.finish(job.sources, landing.last_checked())
            job.progress.begin("building")
            make_relations(con, path)
            if state is not None:
                outcome.warnings += moved_races(con, job.home.published)
            tables.write_runs([*journal.runs(), _account(job, outcome, started_at)])
            results = run_checks(con)
            record_results(con, results)
            job.home.finish(path, con)
            with quarantining(job.home, path):
                require_passed(results)
            job.home.publish(path, keep=job.keep)
    journal.note_heard(load.notices)
    # What was built as of an earlier day is not what the landing holds: the next run builds anew.
    last_version = -1 if job.as_of else landing.last_version()
    write_state(journal, job.home.published_identity(), last_version=last_version, problems=load.outcome.problems)


def _excuse_absences(job: Job, outcome: Outcome) -> None:
    """That a source has nothing for a season is a problem only when that season was named."""
    named = set()
    if job.selection.seasons is not None:
        named = {f"{root.source_id} {root.key}" for source, _ in job.asked for root in source.roots(job.selection)}
    excused = [problem for problem in outcome.problems if problem.is_absence and problem.document not in named]
    outcome.warnings += [str(problem) for problem in excused]
    outcome.problems = [problem for problem in outcome.problems if problem not in excused]


def _account(job: Job, outcome: Outcome, started_at: datetime) -> Run:
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


def _record_failure(job: Job, journal: Journal, outcome: Outcome, started_at: datetime, error: BaseException) -> None:
    exit_code = 130 if is_interruption(error) else getattr(error, "exit_code", 1)
    said = "\n".join([str(error), *getattr(error, "__notes__", ())])
    account = replace(_account(job, outcome, started_at), exit_code=exit_code, is_published=False, warnings=said)
    with suppress(MachineFailure):  # A full disk has no room for its own account; the error itself is on its way.
        journal.record(account)


def _now() -> datetime:
    return datetime.now(UTC)
