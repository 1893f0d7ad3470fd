"""Load the kept documents into a new warehouse, build its relations, check them and publish it.

A check of severity fail names documents. The new versions of these are set aside, the older ones stand, and everything
is built again, so that one bad document does not keep the others from being published.
"""

from __future__ import annotations

import gc
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from nascar_warehouse.etl.load.loss import find_explained
from nascar_warehouse.etl.load.trials import Trials
from nascar_warehouse.etl.storage.published_state import (
    describe_foreign_file,
    keeping_scripts,
    note_headers,
    program_fingerprint,
    write_state,
)
from nascar_warehouse.warehouse.errors import CheckFailed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    import duckdb

    from nascar_warehouse.etl.load.loader import Loader
    from nascar_warehouse.etl.load.raw_tables import RawTables
    from nascar_warehouse.etl.load.trials import Candidate
    from nascar_warehouse.etl.request import Job
    from nascar_warehouse.etl.storage.landing import Landing
    from nascar_warehouse.etl.storage.published_state import State
    from nascar_warehouse.etl.storage.run_log import Run, RunLog
    from nascar_warehouse.warehouse.build.checks import CheckResult
    from nascar_warehouse.warehouse.build.incremental import Update
    from nascar_warehouse.warehouse.build.rechecks import Row

MOST_NEWS = 0.1
"""The share of all kept versions from which a build of everything costs less."""
FEW_DOCUMENTS = 40
"""So many new ones are never too many."""
MAX_BUILDS = 6
"""Each source may be set aside once; a build of all of history takes some seconds."""


def build_and_publish(
    job: Job,
    landing: Landing,
    run_log: RunLog,
    base: State | None,
    current_run: Callable[[], Run],
    classify: Callable[[], None],
) -> None:
    """Build upon the published warehouse `base`, or read every document again; publish what passes its checks.

    `classify` decides which problems of the job's result are warnings. Nothing is published when no document is new.
    When the checks fail whatever is set aside, `CheckFailed` is raised with what failed first.
    """
    builder = _Builder(job, landing, run_log, base, current_run, classify)
    trials = Trials(run_log.set_aside(program_fingerprint()))
    first: CheckFailed | None = None
    with _garbage_collector_disabled(), keeping_scripts(run_log, is_fresh=job.full_refresh):
        for number in range(1, MAX_BUILDS + 1):
            try:
                loader = builder.build(trials, is_first=first is None)
                break
            except _ChecksFailed as failed:
                first = first or failed.error
                if number == MAX_BUILDS or not trials.set_aside_more(failed.results, failed.candidates):
                    builder.add_result(failed.loader, trials)
                    raise first from None
    run_log.mark_shown(loader.notices)
    run_log.record_set_aside(program_fingerprint(), trials.set_aside)
    # A warehouse as of an earlier day lacks what the landing holds: the next run reads everything again.
    last_version = -1 if job.as_of else landing.last_version()
    write_state(
        run_log,
        job.home.published_fingerprint(),
        last_version=last_version,
        problems=loader.result.problems,
        refused=loader.refused,
        broken=builder.broken if job.result.is_published or base is None else base.broken,
    )


class _ChecksFailed(Exception):
    """A build whose checks failed: the error, what failed, and the new versions in it."""

    def __init__(
        self, error: CheckFailed, results: Sequence[CheckResult], loader: Loader, candidates: Mapping[str, Candidate]
    ) -> None:
        super().__init__(str(error))
        self.error = error
        self.results = results
        self.loader = loader
        self.candidates = candidates


