"""What came of a run: its counts, its warnings and the documents with problems."""

from __future__ import annotations

import functools
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from nascar_warehouse.etl.documents import MissingSeason
from nascar_warehouse.warehouse.build.seeds import seed_rows
from nascar_warehouse.warehouse.errors import ADVICE, Interrupted, NascarError, SourceChanged, is_interruption

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from datetime import datetime

# The later one needs more attention: a changed source is worse than one that does not respond.
_SEVERITY = (0, 3, 8, 4, 5)


@dataclass(frozen=True, slots=True)
class DocumentProblem:
    """A document that is not in the warehouse as it should be, the exit code that this means, and what to do.

    `is_missing_season`: the source has nothing for a season, which is a problem only where that season was named.
    """

    document: str
    exit_code: int
    problem: str
    advice: str = ""
    is_missing_season: bool = False
    document_id: str = ""
    """The version that arrived and is not used; it is reported once."""

    @classmethod
    def of(cls, document: str, error: NascarError, document_id: str = "") -> DocumentProblem:
        """The problem of a document that this error describes."""
        is_missing = isinstance(error, MissingSeason)
        return cls(document, error.exit_code, error.problem, error.advice, is_missing, document_id)

    def __str__(self) -> str:
        return f"{self.document}: {self.problem}" + (ADVICE + self.advice if self.advice else "")

    @property
    def is_quarantined(self) -> bool:
        """Whether a version of the document arrived and is not used; a document that did not arrive has none."""
        return self.exit_code in {4, 5}

    @property
    def acknowledged_reason(self) -> str:
        """Why this problem is known and stays, by `sql/seeds/acknowledged_problems.csv`; "" if it is not listed."""
        return _acknowledged().get((self.document, self.problem), "")

    def as_dict(self) -> dict[str, object]:
        """For keeping between runs."""
        return asdict(self)

    @classmethod
    def from_dict(cls, known: Mapping[str, Any]) -> DocumentProblem:
        """The problem that `as_dict` gave, also that of an earlier version, whose fields may be others."""
        return cls(
            str(known.get("document", "")),
            int(known.get("exit_code", SourceChanged.exit_code)),
            str(known.get("problem", "")),
            str(known.get("advice", "")),
            bool(known.get("is_missing_season", known.get("is_absence", False))),
            str(known.get("document_id", "")),
        )

    @property
    def notice(self) -> str:
        """The text by which a run knows that this was reported before."""
        return f"{self.document_id or NOT_KEPT + self.document}: {self.problem}"

    @property
    def is_reported_once(self) -> bool:
        """Whether it needs a look and no repetition; what is unavailable is asked for again, and reported again."""
        return bool(self.document_id) or self.exit_code == SourceChanged.exit_code


@functools.cache
def _acknowledged() -> dict[tuple[str, str], str]:
    rows = seed_rows("acknowledged_problems")
    return {(f"{row['source_id']} {row['document_key']}", row["what"]): row["reason"] for row in rows}


NOT_KEPT = "not kept: "
"""What the notice of an answer begins with that is no version, so that it is forgotten once the document arrives."""

_NOTHING_NEW = "nothing new, nothing published"


