"""Rows → the raw tables of a warehouse under construction.

Raw tables hold what documents say, verbatim, each row with its document. The table of a source is made from the struct
of its rows, unless sql/raw/ has a file for it. A frame goes into a table only when both have the same columns.
"""

from __future__ import annotations

import operator
from contextlib import nullcontext
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

import duckdb
import polars as pl
from polars import selectors

from nascar_warehouse.etl.formats.margin import parse_margin
from nascar_warehouse.etl.load.pending_rows import BATCH_ROWS, TIME, PendingRows, Schema
from nascar_warehouse.etl.outcome import DocumentProblem
from nascar_warehouse.warehouse.errors import InvalidSql, MachineFailure
from nascar_warehouse.warehouse.storage.connection import attached

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime
    from pathlib import Path

    from nascar_warehouse.etl.documents import Rows, Source, Table, Version
    from nascar_warehouse.etl.load.diff import Change
    from nascar_warehouse.etl.storage.published_state import State
    from nascar_warehouse.etl.storage.run_log import Run
    from nascar_warehouse.warehouse.storage.home import Home

_MARGIN: Schema = {
    "margin_kind": pl.String,
    "margin_value": pl.Decimal(12, 4),
    "margin_unit": pl.String,
    "margin_seconds": pl.Decimal(9, 4),
    "margin_decimals": pl.Int8,
    "is_lower_bound": pl.Boolean,
    "is_approximate": pl.Boolean,
}
_MARGIN_VALUES = operator.attrgetter("kind", "value", "unit", "seconds", "decimals", "is_lower_bound", "is_approximate")
_SQL_TYPES = {str: "VARCHAR", int: "BIGINT", float: "DOUBLE", bool: "BOOLEAN"}
_OF_A_MARGIN = (
    "margin_kind VARCHAR",
    "margin_value DECIMAL(12, 4)",
    "margin_unit VARCHAR",
    "margin_seconds DECIMAL(9, 4)",
    "margin_decimals TINYINT",
    "is_lower_bound BOOLEAN",
    "is_approximate BOOLEAN",
)
_OF_EACH_ROW = ("document_id VARCHAR NOT NULL", "loaded_at TIMESTAMP NOT NULL")
_MADE = "SELECT table_name FROM duckdb_tables() WHERE schema_name = 'raw'"


@dataclass(frozen=True, slots=True)
class Published:
    """What the published warehouse holds: the version loaded of each document, and what was quarantined, and why."""

    path: Path
    loaded: dict[tuple[str, str], int]
    quarantined: dict[int, str]
    problems: dict[str, DocumentProblem]


def read_published(
    con: duckdb.DuckDBPyConnection, home: Home, state: State | None, *, is_copy: bool
) -> Published | None:
    """Read it through `con`, from the copy in there if it has one; None when there is nothing to build upon."""
    if state is None:
        return None
    with nullcontext() if is_copy else attached(con, home.published):
        documents = "raw.documents" if is_copy else "published.raw.documents"
        rows = con.execute(f"SELECT source_id, document_key, version, state, reason FROM {documents}").fetchall()  # noqa: S608  # our own name
    return Published(
        home.published,
        {(source_id, key): version for source_id, key, version, is_in, _ in rows if is_in == "loaded"},
        {version: reason for _, _, version, is_in, reason in rows if is_in == "quarantined"},
        {problem.document: problem for problem in state.problems},
    )


def read_published_ids(con: duckdb.DuckDBPyConnection, home: Home) -> frozenset[str]:
    """The ids of the versions that the published warehouse holds, whichever version of the program built it."""
    if not home.published.exists():
        return frozenset()
    try:
        with attached(con, home.published):
            rows = con.execute("SELECT document_id FROM published.raw.documents WHERE state = 'loaded'").fetchall()
    except (duckdb.Error, MachineFailure):  # A warehouse of a much older version, or a damaged one, holds nothing.
        return frozenset()
    return frozenset(document_id for (document_id,) in rows)


