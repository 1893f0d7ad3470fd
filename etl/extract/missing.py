"""What follows when a source does not have a document: the only module that decides it.

`documents.Answer` says which answers mean that a document is missing. Here: when to ask for it again, and whether it is
a problem, a warning, or nothing.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import msgspec

from nascar_warehouse.etl.documents import NETWORK, Answer
from nascar_warehouse.etl.outcome import DocumentProblem, RunResult
from nascar_warehouse.warehouse.errors import SourceChanged, SourceUnavailable

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from nascar_warehouse.etl.documents import Document, Response, Source
    from nascar_warehouse.etl.extract.extractor import Extractor
    from nascar_warehouse.etl.extract.kept import KeptDocuments
    from nascar_warehouse.etl.storage.last_answers import LastAnswer

RETRY = timedelta(hours=20)
"""A missing document is due again after this time: every day, also where a daily run does not start to the minute."""

RETRY_SHARE = 10
"""... or after this part of the time that it was overdue then: what was missing for a year is rarely there tomorrow."""

EXPECTED_DAILY = timedelta(days=7)
"""A document that the index promises is due every day for this long, and then every week."""

NO_RESULTS = "no results"
"""What an answer has for a fingerprint when the index says that the race was run, but it has no results."""


def missing_retry_interval(document: Document, last: LastAnswer) -> timedelta:
    """Return how long after its last answer a document is due again that is missing, lacks results or is not used."""
    if document.is_expected and last.answer.is_missing:
        is_new = last.missing_since is None or last.checked_at - last.missing_since < EXPECTED_DAILY
        return RETRY if is_new else EXPECTED_DAILY - (timedelta(days=1) - RETRY)
    if document.held_on is None:
        return RETRY
    return max(RETRY, (last.checked_at.date() - document.held_on) / RETRY_SHARE)


def note_lack(
    source: Source, document: Document, response: Response, kept: KeptDocuments, refused: Collection[str]
) -> Document:
    """Return a document as its answer is to be kept: where it lacks the results of a race that was run, that says so.

    `kept` is as it was before the answer. What cannot be read, or is one of the `refused` versions, loading reports.
    """
    held = kept.held.get(document.key)
    if not (document.is_expected and response.answer.is_found) or (held and held.document_id in refused):
        return document
    last = kept.last_answers.get(document.key)
    if response.answer is Answer.FOUND:
        lacks = _lack_results(source, document, response.body, kept.read(document.key))
    elif last is None or last.fingerprint in {document.fingerprint, NO_RESULTS}:
        # As it was found to be before: to read every document in every run would cost as much as all else.
        lacks = last is not None and last.fingerprint == NO_RESULTS
    else:
        lacks = _lack_results(source, document, kept.read(document.key))
    return msgspec.structs.replace(document, fingerprint=NO_RESULTS) if lacks else document


def _lack_results(source: Source, document: Document, *contents: bytes | None) -> bool:
    """Whether there are contents, and none of them has the results."""
    known = [content for content in contents if content is not None]
    try:
        return bool(known) and all(source.parse(document.key, content).is_preliminary for content in known)
    except SourceChanged:
        return False


def missing_expected(
    documents: Iterable[Document],
    last_answers: Mapping[str, LastAnswer],
    *,
    held: Collection[str],
    accepted: Collection[str],
    is_folder: bool,
) -> RunResult:
    """Return a problem for each document that the index promises and that the source does not have, or not yet.

    `last_answers` and `held`, what is kept, are by key; `accepted` are the names of documents, `SOURCE KEY`,
    that are known to be missing. All problems have the same words, so that a report can group them. A folder may hold
    a part of what its publisher has, as it was at some time: what its files lack is counted in one warning.
    """
    result, absent, early = RunResult(), [], []
    for document in documents:
        last = last_answers.get(document.key)
        name = f"{document.source_id} {document.key}"
        if not document.is_expected or last is None:
            continue
        is_early = last.answer.is_found and last.fingerprint == NO_RESULTS
        if not is_early and (last.answer.is_found or document.key in held):
            continue
        problem = DocumentProblem.of(name, SourceUnavailable(_EARLY if is_early else _PROMISED, _PROMISED_ADVICE))
        if name in accepted or problem.acknowledged_reason:
            continue
        if is_folder and is_early:
            early.append(name)
        elif is_folder and last.answer is Answer.MISSING:
            absent.append(name)
        else:
            result.problems.append(problem)
    result.warnings += _count(absent, "the mirror has no file") + _count(early, "its file in the mirror has no results")
    return result


def lost_indexes(
    documents: Iterable[Document], last_answers: Mapping[str, LastAnswer], *, running: int, accepted: Collection[str]
) -> list[DocumentProblem]:
    """Return a problem for each index of the running season or a later one that this origin had and does not have now.

    Without it the source would stay as it is, and no run would say so.
    """
    lost = []
    for document in documents:
        last = last_answers.get(document.key)
        name = f"{document.source_id} {document.key}"
        is_running = document.is_index and document.season is not None and document.season >= running
        if is_running and last and last.answer.is_missing and last.last_found_at and name not in accepted:
            lost.append(DocumentProblem.of(name, SourceUnavailable(_LOST, _LOST_ADVICE)))
    return lost


def _count(names: Sequence[str], lack: str) -> list[str]:
    more = f" and {len(names) - 1} more" if len(names) > 1 else ""
    return [f"{names[0]}{more}: the index says that the race was run, and {lack}"] if names else []


_PROMISED = "the index says that this race was run, and the source does not have this document"
_EARLY = "the index says that this race was run, and its document has no results"
_PROMISED_ADVICE = (
    "nothing at first: it is asked for again, every day for a week and then every week; "
    "if the publisher does not have it, run `nascar accept` with the document's name"
)

_LOST = "the source had this index and does not have it any more, so new races are not known"
_LOST_ADVICE = "nothing at first: it is asked for again in every run; if it stays so, look whether it has a new address"

_STATES = {
    Answer.MISSING: "is missing",
    Answer.EMPTY: "is empty (null)",
    Answer.REFUSED: "is missing or refused (HTTP 403)",
}


def missing_season(document: Document, response: Response) -> DocumentProblem:
    """Return the problem that a season's index is missing."""
    error = SourceUnavailable(
        f"{response.url} {_STATES[response.answer]} (HTTP {response.status})",
        f"season {document.season} may not be published yet, or not any more; leave it out or try later",
    )
    return DocumentProblem.of(f"{document.source_id} {document.key}", error)


