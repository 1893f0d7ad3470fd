"""Many readers of the explorer at once, and new warehouses published while they read: what each of them sees."""

from __future__ import annotations

import asyncio
import re
import shutil
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

import duckdb

SECONDS_BETWEEN_PUBLISHES = 3.0

_UVICORN = (
    'uvicorn.Config(app, log_config=None, access_log=False, server_header=False, ws="none", limit_concurrency=200)'
)
SERVE_EXPLORER = f"""
import socket, sys
from pathlib import Path
import uvicorn
from tests.support.many_readers import app_of
app = app_of(Path(sys.argv[1]), print)
uvicorn.Server({_UVICORN}).run(sockets=[socket.socket(fileno=int(sys.argv[2]))])
"""
SERVE_FILES = f"""
import socket, sys
import uvicorn
from starlette.applications import Starlette
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles
app = Starlette(routes=[Mount("/", StaticFiles(directory=sys.argv[1]))])
uvicorn.Server({_UVICORN}).run(sockets=[socket.socket(fileno=int(sys.argv[2]))])
"""
_SQL = "SELECT+race_name,driver_name+FROM+core.races,core.drivers+LIMIT+20"
PATHS = (
    "/",
    "/?track=talladega",
    "/?series=nxs&sort=-date",
    "/races/cup-2024-12",
    "/drivers/kyle-larson",
    "/tracks/talladega",
    "/seasons/cup/2003",
    "/search?q=daytona",
    "/api/v1/closest?limit=50",
    "/api/v1/closest.parquet",
    "/api/v1/races/cup-2003-05",
    "/api/v1/freshness",
    "/status",
)
SQL_PATH = f"/api/v1/sql?sql={_SQL}"
ASKING_SQL = 5
"""Every fifth reader sends statements too: four run at once, forty may wait, and the others are refused."""


def app_of(folder: Path, log: Callable[[str], object]) -> Any:
    """The explorer on a home, without limits for a reader: all of them have one address here."""
    from nascar_warehouse.etl.monitoring.status import read_status
    from nascar_warehouse.warehouse.explorer.app import create_app
    from nascar_warehouse.warehouse.explorer.settings import ServerSettings
    from nascar_warehouse.warehouse.storage.home import Home

    home = Home(folder)
    settings = ServerSettings(requests_per_second=1e9, requests_in_burst=10**9, requests_at_once=10**6)
    return create_app(home, settings, log=log, read_status=lambda: read_status(home))


@contextmanager
def serving(code: str, folder: Path) -> Iterator[int]:
    """Run a server in a process of its own; gives its port, on which connections wait until it is ready."""
    with socket.create_server(("127.0.0.1", 0), backlog=512) as listening:
        descriptor = listening.fileno()
        process = subprocess.Popen(  # noqa: S603  # the interpreter that runs this
            [sys.executable, "-c", code, str(folder), str(descriptor)],
            cwd=Path(__file__).parents[2],
            pass_fds=(descriptor,),
            stdout=subprocess.DEVNULL,
        )
        try:
            yield listening.getsockname()[1]
        finally:
            process.terminate()
            process.wait(timeout=20)


@dataclass(frozen=True, slots=True)
class Reply:
    """What one request gave."""

    status: int
    etag: str
    body: bytes


