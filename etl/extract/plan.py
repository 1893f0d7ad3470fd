"""Which documents are due: asked for again only where something may have changed.

Asking a folder costs nothing, so all its documents are looked at. A publisher is asked for what nobody asked it
before, for what a person names, for a list of all seasons, for the index of the running season, for a race whose line
in the index changed, and for a race of the last days, since officials correct results after inspection. The index of an
earlier season is looked at once a month, because its publisher repairs it years later. Everything else cannot have
changed unseen.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from nascar_warehouse.etl.documents import UNCONDITIONAL, Validators
from nascar_warehouse.etl.extract.mirror import FolderMirror

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from nascar_warehouse.etl.documents import Document, Fetcher, Selection
    from nascar_warehouse.etl.storage.landing import Check

CORRECTION_DAYS = (1, 3, 10)
"""Days after a race on which its documents are read again: inspection takes up to three, appeals up to ten."""

MISSING_RETRY = timedelta(days=1)
"""A document that its source did not have is asked for again after this time."""

MISSING_RETRY_SHARE = 10
"""... or after this part of the time that it was overdue then: what did not come in a year will not come tomorrow."""

INDEX_RETRY = timedelta(days=30)
"""The index of a season that is over is asked for again after this time."""

CLOCK_TOLERANCE = timedelta(hours=1)
"""A check further in the future was made by a clock that was wrong, and says nothing about when to ask again."""


@dataclass(frozen=True, slots=True)
class Due:
    """A document to ask for, why, and what makes the request conditional."""

    document: Document
    why: str
    validators: Validators = UNCONDITIONAL


def plan(
    documents: Iterable[Document],
    *,
    checks: Mapping[str, Check],
    held: Mapping[str, str],
    selection: Selection,
    fetcher: Fetcher,
    now: datetime,
) -> list[Due]:
    """The documents that are due, in the order given.

    `checks` is what this fetcher's origin answered last, `held` the hash of the newest version kept of each document,
    by key.
    """
    due = []
    for document in documents:
        check = checks.get(document.key)
        why = _why_due(document, check, selection=selection, is_folder=isinstance(fetcher, FolderMirror), now=now)
        if why:
            due.append(Due(document, why, _validators(check, held.get(document.key))))
    return due


def _why_due(document: Document, check: Check | None, *, selection: Selection, is_folder: bool, now: datetime) -> str:
    if check is None:
        return "never asked for here"
    if is_folder:
        return "a folder costs nothing to look at"
    if document.is_index and document.season is None:
        return "it may change any day"
    if selection.seasons is not None:
        return "its season was named"
    if document.is_index and document.season is not None and document.season >= selection.today.year:
        return "the index of the running season"
    if check.checked_at - now > CLOCK_TOLERANCE:
        return "was asked for by a clock that was ahead"
    if check.http_status not in {200, 304}:
        return (
            "was absent a day ago or longer"
            if now - check.checked_at >= _missing_retry_interval(document, check)
            else ""
        )
    if document.is_index and now - check.checked_at >= INDEX_RETRY:
        return "an index that was not looked at for a month"
    if document.fingerprint != check.fingerprint:
        return "its line in the index changed"
    return _why_corrected(document, check, now)


def _missing_retry_interval(document: Document, check: Check) -> timedelta:
    """How long an absent document is left in peace."""
    if document.held_on is None:
        return MISSING_RETRY
    return max(MISSING_RETRY, (check.checked_at.date() - document.held_on) / MISSING_RETRY_SHARE)


def _why_corrected(document: Document, check: Check, now: datetime) -> str:
    if document.held_on is None:
        return ""
    age = (now.date() - document.held_on).days
    age_at_check = (check.checked_at.date() - document.held_on).days
    for days in CORRECTION_DAYS:
        if age_at_check < days <= age:
            return f"{days} days after the race" if days > 1 else "the day after the race"
    return ""


def _validators(check: Check | None, held: str | None) -> Validators:
    """Conditional only where the origin's last bytes are the newest kept; another origin's may have come since."""
    if check is None or held is None or check.sha256 != held:
        return UNCONDITIONAL
    return check.validators