def missing_source(source_id: str, count: int) -> DocumentProblem:
    """Return the problem that a source has none of the documents that were due."""
    error = SourceUnavailable(
        f"none of the {count} documents of {source_id} that were due is there",
        "check the address, or the folder given with --mirror",
    )
    return DocumentProblem.of(source_id, error)


def classify_missing_documents(extractors: Sequence[Extractor], *, is_sweep: bool) -> RunResult:
    """Return what it means that sources lack seasons that the user named, or have nothing at all.

    In a sweep no source was named: it is enough that one source has a season and that a mirror has one publisher, and
    what robots.txt forbids is a warning. If a source was named explicitly, missing data is an error. A publisher that
    has none of its documents is always an error.
    """
    result = RunResult()
    found = {season for extractor in extractors for season in extractor.found_seasons}
    for extractor in extractors:
        if is_sweep:
            result.warnings += map(str, extractor.problems.disallowed())
        else:
            result.problems += extractor.problems.disallowed()
        for season, problem in extractor.missing_seasons.items():
            if is_sweep and season in found:
                result.warnings.append(str(problem))
            else:
                result.problems.append(problem)
    for extractor in extractors:
        is_elsewhere = any(other.origin == extractor.origin and other.has_found for other in extractors)
        if not (is_sweep and is_elsewhere) or extractor.origin == NETWORK:
            result.problems += extractor.all_missing()
    return result


def downgrade_missing_seasons(result: RunResult, named: Collection[str]) -> None:
    """Make a season without content a warning, unless its index is one of the documents in `named`.

    What `sql/seeds/acknowledged_problems.csv` lists is neither: `nascar status` has it.
    """
    result.problems = [problem for problem in result.problems if not problem.acknowledged_reason]
    missing = [problem for problem in result.problems if problem.is_missing_season and problem.document not in named]
    result.warnings += [str(problem) for problem in missing]
    result.problems = [problem for problem in result.problems if problem not in missing]
