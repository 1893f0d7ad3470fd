"""Which detail documents the kept versions of an index lead to."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from nascar_warehouse.etl.storage.published_state import NOT_JUDGED, Judged
from nascar_warehouse.warehouse.errors import SourceChanged

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from nascar_warehouse.etl.documents import Document, Selection, Source, Version
    from nascar_warehouse.etl.extract.mirror import FolderMirror


def listed_documents(
    source: Source,
    index: Document,
    versions: Sequence[Version],
    read: Callable[[Version], bytes],
    selection: Selection,
    judged: Judged = NOT_JUDGED,
    folder: FolderMirror | None = None,
) -> list[Document]:
    """Return what the newest accepted version of an index leads to, and what is known from elsewhere.

    `versions` are oldest first, `judged` is what the last load decided. Where none was ever accepted, the newest
    readable one is used, so that the races of a new season are asked for. A version that was not loaded yet counts as
    accepted; but where it lost a race that was run, what the one before lists besides is due too: loading will not
    use it, and results of other races do not wait for another night. What is in the `folder` needs no index.
    """
    accepted = [version for version in reversed(versions) if version.document_id not in judged.refused]
    others = [version for version in reversed(versions) if version.document_id in judged.refused]
    lists = _readable(source, index, accepted, read, selection)
    newest = next(lists, None)
    if newest is None:
        newest = next(_readable(source, index, others, read, selection), None)
    found = {document.key: document for document in newest.due} if newest else {}
    is_undecided = newest is not None and newest.version.version > judged.last_version
    if newest and is_undecided and (before := next(lists, None)):
        every = source.detail_documents(index, newest.content, replace(selection, today=date.max))
        keys = {document.key for document in every}
        unlisted = {document.key: document for document in before.due if document.key not in keys}
        if any(document.is_expected for document in unlisted.values()):
            found |= unlisted
    # The index of a season that has documents without it need not be there where the season was asked for by name.
    for document in source.unindexed_documents(index, selection):
        if versions or selection.seasons or (folder and folder.has_file(document.url)):
            found.setdefault(document.key, document)
    return list(found.values())


class _Listed(NamedTuple):
    """What a version lists that should be there today."""

    version: Version
    content: bytes
    due: list[Document]


def _readable(
    source: Source, index: Document, versions: Sequence[Version], read: Callable[[Version], bytes], selection: Selection
) -> Iterator[_Listed]:
    """Yield what each readable version lists."""
    for version in versions:
        content = read(version)
        try:
            due = source.detail_documents(index, content, selection)
        except SourceChanged:
            continue
        yield _Listed(version, content, due)
