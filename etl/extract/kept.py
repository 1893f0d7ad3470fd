"""What is kept of a source, and what an origin answered last, for finding out what to ask for next."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from nascar_warehouse.etl.documents import Answer

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from datetime import datetime, timedelta

    from nascar_warehouse.etl.documents import Version
    from nascar_warehouse.etl.extract.plan import Due
    from nascar_warehouse.etl.storage.landing import Landing
    from nascar_warehouse.etl.storage.last_answers import LastAnswer


class KeptDocuments:
    """The `documents.Kept` of a source; in a plan, what is planned counts as found."""

    def __init__(self, landing: Landing, source_id: str, origin: str, *, is_plan: bool = False) -> None:
        self._landing = landing
        self._source_id = source_id
        self._origin = origin
        self._planned: set[str] | None = set() if is_plan else None

    @functools.cached_property
    def last_answers(self) -> Mapping[str, LastAnswer]:
        """The last answers of the origin, by key."""
        return self._landing.last_answers(self._source_id, self._origin)

    @functools.cached_property
    def held(self) -> Mapping[str, Version]:
        """The newest versions, by key."""
        return {version.key: version for version in self._landing.latest(self._source_id)}

    @functools.cached_property
    def hashes(self) -> Mapping[str, str]:
        """The hashes of the newest versions, by key."""
        return {key: version.sha256 for key, version in self.held.items()}

    def keys_of(self, document_ids: Collection[str]) -> set[str]:
        """The documents whose newest version has one of these ids."""
        return {key for key, version in self.held.items() if version.document_id in document_ids}

    def refresh(self) -> None:
        """Look again when asked next, after something was fetched."""
        for name in ("last_answers", "held", "hashes"):
            self.__dict__.pop(name, None)

    def read(self, key: str) -> bytes | None:
        """The newest content of a document; None if there is none."""
        version = self.held.get(key)
        return None if version is None else self._landing.read(version)

    def is_found(self, key: str) -> bool:
        """Whether a document is kept or planned."""
        return key in self.held or (self._planned is not None and key in self._planned)

    def keys(self) -> Iterable[str]:
        """The documents that are kept."""
        return self.held.keys()

    def plan(self, due: Iterable[Due]) -> None:
        """Note what would be fetched by now."""
        if self._planned is not None:
            self._planned.update(item.document.key for item in due)

    def refused_within(self, pause: timedelta, now: datetime) -> tuple[str, datetime] | None:
        """The document that was refused last, and when, if that is less than `pause` ago."""
        refused = [
            (last.refused_at, key)
            for key, last in self.last_answers.items()
            if last.answer is Answer.REFUSED and last.refused_at is not None
        ]
        last = max(refused, default=None)
        return None if last is None or now - last[0] >= pause else (last[1], last[0])
