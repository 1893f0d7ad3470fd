"""READ FIRST, the whole job: fetch what is due, keep it, build a warehouse beside the published one, check, publish.

`request` says what a job is. The lines of `run` are its chapters: `extract.sources` fetches and keeps, `load.build`
loads, builds, checks and publishes, `storage.recording` records the run.
"""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING

from nascar_warehouse.etl.extract.missing import downgrade_missing_seasons
from nascar_warehouse.etl.extract.sources import extract
from nascar_warehouse.etl.load.news import (
    find_base,
    has_news,
    repeat_problems,
    require_kept_documents,
    validate_arguments,
)
from nascar_warehouse.etl.storage.landing import Landing
from nascar_warehouse.etl.storage.published_state import judged_versions
from nascar_warehouse.etl.storage.recording import recorded
from nascar_warehouse.etl.storage.run_log import RunLog

if TYPE_CHECKING:
    from nascar_warehouse.etl.outcome import RunResult
    from nascar_warehouse.etl.request import Job


def run(job: Job) -> RunResult:
    """Do the job under the lock of its home, and record it in the run log, also when it fails."""
    with (
        job.home.lock(job.command, wait_seconds=job.wait_seconds),
        Landing(job.home.landing) as landing,
        RunLog(job.home.run_log) as run_log,
        recorded(run_log, job.command, job.result, _now) as current_run,
    ):
        require_kept_documents(job, landing, run_log)
        run_log.accept(validate_arguments(job, landing))
        extract(job, landing, _now, accepted=run_log.accepted(), judged=judged_versions(run_log))
        downgrade = partial(downgrade_missing_seasons, job.result, job.named_documents())
        base = find_base(job, landing, run_log)
        if base is None or has_news(job, landing, base):
            from nascar_warehouse.etl.load.build import build_and_publish

            build_and_publish(job, landing, run_log, base, current_run, downgrade)
        else:
            repeat_problems(job, run_log, base)
            downgrade()
    return job.result


def _now() -> datetime:
    return datetime.now(UTC)
