"""The API: the same questions as the pages, as JSON, CSV and Parquet, each with how much of it is known."""

from __future__ import annotations

import re
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from nascar_warehouse.warehouse.errors import UsageError
from nascar_warehouse.warehouse.explorer import openapi
from nascar_warehouse.warehouse.explorer.closest_page import coverage_in, read_question
from nascar_warehouse.warehouse.explorer.encoding import FORMS, encode, encode_json
from nascar_warehouse.warehouse.explorer.page import NotFound
from nascar_warehouse.warehouse.read.finding import find_on
from nascar_warehouse.warehouse.read.questions import ask_question, read_questions
from nascar_warehouse.warehouse.read.ranking import execute_ranking
from nascar_warehouse.warehouse.read.sandbox import Limits

if TYPE_CHECKING:
    from collections.abc import Mapping

    from nascar_warehouse.warehouse.explorer.answer import Answer
    from nascar_warehouse.warehouse.explorer.page import Asked

MOST_ROWS = 100_000
_DEFAULT_ROWS = 100
_SEASONS = re.compile(r"(\d{4})(?:-(\d{4}))?", re.ASCII)
_SECONDS = re.compile(r"\d{1,6}(?:\.\d{1,6})?", re.ASCII)

SQL_LIMITS = Limits(seconds=10, memory_bytes=500_000_000, rows=10_000, answer_bytes=20_000_000, are_fixed=True)
"""What a statement of a stranger may take."""

_RACE = "SELECT * FROM core.races WHERE race_id = $race_id"
_FINISHES = "SELECT * FROM marts.finishes WHERE race_id = $race_id ORDER BY basis"
_RESULTS = """
SELECT results.*, drivers.driver_name
FROM core.results AS results
LEFT JOIN core.drivers AS drivers ON results.driver_id = drivers.driver_id
WHERE results.race_id = $race_id
ORDER BY results.finish_position NULLS LAST, results.entry_key
"""
_FRESHNESS = "SELECT * FROM ops.freshness ORDER BY source_id"


def closest(asked: Asked) -> Answer:
    """`/api/v1/closest`: the ranking."""
    _require_known(asked, openapi.CLOSEST)
    question = read_question(asked)
    coverage = asdict(coverage_in(asked.snapshot, question))
    table = execute_ranking(asked.snapshot.con, question).to_arrow_table()
    return _page_of(asked, table, {"coverage": coverage}, "closest")


def questions(asked: Asked) -> Answer:
    """`/api/v1/questions`: every named question."""
    _require_known(asked, {})
    listed = [
        {"question": each.name, "what": each.what, "parameters": each.defaults, "example": each.command}
        for each in read_questions().values()
    ]
    return encode_json({"questions": listed}, etag=asked.etag())


def question(asked: Asked) -> Answer:
    """`/api/v1/questions/{name}`: the answer of one."""
    name = asked.ids["name"]
    if name not in read_questions():
        raise NotFound(f"there is no question {name!r}", "/api/v1/questions lists them")
    _require_known(asked, {**dict.fromkeys(read_questions()[name].defaults, ""), "offset": ""})
    coverage = ask_question(asked.snapshot.con, name, read_parameters(asked))
    table = asked.snapshot.con.to_arrow_table()
    return _page_of(asked, table, {"question": name, "coverage": coverage}, name)


def race(asked: Asked) -> Answer:
    """`/api/v1/races/{race_id}`: a race, its finishes on both bases, and its results."""
    _require_known(asked, {})
    race_id = asked.ids["race_id"]
    found = asked.snapshot.row(_RACE, race_id=race_id)
    if found is None:
        raise NotFound(f"there is no race {race_id!r}", "/api/v1/search finds races by name")
    parts = {"finishes": _FINISHES, "results": _RESULTS}
    rows = {name: asked.snapshot.rows(statement, race_id=race_id) for name, statement in parts.items()}
    return encode_json({"race": found, **rows}, etag=asked.etag())


