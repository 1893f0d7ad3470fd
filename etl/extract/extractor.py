"""Ask a source for the documents that are due, and keep what arrives."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from nascar_warehouse.etl.documents import PACKAGE, Answer, BudgetSpent, Disallowed, Selection
from nascar_warehouse.etl.extract.content import classify_content
from nascar_warehouse.etl.extract.kept import KeptDocuments
from nascar_warehouse.etl.extract.listing import listed_documents
from nascar_warehouse.etl.extract.mirror import FolderMirror
from nascar_warehouse.etl.extract.missing import (
    lost_indexes,
    missing_expected,
    missing_season,
    missing_source,
    note_lack,
)
from nascar_warehouse.etl.extract.plan import Due, plan
from nascar_warehouse.etl.extract.problems import Problems
from nascar_warehouse.etl.extract.refusal import Answered, HostRefuses, Known, RefusalCheck, known_documents
from nascar_warehouse.etl.outcome import RunResult
from nascar_warehouse.etl.storage.published_state import NOT_JUDGED, Judged
from nascar_warehouse.warehouse.errors import MachineFailure, SourceChanged, SourceUnavailable

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
    from datetime import datetime

    from nascar_warehouse.etl.documents import Document, Fetcher, Response, Source
    from nascar_warehouse.etl.outcome import DocumentProblem, Progress
    from nascar_warehouse.etl.storage.landing import Landing

_BATCH = 100
"""Documents kept in one transaction; a backfill that is killed loses no more than this."""

_KEEP_AFTER = timedelta(seconds=5)
"""... and no more than what arrived in this time, where a publisher is asked slowly."""


class Extractor:
    """Asks one source, through one fetcher."""

    def __init__(
        self,
        source: Source,
        fetcher: Fetcher,
        landing: Landing,
        selection: Selection,
        now: Callable[[], datetime],
        progress: Progress,
        judged: Judged = NOT_JUDGED,
    ) -> None:
        """`judged` is what the last load decided."""
        self._source = source
        self._fetcher = fetcher
        self._folder = fetcher if isinstance(fetcher, FolderMirror) else None
        self._landing = landing
        self._selection = selection
        self._now = now
        self._progress = progress
        self._judged = judged
        self._found_seasons: set[int] = set()
        self._missing_seasons: dict[int, DocumentProblem] = {}
        self._details: list[Document] = []
        self._answers: Answered = []
        self._missing = RunResult()
        self._has_found = False
        self._is_whole = False
        self._left = 0
        self._kept_at = now()
        self._kept = KeptDocuments(landing, source.source_id, fetcher.origin)
        self._refusals = self._open_refusal_check()
        self._result = RunResult()
        self.problems = Problems(source.source_id, fetcher.origin)

    def due_index_documents(self) -> list[Due]:
        """Return the index documents that are due."""
        due = self._due(documents := self._source.index_documents(self._selection))
        self._is_whole = 0 < len(due) == len(documents)
        return due

    def due_detail_documents(self) -> list[Due]:
        """Return the detail documents that the kept index documents lead to and that are due."""
        held = {versions[0].key: versions for versions in self._landing.versions_by_document(self._source.source_id)}
        self._details = []
        for index in self._source.index_documents(self._selection):
            versions = held.get(index.key, [])
            self._details += listed_documents(
                self._source, index, versions, self._landing.read, self._selection, self._judged, self._folder
            )
        return self._due(self._details)

    def due_stages(self, *, is_plan: bool = False) -> Iterator[list[Due]]:
        """Yield what is due of each stage, which is to be fetched before the next one is asked for.

        In a plan nothing is fetched: then a stage follows from what is kept already. A source that was refused is not
        asked before the pause that it wants is over, and a stage is the last one if it could not be asked for.
        """
        kept = KeptDocuments(self._landing, self._source.source_id, self._fetcher.origin, is_plan=is_plan)
        pause = self._source.refusal_pause
        if pause and (refused := kept.refused_within(pause, self._now())):
            self.problems.pause(*refused, pause)
            return
        for documents in self._source.stages(kept, self._selection):
            due = self._due(documents, kept)
            kept.plan(due)
            yield due
            if self._left or any(map(self.problems.is_stopped, documents)):
                return
            if due and not is_plan:
                kept.refresh()

    def fetch_documents(self, due: Sequence[Due]) -> None:
        """Ask for each document; one that cannot be fetched is a problem of the result and stops nothing else."""
        self._progress.begin(f"asking {self._source.source_id}", len(due))
        left = [item.document.key for item in due]
        batch = 1 if self._source.refusal_pause else _BATCH  # what is asked for so carefully is not asked for twice
        try:
            for item in due:
                self._ask(item)
                left.pop(0)
                self._progress.advance()
                self._put(batch)
            if due:
                self._settle(due[-1].document, self._refusals.finish)
        except BudgetSpent as error:
            self._record_left({*left, *self._refusals.drop_undecided()}, error)
        finally:
            # Also when interrupted: what arrived is kept.
            self._put(1)
            self._kept.refresh()

    def find_missing(self, accepted: frozenset[str]) -> None:
        """Find the documents that the index promises and the source does not have, asked for in this run or not."""
        kept = self._kept
        promised = [document for document in self._details if not self.problems.is_stopped(document)]
        self._missing = missing_expected(
            promised, kept.last_answers, held=kept.held, accepted=accepted, is_folder=self._folder is not None
        )
        indexes, running = self._source.index_documents(self._selection), self._selection.today.year
        self._missing.problems += lost_indexes(indexes, kept.last_answers, running=running, accepted=accepted)

    @property
    def result(self) -> RunResult:
        """What was fetched, and what was not."""
        problems = [*self.problems.all(), *self._missing.problems]
        warnings = [*self._result.warnings, *self._missing.warnings, *self.problems.warnings()]
        return replace(self._result, problems=problems, warnings=warnings)

    @property
    def origin(self) -> str:
        """Where the documents come from."""
        return self._fetcher.origin

    @property
    def has_found(self) -> bool:
        """Whether the source has anything that was due."""
        return self._has_found

    @property
    def found_seasons(self) -> frozenset[int]:
        """The seasons whose index was found."""
        return frozenset(self._found_seasons)

    @property
    def missing_seasons(self) -> Mapping[int, DocumentProblem]:
        """The seasons that the user named and whose index is missing."""
        return self._missing_seasons

    def all_missing(self) -> list[DocumentProblem]:
        """Return the problem that nothing that was due is there; empty if something is.

        A missing index is no such problem when it was the only one due: that of a season about to start often is.
        """
        if self._has_found or not self._result.documents_absent or self._left or not self._is_whole:
            return []
        return [missing_source(self._source.source_id, self._result.documents_absent)]

    def _ask(self, item: Due) -> None:
        document = item.document
        if self.problems.is_stopped(document):
            self.problems.count_unfetched(document)
            return
        try:
            response = self._fetch(Known(document, item.validators))
        except BudgetSpent:
            raise
        except Disallowed as error:
            self.problems.disallow(document, error)
        except (SourceUnavailable, SourceChanged, MachineFailure) as error:
            self.problems.fail(document, error)
        else:
            if self._fetcher.origin != PACKAGE:
                self._result.documents_checked += 1
            if response.answer is Answer.EMPTY and self._refusals.is_held(document):
                response = response.decide(Answer.FOUND)  # a change: loading says what was lost
            if response.answer is Answer.REFUSED and self._source.refusal_pause:
                self._stop(document, response)
            elif response.answer is Answer.REFUSED:
                self._settle(document, lambda: self._refusals.suspect(document, response))
            else:
                self._record(document, response)

    def _fetch(self, wanted: Known) -> Response:
        document = wanted.document
        response = classify_content(self._fetcher.fetch(document.url, validators=wanted.validators), document.url)
        if response.answer is Answer.FOUND and (fault := self._source.find_fault(document.key, response.body)):
            self.problems.note_useless(document, fault)
            return response.decide(Answer.EMPTY)
        return response

    def _ask_known(self, known: Known) -> Response:
        """Ask for a document that should be there, to learn whether its host refuses programs."""
        response = self._fetch(known)
        if response.answer is not Answer.REFUSED:
            self._record(known.document, response, is_due=False)
        return response

    def _settle(self, document: Document, decide: Callable[[], Answered]) -> None:
        """Record the refusals that are decided; a host that refuses programs is not asked again in this run."""
        try:
            decided = decide()
        except HostRefuses as refusal:
            self._stop(*refusal.refused[0])
            self._answers += refusal.refused[1:]
        except BudgetSpent:
            raise
        except (SourceUnavailable, SourceChanged, MachineFailure) as error:
            self._refusals.drop_undecided()
            self.problems.fail(document, error)
        else:
            for refused, response in decided:
                self._record(refused, response)

    def _stop(self, document: Document, response: Response) -> None:
        """Record that a host refuses programs, by one of its refusals."""
        self.problems.stop(document, response)
        self._answers.append((document, response))

    def _record(self, document: Document, response: Response, *, is_due: bool = True) -> None:
        answer = response.answer
        noted = note_lack(self._source, document, response, self._kept, self._judged.refused)
        self._answers.append((noted, response))
        if answer.is_found:
            self._refusals.note_found(document, response)
        elif answer is Answer.REFUSED and (self._refusals.is_held(document) or not document.is_expected):
            self.problems.refuse(document, response)
        if is_due:
            self._count(document, response)

    def _count(self, document: Document, response: Response) -> None:
        answer = response.answer
        self._result.documents_absent += answer.is_missing
        self._has_found |= answer.is_found
        if not document.is_index or document.season is None:
            return
        if answer.is_found:
            self._found_seasons.add(document.season)
        elif answer.is_missing and self._selection.seasons is not None:
            self._missing_seasons[document.season] = missing_season(document, response)

    def _put(self, batch: int) -> None:
        """Keep the answers once there are as many as a batch, or the last ones were kept a while ago."""
        now = self._now()
        if not self._answers or (len(self._answers) < batch and now - self._kept_at < _KEEP_AFTER):
            return
        self._kept_at = now
        new_versions = self._landing.put(self._answers, self._fetcher.origin)
        self._answers.clear()
        if self._fetcher.origin != PACKAGE:
            self._result.documents_new += len(new_versions)

    def _record_left(self, keys: Collection[str], error: BudgetSpent) -> None:
        """Count the documents that are left; that is not a problem, since the next run continues there."""
        self._left += len(keys)
        self._result.warnings = [
            f"{self._source.source_id}: {self._left} documents that are due are left for the next run: {error.problem}"
        ]

    def _due(self, documents: list[Document], kept: KeptDocuments | None = None) -> list[Due]:
        known = kept or self._kept
        return plan(
            documents,
            last_answers=known.last_answers,
            held=known.hashes,
            selection=self._selection,
            fetcher=self._fetcher,
            now=self._now(),
            unused=known.keys_of(self._judged.refused),
        )

    def _open_refusal_check(self) -> RefusalCheck:
        kept = self._kept
        index = {document.key: document for document in self._source.index_documents(Selection(self._selection.today))}
        held = known_documents(kept.last_answers, list(kept.held.values()), index)
        return RefusalCheck(kept.last_answers, held=held, index=index, ask=self._ask_known)
