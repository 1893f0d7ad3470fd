"""The explorer in a real browser: filters, links, the console, narrow screens, no JavaScript, and who cannot see it."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import uvicorn
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, expect

from nascar_warehouse.etl.monitoring.status import read_status
from nascar_warehouse.warehouse.explorer.app import create_app
from nascar_warehouse.warehouse.explorer.settings import ServerSettings
from nascar_warehouse.warehouse.storage.home import Home
from tests.support.browsing import Open, launched_browser, watched_windows
from tests.support.commands import run_on
from tests.support.feed import FeedFolder, laps
from tests.support.good_season import put_good_season
from tests.support.homes import copy_home

pytestmark = pytest.mark.slow

PAGES = [
    "/",
    "/?track=talladega&sort=-date",
    "/?driver=nobody-at-all",
    "/races/cup-2021-01",
    "/races/cup-2021-01/1",
    "/races/cup-2023-31",
    "/drivers/kyle-larson",
    "/tracks/talladega",
    "/events/southern-500",
    "/seasons/cup/2003",
    "/search?q=daytona",
    "/status",
    "/sql?question=record-progression",
    "/sql?sql=selec",
    "/sql?question=most-wins&x=driver_name&y=wins",
    "/sql?sql=FROM+marts.closest_by_season&x=season&y=margin_seconds",
    "/nothing",
]


@pytest.fixture(scope="module")
def site(home_of_season: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """The explorer on a port of this machine, on a season of six races, one with laps, and the facts of the program."""
    folder = copy_home(home_of_season, tmp_path_factory.mktemp("explorer") / "home")
    feed = FeedFolder(folder.parent / "mirror")
    put_good_season(feed)
    names = ("Ann Winner", "Bob Second", "Cy Third", "Di Fourth", "Ed Fifth", "Fay Sixth")
    feed.put("2021/1/9001/lap-times.json", laps({str(11 + place): name for place, name in enumerate(names)}, 100))
    assert 0 == run_on(folder, "ingest", "nascar_feed", "--with", "laps", "--mirror", feed).code
    home = Home(folder)
    app = create_app(
        home, ServerSettings(requests_in_burst=100_000), log=lambda _: None, read_status=lambda: read_status(home)
    )
    server = uvicorn.Server(uvicorn.Config(app, log_config=None, ws="none"))
    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=server.run, args=([listening],))
        thread.start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}", folder
        server.should_exit = True
        thread.join(timeout=20)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with launched_browser() as launched:
        yield launched


@pytest.fixture
def opened(browser: Browser, site: tuple[str, Path]) -> Iterator[Open]:
    """Opens a path of the explorer; nothing may be asked of another address."""
    with watched_windows(browser, harmless="the server responded", only=site[0]) as open_page:
        yield lambda path, **window: open_page(site[0] + path, **window)


def test_a_chosen_filter_is_in_the_address_and_the_back_button_undoes_it(opened: Open) -> None:
    page = opened("/")
    expect(page.locator("table.ranking tbody tr").first).to_contain_text("Kyle Larson")
    page.locator("select[name=track]").select_option("talladega")
    page.wait_for_url("**/?track=talladega")
    expect(page.locator("table.ranking tbody tr").first).to_contain_text("Talladega")
    page.go_back()
    expect(page.locator("table.ranking tbody tr").first).to_contain_text("Kyle Larson")


def test_a_column_sorts_the_ranking_both_ways(opened: Open) -> None:
    page = opened("/?to=1995")
    heading = page.get_by_role("columnheader", name="Date")
    heading.get_by_role("link").click()
    page.wait_for_url("**sort=date**")
    expect(heading).to_have_attribute("aria-sort", "ascending")
    heading.get_by_role("link").click()
    page.wait_for_url("**sort=-date**")
    expect(heading).to_have_attribute("aria-sort", "descending")


def test_the_search_finds_a_driver_and_a_link_leads_to_the_race(opened: Open) -> None:
    page = opened("/")
    page.get_by_label("Driver, track or race").fill("craven")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Ricky Craven").first.click()
    page.get_by_role("link", name="Carolina Dodge Dealers 400").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Carolina Dodge Dealers 400")


def test_the_console_runs_completes_and_shows_an_error_at_its_place(opened: Open) -> None:
    page = opened("/sql")
    box = page.get_by_label("Statement")
    box.fill("SELECT 41 + 1 AS answer FROM marts.record_prog")
    box.press("Control+Space")
    expect(box).to_have_value("SELECT 41 + 1 AS answer FROM marts.record_progression")
    box.press("Control+Enter")
    expect(page.locator("table.answer td").first).to_have_text("42")
    box.fill("SELECT nothing FROM core.races")
    page.get_by_role("button", name="Run").click()
    expect(page.get_by_role("alert")).to_contain_text("LINE 1: SELECT nothing")
    page.go_back()
    expect(page.locator("table.answer td").first).to_have_text("42")


def test_the_console_draws_a_chart_of_the_chosen_columns(opened: Open) -> None:
    page = opened("/sql?sql=SELECT+season,+rank,+margin_seconds+FROM+marts.closest_finishes")
    chart = page.get_by_role("img", name="margin_seconds by rank")
    expect(chart).to_have_count(0)
    page.locator("select[name=x]").select_option("rank")
    page.locator("select[name=y]").select_option("margin_seconds")
    expect(chart).to_be_visible()
    page.wait_for_url("**y=margin_seconds&x=rank")
    page.get_by_role("link", name="Table only").click()
    expect(page.locator("table.answer")).to_be_visible()
    expect(chart).to_have_count(0)


def test_the_positions_by_lap_are_a_chart_and_a_table(opened: Open) -> None:
    page = opened("/races/cup-2021-01", script=False)
    expect(
        page.get_by_role("img", name="Positions of 6 cars over 100 laps; first at the end: Ann Winner")
    ).to_be_visible()
    page.get_by_text("The positions as a table").click()
    row = page.get_by_role("region", name="Positions, table").get_by_role("row", name="Bob Second")
    expect(row.get_by_role("cell").last).to_have_text("2")


def test_a_warehouse_published_while_a_page_is_open_is_there_after_a_reload(
    opened: Open, site: tuple[str, Path]
) -> None:
    page = opened("/races/cup-2021-01")
    _, folder = site
    (folder / "next.duckdb").write_bytes((folder / "nascar.duckdb").read_bytes())
    before = page.request.get(page.url).headers["etag"]
    (folder / "next.duckdb").replace(folder / "nascar.duckdb")
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert before != page.request.get(page.url).headers["etag"]


def test_a_page_is_read_and_filtered_without_javascript(opened: Open) -> None:
    page = opened("/", script=False)
    page.locator("select[name=track]").select_option("talladega")
    page.get_by_role("button", name="Show").click()
    assert "track=talladega" in page.url
    expect(page.locator("table.ranking tbody tr").first).to_contain_text("Talladega")


def test_the_ranking_can_be_reached_by_the_keyboard(opened: Open) -> None:
    page = opened("/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")
    assert page.url.endswith("#content")


@pytest.mark.parametrize("path", PAGES)
def test_a_page_fits_a_narrow_screen(opened: Open, path: str) -> None:
    page = opened(path, width=360)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", PAGES)
def test_a_page_has_no_barrier(opened: Open, path: str, scheme: str) -> None:
    found = Axe().run(opened(path, scheme=scheme)).response["violations"]
    serious = [
        (one["id"], one["nodes"][0]["html"][:200], one["nodes"][0]["failureSummary"])
        for one in found
        if one["impact"] in ("serious", "critical", "moderate")
    ]
    assert [] == serious


def test_a_printed_page_leaves_the_controls_out(opened: Open) -> None:
    page = opened("/")
    page.emulate_media(media="print")
    expect(page.locator("form.filters")).to_be_hidden()
    expect(page.locator("table.ranking")).to_be_visible()
