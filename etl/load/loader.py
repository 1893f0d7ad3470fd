"""Kept documents → rows of the raw tables.

Each document is in the warehouse with its newest version that can be used. A newer one that cannot be read, that lost a
race or a result, or with which a check failed, is quarantined with the reason, and the older one stands. Rows of
documents that did not change are copied from the published warehouse, so that a run costs what is new; `rebuild` reads
everything again and gets the same rows.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from itertools import chain
from operator import attrgetter
from typing import TYPE_CHECKING

from nascar_warehouse.etl.documents import Parsed, SeasonNotStarted, Source, WrongSeason
from nascar_warehouse.etl.load.diff import Change, differences
from nascar_warehouse.etl.load.loss import Loss, describe_loss, find_losses, races_in
from nascar_warehouse.etl.load.lost_details import describe_lost_details
from nascar_warehouse.etl.load.trials import Candidate
from nascar_warehouse.etl.outcome import DocumentProblem, RunResult
from nascar_warehouse.warehouse.errors import NascarError, SourceChanged, SuspiciousLoad

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import datetime

    from nascar_warehouse.etl.documents import Version
    from nascar_warehouse.etl.load.raw_tables import Published, RawTables
    from nascar_warehouse.etl.storage.landing import Landing


class Loader:
    """One load into an empty set of raw tables."""

    def __init__(
        self,
        tables: RawTables,
        landing: Landing,
        *,
        published: Published | None = None,
        accepted: frozenset[str] = frozenset(),
        set_aside: Mapping[str, DocumentProblem] | None = None,
    ) -> None:
        """`accepted` are the ids of the versions to use although they lost rows, or whose problem is acknowledged.

        `set_aside` are the ids of those that are not to be used, each with its problem.
        """
        self._tables = tables
        self._landing = landing
        self._published = published
        self._accepted = accepted
        self._set_aside = set_aside or {}
        self.carried: list[str] = []
        """The documents of which the published rows stand."""
        self._changes: list[tuple[Change, str, Version, Version]] = []
        self._states: list[tuple[Version, str, str | None]] = []
        self.candidates: dict[str, Candidate] = {}
        """The versions that were loaded, of which a check may set aside some, by id."""
        self.losses: dict[str, tuple[str, list[Loss]]] = {}
        """The versions that were not loaded because they lost races or results, each with its source."""
        self.notices: dict[str, str] = {}
        """Notice, to be shown once → the document where it was first seen."""
        self.result = RunResult()

    @property
    def has_news(self) -> bool:
        """Whether a document was loaded that the published warehouse does not have; a quarantined one is no news."""
        return bool(self.candidates)

    @property
    def refused(self) -> list[str]:
        """The ids of the quarantined versions."""
        return [version.document_id for version, state, _ in self._states if state == "quarantined"]

    def load_source(
        self,
        source: Source,
        versions_by_document: Sequence[Sequence[Version]],
        progress: Callable[[int], None] = lambda _: None,
    ) -> None:
        """Load the documents of a source, each with all its versions, oldest first."""
        for documents in _by_subject(source, versions_by_document):
            versions = documents[0] if len(documents) == 1 else sorted(chain(*documents), key=attrgetter("version"))
            self._load_document(source, versions)
            progress(len(documents))

    def finish(self, sources: Sequence[Source], last_checked: dict[tuple[str, str], datetime]) -> None:
        """Write everything that was loaded into the raw tables."""
        if self._published is not None:
            self._tables.carry(self._published, sources, self.carried)
        self._tables.write(sources)
        self._tables.write_changes(self._changes)
        self._tables.write_documents(self._states, last_checked)

    def _load_document(self, source: Source, versions: Sequence[Version]) -> None:
        known, quarantined = self._published_version(versions)
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
                    self._require_no_loss(source, version, good, parsed)
                except (SourceChanged, SeasonNotStarted, SuspiciousLoad) as error:
                    problem = self._quarantine(version, error, is_replacement=good is not None or known > 0)
                    continue
                if good is not None:
                    self._carry_over(good[0], is_loaded=False)
                    self._note_changes(source, good, (version, parsed))
                good, problem = (version, parsed), None
        if good is not None and good[0].version == known:
            self._carry_over(good[0], is_loaded=True)
        elif good is not None:
            self._keep(source, *good)
        if problem is not None and problem.document_id not in self._accepted:
            self.result.problems.append(problem)

    def _published_version(self, versions: Sequence[Version]) -> tuple[int, dict[int, str]]:
        """Which version of a document is published, 0 for none, and the quarantined versions with their reasons."""
        left_out = {
            v.version: self._set_aside[v.document_id].problem for v in versions if v.document_id in self._set_aside
        }
        if self._published is None:
            return 0, left_out
        known = self._published.quarantined
        loaded = max(self._published.loaded.get((v.source_id, v.key), 0) for v in versions)
        # A newer one is read again: it may be accepted by now, or what it lost may be explained by another document.
        older = {
            v.version: known[v.version]
            for v in versions
            if v.version in known and v.version < loaded and v.document_id not in self._accepted
        }
        return loaded, older | left_out

    def _carry_over(self, version: Version, *, is_loaded: bool) -> None:
        """Keep the rows of the published version, or note that a newer version replaced it."""
        if is_loaded:
            self.carried.append(version.document_id)
        self._states.append((version, "loaded" if is_loaded else "superseded", None))

    def _quarantine(self, version: Version, error: NascarError, *, is_replacement: bool) -> DocumentProblem:
        """Record that a version is not used; `is_replacement` says that an older one stands."""
        self._states.append((version, "quarantined", error.problem))
        problem = DocumentProblem.of(_name(version), error, version.document_id)
        if is_replacement and isinstance(error, WrongSeason):  # the season is not missing, its index has changed
            problem = replace(problem, advice=_WRONG_SEASON_ADVICE, is_missing_season=False)
        advice = problem.advice if version.url in problem.advice else f"{problem.advice} ({version.url})"
        if isinstance(error, SourceChanged):
            advice += f"; `nascar accept {version.document_id}` stops reporting it"
        return replace(problem, advice=advice)

    def _repeat_quarantine(self, version: Version, reason: str) -> DocumentProblem:
        self._states.append((version, "quarantined", reason))
        if version.document_id in self._set_aside:
            return self._set_aside[version.document_id]
        before = self._published.problems.get(_name(version)) if self._published else None
        return before or DocumentProblem(
            _name(version), SourceChanged.exit_code, reason, _acknowledge(version), document_id=version.document_id
        )

    def _require_no_loss(
        self, source: Source, version: Version, good: tuple[Version, Parsed] | None, parsed: Parsed
    ) -> None:
        """Raise `SuspiciousLoad` if the document lost races or results, or has no rows at all."""
        if version.document_id in self._accepted:
            return
        old = good[1] if good and not good[1].is_preliminary else None
        if parsed.is_preliminary:
            if old is not None:
                raise SourceChanged("it has no results any more, as before the race", f"look at {version.url}")
            return
        season = source.season_of(version.key)
        is_empty = all(len(next(iter(each.rows.values()))) == 0 for each in (old, parsed) if each)
        if is_empty and season and season >= version.fetched_at.year:
            raise SeasonNotStarted(f"season {season} has no races yet", "nothing to do; later runs ask again")
        losses = find_losses(source, version.key, old, parsed) if old else []
        if losses:
            self.losses[version.document_id] = (source.source_id, losses)
        if loss := describe_loss(source, old, parsed, losses):
            right = f"if the source is right, run `nascar accept {version.document_id}`"
            raise SuspiciousLoad(loss, f"look at {version.url}; {right}")

    def _note_changes(self, source: Source, old: tuple[Version, Parsed], new: tuple[Version, Parsed]) -> None:
        found = differences(source.tables, old[1].rows, new[1].rows)
        if old[1].is_preliminary:  # A result in the place of an entry corrects nothing.
            found = [replace(change, is_correction=False) for change in found]
        else:
            for notice in describe_lost_details(source, old[1], new[1]):
                self.notices.setdefault(f"{source.source_id}: {new[0].key}: {notice}", new[0].key)
        self._changes += [(change, source.source_id, old[0], new[0]) for change in found]

    def _keep(self, source: Source, version: Version, parsed: Parsed) -> None:
        self.result.rows_loaded += self._tables.add(source, version, parsed.rows)
        self._states.append((version, "loaded", None))
        races = max((races_in(source.tables[name], rows) for name, rows in parsed.rows.items()), default=0)
        document_id = version.document_id
        self.candidates[document_id] = Candidate(document_id, _name(version), version.url, source.order, races)
        for notice in parsed.notices:
            self.notices.setdefault(f"{source.source_id}: {notice}", version.key)


_WRONG_SEASON_ADVICE = "nothing was taken from it, and the version before stands; ask again later"


def _by_subject(source: Source, versions_by_document: Sequence[Sequence[Version]]) -> Iterable[list[Sequence[Version]]]:
    """The documents, each with its versions, that are about one thing."""
    found: dict[str, list[Sequence[Version]]] = defaultdict(list)
    for versions in versions_by_document:
        found[source.subject_of(versions[0].key)].append(versions)
    return found.values()


def _name(version: Version) -> str:
    return f"{version.source_id} {version.key}"


def _acknowledge(version: Version) -> str:
    return f"look at {version.url}; `nascar accept {version.document_id}` stops reporting it"
