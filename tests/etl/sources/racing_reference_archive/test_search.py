"""The search of public archives: what is asked for, in which order, and what is kept."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from nascar_warehouse.etl.documents import SERIES
from nascar_warehouse.etl.sources.racing_reference_captures import copy_of
from tests.support import racing_reference_html as rr
from tests.support.misbehaving import Canned, canned, redirect_to
from tests.support.web_archives import Archives, Kept, copy, page_copy, searching

NEW, OLD = "CC-MAIN-2021-21", "CC-MAIN-2016-07"
GOODYEAR = "race-results/2021_Goodyear_400/W"
OLD_PAGE = rr.old_page()


def of_season(season: int, letter: str = "W") -> Kept:
    return copy(OLD_PAGE, f"race/{season}_Test_500/{letter}")


def pages(kept: dict[str, bytes]) -> list[str]:
    """The race, the archive and the time of each copy that is kept."""
    found = [copy_of(key) for key in kept]
    return sorted(f"{each.page} {each.archive} {each.timestamp}" for each in found if each)


def test_one_copy_of_each_race_is_fetched_the_newest_of_the_newest_crawl(tmp_path: Path) -> None:
    archives = Archives(
        {
            NEW: [copy(rr.page(), GOODYEAR, "20210513000000"), copy(rr.page(), GOODYEAR, "20210601000000")],
            OLD: [
                copy(rr.page(), GOODYEAR, "20160101000000"),
                copy(OLD_PAGE, "race/1996_Test_500/W", "20160102000000"),
            ],
        },
        [page_copy(OLD_PAGE, "race/1996_Test_500/W"), page_copy(OLD_PAGE, "race/1997_Test_500/W")],
    )
    with searching(archives, tmp_path) as searcher:
        run = searcher.run()
        assert [
            f"1996_test_500/w {OLD} 20160102000000",
            "1997_test_500/w wayback 20150512030405",
            f"2021_goodyear_400/w {NEW} 20210601000000",
        ] == pages(searcher.kept())
    assert ([], []) == (run.problems, run.result.warnings)
    assert 2 == len(run.of("data.commoncrawl.org"))
    assert [] == run.of("www.racing-reference.info")


def test_the_requests_are_the_list_of_crawls_the_pages_of_each_index_and_one_part_a_race(tmp_path: Path) -> None:
    races = [of_season(season) for season in range(1990, 1995)]
    with searching(Archives({NEW: races}), tmp_path) as searcher:
        run = searcher.run()
        # The list of crawls; of each prefix the number of pages; the pages of the one that has any.
        assert (1 + 2 + 3, 5, 2) == tuple(
            len(run.of(host)) for host in ("index.commoncrawl.org", "data.commoncrawl.org", "web.archive.org")
        )
        assert races[0].content in searcher.kept().values()


def test_a_second_run_asks_only_for_the_list_of_crawls(tmp_path: Path) -> None:
    archives = Archives({NEW: [of_season(1990)], OLD: []}, [page_copy(OLD_PAGE, "race/1991_Test_500/W")])
    with searching(archives, tmp_path) as searcher:
        searcher.run()
        for seasons in (None, (1990,)):
            run = searcher.run(seasons=seasons)
            assert ["/index.commoncrawl.org/collinfo.json"] == run.paths
            assert ([], []) == (run.problems, run.result.warnings)


def test_a_new_crawl_is_searched_for_what_is_not_kept_yet(tmp_path: Path) -> None:
    archives = Archives({OLD: [of_season(1990)]})
    with searching(archives, tmp_path) as searcher:
        searcher.run()
        archives.crawls[NEW] = [of_season(1990), of_season(1991)]
        assert 1 == len(searcher.run().of("data.commoncrawl.org"))
        assert [f"1990_test_500/w {OLD}", f"1991_test_500/w {NEW}"] == [each[:-15] for each in pages(searcher.kept())]


def test_a_race_has_one_page_however_its_address_is_written(tmp_path: Path) -> None:
    paths = ["race/1996_Test_500/W", "race-results/1996_Test_500/W/", "race/1996_test_500/w", "race/1996%5FTest_500/W"]
    with searching(Archives({NEW: [copy(OLD_PAGE, path) for path in paths]}), tmp_path) as searcher:
        assert 1 == len(searcher.run().of("data.commoncrawl.org"))


@pytest.mark.parametrize(
    ("seasons", "series", "expected"),
    [
        ((1990,), SERIES, ["1990_test_500/c", "1990_test_500/w"]),
        (None, ("cup",), ["1990_test_500/w", "1991_test_500/w"]),
        ((2001,), SERIES, []),
    ],
)
def test_only_pages_of_wanted_seasons_and_series_are_fetched(
    tmp_path: Path, seasons: tuple[int, ...] | None, series: tuple[str, ...], expected: list[str]
) -> None:
    archives = Archives({NEW: [of_season(1990), of_season(1990, "C"), of_season(1991)]})
    with searching(archives, tmp_path) as searcher:
        searcher.run(seasons=seasons, series=series)
        assert expected == [page.split()[0] for page in pages(searcher.kept())]


# --- copies that are of no use


WRONG = copy(OLD_PAGE, "race/1996_Test_500/W", "20210601000000", digest="A" * 32)
TRUNCATED = Kept(WRONG.url, WRONG.timestamp, WRONG.content[:-300], copy(OLD_PAGE, "race/1996_Test_500/W").digest)
MOVED = copy("moved", "race/1996_Test_500/W", "20210601000000", status="301 Moved Permanently")
OTHER = Kept(WRONG.url, WRONG.timestamp, copy(OLD_PAGE, "race/1995_Test_500/W").content, TRUNCATED.digest)
CHALLENGE = copy(rr.CHALLENGE, "race/1996_Test_500/W", "20210601000000")
USELESS = [
    (WRONG, "its digest is"),
    (TRUNCATED, "gzip that is cut off"),
    (Kept(MOVED.url, MOVED.timestamp, MOVED.content, MOVED.digest), "it is no page but HTTP 301"),
    (OTHER, "it is a copy of https://www.racing-reference.info/race/1995_Test_500/W"),
    (CHALLENGE, "it is no race page"),
]


@pytest.mark.parametrize(("useless", "why"), USELESS)
def test_another_copy_is_fetched_for_one_of_no_use_which_is_not_asked_for_again(
    tmp_path: Path, useless: Kept, why: str
) -> None:
    archives = Archives({NEW: [useless], OLD: [copy(OLD_PAGE, "race/1996_Test_500/W", "20160102000000")]})
    with searching(archives, tmp_path) as searcher:
        run = searcher.run()
        assert [f"1996_test_500/w {OLD} 20160102000000"] == pages(searcher.kept())
        [warning] = run.result.warnings
        assert why in warning
        assert [] == searcher.run().of("data.commoncrawl.org")


def test_what_the_index_says_to_be_a_redirect_is_not_asked_for(tmp_path: Path) -> None:
    gone = copy("gone", "race/1996_Test_500/W", status="404 Not Found")
    with searching(Archives({NEW: [MOVED, gone]}), tmp_path) as searcher:
        assert [] == searcher.run().of("data.commoncrawl.org")


def test_no_more_than_three_copies_of_a_race_are_tried_in_one_archive(tmp_path: Path) -> None:
    copies = [copy(rr.CHALLENGE, "race/1996_Test_500/W", f"2021060100000{n}") for n in range(5)]
    with searching(Archives({NEW: copies}), tmp_path) as searcher:
        assert 3 == len(searcher.run().of("data.commoncrawl.org"))


def test_a_copy_that_the_wayback_machine_does_not_give_is_another_ones_turn(tmp_path: Path) -> None:
    first, second = (page_copy(OLD_PAGE, "race/1996_Test_500/W", f"201{n}0512030405") for n in (5, 4))
    archives = Archives({}, [first, second])
    archives.refuses = lambda path: canned(status=404) if f"/{first.timestamp}id_/" in path else None
    with searching(archives, tmp_path) as searcher:
        searcher.run()
        assert ["1996_test_500/w wayback 20140512030405"] == pages(searcher.kept())


# --- stopped, refused, and in trouble


def test_a_search_that_a_budget_ends_is_continued_and_asks_for_nothing_twice(tmp_path: Path) -> None:
    archives = Archives(
        {NEW: [of_season(season) for season in range(1990, 1997)], OLD: [of_season(1989)]},
        [page_copy(OLD_PAGE, "race/1988_Test_500/W")],
    )
    with searching(archives, tmp_path / "whole") as searcher:
        whole = searcher.run().paths
    asked: list[str] = []
    with searching(archives, tmp_path / "parts") as searcher:
        for _ in range(20):
            run = searcher.run(max_requests=4)
            assert len(run.paths) <= 4
            assert [] == run.problems
            asked += run.paths
            if not run.result.warnings:
                break
        assert 9 == len(searcher.kept())
    crawls = "/index.commoncrawl.org/collinfo.json"
    assert sorted(path for path in whole if path != crawls) == sorted(path for path in asked if path != crawls)


@pytest.mark.parametrize("status", [403, 429, 503])
@pytest.mark.parametrize("host", ["index.commoncrawl.org", "data.commoncrawl.org"])
def test_after_a_refusal_nothing_is_asked_for_a_day(tmp_path: Path, status: int, host: str) -> None:
    archives = Archives({NEW: [of_season(1990), of_season(1991)]}, [page_copy(OLD_PAGE, "race/1992_Test_500/W")])
    archives.refuses = lambda path: canned(status=status) if path.startswith(f"/{host}/") else None
    with searching(archives, tmp_path) as searcher:
        first = searcher.run()
        assert 1 == len(first.of(host))
        assert [] == first.of("web.archive.org")
        [problem] = first.problems
        assert f"refused (HTTP {status}" in problem

        searcher.now += timedelta(hours=23)
        paused = searcher.run()
        assert ([], 1) == (paused.paths, len(paused.problems))
        assert "nothing of racing_reference_archive is asked for before 2026-03-02 12:00 UTC" in paused.problems[0]

        archives.refuses = lambda _: None
        searcher.now += timedelta(hours=2)
        assert [] == searcher.run().problems
        assert len(searcher.kept()) >= 2


def test_a_copy_that_is_refused_every_day_keeps_nothing_else_back(tmp_path: Path) -> None:
    archives = Archives({NEW: [of_season(season) for season in (1990, 1991, 1992)]})
    archives.refuses = lambda path: canned(status=403) if path.startswith("/data") and not served else None
    served: list[str] = []
    with searching(archives, tmp_path) as searcher:
        searcher.run()
        served.append("from now on")
        searcher.now += timedelta(days=2)
        searcher.run()
        assert ["1991_test_500/w", "1992_test_500/w"] == [page.split()[0] for page in pages(searcher.kept())]
        searcher.now += timedelta(days=30)
        searcher.run()
        assert 3 == len(searcher.kept())


@pytest.mark.parametrize(
    "answer",
    [
        canned("<html>Just a moment</html>"),
        canned('{"message": "internal"}'),
        canned("[]"),
        canned(status=500),
        redirect_to("https://elsewhere.example/"),
    ],
)
def test_an_index_that_answers_something_else_is_a_problem_and_is_asked_again(tmp_path: Path, answer: Canned) -> None:
    archives = Archives({NEW: [of_season(1990)], OLD: [of_season(1991)]})
    archives.refuses = lambda path: answer if f"/{NEW}-index" in path and "page=0" in path else None
    with searching(archives, tmp_path) as searcher:
        run = searcher.run()
        assert 1 == len(run.problems)
        assert ["1991_test_500/w"] == [page.split()[0] for page in pages(searcher.kept())]
        archives.refuses = lambda _: None
        assert [] == searcher.run().problems
        assert 2 == len(searcher.kept())


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (canned(b"x" * 10, status=206), "10 bytes of the part instead of"),
        (canned(b"x" * 10_000), "HTTP 200, not the part that was asked for"),
        (canned(status=416), "unexpected HTTP status 416"),
    ],
)
def test_a_part_that_is_not_what_was_asked_for_is_a_problem(tmp_path: Path, answer: Canned, why: str) -> None:
    archives = Archives({NEW: [of_season(1990)]})
    archives.refuses = lambda path: answer if path.startswith("/data") else None
    with searching(archives, tmp_path) as searcher:
        [problem] = searcher.run().problems
        assert why in problem
        assert {} == searcher.kept()
