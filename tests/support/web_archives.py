"""Common Crawl and the Wayback Machine on the loopback interface, with made copies of race pages.

It speaks what they speak: a list of crawls, an index by pages, parts of files by HTTP Range, copies as they were. Each
request is answered under /HOST/PATH, as an HTTP mirror is asked.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import msgspec

from nascar_warehouse.etl.documents import SERIES, UNCONDITIONAL, Fetcher, Response, Selection, Validators
from nascar_warehouse.etl.extract.fetch import HttpFetcher
from nascar_warehouse.etl.extract.sources import extract
from nascar_warehouse.etl.outcome import RunResult
from nascar_warehouse.etl.request import Job
from nascar_warehouse.etl.sources.racing_reference_archive import SOURCE
from nascar_warehouse.etl.storage.landing import Landing
from nascar_warehouse.warehouse.storage.home import Home
from tests.support.misbehaving import Canned, MisbehavingServer, Request, as_json, canned, misbehaving_server
from tests.support.warc_records import record

SITE = "https://www.racing-reference.info"
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
LINES = 2
"""So many lines are on a page of the index."""


@dataclass(frozen=True)
class Kept:
    """A copy in an archive: its line in the index, and its bytes."""

    url: str
    timestamp: str
    content: bytes
    digest: str
    status: str = "200"
    mime: str = "text/html"


def copy(
    page: str, path: str, timestamp: str = "20210512030405", *, status: str = "200 OK", digest: str | None = None
) -> Kept:
    """A copy of a page of the site as Common Crawl has it, a gzipped record."""
    url = f"{SITE}/{path}"
    at = datetime.strptime(timestamp, "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    content = record(page, url, status=status, captured_at=f"{at:%Y-%m-%dT%H:%M:%SZ}")
    return Kept(url, timestamp, content, digest or sha1(page.encode()), status[:3])


def page_copy(page: str, path: str, timestamp: str = "20150512030405") -> Kept:
    """A copy of a page of the site as the Wayback Machine gives it, the page alone."""
    return Kept(f"{SITE}/{path}", timestamp, page.encode(), sha1(page.encode()))


def sha1(content: bytes) -> str:
    return base64.b32encode(hashlib.sha1(content, usedforsecurity=False).digest()).decode()


@dataclass
class Archives:
    """Both archives: the copies of each crawl, and those of the Wayback Machine."""

    crawls: dict[str, list[Kept]] = field(default_factory=dict)
    wayback: list[Kept] = field(default_factory=list)
    refuses: Callable[[str], Canned | None] = lambda _: None
    """What is answered for a path instead."""

    def response_to(self, request: Request) -> Canned:
        if (refusal := self.refuses(request.path)) is not None:
            return refusal
        parts = urlsplit(request.path)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        _, host, path = parts.path.split("/", 2)
        if path == "collinfo.json":
            return as_json(
                [{"id": name, "name": "a crawl", "cdx-api": ""} for name in sorted(self.crawls, reverse=True)]
            )
        if host == "index.commoncrawl.org":
            return self._index(path.removesuffix("-index"), query)
        if host == "data.commoncrawl.org":
            return self._part(path, request.headers.get("range", ""))
        if path == "cdx/search/cdx":
            return self._wayback_index(query)
        return self._wayback_page(request.path)

    def _index(self, crawl: str, query: dict[str, str]) -> Canned:
        lines = []
        offset = 0
        for kept in self.crawls[crawl]:
            place = {"offset": str(offset), "length": str(len(kept.content)), "filename": _file(crawl)}
            offset += len(kept.content)
            if _is_below(kept.url, query["url"]):
                facts = {"urlkey": "x", "timestamp": kept.timestamp, "url": kept.url, "mime": kept.mime}
                lines.append(json.dumps(facts | {"status": kept.status, "digest": kept.digest} | place))
        if not lines:
            return as_json({"message": f"No Captures found for: {query['url']}"}, status=404)
        if "showNumPages" in query:
            return as_json({"pages": -(-len(lines) // LINES), "pageSize": 5, "blocks": 1})
        first = int(query["page"]) * LINES
        return canned("\n".join(lines[first : first + LINES]) + "\n")

    def _part(self, path: str, asked: str) -> Canned:
        kept = self.crawls[path.split("/")[1]]
        match = re.fullmatch(r"bytes=(\d+)-(\d+)", asked)
        if match is None:
            return canned(b"".join(each.content for each in kept))
        begin, end = int(match[1]), int(match[2])
        offset = 0
        for each in kept:  # not all of them at once: a test measures the memory of this process
            if offset <= begin < offset + len(each.content):
                part = each.content[begin - offset : end + 1 - offset]
                return canned(part, status=206, headers={"Content-Range": f"bytes {begin}-{end}/*"})
            offset += len(each.content)
        return canned(status=416)

    def _wayback_index(self, query: dict[str, str]) -> Canned:
        kept = [each for each in self.wayback if _is_below(each.url, query["url"])]
        if "showNumPages" in query:
            return canned(f"{-(-len(kept) // LINES)}\n")
        first = int(query["page"]) * LINES
        names = query["fl"].split(",")
        rows = [
            [each.timestamp, each.url, each.mime, each.status, each.digest, str(len(each.content))]
            for each in kept[first : first + LINES]
        ]
        return as_json([names, *rows] if rows else [])

    def _wayback_page(self, path: str) -> Canned:
        found = [each for each in self.wayback if path == f"/web.archive.org/web/{each.timestamp}id_/{each.url}"]
        return canned(found[0].content, headers={"Content-Type": "text/html"}) if found else canned(status=404)


def _file(crawl: str) -> str:
    return f"crawl-data/{crawl}/segments/1.2/warc/{crawl}-00001.warc.gz"


def _is_below(url: str, prefix: str) -> bool:
    return url.partition("://www.")[2].startswith(prefix.removesuffix("*"))


@dataclass
class Run:
    """One run: what was asked for, and the result."""

    paths: list[str]
    result: RunResult
    problems: list[str]

    def of(self, host: str) -> list[str]:
        """The requests to a host."""
        return [path for path in self.paths if path.startswith(f"/{host}/")]


class _At:
    """A fetcher whose answers arrive at a given time."""

    def __init__(self, fetcher: Fetcher, now: datetime) -> None:
        self.origin = fetcher.origin
        self._fetcher = fetcher
        self._now = now

    def fetch(self, url: str, *, validators: Validators = UNCONDITIONAL) -> Response:
        return msgspec.structs.replace(self._fetcher.fetch(url, validators=validators), fetched_at=self._now)

    def close(self) -> None:
        self._fetcher.close()


class Searcher:
    """Runs that search the archives into one landing, without building a warehouse."""

    def __init__(self, server: MisbehavingServer, folder: Path) -> None:
        self._server = server
        self._folder = folder
        self.now = NOW

    def run(
        self,
        *,
        max_requests: int | None = None,
        seasons: tuple[int, ...] | None = None,
        series: tuple[str, ...] = SERIES,
    ) -> Run:
        """Search until everything is found, or the budget is spent."""
        del self._server.requests[:]
        hosts = SOURCE.host_rates
        fetcher = HttpFetcher(mirror=self._server.url, strict_hosts=hosts, max_requests=max_requests, attempts=2)
        with closing(fetcher), Landing(self._folder) as landing:
            job = Job(
                "ingest",
                Home(self._folder),
                sources=[SOURCE],
                asked=[(SOURCE, _At(fetcher, self.now))],
                selection=Selection(self.now.date(), seasons, series),
                keep=1,
            )
            extract(job, landing, lambda: self.now, accepted=frozenset())
        return Run(self._server.paths(), job.result, [str(problem) for problem in job.result.problems])

    def kept(self) -> dict[str, bytes]:
        """The copies that are kept, by the key of their document."""
        with Landing(self._folder, read_only=True) as landing:
            versions = landing.latest(SOURCE.source_id)
            return {each.key: landing.read(each) for each in versions if each.key.startswith("page/")}


@contextmanager
def searching(archives: Archives, folder: Path) -> Iterator[Searcher]:
    """Serve the archives for a searcher."""
    with misbehaving_server({}, otherwise=archives.response_to) as server:
        yield Searcher(server, folder)
