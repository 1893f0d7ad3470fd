"""The page of the closest finishes: filters in the address, order, coverage, drawings, and new snapshots."""

from __future__ import annotations

import importlib.util
import re
from dataclasses import asdict
from decimal import Decimal
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from selectolax.lexbor import LexborHTMLParser

from nascar_warehouse.warehouse.explorer.at_the_line import draw_at_the_line
from nascar_warehouse.warehouse.explorer.closest_page import draw_coverage
from nascar_warehouse.warehouse.explorer.site import day, distance, seconds
from nascar_warehouse.warehouse.read.ranking import Coverage, Question, rank_finishes, rank_with_coverage
from nascar_warehouse.warehouse.storage.home import Home
from tests.conftest import Nascar
from tests.warehouse.explorer.conftest import Visit, visit_home


def _rows(text: str) -> list[str]:
    return [
        re.sub(r"\s+", " ", row.text(separator=" ")).strip()
        for row in LexborHTMLParser(text).css("table.ranking tbody tr")
    ]


def test_the_closest_finish_is_first(visit: Visit) -> None:
    rows = _rows(visit("/").text)
    assert 25 == len(rows)
    assert rows[0].startswith("1 0.001 s")
    assert "Kyle Larson" in rows[0]


def test_the_first_page_is_small(visit: Visit) -> None:
    text = visit("/").text
    assert len(re.sub(r"<svg.*?</svg>", "", text, flags=re.DOTALL).encode()) < 100_000


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("track=talladega", "Jimmie Johnson"),
        ("driver=craven", "Ricky Craven"),
        ("make=pontiac", "Ricky Craven"),
        ("from=1993&to=1993", "Dale Earnhardt"),
        ("from=2004&to=2010&driver=jamie mcmurray", "Jamie McMurray"),
        ("basis=official&sort=date", "Davey Allison|Geoffrey Bodine|Geoff Bodine"),
        ("sort=-date", "20"),
        ("page=2", "26 |25 |24 "),
    ],
)
def test_filters_and_order_are_in_the_address(visit: Visit, query: str, first: str) -> None:
    assert re.search(first, _rows(visit(f"/?{query}").text)[0])


@pytest.mark.parametrize(
    "query", ["series=nxs", "basis=official&exhibitions=yes&from=2001", "track=daytona&to=2010", "make=ford"]
)
def test_the_page_and_the_command_give_the_same_ranking_and_coverage(
    visit: Visit, home_of_almanac: Path, query: str
) -> None:
    values: dict[str, Any] = dict(pair.split("=") for pair in query.split("&"))
    for name, option in (("from", "season_from"), ("to", "season_to")):
        if name in values:
            values[option] = int(values.pop(name))
    question = Question(**values | {"exhibitions": "exhibitions" in values, "limit": 25})
    ranked = rank_finishes(Home(home_of_almanac), question)
    expected = [(str(row[ranked.columns.index("rank")]), row[ranked.columns.index("winner")]) for row in ranked.values]
    text = visit(f"/?{query}").text
    assert expected == [
        (row.css("td")[0].text(), row.css("td.driver a")[0].text())
        for row in LexborHTMLParser(text).css("table.ranking tbody tr")
    ]
    _, coverage = rank_with_coverage(Home(home_of_almanac), question)
    total = coverage.races + coverage.races_not_here
    assert f"known for {coverage.margins_known:,} of {total:,} races" in text
    assert asdict(coverage) == visit(f"/api/v1/closest?{query}").json()["coverage"]


@pytest.mark.parametrize("query", ["from=x", "to=12", "series=indy", "basis=none", "sort=price", "exhibitions=maybe"])
def test_a_value_that_cannot_be_is_refused_with_what_is_possible(visit: Visit, query: str) -> None:
    answer = visit(f"/?{query}")
    assert 400 == answer.status_code
    assert re.search("write a whole number|use one of", answer.text)


def test_an_empty_answer_says_why_and_what_to_do(visit: Visit) -> None:
    answer = visit("/?driver=larsen")
    assert 200 == answer.status_code
    assert "did you mean Kyle Larson" in answer.text


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", '"><img src=x>', "' OR 1=1 --", "\x00", "{{7*7}}"])
def test_hostile_text_stays_text(visit: Visit, text: str) -> None:
    for name in ("driver", "track", "make"):
        answer = visit(f"/?{name}={text.encode().hex(' ').replace(' ', '%').join(['%', ''])}")
        assert answer.status_code in (200, 400)
        assert "<script>alert" not in answer.text
        assert "<img" not in answer.text


def test_the_same_page_is_not_sent_again(visit: Visit) -> None:
    first = visit("/?track=kansas")
    again = visit("/?track=kansas", headers={"if-none-match": first.headers["etag"]})
    assert (304, b"") == (again.status_code, again.content)
    assert first.headers["etag"] != visit("/?track=talladega").headers["etag"]


