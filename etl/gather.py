"""Ask for what is due and keep what comes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from etl.content import refuse_wrong_content
from etl.outcome import Outcome, Problem
from etl.plan import Due, plan
from etl.reply import NETWORK, PACKAGE
from warehouse.errors import SourceChanged, SourceUnavailable

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from etl.landing import Landing, Version
    from etl.progress import Progress
    from etl.reply import Fetcher, Reply
    from etl.source import Document, Selection, Source

_Answers = list[tuple["Document", "Reply"]]

_BATCH = 100
"""Documents noted at once; a backfill that is killed loses no more than this."""


class Gathering:
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
        self._roots_asked = self._roots_absent = 0
        self.outcome = Outcome()

    def due_roots(self) -> list[Due]:
        """The roots that are due."""
        return self._due(self._source.roots(self._selection))

    def due_branches(self) -> list[Due]:
        """What the roots that are held lead to, as far as it is due."""
        held = {history[0].key: history for history in self._landing.histories(self._source.source_id)}
        documents: list[Document] = []
        for root in self._source.roots(self._selection):
            documents += self._branches(root, held.get(root.key, []))
        return self._due(documents)

    def _branches(self, root: Document, history: Sequence[Version]) -> list[Document]:
        """What the newest version that means something leads to; the load says what is wrong with a newer one."""
        for version in reversed(history):
            try:
                return self._source.branches(root, self._landing.read(version), self._selection)
            except SourceChanged:
                continue
        return []

    def gather_all(self) -> None:
        """Ask for the roots that are due, then for what they lead to."""
        roots = self.due_roots()
        self.gather(roots)
        self._roots_asked, self._roots_absent = len(roots), self.outcome.documents_absent
        self.gather(self.due_branches())

    def gather(self, due: Sequence[Due]) -> None:
        """Ask for each document; what cannot be had is a problem of the outcome and stops nothing else."""
        self._progress.begin(f"asking {self._source.source_id}", len(due))
        answers: _Answers = []
        try:
            for item in due:
                self._ask(item, answers)
                self._progress.advance()
                if len(answers) >= _BATCH:
                    self._put(answers)
                    answers.clear()
        finally:
            # Also when interrupted: what came is kept.
            self._put(answers)

    def _put(self, answers: _Answers) -> None:
        news = self._landing.put(answers, self._fetcher.origin)
        if self._fetcher.origin != PACKAGE:
            self.outcome.documents_new += len(news)

    def _ask(self, item: Due, answers: _Answers) -> None:
        document = item.document
        try:
            reply = self._fetcher.fetch(document.url, validators=item.validators)
            if document.url.endswith(".json"):
                refuse_wrong_content(reply, "json")
        except (SourceUnavailable, SourceChanged) as error:
            self.outcome.problems.append(Problem.of(f"{document.source_id} {document.key}", error))
            return
        if self._fetcher.origin != PACKAGE:
            self.outcome.documents_checked += 1
        answers.append((document, reply))
        if reply.is_absent:
            self._note_absent(document, reply)

    def _note_absent(self, document: Document, reply: Reply) -> None:
        self.outcome.documents_absent += 1
        if document.is_root and document.season is not None and self._selection.seasons is not None:
            error = SourceUnavailable(
                f"{reply.url} is absent (status {reply.status})",
                f"season {document.season} may not be there yet, or not any more; leave it out or try later",
            )
            self.outcome.problems.append(Problem.of(f"{document.source_id} {document.key}", error))

    @property
    def origin(self) -> str:
        """Where the bytes come from."""
        return self._fetcher.origin

    @property
    def was_asked(self) -> bool:
        """Whether a root was due."""
        return self._roots_asked > 0

    @property
    def has_nothing(self) -> bool:
        """Whether all roots that were due are absent."""
        return self._roots_absent == self._roots_asked

    def nothing_there(self) -> Problem:
        """The problem that nothing is there."""
        source_id = self._source.source_id
        error = SourceUnavailable(
            f"none of the {self._roots_asked} documents of {source_id} that were due is there",
            "check the address, or the folder given with --mirror",
        )
        return Problem.of(source_id, error)

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


def require_something(gatherings: Sequence[Gathering]) -> list[Problem]:
    """Say which sources have nothing at all, which no single absent document says.

    A publisher has something. A mirror need not stand in for every publisher, but it does for one of those asked for.
    """
    problems = []
    for gathering in gatherings:
        same_place = [other for other in gatherings if other.origin == gathering.origin and other.was_asked]
        places = [gathering] if gathering.origin == NETWORK else same_place
        if gathering.was_asked and all(place.has_nothing for place in places):
            problems.append(gathering.nothing_there())
    return problems
