"""The rows of the table: what is compared with what, and how far apart they may be."""

from __future__ import annotations

from collections.abc import Iterator

from tests.benchmarks.measure import Bound, Command, Row
from tests.benchmarks.stage import Stage, can_import

_NOTHING_NEW = "filelock, msgspec, structlog, sqlite3, typer"
"""What an ingest needs to find that nothing is new: the lock, the shapes of the feed, the log, the kept documents, its options."""


def rows_of(stage: Stage, peers: str | None) -> list[Row]:
    """Every row; `peers` is a Python with pandas, nascar-api and fastnascar, without which the rows that need them are left out."""
    return [
        *_parsing(stage, peers),
        *_building(stage, peers),
        *_answering(stage),
        *_starting(stage, peers),
        *_taking_away(stage),
    ]


def _imports(python: str, modules: str) -> Command:
    return Command((python, "-c", f"import {modules}"))


def _parsing(stage: Stage, peers: str | None) -> Iterator[Row]:
    mirror = stage.feed
    ours = stage.theirs("probes", "decode", mirror)
    floor = stage.theirs("floor", "nowhere", mirror, "--source", "nascar_feed", "--laps", "--decode-only")
    kinds = {"parse a feed": "weekend-feed"}
    if any(mirror.rglob("lap-times.json")):
        kinds["parse laps"] = "lap-times"
    for name, kind in kinds.items():
        yield Row(name, "decoding alone", ours, floor, "printed", kind)
        for package, peer in (("pandas", "pandas"), ("nascar_api", "nascar-api"), ("fastnascar", "fastnascar")):
            if peers and can_import(peers, package):
                theirs = stage.theirs("analyst", package, mirror, python=peers)
                yield Row(name, peer, ours, theirs, "printed", kind, is_ahead=True)


def _building(stage: Stage, peers: str | None) -> Iterator[Row]:
    nowhere, target, scratch = stage.work / "nowhere", stage.work / "floor.duckdb", stage.scratch
    landing = stage.whole / "landing" / "documents.sqlite"
    first = stage.on(scratch, "ingest", "nascar_feed", "--mirror", stage.feed, fresh=nowhere)
    floor = stage.theirs("floor", target, stage.feed, "--source", "nascar_feed", clear=target)
    yield Row("first ingest", "the floor", first, floor, bound=Bound(at_most=2))
    own = stage.theirs("own_parsers", target, "nascar_feed", stage.feed, clear=target)
    yield Row("first ingest", "our parsers alone", first, own)
    if peers and can_import(peers, "pandas"):
        sqlite = stage.work / "analyst.sqlite"
        analyst = stage.theirs("analyst", "ingest", sqlite, stage.feed, clear=sqlite, python=peers)
        yield Row("first ingest", "pandas + SQLite", first, analyst, "wall", bound=Bound(at_least=6), is_ahead=True)
        append = stage.theirs("analyst", "append", sqlite, stage.feed, clear=sqlite, python=peers)
        yield Row("first ingest", "pandas + SQLite, each file alone", first, append, "wall", is_ahead=True)
    rebuild = stage.on(scratch, "rebuild", fresh=stage.whole)
    floor = stage.theirs("floor", target, landing, clear=target)
    yield Row("full build", "the floor", rebuild, floor, bound=Bound(at_most=2.5))
    yield Row("peak memory of a full build", "the floor", rebuild, floor, "peak", bound=Bound(limit=500))
    more = stage.on(scratch, "ingest", "--mirror", stage.feed, fresh=stage.one_less)
    yield Row("one race more", "a full build", more, rebuild, bound=Bound(at_most=0.15))
    again = stage.on(stage.whole, "ingest", "nascar_feed", "--mirror", stage.feed)
    yield Row(
        "nothing new", f"import {_NOTHING_NEW}", again, _imports(stage.python, _NOTHING_NEW), bound=Bound(at_most=1.5)
    )
    publish = stage.theirs("probes", "publishing", stage.whole)
    yield Row("publish", "copying the file", publish, _by_hand(stage, "copying"), "printed", "ms")


def _by_hand(stage: Stage, what: str, *arguments: object) -> Command:
    return stage.theirs("by_hand", what, stage.whole / "nascar.duckdb", *arguments)


def _answering(stage: Stage) -> Iterator[Row]:
    def printed(name: str, against: str, what: str, bound: Bound) -> Row:
        ours = stage.theirs("probes", what, stage.whole)
        return Row(name, against, ours, _by_hand(stage, what), "printed", "ms", bound)

    yield printed("open", "DuckDB alone", "opening", Bound())
    yield printed("ranking, warm", "one flat table", "ranking", Bound(at_most=2, limit=10))
    grown = stage.theirs("probes", "ranking_grown", stage.whole)
    yield Row(
        "ranking, 100 times",
        "once",
        grown,
        stage.theirs("probes", "ranking", stage.whole),
        "printed",
        "ms",
        Bound(limit=50),
    )
    yield printed("career table, warm", "one flat table", "careers", Bound())


def _starting(stage: Stage, peers: str | None) -> Iterator[Row]:
    for python, where in ((stage.python, ""), (peers, ", with pandas")):
        if python is None or not can_import(python, "nascar_warehouse.etl.cli"):
            continue
        duckdb, typer = _imports(python, "duckdb"), _imports(python, "typer")
        closest = stage.on(stage.whole, "closest", python=python)
        yield Row(f"nascar closest{where}", "import duckdb", closest, duckdb, bound=Bound(at_most=1.6))
        yield Row(
            f"nascar --help{where}",
            "import typer",
            stage.on(stage.whole, "--help", python=python),
            typer,
            bound=Bound(at_most=1.2),
        )


def _taking_away(stage: Stage) -> Iterator[Row]:
    ours, theirs = stage.work / "export", stage.work / "copied"
    export = stage.on(stage.whole, "export", "--to", ours)
    copy = stage.theirs("by_hand", "export", stage.whole / "nascar.duckdb", theirs, clear=theirs)
    yield Row("export", "COPY alone", export, copy)
    tables = stage.theirs("by_hand", "tables", stage.whole / "nascar.duckdb", theirs, clear=theirs)
    yield Row("file size", "zstd Parquet", stage.theirs("probes", "size", stage.whole), tables, "printed", "MiB")