@dataclass(slots=True)
class RunResult:
    """The counts of one run, its warnings and problems."""

    documents_checked: int = 0
    documents_new: int = 0
    documents_absent: int = 0
    rows_loaded: int = 0
    is_published: bool = False
    problems: list[DocumentProblem] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    known_problems: list[DocumentProblem] = field(default_factory=list)
    """Still open, and reported by an earlier run: they do not change the exit code."""
    reported: list[str] = field(default_factory=list)
    """The notices of this run's problems that are reported once."""
    sources_asked: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        counts = (
            f"{self.documents_checked} documents asked for, {self.documents_new} new, {self.documents_absent} missing, "
            f"{self.documents_quarantined} quarantined; {self.rows_loaded} rows loaded; "
        )
        if self.is_published:
            return counts + "published"
        # Where something failed it is not known whether there is something new.
        if not self.problems:
            return counts + _NOTHING_NEW
        return f"{counts}{len(self.problems)} problem{'' if len(self.problems) == 1 else 's'}, nothing published"

    def add(self, part: RunResult) -> None:
        """Add the result of a part of the run."""
        self.documents_checked += part.documents_checked
        self.documents_new += part.documents_new
        self.documents_absent += part.documents_absent
        self.rows_loaded += part.rows_loaded
        self.problems += part.problems
        self.warnings += part.warnings
        self.known_problems += part.known_problems

    def messages(self) -> list[str]:
        """One text for each thing that is wrong; documents with the same problem share one."""
        same: dict[tuple[str, str], list[str]] = {}
        for problem in self.problems:
            same.setdefault((problem.problem, problem.advice), []).append(problem.document)
        lines = [f"warning: {warning}" for warning in self.warnings]
        for (what, advice), documents in same.items():
            others = f" and {len(documents) - 1} more" if len(documents) > 1 else ""
            lines.append(f"problem: {documents[0]}{others}: {what}" + (ADVICE + advice if advice else ""))
        return lines

    def separate_known(self, reported: Collection[str], named: Collection[str]) -> None:
        """Move to `known_problems` what an earlier run reported, unless the document is one of the `named`.

        `nascar status` lists versions that are not used. Of an answer that was not kept only the runs say something, so
        that it stays a warning.
        """
        known = [p for p in self.problems if p.is_reported_once and p.notice in reported and p.document not in named]
        self.known_problems += known
        self.warnings += [str(problem) for problem in known if not problem.document_id]
        self.problems = [problem for problem in self.problems if problem not in known]
        self.reported += [problem.notice for problem in self.problems if problem.is_reported_once]

    @property
    def exit_code(self) -> int:
        """The exit code of the worst problem, 0 without one."""
        return worst(problem.exit_code for problem in self.problems)

    @property
    def documents_quarantined(self) -> int:
        """How many documents have a newest version that is not used, but for those that are known to stay so."""
        problems = (*self.problems, *self.known_problems)
        return sum(problem.is_quarantined and not problem.acknowledged_reason for problem in problems)


@dataclass(frozen=True, slots=True)
class RunReport:
    """A run that has ended; `error` is what stopped it early. Moments are UTC."""

    command: str
    started_at: datetime
    finished_at: datetime
    result: RunResult
    error: BaseException | None = None

    @property
    def exit_code(self) -> int:
        """What a scheduler sees."""
        if self.error is None:
            return self.result.exit_code
        if is_interruption(self.error):
            return Interrupted.exit_code
        return self.error.exit_code if isinstance(self.error, NascarError) else NascarError.exit_code

    @property
    def is_published(self) -> bool:
        """Whether the run published a new warehouse."""
        return self.result.is_published and self.error is None

    def counts(self) -> dict[str, int | float | bool | str]:
        """The counts of the run, under the names of `ops.loads`."""
        return {
            "command": self.command,
            "started_at": self.started_at.isoformat(),
            "duration_seconds": round((self.finished_at - self.started_at).total_seconds(), 3),
            "exit_code": self.exit_code,
            "documents_checked": self.result.documents_checked,
            "documents_new": self.result.documents_new,
            "documents_absent": self.result.documents_absent,
            "documents_quarantined": self.result.documents_quarantined,
            "rows_loaded": self.result.rows_loaded,
            "is_published": self.is_published,
        }

    def as_dict(self) -> dict[str, object]:
        """Everything about the run, as the hook receives it."""
        return {
            **self.counts(),
            "error": str(self.error) if isinstance(self.error, NascarError) else None,
            "warnings": list(self.result.warnings),
            "problems": [problem.as_dict() for problem in self.result.problems],
        }


def worst(exit_codes: Iterable[int]) -> int:
    """The exit code that needs most attention."""
    return max(exit_codes, key=_SEVERITY.index, default=0)


class Progress(Protocol):
    """Receives each step of a run; may show it."""

    def begin(self, what: str, total: int | None = None) -> None:
        """A new step begins, of `total` parts where that is known."""

    def advance(self, parts: int = 1) -> None:
        """Some parts of the step have ended."""

    def log(self, event: str, message: str, **values: object) -> None:
        """Something happened: `message` is its text for people, `values` are its fields."""

    def log_problem(self, problem: DocumentProblem) -> None:
        """A problem was found."""


class NoProgress:
    """Shows nothing."""

    def begin(self, what: str, total: int | None = None) -> None:
        """Nothing."""

    def advance(self, parts: int = 1) -> None:
        """Nothing."""

    def log(self, event: str, message: str, **values: object) -> None:
        """Nothing."""

    def log_problem(self, problem: DocumentProblem) -> None:
        """Nothing."""
