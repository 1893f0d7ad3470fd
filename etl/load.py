"""Kept documents → rows of the raw tables.

Each document stands in the warehouse with its newest version that means something; a newer one that does not is quarantined
with its reason, and so is one that lost many of its rows. Rows of documents that did not change come from the published warehouse,
so that a run costs what is new; `rebuild` reads everything again and gets the same rows.
"""

from __future__ import annotations

import gc
from collections import defaultdict
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

import polars as pl

from etl.changes import Change, differences
from etl.margin import parse_margin
from etl.outcome import Outcome, Problem
from etl.source import Parsed, SeasonToCome, Source
from warehouse.errors import InvalidSql, SourceChanged, SuspiciousLoad
from warehouse.store import duckdb_failures

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from datetime import datetime
    from pathlib import Path

    import duckdb

    from etl.landing import Landing, Run, Version
    from etl.state import State
    from warehouse.store import Home

KEPT_SHARE = 0.8
"""A new version with a smaller share of the old one's rows is suspicious; cancelled races are one or two of about forty."""

_TYPES = {str: pl.String, int: pl.Int64, float: pl.Float64, bool: pl.Boolean}


@dataclass(frozen=True, slots=True)
class Published:
    """What the published warehouse holds: the version loaded of each document, those quarantined and why, the problems they are."""

    path: Path
    loaded: dict[tuple[str, str], int]
    quarantined: dict[int, str]
    problems: dict[str, Problem]


def read_published(con: duckdb.DuckDBPyConnection, home: Home, state: State | None) -> Published | None:
    """Read it through `con`; None when there is nothing that can be built on."""
    if state is None:
        return None
    with _attached(con, home.published):
        rows = con.execute("SELECT source_id, document_key, version, state, reason FROM published.raw.documents").fetchall()
    return Published(
        home.published,
        {(source_id, key): version for source_id, key, version, is_in, _ in rows if is_in == "loaded"},
        {version: reason for _, _, version, is_in, reason in rows if is_in == "quarantined"},
        {problem.document: problem for problem in state.problems},
    )


@contextmanager
def _attached(con: duckdb.DuckDBPyConnection, path: Path) -> Iterator[None]:
    quoted = str(path).replace("'", "''")
    with duckdb_failures(path):
        con.execute(f"ATTACH '{quoted}' AS published (READ_ONLY)")
        try:
            yield
        finally:
            con.execute("DETACH published")


@dataclass(slots=True)
class _Rows:
    """Rows of one raw table on their way, with the document of each."""

    values: list[tuple[Any, ...]] = field(default_factory=list)
    document_ids: list[str] = field(default_factory=list)
    loaded_at: list[datetime] = field(default_factory=list)


