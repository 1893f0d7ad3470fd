"""Pages of a race, a car, a driver, a track, an event and a season, and the search."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path

import pytest
from selectolax.lexbor import LexborHTMLParser

from nascar_warehouse.warehouse.explorer.finishes import margin_words
from nascar_warehouse.warehouse.explorer.lap_chart import draw_laps
from nascar_warehouse.warehouse.explorer.race_strip import draw_strip, gap_widths
from nascar_warehouse.warehouse.explorer.site import commands
from tests.conftest import Nascar, ask_file
from tests.support.feed import FeedFolder, race
from tests.warehouse.explorer.conftest import Visit, visit_home


@pytest.fixture(scope="module")
def visit_season(home_of_season: Path) -> Visit:
    """A season of six races, two of them with results, beside the facts that come with the program."""
    return visit_home(home_of_season)[0]


def _words(text: str) -> str:
    tree = LexborHTMLParser(text)
    return re.sub(r"\s+", " ", tree.body.text(separator=" ") if tree.body else "")


def test_a_race_has_its_results_leads_cautions_and_sources(visit_season: Visit) -> None:
    answer = visit_season("/races/cup-2021-01")
    words = _words(answer.text)
    assert "Ann Winner beat Bob Second" in words
    assert "Leads and cautions, lap by lap" in words
    assert "Where each figure comes from" in words
    assert re.search(r"SHA-256 [0-9a-f]{12}…", words)
    assert 6 == len(LexborHTMLParser(answer.text).css("section[aria-labelledby=results] tbody tr"))


def test_a_race_before_the_feed_has_the_finish_and_its_citation(visit: Visit) -> None:
    words = _words(visit("/races/cup-2003-05").text)
    assert "0.002 s" in words
    assert "Ricky Craven beat Kurt Busch" in words


def test_an_official_order_is_shown_beside_the_line_order(visit: Visit) -> None:
    words = _words(visit("/races/cup-2023-31").text)
    assert "Ryan Blaney beat Kevin Harvick" in words
    assert "Officially Ryan Blaney beat" in words


def test_each_figure_of_a_car_has_its_sources(visit_season: Visit) -> None:
    [link] = LexborHTMLParser(visit_season("/races/cup-2021-01").text).css("tbody tr td:last-child a")[:1]
    words = _words(visit_season(str(link.attributes["href"])).text)
    assert "Ann Winner in the" in words
    assert "finish position" in words


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/drivers/kyle-larson", "Wins and second places by margin"),
        ("/tracks/talladega", "Closest finishes"),
        ("/tracks/talladega", "Layouts"),
        ("/tracks/talladega", "The finish is known for"),
        ("/events/southern-500", "The finish is known for"),
        ("/drivers/kyle-larson", "The finish is known for"),
        ("/events/southern-500", "Southern 500"),
        ("/seasons/cup/2003", "Carolina Dodge Dealers 400"),
        ("/search?q=talladega", "Talladega Superspeedway"),
        ("/search?q=Craven", "Ricky Craven"),
        ("/search?q=jonson", "Did you mean"),
        ("/search", "Type a driver"),
    ],
)
def test_a_page_shows_what_its_address_names(visit: Visit, path: str, expected: str) -> None:
    answer = visit(path)
    assert 200 == answer.status_code
    assert expected in _words(answer.text)


@pytest.mark.parametrize(
    "path",
    [
        "/races/cup-1900-01",
        "/races/cup-2024-12/none",
        "/drivers/none",
        "/tracks/none",
        "/events/none",
        "/seasons/cup/1900",
        "/seasons/cup/²²²²",
        "/seasons/none/2024",
        "/races/%00",
        "/drivers/%27%20OR%201=1",
        "/tracks/..%2f..%2fetc",
    ],
)
def test_an_address_of_nothing_is_not_found(visit: Visit, path: str) -> None:
    assert 404 == visit(path).status_code


def test_without_words_the_search_lists_what_there_is(visit: Visit) -> None:
    links = {node.attributes["href"] for node in LexborHTMLParser(visit("/search").text).css("main a")}
    assert {"/seasons/cup/2024", "/tracks/talladega", "/drivers/kyle-larson"} <= links


@pytest.mark.slow
def test_a_document_that_is_known_to_stay_wrong_is_not_set_aside_on_every_page(
    nascar: Nascar, home: Path, feed: FeedFolder
) -> None:
    feed.put_one_race()
    feed.put_index(race(race_season=2018), year=2017)
    assert 0 == nascar("ingest", "nascar_feed", "--mirror", feed).code
    assert [(1,)] == ask_file(home / "nascar.duckdb", "SELECT sum(quarantined)::INTEGER FROM ops.freshness")
    assert "set aside" not in _words(visit_home(home)[0]("/").text)


def test_a_command_in_an_advice_is_code_and_everything_else_is_escaped() -> None:
    assert "run <code>nascar build</code> &lt;now&gt;" == commands("run `nascar build` <now>")


@pytest.mark.slow
def test_every_link_on_the_first_page_leads_somewhere(visit: Visit) -> None:
    links = {
        str(link.attributes["href"])
        for link in LexborHTMLParser(visit("/?from=2024&to=2024").text).css("main a, header a")
        if str(link.attributes["href"]).startswith("/")
    }
    assert len(links) > 20
    assert {200} == {visit(link).status_code for link in links}


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"margin_kind": "time", "margin_seconds": Decimal("0.0010")}, "0.001 s"),
        ({"margin_kind": "time", "margin_seconds": Decimal("2.0000"), "is_approximate": True}, "about 2.000 s"),
        ({"margin_kind": "under_caution"}, "under caution"),
        ({"margin_kind": "dead_heat"}, "dead heat"),
        ({"margin_kind": "laps", "margin_value": Decimal("1.0000"), "margin_unit": "laps"}, "1 lap"),
        (
            {"margin_kind": "laps", "margin_value": Decimal("20.0000"), "margin_unit": "laps", "is_lower_bound": True},
            "at least 20 laps",
        ),
        (
            {
                "margin_kind": "laps",
                "margin_value": Decimal("3.0000"),
                "margin_unit": "laps",
                "margin_text": "3 laps +",
                "is_lower_bound": True,
            },
            "more than 3 laps",
        ),
        (
            {"margin_kind": "car_lengths", "margin_value": Decimal("0.5"), "margin_unit": "car_lengths"},
            "0.5 car lengths",
        ),
        ({"margin_kind": "unknown"}, "unknown"),
    ],
)
def test_margins_are_written_as_people_say_them(changes: dict[str, object], expected: str) -> None:
    names = (
        "margin_kind",
        "margin_value",
        "margin_unit",
        "margin_seconds",
        "margin_text",
        "is_lower_bound",
        "is_approximate",
    )
    assert expected == margin_words(dict.fromkeys(names) | changes)


def test_leads_and_cautions_are_drawn_over_the_laps() -> None:
    leads = [
        {"driver_name": name, "start_lap": first, "end_lap": last}
        for name, first, last in (("Ann", 1, 10), ("Bob", 11, 80), ("Ann", 81, 100))
    ]
    strip = draw_strip(leads, [{"start_lap": 50, "end_lap": 59, "words": None}], 100)
    assert strip
    assert [("Bob", 70, 0), ("Ann", 30, 1)] == [(one.name, one.laps, one.colour) for one in strip.leaders]
    assert [(0.0, 96.0, 1), (96.0, 672.0, 0), (768.0, 192.0, 1)] == [
        (one.x, one.width, one.colour) for one in strip.leads
    ]
    assert [("Caution, laps 50 to 59", 470.4)] == [(one.title, one.x) for one in strip.cautions]
    assert draw_strip([], [], 100) is None


def test_gaps_are_drawn_to_the_scale_of_the_last_car_on_the_lead_lap() -> None:
    rows = [(Decimal(0), 0), (Decimal(1), 0), (Decimal(2), None), (Decimal(9), 1), (None, None)]
    results = [{"gap_seconds": gap, "gap_laps": laps} for gap, laps in rows]
    assert [0.0, 60.0, 120.0, None, None] == gap_widths(results)


def _car(name: str, positions: list[int], finish: int | None = None) -> dict[str, object]:
    return {
        "car_number": name[0],
        "driver_id": name.lower(),
        "driver_name": name,
        "finish_position": finish,
        "laps": list(range(len(positions))),
        "positions": positions,
    }


def test_each_car_is_a_line_over_the_laps_that_moves_where_its_place_changes() -> None:
    cars = [_car("Ann", [2, 2, 2, 1, 1], 1), _car("Bob", [1, 1, 1, 2, 2], 2), _car("Cy", [3, 3])]
    chart = draw_laps(cars, [{"start_lap": 2, "end_lap": 3}, {"start_lap": None, "end_lap": None}], None)
    assert chart
    assert ["M34.0 29H412.0L601.0 14H790.0", "M34.0 14H412.0L601.0 29H790.0", "M34.0 44H223.0"] == [
        car.path for car in chart.cars
    ]
    assert [[2, 2, 2, 1, 1], [1, 1, 1, 2, 2], [3, 3, None, None, None]] == [car.places for car in chart.cars]
    assert ["start", "1", "2", "3", "4"] == [tick.label for tick in chart.laps]
    assert [(223.0, 378.0)] == [(x, width) for x, width, _ in chart.cautions]
    assert "Ann, car A: started 2nd, finished 1st" == chart.cars[0].title
    assert "first at the end: Ann, who started 2nd" in chart.summary


def test_the_leaders_of_the_strip_keep_their_colours_and_the_winner_has_one() -> None:
    leads = [{"driver_name": "Bob", "start_lap": 1, "end_lap": 9}]
    chart = draw_laps([_car("Ann", [2, 1]), _car("Bob", [1, 2]), _car("Cy", [3, 3])], [], draw_strip(leads, [], 9))
    assert chart
    assert [("Ann", 7), ("Bob", 0), ("Cy", None)] == [(car.driver_name, car.colour) for car in chart.cars]
    assert "Cy" == chart.drawn[0].driver_name
    assert draw_laps([], [], None) is None
    assert draw_laps([_car("Ann", [1])], [], None) is None


def test_a_race_without_laps_says_how_to_get_them(visit_season: Visit, visit: Visit) -> None:
    assert "nascar ingest --with laps adds them" in _words(visit_season("/races/cup-2021-01").text)
    assert "the league publishes the laps of each car since 2020" in _words(visit("/races/cup-2003-05").text)
