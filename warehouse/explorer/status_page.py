"""How fresh each source is, and what is set aside or refused."""

from __future__ import annotations

from dataclasses import replace
from pathlib import PurePath
from typing import TYPE_CHECKING

from nascar_warehouse.warehouse.errors import NascarError

if TYPE_CHECKING:
    from nascar_warehouse.warehouse.explorer.answer import Answer
    from nascar_warehouse.warehouse.explorer.page import Asked

_FILES = ("warehouse", "failed build", "write-ahead log")
_SOURCES = """
SELECT
  freshness.*,
  (SELECT string_agg(DISTINCT credit, '; ' ORDER BY credit) FROM ops.documents AS documents
   WHERE documents.source_id = freshness.source_id) AS credit
FROM ops.freshness AS freshness
ORDER BY last_checked_at DESC NULLS LAST, source_id
"""
_WARNINGS = """
SELECT check_name, severity, failing_rows
FROM ops.check_results
WHERE NOT is_passed
ORDER BY severity, failing_rows DESC, check_name
"""


def show(asked: Asked) -> Answer:
    """What `nascar status` says now, beside what the snapshot says of its sources and checks."""
    try:
        rows = asked.read_status()
        lines = [dict(zip(rows.columns, row, strict=True)) for row in rows.values]
    except NascarError:  # The files of a home may be closed to the user who serves it; the snapshot is not.
        lines = []
    for line in lines:
        if line["what"] in _FILES:
            # A reader has no use for the folders of this machine.
            line["name"] = PurePath(str(line["name"])).name
            line["next"] = "" if line["what"] == "write-ahead log" else line["next"]
    answer = asked.render(
        "status.html",
        sources=asked.snapshot.rows(_SOURCES),
        checks=asked.snapshot.rows(_WARNINGS),
        problems=[line for line in lines if line["what"] in ("problem", "failed build", "write-ahead log")],
        states=[line for line in lines if line["what"] == "source"],
        runs=[line for line in lines if line["what"] == "run"],
    )
    return replace(answer, etag=None)
