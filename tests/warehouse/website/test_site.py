"""The static site: the pages of the explorer as files that work below any address and link to nothing that is missing."""

from __future__ import annotations

import html
import json
import posixpath
import re
from pathlib import Path
from urllib.parse import unquote

import duckdb
import pytest

from nascar_warehouse.etl.commands import export
from nascar_warehouse.warehouse.explorer import closest_page
from nascar_warehouse.warehouse.explorer.site import STATIC_POLICY
from nascar_warehouse.warehouse.website.addresses import Address, make_links_relative
from tests.conftest import Nascar
from tests.support.commands import Left, run_on

LINK = re.compile(r'\s(?:href|src|action)="([^"]*)"')


@pytest.fixture(scope="module")
def written(small_home: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Left]:
    """The site of the small warehouse in the place of an earlier export, and what the command printed."""
    folder = tmp_path_factory.mktemp("site") / "out"
    folder.mkdir()
    (folder / "manifest.json").write_text('{"program": "nascar-warehouse"}')
    (folder / "old.html").write_text("old")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(export, "_PAGES_BETWEEN_LINES", 1)
        patch.setattr(closest_page, "ROWS_PER_PAGE", 3)
        return folder, run_on(small_home, "export", "--to", folder, "--as", "site")


@pytest.fixture
def site(written: tuple[Path, Left]) -> Path:
    return written[0]


def pages(site: Path) -> list[Path]:
    return sorted(site.rglob("*.html"))


def test_every_link_of_every_page_is_relative_and_leads_to_a_file(site: Path) -> None:
    dead, links = [], 0
    for page in pages(site):
        for link in map(html.unescape, LINK.findall(page.read_text(encoding="utf-8"))):
            if link.startswith(("#", "https://", "http://")):
                continue
            folder = page.relative_to(site).parent.as_posix()
            target = posixpath.normpath(posixpath.join(folder, unquote(re.split(r"[?#]", link)[0])))
            links += 1
            if link.startswith("/") or target.startswith("..") or not (site / target).is_file():
                dead.append((page.name, link))
    assert ([], True) == (dead, links > 500)


def test_every_page_states_the_policy_and_has_no_script_or_style_of_its_own(site: Path) -> None:
    for page in pages(site):
        text = page.read_text(encoding="utf-8")
        assert f'<meta http-equiv="Content-Security-Policy" content="{STATIC_POLICY}">' in html.unescape(text)
        assert [] == re.findall(r"<script(?![^>]* src=)|<style|\sstyle=|\son\w+=|javascript:", text), page


def test_every_race_driver_track_and_season_has_a_page(site: Path, small_home: Path) -> None:
    with duckdb.connect(small_home / "nascar.duckdb", read_only=True) as con:
        wanted = con.execute(
            "SELECT 'races/' || race_id FROM core.races UNION SELECT 'drivers/' || driver_id FROM core.drivers "
            "UNION SELECT 'tracks/' || track_id FROM core.tracks UNION SELECT 'seasons/' || series_id || '/' || season FROM core.races"
        ).fetchall()
    assert len(wanted) > 20
    assert [] == [name for (name,) in wanted if not (site / f"{name}.html").is_file()]


def test_a_ranking_has_its_coverage_and_further_pages(site: Path) -> None:
    first = (site / "index.html").read_text(encoding="utf-8")
    assert "The finish is known for " in first
    assert 'href="closest/page-2.html#ranking"' in first
    second = (site / "closest" / "page-2.html").read_text(encoding="utf-8")
    assert "The finish is known for " in second
    assert 'href="../index.html#ranking" rel="prev"' in second
    of_track = (site / "closest" / "track-talladega.html").read_text(encoding="utf-8")
    assert "<h1>Closest finishes <small>of the Cup Series, Talladega Superspeedway</small></h1>" in of_track


def test_a_page_offers_nothing_that_needs_a_server(site: Path) -> None:
    text = "".join(page.read_text(encoding="utf-8") for page in pages(site))
    assert [] == re.findall(r"/api/v1|[?;]sort=|<select|href=\"[^\"]*\?driver=", text)
    assert "needs a server" in (site / "data.html").read_text(encoding="utf-8")


def test_the_relations_lie_beside_the_pages_as_parquet(site: Path) -> None:
    manifest = json.loads((site / "manifest.json").read_text(encoding="utf-8"))
    assert ("site", "nascar-warehouse") == (manifest["format"], manifest["program"])
    [finishes] = [each for each in manifest["relations"] if each["relation"] == "marts.closest_finishes"]
    assert [(finishes["rows"],)] == duckdb.sql(f"SELECT count(*) FROM '{site / finishes['path']}'").fetchall()
    files = sorted(path.relative_to(site).as_posix() for path in site.rglob("*") if path.is_file())
    assert files == sorted([*(file["path"] for file in manifest["files"]), "manifest.json"])


def test_the_search_has_every_name(site: Path) -> None:
    index = json.loads((site / "search.json").read_text(encoding="utf-8"))
    assert ["drivers", "races", "tracks"] == sorted(index)
    for folder, rows in index.items():
        assert [] == [row for row in rows if not (site / folder / f"{row[0]}.html").is_file()]
    assert ["Ricky Craven"] == [name for _, name, _, _ in index["drivers"] if "Craven" in name]


def test_the_command_replaces_an_earlier_export_and_counts(site: Path, written: tuple[Path, Left]) -> None:
    left, count = written[1], len(pages(site))
    files = len([path for path in site.rglob("*") if path.is_file()])
    assert (0, "") == (left.code, left.out)
    assert re.search(r"wrote \d+ of \d+ pages\n", left.err)
    assert re.search(rf"wrote {count:,} pages; {files:,} files with [\d.]+ MB in all, to ", left.err)
    assert not (site / "old.html").exists()
    assert ["out"] == [path.name for path in site.parent.iterdir()]


def test_an_address_is_a_file_and_its_query_too() -> None:
    assert "index.html" == Address.parse("/").file
    assert "closest/page-2/series-nxs.html" == Address.parse("/?series=nxs&page=2&track=").file
    assert "tracks/talladega/series-nxs.html" == Address.parse("/tracks/talladega?series=nxs#top").file
    assert "closest/make-a-b.html" == Address.parse("/?make=A%20/B").file


def test_only_links_to_the_site_are_changed() -> None:
    text = '<a href="/a?x=1&amp;y=2#z">/a</a> <a href="#z"> <a href="https://example.org/a"> data-href="/a"'
    found = make_links_relative(text, "b/c.html", lambda link: link.removeprefix("/").replace("a?", "a b.html?"))
    assert (
        '<a href="../a%20b.html?x=1&amp;y=2#z">/a</a> <a href="#z"> <a href="https://example.org/a"> data-href="/a"'
        == found
    )


def test_a_command_without_the_extra_says_what_to_install(
    nascar: Nascar, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    left = nascar("export", "--to", tmp_path / "out", "--as", "site")
    assert (2, False) == (left.code, (tmp_path / "out").exists())
    assert "pip install 'nascar-warehouse[web]'" in left.err


def test_parts_of_a_site_are_refused(nascar: Nascar, tmp_path: Path) -> None:
    left = nascar("export", "--to", tmp_path / "out", "--as", "site", "--only", "marts")
    assert (2, False) == (left.code, (tmp_path / "out").exists())
    assert "--only does not go with site" in left.err


def test_nothing_published_writes_nothing(nascar: Nascar, tmp_path: Path) -> None:
    left = nascar("export", "--to", tmp_path / "out", "--as", "site")
    assert (2, False) == (left.code, (tmp_path / "out").exists())
    assert "there is no warehouse" in left.err
