"""What the job needs to know of a source: which documents it has and what their bytes mean.

A source is one module in `etl/sources/`. It names its index documents and the documents that their content leads to,
and turns the bytes of each into rows. Rows are msgspec structs, or a polars frame where a document is a table. The
struct of a row is the shape of its raw table, a column a field.
"""

from __future__ import annotations

import functools
import operator
import types
import typing
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING, Annotated, Any, Protocol

import msgspec

from nascar_warehouse.etl.documents.answers import (
    ANSWER_STATUSES,
    BODY_LIMIT_BYTES,
    NETWORK,
    PACKAGE,
    RATE_PER_SECOND,
    UNCONDITIONAL,
    Answer,
    BudgetSpent,
    Disallowed,
    Fetcher,
    HostUnavailable,
    Response,
    Validators,
    too_large,
)
from nascar_warehouse.etl.documents.kept import Kept, Version
from nascar_warehouse.warehouse.errors import NascarError, SourceChanged, SourceUnavailable

__all__ = [
    "ANSWER_STATUSES",
    "BODY_LIMIT_BYTES",
    "EXTRAS",
    "NETWORK",
    "NOTHING",
    "PACKAGE",
    "RATE_PER_SECOND",
    "SERIES",
    "UNCONDITIONAL",
    "Access",
    "Answer",
    "BudgetSpent",
    "Count",
    "Disallowed",
    "Document",
    "Fetcher",
    "HostUnavailable",
    "Ignored",
    "Kept",
    "MissingSeason",
    "Parsed",
    "Place",
    "Response",
    "Rows",
    "SeasonNotStarted",
    "Selection",
    "Source",
    "Table",
    "Validators",
    "Version",
    "Whole",
    "WrongSeason",
    "too_large",
]

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    import polars as pl

# A field that is known and not loaded: it may hold anything, and its changes are not reported.
Ignored = msgspec.Raw
NOTHING = msgspec.Raw(b"null")

# What a column of whole numbers holds, and what a count and a place may be; a payload may say anything. No race has so
# many laps or cars, and the columns of averages hold no more.
Whole = Annotated[int, msgspec.Meta(ge=-(2**31), le=2**31 - 1)]
Count = Annotated[int, msgspec.Meta(ge=0, le=99_999)]
Place = Annotated[int, msgspec.Meta(ge=0, le=999)]

SERIES = ("cup", "nxs", "truck")

EXTRAS = ("laps", "live", "pits", "flags", "loops")
"""What `--with` may name: lap times, the last frame of the live feed, pit stops, flags, loop data."""

# The rows of one raw table; a frame has the columns of the table in the order of its struct.
Rows = typing.Union["Sequence[msgspec.Struct]", "pl.DataFrame"]


class MissingSeason(NascarError):
    """The source answers and has nothing for a season: a problem for who asked for it, else a warning."""


class WrongSeason(SourceChanged, MissingSeason):
    """An index answers with the races of another season."""


class SeasonNotStarted(SourceUnavailable, MissingSeason):
    """The index of a season that has not begun is empty."""


class Document(msgspec.Struct, frozen=True, order=True):
    """A document that a source has, or may have: its name here, its public address and what is known of it beforehand.

    `season` and `held_on` are those of the season or race it is about. A document with `is_index` leads to others.
    `fingerprint` changes when the index says something new about the document. With `is_expected` the index says that
    the race was run, so the document should be there. With `revisit_after` an answer of its publisher stands for that
    long, found or missing, also where its season is named. What `is_permanent` never changes: it is asked for once.
    """

    source_id: str
    key: str
    url: str
    season: int | None = None
    held_on: date | None = None
    is_index: bool = False
    fingerprint: str = ""
    is_expected: bool = False
    revisit_after: timedelta | None = None
    is_permanent: bool = False


@dataclass(frozen=True, slots=True)
class Selection:
    """Which part of a source is wanted; `seasons` as the user named them, None for all up to today.

    `extras` are the kinds of document that are fetched only where they are named, of `EXTRAS`.
    """

    today: date
    seasons: tuple[int, ...] | None = None
    series: tuple[str, ...] = SERIES
    extras: frozenset[str] = frozenset()


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

    @property
    def host_rates(self) -> Mapping[str, float]:
        """Host → requests a second, for a publisher that wants fewer than `RATE_PER_SECOND`."""
        return {}

    def index_documents(self, selection: Selection) -> list[Document]:
        """The documents to begin with."""

    def detail_documents(self, root: Document, content: bytes, selection: Selection) -> list[Document]:  # noqa: ARG002  # most sources have none
        """The documents that the content of an index leads to; raises `SourceChanged`."""
        return []

    def unindexed_documents(self, index: Document, selection: Selection) -> list[Document]:  # noqa: ARG002  # a default
        """Detail documents of an index that no kept version of it leads to: their ids are known from elsewhere."""
        return []

    @property
    def refusal_pause(self) -> timedelta:
        """After a 403, 429 or 503 of one of the hosts in `host_rates`, nothing of the source is asked for so long."""
        return timedelta(0)

    def stages(self, kept: Kept, selection: Selection) -> Iterable[list[Document]]:  # noqa: ARG002  # a default
        """More documents, stage by stage: what a stage consists of is found out after the one before was fetched."""
        return ()

    def find_fault(self, key: str, content: bytes) -> str:  # noqa: ARG002  # a default
        """Why content that arrived is of no use and never will be, "" if it is: then the document counts as empty.

        Content that is not what should be at this address, and may be later, raises `SourceChanged`.
        """
        return ""

    def season_of(self, key: str) -> int | None:  # noqa: ARG002  # a default
        """The season that a document is about, None if it is about more than one."""
        return None

    def subject_of(self, key: str) -> str:
        """What a document is about: those with one subject are versions of one thing, of which the newest is used."""
        return key

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
