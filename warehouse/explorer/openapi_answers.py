"""The answers of the API as JSON Schema: what stands around the rows, and the columns of the ranking."""

from __future__ import annotations

from typing import Any

Schema = dict[str, Any]

_TEXT: Schema = {"type": "string"}
_TEXT_OR_NULL: Schema = {"type": ["string", "null"]}
_COUNT: Schema = {"type": "integer", "minimum": 0}
_SECONDS_OR_NULL: Schema = {"type": ["number", "null"], "minimum": 0, "description": "Seconds"}


def _object(properties: dict[str, Schema], *, is_open: bool = False) -> Schema:
    """An object with all of these; `is_open` where it has others too."""
    return {
        "type": "object",
        "required": list(properties),
        "properties": properties,
        "additionalProperties": is_open,
    }


def _list_of(item: Schema) -> Schema:
    return {"type": "array", "items": item}


_ROW: Schema = {"type": "object", "description": "A value for each column; its type is that of the column"}
_FINISH = _object(
    {
        "rank": {"type": "integer", "minimum": 1},
        "race_id": _TEXT,
        "season": {"type": "integer"},
        "race_number": {"type": ["integer", "null"]},
        "race_date": {"type": ["string", "null"], "format": "date"},
        "race_name": _TEXT_OR_NULL,
        "track_name": _TEXT_OR_NULL,
        "winner": _TEXT_OR_NULL,
        "runner_up": _TEXT_OR_NULL,
        "margin_seconds": {"type": "number", "exclusiveMinimum": 0, "description": "Seconds"},
        "official_margin_seconds": _SECONDS_OR_NULL,
        "timing": _TEXT,
        "source_id": _TEXT_OR_NULL,
    },
    is_open=True,
)
_PAGE: dict[str, Schema] = {
    "snapshot": {"type": "string", "description": "Names the published warehouse"},
    "total": _COUNT | {"description": "Rows of all pages"},
    "next": {"type": ["string", "null"], "description": "The address of the following rows"},
}
_COVERAGE = _object({"races": _COUNT, "margins_known": _COUNT, "races_not_here": _COUNT})
_QUESTION = _object(
    {
        "question": _TEXT,
        "what": _TEXT,
        "parameters": {"type": "object", "additionalProperties": _TEXT_OR_NULL},
        "example": _TEXT,
    }
)

_SCHEMAS: dict[str, Schema] = {}


def _named(name: str, schema: Schema) -> Schema:
    """A reference to a schema, which `COMPONENTS` has under this name."""
    _SCHEMAS[name] = schema
    return {"$ref": f"#/components/schemas/{name}"}


CLOSEST = _named("Closest", _object({**_PAGE, "coverage": _COVERAGE, "rows": _list_of(_FINISH)}))
QUESTION = _named("Question", _object({**_PAGE, "question": _TEXT, "coverage": _TEXT, "rows": _list_of(_ROW)}))
QUESTIONS = _named("Questions", _object({"questions": _list_of(_QUESTION)}))
SQL = _named("Sql", _object({"is_cut_off": {"type": "boolean"}, "rows": _list_of(_ROW)}))
SEARCH = _named("Search", _object({name: _list_of(_ROW) for name in ("races", "drivers", "tracks")}))
FRESHNESS = _named(
    "Freshness",
    _object(
        {
            "snapshot": _TEXT,
            "published_at": {"type": "string", "format": "date-time"},
            "sources": _list_of(_ROW),
        }
    ),
)
RACE = _named("Race", _object({"race": _ROW, "finishes": _list_of(_ROW), "results": _list_of(_ROW)}))
PROBLEM = _named("Problem", _object({"problem": _TEXT, "advice": _TEXT}))

_REFUSALS = {
    "401": "The token is missing or another one",
    "403": "Another site may not read from here",
    "414": "The address is too long",
    "421": "This host name is not served",
    "429": "Too many requests: try again later",
}
_PROBLEMS = {
    "400": "A value that cannot be",
    "404": "Nothing has this id",
    "503": "Not now: try again",
}
OTHERS: dict[str, Schema] = {
    status: {"$ref": f"#/components/responses/{status}"} for status in sorted({**_REFUSALS, **_PROBLEMS})
}
"""What every path may give beside its answer: a refusal as a line of text, or a problem as JSON."""

COMPONENTS: Schema = {
    "schemas": dict(sorted(_SCHEMAS.items())),
    "responses": {
        **{status: {"description": what, "content": {"text/plain": {}}} for status, what in _REFUSALS.items()},
        **{
            status: {"description": what, "content": {"application/json": {"schema": PROBLEM}}}
            for status, what in _PROBLEMS.items()
        },
    },
}
"""What the references lead to."""
