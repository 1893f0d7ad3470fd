"""Named questions: `sql/questions/*.sql`, each an answer with parameters and how much of it is known.

A file begins with what it is about:

    -- Question: What were the closest finishes at a track?
    -- Parameters: track, series = cup, season, limit = 10
    -- Example: --track talladega
    -- Coverage: margin since 1993

Parameters are of `PARAMETERS`; what stands after `=` is the default. The coverage is a fact of `marts.fact_coverage`,
or several with `and`, with `since` or `until` a season and `series` where that is not a parameter; a second statement
in the file takes its place, with rows of `what`, `known` and `races`. Values are bound, never written into a
statement; `season` binds `$season_from` and `$season_to`.
"""

from __future__ import annotations

import functools
import math
import re
from dataclasses import dataclass
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from nascar_warehouse.warehouse.errors import InvalidSql, UsageError
from nascar_warehouse.warehouse.read.finding import resolve
from nascar_warehouse.warehouse.read.names import contains_words, simplify, suggest
from nascar_warehouse.warehouse.read.series import parse_series
from nascar_warehouse.warehouse.rows import Rows, fetch_rows
from nascar_warehouse.warehouse.storage.connection import reading_published

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import duckdb

    from nascar_warehouse.warehouse.storage.home import Home

NAMES = {"track": "track", "event": "event", "driver": "driver", "other": "driver", "make": "make", "team": "team"}
"""Parameters that are a name or an id, which must be given, and what each is a name of."""
PARAMETERS = (*NAMES, "series", "season", "seconds", "at_least", "limit")

_HEADER = re.compile(r"-- (Question|Parameters|Example|Coverage): (.+)")
_PARAMETER = re.compile(r"(\w+)(?: = (\S+))?")
_COVERAGE = re.compile(r"(\w+(?: and \w+)*)(?: (since|until) (\d{4}))?(?:, series (\w+))?")
_EVER = (0, 9999)
_MOST_NAMED = 5

_FACT = """
SELECT
  coalesce(sum(races_with_fact), 0)::BIGINT,
  coalesce(sum(greatest(races_of_season, races_known)), 0)::BIGINT,
  min(season),
  max(season)
FROM marts.fact_coverage
WHERE
  fact = $fact
  AND series_id = $series
  AND season BETWEEN $season_from AND $season_to
  AND season <= (SELECT max(season) FROM core.races)
"""


@dataclass(frozen=True, slots=True)
class Coverage:
    """Of which facts an answer is made, and of which seasons and series where the parameters do not say."""

    facts: tuple[str, ...]
    first_season: int
    last_season: int
    series: str | None


@dataclass(frozen=True, slots=True)
class NamedQuestion:
    """A file of `sql/questions`; `defaults` has each parameter, with None for one that has no default."""

    name: str
    what: str
    defaults: Mapping[str, str | None]
    example: str
    coverage: Coverage | None
    sql: str

    @property
    def options(self) -> str:
        """The options of the command, with those that are required first."""
        return " ".join(
            option if parameter in NAMES else f"[{option}]"
            for parameter in self.defaults
            for option in [f"--{parameter.replace('_', '-')}"]
        )

    @property
    def command(self) -> str:
        """A command line that asks it."""
        return f"nascar ask {self.name} {self.example}".rstrip()


@dataclass(frozen=True, slots=True)
class Answered:
    """The rows of an answer, and of how many races what it needs is known."""

    rows: Rows
    coverage: str


def list_questions() -> Rows:
    """Every question with what it is about and its options."""
    questions = read_questions().values()
    return Rows(["question", "what", "options"], [[each.name, each.what, each.options] for each in questions])


def answer(home: Home, name: str, given: Mapping[str, Any]) -> Answered:
    """Answer a question; `given` has the parameters that are not the default: names as text, `season` as two seasons.

    Raises `UsageError` for an unknown question, a parameter that it has not or that is missing, and an unknown name.
    """
    find_question(name)  # A wrong name is said also where there is no warehouse yet.
    with reading_published(home) as con:
        coverage = ask_question(con, name, given)
        return Answered(fetch_rows(con), coverage)


def ask_question(con: duckdb.DuckDBPyConnection, name: str, given: Mapping[str, Any]) -> str:
    """Execute a question as `answer` does; its rows are then the result of the connection. Returns the coverage."""
    question = find_question(name)
    values = bind_values(con, question, given)
    statement, *others = con.extract_statements(question.sql)
    coverage = ""
    if others:
        counts = con.execute(others[0], _only_named(others[0], values)).fetchall()
        coverage = "; ".join(f"{what}: known for {known:,} of {races:,} races here" for what, known, races in counts)
    elif question.coverage:
        coverage = _read_coverage(con, question.coverage, values)
    con.execute(statement, _only_named(statement, values))
    return coverage


def bind_values(con: duckdb.DuckDBPyConnection, question: NamedQuestion, given: Mapping[str, Any]) -> dict[str, Any]:
    """The values of the parameters in the statement of a question; raises as `answer` does."""
    _require_parameters(question, given)
    return dict(pair for parameter in question.defaults for pair in _bind(con, question, parameter, given))