def search(asked: Asked) -> Answer:
    """`/api/v1/search`: races, drivers and tracks that have every word."""
    _require_known(asked, openapi.SEARCH)
    text = asked.text("q")
    if text is None:
        raise UsageError("q is missing", "write a word of a name, as in ?q=daytona")
    found = {}
    for what in ("race", "driver", "track"):
        rows = find_on(asked.snapshot.con, what, text, limit=_DEFAULT_ROWS).rows
        found[f"{what}s"] = [dict(zip(rows.columns, row, strict=True)) for row in rows.values]
    return encode_json(found, etag=asked.etag())


def freshness(asked: Asked) -> Answer:
    """`/api/v1/freshness`: the snapshot and its sources."""
    _require_known(asked, {})
    facts = {"snapshot": asked.snapshot.snapshot_id, "published_at": asked.snapshot.published_at}
    return encode_json({**facts, "sources": asked.snapshot.rows(_FRESHNESS)}, etag=asked.etag())


def sql(asked: Asked) -> Answer:
    """`/api/v1/sql`: a statement in the sandbox."""
    _require_known(asked, openapi.SQL)
    statement = asked.query.get("sql", "").strip()
    if not statement:
        raise UsageError("sql is missing", "write a statement, as in ?sql=FROM marts.record_progression")
    with asked.run_sql(statement, SQL_LIMITS) as answer:
        table = answer.table()
        is_cut_off = answer.is_cut_off
    return encode(table, _form(asked), facts={"is_cut_off": is_cut_off}, name="answer")


def document(asked: Asked) -> Answer:
    """`/api/v1/openapi.json`."""
    return encode_json(openapi.describe(), etag=asked.etag())


def read_parameters(asked: Asked) -> dict[str, Any]:
    """The parameters of a named question in a query; `UsageError` for a value that cannot be."""
    values: dict[str, Any] = {
        name: asked.text(name)
        for name in ("track", "event", "driver", "other", "make", "team", "series")
        if asked.text(name)
    }
    for name in ("at_least", "limit"):
        if (number := asked.number(name, None, 1, MOST_ROWS)) is not None:
            values[name] = number
    if (seconds := asked.text("seconds")) is not None:
        if not _SECONDS.fullmatch(seconds):
            raise UsageError(f"seconds is {seconds!r}", "write a number such as 0.1")
        values["seconds"] = float(seconds)
    if (season := asked.text("season")) is not None:
        match = _SEASONS.fullmatch(season)
        if match is None:
            raise UsageError(f"season is {season!r}", "write 2024 or 2018-2025")
        values["season"] = (int(match[1]), int(match[2] or match[1]))
    return values


def _form(asked: Asked) -> str:
    form = asked.ids.get("form", "json")
    if form not in FORMS:
        raise NotFound(f"there is no format {form!r}", f"use one of {', '.join(FORMS)}")
    return form


def _require_known(asked: Asked, parameters: Mapping[str, object]) -> None:
    """A misspelt parameter would otherwise answer another question."""
    if unknown := sorted(set(asked.query) - set(parameters)):
        known = ", ".join(parameters) or "it has none"
        raise UsageError(f"there is no parameter {unknown[0]!r}", f"the parameters are: {known}")


def _page_of(asked: Asked, table: Any, facts: dict[str, object], name: str) -> Answer:
    """A part of the rows: JSON has 100 unless `limit` says otherwise, and a link to the next ones."""
    form = _form(asked)
    default = _DEFAULT_ROWS if form == "json" else MOST_ROWS
    limit = asked.number("limit", default, 1, MOST_ROWS) or default
    offset = asked.number("offset", 0, 0, MOST_ROWS) or 0
    following = offset + limit
    facts = {
        "snapshot": asked.snapshot.snapshot_id,
        **facts,
        "total": table.num_rows,
        "next": asked.link(offset=following, limit=limit) if following < table.num_rows else None,
    }
    return encode(table.slice(offset, limit), form, facts=facts, etag=asked.etag(), name=name)
