"""Which documents are due: asked for again only where something may have changed.

A folder costs nothing, so all its documents are due in every run. A publisher is asked for documents that it was never
asked for, for a season that the user named, for a list of all seasons, for the index of the running season, for a race
whose entry in the index changed, and for a race of the last days, because officials correct results after inspection.
The index of an earlier season is due once a month, because its publisher repairs it years later. `missing.py` says when
a missing document is due again. A document that has a time of its own, `revisit_after`, is due then and not before.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

from nascar_warehouse.etl.documents import UNCONDITIONAL, Answer, Validators
from nascar_warehouse.etl.extract.mirror import FolderMirror
from nascar_warehouse.etl.extract.missing import NO_RESULTS, missing_retry_interval

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from datetime import datetime

    from nascar_warehouse.etl.documents import Document, Fetcher, Selection
    from nascar_warehouse.etl.storage.last_answers import LastAnswer

CORRECTION_DAYS = (1, 3, 10)
"""Days after a race on which its documents are due again: inspection takes up to three, appeals up to ten."""

INDEX_RETRY = timedelta(days=30)
"""The index of a season that is over is due again after this time."""

REFUSED_RETRY = timedelta(days=30)
"""What never changes and was refused is due again after this time: it may be refused for ever."""

CLOCK_TOLERANCE = timedelta(hours=1)
"""An answer from further in the future was noted under a wrong clock: it does not delay the next one."""


class Due(NamedTuple):
    """A document to ask for, the reason, and what makes the request conditional."""

    document: Document
    why: str
    validators: Validators = UNCONDITIONAL


def plan(
    documents: Iterable[Document],
    *,
    last_answers: Mapping[str, LastAnswer],
    held: Mapping[str, str],
    selection: Selection,
    fetcher: Fetcher,
    now: datetime,
    unused: Collection[str] = (),
) -> list[Due]:
    """Return the documents that are due, in the order given.

    By key: `last_answers`, of the origin of this fetcher, and `held`, the hash of the newest version. `unused` are the
    keys of documents whose newest version was quarantined.
    """
    due = []
    for document in documents:
        last = last_answers.get(document.key)
        if document.is_permanent and document.key in held:
            continue
        why = _why_due(document, last, selection=selection, is_folder=isinstance(fetcher, FolderMirror), now=now)
        if not why and last is not None and document.key in unused and not document.is_permanent:
            why = _why_unused(document, last, now)
        if why:
            due.append(Due(document, why, validators_of(last, held.get(document.key))))
    return due


def _why_due(
    document: Document, last: LastAnswer | None, *, selection: Selection, is_folder: bool, now: datetime
) -> str:
    if last is None:
        return "never asked for here"
    if is_folder:
        return "a folder costs nothing to read"
    if document.is_permanent:
        refused_at = last.refused_at if last.answer is Answer.REFUSED else None
        return "was refused a month ago" if refused_at and now - refused_at >= REFUSED_RETRY else ""
    if last.answer is Answer.REFUSED:
        return "was refused when it was last asked for"
    if document.revisit_after is not None:
        is_due = now - last.checked_at >= document.revisit_after or _is_ahead(last, now)
        return f"was not asked for in {document.revisit_after.days} days" if is_due else ""
    return _why_always_due(document, selection) or _why_due_again(document, last, now)


def _why_always_due(document: Document, selection: Selection) -> str:
    if document.is_index and document.season is None:
        return "it may change any day"
    if selection.seasons is not None:
        return "its season was named"
    if document.is_index and document.season is not None and document.season >= selection.today.year:
        return "the index of the running season"
    return ""


def _why_due_again(document: Document, last: LastAnswer, now: datetime) -> str:
    if _is_ahead(last, now):
        return "was asked for under a clock that was ahead"
    if last.answer.is_missing:
        is_due = now - last.checked_at >= missing_retry_interval(document, last)
        return "was missing a day ago or longer" if is_due else ""
    if document.is_index and now - last.checked_at >= INDEX_RETRY:
        return "an index that was not checked for a month"
    if last.fingerprint == NO_RESULTS:
        is_due = now - last.checked_at >= missing_retry_interval(document, last)
        return "had no results of its race yet" if is_due else ""
    if document.fingerprint != last.fingerprint:
        return "its entry in the index changed"
    return _why_corrected(document, last, now)


def _why_unused(document: Document, last: LastAnswer, now: datetime) -> str:
    is_due = document.revisit_after is None and now - last.checked_at >= missing_retry_interval(document, last)
    return "its newest version is not used" if is_due else ""


def _is_ahead(last: LastAnswer, now: datetime) -> bool:
    return last.checked_at - now > CLOCK_TOLERANCE


def _why_corrected(document: Document, last: LastAnswer, now: datetime) -> str:
    if document.held_on is None:
        return ""
    age = (now.date() - document.held_on).days
    age_at_check = (last.checked_at.date() - document.held_on).days
    for days in CORRECTION_DAYS:
        if age_at_check < days <= age:
            return f"{days} days after the race" if days > 1 else "the day after the race"
    return ""


def validators_of(last: LastAnswer | None, held: str | None) -> Validators:
    """Conditional only where the origin's last bytes are the newest version: another origin may have sent a newer."""
    if last is None or held is None or last.sha256 != held:
        return UNCONDITIONAL
    return last.validators