@dataclass(frozen=True)
class _Builder:
    """Makes one build after the other, of the same documents without those that are set aside."""

    job: Job
    landing: Landing
    run_log: RunLog
    base: State | None
    current_run: Callable[[], Run]
    classify: Callable[[], None]
    broken: dict[str, Sequence[Row]] = field(default_factory=dict)
    """The rows that each check of the last build found."""

    def build(self, trials: Trials, *, is_first: bool) -> Loader:
        """Build, check and publish; raises `_ChecksFailed`, and keeps the first build that fails.

        Where there is something to build upon, that is a copy of it with what the news change, which costs what is new.
        """
        from nascar_warehouse.warehouse.build.lookups import NeedsFullBuild

        is_shown = is_first
        if self.base is not None and self._has_few_news(self.base):
            try:
                return self._build(trials, is_first=is_first, is_copy=True, is_shown=is_first)
            except NeedsFullBuild as reason:
                is_shown = False
                self.job.progress.log("full build", f"building every relation: {reason}", reason=str(reason))
        return self._build(trials, is_first=is_first, is_copy=False, is_shown=is_shown)

    def _has_few_news(self, base: State) -> bool:
        known = self.landing.last_version()
        return known - base.last_version <= max(FEW_DOCUMENTS, MOST_NEWS * known)

    def _build(self, trials: Trials, *, is_first: bool, is_copy: bool, is_shown: bool) -> Loader:
        from nascar_warehouse.etl.load.copied_tables import CopiedTables
        from nascar_warehouse.etl.load.loader import Loader
        from nascar_warehouse.etl.load.raw_tables import RawTables, read_published
        from nascar_warehouse.warehouse.build.runner import make_raw_tables

        update: Update | None = None
        with self.job.home.next_warehouse(is_copy=is_copy) as (path, con):
            tables = CopiedTables(con) if is_copy else RawTables(con)
            if not is_copy:
                make_raw_tables(con, path)
            tables.create(self.job.sources)
            published = read_published(con, self.job.home, self.base, is_copy=is_copy)
            accepted = self.run_log.accepted()
            loader = Loader(tables, self.landing, published=published, accepted=accepted, set_aside=trials.set_aside)
            self._load_documents(loader, is_shown=is_shown)
            is_new = self.base is None or loader.has_news
            if is_new:
                update = self._make_relations(con, path, tables, loader)
            explained = self._find_explained(con, loader, is_new=is_new)
            if is_new and not explained:
                self._check(con, path, tables, loader, trials, update, is_first=is_first)
                self._publish(path)
        if explained:
            self.run_log.accept(explained)
            return self.build(trials, is_first=is_first)
        if not is_new:
            self.add_result(loader, trials)
        return loader

    def _make_relations(
        self, con: duckdb.DuckDBPyConnection, path: Path, tables: RawTables, loader: Loader
    ) -> Update | None:
        """Write what was loaded, and make what follows from it; None where that is a build of everything."""
        from nascar_warehouse.etl.load.copied_tables import CopiedTables
        from nascar_warehouse.warehouse.build.incremental import Update
        from nascar_warehouse.warehouse.build.lookups import NeedsFullBuild
        from nascar_warehouse.warehouse.build.runner import make_relations

        last_checked = self.landing.last_checked()
        if not isinstance(tables, CopiedTables):
            loader.finish(self.job.sources, last_checked)
            make_relations(con, path, self.job.progress)
            return None
        if con.execute(_IS_HALF_EMPTY).fetchall():
            raise NeedsFullBuild("more than half of the file is empty after many small builds")
        tables.note_changes(self.job.sources, loader.carried)
        update = Update(con, path, tables)
        loader.finish(self.job.sources, last_checked)
        update.run(self.job.progress)
        return update

    def _find_explained(self, con: duckdb.DuckDBPyConnection, loader: Loader, *, is_new: bool) -> set[str]:
        """The versions that lost only races of which another source says, here or as published, that they were not."""
        from nascar_warehouse.warehouse.storage.connection import attached

        if is_new or not loader.losses:
            return find_explained(con, loader.losses)
        with attached(con, self.job.home.published):
            con.execute("USE published")
            try:
                return find_explained(con, loader.losses)
            finally:
                con.execute("USE next")

    def add_result(self, loader: Loader, trials: Trials) -> None:
        """Add what was loaded to the result of the job, and separate new problems from those reported before."""
        result = self.job.result
        result.add(loader.result)
        accepted = self.run_log.accepted()
        result.warnings += [str(problem) for name, problem in trials.tried_again.items() if name in accepted]
        result.separate_known(self.run_log.shown(), self.job.named_documents())
        self.classify()

    def _load_documents(self, loader: Loader, *, is_shown: bool) -> None:
        shown = self.run_log.shown()
        for source in self.job.sources:
            versions_by_document = self.landing.versions_by_document(source.source_id, self.job.as_of)
            self.job.progress.begin(f"reading {source.source_id}", len(versions_by_document))
            known = len(loader.result.problems)
            loader.load_source(source, versions_by_document, self.job.progress.advance)
            for problem in loader.result.problems[known:] if is_shown else ():
                # A season without content is a problem only where it was named, which is decided later.
                if not problem.is_missing_season and problem.notice not in shown:
                    self.job.progress.log_problem(problem)

    def _check(
        self,
        con: duckdb.DuckDBPyConnection,
        path: Path,
        tables: RawTables,
        loader: Loader,
        trials: Trials,
        update: Update | None,
        *,
        is_first: bool,
    ) -> None:
        """Finish the file if its checks pass; raise `_ChecksFailed` if they do not."""
        from nascar_warehouse.etl.load.raw_tables import read_published_ids
        from nascar_warehouse.warehouse.build.checks import record_results, require_passed, run_checks
        from nascar_warehouse.warehouse.build.rechecks import Since
        from nascar_warehouse.warehouse.build.runner import moved_races
        from nascar_warehouse.warehouse.storage.retention import quarantining

        progress = self.job.progress
        progress.begin("checking")
        since = Since(self.base.broken, update) if self.base and update else None
        results = run_checks(con, since)
        self.broken.update({result.name: result.found for result in results})
        failing = [result for result in results if result.is_blocking]
        warned = sum(result.failing_rows > 0 for result in results) - len(failing)
        message = f"{len(results)} checks: {len(failing)} failed, {warned} with warnings"
        progress.log("checked", message, checks=len(results), failed=len(failing), warned=warned)
        if not failing:
            self.job.result.warnings += describe_foreign_file(self.run_log, self.job.home)
            self._note_success(loader, trials, results)
            if self.base is not None:
                self.job.result.warnings += moved_races(con, self.job.home.published, is_copy=update is not None)
        published = read_published_ids(con, self.job.home) if failing else frozenset()
        tables.write_runs([*self.run_log.runs(), self.current_run()])
        record_results(con, results)
        self.job.home.finish(path, con)
        try:
            with quarantining(self.job.home, path) if is_first else nullcontext():
                require_passed(results)
        except CheckFailed as error:
            new = {name: version for name, version in loader.candidates.items() if name not in published}
            raise _ChecksFailed(error, failing, loader, new) from error

    def _publish(self, path: Path) -> None:
        home = self.job.home
        self.job.progress.begin("publishing")
        is_foreign = bool(describe_foreign_file(self.run_log, home))
        note_headers(self.run_log, home, path)
        home.publish(path, keep=self.job.keep, keeps_replaced=not is_foreign)
        self.job.progress.log("published", f"published {home.published}", path=str(home.published))

    def _note_success(self, loader: Loader, trials: Trials, results: Sequence[CheckResult]) -> None:
        result = self.job.result
        for check in results:
            if check.severity == "notice":
                loader.notices |= {
                    f"{check.name}: {row_key}": f"this build; see sql/checks/{check.name}.sql"
                    for row_key in check.documents
                }
        self.add_result(loader, trials)
        result.warnings += self.run_log.new_notices(loader.notices)
        result.is_published = True


_IS_HALF_EMPTY = """
SELECT 1 FROM pragma_database_size() WHERE database_name = current_database() AND free_blocks > used_blocks
"""


@contextmanager
def _garbage_collector_disabled() -> Iterator[None]:
    """Disable the garbage collector: a build makes a million values and no cycle, and this saves about 10 %."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
