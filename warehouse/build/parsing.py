"""What sqlglot finds in a file of `sql/`: its statements, what they read, and whether they keep the rules."""

from __future__ import annotations

import re

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from nascar_warehouse.warehouse.build.columns import columns_by_relation
from nascar_warehouse.warehouse.build.scope import relations_in
from nascar_warehouse.warehouse.build.scripts import READS, Parsed, digest_of
from nascar_warehouse.warehouse.errors import InvalidSql

_MACRO = re.compile(r"CREATE OR REPLACE MACRO (?P<name>\w+\.\w+)\(.*?\) AS (?P<table>TABLE)?(?P<body>.*)", re.DOTALL)


def parse_text(schema: str, name: str, text: str, header: str) -> Parsed:
    """Hold the statements of a file against the rules; raises `InvalidSql`. `header` is the value of its first line."""
    path = f"sql/{schema}/{name}.sql"
    spans = _split(path, text)
    statements = [text[begin:end] for begin, end in spans]
    columns: dict[str, frozenset[str]] = {}
    query: exp.Expr
    if schema == "checks":
        query = _read_check(path, header, statements)
        tables, macros = _tables(query), _macros(query)
    else:
        query = _read_relation(path, f"{schema}.{name}", statements)
        tables, macros = _tables(query) - {f"{schema}.{name}"}, _macros(query)
        columns = columns_by_relation(query, tables)
    if unclear := tables - relations_in(statements[0]):
        raise InvalidSql(
            f"{path} writes the name of {min(unclear)} in another way",
            "write schema.name in lower case, without quotes and spaces, so that an update finds it",
        )
    return Parsed(digest_of(text), spans, frozenset(tables | macros), columns)


def _read_check(path: str, severity: str, statements: list[str]) -> exp.Query:
    if severity not in {"fail", "warn", "notice"}:
        raise InvalidSql(f"{path}: the severity is {severity!r}", "write fail, warn or notice")
    query = _parse(path, statements[0])
    if len(statements) != 1 or not isinstance(query, exp.Query):
        raise InvalidSql(f"{path} is not one query", "a check is a query that returns the offending rows")
    is_of_documents = any(not read.startswith("seeds.") for read in _tables(query))
    if severity == "fail" and is_of_documents and not {"document_id", "document_ids"} & set(query.named_selects):
        raise InvalidSql(
            f"{path} names no documents",
            "return document_id, or a list document_ids: the new versions of these are set aside when the check fails",
        )
    return query


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


def _tables(statement: exp.Expr) -> set[str]:
    """The tables, views and table macros that a statement reads."""
    return {f"{table.db}.{table.this.name}" for table in statement.find_all(exp.Table) if table.db in READS}


def _macros(statement: exp.Expr) -> set[str]:
    """The macros that it calls for a value."""
    return {
        f"{dot.this.name}.{dot.expression.name}"
        for dot in statement.find_all(exp.Dot)
        if isinstance(dot.expression, exp.Anonymous) and dot.this.name in READS
    }


def _qualified(table: exp.Table) -> str:
    return f"{table.db}.{table.name}"


def _split(path: str, text: str) -> tuple[tuple[int, int], ...]:
    """Where the statements of a file begin and end; comments between them are left out."""
    try:
        tokens = sqlglot.tokenize(text, dialect="duckdb")
    except SqlglotError as error:
        raise InvalidSql(f"{path}: {str(error).splitlines()[0]}", "correct the statement") from error
    spans: list[tuple[int, int]] = []
    begin: int | None = None
    for token in tokens:
        if token.token_type == sqlglot.TokenType.SEMICOLON:
            if begin is not None:
                spans.append((begin, token.start))
            begin = None
        elif begin is None:
            begin = token.start
    if begin is not None:
        spans.append((begin, len(text)))
    if not spans:
        raise InvalidSql(f"{path} has no statement", "write one, or remove the file")
    return tuple(spans)
