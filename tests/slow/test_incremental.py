"""News in any order give the same rows as a build of everything."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from nascar_warehouse.warehouse.storage.home import Home
from tests.conftest import ask_file
from tests.support.commands import Left, run_on
from tests.support.compare_warehouses import compare_warehouses
from tests.support.feed import FeedFolder, Payload, result
from tests.support.made_season import YEAR, Made, made_race, put_season
from tests.support.nascar_results_files import NascarResultsFolder, results

RACES = 5
DRIVERS = ["Ann Winner", "Bob Second", "Cy Third", "Di Fourth"]

Change = Callable[[Payload], None]
"""What a publisher changes in a line of the index, a weekend's race or a result."""

OF_A_RACE: dict[str, Change] = {
    "another day": lambda race: race.update(race_date=race["race_date"][:8] + "28T15:00:00"),
    "another track": lambda race: race.update(track_id=103, track_name="Dover Motor Speedway"),
    "another name": lambda race: race.update(race_name="Renamed 300"),
    "another margin": lambda race: race.update(margin_of_victory="Under Caution"),
    "other laps": lambda race: race.update(actual_laps=101, scheduled_laps=101),
}
OF_A_RESULT: dict[str, Change] = {
    "another spelling": lambda row: row.update(driver_fullname=row["driver_fullname"].upper()),
    "Glenn Dunaway.": lambda row: row.update(driver_fullname="Glenn Dunaway."),
    "a new driver": lambda row: row.update(driver_fullname="Newcomer Fifth"),
    "another owner": lambda row: row.update(owner_fullname="Second Owner"),
    "another team": lambda row: row.update(team_name="Second Team"),
    "a new make": lambda row: row.update(car_make="Tesla"),
    "another car": lambda row: row.update(car_number="99", official_car_number="99"),
    "disqualified": lambda row: row.update(disqualified=True),
    "no gap": lambda row: row.update(diff_time=0),
}

races = st.integers(1, RACES)
changes = st.one_of(
    st.tuples(races, st.sampled_from(["announced", "run", "entries"]), st.just(0)),
    st.tuples(races, st.sampled_from([*OF_A_RACE]), st.just(0)),
    st.tuples(races, st.sampled_from([*OF_A_RESULT]), st.integers(0, len(DRIVERS) - 1)),
)


class Publisher:
    """A season of which some races are known, each with what was changed of it so far."""

    def __init__(self, folder: Path) -> None:
        self.feed = FeedFolder(folder)
        self.changed: dict[int, list[tuple[str, int]]] = {1: [], 2: []}

    def change(self, number: int, what: str, place: int) -> None:
        """Change a race; one that is unknown was run by then."""
        if what == "run":
            self.changed[number] = []
        else:
            self.changed.setdefault(number, []).append((what, place))
        put_season(self.feed, *(self._race(number) for number in sorted(self.changed)))

    def _race(self, number: int) -> Made:
        rows = [
            result(place, driver, result_id=number * 100 + place, diff_time=100 * (place - 1))
            for place, driver in enumerate(DRIVERS[number % 2 :], start=1)
        ]
        kinds = {what for what, _ in self.changed[number]}
        if "entries" in kinds:
            rows = [row | {"finishing_position": 0, "laps_completed": 0} for row in rows]
        for what, place in self.changed[number]:
            if what in OF_A_RESULT:
                OF_A_RESULT[what](rows[place % len(rows)])
        entry, weekend = made_race(number, rows, has_weekend="announced" not in kinds)
        for what in kinds & OF_A_RACE.keys():
            OF_A_RACE[what](entry)
            if weekend is not None:
                OF_A_RACE[what](weekend["weekend_race"][0])
        return entry, weekend


def ingest(home: Path, publisher: Publisher) -> Left:
    return run_on(home, "ingest", "nascar_feed", "--season", YEAR, "--mirror", publisher.feed)


@settings(max_examples=4, deadline=None, derandomize=True)
@given(order=st.lists(changes, min_size=3, max_size=6))
def test_documents_in_any_order_leave_no_trace(order: list[tuple[int, str, int]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        home, publisher = Path(folder) / "home", Publisher(Path(folder) / "mirror")
        publisher.change(1, "run", 0)
        ingest(home, publisher)
        for number, what, place in order:
            publisher.change(number, what, place)
            ingest(home, publisher)
        # A version that is set aside is no news: what is known of it is published with the next.
        publisher.change(RACES + 1, "run", 0)
        ingest(home, publisher)
        rebuilt = Path(shutil.copytree(home, Path(folder) / "rebuilt"))
        run_on(rebuilt, "rebuild")
        assert [] == compare_warehouses(Home(home).published, Home(rebuilt).published)


def test_a_new_spelling_reaches_a_race_whose_results_lack_the_driver(tmp_path: Path) -> None:
    """Glenn Dunnaway crossed the line first in the first race of 1949, and was disqualified."""
    home, publisher = tmp_path / "home", Publisher(tmp_path / "mirror")
    NascarResultsFolder(tmp_path / "mirror").put_results(*results(1, *DRIVERS, season=1949))
    publisher.change(1, "run", 0)
    sources = ("nascar_results", "nascar_feed")
    run_on(home, "ingest", *sources, "--season", YEAR, "--mirror", publisher.feed)
    publisher.change(2, "Glenn Dunaway.", 0)
    run_on(home, "ingest", *sources, "--season", YEAR, "--mirror", publisher.feed)
    rebuilt = Path(shutil.copytree(home, tmp_path / "rebuilt"))
    run_on(rebuilt, "rebuild")
    assert [] == compare_warehouses(Home(home).published, Home(rebuilt).published)
    assert [("Glenn Dunaway.",)] == ask_file(
        Home(home).published, "SELECT winner FROM marts.finishes WHERE race_id = 'cup-1949-01' AND basis = 'line'"
    )
