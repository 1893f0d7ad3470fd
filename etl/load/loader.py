"""Kept documents → rows of the raw tables.

Each document is in the warehouse with its newest version that can be read. A newer one that cannot, or that lost many
of its rows, is quarantined with the reason. Rows of documents that did not change are copied from the published
warehouse, so that a run costs what is new; `rebuild` reads everything again and gets the same rows.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from nascar_warehouse.etl.documents import Parsed, SeasonNotStarted, Source
from nascar_warehouse.etl.load.diff import Change, differences
from nascar_warehouse.etl.outcome import DocumentProblem, RunResult
from nascar_warehouse.warehouse.errors import NascarError, SourceChanged, SuspiciousLoad

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from nascar_warehouse.etl.documents import Version
    from nascar_warehouse.etl.load.raw_tables import Published, RawTables
    from nascar_warehouse.etl.storage.landing import Landing

KEPT_SHARE = 0.8
"""A new version with a smaller share of the old one's rows is suspicious; of forty races one or two are cancelled."""


class Loader:
    """One load into an empty set of raw tables."""

    def __init__(
        self,
        tables: RawTables,
        landing: Landing,
        *,
        published: Published | None = None,
        accepted: frozenset[str] = frozenset(),
    ) -> None:
        """`accepted` are the ids of document versions to use although they lost rows."""
        self._tables = tables
        self._landing = landing
        self._published = published
        self._accepted = accepted
        self._carried: list[str] = []
        self._changes: list[tuple[Change, str, Version, Version]] = []
        self._states: list[tuple[Version, str, str | None]] = []
        self.notices: dict[str, str] = {}
        """Notice, to be shown once → the document where it was first seen."""
        self.result = RunResult()

    @property
    def has_news(self) -> bool:
        """Whether a document was loaded that the published warehouse does not have; a quarantined one is no news."""
        return self.result.rows_loaded > 0

    def load_source(
        self,
        source: Source,
        versions_by_document: Sequence[Sequence[Version]],
        progress: Callable[[int], None] = lambda _: None,
    ) -> None:
        """Load the documents of a source, each with all its versions, oldest first."""
        for versions in versions_by_document:
            self._load_document(source, versions)
            progress(1)

    def finish(self, sources: Sequence[Source], last_checked: dict[tuple[str, str], datetime]) -> None:
        """Write everything that was loaded into the raw tables."""
        if self._published is not None:
            self._tables.carry(self._published, sources, self._carried)
        self._tables.write(sources)
        self._tables.write_changes(self._changes)
        self._tables.write_documents(self._states, last_checked)

    def _load_document(self, source: Source, versions: Sequence[Version]) -> None:
        known, quarantined = self._published_version(versions[-1])
        good: tuple[Version, Parsed] | None = None
        problem: DocumentProblem | None = None
        is_news = any(version.version > known and version.version not in quarantined for version in versions)
        for version in versions:
            if version.version in quarantined:
                problem = self._repeat_quarantine(version, quarantined[version.version])
            elif version.version < known or (version.version == known and not is_news):
                self._carry_over(version, is_loaded=version.version == known)
                problem = None
            else:
                try:
                    parsed = source.parse(version.key, self._landing.read(version))
                    self._require_rows(source, version, good, parsed)
                except (SourceChanged, SeasonNotStarted, SuspiciousLoad) as error:
                    problem = self._quarantine(version, error)
                    continue
                if good is not None:
                    self._carry_over(good[0], is_loaded=False)
                    self._note_changes(source, good, (version, parsed))
                good, problem = (version, parsed), None
        if good is not None and good[0].version == known:
            self._carry_over(good[0], is_loaded=True)
        elif good is not None:
            self._keep(source, *good)
        if problem is not None:
            self.result.problems.append(problem)

    def _published_version(self, version: Version) -> tuple[int, dict[int, str]]:
        """Which version of a document is published, 0 for none, and the quarantined versions with their reasons."""
        if self._published is None:
            return 0, {}
        return self._published.loaded.get((version.source_id, version.key), 0), self._published.quarantined

    def _carry_over(self, version: Version, *, is_loaded: bool) -> None:
        """Keep the rows of the published version, or note that a newer version replaced it."""
        if is_loaded:
            self._carried.append(version.document_id)
        self._states.append((version, "loaded" if is_loaded else "superseded", None))

    def _quarantine(self, version: Version, error: NascarError) -> DocumentProblem:
        self._states.append((version, "quarantined", error.problem))
        problem = DocumentProblem.of(_name(version), error)
        return (
            problem if version.url in problem.advice else replace(problem, advice=f"{problem.advice} ({version.url})")
        )

    def _repeat_quarantine(self, version: Version, reason: str) -> DocumentProblem:
        self._states.append((version, "quarantined", reason))
        before = self._published.problems.get(_name(version)) if self._published else None
        return before or DocumentProblem(_name(version), SourceChanged.exit_code, reason)

    def _require_rows(
        self, source: Source, version: Version, good: tuple[Version, Parsed] | None, parsed: Parsed
    ) -> None:
        """Raise `SuspiciousLoad` if the document lost many rows of its first table, or has none."""
        if version.document_id in self._accepted:
            return
        name = next(iter(parsed.rows))
        count = len(parsed.rows[name])
        before = len(good[1].rows[name]) if good and not good[1].is_preliminary else 0
        if parsed.is_preliminary:
            if before:
                raise SourceChanged("it has no results any more, as before the race", _accept_advice(version))
            return
        season = source.season_of(version.key)
        if count == before == 0 and season and season >= version.fetched_at.year:
            raise SeasonNotStarted(f"season {season} has no races yet", "nothing to do; later runs ask again")
        if count == 0:
            raise SuspiciousLoad(f"raw.{name} would have none of its {before} rows", _accept_advice(version))
        if count < before * KEPT_SHARE:
            raise SuspiciousLoad(f"raw.{name} would shrink from {before} rows to {count}", _accept_advice(version))

    def _note_changes(self, source: Source, old: tuple[Version, Parsed], new: tuple[Version, Parsed]) -> None:
        found = differences(source.tables, old[1].rows, new[1].rows)
        if old[1].is_preliminary:  # A result in the place of an entry corrects nothing.
            found = [replace(change, is_correction=False) for change in found]
        self._changes += [(change, source.source_id, old[0], new[0]) for change in found]

    def _keep(self, source: Source, version: Version, parsed: Parsed) -> None:
        self.result.rows_loaded += self._tables.add(source, version, parsed.rows)
        self._states.append((version, "loaded", None))
        for notice in parsed.notices:
            self.notices.setdefault(f"{source.source_id}: {notice}", version.key)


def _name(version: Version) -> str:
    return f"{version.source_id} {version.key}"


def _accept_advice(version: Version) -> str:
    return f"look at {version.url}; if the source is right, run `nascar build --accept {version.document_id}`"