class RawTables:
    """The raw tables of one new warehouse: rows are added, and written when they fill row groups of a table."""

    is_new = True  # A table without rows, too, has to be compared with its source.

    def __init__(self, con: duckdb.DuckDBPyConnection) -> None:
        self._con = con
        self._rows: dict[str, PendingRows] = {}

    def create(self, sources: Iterable[Source]) -> None:
        """Make the empty tables of the sources that sql/raw/ has no file for."""
        made = {name for (name,) in self._con.execute(_MADE).fetchall()}
        for source in sources:
            for name, table in source.tables.items():
                if name not in made:
                    self._con.execute(create_statement(name, table, has_margins=name in source.margin_columns))

    def add(self, source: Source, version: Version, rows: Mapping[str, Rows]) -> int:
        """Add the rows of a document; returns how many they are."""
        for name, found in rows.items():
            pending = self._pending(source, name)
            pending.add(version, found)
            if self.is_new and len(pending) >= BATCH_ROWS:
                self._write_frame(source, name, pending.take_row_groups())
        return sum(map(len, rows.values()))

    def write(self, sources: Sequence[Source]) -> None:
        """Write the rows that were added, and the type of each text of a margin."""
        for source in sources:
            for name in source.tables if self.is_new else source.tables.keys() & self._rows:
                self._write_frame(source, name, self._pending(source, name).take_all())
        if self.is_new:
            # What is in the file is smaller than in memory, and leaves that for the statements to come.
            self._con.execute("CHECKPOINT")

    def _pending(self, source: Source, name: str) -> PendingRows:
        return self._rows.setdefault(name, PendingRows(source.tables[name]))

    def _write_frame(self, source: Source, name: str, frame: pl.DataFrame) -> None:
        margin_text = source.margin_columns.get(name)
        insert_frame(self._con, f"raw.{name}", frame if margin_text is None else _type_margins(frame, margin_text))

    def carry(self, published: Published, sources: Iterable[Source], document_ids: Sequence[str]) -> None:
        """Copy the rows of unchanged documents, and all corrections so far, from the published warehouse."""
        carried = pl.DataFrame({"document_id": document_ids}, schema={"document_id": pl.String})
        self._con.register("carried", carried)
        with attached(self._con, published.path):
            for source in sources:
                for name in source.tables:
                    unchanged = f"FROM published.raw.{name} SEMI JOIN carried USING (document_id)"
                    self._con.execute(f"INSERT INTO raw.{name} BY NAME {unchanged}")
            self._con.execute("INSERT INTO raw.changes BY NAME FROM published.raw.changes")
        self._con.unregister("carried")

    def write_changes(self, changes: Sequence[tuple[Change, str, Version, Version]]) -> None:
        """Write differences, each with its source and the versions before and after."""
        schema: Schema = {
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
            "seen_at": TIME,
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
            for change, source_id, old, new in changes
        ]
        insert_frame(self._con, "raw.changes", pl.DataFrame(rows, schema=schema, orient="row"))

    def write_runs(self, runs: Sequence[Run]) -> None:
        """Write the runs of this home, the last of which is the current one."""
        frame = pl.DataFrame(
            [{"load_id": number, **asdict(run)} for number, run in enumerate(runs, start=1)],
            infer_schema_length=None,
        )
        insert_frame(self._con, "raw.loads", frame)

    def write_documents(
        self,
        states: Sequence[tuple[Version, str, str | None]],
        last_checked: Mapping[tuple[str, str], datetime],
    ) -> None:
        """Write the state of each version, and its reason; `last_checked` by source and key."""
        schema: Schema = {
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
            "fetched_at": TIME,
            "checked_at": TIME,
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
            for v, state, reason in states
        ]
        insert_frame(self._con, "raw.documents", pl.DataFrame(rows, schema=schema, orient="row"))


def create_statement(name: str, table: Table, *, has_margins: bool = False) -> str:
    """The statement that makes the raw table of a struct: a column a field, typed margins, the document of each row."""
    columns = [
        f'"{column}" {_SQL_TYPES[kind]}{"" if column in table.nullable else " NOT NULL"}'
        for column, kind in table.columns.items()
    ]
    return f"CREATE TABLE raw.{name} ({', '.join([*columns, *(_OF_A_MARGIN if has_margins else ()), *_OF_EACH_ROW])})"


def _type_margins(frame: pl.DataFrame, column: str) -> pl.DataFrame:
    """Add the type of each text of a margin; it is blank in a row without a text."""
    margins = [None if text is None else _MARGIN_VALUES(parse_margin(text)) for text in frame[column]]
    blank = (None,) * len(_MARGIN)
    return frame.hstack(pl.DataFrame([margin or blank for margin in margins], schema=_MARGIN, orient="row"))


def insert_frame(con: duckdb.DuckDBPyConnection, table: str, frame: pl.DataFrame) -> None:
    """Append a frame to a table of exactly its columns; `InvalidSql` when the sets differ: DuckDB would insert NULL."""
    wanted = {row[0] for row in con.execute(f"DESCRIBE {table}").fetchall()}
    if wanted != set(frame.columns):
        raise InvalidSql(
            f"{table} and its source disagree about {', '.join(sorted(wanted ^ set(frame.columns)))}",
            "give the rows the fields of the struct of their source, or correct the file in sql/raw",
        )
    if not frame.is_empty():
        # Times are UTC without a zone: DuckDB's zoned timestamps need one more package in every reader.
        con.register("frame", frame.with_columns(selectors.datetime(time_zone="*").dt.replace_time_zone(None)))
        con.execute(f"INSERT INTO {table} BY NAME FROM frame")
        con.unregister("frame")
