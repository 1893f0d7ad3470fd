"""An Arrow table as JSON records, CSV or Parquet, with the types that its columns have."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING, Any

from nascar_warehouse.warehouse.errors import UsageError
from nascar_warehouse.warehouse.explorer.answer import Answer
from nascar_warehouse.warehouse.read.arrow_values import rows_of_batch
from nascar_warehouse.warehouse.read.values import as_json, as_text, unique_names

if TYPE_CHECKING:
    from collections.abc import Mapping

FORMS = ("json", "csv", "parquet")
_TYPES = {
    "json": "application/json",
    "csv": "text/csv; charset=utf-8",
    "parquet": "application/vnd.apache.parquet",
}


def records_of(table: Any) -> list[dict[str, object]]:
    """The rows as JSON has them."""
    names = unique_names(table.schema.names)
    return [
        {name: as_json(value) for name, value in zip(names, row, strict=True)}
        for batch in table.to_batches()
        for row in rows_of_batch(batch)
    ]


def encode(
    table: Any, form: str, *, facts: Mapping[str, object], etag: str | None = None, name: str = "rows"
) -> Answer:
    """A table in a form: JSON has the facts beside the rows, the others have the coverage and a cut in headers."""
    if form == "json":
        return encode_json({**facts, "rows": records_of(table)}, etag=etag)
    headers = [("content-disposition", f'inline; filename="{name}.{form}"')]
    if coverage := facts.get("coverage"):
        # A header is ASCII.
        headers.append(("x-coverage", json.dumps(coverage)))
    if facts.get("is_cut_off"):
        headers.append(("x-is-cut-off", "true"))
    content = _as_csv(table) if form == "csv" else _as_parquet(table)
    return Answer(content, _TYPES[form], headers=tuple(headers), etag=etag)


def encode_json(value: object, *, status: int = 200, etag: str | None = None) -> Answer:
    """Any JSON."""
    content = json.dumps(as_json(value), ensure_ascii=False, separators=(",", ":")).encode()
    return Answer(content, _TYPES["json"], status=status, etag=etag)


def _as_csv(table: Any) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(table.schema.names)
    for batch in table.to_batches():
        writer.writerows([as_text(value, null="") for value in row] for row in rows_of_batch(batch))
    return text.getvalue().encode()


def _as_parquet(table: Any) -> bytes:
    import pyarrow as pa
    import pyarrow.parquet as pq

    content = io.BytesIO()
    try:
        pq.write_table(table.rename_columns(unique_names(table.schema.names)), content)
    except (pa.ArrowException, OverflowError) as error:
        raise UsageError(
            f"Parquet cannot hold these rows: {error}", "cast the column, or use another format"
        ) from error
    return content.getvalue()
