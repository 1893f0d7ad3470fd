"""Archived race pages through the whole job: published, explained with where they come from, and only when asked for."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.conftest import Ask, Nascar, ask_file
from tests.support import racing_reference_html as rr
from tests.support.commands import run_on
from tests.support.misbehaving import misbehaving_server
from tests.support.web_archives import Archives, copy, page_copy

pytestmark = pytest.mark.slow
"""Whole warehouses are built several times."""

CRAWL = "CC-MAIN-2021-21"
POCONO = (
    rr.old_page(series="NASCAR Winston Cup Series race number 13 of 31", margin_of_victory="3.688 sec")
    .replace("Dover Downs International Speedway, Dover, DE", "Pocono Raceway, Long Pond, PA")
    .replace("June 2, 1996", "June 16, 1996")
)
ARCHIVES = Archives(
    {
        CRAWL: [
            copy(rr.old_page(), "race/1996_Test_500/W"),
            # The same race under its other address, captured later.
            copy(rr.old_page(margin_of_victory="0.35 sec"), "race-results/1996-12/W", "20210601000000"),
        ]
    },
    [page_copy(POCONO, "race/1996_Other_500/W")],
)


@pytest.fixture(scope="module")
def archived(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The warehouse of archived pages, with the requests that it took; for reading only."""
    home = tmp_path_factory.mktemp("archived") / "home"
    with misbehaving_server({}, otherwise=ARCHIVES.response_to) as server:
        left = run_on(home, "ingest", "racing_reference_archive", "--mirror", server.url)
        assert (0, True) == (left.code, left.err.endswith("published\n")), left.err
        assert all(path.split("/")[1].endswith((".commoncrawl.org", "web.archive.org")) for path in server.paths())
    return home


@pytest.fixture
def explain(archived: Path) -> Ask:
    """What the archived pages say of the margin of a race, each value with its place."""
    return lambda race_id: ask_file(
        archived / "nascar.duckdb",
        "SELECT margin_seconds::VARCHAR, is_selected, source_url FROM core.margins WHERE basis = 'line'"
        f" AND race_id = '{race_id}' AND source_id = 'racing_reference_archive'",
    )


def test_a_margin_names_the_page_the_crawl_the_time_and_the_digest(explain: Ask, archived: Path) -> None:
    digest = ARCHIVES.crawls[CRAWL][1].digest
    where = (
        "https://www.racing-reference.info/race-results/1996-12/W"
        f"#archive={CRAWL}&captured_at=2021-06-01T00:00:00Z&digest=sha1:{digest}"
    )
    assert [("0.3500", True, where)] == explain("cup-1996-12")
    left = run_on(archived, "why", "cup-1996-12", "margin", "--format", "json")
    [row] = [row for row in json.loads(left.out) if row["source_id"] == "racing_reference_archive"]
    assert where == row["citation_url"]
    assert row["url"].startswith(f"https://data.commoncrawl.org/crawl-data/{CRAWL}/")


def test_a_margin_of_the_wayback_machine_names_it_too(explain: Ask) -> None:
    [(seconds, _, where)] = explain("cup-1996-13")
    assert "3.6880" == seconds
    assert "#archive=wayback&captured_at=2015-05-12T03:04:05Z&digest=sha1:" in where


def test_of_two_copies_of_a_race_one_has_its_results(archived: Path) -> None:
    counted = ask_file(
        archived / "nascar.duckdb",
        "SELECT race_id, count(*) FROM core.results WHERE source_id = 'racing_reference_archive' GROUP BY ALL ORDER BY ALL",
    )
    assert [("cup-1996-12", 2), ("cup-1996-13", 2)] == counted


def test_the_archives_are_asked_only_where_they_are_named(nascar: Nascar) -> None:
    with misbehaving_server({}, otherwise=ARCHIVES.response_to) as server:
        nascar("ingest", "--mirror", server.url, "--season", 2021)
        assert [] == [path for path in server.paths() if "commoncrawl" in path or "archive.org" in path]


@pytest.mark.slow
def test_the_requests_of_a_run_are_what_its_plan_says(home: Path) -> None:
    def ingest(*arguments: str) -> str:
        left = run_on(home, "ingest", "racing_reference_archive", "--mirror", server.url, *arguments)
        assert 0 == left.code, left.err
        return left.out

    def planned() -> list[str]:
        rows = json.loads(ingest("--dry-run", "--format", "json") or "[]")
        return sorted(str(row["url"]).partition("#")[0].removeprefix("https:/") for row in rows)

    archives = Archives({CRAWL: [copy(rr.old_page(), f"race/{season}_Test_500/W") for season in range(1990, 1996)]})
    with misbehaving_server({}, otherwise=archives.response_to) as server:
        assert ["/index.commoncrawl.org/collinfo.json"] == planned()
        assert [] == server.requests
        ingest("--max-requests", "6")  # the list of crawls and the whole index of the crawl
        plan = planned()
        assert 7 == len([path for path in plan if "data.commoncrawl.org" in path]) + 1
        del server.requests[:]
        ingest("--max-requests", str(len(plan)))
        made = sorted(server.paths())
        assert [path for path in plan if "wayback" not in path] == made
