"""Which articles are asked for: those of seasons, and the articles of races that they lead to."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from nascar_warehouse.etl.catalog import FEEDS, named_sources
from nascar_warehouse.etl.documents import Selection
from nascar_warehouse.etl.extract.urls import file_parts
from nascar_warehouse.etl.sources.wikipedia_races import SOURCE
from nascar_warehouse.warehouse.errors import SourceChanged
from tests.support import wikipedia_articles as wiki
from tests.support.misbehaving import CHALLENGE_PAGE
from tests.support.wikipedia_page import article

TODAY = date(2025, 11, 19)
SEASON = SOURCE.index_documents(Selection(TODAY, (2003,)))[0]


def titles(content: bytes) -> list[str]:
    return [document.key for document in SOURCE.detail_documents(SEASON, content, Selection(TODAY))]


# --- seasons


def test_it_is_fetched_only_where_it_is_named() -> None:
    assert SOURCE not in FEEDS
    assert [SOURCE] == named_sources(["wikipedia_races"])


def test_every_season_that_is_over_has_an_article_the_newest_first() -> None:
    seasons = SOURCE.index_documents(Selection(TODAY))
    assert (76, "2024/season", "1949/season") == (len(seasons), seasons[0].key, seasons[-1].key)


@pytest.mark.parametrize(
    ("season", "page"),
    [
        (1949, "1949_NASCAR_Strictly_Stock_Series"),
        (1950, "1950_NASCAR_Grand_National_Series"),
        (1970, "1970_NASCAR_Grand_National_Series"),
        (1971, "1971_NASCAR_Winston_Cup_Series"),
        (2003, "2003_NASCAR_Winston_Cup_Series"),
        (2004, "2004_NASCAR_Nextel_Cup_Series"),
        (2008, "2008_NASCAR_Sprint_Cup_Series"),
        (2017, "2017_Monster_Energy_NASCAR_Cup_Series"),
        (2020, "2020_NASCAR_Cup_Series"),
        (2025, "2025_NASCAR_Cup_Series"),
    ],
)
def test_the_article_of_a_season_has_the_name_of_its_series(season: int, page: str) -> None:
    [document] = SOURCE.index_documents(Selection(TODAY, (season,)))
    assert f"https://en.wikipedia.org/wiki/{page}" == document.url
    assert (season, True, timedelta(days=30)) == (document.season, document.is_index, document.revisit_after)


def test_other_series_have_none() -> None:
    assert [] == SOURCE.index_documents(Selection(TODAY, series=("nxs", "truck")))


# --- races


def test_a_season_leads_to_the_articles_of_its_races() -> None:
    content = wiki.season_article(wiki.DARLINGTON, "2003 Aaron's 499", "2003 Tropicana 400", wiki.DARLINGTON)
    assert [
        "2003/2003_Carolina_Dodge_Dealers_400",
        "2003/2003_Aaron's_499",
        "2003/2003_Tropicana_400",
    ] == titles(content)


def test_the_article_of_a_race_is_asked_for_once_a_year() -> None:
    [document] = SOURCE.detail_documents(SEASON, wiki.season_article("2003 Aaron's 499"), Selection(TODAY))
    assert ("https://en.wikipedia.org/wiki/2003_Aaron's_499", 2003, timedelta(days=365)) == (
        document.url,
        document.season,
        document.revisit_after,
    )


@pytest.mark.parametrize(
    ("title", "file"),
    [
        ("2003 Sharpie 500 (Bristol)", "2003_Sharpie_500_(Bristol)"),
        ("2003 México 400?", "2003_México_400?"),
        ("2003 100% Race", "2003_100%_Race"),
    ],
)
def test_the_address_of_a_title_leads_back_to_it(title: str, file: str) -> None:
    from urllib.parse import quote

    page = wiki.season_article(title).decode().replace(f"/wiki/{file}", f"/wiki/{quote(file)}").encode()
    [document] = SOURCE.detail_documents(SEASON, page, Selection(TODAY))
    assert ["en.wikipedia.org", "wiki", file] == file_parts(document.url)


@pytest.mark.parametrize(
    "href",
    [
        "/wiki/2003_NASCAR_Busch_Series",
        "/wiki/Daytona_500",
        "/wiki/2004_Daytona_500",
        "/wiki/2003_a/../b",
        "/wiki/2003_a%2F..%2Fb",
        "/wiki/2003_a%5C..",
        "/wiki/2003_a%00",
        "/wiki/2003_" + "a" * 300,
        "/wiki/2003_Daytona_500?action=edit",
        "/w/index.php?title=2003_Daytona_500",
        "https://example.org/wiki/2003_Daytona_500",
        "//evil.example/wiki/2003_Daytona_500",
        "javascript:2003",
        "",
    ],
)
def test_a_link_to_anything_else_is_not_followed(href: str) -> None:
    page = wiki.season_article("2003 Tropicana 400").decode()
    assert [] == titles(page.replace("/wiki/2003_Tropicana_400", href).encode())


@pytest.mark.parametrize(
    "href",
    [
        "/wiki/2003_Daytona_500#Results",
        "./2003_Daytona_500",
        "//en.wikipedia.org/wiki/2003_Daytona_500",
        "https://en.wikipedia.org/wiki/2003%20Daytona__500",
    ],
)
def test_the_forms_of_a_link_are_one_article(href: str) -> None:
    page = wiki.season_article("2003 Tropicana 400").decode()
    assert ["2003/2003_Daytona_500"] == titles(page.replace("/wiki/2003_Tropicana_400", href).encode())


def test_the_table_of_results_leads_to_articles_too() -> None:
    results = (
        '<table class="wikitable"><caption>Results</caption><tr><th rowspan="2">No.</th><th colspan="2">Race</th></tr>'
        "<tr><th>Race</th><th>Winning driver</th><th>Report</th></tr><tr><td>1</td><td>Daytona 500</td><td>M. Waltrip</td>"
        '<td><a href="/wiki/2003_Daytona_500">Report</a></td></tr></table>'
    )
    assert ["2003/2003_Daytona_500"] == titles(wiki.season_article(rest=results))


def test_a_link_beside_main_article_leads_to_a_race_too() -> None:
    note = '<div role="note" class="hatnote">Main article: <a href="/wiki/2003_Daytona_500">2003 Daytona 500</a></div>'
    assert ["2003/2003_Daytona_500"] == titles(wiki.season_article(rest=f"<h3>Daytona 500</h3>{note}"))


def test_a_season_whose_races_have_no_articles_leads_nowhere_and_is_no_problem() -> None:
    parsed = SOURCE.parse("2003/season", wiki.season_article())
    assert ([], [], True) == (list(parsed.rows["wikipedia_races"]), list(parsed.notices), parsed.is_preliminary)
    assert [] == titles(wiki.season_article())


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (article('<div class="mw-parser-output"><p>No table.</p></div>', "2003"), "no table with the columns race"),
        (wiki.season_article(*[f"2003 Race {number}" for number in range(151)]), "151 articles of races of 2003"),
        (CHALLENGE_PAGE, "not an article of Wikipedia"),
    ],
)
def test_an_article_of_another_form_is_refused(content: bytes, what: str) -> None:
    with pytest.raises(SourceChanged, match=what):
        SOURCE.parse("2003/season", content)
