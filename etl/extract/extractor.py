"""Ask for what is due and keep what comes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nascar_warehouse.etl.documents import NETWORK, PACKAGE, BudgetSpent, Disallowed
from nascar_warehouse.etl.extract.content import require_content_kind
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
"""Documents noted at once; a backfill that is killed loses no more than this."""


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
        """The documents that a publisher wants no program to ask for."""
        self.outcome = RunResult()

    def due_index_documents(self) -> list[Due]:
        """The roots that are due."""
        roots = self._source.index_documents(self._selection)
        due = self._due(roots)
        self._is_whole = len(due) == len(roots)
        return due

    def due_detail_documents(self) -> list[Due]:
        """What the roots that are held lead to, as far as it is due."""
        held = {history[0].key: history for history in self._landing.versions_by_document(self._source.source_id)}
        documents: list[Document] = []
        for root in self._source.index_documents(self._selection):
            documents += self._branches(root, held.get(root.key, []))
        return self._due(documents)

    def _branches(self, root: Document, history: Sequence[Version]) -> list[Document]:
        """What the newest version that means something leads to; the load says what is wrong with a newer one."""
        for version in reversed(history):
            try:
                return self._source.detail_documents(root, self._landing.read(version), self._selection)
            except SourceChanged:
                continue
        return []

    def fetch_documents(self, due: Sequence[Due]) -> None:
        """Ask for each document; what cannot be had is a problem of the outcome and stops nothing else."""
        self._progress.begin(f"asking {self._source.source_id}", len(due))
        answers: _Answers = []
        try:
            for number, item in enumerate(due):
                try:
                    self._ask(item, answers)
                except BudgetSpent as error:
                    self._note_left(len(due) - number, error)
                    break
                self._progress.advance()
                if len(answers) >= _BATCH:
                    self._put(answers)
                    answers.clear()
        finally:
            # Also when interrupted: what came is kept.
            self._put(answers)

    @property
    def origin(self) -> str:
        """Where the documents come from."""
        return self._fetcher.origin

    @property
    def has_found(self) -> bool:
        """Whether anything that was due is there."""
        return self._has_found

    @property
    def found_seasons(self) -> frozenset[int]:
        """The seasons whose root is there."""
        return frozenset(self._found_seasons)

    @property
    def missing_seasons(self) -> Mapping[int, DocumentProblem]:
        """The seasons that were named and whose root is not there."""
        return self._missing_seasons

    def all_missing(self) -> list[DocumentProblem]:
        """That the source has nothing at all of what was due, which no single absent document says; empty if it has.

        That the only root that was due is absent says less: the index of a season that is about to begin often is.
        """
        if self._has_found or not self.outcome.documents_absent or self._left or not self._is_whole:
            return []
        error = SourceUnavailable(
            f"none of the {self.outcome.documents_absent} documents of {self._source.source_id} that were due is there",
            "check the address, or the folder given with --mirror",
        )
        return [DocumentProblem.of(self._source.source_id, error)]

    def _put(self, answers: _Answers) -> None:
        news = self._landing.put(answers, self._fetcher.origin)
        if self._fetcher.origin != PACKAGE:
            self.outcome.documents_new += len(news)

    def _ask(self, item: Due, answers: _Answers) -> None:
        document = item.document
        try:
            reply = self._fetcher.fetch(document.url, validators=item.validators)
            require_content_kind(reply, document.url)
        except BudgetSpent:
            raise
        except Disallowed as error:
            self.disallowed.append(DocumentProblem.of(f"{document.source_id} {document.key}", error))
            return
        except (SourceUnavailable, SourceChanged) as error:
            self.outcome.problems.append(DocumentProblem.of(f"{document.source_id} {document.key}", error))
            return
        if self._fetcher.origin != PACKAGE:
            self.outcome.documents_checked += 1
        answers.append((document, reply))
        self._note(document, reply)

    def _note_left(self, count: int, error: BudgetSpent) -> None:
        """Say how much is left; that is no problem, since the next run goes on there."""
        self._left += count
        self.outcome.warnings = [
            f"{self._source.source_id}: {self._left} documents that are due are left to the next run: {error.problem}"
        ]

    def _note(self, document: Document, reply: Response) -> None:
        """Note what there is and what there is not; that a season is absent matters to who asked for it by name."""
        self.outcome.documents_absent += reply.is_missing
        self._has_found |= not reply.is_missing
        if not document.is_index or document.season is None:
            return
        if not reply.is_missing:
            self._found_seasons.add(document.season)
        elif self._selection.seasons is not None:
            error = SourceUnavailable(
                f"{reply.url} is absent (status {reply.status})",
                f"season {document.season} may not be there yet, or not any more; leave it out or try later",
            )
            self._missing_seasons[document.season] = DocumentProblem.of(f"{document.source_id} {document.key}", error)

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


def classify_missing_documents(gatherings: Sequence[Extractor], *, is_sweep: bool) -> RunResult:
    """What it means that sources lack seasons that were named, or have nothing at all.

    In a sweep, in which no source was named, it is enough that one source has a season, and that a mirror has one
    publisher; what robots.txt forbids is told. To who named a source it is a problem, and so it is that a publisher
    has nothing of its own.
    """
    outcome = RunResult()
    for gathering in gatherings:
        if is_sweep:
            outcome.warnings += map(str, gathering.disallowed)
        else:
            outcome.problems += gathering.disallowed
    found = {season for gathering in gatherings for season in gathering.found_seasons}
    for gathering in gatherings:
        for season, problem in gathering.missing_seasons.items():
            if is_sweep and season in found:
                outcome.warnings.append(str(problem))
            else:
                outcome.problems.append(problem)
    for gathering in gatherings:
        beside = [other for other in gatherings if other.origin == gathering.origin and other.has_found]
        if not (is_sweep and beside) or gathering.origin == NETWORK:
            outcome.problems += gathering.all_missing()
    return outcome
