"""What a page is given, and how it reads the query of its address."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from nascar_warehouse.warehouse.errors import UsageError
from nascar_warehouse.warehouse.explorer.answer import Answer
from nascar_warehouse.warehouse.read.sandbox import Answer as SandboxAnswer
from nascar_warehouse.warehouse.read.sandbox import Limits
from nascar_warehouse.warehouse.rows import Rows

if TYPE_CHECKING:
    from collections.abc import Mapping

    from nascar_warehouse.warehouse.explorer.published import Snapshot
    from nascar_warehouse.warehouse.explorer.site import Site

StatusReader = Callable[[], Rows]
"""Gives the rows of `nascar status`: what, name, state, at, detail, next."""

SqlRunner = Callable[[str, Limits], SandboxAnswer]
"""Starts a statement of a stranger in the sandbox."""

_LONGEST_VALUE = 200
_FRESHNESS = """
SELECT
  source_id,
  last_checked_at,
  (SELECT max(race_date) FROM core.races) AS newest_race_date
FROM ops.freshness
ORDER BY last_checked_at DESC NULLS LAST, source_id
"""
_SET_ASIDE = """
SELECT count(*) AS documents
FROM ops.documents AS documents
WHERE
  state = 'quarantined'
  AND version = (
    SELECT max(newest.version)
    FROM ops.documents AS newest
    WHERE newest.source_id = documents.source_id AND newest.document_key = documents.document_key
  )
  AND (source_id, document_key, reason) NOT IN (
    SELECT (source_id, document_key, what) FROM seeds.acknowledged_problems
  )
"""
"""Documents whose newest version is not used, but for those that are known to stay so."""


class NotFound(UsageError):
    """There is nothing with this id."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A request as a page sees it: its snapshot, the parts of its path, and its query without empty values."""

    snapshot: Snapshot
    site: Site
    path: str
    ids: Mapping[str, str]
    query: Mapping[str, str]
    read_status: StatusReader
    run_sql: SqlRunner

    def text(self, name: str) -> str | None:
        """A value of the query; None when it is left out or empty. A very long one raises `UsageError`."""
        value = self.query.get(name, "").strip()
        if len(value) > _LONGEST_VALUE:
            raise UsageError(f"{name} is longer than {_LONGEST_VALUE} characters", "write less")
        return value or None

    def number(self, name: str, default: int | None, least: int, most: int) -> int | None:
        """A whole number of the query between two bounds, else `UsageError`."""
        value = self.text(name)
        if value is None:
            return default
        if not (value.isascii() and value.isdigit() and len(value) < 10 and least <= int(value) <= most):
            raise UsageError(f"{name} is {value!r}", f"write a whole number from {least} to {most}")
        return int(value)

    def choice(self, name: str, choices: tuple[str, ...]) -> str:
        """One of some values, the first by default, else `UsageError`."""
        value = self.text(name) or choices[0]
        if value not in choices:
            raise UsageError(f"{name} is {value!r}", f"use one of {', '.join(choices)}")
        return value

    def link(self, **changes: object) -> str:
        """The address of this page with some values of the query changed; None removes one."""
        values = {name: value for name, value in {**self.query, **changes}.items() if value not in (None, "")}
        return self.path + (f"?{urlencode(values)}" if values else "")

    def render(self, template: str, **values: object) -> Answer:
        """A page of this snapshot."""
        freshness = self.snapshot.kept_rows(_FRESHNESS)
        base = {
            "published_at": self.snapshot.published_at,
            "snapshot_id": self.snapshot.snapshot_id,
            "freshness": freshness,
            "newest_race_date": freshness[0]["newest_race_date"] if freshness else None,
            "set_aside": self.snapshot.kept_rows(_SET_ASIDE)[0]["documents"],
            "link": self.link,
            "here": self.path,
        }
        return Answer(self.site.render(template, {**base, **values}), etag=self.etag())

    def etag(self) -> str:
        """Names the snapshot and the address."""
        text = f"{self.snapshot.snapshot_id} {self.link()}"
        return hashlib.sha256(text.encode()).hexdigest()[:20]
