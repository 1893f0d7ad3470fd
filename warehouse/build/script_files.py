"""`sql/` as a graph: one file a relation, its folder the schema, its order derived from what it reads.

The rules that `order_scripts` enforces, each violation an `InvalidSql` that names the file:

- a relation's file creates the relation that its path names, with `CREATE OR REPLACE`, and nothing else;
- it begins with `-- Grain: column, column`, the columns that no two of its rows share; see `warehouse.build.grain`,
  and may say what news cost it; see `warehouse.build.declared`;
- a schema reads only the schemas below it, and there is no cycle;
- a view of marts or ops uses only what translates to other engines; see `portable`;
- `staging.<source>__<things>` has a declaration `staging.source_<things>`; see `warehouse.build.conformed`;
- a check is one query, after `-- Severity: fail`, `warn` or `notice` (shown once); one that can fail names documents.
"""

from __future__ import annotations

import graphlib
import re
from dataclasses import replace
from importlib.resources import files
from typing import TYPE_CHECKING

from nascar_warehouse.warehouse.build.conformed import members_by_union
from nascar_warehouse.warehouse.build.declared import BY_RACE, parse_declared
from nascar_warehouse.warehouse.build.grain import Grain, parse_grain
from nascar_warehouse.warehouse.build.scripts import READS, Parsed, Script, digest_of, read_scripts
from nascar_warehouse.warehouse.errors import InvalidSql

if TYPE_CHECKING:
    from collections.abc import Mapping

_HEADER = re.compile(r"-- (Grain|Severity): *(\S.*)")


def order_scripts(known: Mapping[str, Parsed] | None = None) -> tuple[Script, ...]:
    """Every script in its order, read from the files; those that are as they are `known` are not parsed."""
    known = known or {}
    scripts = {
        script.relation: script
        for schema in READS
        if schema != "seeds"
        for entry in sorted(files("nascar_warehouse.sql").joinpath(schema).iterdir(), key=lambda entry: entry.name)
        if entry.name.endswith(".sql")
        for name in [entry.name.removesuffix(".sql")]
        for script in [parse_script(schema, name, entry.read_text(encoding="utf-8"), known.get(f"{schema}.{name}"))]
    }
    for union, members in members_by_union(scripts).items():
        if union not in scripts:
            raise InvalidSql(
                f"sql/{min(members).replace('.', '/')}.sql is of no kind: there is no {union}",
                "correct the name, or add the file that declares the columns",
            )
        scripts[union] = replace(scripts[union], members=members, reads=scripts[union].reads | members)
    _require_races(scripts)
    graph = {
        relation: {read for read in script.reads if not read.startswith("seeds.")}
        for relation, script in scripts.items()
    }
    for relation, reads in graph.items():
        for missing in reads - scripts.keys():
            if missing.startswith("raw."):
                continue  # Made from the struct of its source.
            raise InvalidSql(
                f"{scripts[relation].path} reads {missing}, which no file makes",
                "add the file or correct the name",
            )
    # Sorted, so that the order is the same in each run.
    made = {relation: sorted(reads & scripts.keys()) for relation, reads in graph.items()}
    try:
        order = list(graphlib.TopologicalSorter(made).static_order())
    except graphlib.CycleError as error:
        raise InvalidSql(f"these files read each other: {' → '.join(error.args[1])}", "break the cycle") from error
    ranks = {schema: rank for rank, schema in enumerate(READS)}
    # A relation of ops that core or marts do not need waits for all of them.
    order.sort(
        key=lambda relation: (
            ranks[relation.split(".")[0]] if relation.startswith(("raw.", "ops.", "checks.")) else ranks["staging"]
        )
    )
    return tuple(scripts[relation] for relation in order)


def require_portable_views() -> None:
    """Raise `InvalidSql` for a view of marts or ops that other engines cannot run; the published ones have passed."""
    from nascar_warehouse.warehouse.build.portable import require_portable

    for script in read_scripts():
        if script.schema != "checks":
            require_portable(script.path, script.schema, script.statements[0])


def parse_script(schema: str, name: str, text: str, known: Parsed | None = None) -> Script:
    """Take a file apart and hold it against the rules; raises `InvalidSql`. A text that is `known` is not parsed."""
    path = f"sql/{schema}/{name}.sql"
    header = _HEADER.match(text)
    wanted = "Severity" if schema == "checks" else "Grain"
    if header is None or header[1] != wanted:
        raise InvalidSql(f"{path} does not begin with `-- {wanted}: …`", "say it in the first line")
    value = header[2].strip()
    parsed = known if known is not None and known.digest == digest_of(text) else _parse(schema, name, text, value)
    statements = tuple(text[begin:end] for begin, end in parsed.spans)
    if schema == "checks":
        kind, grain = "query", Grain(())
    else:
        kind, grain = statements[0].split()[3].lower(), parse_grain(path, value, statements[0])
    for read in parsed.reads:
        if read.split(".")[0] not in READS[schema]:
            raise InvalidSql(
                f"{path} reads {read}, but {schema} reads only {', '.join(sorted(READS[schema]))}",
                "move the logic",
            )
    return Script(
        schema,
        name,
        text,
        value,
        parsed.reads,
        statements,
        kind,
        grain,
        declared=parse_declared(path, text.splitlines()),
        parsed=parsed,
    )


def _parse(schema: str, name: str, text: str, header: str) -> Parsed:
    from nascar_warehouse.warehouse.build.parsing import parse_text  # here, since the parser is slow to import

    return parse_text(schema, name, text, header)


def _require_races(scripts: Mapping[str, Script]) -> None:
    """Raise `InvalidSql` for a check by race that reads what is not by race, or is incremental by anything else."""
    for script in scripts.values():
        if script.schema != "checks" or not script.declared.incremental:
            continue
        tables = {read for read in script.reads if read in scripts and scripts[read].kind != "macro"}
        others = {read for read in tables if scripts[read].declared.incremental != BY_RACE}
        if others or script.declared.incremental != BY_RACE:
            raise InvalidSql(
                f"{script.path} cannot be asked about single races: it reads {', '.join(sorted(others)) or 'them all'}",
                "remove `-- Incremental: …`, or read only relations that have `-- Incremental: race_id`, and seeds",
            )
