"""What the job needs to know of a source: which documents it has and what their bytes mean.

A source is one module in `etl/sources/`. It names its index documents and the documents that their content leads to,
and turns the bytes of each into rows. Rows are msgspec structs, or a polars frame where a document is a table. The
struct of a row is the shape of its raw table, a column a field.
"""

from __future__ import annotations

import enum
import functools
import operator
import types
import typing
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated, Any, Protocol

import msgspec

from nascar_warehouse.warehouse.errors import NascarError, SourceChanged, SourceUnavailable

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import polars as pl

# A field that is known and not loaded: it may hold anything, and its changes are not reported.
Ignored = msgspec.Raw
NOTHING = msgspec.Raw(b"null")

# What a column of whole numbers holds, and what a count may be; a payload may say anything.
Whole = Annotated[int, msgspec.Meta(ge=-(2**31), le=2**31 - 1)]
Count = Annotated[int, msgspec.Meta(ge=0, le=2**31 - 1)]

SERIES = ("cup", "nxs", "truck")

# The rows of one raw table; a frame has the columns of the table in the order of its struct.
Rows = typing.Union["Sequence[msgspec.Struct]", "pl.DataFrame"]


class MissingSeason(NascarError):
    """The source answers and has nothing for a season: a problem for who asked for it, else a warning."""


class WrongSeason(SourceChanged, MissingSeason):
    """An index answers with the races of another season."""


class SeasonNotStarted(SourceUnavailable, MissingSeason):
    """The index of a season that has not begun is empty."""


@dataclass(frozen=True, slots=True, order=True)
class Document:
    """A document that a source has, or may have: its name here, its public address and what is known of it beforehand.

    `season` and `held_on` are those of the season or race it is about. A document with `is_index` leads to others.
    `fingerprint` changes when the index says something new about the document. With `is_expected` the index says that
    the race was run, so the document should be there.
    """

    source_id: str
    key: str
    url: str
    season: int | None = None
    held_on: date | None = None
    is_index: bool = False
    fingerprint: str = ""
    is_expected: bool = False


@dataclass(frozen=True, slots=True)
class Selection:
    """Which part of a source is wanted; `seasons` as the user named them, None for all up to today."""

    today: date
    seasons: tuple[int, ...] | None = None
    series: tuple[str, ...] = SERIES
    laps: bool = False


@dataclass(frozen=True, slots=True)
class Parsed:
    """The rows of one document by raw table.

    `notices` are sentences that a run reports once. A document `is_preliminary` while it has no result of its race: it
    is an entry list, or empty. Rows that it loses are no loss.
    """

    rows: Mapping[str, Rows]
    notices: Sequence[str] = field(default_factory=tuple)
    is_preliminary: bool = False


@dataclass(frozen=True)
class Table:
    """A raw table: the struct of its rows, and the columns that name a row within its document.

    A table that has a row a race, or a row a result, may name the columns that name its race: then no version of a
    document loses a race, or a result, before it is accepted. `season` is the column of its season, where a
    document has several; `done` are columns of which one has a value in a row of a race that was run.
    """

    row: type[msgspec.Struct]
    key: tuple[str, ...]
    race: tuple[str, ...] = ()
    season: str | None = None
    done: tuple[str, ...] = ()

    @functools.cached_property
    def columns(self) -> dict[str, type]:
        """Column name → str, int, float or bool, in the order of the struct's fields; ignored fields have no column."""
        kinds = {f.name: _kind(f.type) for f in msgspec.structs.fields(self.row)}
        return {name: kind for name, kind in kinds.items() if kind is not None}

    @functools.cached_property
    def nullable(self) -> frozenset[str]:
        """The columns that may be NULL: the fields that may be None, or unset in some documents."""
        absent = {type(None), msgspec.UnsetType}
        fields = {f.name: set(typing.get_args(f.type)) for f in msgspec.structs.fields(self.row)}
        return frozenset(name for name in self.columns if fields[name] & absent)

    @functools.cached_property
    def values(self) -> Callable[[Any], tuple[Any, ...]]:
        """A function from a row to its values, in the order of `columns`."""
        return operator.attrgetter(*self.columns)


