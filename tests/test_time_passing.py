"""A publisher asked again and again as time passes: corrections arrive, and nobody is asked for more than is due."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from email.utils import format_datetime
from pathlib import Path

import pytest
from conftest import ask_file
from feed import FeedFolder, season, weekend
from misbehaving import Canned, Detour, MisbehavingServer, Request, canned, misbehaving_server

from etl.assemble import FEEDS, run_job
from etl.fetch import HttpFetcher
from etl.gather import Gathering
from etl.landing import Landing
from etl.outcome import Outcome
from etl.progress import Silence
from etl.reply import UNCONDITIONAL, Fetcher, Reply, Validators
from etl.source import Selection
from warehouse.store import Home

FEED = FEEDS[0]
ROBOTS = "/cf.nascar.com/robots.txt"


class Clock:
    """The time that it is for the job, and for the replies of a fetcher."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = datetime(2020, 1, 1, tzinfo=UTC)
        monkeypatch.setattr("etl.job._now", lambda: self.now)

    @property
    def selection(self) -> Selection:
        return Selection(self.now.date())


class Timed:
    """A fetcher whose replies come at the time of a clock."""

    def __init__(self, fetcher: Fetcher, clock: Clock) -> None:
        self.origin = fetcher.origin
        self._fetcher = fetcher
        self._clock = clock

    def fetch(self, url: str, *, validators: Validators = UNCONDITIONAL) -> Reply:
        return replace(self._fetcher.fetch(url, validators=validators), fetched_at=self._clock.now)

    def close(self) -> None:
        self._fetcher.close()


@dataclass
class Archive:
    """A publisher that has the files of some folders, of the last of them first, and answers 403 for all others."""

    folders: list[Path] = field(default_factory=list)

    def reply_to(self, request: Request) -> Canned:
        for folder in reversed(self.folders):
            file = folder / request.path[1:]
            if file.is_file():
                return self._document(file, request)
        return canned(status=403)

    def _document(self, file: Path, request: Request) -> Canned:
        body = file.read_bytes()
        etag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
        changed = format_datetime(datetime.fromtimestamp(file.stat().st_mtime, UTC), usegmt=True)
        headers = {"ETag": etag, "Last-Modified": changed}
        if request.headers.get("if-none-match") == etag:
            return canned(status=304, headers=headers)
        return canned(body, headers=headers)


@dataclass
class Run:
    """One run: what was planned before it, what was asked, and what came of it."""

    planned: list[str]
    asked: list[str]
    conditional: list[str]
    outcome: Outcome
    planned_after: list[str]


class Publisher:
    """A home and the publisher that it asks, over HTTP and under the publisher's own address."""

    def __init__(self, server: MisbehavingServer, archive: Archive, home: Path, clock: Clock) -> None:
        self._server = server
        self._archive = archive
        self._clock = clock
        self._home = Home(home)

    def run(self, day: str, *folders: Path) -> Run:
        """Ingest everything on a day, on which these folders have been added to what the publisher has."""
        self._archive.folders += folders
        self._clock.now = datetime.fromisoformat(day).replace(tzinfo=UTC)
        planned = self.plan()
        del self._server.requests[:]
        with closing(self._open()) as fetcher:
            outcome = run_job(self._home, "ingest", asked=[(FEED, fetcher)], selection=self._clock.selection)
        requests = [request for request in self._server.requests if request.path != ROBOTS]
        return Run(
            planned,
            [_key(request.path) for request in requests],
            [_key(request.path) for request in requests if "if-none-match" in request.headers],
            outcome,
            self.plan(),
        )

    def plan(self) -> list[str]:
        """What a dry run shows, on the day that it is."""
        with Landing(self._home.landing) as landing, closing(self._open()) as fetcher:
            gathering = Gathering(FEED, fetcher, landing, self._clock.selection, lambda: self._clock.now, Silence())
            return [due.document.key for due in [*gathering.due_roots(), *gathering.due_branches()]]

    def _open(self) -> Fetcher:
        return Timed(HttpFetcher(transport=Detour(self._server), rate_per_second=100_000, attempts=1), self._clock)


