"""Ask a source for the documents that are due, and keep what arrives."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nascar_warehouse.etl.documents import PACKAGE, BudgetSpent, Disallowed
from nascar_warehouse.etl.extract.content import require_content_kind
from nascar_warehouse.etl.extract.missing import classify_missing_documents, missing_season, missing_source
from nascar_warehouse.etl.extract.plan import Due, plan
from nascar_warehouse.etl.outcome import DocumentProblem, RunResult
from nascar_warehouse.warehouse.errors import SourceChanged, SourceUnavailable

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime

    from nascar_warehouse.etl.documents import Document, Fetcher, Response, Selection, Source, Version
    from nascar_warehouse.etl.outcome import Progress
    from nascar_warehouse.etl.storage.landing import Landing

_Answers = list[tuple["Document", "Response"]]

_BATCH = 100
"""Documents kept in one transaction; a backfill that is killed loses no more than this."""


def extract(
    asked: Sequence[tuple[Source, Fetcher]],
    landing: Landing,
    selection: Selection,
    now: Callable[[], datetime],
    progress: Progress,
    *,
    is_sweep: bool,
    result: RunResult,
) -> None:
    """Ask each source for its index documents and then for the detail documents that they lead to.

    In a sweep no source was named by the user. `result` is filled source by source; what cannot be fetched is a problem
    there and is not raised.
    """
    extractors = []
    for source, fetcher in asked:
        extractor = Extractor(source, fetcher, landing, selection, now, progress)
        extractor.fetch_documents(extractor.due_index_documents())
        extractor.fetch_documents(extractor.due_detail_documents())
        result.add(extractor.outcome)
        if fetcher.origin != PACKAGE:
            extractors.append(extractor)
            counts = extractor.outcome
            progress.log(
                "source_asked",
                f"{source.source_id}: {counts.documents_checked} documents asked for, {counts.documents_new} new, "
                f"{counts.documents_absent} missing" + f", {len(counts.problems)} failed" * bool(counts.problems),
                source=source.source_id,
                documents_checked=counts.documents_checked,
                documents_new=counts.documents_new,
                documents_absent=counts.documents_absent,
                problems=len(counts.problems),
            )
    result.add(classify_missing_documents(extractors, is_sweep=is_sweep))


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
    ) -> None:
        self._source = source
        self._fetcher = fetcher
        self._landing = landing
        self._selection = selection
        self._now = now
        self._progress = progress
        self._found_seasons: set[int] = set()
        self._missing_seasons: dict[int, DocumentProblem] = {}
        self._has_found = False
        self._is_whole = False
        self._left = 0
        self.disallowed: list[DocumentProblem] = []
        """The documents that robots.txt forbids programs to ask for."""
        self.outcome = RunResult()

    def due_index_documents(self) -> list[Due]:
        """Return the index documents that are due."""
        documents = self._source.index_documents(self._selection)
        due = self._due(documents)
        self._is_whole = len(due) == len(documents)
        return due

    def due_detail_documents(self) -> list[Due]:
        """Return the detail documents that the kept index documents lead to and that are due."""
        held = {versions[0].key: versions for versions in self._landing.versions_by_document(self._source.source_id)}
        documents: list[Document] = []
        for index in self._source.index_documents(self._selection):
            documents += self._details(index, held.get(index.key, []))
        return self._due(documents)

    def _details(self, index: Document, versions: Sequence[Version]) -> list[Document]:
        """Return what the newest readable version leads to; loading reports what is wrong with a newer one."""
        for version in reversed(versions):
            try:
                return self._source.detail_documents(index, self._landing.read(version), self._selection)
            except SourceChanged:
                continue
        return []

    def fetch_documents(self, due: Sequence[Due]) -> None:
        """Ask for each document; one that cannot be fetched is a problem of the outcome and stops nothing else."""
        self._progress.begin(f"asking {self._source.source_id}", len(due))
        answers: _Answers = []
        try:
            for number, item in enumerate(due):
                try:
                    self._ask(item, answers)
                except BudgetSpent as error:
                    self._record_left(len(due) - number, error)
                    break
                self._progress.advance()
                if len(answers) >= _BATCH:
                    self._put(answers)
                    answers.clear()
        finally:
            # Also when interrupted: what arrived is kept.
            self._put(answers)

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
        if self._has_found or not self.outcome.documents_absent or self._left or not self._is_whole:
            return []
        return [missing_source(self._source.source_id, self.outcome.documents_absent)]

    def _put(self, answers: _Answers) -> None:
        new_versions = self._landing.put(answers, self._fetcher.origin)
        if self._fetcher.origin != PACKAGE:
            self.outcome.documents_new += len(new_versions)

    def _ask(self, item: Due, answers: _Answers) -> None:
        document = item.document
        try:
            response = self._fetcher.fetch(document.url, validators=item.validators)
            require_content_kind(response, document.url)
        except BudgetSpent:
            raise
        except Disallowed as error:
            self.disallowed.append(DocumentProblem.of(f"{document.source_id} {document.key}", error))
            return
        except (SourceUnavailable, SourceChanged) as error:
            problem = DocumentProblem.of(f"{document.source_id} {document.key}", error)
            self.outcome.problems.append(problem)
            self._progress.log_problem(problem)
            return
        if self._fetcher.origin != PACKAGE:
            self.outcome.documents_checked += 1
        answers.append((document, response))
        self._record_answer(document, response)

    def _record_left(self, count: int, error: BudgetSpent) -> None:
        """Count the documents that are left; that is not a problem, since the next run continues there."""
        self._left += count
        self.outcome.warnings = [
            f"{self._source.source_id}: {self._left} documents that are due are left for the next run: {error.problem}"
        ]

    def _record_answer(self, document: Document, response: Response) -> None:
        is_found = response.answer.is_found
        self.outcome.documents_absent += not is_found
        self._has_found |= is_found
        if not document.is_index or document.season is None:
            return
        if is_found:
            self._found_seasons.add(document.season)
        elif self._selection.seasons is not None:
            self._missing_seasons[document.season] = missing_season(document, response)

    def _due(self, documents: list[Document]) -> list[Due]:
        source_id, origin = self._source.source_id, self._fetcher.origin
        latest = self._landing.latest(source_id)
        return plan(
            documents,
            checks=self._landing.checks(source_id, origin),
            held={version.key: version.sha256 for version in latest},
            selection=self._selection,
            fetcher=self._fetcher,
            now=self._now(),
        )