Access = typing.Literal["fetched", "opt_in", "built_in", "saved"]
"""How the documents of a source arrive: fetched in every run, fetched only where the source is named, built into the
program, or saved by hand in a folder."""


class Source(Protocol):
    """A publisher of documents. A module in `etl/sources/` makes one known by giving it the name `SOURCE`."""

    @property
    def source_id(self) -> str:
        """The id of the source; its raw tables and staging files begin with it."""

    @property
    def access(self) -> Access:
        """How its documents arrive."""
        return "fetched"

    @property
    def order(self) -> int:
        """Its place among the sources, those that are preferred first; see the other modules for theirs."""
        return 100

    @property
    def tables(self) -> Mapping[str, Table]:
        """Raw table, without its schema → its shape."""

    @property
    def margin_columns(self) -> Mapping[str, str]:
        """Raw table → its column that holds the text of a margin of victory."""
        return {}

    def index_documents(self, selection: Selection) -> list[Document]:
        """The documents to begin with."""

    def detail_documents(self, root: Document, content: bytes, selection: Selection) -> list[Document]:  # noqa: ARG002  # most sources have none
        """The documents that the content of an index leads to; raises `SourceChanged`."""
        return []

    def unindexed_documents(self, index: Document, selection: Selection) -> list[Document]:  # noqa: ARG002  # a default
        """Detail documents of an index that no kept version of it leads to: their ids are known from elsewhere."""
        return []

    def season_of(self, key: str) -> int | None:  # noqa: ARG002  # a default
        """The season that a document is about, None if it is about more than one."""
        return None

    def parse(self, key: str, content: bytes) -> Parsed:
        """The rows of a document; raises `SourceChanged` naming the field and what is wrong with it."""

    def open_local(self, folder: str | None) -> tuple[Source, Fetcher] | None:  # noqa: ARG002  # a default
        """The source with the fetcher of its documents on this machine; None if it has none.

        A "saved" source reads them from `folder`, and has none without one.
        """
        return None


def _kind(annotation: object) -> type | None:
    """The one type of scalar that a field's annotation admits next to None, a blank and the unset mark."""
    if annotation is Ignored:
        return None
    if isinstance(annotation, types.UnionType) or typing.get_origin(annotation) is typing.Union:
        kinds = {_kind(part) for part in typing.get_args(annotation)} - {None}
        return kinds.pop() if len(kinds) == 1 else None
    if typing.get_origin(annotation) is Annotated:
        return _kind(typing.get_args(annotation)[0])
    if typing.get_origin(annotation) is typing.Literal:
        value = typing.get_args(annotation)[0]
        return None if value == "" else type(value)
    return next((kind for kind in (str, int, float, bool) if annotation is kind), None)


@dataclass(frozen=True, slots=True)
class Version:
    """The bytes that a document had from some moment on."""

    version: int
    source_id: str
    key: str
    url: str
    sha256: str
    size_bytes: int
    http_status: int
    etag: str | None
    last_modified: str | None
    origin: str
    fetched_at: datetime

    @property
    def document_id(self) -> str:
        """Readable and unique: what an analyst sees as `document_id`."""
        return f"{self.source_id}:{self.key}#{self.sha256[:8]}-{self.version}"


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
# refused until `etl.extract.refusal` has shown that the document is missing.
_ANSWERS = {
    200: Answer.FOUND,
    304: Answer.UNCHANGED,
    403: Answer.REFUSED,
    404: Answer.MISSING,
    410: Answer.MISSING,
}

ANSWER_STATUSES = frozenset(_ANSWERS)
"""The HTTP statuses that are an answer; any other one is an error."""


class Disallowed(SourceUnavailable):
    """The publisher's robots.txt forbids programs to ask for a document."""


class HostUnavailable(SourceUnavailable):
    """A host failed too often, or asked for a long pause: it is not asked again in this run."""


class BudgetSpent(SourceUnavailable):
    """The run has made its maximum of requests: not an error of the source, the next run continues."""


@dataclass(frozen=True, slots=True)
class Validators:
    """What the last response said about its version; a request that carries it may be answered with "unchanged"."""

    etag: str | None = None
    last_modified: str | None = None


UNCONDITIONAL = Validators()


@dataclass(frozen=True, slots=True)
class Response:
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