def find_question(name: str) -> NamedQuestion:
    """The question of a name; an unknown one raises `UsageError` with those that have its words, or similar ones."""
    questions = read_questions()
    if name in questions:
        return questions[name]
    about = [each.name for each in questions.values() if contains_words(f"{each.name} {each.what}", name)]
    hint = f"did you mean {' or '.join(about[:_MOST_NAMED])}?" if about and simplify(name) else suggest(name, questions)
    raise UsageError(f"there is no question {name!r}", hint or "`nascar ask` lists them")


@functools.cache
def read_questions() -> Mapping[str, NamedQuestion]:
    """Every question by its name, in alphabetical order; a file that breaks the rules raises `InvalidSql`."""
    folder = files("nascar_warehouse.sql").joinpath("questions")
    names = sorted(entry.name.removesuffix(".sql") for entry in folder.iterdir() if entry.name.endswith(".sql"))
    return {name: parse_question(name, folder.joinpath(f"{name}.sql").read_text(encoding="utf-8")) for name in names}


def parse_question(name: str, text: str) -> NamedQuestion:
    """Take a file apart; raises `InvalidSql` where it does not say what it has to."""
    header = dict(_HEADER.findall(text))
    for needed in ("Question", "Parameters"):
        if needed not in header:
            raise InvalidSql(f"sql/questions/{name}.sql has no line `-- {needed}: …`", "add it at the top")
    defaults: dict[str, str | None] = {}
    for part in header["Parameters"].split(", "):
        parameter = _PARAMETER.fullmatch(part)
        if parameter is None or parameter[1] not in PARAMETERS:
            raise InvalidSql(f"sql/questions/{name}.sql: invalid parameter {part!r}", f"use {', '.join(PARAMETERS)}")
        defaults[parameter[1]] = parameter[2]
    return NamedQuestion(
        name, header["Question"], defaults, header.get("Example", ""), _parse_coverage(name, header), text
    )


def _parse_coverage(name: str, header: Mapping[str, str]) -> Coverage | None:
    if "Coverage" not in header:
        return None
    found = _COVERAGE.fullmatch(header["Coverage"])
    if found is None:
        raise InvalidSql(
            f"sql/questions/{name}.sql: invalid coverage {header['Coverage']!r}",
            "write a fact, as in margin since 1993",
        )
    facts, bound, season, series = found.groups()
    return Coverage(
        tuple(facts.split(" and ")),
        int(season) if bound == "since" else _EVER[0],
        int(season) if bound == "until" else _EVER[1],
        series,
    )


def _require_parameters(question: NamedQuestion, given: Mapping[str, Any]) -> None:
    unknown = [parameter for parameter in given if parameter not in question.defaults]
    if unknown:
        raise UsageError(
            f"{question.name} has no --{unknown[0].replace('_', '-')}", f"its options are {question.options}"
        )
    missing = [parameter for parameter in NAMES if parameter in question.defaults and parameter not in given]
    if missing:
        raise UsageError(f"{question.name} needs --{missing[0]}", f"for example `{question.command}`")


def _bind(
    con: duckdb.DuckDBPyConnection, question: NamedQuestion, parameter: str, given: Mapping[str, Any]
) -> Iterator[tuple[str, Any]]:
    """The values that a parameter binds."""
    value = given.get(parameter, question.defaults[parameter])
    if parameter == "season":
        yield from zip(("season_from", "season_to"), value or _EVER, strict=True)
    elif parameter in NAMES:
        yield parameter, resolve(con, NAMES[parameter], value)
    elif parameter == "series":
        yield parameter, parse_series(value)
    elif parameter == "seconds":
        if not math.isfinite(float(value)):
            raise UsageError(f"invalid --seconds {value}", "give a number of seconds")
        yield parameter, float(value)
    else:
        yield parameter, int(value)


def _only_named(statement: duckdb.Statement, values: Mapping[str, Any]) -> dict[str, Any]:
    """The values that a statement has a parameter for: the engine refuses others."""
    return {name: value for name, value in values.items() if name in statement.named_parameters}


def _read_coverage(con: duckdb.DuckDBPyConnection, coverage: Coverage, values: Mapping[str, Any]) -> str:
    series = values.get("series", coverage.series)
    bound = {
        "series": series,
        "season_from": max(values.get("season_from", _EVER[0]), coverage.first_season),
        "season_to": min(values.get("season_to", _EVER[1]), coverage.last_season),
    }
    sentences: list[str] = []
    for fact in coverage.facts:
        [(known, races, first, last)] = con.execute(_FACT, bound | {"fact": fact}).fetchall()
        seasons = "" if first is None else f" of {first}" if first == last else f" of {first}-{last}"
        of_what = "them" if sentences else f"{races:,} points races{seasons}, series {series}"
        sentences.append(f"{fact.replace('_', ' ')}: known for {known:,} of {of_what}")
    return "; ".join(sentences)
