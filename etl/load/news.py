"""Whether there is anything to build, and upon what: the published warehouse, or nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nascar_warehouse.etl.storage.published_state import judged_versions, read_state
from nascar_warehouse.warehouse.errors import MachineFailure, UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nascar_warehouse.etl.documents import Version
    from nascar_warehouse.etl.request import Job
    from nascar_warehouse.etl.storage.landing import Landing
    from nascar_warehouse.etl.storage.published_state import State
    from nascar_warehouse.etl.storage.run_log import RunLog


def require_kept_documents(job: Job, landing: Landing, run_log: RunLog) -> None:
    """Raise `MachineFailure` where documents are gone from which the published warehouse was built.

    What a run then fetched would replace it, and the races of all others would go. `nascar rebuild` does so on request.
    """
    if job.full_refresh or job.as_of or judged_versions(run_log).last_version <= landing.last_version():
        return
    raise MachineFailure(
        f"{landing.path} lacks documents from which the published warehouse was built",
        "restore the folder from a backup; `nascar rebuild` publishes what is there without them",
    )


def validate_arguments(job: Job, landing: Landing) -> frozenset[str]:
    """The ids of the versions, and the names of the missing documents, that the job accepts.

    `UsageError` for a name or a day for which nothing is kept: a typo would be accepted forever, or publish nothing.
    """
    if not (job.accepted or job.as_of):
        return frozenset()
    kept = [
        version
        for source in job.sources
        for versions in landing.versions_by_document(source.source_id)
        for version in versions
    ]
    found = {name: _find_accepted(name, kept, landing) for name in job.accepted}
    if unknown := sorted(name for name, accepted in found.items() if accepted is None):
        raise UsageError(
            f"no kept document is called {', '.join(unknown)}",
            "take the id of the version from the message, or write 'SOURCE KEY'; `nascar status` lists both",
        )
    if job.as_of and kept and job.as_of < (first := min(version.fetched_at for version in kept)):
        raise UsageError(
            f"nothing had been fetched by {job.as_of:%Y-%m-%d %H:%M} UTC",
            f"name {first:%Y-%m-%d} or a later day",
        )
    return frozenset(name for name in found.values() if name is not None)


def _find_accepted(name: str, kept: Sequence[Version], landing: Landing) -> str | None:
    """The id of the version that a name means, or the name of a document that its source does not have; else None."""
    versions = [version for version in kept if name in {version.document_id, *_names(version.source_id, version.key)}]
    for missing in landing.missing_documents():
        if name in _names(*missing):
            return " ".join(missing)
    return versions[-1].document_id if versions else None


def _names(source_id: str, key: str) -> tuple[str, str]:
    return f"{source_id} {key}", f"{source_id}:{key}"


def find_base(job: Job, landing: Landing, run_log: RunLog) -> State | None:
    """The state of the published warehouse to build upon, None when every document is to be read again.

    A restored snapshot stays published until `nascar build`, or until there is something new; then everything is read.
    """
    state = None if job.full_refresh or job.as_of else read_state(job.home, run_log)
    if state is None or state.restored_snapshot is None:
        return state
    return None if job.resume or has_news(job, landing, state) else state


def has_news(job: Job, landing: Landing, base: State) -> bool:
    """Whether the published warehouse lacks a version that is kept, or one was accepted."""
    return bool(job.accepted) or base.last_version != landing.last_version()


def repeat_problems(job: Job, run_log: RunLog, base: State) -> None:
    """Add what is still wrong with the published warehouse."""
    job.result.problems += base.problems
    job.result.warnings += base.warnings
    job.result.separate_known(run_log.shown(), job.named_documents())
