"""The description of the API in OpenAPI 3.1."""

from __future__ import annotations

from typing import Any

from nascar_warehouse import __version__
from nascar_warehouse.warehouse.explorer import openapi_answers as answers
from nascar_warehouse.warehouse.read.questions import read_questions

_YEAR = {"type": "integer", "minimum": 1949, "maximum": 2100}
_NAME = {"type": "string", "maxLength": 200}
_ROWS = {"type": "integer", "minimum": 1, "maximum": 100_000}
_OFFSET = {"type": "integer", "minimum": 0, "maximum": 100_000}

CLOSEST: dict[str, tuple[str, dict[str, Any]]] = {
    "series": ("The series", {"type": "string", "enum": ["cup", "nxs", "truck"]}),
    "basis": ("As they crossed the line, or official", {"type": "string", "enum": ["line", "official"]}),
    "from": ("First season", _YEAR),
    "to": ("Last season", _YEAR),
    "track": ("A track: its id or a part of its name", _NAME),
    "driver": ("A driver who won or lost: an id or a part of the name", _NAME),
    "make": ("A make that won or lost", _NAME),
    "exhibitions": ("Whether exhibitions are ranked too", {"type": "string", "enum": ["no", "yes"]}),
    "limit": ("Rows of an answer", _ROWS),
    "offset": ("Rows to leave out before it", _OFFSET),
}
SEARCH: dict[str, tuple[str, dict[str, Any]]] = {"q": ("Words of a name", _NAME | {"minLength": 1})}
SQL: dict[str, tuple[str, dict[str, Any]]] = {"sql": ("One statement that reads", {"type": "string", "minLength": 1})}
_PARAMETERS: dict[str, tuple[str, dict[str, Any]]] = {
    **{
        name: (f"{name.capitalize()}: an id or words of the name", _NAME)
        for name in ("track", "event", "driver", "other", "make", "team")
    },
    "series": CLOSEST["series"],
    "season": ("One season, or the first and the last", {"type": "string", "pattern": "^[0-9]{4}(-[0-9]{4})?$"}),
    "seconds": ("How close a photo finish is", {"type": "number", "minimum": 0, "maximum": 999_999}),
    "at_least": ("Of how many at least", _ROWS),
    "limit": CLOSEST["limit"],
    "offset": CLOSEST["offset"],
}


def describe() -> dict[str, Any]:
    """The document: each path with its parameters; the answers of all share a form."""
    paths: dict[str, Any] = {}
    for suffix in ("", ".csv", ".parquet"):
        paths[f"/api/v1/closest{suffix}"] = _operation(
            "The closest finishes, with coverage", CLOSEST, answers.CLOSEST, suffix
        )
        paths[f"/api/v1/sql{suffix}"] = _operation(
            "A statement that reads, in a sandbox", SQL, answers.SQL, suffix, required=("sql",)
        )
        for each in read_questions().values():
            parameters = {name: _PARAMETERS[name] for name in (*each.defaults, "offset")}
            required = tuple(name for name, default in each.defaults.items() if _is_required(name, default))
            path = f"/api/v1/questions/{each.name}{suffix}"
            paths[path] = _operation(each.what, parameters, answers.QUESTION, suffix, required=required)
    paths["/api/v1/questions"] = _operation("The named questions", {}, answers.QUESTIONS)
    paths["/api/v1/search"] = _operation("Races, drivers and tracks by name", SEARCH, answers.SEARCH, required=("q",))
    paths["/api/v1/freshness"] = _operation("The snapshot and how fresh its sources are", {}, answers.FRESHNESS)
    paths["/api/v1/races/{race_id}"] = _operation("A race, its finishes and its results", {}, answers.RACE)
    paths["/api/v1/races/{race_id}"]["get"]["parameters"] = [
        {"name": "race_id", "in": "path", "required": True, "schema": _NAME, "example": "cup-2024-12"}
    ]
    return {
        "openapi": "3.1.0",
        "info": {"title": "NASCAR warehouse", "version": __version__, "license": {"name": "MIT"}},
        "paths": dict(sorted(paths.items())),
        "components": answers.COMPONENTS,
    }


def _is_required(name: str, default: str | None) -> bool:
    return default is None and name != "season"


def _operation(
    summary: str,
    parameters: dict[str, tuple[str, dict[str, Any]]],
    answer: answers.Schema,
    suffix: str = "",
    *,
    required: tuple[str, ...] = (),
) -> dict[str, Any]:
    media_type = {"": "application/json", ".csv": "text/csv", ".parquet": "application/vnd.apache.parquet"}[suffix]
    listed = [
        {"name": name, "in": "query", "required": name in required, "description": what, "schema": schema}
        for name, (what, schema) in parameters.items()
    ]
    content = {media_type: {"schema": answer} if not suffix else {}}
    return {
        "get": {
            "summary": summary,
            "parameters": listed,
            "responses": {"200": {"description": "The answer", "content": content}, **answers.OTHERS},
        }
    }
