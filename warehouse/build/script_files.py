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

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from nascar_warehouse.warehouse.build.columns import columns_by_relation
from nascar_warehouse.warehouse.build.conformed import members_by_union
from nascar_warehouse.warehouse.build.declared import parse_declared
from nascar_warehouse.warehouse.build.grain import Grain, parse_grain
from nascar_warehouse.warehouse.build.portable import require_portable
from nascar_warehouse.warehouse.build.scripts import READS, Script, read_scripts
from nascar_warehouse.warehouse.errors import InvalidSql

_MACRO = re.compile(r"CREATE OR REPLACE MACRO (?P<name>\w+\.\w+)\(.*?\) AS (?P<table>TABLE)?(?P<body>.*)", re.DOTALL)
_HEADER = re.compile(r"-- (Grain|Severity): *(\S.*)")


def order_scripts() -> tuple[Script, ...]:
    """Every script in its order, read from the files."""
    scripts = {
        script.relation: script
        for schema in READS
        if schema != "seeds"
        for entry in sorted(files("nascar_warehouse.sql").joinpath(schema).iterdir(), key=lambda entry: entry.name)
        if entry.name.endswith(".sql")
        for script in [parse_script(schema, entry.name.removesuffix(".sql"), entry.read_text(encoding="utf-8"))]
    }
    for union, members in members_by_union(scripts).items():
        if union not in scripts:
            raise InvalidSql(
                f"sql/{min(members).replace('.', '/')}.sql is of no kind: there is no {union}",
                "correct the name, or add the file that declares the columns",
            )
        scripts[union] = replace(scripts[union], members=members, reads=scripts[union].reads | members)
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
    graph = {relation: reads & scripts.keys() for relation, reads in graph.items()}
    try:
        order = list(graphlib.TopologicalSorter(graph).static_order())
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
    for script in read_scripts():
        if script.schema != "checks":
            require_portable(script.path, script.schema, script.statements[0])


def parse_script(schema: str, name: str, text: str) -> Script:
    """Take a file apart and hold it against the rules; raises `InvalidSql`."""
    path = f"sql/{schema}/{name}.sql"
    header = _HEADER.match(text)
    wanted = "Severity" if schema == "checks" else "Grain"
    if header is None or header[1] != wanted:
        raise InvalidSql(f"{path} does not begin with `-- {wanted}: …`", "say it in the first line")
    statements = _split(path, text)
    columns: dict[str, frozenset[str]] = {}
    if schema == "checks":
        reads = _read_check(path, header[2].strip(), statements)
        kind, grain = "query", Grain(())
    else:
        query = _read_relation(path, f"{schema}.{name}", statements)
        reads = _relations(query) - {f"{schema}.{name}"}
        columns = columns_by_relation(query, reads)
        kind, grain = statements[0].split()[3].lower(), parse_grain(path, header[2], statements[0])
    for read in reads:
        if read.split(".")[0] not in READS[schema]:
            raise InvalidSql(
                f"{path} reads {read}, but {schema} reads only {', '.join(sorted(READS[schema]))}",
                "move the logic",
            )
    return Script(
        schema,
        name,
        text,
        header[2].strip(),
        frozenset(reads),
        tuple(statements),
        kind,
        grain,
        declared=parse_declared(path, text.splitlines()),
        columns=columns,
    )


def _read_check(path: str, severity: str, statements: list[str]) -> set[str]:
    if severity not in {"fail", "warn", "notice"}:
        raise InvalidSql(f"{path}: the severity is {severity!r}", "write fail, warn or notice")
    query = _parse(path, statements[0])
    if len(statements) != 1 or not isinstance(query, exp.Query):
        raise InvalidSql(f"{path} is not one query", "a check is a query that returns the offending rows")
    reads = _relations(query)
    is_of_documents = any(not read.startswith("seeds.") for read in reads - {"staging.slug"})
    if severity == "fail" and is_of_documents and not {"document_id", "document_ids"} & set(query.named_selects):
        raise InvalidSql(
            f"{path} names no documents",
            "return document_id, or a list document_ids: the new versions of these are set aside when the check fails",
        )
    return reads


def _read_relation(path: str, relation: str, statements: list[str]) -> exp.Expr:
    """What makes the relation; raises `InvalidSql` for a file that makes another one, or more."""
    first, *comments = statements
    if macro := _MACRO.search(first):
        # sqlglot does not know DuckDB's macros with defaults; what is inside is plain.
        body = macro["body"] if macro["table"] else f"SELECT {macro['body']}"
        created, create = macro["name"], _parse(path, body)
    else:
        create = _parse(path, first)
        if not isinstance(create, exp.Create) or not create.args.get("replace"):
            raise InvalidSql(
                f"{path} does not begin with CREATE OR REPLACE",
                "a file makes the relation that its path names",
            )
        table = create.find(exp.Table)
        created = _qualified(table) if table else ""
    if created != relation:
        raise InvalidSql(f"{path} makes {created}", f"a file makes the relation that its path names, here {relation}")
    for comment in comments:
        if not comment.upper().startswith("COMMENT ON "):
            raise InvalidSql(
                f"{path} has more than the relation and its comments: {comment[:60]}",
                "one file, one relation",
            )
    return create


def _parse(path: str, statement: str) -> exp.Expr:
    try:
        return sqlglot.parse_one(statement, dialect="duckdb")
    except SqlglotError as error:
        raise InvalidSql(f"{path}: {str(error).splitlines()[0]}", "correct the statement") from error


def _relations(statement: exp.Expr) -> set[str]:
    tables = {f"{table.db}.{table.this.name}" for table in statement.find_all(exp.Table) if table.db in READS}
    macros = {
        f"{dot.this.name}.{dot.expression.name}"
        for dot in statement.find_all(exp.Dot)
        if isinstance(dot.expression, exp.Anonymous) and dot.this.name in READS
    }
    return tables | macros


def _qualified(table: exp.Table) -> str:
    return f"{table.db}.{table.name}"


def _split(path: str, text: str) -> list[str]:
    """The statements of a file as written for its engine; comments between them are left out."""
    try:
        tokens = sqlglot.tokenize(text, dialect="duckdb")
    except SqlglotError as error:
        raise InvalidSql(f"{path}: {str(error).splitlines()[0]}", "correct the statement") from error
    statements: list[str] = []
    begin: int | None = None
    for token in tokens:
        if token.token_type == sqlglot.TokenType.SEMICOLON:
            if begin is not None:
                statements.append(text[begin : token.start])
            begin = None
        elif begin is None:
            begin = token.start
    if begin is not None:
        statements.append(text[begin:])
    if not statements:
        raise InvalidSql(f"{path} has no statement", "write one, or remove the file")
    return statements
