"""Ask every source of a job for the documents that are due."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nascar_warehouse.etl.documents import PACKAGE
from nascar_warehouse.etl.extract.extractor import Extractor
from nascar_warehouse.etl.extract.missing import classify_missing_documents
from nascar_warehouse.etl.storage.published_state import NOT_JUDGED, Judged

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from nascar_warehouse.etl.outcome import Progress, RunResult
    from nascar_warehouse.etl.request import Job
    from nascar_warehouse.etl.storage.landing import Landing


def extract(
    job: Job,
    landing: Landing,
    now: Callable[[], datetime],
    *,
    accepted: frozenset[str],
    judged: Judged = NOT_JUDGED,
) -> None:
    """Ask each source of the job for its index documents and then for the detail documents that they lead to.

    `accepted` are names of documents that are known to be missing, `judged` is what the last load decided.
    The job's result is filled source by source; what cannot be fetched is a problem there and is not raised.
    """
    extractors = []
    for source, fetcher in job.asked:
        extractor = Extractor(source, fetcher, landing, job.selection, now, job.progress, judged)
        try:
            extractor.fetch_documents(extractor.due_index_documents())
            extractor.fetch_documents(extractor.due_detail_documents())
            for due in extractor.due_stages():
                extractor.fetch_documents(due)
            extractor.find_missing(accepted)
        finally:
            job.result.add(extractor.result)
        job.result.sources_asked.append(source.source_id)
        if fetcher.origin != PACKAGE:
            extractors.append(extractor)
            _log(source.source_id, extractor.result, job.progress)
    job.result.add(classify_missing_documents(extractors, is_sweep=job.is_sweep))


def _log(source_id: str, result: RunResult, progress: Progress) -> None:
    for problem in result.problems:
        if not problem.acknowledged_reason:
            progress.log_problem(problem)
    progress.log(
        "source_asked",
        f"{source_id}: {result.documents_checked} documents asked for, {result.documents_new} new, "
        f"{result.documents_absent} missing" + f", {len(result.problems)} failed" * bool(result.problems),
        source=source_id,
        documents_checked=result.documents_checked,
        documents_new=result.documents_new,
        documents_absent=result.documents_absent,
        problems=len(result.problems),
    )
