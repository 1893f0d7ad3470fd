"""What a saved race page of Racing-Reference gives: the race that it is about, its facts and its results."""

from __future__ import annotations

from dataclasses import dataclass

import msgspec

from nascar_warehouse.etl.documents import Table, Whole
from nascar_warehouse.warehouse.errors import SourceChanged

_ADVICE = (
    "open the file in a browser: if it is a race page and shows everything, "
    "change etl/sources/racing_reference_page.py or racing_reference_results.py; if not, save the page again"
)


@dataclass(frozen=True, slots=True)
class Identity:
    """Which race a page is about, and the address that it states for itself."""

    series_id: str
    season: int
    race_number: int
    url: str | None

    @property
    def key(self) -> str:
        """The name of the document: the same for every copy of the page."""
        return f"{self.series_id}/{self.season}/{self.race_number:02}"


class RacePage(msgspec.Struct, gc=False):
    """A race as its page has it: every value is a text, except those of the race's id.

    `page_url`, `archive`, `captured_at` and `digest` are what an archive says of its copy of the page.
    """

    series_id: str
    season: Whole
    race_number: Whole
    races_in_season: Whole
    series_name: str
    race_name: str
    race_date: str
    weekday: str
    track: str
    place: str | None
    laps: str
    is_shortened: bool
    lap_length: str
    surface: str
    distance: str
    race_time: str | None
    average_speed: str | None
    cautions: str | None
    lead_changes: str | None
    pole_speed: str | None
    margin_text: str | None
    page_url: str | None
    archive: str | None
    captured_at: str | None
    digest: str | None


class PageResult(msgspec.Struct, gc=False):
    """A car's result as the page has it; `money` until 2015."""

    series_id: str
    season: Whole
    race_number: Whole
    position: str
    start: str | None
    car_number: str | None
    driver: str
    sponsor_owner: str | None
    car: str | None
    laps: str | None
    money: str | None
    status: str | None
    led: str | None
    points: str | None
    playoff_points: str | None


def unexpected(what: str) -> SourceChanged:
    """Return the error for a page that is not of the known form."""
    return SourceChanged(f"unexpected content: {what}", _ADVICE)


def page_tables(source_id: str) -> dict[str, Table]:
    """Return the raw tables of a source of race pages: one of races, one of results."""
    race = ("series_id", "season", "race_number")
    return {
        source_id: Table(RacePage, race),
        f"{source_id}_results": Table(PageResult, (*race, "position", "car_number"), race=race),
    }