class Load:
    """One load into an empty set of raw tables."""

    def __init__(
        self,
        con: duckdb.DuckDBPyConnection,
        landing: Landing,
        *,
        published: Published | None = None,
        accepted: frozenset[str] = frozenset(),
    ) -> None:
        """`accepted` are the ids of document versions that a person took although they lost rows."""
        self._con = con
        self._landing = landing
        self._published = published
        self._accepted = accepted
        self._rows: dict[str, _Rows] = defaultdict(_Rows)
        self._carried: list[str] = []
        self._changes: list[tuple[Change, str, Version, Version]] = []
        self._states: list[tuple[Version, str, str | None]] = []
        self.notices: dict[str, str] = {}
        self.outcome = Outcome()

    def take(self, source: Source, histories: Sequence[Sequence[Version]], progress: Callable[[int], None] = lambda _: None) -> None:
        """Take the documents of a source, each with all its versions, oldest first."""
        gc_was_on = gc.isenabled()
        gc.disable()  # Nothing here makes cycles, and looking for them among a million values takes a third of the time.
        try:
            for history in histories:
                self._take_document(source, history)
                progress(1)
        finally:
            if gc_was_on:
                gc.enable()

    def finish(self, sources: Iterable[Source], last_checked: dict[tuple[str, str], datetime]) -> None:
        """Write everything that was taken into the raw tables."""
        self._carry(sources)
        for source in sources:
            for name, table in source.tables.items():
                self._insert(name, table.columns, self._rows.pop(name, _Rows()))
            for name, column in source.margin_columns.items():
                self._insert_margin_texts(name, column)
        self._insert_changes()
        self._insert_documents(last_checked)

    def _take_document(self, source: Source, history: Sequence[Version]) -> None:
        published = self._published
        known = published.loaded.get((source.source_id, history[0].key), 0) if published else 0
        refused = published.quarantined if published else {}
        if known and all(v.version <= known or v.version in refused for v in history):
            self._carry_document(history, known, refused)
            return
        good: tuple[Version, Parsed] | None = None
        problem: Problem | None = None
        for version in history:
            if version.version < known or version.version in refused:
                self._states.append(_settled(version, refused))
                continue
            try:
                parsed = source.parse(version.key, self._landing.read(version))
                self._require_rows(source, version, good, parsed)
            except (SourceChanged, SuspiciousLoad) as error:
                problem = self._quarantine(version, error)
                continue
            if good is not None:
                self._states.append((good[0], "superseded", None))
                if version.version > known:
                    self._note_changes(source, good, (version, parsed))
            good, problem = (version, parsed), None
        if good is not None:
            self._keep(source, *good)
        if problem is not None:
            self.outcome.problems.append(problem)

    def _carry_document(self, history: Sequence[Version], known: int, refused: dict[int, str]) -> None:
        for version in history:
            if version.version == known:
                self._carried.append(version.document_id)
                self._states.append((version, "loaded", None))
            else:
                self._states.append(_settled(version, refused))
        if history[-1].version in refused and self._published:
            name = _name(history[-1])
            self.outcome.problems.append(self._published.problems.get(name) or Problem(name, 4, refused[history[-1].version]))

    def _require_rows(self, source: Source, version: Version, good: tuple[Version, Parsed] | None, parsed: Parsed) -> None:
        name = next(iter(parsed.rows))
        count = len(parsed.rows[name])
        before = len(good[1].rows[name]) if good else 0
        if version.document_id in self._accepted:
            return
        season = source.season_of(version.key)
        if count == 0 and before == 0 and season and season >= version.fetched_at.year:
            raise SeasonToCome(f"season {season} has no races yet", "nothing to do; it is asked for again")
        if count == 0:
            raise SuspiciousLoad(f"raw.{name} would get no rows of it, from {before} before", _accept_advice(version))
        if count < before * KEPT_SHARE:
            raise SuspiciousLoad(f"raw.{name} would shrink from {before} rows to {count}", _accept_advice(version))

    def _quarantine(self, version: Version, error: SourceChanged | SuspiciousLoad) -> Problem:
        self._states.append((version, "quarantined", error.problem))
        return Problem.of(_name(version), error)

    def _note_changes(self, source: Source, old: tuple[Version, Parsed], new: tuple[Version, Parsed]) -> None:
        found = differences(source.tables, old[1].rows, new[1].rows)
        self._changes += [(change, source.source_id, old[0], new[0]) for change in found]

    def _keep(self, source: Source, version: Version, parsed: Parsed) -> None:
        for name, rows in parsed.rows.items():
            waiting = self._rows[name]
            waiting.values += map(source.tables[name].values, rows)
            waiting.document_ids += [version.document_id] * len(rows)
            waiting.loaded_at += [version.fetched_at] * len(rows)
            self.outcome.rows_loaded += len(rows)
        self._states.append((version, "loaded", None))
        for name in parsed.notices:
            self.notices.setdefault(f"{source.source_id}: new field {name}", version.key)

    def _carry(self, sources: Iterable[Source]) -> None:
        """Copy the rows of unchanged documents, and all changes seen so far, from the published warehouse."""
        if self._published is None:
            return
        carried = pl.DataFrame({"document_id": self._carried}, schema={"document_id": pl.String})  # noqa: F841  # read by DuckDB
        with _attached(self._con, self._published.path):
            for source in sources:
                for name in source.tables:
                    self._con.execute(f"INSERT INTO raw.{name} BY NAME FROM published.raw.{name} SEMI JOIN carried USING (document_id)")
            self._con.execute("INSERT INTO raw.changes BY NAME FROM published.raw.changes")

    def _insert(self, name: str, columns: dict[str, type], rows: _Rows) -> None:
        values = list(zip(*rows.values, strict=True)) or [()] * len(columns)
        frame = pl.DataFrame(
            [
                *(pl.Series(column, value, _TYPES[kind], strict=True) for (column, kind), value in zip(columns.items(), values, strict=True)),
                pl.Series("document_id", rows.document_ids, pl.String),
                pl.Series("loaded_at", rows.loaded_at, pl.Datetime("us", "UTC")),
            ]
        )
        insert_frame(self._con, f"raw.{name}", frame)

    def _insert_margin_texts(self, name: str, column: str) -> None:
        """Type each text of a margin that is not typed yet, once."""
        texts = self._con.sql(
            f"SELECT DISTINCT {column} AS margin_text FROM raw.{name} AS t"
            f" WHERE {column} IS NOT NULL AND NOT EXISTS (FROM raw.margin_texts AS m WHERE m.margin_text = t.{column})"
        ).pl()
        typed = texts.with_columns(parse_margin(pl.col("margin_text")).alias("margin")).unnest("margin")
        insert_frame(self._con, "raw.margin_texts", typed)

    def _insert_changes(self) -> None:
        schema = {
            "source_id": pl.String,
            "document_key": pl.String,
            "table_name": pl.String,
            "row_key": pl.String,
            "column_name": pl.String,
            "change_kind": pl.String,
            "old_value": pl.String,
            "new_value": pl.String,
            "is_correction": pl.Boolean,
            "old_document_id": pl.String,
            "document_id": pl.String,
            "seen_at": pl.Datetime("us", "UTC"),
        }
        rows = [
            (
                source_id,
                new.key,
                change.table_name,
                change.row_key,
                change.column_name,
                change.change_kind,
                change.old_value,
                change.new_value,
                change.is_correction,
                old.document_id,
                new.document_id,
                new.fetched_at,
            )
            for change, source_id, old, new in self._changes
        ]
        insert_frame(self._con, "raw.changes", pl.DataFrame(rows, schema=schema, orient="row"))

    def record_runs(self, runs: Sequence[Run]) -> None:
        """Write the accounts of the runs of this home, the last of which is going on."""
        frame = pl.DataFrame([{"load_id": number, **asdict(run)} for number, run in enumerate(runs, start=1)], infer_schema_length=None)
        insert_frame(self._con, "raw.loads", frame)

    def _insert_documents(self, last_checked: dict[tuple[str, str], datetime]) -> None:
        schema = {
            "document_id": pl.String,
            "source_id": pl.String,
            "document_key": pl.String,
            "version": pl.Int64,
            "url": pl.String,
            "sha256": pl.String,
            "size_bytes": pl.Int64,
            "http_status": pl.Int64,
            "etag": pl.String,
            "last_modified_text": pl.String,
            "origin": pl.String,
            "fetched_at": pl.Datetime("us", "UTC"),
            "checked_at": pl.Datetime("us", "UTC"),
            "state": pl.String,
            "reason": pl.String,
        }
        rows = [
            (
                v.document_id,
                v.source_id,
                v.key,
                v.version,
                v.url,
                v.sha256,
                v.size_bytes,
                v.http_status,
                v.etag,
                v.last_modified,
                v.origin,
                v.fetched_at,
                last_checked.get((v.source_id, v.key), v.fetched_at),
                state,
                reason,
            )
            for v, state, reason in self._states
        ]
        insert_frame(self._con, "raw.documents", pl.DataFrame(rows, schema=schema, orient="row"))


def insert_frame(con: duckdb.DuckDBPyConnection, table: str, frame: pl.DataFrame) -> None:
    """Append a frame to a table of exactly its columns; `InvalidSql` when the sets differ.

    DuckDB's insert by name turns a missing column into NULL without a word.
    """
    wanted = {row[0] for row in con.execute(f"DESCRIBE {table}").fetchall()}
    if wanted != set(frame.columns):
        raise InvalidSql(
            f"{table} and its source disagree about {', '.join(sorted(wanted ^ set(frame.columns)))}",
            "make the CREATE TABLE in sql/raw and the struct of the source the same",
        )
    if not frame.is_empty():
        con.execute(f"INSERT INTO {table} BY NAME FROM frame")


def _settled(version: Version, refused: Mapping[int, str]) -> tuple[Version, str, str | None]:
    """What became of a version that is not the newest good one."""
    reason = refused.get(version.version)
    return version, "superseded" if reason is None else "quarantined", reason


def _name(version: Version) -> str:
    return f"{version.source_id} {version.key}"


def _accept_advice(version: Version) -> str:
    return f"look at {version.url}; if the source is right, run `nascar build --accept {version.document_id}`"
