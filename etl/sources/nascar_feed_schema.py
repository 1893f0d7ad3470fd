"""The shapes of what cf.nascar.com sends: an index and a weekend feed.

A field is required unless it has a default: some seasons lack those. What people write, such as a status or a make, may
be null. Ignored fields are named, so that a field that is not named here is reported as new.
"""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import UNSET, UnsetType

from nascar_warehouse.etl.documents import NOTHING, Count, Ignored, Place, Whole

# Miles, miles an hour, seconds: the columns of staging hold no more, and no race has.
_Figure = Annotated[float, msgspec.Meta(ge=0, le=9_999)]


class _Strict(msgspec.Struct, gc=False, forbid_unknown_fields=True):
    pass


def has_race_time(clock: str | None, leaders: int | None) -> bool:
    """Whether a time of a race says that it was run: `0:00:00` does so only of a race that had leaders."""
    return not set(clock or "") <= set("0:. ") or bool((clock or "").strip() and leaders)


class Race(_Strict, kw_only=True):
    """A race as the season's index lists it. Distances in miles, speeds in mph; 0 and "" stand for unknown."""

    race_id: Whole
    series_id: Literal[1, 2, 3]
    race_season: Whole
    race_name: str
    race_type_id: Literal[1, 2, 3]
    restrictor_plate: bool
    track_id: Whole
    track_name: str
    date_scheduled: str | None
    race_date: str | None
    scheduled_distance: _Figure
    actual_distance: _Figure
    scheduled_laps: Count
    actual_laps: Count
    number_of_cars_in_field: Count
    pole_winner_driver_id: Whole
    pole_winner_speed: _Figure
    number_of_lead_changes: Count
    number_of_leaders: Count
    number_of_cautions: Count
    number_of_caution_laps: Count
    average_speed: _Figure
    master_race_id: Whole
    total_race_time: str | None = None
    stage_1_laps: Whole | UnsetType | None = UNSET
    stage_2_laps: Whole | UnsetType | None = UNSET
    stage_3_laps: Whole | UnsetType | None = UNSET
    stage_4_laps: Whole | None = None
    margin_of_victory: str | UnsetType | None = UNSET
    winner_driver_id: Whole | Literal[""] | UnsetType | None = UNSET
    playoff_round: Whole | None = None
    inspection_complete: bool | None = None
    attendance: Whole | None = None
    radio_broadcaster: str | None = None
    television_broadcaster: str | None = None

    qualifying_date: Ignored = NOTHING
    tunein_date: Ignored = NOTHING
    race_purse: Ignored = NOTHING
    race_comments: Ignored = NOTHING
    satellite_radio_broadcaster: Ignored = NOTHING
    short_name: Ignored = NOTHING
    infractions: Ignored = NOTHING
    has_qualifying: Ignored = NOTHING
    is_qualifying_race: Ignored = NOTHING
    qualifying_race_no: Ignored = NOTHING
    qualifying_race_id: Ignored = NOTHING
    pole_winner_laptime: Ignored = NOTHING

    @property
    def is_final(self) -> bool:
        """Whether the race had been run when this was written; a later difference is a correction."""
        return has_race_time(self.total_race_time, self.number_of_leaders) or bool(self.winner_driver_id)


class Result(_Strict, kw_only=True):
    """A car's result. `finishing_position` 0 did not start; `diff_time` is in ms behind the winner, 0 is unknown."""

    race_id: Whole
    result_id: Whole
    series_id: Literal[1, 2, 3]
    race_season: Whole
    finishing_position: Place
    starting_position: Place
    car_number: str
    official_car_number: str
    driver_id: Whole | None
    driver_fullname: str | None
    team_id: Whole
    team_name: str | None
    owner_id: Whole | None
    owner_fullname: str | None
    crew_chief_fullname: str | None
    crew_chief_id: Whole | None = None
    car_make: str | None
    car_model: str | None
    sponsor: str | None
    hometown_city: str | None
    hometown_state: str | None
    hometown_country: str | None = None
    qualifying_position: Place
    qualifying_speed: _Figure
    laps_completed: Count
    laps_led: Count
    times_led: Count
    finishing_status: str | None
    disqualified: bool | UnsetType | None = UNSET
    diff_laps: Whole | UnsetType | None = UNSET
    diff_time: Whole | UnsetType | None = UNSET
    points_earned: Whole
    playoff_points_earned: Whole | None
    points_position: Whole

    driver_hometown: Ignored = NOTHING
    qualifying_order: Ignored = NOTHING
    winnings: Ignored = NOTHING
    points_delta: Ignored = NOTHING

    @property
    def says_nothing(self) -> bool:
        """Whether the row has neither a driver nor a place: it keeps a place on the list of a race to come."""
        return not self.finishing_position and not (self.driver_fullname or "").strip()


class Caution(_Strict):
    """A caution period, both laps included."""

    race_id: Whole
    start_lap: Count
    end_lap: Count
    flag_state: Whole
    reason: str | None
    comment: str | None
    beneficiary_car_number: str | None


class Leader(_Strict):
    """A stretch of laps that one car led, both laps included; 0 to 0 is the car on the pole before the start."""

    race_id: Whole
    start_lap: Count
    end_lap: Count
    car_number: str


class _StagePosition(_Strict):
    finishing_position: Place
    car_number: str
    driver_id: Whole | None
    driver_fullname: str | None
    stage_points: Whole


class _Stage(_Strict):
    stage_number: Count
    results: list[_StagePosition]


class StageResult(_Strict):
    """A car's place at the end of a stage; the feed lists the first ten."""

    race_id: Whole
    stage_number: Count
    finishing_position: Place
    car_number: str
    driver_id: Whole | None
    driver_fullname: str | None
    stage_points: Whole


class Weekend(Race, kw_only=True):
    """The one race of a weekend feed, with what happened in it."""

    results: list[Result]
    caution_segments: list[Caution]
    race_leaders: list[Leader]
    stage_results: list[_Stage]

    pit_reports: Ignored = NOTHING


class Index(_Strict):
    """The races of a season by series: Cup, the second series, Trucks."""

    series_1: list[Race]
    series_2: list[Race]
    series_3: list[Race]


class WeekendFeed(_Strict):
    """A list of one race."""

    weekend_race: list[Weekend]
    weekend_runs: Ignored = NOTHING
