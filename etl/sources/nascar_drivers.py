"""The league's list of drivers, cf.nascar.com/cacher/drivers.json: birth dates and homes, one document for all seasons.

The list has every driver who has a page there, most of them without a birth date and some several times. `driver_id`
is the id that the results of the feed have. Only what this warehouse needs is read; the rest, much of it personal or
about the pages, may be there or not. There is no contract.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated

import msgspec

from nascar_warehouse.etl.documents import Document, Parsed, Selection, Source, Table, Whole
from nascar_warehouse.etl.formats.json_payload import decode
from nascar_warehouse.etl.sources.words import rows_left_out
from nascar_warehouse.warehouse.errors import SourceChanged

_URL = "https://cf.nascar.com/cacher/drivers.json"

# A day as the list writes it, with a time that is always midnight; "" is unknown.
_Day = Annotated[str, msgspec.Meta(pattern="^([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+)?$")]


class Driver(msgspec.Struct, gc=False, kw_only=True):
    """A row of the list. "" stands for an unknown text or day; the list has no driver 0."""

    driver_id: Whole = msgspec.field(name="Nascar_Driver_ID")
    page_id: Whole = msgspec.field(name="Driver_ID")
    full_name: str = msgspec.field(name="Full_Name")
    birth_date: _Day = msgspec.field(name="DOB")
    hometown_city: str = msgspec.field(name="Hometown_City")
    hometown_state: str = msgspec.field(name="Hometown_State")
    hometown_country: str = msgspec.field(name="Hometown_Country")


class _Answer(msgspec.Struct, gc=False):
    response: list[Driver]


class NascarDrivers(Source):
    """The source; see the module."""

    source_id = "nascar_drivers"
    order = 15
    tables = {"nascar_drivers": Table(Driver, ("driver_id", "page_id"))}  # noqa: RUF012  # a constant of the class, read through the protocol

    def index_documents(self, selection: Selection) -> list[Document]:  # noqa: ARG002  # the list is one whole
        """The list, which may change any day and is not about one season."""
        return [Document(self.source_id, "drivers", _URL, is_index=True)]

    def parse(self, key: str, content: bytes) -> Parsed:
        """A row a driver and page; a lost field, another type or a day that is none raises `SourceChanged`."""
        answer, _ = decode(content, _Answer)
        drivers = {(row.driver_id, row.page_id): row for row in answer.response if row.driver_id}
        for row in drivers.values():
            _require_day(row)
        left_out = len(answer.response) - len(drivers)
        return Parsed(
            {"nascar_drivers": list(drivers.values())},
            rows_left_out(key, left_out, "no id that results have, or listed twice"),
        )


def _require_day(row: Driver) -> None:
    try:
        if row.birth_date:
            date.fromisoformat(row.birth_date[:10])
    except ValueError as error:
        raise SourceChanged(
            f"unexpected content: the birth date of {row.full_name} is {row.birth_date!r}",
            "ask again later; if it stays so, look at the list",
        ) from error


SOURCE = NascarDrivers()
