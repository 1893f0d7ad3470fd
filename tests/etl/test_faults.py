"""Each fault of a server, for each kind of document, asked directly and through a mirror: reported, never published."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import httpx
import pytest
import stamina

from nascar_warehouse.etl.catalog import run_job
from nascar_warehouse.etl.documents import Fetcher, Selection
from nascar_warehouse.etl.extract.fetch import HttpFetcher
from nascar_warehouse.etl.extract.mirror import FolderMirror
from nascar_warehouse.etl.outcome import DocumentProblem, RunResult
from nascar_warehouse.etl.sources.nascar_feed import NascarFeed
from nascar_warehouse.warehouse.storage.home import Home
from tests.conftest import ask_file
from tests.support.feed import FeedFolder, Payload, index, laps, season, weekend
from tests.support.homes import copy_home
from tests.support.misbehaving import (
    Canned,
    Detour,
    MisbehavingServer,
    Route,
    as_json,
    canned,
    challenge_page,
    gzip_bomb,
    misbehaving_server,
    redirect_to,
)

pytestmark = pytest.mark.slow
"""Whole warehouses are built several times."""

YEAR = 2021
KEYS = {
    "index": f"{YEAR}/race_list_basic",
    "weekend": f"{YEAR}/1/9001/weekend-feed",
    "laps": f"{YEAR}/1/9001/lap-times",
}
WANTED = Selection(date(YEAR, 12, 31), seasons=(YEAR,), series=("cup",), extras=frozenset({"laps"}))
ATTEMPTS = 2
BODY_LIMIT_BYTES = 1_000_000


def path_of(kind: str) -> str:
    return f"/cf.nascar.com/cacher/{KEYS[kind]}.json"


def good(kind: str, race_id: int = 9001, year: int = YEAR) -> Payload:
    """The document of this kind, or the one of another race or season."""
    [listed] = season(race_id - 9000, year)[-1:]
    if kind == "index":
        return index(listed)
    if kind == "laps":
        return laps({"11": "Ann Winner", "12": "Bob Second", "13": "Cy Third"})
    feed = weekend(**{name: listed[name] for name in ("race_id", "race_season", "race_name", "race_date")})
    for name in ("results", "caution_segments", "race_leaders"):
        for row in feed["weekend_race"][0][name]:
            row |= {key: value for key, value in {"race_id": race_id, "race_season": year}.items() if key in row}
    return feed


def body(kind: str) -> bytes:
    return json.dumps(good(kind)).encode()


@dataclass(frozen=True)
class Fault:
    """What a server answers, the exit code of the run, and words of its message."""

    reply: Callable[[str], Canned]
    code: int
    said: str
    settings: dict[str, Any] = field(default_factory=dict)
    is_missing_season: bool = False
    """A named season must be there; a weekend or lap times may be published later."""

    def of(self, kind: str) -> tuple[int, str]:
        return (0, "") if self.is_missing_season and kind != "index" else (self.code, self.said)


FAULTS: dict[str, Fault] = {
    "silence": Fault(
        lambda _: canned(b"{}", delay_seconds=30), 3, "ReadTimeout", {"timeouts": httpx.Timeout(5, read=0.3)}
    ),
    "a reset before the body": Fault(lambda kind: canned(body(kind), cut_after=0, is_reset=True), 3, "ReadError"),
    "a reset in the middle": Fault(lambda kind: canned(body(kind), cut_after=100, is_reset=True), 3, "ReadError"),
    "a closed connection": Fault(
        lambda kind: canned(body(kind), cut_after=100), 3, "RemoteProtocolError: peer closed connection"
    ),
    "a Content-Length too large": Fault(
        lambda kind: canned(body(kind), declared_bytes=10**6), 3, "RemoteProtocolError: peer closed connection"
    ),
    "a Content-Length too small": Fault(
        lambda kind: canned(body(kind), declared_bytes=100), 4, "is not whole JSON: Input data was truncated"
    ),
    "a truncated body": Fault(lambda kind: canned(body(kind)[:-1]), 4, "is not whole JSON: Input data was truncated"),
    "a body that goes on": Fault(lambda kind: canned(body(kind) + b"{}"), 4, "is not whole JSON: JSON is malformed"),
    "gzip cut off": Fault(
        lambda _: canned(b"\x1f\x8b\x08", headers={"Content-Encoding": "gzip"}), 3, "the gzip stream is cut off"
    ),
    "gzip that is none": Fault(
        lambda _: canned(b"{}", headers={"Content-Encoding": "gzip"}), 3, "incorrect header check"
    ),
    "a gzip bomb": Fault(lambda _: gzip_bomb(2), 4, "larger than 1,000,000 bytes when decompressed"),
    "an encoding not asked for": Fault(
        lambda _: canned(b"{}", headers={"Content-Encoding": "br"}), 4, "is encoded as br, which was not asked for"
    ),
    "204": Fault(lambda _: canned(status=204), 4, "unexpected HTTP status 204"),
    "206": Fault(lambda _: canned(b"{}", status=206), 4, "unexpected HTTP status 206"),
    "304 to no condition": Fault(lambda _: canned(status=304), 4, "unexpected HTTP status 304"),
    "401": Fault(lambda _: canned(status=401), 3, "refused (HTTP 401)"),
    "403": Fault(lambda _: canned(status=403), 3, ": refused (HTTP 403)"),
    "404": Fault(lambda _: canned(status=404), 3, "is missing (HTTP 404)", is_missing_season=True),
    "410": Fault(lambda _: canned(status=410), 3, "is missing (HTTP 410)", is_missing_season=True),
    "403 with a pause": Fault(
        lambda _: canned(status=403, headers={"Retry-After": "1"}), 3, "failed after 2 attempts: HTTP 403"
    ),
    "429": Fault(lambda _: canned(status=429), 3, "failed after 2 attempts: HTTP 429"),
    "429 for a day": Fault(
        lambda _: canned(status=429, headers={"Retry-After": "86400"}), 3, "failed after 1 attempt: HTTP 429"
    ),
    "500": Fault(lambda _: canned(status=500), 3, "failed after 2 attempts: HTTP 500"),
    "502": Fault(lambda _: canned(status=502), 3, "failed after 2 attempts: HTTP 502"),
    "503": Fault(lambda _: canned(status=503), 3, "failed after 2 attempts: HTTP 503"),
    "another host": Fault(lambda _: redirect_to("http://localhost:9/elsewhere.json"), 4, "redirects elsewhere"),
    "a redirect in a circle": Fault(lambda _: redirect_to("?again"), 3, "redirects more than 3 times"),
    "a redirect to nowhere": Fault(lambda _: canned(status=302), 4, "unexpected HTTP status 302"),
    "a page for people": Fault(lambda _: challenge_page(), 3, ": refused (HTTP 200, a challenge page)"),
    "nothing": Fault(lambda _: canned(b""), 4, "with nothing where JSON is expected"),
    "null": Fault(lambda _: canned(b"null"), 4, ""),
    "a text": Fault(lambda _: as_json("see you later"), 4, "text where a JSON object or list is expected"),
    "a list": Fault(lambda _: as_json([]), 4, "Expected `object`, got `array`"),
    "an empty object": Fault(lambda _: as_json({}), 4, "Object missing required field"),
}

OTHERS = {
    "index": (good("index", year=YEAR + 1), f"the index of {YEAR} answers with races of {YEAR + 1}"),
    "weekend": (good("weekend", race_id=9002), f"this is race {YEAR}/1/9002 at `$.weekend_race[0]`"),
}


@pytest.fixture(autouse=True)
def _no_pauses() -> Iterator[None]:
    with stamina.set_testing(True, attempts=ATTEMPTS, cap=True):
        yield


@pytest.fixture(scope="session")
def home_with_laps(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with one race, its results and its laps; to be copied, not used."""
    folder = tmp_path_factory.mktemp("with-laps")
    feed = FeedFolder(folder / "mirror")
    for kind, key in KEYS.items():
        feed.put(f"{key}.json", good(kind))
    assert 0 == ingest(folder / "home", FolderMirror(str(feed))).exit_code
    return folder / "home"


