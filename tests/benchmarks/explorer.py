"""How fast the explorer answers, and whether it stays right while many read and new warehouses are published.

    python -m tests.benchmarks.explorer [HOME] [--clients 50] [--seconds 60] [--json FILE]

HOME has a published warehouse, best that of all of history; without it, one is built from the facts that come with the
program. It is copied first. The servers run in processes of their own, the readers in this one: on two cores each has
about one. The static file beside the cached page is served by starlette's StaticFiles under uvicorn with the same
options.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import MutableMapping, Sequence
from pathlib import Path
from typing import Any

from tests.support.many_readers import (
    SERVE_EXPLORER,
    SERVE_FILES,
    Connection,
    app_of,
    make_editions,
    read_while_publishing,
    serving,
)

WANTED_REQUESTS_A_SECOND = 200
WANTED_MILLISECONDS = 30
ROUNDS = 3


async def requests_a_second(port: int, path: str, seconds: float, connections: int = 16) -> float:
    """How many answers some readers get in a second who ask for one path without a pause."""
    opened = [Connection(port) for _ in range(connections)]
    for connection in opened:
        assert (await connection.get(path)).status == 200
    begun, count = time.perf_counter(), 0

    async def read(connection: Connection) -> None:
        nonlocal count
        while time.perf_counter() - begun < seconds:
            await connection.get(path)
            count += 1
        await connection.close()

    await asyncio.gather(*map(read, opened))
    return count / (time.perf_counter() - begun)


def uncached_milliseconds(home: Path, pages: int = 200) -> float:
    """The median of the processor time of the ranking page, each time with other filters, through the whole application."""
    queries = [
        f"from={1993 + number % 15}&to={2025 - number // 15}{'&basis=official' if number % 3 else ''}"
        for number in range(pages)
    ]
    return asyncio.run(_median_of(app_of(home, lambda _: None), ["", "basis=official", *queries], skipped=2))


async def _median_of(app: Any, queries: Sequence[str], skipped: int) -> float:
    """The first ones of a snapshot read what the others share, and are not counted."""
    times = []
    for query in queries:
        statuses: list[int] = []

        async def send(message: MutableMapping[str, Any], statuses: list[int] = statuses) -> None:
            statuses.append(message.get("status", 200))

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": b"", "more_body": False}

        scope = {
            "type": "http",
            "method": "GET",
            "path": "/",
            "raw_path": b"/",
            "query_string": query.encode(),
            "headers": [(b"host", b"127.0.0.1")],
            "client": ("127.0.0.1", 1),
        }
        begun = time.process_time()
        await app(scope, receive, send)
        times.append(1000 * (time.process_time() - begun))
        assert statuses[0] == 200
    return statistics.median(times[skipped:])


def compare_with_a_file(home: Path, folder: Path, seconds: float) -> dict[str, float]:
    """Answers a second of the cached ranking page and of the same bytes as a file, in turn; medians."""
    counts: dict[str, list[float]] = {"page": [], "file": []}
    with serving(SERVE_EXPLORER, home) as explorer:
        page = asyncio.run(_once(explorer, "/"))
        (folder / "page.html").write_bytes(page)
        with serving(SERVE_FILES, folder) as files:
            for _ in range(ROUNDS):
                counts["page"].append(asyncio.run(requests_a_second(explorer, "/", seconds)))
                counts["file"].append(asyncio.run(requests_a_second(files, "/page.html", seconds)))
    return {name: statistics.median(found) for name, found in counts.items()} | {"page_bytes": len(page)}


async def _once(port: int, path: str) -> bytes:
    connection = Connection(port)
    body = (await connection.get(path)).body
    await connection.close()
    return body


def main(arguments: Sequence[str] | None = None) -> dict[str, Any]:
    """Measure all and print it; leaves with 1 where an answer was wrong."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.explorer", description=__doc__)
    parser.add_argument("home", nargs="?", type=Path, help="a home with a published warehouse")
    parser.add_argument("--clients", type=int, default=50, help="how many read at once")
    parser.add_argument("--seconds", type=float, default=60, help="how long they read")
    parser.add_argument("--json", type=Path, help="write the figures to this file too")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="nascar-explorer-") as name:
        folder = Path(name)
        home = _copy_of(options.home, folder / "home")
        uncached = uncached_milliseconds(home)
        rates = compare_with_a_file(home, _made(folder / "files"), min(5.0, options.seconds))
        editions = make_editions(home, folder)
        with serving(SERVE_EXPLORER, home) as port:
            found = asyncio.run(read_while_publishing(port, home, editions, options.clients, options.seconds))
    times = statistics.quantiles(found.milliseconds, n=100)
    figures: dict[str, Any] = {
        "uncached ranking page, median of processor time in ms": round(uncached, 1),
        "cached ranking page, answers a second": round(rates["page"]),
        "the same bytes as a file, answers a second": round(rates["file"]),
        "ratio": round(rates["page"] / rates["file"], 2),
        "bytes of the page": round(rates["page_bytes"]),
        "readers": options.clients,
        "seconds": options.seconds,
        "publishes": found.publishes,
        "answers": found.statuses.total(),
        "answers by status": dict(found.statuses),
        "median in ms": round(times[49]),
        "99th percentile in ms": round(times[98]),
        "longest in ms": round(max(found.milliseconds)),
        "wrong answers": len(found.problems),
    }
    wanted = {
        "uncached ranking page, median of processor time in ms": f"below {WANTED_MILLISECONDS}",
        "cached ranking page, answers a second": f"at least {WANTED_REQUESTS_A_SECOND}",
        "wrong answers": "0",
    }
    for what, figure in figures.items():
        print(f"{what:55} {figure!s:>12}  {wanted.get(what, '')}")
    print(*found.problems[:20], sep="\n")
    if options.json:
        options.json.write_text(json.dumps(figures | {"problems": found.problems[:100]}, indent=1))
    return figures


def _copy_of(home: Path | None, target: Path) -> Path:
    if home is None:
        command = [sys.executable, "-c", "from nascar_warehouse.etl.cli import main; main()", "build"]
        subprocess.run(command, env=os.environ | {"NASCAR_HOME": str(target), "NASCAR_LOG": "text"}, check=True)
        return target
    _made(target)
    shutil.copy(home / "nascar.duckdb", target)
    return target


def _made(folder: Path) -> Path:
    folder.mkdir()
    return folder


if __name__ == "__main__":
    sys.exit(1 if main()["wrong answers"] else 0)
