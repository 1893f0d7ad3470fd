"""Which new versions of documents to leave out of a build whose checks fail, found by building again without them.

The source that is preferred least goes first: a page or a list before an archive, an archive before the feed; of one
source the document about the fewest races. A version whose absence helps nothing is used again; where the same row
fails because of another version without it, both are causes and stay out. Where the failing rows name no new version,
or none that helps, the other new versions are tried, all of a source at once.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from nascar_warehouse.etl.outcome import DocumentProblem
from nascar_warehouse.warehouse.errors import CheckFailed

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from nascar_warehouse.warehouse.build.checks import CheckResult

_Row = tuple[str, str]
"""Name of a check, and the key of a row."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A version that is not in the published warehouse."""

    document_id: str
    document: str
    url: str
    order: int
    """Its source's place among the sources."""
    races: int

    @property
    def rank(self) -> tuple[int, int]:
        """The higher, the sooner it is set aside."""
        return self.order, -self.races


class Trials:
    """The versions set aside so far, with the reason of each."""

    def __init__(self, known: Mapping[str, DocumentProblem]) -> None:
        """`known` are the versions that earlier runs of this program set aside."""
        self.set_aside: dict[str, DocumentProblem] = dict(known)
        self._tried: dict[str, DocumentProblem] = {}
        self._last: frozenset[str] = frozenset()
        self._failing: dict[_Row, frozenset[str]] = {}
        self._is_last = False

    @property
    def tried_again(self) -> dict[str, DocumentProblem]:
        """What this run set aside."""
        return {name: problem for name, problem in self.set_aside.items() if name in self._tried}

    def set_aside_more(self, results: Sequence[CheckResult], candidates: Mapping[str, Candidate]) -> bool:
        """Choose what the next build leaves out; False when nothing more can be tried."""
        failing = {
            (result.name, row_key): documents for result in results for row_key, documents in result.documents.items()
        }
        self._use_again_what_did_not_help(failing, candidates.keys())
        self._failing = failing
        chosen = self._least_preferred(failing, candidates)
        if not chosen:
            return self._set_aside_everything_tried()
        problems = {name: _problem(candidates[name], results) for name in sorted(chosen)}
        self._last = frozenset(chosen)
        self._tried |= problems
        self.set_aside |= problems
        return True

    def _use_again_what_did_not_help(self, failing: Mapping[_Row, frozenset[str]], candidates: Collection[str]) -> None:
        """Use again what was set aside last, if the rows that named it still fail, and for no other new version.

        A row that fails because of another version now has two causes, and this was one of them.
        """
        named = {row for row, documents in self._failing.items() if documents & self._last}
        rows = named or self._failing.keys()
        is_helpless = rows <= failing.keys() and not any(
            document_id in candidates and document_id not in self._failing[row]
            for row in rows
            for document_id in failing[row]
        )
        if self._last and is_helpless:
            for document_id in self._last:
                del self.set_aside[document_id]

    def _least_preferred(
        self, failing: Mapping[_Row, frozenset[str]], candidates: Mapping[str, Candidate]
    ) -> list[str]:
        open_to_try = {
            document_id
            for documents in failing.values()
            for document_id in documents
            if document_id in candidates and document_id not in self._tried
        }
        if open_to_try:
            highest = max(candidates[document_id].rank for document_id in open_to_try)
            return [document_id for document_id in open_to_try if candidates[document_id].rank == highest]
        others = candidates.keys() - self._tried.keys()
        last = max((candidates[document_id].order for document_id in others), default=None)
        return [document_id for document_id in others if candidates[document_id].order == last]

    def _set_aside_everything_tried(self) -> bool:
        missing = self._tried.keys() - self.set_aside.keys()
        if self._is_last or not missing:
            return False
        self._is_last, self._last = True, frozenset()
        self.set_aside |= self._tried
        return True


def _problem(candidate: Candidate, results: Sequence[CheckResult]) -> DocumentProblem:
    failed = [(result.name, key, documents) for result in results for key, documents in result.documents.items()]
    named = [row for row in failed if candidate.document_id in row[2]]
    name, row_key, _ = (named or failed)[0]
    example = next(
        (row for result in results if result.name == name for row in result.examples if row["row_key"] == row_key),
        {"row_key": row_key},
    )
    shown = {column: value for column, value in example.items() if not column.startswith("document_id")}
    return DocumentProblem(
        candidate.document,
        CheckFailed.exit_code,
        f"set aside, with it the check {name} fails: {json.dumps(shown, default=str)}",
        f"look at {candidate.url}; a newer version replaces it, and `nascar accept {candidate.document_id}` tries it"
        " again; if the source is right, the rule is a file in sql/checks, and an exception a row in"
        " sql/seeds/check_exceptions.csv",
        document_id=candidate.document_id,
    )
