"""Wikipedia is asked for articles as it wants: slowly, in parts, and for nothing twice within a year."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from nascar_warehouse.etl.documents import Document, Response, Selection, Version
from nascar_warehouse.etl.extract.extractor import Extractor
from nascar_warehouse.etl.extract.fetch import HttpFetcher
from nascar_warehouse.etl.outcome import NoProgress, RunResult
from nascar_warehouse.etl.sources.wikipedia_races import SOURCE
from nascar_warehouse.etl.storage.landing import Landing
from tests.support import wikipedia_articles as wiki
from tests.support.misbehaving import Canned, Detour, MisbehavingServer, Request, canned, misbehaving_server
from tests.support.publisher import Clock, Timed

ROBOTS = "/en.wikipedia.org/robots.txt"
SEASON = "2003_NASCAR_Winston_Cup_Series"
RACES = ["2003_Aaron's_499", "2003_Carolina_Dodge_Dealers_400", "2003_Tropicana_400", "2003_Unwritten_300"]
START = datetime(2025, 1, 10, tzinfo=UTC)


@dataclass
class Wikipedia:
    """The site, and a home that asks it for the races of 2003: one article has no figures and one does not exist."""

    server: MisbehavingServer
    folder: Path
    clock: Clock
    answers: dict[str, Canned] = field(default_factory=dict)
    is_refusing: bool = False
    seconds_a_request: int = 0
    planned: list[str] = field(default_factory=list)

    def response_to(self, request: Request) -> Canned:
        self.clock.now += timedelta(seconds=self.seconds_a_request)
        if request.path == ROBOTS:
            return canned("User-agent: *\nDisallow: /w/\nDisallow: /api/\n")
        if self.is_refusing:
            return canned("Please respect our robot policy", status=403)
        page = request.path.removeprefix("/en.wikipedia.org/wiki/")
        answer = self.answers.get(page, Canned(404))
        if answer.status == 200 and request.headers.get("if-none-match") == answer.headers.get("ETag"):
            return canned(status=304)
        return answer

    def run(self, max_requests: int | None = None, *, is_named: bool = True) -> tuple[list[str], RunResult]:
        """Ask for what is due; returns the pages that were asked for, and the result."""
        del self.server.requests[:]
        selection = Selection(self.clock.now.date(), (2003,) if is_named else None)
        fetcher = HttpFetcher(
            transport=Detour(self.server), rate_per_second=100_000, attempts=1, max_requests=max_requests
        )
        with Landing(self.folder) as landing, closing(fetcher):
            extractor = Extractor(
                SOURCE, Timed(fetcher, self.clock), landing, selection, lambda: self.clock.now, NoProgress()
            )
            planned = extractor.due_index_documents()
            extractor.fetch_documents(planned)
            details = extractor.due_detail_documents()
            extractor.fetch_documents(details)
        self.planned = [due.document.url.rsplit("/", 1)[1] for due in [*planned, *details]]
        paths = [path for path in self.server.paths() if path != ROBOTS]
        return [path.removeprefix("/en.wikipedia.org/wiki/") for path in paths], extractor.result


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Wikipedia]:
    clock = Clock(monkeypatch)
    clock.now = START
    with misbehaving_server({}) as server:
        wikipedia = Wikipedia(server, tmp_path / "landing", clock)
        server.otherwise = wikipedia.response_to
        wikipedia.answers = {
            SEASON: found(wiki.season_article(*[page.replace("_", " ") for page in RACES])),
            RACES[0]: found(wiki.race_article(wiki.box(), title="2003 Aaron's 499")),
            RACES[1]: found(wiki.race_article()),
            RACES[2]: found(wiki.race_article(wiki.box(wiki.SPEED), title="2003 Tropicana 400")),
        }
        yield wikipedia


def found(body: bytes) -> Canned:
    return canned(body, headers={"ETag": f'"{hash(body):x}"', "Content-Type": "text/html; charset=UTF-8"})


def test_the_season_and_then_its_races_are_asked_for_as_planned(site: Wikipedia) -> None:
    asked, result = site.run()
    assert [SEASON, *RACES] == asked == site.planned
    assert (5, 4, 1, []) == (
        result.documents_checked,
        result.documents_new,
        result.documents_absent,
        list(result.problems),
    )


def test_a_run_that_reaches_its_budget_is_continued_and_nothing_is_asked_for_twice(site: Wikipedia) -> None:
    # robots.txt is the first request of each run.
    runs = [site.run(3)[0] for _ in range(4)]
    assert [[SEASON, RACES[0]], RACES[1:3], RACES[3:], []] == runs


def test_a_run_that_is_killed_is_continued_where_it_was(site: Wikipedia, monkeypatch: pytest.MonkeyPatch) -> None:
    class Killed(BaseException):
        pass

    def die(*_: object) -> None:
        raise Killed

    site.answers[RACES[2]] = canned(b"x", cut_after=0, declared_bytes=9)
    monkeypatch.setattr("nascar_warehouse.etl.extract.problems.Problems.fail", die)
    with pytest.raises(Killed):
        site.run()
    monkeypatch.undo()
    site.answers[RACES[2]] = found(wiki.race_article(title="2003 Tropicana 400"))
    assert RACES[2:] == site.run()[0]


def test_what_arrived_is_kept_every_few_seconds(site: Wikipedia, monkeypatch: pytest.MonkeyPatch) -> None:
    kept: list[int] = []
    put = Landing.put

    def record(landing: Landing, answers: Sequence[tuple[Document, Response]], origin: str) -> list[Version]:
        kept.append(len(answers))
        return put(landing, answers, origin)

    monkeypatch.setattr(Landing, "put", record)
    site.seconds_a_request = 3
    site.run()
    assert [1, 2, 2] == kept


@pytest.mark.parametrize("is_named", [True, False])
def test_an_answer_stands_for_a_year_also_that_there_is_nothing(site: Wikipedia, *, is_named: bool) -> None:
    site.run()
    asked = {}
    for days in (1, 29, 30, 364, 365, 366):
        site.clock.now = START + timedelta(days=days)
        asked[days] = [page for page in site.run(is_named=is_named)[0] if page.startswith("2003")]
    assert {1: [], 29: [], 30: [SEASON], 364: [SEASON], 365: RACES, 366: []} == asked


def test_what_is_asked_for_again_is_asked_for_conditionally(site: Wikipedia) -> None:
    site.run()
    site.clock.now = START + timedelta(days=400)
    asked, result = site.run()
    assert ([SEASON, *RACES], 0) == (asked, result.documents_new)


def test_a_site_that_refuses_is_not_asked_on_and_the_next_run_asks_again(site: Wikipedia) -> None:
    site.is_refusing = True
    asked, result = site.run()
    # Two articles that should be there are asked for, to learn whether it refuses everything.
    assert [SEASON, "2024_NASCAR_Cup_Series", "2023_NASCAR_Cup_Series"] == asked
    [problem] = result.problems
    assert (3, True) == (problem.exit_code, "refused (HTTP 403)" in problem.problem)
    assert "NASCAR_CONTACT" in problem.advice
    site.is_refusing = False
    assert [SEASON, *RACES] == site.run()[0]


def test_a_site_that_begins_to_refuse_is_not_asked_on(site: Wikipedia) -> None:
    site.run(2)
    site.is_refusing = True
    asked, result = site.run()
    assert [RACES[0], SEASON] == asked
    [problem] = result.problems
    assert "3 other documents were not asked for, the host en.wikipedia.org is not asked again" in problem.problem
    site.is_refusing = False
    assert [SEASON, *RACES] == site.run()[0]


@pytest.mark.parametrize("status", [429, 503])
def test_a_site_that_wants_a_long_pause_is_not_asked_on(site: Wikipedia, status: int) -> None:
    good = dict(site.answers)
    site.answers[RACES[1]] = canned(status=status, headers={"Retry-After": "3600"})
    asked, result = site.run()
    assert [SEASON, *RACES[:2]] == asked
    [problem] = result.problems
    assert (3, True) == (problem.exit_code, f"HTTP {status}" in problem.problem)
    assert "run the same command again after" in problem.advice
    site.answers = good
    assert RACES[1:] == site.run()[0]


@pytest.mark.parametrize("status", [429, 503])
def test_an_article_that_fails_is_asked_for_again_in_the_next_run(site: Wikipedia, status: int) -> None:
    good = dict(site.answers)
    site.answers[RACES[1]] = canned(status=status)
    asked, result = site.run()
    assert [SEASON, *RACES] == asked
    assert [3] == [problem.exit_code for problem in result.problems]
    site.answers = good
    assert [RACES[1]] == site.run()[0]


def test_a_season_without_an_article_leads_nowhere(site: Wikipedia) -> None:
    del site.answers[SEASON]
    assert [SEASON] == site.run()[0]
    assert [] == site.run()[0]


def test_the_site_wants_one_request_a_second() -> None:
    assert {"en.wikipedia.org": 1.0} == dict(SOURCE.host_rates)
