"""A made-up race in the form of the feed: its line in the index, its weekend feed and its lap times, which agree with each other."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date

from tests.support.feed import Payload, race, result, weekend

_FIRST_NAMES = (
    "Abe",
    "Bo",
    "Cal",
    "Dan",
    "Eli",
    "Finn",
    "Gus",
    "Hal",
    "Ian",
    "Jed",
    "Kip",
    "Lou",
    "Max",
    "Ned",
    "Otto",
    "Pete",
    "Ross",
    "Sid",
)
_SYLLABLES = (
    "bar",
    "cor",
    "dal",
    "fen",
    "gim",
    "hol",
    "jan",
    "kes",
    "lor",
    "mun",
    "nap",
    "oak",
    "pel",
    "rud",
    "sim",
    "tav",
    "und",
    "vos",
    "wex",
    "zol",
)
_MAKES = ("Chevrolet", "Ford", "Toyota")
_CAUTION_LAPS = 5


@dataclass(frozen=True)
class Track:
    """A track by the feed's number, with the length of a lap in miles."""

    number: str
    name: str
    lap_miles: float


@dataclass(frozen=True)
class Place:
    """Where a race stands in the made-up history; `drivers` are numbers of drivers, who have names and ids by these."""

    race_id: int
    series: int
    season: int
    number: int
    day: date
    track: Track
    drivers: range


@dataclass(frozen=True)
class MadeRace:
    """A race: its line in the index, its weekend feed, and who led when and how long each car ran, for its laps."""

    place: Place
    entry: Payload
    feed: Payload
    leads: tuple[tuple[int, int, int], ...]
    """First lap, last lap, and the place in the results of the car that led them."""


