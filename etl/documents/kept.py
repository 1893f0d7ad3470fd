"""What is kept of a source: versions of documents, and how a source looks at them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import msgspec

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime


class Version(msgspec.Struct, frozen=True, gc=False):
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


class Kept(Protocol):
    """What a source has sent so far, for finding out what to ask for next."""

    def read(self, key: str) -> bytes | None:
        """The newest content of a document; None if there is none."""

    def is_found(self, key: str) -> bool:
        """Whether a document is kept, or will be when what is planned was fetched."""

    def keys(self) -> Iterable[str]:
        """The documents that are kept."""
