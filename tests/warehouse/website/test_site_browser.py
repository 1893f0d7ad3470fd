"""The static site in a real browser, below a path of a file server: its links, its search, and SQL without a server."""

from __future__ import annotations

import shutil
import subprocess
import tarfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.support.browsing import Open, launched_browser, watched_windows
from tests.support.commands import run_on
from tests.support.file_server import FileServer, serving_files

pytestmark = pytest.mark.slow

VERSIONS = ("1.28.0", "1.32.0")
"""The one that reads Parquet by itself, and one that does not."""
RANKING = "SELECT rank, margin_seconds, race_name, winner FROM marts.closest_finishes LIMIT 10"
PAGES = (
    "index.html",
    "closest/series-nxs.html",
    "search.html?q=craven",
    "data.html",
    "status.html",
    "races/cup-2003-05.html",
)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with launched_browser() as launched:
        yield launched


@pytest.fixture(scope="module")
def site(small_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[FileServer]:
    """A site without a console, below a path."""
    folder = tmp_path_factory.mktemp("server")
    assert 0 == run_on(small_home, "export", "--to", folder / "some" / "where", "--as", "site").code
    with serving_files(folder) as served:
        served.address += "/some/where/"
        yield served


@pytest.fixture(scope="module", params=VERSIONS)
def console(
    request: pytest.FixtureRequest, small_home: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[FileServer, str]]:
    """A site with DuckDB of a version of its package, and that version."""
    folder, npm = tmp_path_factory.mktemp("console"), shutil.which("npm")
    if npm is None:
        pytest.skip("no npm on this machine")
    packed = subprocess.run(  # noqa: S603
        [npm, "pack", "--silent", f"@duckdb/duckdb-wasm@{request.param}"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    if packed.returncode:
        pytest.skip(f"npm has no @duckdb/duckdb-wasm here: {packed.stderr[-200:]}")
    with tarfile.open(folder / packed.stdout.strip()) as archive:
        archive.extractall(folder, filter="data")
    left = run_on(
        small_home, "export", "--to", folder / "out" / "repo", "--as", "site", "--with-sql", folder / "package"
    )
    assert 0 == left.code, left.err
    with serving_files(folder / "out") as served:
        served.address += "/repo/"
        yield served, request.param


@pytest.fixture
def opened(browser: Browser) -> Iterator[Open]:
    """Opens an address; harmless is what DuckDB's own worker says of a file that it makes."""
    with watched_windows(browser, harmless="Buffering missing file") as open_page:
        yield open_page


def test_links_lead_through_the_site_and_the_search_finds_a_driver(opened: Open, site: FileServer) -> None:
    page = opened(f"{site.address}index.html")
    page.get_by_label("Driver, track or race").fill("crav\u00e9n")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Ricky Craven").first.click()
    page.get_by_role("link", name="Carolina Dodge Dealers 400").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Carolina Dodge Dealers 400")
    page.get_by_role("link", name="Darlington").first.click()
    page.get_by_role("link", name="Closest finishes", exact=True).click()
    expect(page.locator("table.ranking tbody tr").first).to_contain_text("Kyle Larson")
    assert [] == [answer for answer in site.answers if answer[1] == 404]


def test_a_site_is_read_without_javascript(opened: Open, site: FileServer) -> None:
    page = opened(f"{site.address}search.html", script=False)
    expect(page.get_by_text("The search needs JavaScript")).to_be_visible()
    page.get_by_role("link", name="2003").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("2003")


@pytest.mark.parametrize("path", PAGES)
def test_a_page_of_the_site_has_no_barrier_and_fits_a_narrow_screen(opened: Open, site: FileServer, path: str) -> None:
    for scheme in ("light", "dark"):
        page = opened(site.address + path, width=360, scheme=scheme)
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
        found = Axe().run(page).response["violations"]
        assert [] == [(one["id"], one["nodes"][0]["html"][:200]) for one in found if one["impact"] != "minor"]


def run(page: Page, statement: str) -> str:
    """The text of an answer or an error."""
    page.get_by_label("Statement").fill(statement)
    page.locator("#result").evaluate("place => place.replaceChildren()")
    page.get_by_label("Statement").press("Control+Enter")
    expect(page.locator("#result h2")).to_be_visible(timeout=30_000)
    return page.locator("#result").inner_text()


def test_a_ranking_runs_in_the_browser_and_reads_parts_of_files(
    opened: Open, console: tuple[FileServer, str], record_property: Callable[[str, object], None]
) -> None:
    served, version = console
    page = opened(f"{served.address}sql.html")
    served.answers.clear()
    answer = run(page, RANKING)
    assert "0.0010\tAdventHealth 400\tKyle Larson" in answer
    of_data = [answer for answer in served.answers if answer[0].endswith((".parquet", ".duckdb"))]
    assert {206} == {status for _, status, _ in of_data}
    of_form = ".parquet" if version == "1.28.0" else ".duckdb"
    assert [] == [path for path, _, _ in of_data if not path.endswith(f"closest_finishes{of_form}")]
    record_property("bytes_of_a_ranking", sum(size for _, _, size in of_data))
    assert sum(size for _, _, size in of_data) < 200_000


def test_the_address_holds_the_statement_and_an_error_has_its_line(
    opened: Open, console: tuple[FileServer, str]
) -> None:
    page = opened(f"{console[0].address}sql.html?sql=SELECT+41+%2B+1+AS+answer%3B")
    expect(page.locator("table.answer td").first).to_have_text("42", timeout=30_000)
    assert 'x"y,\tz\tNULL\t' in run(page, "SELECT 'x\"y,' AS a, 'z' AS b, NULL AS c, '' AS d")
    page.go_back()
    expect(page.locator("table.answer td").first).to_have_text("42", timeout=30_000)
    with page.expect_download() as download:
        page.get_by_role("button", name="All rows as CSV").click()
    assert '"42"' == download.value.path().read_text().splitlines()[1]


def test_a_statement_without_an_end_is_stopped_and_the_next_one_runs(
    opened: Open, console: tuple[FileServer, str]
) -> None:
    page = opened(f"{console[0].address}sql.html")
    run(page, "SELECT 1")
    page.get_by_label("Statement").fill("SELECT sum(a.range * b.range) FROM range(10000000) AS a, range(10000000) AS b")
    page.get_by_label("Statement").press("Control+Enter")
    page.get_by_role("button", name="Stop").click()
    expect(page.get_by_role("alert")).to_contain_text("It was stopped")
    assert "42" in run(page, "SELECT 42 AS answer")


@pytest.mark.parametrize("statement", ["SELECT nothing\nFROM core.races", "FROM read_csv('{elsewhere}/x.csv')"])
def test_a_refused_statement_says_why_and_reaches_no_other_server(
    browser: Browser, console: tuple[FileServer, str], statement: str, tmp_path: Path
) -> None:
    (tmp_path / "x.csv").write_text("a\n1\n")
    page = browser.new_page()
    page.goto(f"{console[0].address}sql.html")
    with serving_files(tmp_path) as elsewhere:
        said = run(page, statement.format(elsewhere=elsewhere.address))
        assert [] == elsewhere.answers
    page.close()
    assert "That does not run" in said
    assert "nothing" in said or "x.csv" in said


def test_every_named_question_runs(opened: Open, console: tuple[FileServer, str]) -> None:
    page = opened(f"{console[0].address}sql.html")
    statements = page.locator(".examples a").evaluate_all(
        "links => links.map(link => new URL(link.href).searchParams.get('sql'))"
    )
    assert len(statements) > 50
    assert [] == [said for statement in statements if "That does not run" in (said := run(page, statement))]


def test_the_console_has_no_barrier_and_fits_a_narrow_screen(opened: Open, console: tuple[FileServer, str]) -> None:
    page = opened(f"{console[0].address}sql.html", width=360)
    run(page, RANKING)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    found = Axe().run(page).response["violations"]
    assert [] == [(one["id"], one["nodes"][0]["html"][:200]) for one in found if one["impact"] != "minor"]