@contextmanager
def opened_publisher(home: Path, clock: Clock) -> Iterator[Publisher]:
    archive = Archive()
    with misbehaving_server({}, otherwise=archive.reply_to) as server:
        yield Publisher(server, archive, home, clock)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch)


@pytest.fixture
def publisher(home: Path, clock: Clock) -> Iterator[Publisher]:
    with opened_publisher(home, clock) as opened:
        yield opened


def _key(path: str) -> str:
    return path.removeprefix("/cf.nascar.com/cacher/").removesuffix(".json")


def indexes(first: int, last: int) -> list[str]:
    return [f"{year}/race_list_basic" for year in range(first, last + 1)]


# --- the captured responses


@dataclass
class Years:
    """Runs on the days of the captures and one more, and the warehouse after them."""

    runs: list[Run]
    warehouse: Path
    identities: list[str]


@pytest.fixture(scope="session")
def years(captures: Path, tmp_path_factory: pytest.TempPathFactory) -> Years:
    folder = tmp_path_factory.mktemp("years")
    with pytest.MonkeyPatch.context() as patch, opened_publisher(folder, Clock(patch)) as publisher:
        runs, identities = [], []
        for day in ("2020-06-11", "2022-11-23", "2025-11-19"):
            runs.append(publisher.run(day, captures / day))
            identities.append(Home(folder).published_identity())
        runs.append(publisher.run("2025-11-19T06:00"))
        identities.append(Home(folder).published_identity())
    return Years(runs, folder / "nascar.duckdb", identities)


def test_the_captures_come_over_the_years(years: Years) -> None:
    assert [0, 0, 0, 0] == [run.outcome.exit_code for run in years.runs]
    assert len({*years.identities}) == 3


@pytest.mark.parametrize("turn", range(4))
def test_nothing_is_asked_for_twice_in_a_run(years: Years, turn: int) -> None:
    assert [] == [key for key, count in Counter(years.runs[turn].asked).items() if count > 1]


@pytest.mark.parametrize("turn", range(4))
def test_what_is_asked_is_what_was_planned_and_what_a_new_index_led_to(years: Years, turn: int) -> None:
    run = years.runs[turn]
    assert [] == sorted(set(run.planned) - set(run.asked))
    assert {"weekend-feed"} >= {key.rsplit("/", 1)[1] for key in set(run.asked) - set(run.planned)}


@pytest.mark.parametrize("turn", range(4))
def test_what_is_held_is_asked_for_under_a_condition(years: Years, turn: int) -> None:
    run = years.runs[turn]
    held = {
        key
        for (key,) in ask_file(
            years.warehouse,
            "SELECT document_key FROM ops.documents WHERE source_id = 'nascar_feed'"
            f" AND fetched_at < TIMESTAMP '{('2020-06-11', '2022-11-23', '2025-11-19', '2025-11-19 06:00')[turn]}'",
        )
    }
    assert sorted(held & set(run.asked)) == sorted(run.conditional)


def test_after_a_run_only_the_index_of_the_running_season_is_due(years: Years) -> None:
    assert [[f"{year}/race_list_basic"] for year in (2020, 2022, 2025, 2025)] == [
        run.planned_after for run in years.runs
    ]


def test_a_run_with_nothing_new_makes_one_request_under_a_condition(years: Years) -> None:
    run = years.runs[3]
    live = ["2025/race_list_basic"]
    assert (live, live, live) == (run.planned, run.asked, run.conditional)
    assert (0, False) == (run.outcome.documents_new, run.outcome.is_published)


@pytest.mark.parametrize(
    ("race_key", "column", "expected"),
    [
        # An index of a season long over, repaired twice.
        (
            "4704",
            "race_name",
            [("Overton’s 400 ", "Overton’s 400", True), ("Overton’s 400", "Overton's 400", True)],  # noqa: RUF001
        ),
        ("5172", "winner_driver_id", [("4030", None, True)]),
        # These had only been announced.
        ("4886", "margin_of_victory", [("", ".761", False)]),
        ("5183", "margin_of_victory", [(None, "0.301", False)]),
    ],
)
def test_what_the_publisher_corrects_arrives(
    years: Years, race_key: str, column: str, expected: list[tuple[str | None, str | None, bool]]
) -> None:
    assert expected == ask_file(
        years.warehouse,
        "SELECT old_value, new_value, is_correction FROM ops.changes WHERE table_name = 'nascar_feed_races'"
        f" AND row_key = '{race_key}' AND column_name = '{column}' ORDER BY seen_at",
    )


