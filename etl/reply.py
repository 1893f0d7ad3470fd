"""What a fetcher is and what it answers, whoever is asked: a publisher, a mirror, or the files of the program."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from warehouse.errors import SourceUnavailable

RATE_PER_SECOND = 3.0
"""Requests a second to the host of a publisher, at most."""

NETWORK = "network"
"""The origin of documents that their publishers sent."""

PACKAGE = "package"
"""The origin of documents that came with the program, which nobody is asked for."""

ABSENT_STATUSES = frozenset({403, 404, 410})
"""What publishers answer for a document that they do not have; cf.nascar.com says 403."""


class Disallowed(SourceUnavailable):
    """The publisher's robots.txt wants no program to ask for a document."""


class BudgetSpent(SourceUnavailable):
    """The run has made as many requests as it may: no fault of a source, the next run goes on."""


@dataclass(frozen=True, slots=True)
class Validators:
    """What the last reply said of its version; sent along, it allows the answer "unchanged"."""

    etag: str | None = None
    last_modified: str | None = None


UNCONDITIONAL = Validators()


@dataclass(frozen=True, slots=True)
class Reply:
    """What a source said when it was asked for a document."""

    url: str
    """The public URL that was asked for, never the mirror's."""
    status: int
    """200, 304, 403, 404 or 410; everything else is an error."""
    body: bytes
    """The document, decompressed; empty unless the status is 200."""
    etag: str | None
    last_modified: str | None
    fetched_at: datetime
    """UTC, aware."""

    @property
    def is_absent(self) -> bool:
        """Whether the source does not have the document."""
        return self.status in ABSENT_STATUSES

    @property
    def is_unchanged(self) -> bool:
        """Whether the document is still the version that the validators named."""
        return self.status == 304


class Fetcher(Protocol):
    """Gives the document behind a public URL, or says that it is absent or unchanged."""

    origin: str
    """Where the bytes come from: "network", the mirror's URL without credentials, or its folder, absolute."""

    def fetch(self, url: str, *, validators: Validators = UNCONDITIONAL) -> Reply:
        """Ask for one document.

        Raises `SourceUnavailable` if nothing came, `BudgetSpent` if nothing more may be asked in this run,
        `SourceChanged` if what came is of no known kind,
        `UsageError` if `url` is no address, `MachineFailure` if a mirror's file cannot be read.
        """

    def close(self) -> None:
        """Let go of connections."""
