"""What stops a race page, and what is left out of it with a notice."""

from __future__ import annotations

from typing import Any

import pytest

from nascar_warehouse.etl.formats.archive import Capture
from nascar_warehouse.etl.sources.racing_reference_page import identify
from tests.support import racing_reference_html as rr
from tests.support.racing_reference_parsing import KEY, SOURCE, parse, refusal


def test_a_page_that_is_something_else_is_refused_with_its_title() -> None:
    assert "it is not a race page: no line like `race number 12 of 36`; its title is 'Just a moment...'" == refusal(
        rr.CHALLENGE
    )


BAD_PAGES = [
    ({"series": "ARCA Menards Series race number 12 of 36"}, "the series 'ARCA Menards Series' is none of the three"),
    ({"series": "NASCAR Cup Series race number 37 of 36"}, "it is race number 37 of 36"),
    ({"series": "NASCAR Cup Series race number 0 of 36"}, "it is race number 0 of 36"),
    ({"title": "Goodyear 400"}, "no title like `2021 Goodyear 400`"),
    ({"day": "May 9"}, "no line like `Sunday, May 9, 2021 at Darlington Raceway`"),
    ({"day": "Sunday, May 32, 2021 at Darlington"}, "the date of a race of 2021 is 'May 32, 2021'"),
    ({"day": "Sunday, May 9, 1921 at Darlington"}, "the date of a race of 2021 is 'May 9, 1921'"),
    ({"laps": "many laps"}, "no line like `293 laps on a 1.366 mile paved track (400.238 miles)`"),
    ({"margin_of_victory": None}, "no line `Margin of victory: …`"),
    ({"time_of_race": None}, "no line `Time of race: …`"),
    ({"results": ""}, "0 tables with the header cells Pos, St, #"),
    ({"results": rr.results_table([])}, "the results have no rows"),
    ({"results": rr.results_table() * 2}, "2 tables with the header cells Pos, St, #"),
    ({"results": rr.results_table(header=(*rr.HEADER[:3], "Name", *rr.HEADER[4:]))}, "0 tables with the header cells"),
    ({"results": rr.results_table([rr.RESULTS[0], rr.RESULTS[1][:-1]])}, "row 2 of the results has not the 11 cells"),
    ({"results": rr.results_table([("DNS", *rr.RESULTS[0][1:])])}, "row 1 of the results has the position 'DNS'"),
    ({"results": rr.results_table([("1", "2", "3", "", *rr.RESULTS[0][4:])])}, "row 1 of the results has no driver"),
]


@pytest.mark.parametrize(("changes", "what"), BAD_PAGES)
def test_a_page_of_another_form_is_refused_with_what_is_wrong(changes: dict[str, Any], what: str) -> None:
    # The title names the season and may be the only place that does.
    text = rr.page(**changes).replace("<li>2021 Season</li><li>2021 NASCAR schedule</li>", "")
    assert refusal(text).startswith(what)


@pytest.mark.parametrize(
    ("label", "text"),
    [
        ("Time of race", "three hours"),
        ("Average speed", "123.562"),
        ("Cautions", "six"),
        ("Lead changes", "many"),
    ],
)
def test_a_text_of_an_unknown_form_is_stored_and_reported(label: str, text: str) -> None:
    changes = {label.replace(" ", "_").lower(): text}
    parsed = SOURCE.parse(KEY, rr.page(**changes).encode())
    assert [f"{KEY}: unknown text {text!r} after `{label}`, stored as it is and not used"] == parsed.notices


def test_unknown_words_of_a_page_are_stored_and_reported() -> None:
    row = (*rr.RESULTS[1][:5], "'20 Spyker", "293", "abducted", *rr.RESULTS[1][8:])
    text = rr.page(
        margin_of_victory="a bit",
        day="Sunday, May 9, 2021 at Moon Base, Moon",
        results=rr.results_table([rr.RESULTS[0], row]),
    )
    parsed = SOURCE.parse(KEY, text.encode())
    assert [
        f"{KEY}: unknown margin 'a bit', stored as it is and not used",
        "unknown track 'Moon Base' (Moon Base), its id is made of its name; add a row to sql/seeds/track_aliases.csv",
        "unknown status 'abducted', stored as it is; add a row to sql/seeds/result_statuses.csv",
        "unknown make 'spyker', stored as it is; add a row to sql/seeds/make_aliases.csv",
    ] == parsed.notices


@pytest.mark.parametrize(("letter", "series_id"), [("W", "cup"), ("B", "nxs"), ("C", "truck")])
def test_a_series_with_a_new_sponsor_is_known_by_the_address_of_the_page(letter: str, series_id: str) -> None:
    text = rr.page(series="NASCAR Acme Series race number 12 of 36", canonical=f"{rr.URL.removesuffix('W')}{letter}")
    assert series_id == identify(Capture(text.encode())).series_id


@pytest.mark.parametrize("address", [None, f"{rr.URL}/x", rr.URL.removesuffix("W") + "A"])
def test_a_series_with_a_new_sponsor_and_no_such_address_is_refused(address: str | None) -> None:
    text = rr.page(series="NASCAR Acme Series race number 12 of 36", canonical=address)
    assert "the series 'NASCAR Acme Series' is none of the three" == refusal(text)


def test_a_row_of_results_without_a_driver_and_a_place_is_left_out_and_counted() -> None:
    table = rr.results_table([rr.RESULTS[0], ("",) * len(rr.HEADER), rr.RESULTS[1]])
    parsed = SOURCE.parse(KEY, rr.page(results=table).encode())
    assert (2, [f"{KEY}: 1 row left out: neither a driver nor a place"]) == (
        len(parsed.rows["racing_reference_pages_results"]),
        parsed.notices,
    )


def test_a_page_that_says_two_things_is_refused() -> None:
    assert "2 different lines `Lead changes: …`" == refusal(rr.page().replace("</body>", "<p>Lead changes: 20</p>"))


def test_a_page_of_another_race_than_its_document_is_refused() -> None:
    assert "this is the page of cup/2021/13" == refusal(rr.page(series="NASCAR Cup Series race number 13 of 36"))


@pytest.mark.parametrize("text", ["n/a", "N/A"])
def test_not_available_is_no_other_form(text: str) -> None:
    assert text == parse(rr.page(cautions=text)).cautions
