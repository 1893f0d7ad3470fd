"""The league's list of drivers: whose birth date it gives, and what stops it."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from nascar_warehouse.etl.sources.nascar_drivers import SOURCE, Driver
from nascar_warehouse.warehouse.errors import SourceChanged
from tests.conftest import Ask, Nascar
from tests.support.feed import HOST, FeedFolder


def driver(driver_id: int, name: str, **changes: object) -> dict[str, Any]:
    """A row of the list, as its publisher writes it; changes replace fields."""
    first, _, last = name.partition(" ")
    return {
        "Nascar_Driver_ID": driver_id,
        "Driver_ID": 1000 + driver_id,
        "First_Name": first,
        "Last_Name": last,
        "Full_Name": name,
        "DOB": "1990-02-01T00:00:00",
        "DOD": "0001-01-01T00:00:00",
        "Hometown_City": "Kannapolis",
        "Hometown_State": "North Carolina",
        "Hometown_Country": "United States",
        "Hobbies": "",
        "Age": 0,
    } | changes


def listed(*drivers: dict[str, Any]) -> bytes:
    return json.dumps({"status": 200, "message": str(len(drivers)), "response": drivers}).encode()


def test_a_row_has_what_is_needed_of_a_driver() -> None:
    assert [
        Driver(
            driver_id=1,
            page_id=1001,
            full_name="Ann Winner",
            birth_date="1990-02-01T00:00:00",
            hometown_city="Kannapolis",
            hometown_state="North Carolina",
            hometown_country="United States",
        )
    ] == SOURCE.parse("drivers", listed(driver(1, "Ann Winner"))).rows["nascar_drivers"]


def test_a_row_without_an_id_is_left_out_and_counted() -> None:
    parsed = SOURCE.parse("drivers", listed(driver(0, "Nobody Known"), driver(2, "Bob Second")))
    assert 1 == len(parsed.rows["nascar_drivers"])
    assert ["drivers: 1 row left out: no id that results have, or listed twice"] == parsed.notices


@pytest.mark.parametrize("born", ["1990-02-30T00:00:00", "February 1, 1990", None, 1990])
def test_a_birth_date_that_is_no_day_stops_the_list(born: object) -> None:
    with pytest.raises(SourceChanged, match="unexpected content"):
        SOURCE.parse("drivers", listed(driver(1, "Ann Winner", DOB=born)))


def test_a_list_without_birth_dates_is_another_structure() -> None:
    row = driver(1, "Ann Winner")
    del row["DOB"]
    with pytest.raises(SourceChanged, match="missing required field `DOB`"):
        SOURCE.parse("drivers", listed(row))


def test_a_driver_has_the_birth_date_that_the_list_gives(nascar: Nascar, one_race: FeedFolder, ask: Ask) -> None:
    put_list(
        one_race.root,
        driver(1, "Ann Winner"),
        driver(1, "Ann Winner", Driver_ID=7, DOB=""),
        driver(2, "Bob Second"),
        driver(2, "Bob Second", Driver_ID=8, DOB="1991-02-01T00:00:00"),
        driver(77, "Not Seen"),
    )
    left = nascar("ingest", "nascar_drivers", "--mirror", one_race.root)
    assert 0 == left.code, left.err
    assert [("ann-winner", date(1990, 2, 1)), ("bob-second", None)] == ask(
        "SELECT driver_id, birth_date FROM core.drivers WHERE driver_id IN ('ann-winner', 'bob-second', 'not-seen') ORDER BY 1"
    )


def put_list(mirror: Path, *drivers: dict[str, Any]) -> None:
    path = mirror / HOST / "drivers.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(listed(*drivers))