@pytest.fixture
def copied(home: Path, home_with_laps: Path) -> Path:
    """A copy of that home."""

    return copy_home(home_with_laps, home)


def ingest(home: Path, fetcher: Fetcher) -> RunResult:
    with closing(fetcher):
        return run_job(Home(home), "ingest", asked=[(NascarFeed(), fetcher)], selection=WANTED)


def open_publisher(server: MisbehavingServer, **settings: Any) -> HttpFetcher:
    return HttpFetcher(transport=Detour(server), rate_per_second=1000, **settings)


def open_mirror(server: MisbehavingServer, **settings: Any) -> HttpFetcher:
    return HttpFetcher(mirror=server.url, **settings)


def ask_faulty(
    home: Path, kind: str, reply: Canned, opener: Callable[..., HttpFetcher], settings: dict[str, Any]
) -> RunResult:
    """Ingest the season from a server on which one document has a fault."""
    routes: dict[str, Route] = {path_of(name): [as_json(good(name))] for name in KEYS}
    routes[path_of(kind)] = [reply]
    with misbehaving_server(routes) as server:
        fetcher = opener(server, attempts=ATTEMPTS, body_limit_bytes=BODY_LIMIT_BYTES, **settings)
        return ingest(home, fetcher)


def reported(problems: list[DocumentProblem]) -> list[tuple[str, bool, bool]]:
    """Return for each problem its document, whether it has the address, and whether it has advice."""
    return [
        (
            problem.document,
            f"https://cf.nascar.com/cacher/{problem.document.split()[1]}.json" in str(problem),
            problem.advice != "",
        )
        for problem in problems
    ]