def test_a_newly_published_warehouse_is_shown_without_a_restart(home: Path, built: Path) -> None:
    visit, _ = visit_home(built)
    first = visit("/")
    (home / "next.duckdb").write_bytes((home / "nascar.duckdb").read_bytes())
    (home / "next.duckdb").replace(home / "nascar.duckdb")
    second = visit("/", headers={"if-none-match": first.headers["etag"]})
    assert 200 == second.status_code
    assert first.headers["etag"] != second.headers["etag"]
    (home / "nascar.duckdb").unlink()
    answer = visit("/")
    assert 503 == answer.status_code
    assert "Nothing is published yet" in answer.text
    assert str(home) not in answer.text


def test_the_sources_are_listed_with_their_freshness(visit: Visit, home_of_almanac: Path) -> None:
    text = visit("/status").text
    assert "almanac" in text
    assert "built in" in text
    assert str(home_of_almanac) not in text


@pytest.mark.usefixtures("almanac")
def test_the_chart_is_written_as_a_file_that_stands_alone(nascar: Nascar, tmp_path: Path) -> None:
    for name in ("closest.svg", "closest.html"):
        left = nascar("closest", "--track", "talladega", "--limit", 1, "--plot", tmp_path / name, "--format", "csv")
        assert (0, 2) == (left.code, len(left.out.splitlines()))
        text = (tmp_path / name).read_text(encoding="utf-8")
        assert "Jimmie Johnson over Clint Bowyer" in text
        assert "have a known margin" in text
        assert "href" not in text
    ElementTree.parse(tmp_path / "closest.svg")  # noqa: S314  # our own file
    assert 2 == nascar("closest", "--plot", tmp_path / "closest.pdf").code
    assert 2 == nascar("closest", "--driver", "nobody at all", "--plot", tmp_path / "none.svg").code
    assert ["closest.html", "closest.svg"] == sorted(file.name for file in tmp_path.iterdir() if file.is_file())


@pytest.mark.usefixtures("almanac")
def test_the_chart_is_written_as_a_picture_of_twice_its_size(nascar: Nascar, tmp_path: Path) -> None:
    assert 0 == nascar("closest", "--limit", 1, "--plot", tmp_path / "closest.PNG").code
    content = (tmp_path / "closest.PNG").read_bytes()
    assert (b"\x89PNG\r\n\x1a\n", b"IHDR") == (content[:8], content[12:16])
    assert (1920, 968) == (int.from_bytes(content[16:20]), int.from_bytes(content[20:24]))
    assert len(content) > 20_000  # Not an empty sheet.


@pytest.mark.usefixtures("almanac")
def test_a_picture_needs_its_package(nascar: Nascar, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    find_spec = importlib.util.find_spec
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None if name == "vl_convert" else find_spec(name))
    left = nascar("closest", "--plot", tmp_path / "closest.png")
    assert (2, True) == (left.code, "pip install 'nascar-warehouse[web]'" in left.err)
    assert 0 == nascar("closest", "--plot", tmp_path / "closest.svg").code


def test_coverage_is_a_bar_of_four_parts_and_a_sentence() -> None:
    drawn = draw_coverage(Coverage(races=80, margins_known=60, races_not_here=20), ranked=50)
    assert [
        ("ranked", 50, 0.0, 50.0),
        ("caution", 10, 50.0, 10.0),
        ("unknown", 20, 60.0, 20.0),
        ("absent", 20, 80.0, 20.0),
    ] == [(name, count, left, width) for name, _, count, left, width in drawn.parts]
    assert drawn.sentence.startswith("The finish is known for 60 of 100 races")


def test_cars_are_drawn_to_scale() -> None:
    close, far = draw_at_the_line(Decimal(1)), draw_at_the_line(Decimal(161))
    assert close
    assert far
    assert 6.0 == close.line_x - close.nose_x
    assert pytest.approx(6.0 * 16.1, abs=0.1) == close.car_width
    assert ("about 6 % of a car length", None) == (close.description, far.second_x)
    assert "about 10.0 car lengths" == far.description
    assert draw_at_the_line(None) is None


def test_numbers_and_dates_are_written_as_people_write_them() -> None:
    from datetime import date

    assert ["0.001", "0.0004", "12.300", "\N{EN DASH}"] == [
        seconds(value) for value in (Decimal("0.0010"), Decimal("0.0004"), Decimal("12.3"), None)
    ]
    assert ["3.2 in", "6.3 in", "24 in", "2.4 ft", "1,500 ft"] == [
        distance(Decimal(inches)) for inches in ("3.2", "6.3", "23.9", "28.8", "18004.8")
    ]
    assert "5 May 2024" == day(date(2024, 5, 5)).replace("\xa0", " ")