def test_a_correction_is_dated_with_the_day_on_which_it_came(years: Years) -> None:
    assert [("2022-11-23",), ("2025-11-19",)] == ask_file(
        years.warehouse,
        "SELECT DISTINCT seen_at::DATE::VARCHAR FROM ops.changes WHERE table_name = 'nascar_feed_races' ORDER BY 1",
    )


# --- a season made by hand


RACES = 12


@pytest.fixture
def site(tmp_path: Path) -> FeedFolder:
    """A publisher's folder with a season of races that were run early in 2021."""
    feed = FeedFolder(tmp_path / "site")
    races = season(RACES, 2021)
    feed.put_index(*races, year=2021)
    for listed in races:
        put_weekend(feed, int(listed["race_id"]), str(listed["race_date"]))
    return feed


def put_weekend(feed: FeedFolder, race_id: int, race_date: str, margin: str = "0.100") -> None:
    content = weekend(race_id=race_id, race_season=2021, race_date=race_date, margin_of_victory=margin)
    for name in ("results", "caution_segments", "race_leaders"):
        for row in content["weekend_race"][0][name]:
            row |= {key: value for key, value in {"race_id": race_id, "race_season": 2021}.items() if key in row}
    feed.put_weekend(content, year=2021)


def weekends(*numbers: int) -> list[str]:
    return [f"2021/1/{9000 + number}/weekend-feed" for number in numbers]


def test_a_season_that_ended_is_asked_about_once_a_month(publisher: Publisher, site: FeedFolder) -> None:
    publisher.run("2021-12-01", site.root)
    days = ("2022-02-01", "2022-02-02", "2022-03-02", "2022-03-03", "2022-03-04")
    asked = [publisher.run(day).asked for day in days]
    assert [1, 0, 0, 1, 0] == [keys.count("2021/race_list_basic") for keys in asked]


def test_a_late_correction_in_an_old_index_leads_to_its_weekend(
    publisher: Publisher, site: FeedFolder, home: Path
) -> None:
    publisher.run("2023-01-01", site.root)
    races = season(RACES, 2021)
    races[3]["margin_of_victory"] = "0.250"
    site.put_index(*races, year=2021)
    put_weekend(site, 9004, str(races[3]["race_date"]), "0.250")
    run = publisher.run("2023-06-01")
    assert ["2021/race_list_basic", *weekends(4)] == [key for key in run.asked if key.startswith("2021/")]
    assert [("0.250",)] == ask_file(
        home / "nascar.duckdb",
        "SELECT margin_text FROM core.race_margins WHERE race_id = 'cup-2021-04' AND basis = 'line'",
    )


@pytest.mark.parametrize("stop", [KeyboardInterrupt, MemoryError], ids=["Ctrl-C", "a crash"])
def test_a_backfill_that_was_interrupted_goes_on_where_it_was(
    publisher: Publisher, site: FeedFolder, monkeypatch: pytest.MonkeyPatch, stop: type[BaseException]
) -> None:
    fetch = Timed.fetch

    def stop_at_the_sixth(self: Timed, url: str, *, validators: Validators = UNCONDITIONAL) -> Reply:
        if url.endswith("9006/weekend-feed.json"):
            raise stop
        return fetch(self, url, validators=validators)

    with monkeypatch.context() as patch:
        patch.setattr(Timed, "fetch", stop_at_the_sixth)
        with pytest.raises(stop):
            publisher.run("2021-12-01", site.root)
    run = publisher.run("2021-12-01T01:00")
    assert ["2021/race_list_basic", *weekends(*range(6, RACES + 1))] == run.asked
    assert (0, True, ["2021/race_list_basic"]) == (run.outcome.exit_code, run.outcome.is_published, run.conditional)


def test_an_index_that_was_absent_is_asked_for_again(publisher: Publisher, site: FeedFolder) -> None:
    first = publisher.run("2021-12-01")
    assert indexes(2015, 2021) == first.asked
    assert "2021/race_list_basic" in publisher.run("2021-12-01T01:00", site.root).asked