def fingerprint(home: Path) -> str:
    return hashlib.sha256((home / "nascar.duckdb").read_bytes()).hexdigest()


def test_a_season_without_a_fault_and_without_news_changes_nothing(copied: Path) -> None:
    before = fingerprint(copied)
    outcome = ask_faulty(copied, "laps", as_json(good("laps")), open_publisher, {})
    assert (0, [], 3, before) == (outcome.exit_code, outcome.problems, outcome.documents_checked, fingerprint(copied))
    assert [(12,)] == ask_file(
        copied / "nascar.duckdb", f"SELECT count(*) FROM core.laps WHERE race_id = 'cup-{YEAR}-01'"
    )


# Each fault once in the fast lane, and in every other way in the slow one.
WAYS = [
    pytest.param(
        kind, opener, id=f"{kind}-{name}", marks=[] if (kind, name) == ("index", "publisher") else pytest.mark.slow
    )
    for kind in KEYS
    for name, opener in (("publisher", open_publisher), ("mirror", open_mirror))
]


@pytest.mark.parametrize(("kind", "opener"), WAYS)
@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_reported_and_not_published(
    copied: Path, name: str, kind: str, opener: Callable[..., HttpFetcher]
) -> None:
    before = fingerprint(copied)
    fault = FAULTS[name]
    code, said = fault.of(kind)
    outcome = ask_faulty(copied, kind, fault.reply(kind), opener, fault.settings)
    assert (code, before) == (outcome.exit_code, fingerprint(copied))
    first, rest = outcome.problems[:1], outcome.problems[1:]
    assert ([(f"nascar_feed {KEYS[kind]}", True, True)] if code else []) == reported(first)
    assert said in "".join(map(str, first))
    # What follows from the fault, for a source that has nothing at all.
    assert all("none of the 1 documents of nascar_feed" in problem.problem for problem in rest)


@pytest.mark.parametrize("opener", [open_publisher, open_mirror], ids=["publisher", "mirror"])
@pytest.mark.parametrize("kind", OTHERS)
def test_a_document_of_another_race_or_season_is_named_and_not_published(
    copied: Path, kind: str, opener: Callable[..., HttpFetcher]
) -> None:
    before = fingerprint(copied)
    content, said = OTHERS[kind]
    outcome = ask_faulty(copied, kind, as_json(content), opener, {})
    assert (4, before) == (outcome.exit_code, fingerprint(copied))
    assert [(f"nascar_feed {KEYS[kind]}", True, True)] == reported(outcome.problems)
    assert said in str(outcome.problems[0])


def test_lap_times_of_another_race_are_kept_out_and_listed(copied: Path) -> None:
    others = laps({"21": "Di Fourth", "12": "Ed Fifth", "23": "Fay Sixth"})
    outcome = ask_faulty(copied, "laps", as_json(others), open_publisher, {})
    assert (0, [(0,)], [(1,)]) == (
        outcome.exit_code,
        ask_file(copied / "nascar.duckdb", "SELECT count(*) FROM core.laps"),
        ask_file(
            copied / "nascar.duckdb",
            "SELECT failing_rows FROM ops.check_results WHERE check_name = 'laps_are_of_their_race'",
        ),
    )