def driver_name(number: int) -> str:
    """A name of its own for each driver."""
    syllables = [_SYLLABLES[number // len(_SYLLABLES) ** power % len(_SYLLABLES)] for power in range(4)]
    return f"{_FIRST_NAMES[number * 7 % len(_FIRST_NAMES)]} {''.join(syllables).capitalize()}"


def make_race(place: Place, laps: int) -> MadeRace:
    """A race of so many laps, the same every time."""
    chance = random.Random(place.race_id)  # noqa: S311  # the same race every time, not a secret
    field = chance.sample(place.drivers, len(place.drivers) - 4)
    leads = _leads(chance, laps)
    led = [sum(last - first + 1 for first, last, leader in leads if leader == car) for car in range(len(field))]
    times_led = [sum(leader == car for *_, leader in leads) for car in range(len(field))]
    behind = 0
    results = []
    for car, driver in enumerate(field):
        is_out = car >= len(field) - 4
        behind += 0 if car == 0 else max(5, int(chance.expovariate(1 / 600)))
        done = laps if not is_out else laps - chance.randrange(1, max(2, laps // 2))
        results.append(
            result(
                car + 1,
                driver_name(driver),
                race_id=place.race_id,
                series_id=place.series,
                race_season=place.season,
                result_id=place.race_id * 100 + car,
                starting_position=(car * 7) % len(field) + 1 if len(field) % 7 else car + 1,
                car_number=str(car + 1),
                official_car_number=str(car + 1),
                driver_id=driver + 1,
                car_make=_MAKES[driver % 3],
                team_id=driver % 20 + 1,
                team_name=f"{_SYLLABLES[driver % 20].capitalize()} Racing",
                owner_fullname=f"{_SYLLABLES[driver % 20].capitalize()} Racing",
                laps_led=led[car],
                times_led=times_led[car],
                laps_completed=done,
                points_earned=max(1, 40 - car),
                finishing_status="Accident" if is_out else "Running",
                diff_laps=laps - done,
                diff_time=0 if is_out else behind,
            )
        )
    entry = _entry(place, chance, laps, results, leads)
    return MadeRace(place, entry, _weekend(entry, laps, results, leads), leads)


def _leads(chance: random.Random, laps: int) -> tuple[tuple[int, int, int], ...]:
    """Stretches of laps, each led by another of the first five cars than the one before; the last one by the winner."""
    ends = [*sorted(chance.sample(range(1, laps), min(12, laps // 8))), laps]
    found: list[tuple[int, int, int]] = []
    leader = 0
    for first, last in reversed(list(zip([1, *(end + 1 for end in ends)], ends, strict=False))):
        found.append((first, last, leader))
        leader = chance.choice([car for car in range(5) if car != leader])
    return tuple(reversed(found))


def _entry(
    place: Place, chance: random.Random, laps: int, results: list[Payload], leads: tuple[tuple[int, int, int], ...]
) -> Payload:
    day = f"{place.day}T15:00:00"
    miles = round(laps * place.track.lap_miles, 3)
    seconds = round(miles / chance.uniform(110, 160) * 3600)
    return race(
        race_id=place.race_id,
        series_id=place.series,
        race_season=place.season,
        race_name=f"{_SYLLABLES[place.number % 20].capitalize()} {place.number + 1} {place.series}00",
        track_id=int(place.track.number),
        track_name=place.track.name,
        date_scheduled=day,
        race_date=day,
        scheduled_distance=miles,
        actual_distance=miles,
        scheduled_laps=laps,
        actual_laps=laps,
        stage_1_laps=laps // 4,
        stage_2_laps=laps // 4,
        stage_3_laps=laps - 2 * (laps // 4),
        number_of_cars_in_field=len(results),
        number_of_lead_changes=len(leads) - 1,
        number_of_leaders=len({leader for *_, leader in leads}),
        number_of_cautions=2,
        number_of_caution_laps=2 * _CAUTION_LAPS,
        average_speed=round(miles / seconds * 3600, 3),
        total_race_time=f"{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}",
        margin_of_victory=f"{results[1]['diff_time'] / 1000:.3f}",
        winner_driver_id=results[0]["driver_id"],
    )


def _weekend(entry: Payload, laps: int, results: list[Payload], leads: tuple[tuple[int, int, int], ...]) -> Payload:
    stage_ends = (laps // 4, 2 * (laps // 4))
    stages = [
        {
            "stage_number": number,
            "results": [
                {
                    "driver_fullname": car["driver_fullname"],
                    "driver_id": car["driver_id"],
                    "car_number": car["car_number"],
                    "finishing_position": place,
                    "stage_points": 11 - place,
                }
                for place, car in enumerate(results[:10], start=1)
            ],
        }
        for number in (1, 2)
    ]
    cautions = [
        {
            "race_id": entry["race_id"],
            "start_lap": end + 1,
            "end_lap": end + _CAUTION_LAPS,
            "reason": "Competition",
            "comment": f"Stage {number} Conclusion",
            "beneficiary_car_number": None,
            "flag_state": 2,
        }
        for number, end in enumerate(stage_ends, start=1)
    ]
    leaders = [
        {"race_id": entry["race_id"], "start_lap": first, "end_lap": last, "car_number": str(leader + 1)}
        for first, last, leader in leads
    ]
    names = ("winner_driver_id", "qualifying_race_no", "qualifying_race_id")
    whole = {name: value for name, value in entry.items() if name not in names}
    return weekend(
        results,
        **whole | {"caution_segments": cautions, "race_leaders": leaders, "stage_results": stages},
    )


def lap_times(made: MadeRace) -> bytes:
    """The lap times of a race, as the document that has them: written as text, since there are millions."""
    [entry] = made.feed["weekend_race"]
    miles, laps = made.place.track.lap_miles, int(entry["actual_laps"])
    chance = random.Random(made.place.race_id)  # noqa: S311  # as above
    paces = [chance.uniform(0.97, 1.03) for _ in range(64)]
    usual = miles / float(entry["average_speed"]) * 3600
    times = [f'"LapTime":{usual * pace:.3f},"LapSpeed":"{miles / usual / pace * 3600:.3f}"' for pace in paces]
    leaders = [0, *(leader for first, last, leader in made.leads for _ in range(first, last + 1))]
    cars = []
    for car, row in enumerate(entry["results"]):
        after = [f'"RunningPos":{1 if leader == car else car + 1 + (car < leader)}}}' for leader in range(5)]
        done = int(row["laps_completed"])
        run = [f'{{"Lap":{lap},{times[(lap * 7 + car) & 63]},{after[leaders[lap]]}' for lap in range(1, done + 1)]
        run.insert(0, f'{{"Lap":0,"LapTime":null,"LapSpeed":null,{after[leaders[0]]}')
        cars.append(
            f'{{"Number":"{row["car_number"]}","FullName":"{row["driver_fullname"]}","Manufacturer":"Frd",'
            f'"RunningPos":{car + 1},"NASCARDriverID":{row["driver_id"]},"Laps":[{",".join(run)}]}}'
        )
    flags = '[{"LapsCompleted":0,"FlagState":8},' + f'{{"LapsCompleted":{laps},"FlagState":4}}]'
    return f'{{"laps":[{",".join(cars)}],"flags":{flags}}}'.encode()
