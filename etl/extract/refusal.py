"""Tell a document that a host does not have from one that it refuses: cf.nascar.com answers 403 for both.

A 403 for a document that the origin never sent counts as missing only while a document known to be there is still
answered, asked for after the 403. When the known document is refused too, or none can be found, the host refuses
programs. A challenge page (HTML with status 200) is a refusal as well, and never means that a document is missing.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

from nascar_warehouse.etl.documents import UNCONDITIONAL, Answer, Document, Validators
from nascar_warehouse.etl.extract.urls import host_name

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime

    from nascar_warehouse.etl.documents import Response, Version
    from nascar_warehouse.etl.storage.last_answers import LastAnswer

CONFIRM_EVERY = 20
"""The known document is asked for again after so many refusals."""

CONFIRM_FIRST = 3
"""... and for the first time after so many where nothing is known to be there."""

REFUSED_HELD_LIMIT = 3
"""So many documents that the host sent before and now refuses in one run mean that it refuses programs."""

_EXPECTED_DOUBT = timedelta(hours=20)
"""A feed that the index promises is believed to be missing when it is still refused after this time: a daily run."""

_HELD_DOUBT = timedelta(days=7)
"""A document that was there before is believed to be gone when it is still refused after this time."""

Answered = list[tuple["Document", "Response"]]


class Known(NamedTuple):
    """A document that should be there, what makes its request conditional, and whether this origin ever sent it."""

    document: Document
    validators: Validators = UNCONDITIONAL
    was_found: bool = True


class HostRefuses(Exception):
    """The host refuses programs; `refused` are the answers that say so, oldest first."""

    def __init__(self, refused: Answered) -> None:
        super().__init__(refused[0][0].url)
        self.refused = refused


class RefusalCheck:
    """Decides what the refusals of one source in one run mean.

    `last_answers` are those of the origin, by key. `held` are the documents that are kept, the best known first;
    the newest of the documents in `index` should be there also where nothing is kept. `ask` fetches one of them.
    """

    def __init__(
        self,
        last_answers: Mapping[str, LastAnswer],
        *,
        held: Sequence[Known],
        index: Mapping[str, Document],
        ask: Callable[[Known], Response],
    ) -> None:
        self._last_answers = last_answers
        self._held = held
        self._held_keys = {known.document.key for known in held}
        newest = sorted(index.values(), key=_rank, reverse=True)[:2]
        self._current = [Known(document, was_found=False) for document in newest]
        self._ask = ask
        self._found: dict[str, Known] = {}
        self._suspects: dict[str, Answered] = {}
        self._confirmed: set[str] = set()
        self._refused_held: dict[str, int] = {}

    def note_found(self, document: Document, response: Response) -> None:
        """Remember a document that was just found; the newest index is the best known one."""
        host = host_name(document.url)
        best = self._found.get(host)
        if best is None or _rank(document) >= _rank(best.document):
            self._found[host] = Known(document, Validators(response.etag, response.last_modified))

    def suspect(self, document: Document, response: Response) -> Answered:
        """Take a refusal; returns the refusals that are decided by now. Raises `HostRefuses`."""
        host = host_name(document.url)
        suspects = self._suspects.setdefault(host, [])
        suspects.append((document, response))
        # In a first run nothing is known to be there: the first index may just be too old.
        limit = CONFIRM_EVERY if host in self._confirmed else 1 if self._known(host) else CONFIRM_FIRST
        if self.is_held(document) or len(suspects) >= limit:
            return self._confirm(host)
        return []

    def is_held(self, document: Document) -> bool:
        """Whether a version of the document is kept."""
        return document.key in self._held_keys

    def finish(self) -> Answered:
        """Decide the refusals that are left, when there is nothing more to ask for. Raises `HostRefuses`."""
        decided: Answered = []
        for host in [host for host, suspects in self._suspects.items() if suspects]:
            decided += self._confirm(host)
        self._confirmed.clear()
        return decided

    def drop_undecided(self) -> list[str]:
        """Forget the refusals that cannot be decided in this run; returns the keys of their documents."""
        keys = [document.key for suspects in self._suspects.values() for document, _ in suspects]
        self._suspects.clear()
        return keys

    def _confirm(self, host: str) -> Answered:
        """Ask for a known document; when it is answered, decide the refusals before it."""
        refused: Answered = []
        for candidate in [*self._known(host), *self._of_host(self._current, host)]:
            response = self._ask(candidate)
            if response.answer.is_found:
                self._confirmed.add(host)
                return self._decide_all(host)
            if response.answer is Answer.REFUSED:
                refused.append((candidate.document, response))
                if candidate.was_found:
                    break
        raise HostRefuses([*self._suspects.pop(host), *refused])

    def _known(self, host: str) -> list[Known]:
        """Return documents that are kept, the best known first, or the best one that was found in this run."""
        found = self._found.get(host)
        return self._of_host([found] if found else self._held, host)[:2]

    def _of_host(self, candidates: Sequence[Known], host: str) -> list[Known]:
        suspects = {document.key for document, _ in self._suspects[host]}
        return [
            known
            for known in candidates
            if host_name(known.document.url) == host and known.document.key not in suspects
        ]

    def _decide_all(self, host: str) -> Answered:
        """Decide refusals by a host that answers for another document. Raises `HostRefuses`."""
        decided = [(document, self._decide(document, response)) for document, response in self._suspects.pop(host)]
        refused = [
            (document, response)
            for document, response in decided
            if response.answer is Answer.REFUSED and self.is_held(document)
        ]
        self._refused_held[host] = self._refused_held.get(host, 0) + len(refused)
        if self._refused_held[host] >= REFUSED_HELD_LIMIT:
            raise HostRefuses(refused)
        return decided

    def _decide(self, document: Document, response: Response) -> Response:
        last = self._last_answers.get(document.key)
        if last is not None and last.answer.is_missing and response.status != 200:
            return response.decide(Answer.MISSING)
        since = last.refused_since if last else None
        doubt = _HELD_DOUBT if self.is_held(document) else _EXPECTED_DOUBT if document.is_expected else timedelta(0)
        is_doubted = doubt and (since is None or response.fetched_at - since < doubt)
        if is_doubted or response.status == 200:
            return response
        return response.decide(Answer.MISSING)


def known_documents(
    last_answers: Mapping[str, LastAnswer], versions: Sequence[Version], index: Mapping[str, Document]
) -> list[Known]:
    """Return the documents that are kept, the best known first.

    Those that this origin sent come before others, then the newest index, then what was found last.
    """
    held: list[tuple[tuple[bool, bool, int, datetime], Known]] = []
    for version in versions:
        last = last_answers.get(version.key)
        found_at = last.last_found_at if last else None
        document = index.get(version.key) or Document(
            version.source_id, version.key, version.url, fingerprint=last.fingerprint if last else ""
        )
        validators = last.validators if last and last.sha256 == version.sha256 else UNCONDITIONAL
        order = (found_at is not None, *_rank(document), found_at or version.fetched_at)
        held.append((order, Known(document, validators, was_found=found_at is not None)))
    return [known for _, known in sorted(held, key=lambda item: item[0], reverse=True)]


def _rank(document: Document) -> tuple[bool, int]:
    return document.is_index, document.season or 0
