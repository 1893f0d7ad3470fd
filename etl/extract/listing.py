"""Which detail documents the kept versions of an index lead to."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from nascar_warehouse.warehouse.errors import SourceChanged

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Sequence

    from nascar_warehouse.etl.documents import Document, Selection, Source, Version


def listed_documents(
    source: Source,
    index: Document,
    versions: Sequence[Version],
    read: Callable[[Version], bytes],
    selection: Selection,
    refused: Collection[str] = (),
) -> list[Document]:
    """Return what the newest accepted version of an index leads to, and what is known from elsewhere.

    `versions` are oldest first, `refused` the ids of the quarantined ones. Where none was ever accepted, the newest
    readable one is used, so that the races of a new season are asked for. A version that arrived in this run counts as
    accepted; but where it lost a race that was run, what the one before lists besides is due too: loading will not
    use it, and results of other races do not wait for another night.
    """
    accepted = [version for version in reversed(versions) if version.document_id not in refused]
    others = [version for version in reversed(versions) if version.document_id in refused]
    lists = _lists(source, index, accepted, read, selection)
    newest = next(lists, None) or next(_lists(source, index, others, read, selection), None)
    before = next(lists, None)
    found = {document.key: document for document in newest.due} if newest else {}
    if newest and before:
        unlisted = {document.key: document for document in before.due if document.key not in newest.keys}
        if any(document.is_expected for document in unlisted.values()):
            found |= unlisted
    if versions:
        for document in source.unindexed_documents(index, selection):
            found.setdefault(document.key, document)
    return list(found.values())


class _Listed(NamedTuple):
    """The documents that should be there today, and the keys of all that are listed."""

    due: list[Document]
    keys: set[str]


def _lists(
    source: Source, index: Document, versions: Sequence[Version], read: Callable[[Version], bytes], selection: Selection
) -> Iterator[_Listed]:
    """Yield what each readable version lists."""
    every_day = replace(selection, today=date.max)
    for version in versions:
        content = read(version)
        try:
            due = source.detail_documents(index, content, selection)
            every = source.detail_documents(index, content, every_day)
        except SourceChanged:
            continue
        yield _Listed(due, {document.key for document in every})
