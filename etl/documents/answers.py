"""What a source answers when it is asked for a document, and what asks it."""

from __future__ import annotations

import enum
from typing import TYPE_CHECKING, Protocol

import msgspec

from nascar_warehouse.warehouse.errors import SourceChanged, SourceUnavailable

if TYPE_CHECKING:
    from datetime import datetime

RATE_PER_SECOND = 3.0
"""Requests a second to the host of a publisher, at most."""

NETWORK = "network"
"""The origin of documents that their publishers sent."""

PACKAGE = "package"
"""The origin of documents that come with the program."""


class Answer(enum.StrEnum):
    """What a source answered about a document."""

    FOUND = "found"
    UNCHANGED = "unchanged"
    MISSING = "missing"
    EMPTY = "empty"
    """The body is `null`: the document has an address and no content."""
    REFUSED = "refused"
    """The source may have the document and does not give it to us."""

    @classmethod
    def of(cls, status: int) -> Answer:
        """Return the answer that an HTTP status is by itself; `KeyError` for any other status."""
        return _ANSWERS[status]

    @property
    def is_found(self) -> bool:
        """Whether the document is there: the only answers that make a source fresh."""
        return self in {Answer.FOUND, Answer.UNCHANGED}

    @property
    def is_missing(self) -> bool:
        """Whether the source does not have the document."""
        return self in {Answer.MISSING, Answer.EMPTY}


# cf.nascar.com answers 403 for a document that it does not have, and for a program that it refuses. It counts as
# refused until `etl.extract.refusal` has shown that the document is missing. 401 and 451 refuse it as well.
_ANSWERS = {
    200: Answer.FOUND,
    304: Answer.UNCHANGED,
    401: Answer.REFUSED,
    403: Answer.REFUSED,
    404: Answer.MISSING,
    410: Answer.MISSING,
    451: Answer.REFUSED,
}

ANSWER_STATUSES = frozenset(_ANSWERS)
"""The HTTP statuses that are an answer; any other one is an error."""


class Disallowed(SourceUnavailable):
    """The publisher's robots.txt forbids programs to ask for a document."""


class HostUnavailable(SourceUnavailable):
    """A host failed too often, or asked for a long pause: it is not asked again in this run."""


class BudgetSpent(SourceUnavailable):
    """The run has made its maximum of requests: not an error of the source, the next run continues."""


class Validators(msgspec.Struct, frozen=True, gc=False):
    """What the last response said about its version; a request that carries it may be answered with "unchanged"."""

    etag: str | None = None
    last_modified: str | None = None


UNCONDITIONAL = Validators()


class Response(msgspec.Struct, frozen=True, gc=False):
    """What a source answered when it was asked for a document."""

    url: str
    """The public URL that was asked for, never the mirror's."""
    status: int
    """One of `ANSWER_STATUSES`."""
    body: bytes
    """The document, decompressed; empty unless the status is 200."""
    etag: str | None
    last_modified: str | None
    fetched_at: datetime
    """UTC, aware."""
    decided: Answer | None = None
    """The answer that was decided by more than the status, from the body or from other answers."""

    @property
    def answer(self) -> Answer:
        """What the source answered about the document."""
        return self.decided or Answer.of(self.status)

    def decide(self, answer: Answer) -> Response:
        """The same response with an answer that more than its status decided."""
        return msgspec.structs.replace(self, decided=answer)


class Fetcher(Protocol):
    """Returns the document at a public URL, or says that it is missing or unchanged."""

    origin: str
    """Where the bytes come from: "network", the mirror's URL without credentials, or its folder, absolute."""

    def fetch(self, url: str, *, validators: Validators = UNCONDITIONAL) -> Response:
        """Ask for one document.

        Raises `SourceUnavailable` if there was no answer, `HostUnavailable` if the host is not asked again in this run,
        `BudgetSpent` if this run may make no more requests,
        `SourceChanged` if the response is of an unknown kind, `UsageError` if `url` is not an address, `MachineFailure`
        if a mirror's file cannot be read.
        """

    def close(self) -> None:
        """Close connections."""


BODY_LIMIT_BYTES = 64 * 1024 * 1024
"""The largest document accepted, decompressed. The largest known has 2 MB."""


def too_large(url: str, limit_bytes: int) -> SourceChanged:
    """Return the error for a document that is larger than any known one."""
    return SourceChanged(
        f"{url} is larger than {limit_bytes:,} bytes when decompressed",
        "look at what the source sends there: no known document is nearly as large",
    )