class Connection:
    """One connection that stays open, for one request at a time."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def get(self, path: str, etag: str = "") -> Reply:
        """Ask for a path, unless it still has this ETag."""
        reader, writer = self._streams = self._streams or await asyncio.open_connection("127.0.0.1", self._port)
        condition = f"If-None-Match: {etag}\r\n" if etag else ""
        writer.write(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n{condition}\r\n".encode())
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        headers = dict(re.findall(r"(?m)^([\w-]+): (.*)\r$", head.lower().replace('w/"', 'W/"')))
        body = await reader.readexactly(int(headers.get("content-length", "0"))) if " 304 " not in head[:20] else b""
        return Reply(int(head.split(" ", 2)[1]), headers.get("etag", ""), body)

    async def close(self) -> None:
        """Close it."""
        if self._streams:
            self._streams[1].close()
            await self._streams[1].wait_closed()


# --- many readers, and a new warehouse now and then


@dataclass(slots=True)
class Findings:
    """What the readers saw: `problems` has each answer that is an error, mixed, or not that of its ETag."""

    statuses: Counter[int] = field(default_factory=Counter)
    milliseconds: list[float] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    publishes: int = 0
    snapshots: dict[str, str] = field(default_factory=dict)
    bodies: dict[tuple[str, str], bytes] = field(default_factory=dict)

    def take(self, path: str, sent_etag: str, reply: Reply) -> None:
        """Judge one reply. Every name in an edition of the warehouse ends in a mark of the edition."""
        self.statuses[reply.status] += 1
        if reply.status == 304:
            if not sent_etag or reply.etag != sent_etag:
                self.problems.append(f"{path}: unchanged, for another ETag than was sent")
            return
        if reply.status != 200:
            self.problems.append(f"{path}: {reply.status} {reply.body[:200]!r}")
            return
        marks = sorted({mark.decode() for mark in re.findall(rb"edition-([AB])", reply.body)})
        if len(marks) > 1:
            self.problems.append(f"{path}: of two warehouses")
        if reply.etag and self.bodies.setdefault((path, reply.etag), digest := _digest(reply)) != digest:
            self.problems.append(f"{path}: two bodies with the ETag {reply.etag}")
        if path.startswith("/api/") and marks and (named := re.search(rb'"snapshot":"(\w+)"', reply.body)):
            snapshot = named[1].decode()
            if self.snapshots.setdefault(snapshot, marks[0]) != marks[0]:
                self.problems.append(f"{path}: the snapshot {snapshot} of two warehouses")


def _digest(reply: Reply) -> bytes:
    return sha256(reply.body).digest()


def make_editions(home: Path, folder: Path) -> list[Path]:
    """Two copies of a published warehouse that differ in every name of a race, a track and a driver."""
    editions = []
    for mark in "AB":
        file = folder / f"edition-{mark}.duckdb"
        shutil.copy(home / "nascar.duckdb", file)
        file.chmod(0o644)
        with duckdb.connect(file) as con:
            for table, columns in (
                ("core.races", ("race_name",)),
                ("core.drivers", ("driver_name",)),
                ("core.tracks", ("track_name",)),
                ("marts.finishes", ("race_name", "track_name", "winner", "runner_up")),
            ):
                sets = ", ".join(f"{column} = {column} || ' edition-{mark}'" for column in columns)
                con.execute(f"UPDATE {table} SET {sets}")
        editions.append(file)
    return editions


def publish(edition: Path, home: Path) -> None:
    """Put an edition in place of the published file, as a build does."""
    following = home / "next.duckdb"
    shutil.copy(edition, following)
    following.chmod(0o444)
    following.replace(home / "nascar.duckdb")


def _path_of(number: int, turn: int) -> str:
    """Where a reader goes next: most often where others go too."""
    if turn % 5 == 0:
        return f"/?from={1993 + turn % 13}&to={2010 + turn % 11}"
    if turn % 7 == 0 and number % ASKING_SQL == 0:
        return SQL_PATH
    return PATHS[turn % len(PATHS)]


async def read_while_publishing(
    port: int, home: Path, editions: Sequence[Path], clients: int, seconds: float
) -> Findings:
    """What so many readers see who ask without a pause, each one its own way through the pages."""
    findings, begun = Findings(), time.monotonic()

    async def publish_in_turn() -> None:
        """Publish when it is time."""
        if time.monotonic() - begun > (findings.publishes + 1) * SECONDS_BETWEEN_PUBLISHES:
            findings.publishes += 1
            await asyncio.to_thread(publish, editions[findings.publishes % 2], home)

    async def read(number: int) -> None:
        connection, etags, turn = Connection(port), dict[str, str](), number
        while time.monotonic() - begun < seconds:
            turn += 1
            await publish_in_turn()
            path = _path_of(number, turn)
            sent = etags.get(path, "") if turn % 2 else ""
            asked = time.perf_counter()
            reply = await connection.get(path, sent)
            findings.milliseconds.append(1000 * (time.perf_counter() - asked))
            findings.take(path, sent, reply)
            etags[path] = reply.etag
        await connection.close()

    await asyncio.gather(*map(read, range(clients)))
    return findings
