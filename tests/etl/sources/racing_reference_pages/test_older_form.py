"""Race pages in the form that the site had before 2020: the same labels in other tables."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest

from nascar_warehouse.etl.formats.archive import Capture
from nascar_warehouse.etl.sources.racing_reference_page import identify
from tests.conftest import Nascar, ask_file
from tests.support import racing_reference_html as rr
from tests.support.racing_reference_parsing import SOURCE, parse, read, save

KEY = "cup/1996/12"


def test_an_older_page_has_the_facts_of_its_race() -> None:
    race = parse(rr.old_page(), KEY)
    assert ("cup", 1996, 12, 31, "Test 500", "June 2, 1996", "Dover Downs International Speedway", "Dover, DE") == (
        race.series_id,
        race.season,
        race.race_number,
        race.races_in_season,
        race.race_name,
        race.race_date,
        race.track,
        race.place,
    )
    assert ("3:04:12", "141.220 mph", "6 for 31 laps", "22", "153.410 mph", "0.34 sec") == (
        race.race_time,
        race.average_speed,
        race.cautions,
        race.lead_changes,
        race.pole_speed,
        race.margin_text,
    )


@pytest.mark.parametrize("lay_out", [rr.in_bold_cells, rr.in_one_cell, rr.beside, rr.in_cells, rr.in_lines])
def test_a_label_of_an_older_page_is_found_however_it_is_laid_out(lay_out: Callable[[dict[str, str]], str]) -> None:
    race = parse(rr.old_page(details=lay_out(rr.OLD_DETAILS)), KEY)
    assert ("0.34 sec", "3:04:12", "22", "6 for 31 laps") == (
        race.margin_text,
        race.race_time,
        race.lead_changes,
        race.cautions,
    )


@pytest.mark.parametrize("label", ["Margin Of Victory:", "margin of victory:", "Margin of victory :"])
def test_a_label_may_be_written_in_any_letters(label: str) -> None:
    assert "0.34 sec" == parse(rr.old_page().replace("Margin of victory:", label), KEY).margin_text


def test_a_sentence_with_a_label_in_it_is_no_label() -> None:
    text = rr.old_page().replace("</body>", "<p>About the Margin of victory: it is not known before 1972.</p></body>")
    assert "0.34 sec" == parse(text, KEY).margin_text


def test_the_results_of_an_older_page_are_known_by_their_header() -> None:
    [first, second] = SOURCE.parse(KEY, rr.old_page().encode()).rows["racing_reference_pages_results"]
    assert ("1", "7", "07", "Ann Winner", "Test Oil (Olga Owner)", "317", "82,150", "running", "120", None) == tuple(
        getattr(first, name)
        for name in (
            "position",
            "start",
            "car_number",
            "driver",
            "sponsor_owner",
            "laps",
            "money",
            "status",
            "led",
            "points",
        )
    )
    assert "(Bob Second)" == getattr(second, "sponsor_owner", None)


@pytest.mark.parametrize(
    ("changes", "notices"),
    [
        ({"margin_of_victory": "(under caution)"}, []),
        ({"margin_of_victory": "2 laps +"}, []),
        ({"time_of_race": "3:04:12 (under caution)"}, []),
        ({"margin_of_victory": ""}, []),
        ({"margin_of_victory": "a nose"}, [f"{KEY}: unknown margin 'a nose', stored as it is and not used"]),
    ],
)
def test_only_a_text_of_an_unknown_form_is_reported(changes: dict[str, str], notices: list[str]) -> None:
    assert notices == SOURCE.parse(KEY, rr.old_page(**changes).encode()).notices


@pytest.mark.parametrize("form", ["race", "race-results"])
def test_the_address_of_an_archive_names_the_series_of_a_page_that_has_none(form: str) -> None:
    text = rr.old_page(series="NASCAR Acme Series race number 12 of 31").encode()
    address = f"http://racing-reference.info/{form}/1996_Test_500/W"
    found = identify(Capture(text, url=address))
    assert ("cup", address) == (found.series_id, found.url)


def test_an_older_page_is_read_in_the_encoding_that_its_archive_states() -> None:
    row = ("1", "7", "07", "Daniel Suárez", *rr.OLD_RESULTS[0][4:])
    text = rr.old_page(rows=[row]).encode("cp1252")
    assert KEY == identify(Capture(text, "text/html; charset=iso-8859-1")).key


def test_what_an_older_page_says_is_published(nascar: Nascar, home: Path, folder: Path) -> None:
    save(folder, "a.html", rr.old_page(time_of_race="3:04:12 (under caution)"))
    left = read(nascar, folder)
    assert 0 == left.code, left.err
    columns = "race_time_seconds, margin_seconds, cautions, caution_laps"
    assert [(11052, Decimal("0.3400"), 6, 31)] == ask_file(
        home / "nascar.duckdb", f"SELECT {columns} FROM staging.racing_reference_pages"
    )
