"""A publisher asked repeatedly as time passes: corrections arrive, and only due documents are asked for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from nascar_warehouse.etl.documents import UNCONDITIONAL, Response, Validators
from nascar_warehouse.warehouse.storage.home import Home
from tests.conftest import ask_file
from tests.support.feed import FeedFolder, Payload, season, weekend
from tests.support.misbehaving import canned
from tests.support.publisher import Clock, Publisher, Run, Timed, opened_publisher

pytestmark = pytest.mark.slow
"""Whole warehouses are built several times."""


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch)


@pytest.fixture
def publisher(home: Path, clock: Clock) -> Iterator[Publisher]:
    """A publisher that answers 404 for what it does not have; `test_refusal.py` has one that answers 403."""
    with opened_publisher(home, clock) as opened:
        opened.archive.missing = canned(status=404)
        yield opened


def indexes(first: int, last: int) -> list[str]:
    return [f"{year}/race_list_basic" for year in range(first, last + 1)]


# --- the captured responses


@dataclass
class Years:
    """Runs on the days of the captures and one more, and the warehouse after them."""

    runs: list[Run]
    warehouse: Path
    identities: list[str]


@pytest.fixture(scope="session")
def years(captures: Path, tmp_path_factory: pytest.TempPathFactory) -> Years:
    folder = tmp_path_factory.mktemp("years")
    with pytest.MonkeyPatch.context() as patch, opened_publisher(folder, Clock(patch)) as publisher:
        publisher.archive.missing = canned(status=404)
        runs, identities = [], []
        for day in ("2020-06-11", "2022-11-23", "2025-11-19"):
            runs.append(publisher.run(day, captures / day))
            identities.append(Home(folder).published_fingerprint())
        runs.append(publisher.run("2025-11-19T06:00"))
        identities.append(Home(folder).published_fingerprint())
    return Years(runs, folder / "nascar.duckdb", identities)


def test_the_captures_are_ingested_over_the_years(years: Years) -> None:
    # The copies of 2020 and 2022 have indexes without weekends, and no copy has those of 2017.
    assert [3, 3, 3, 3] == [run.outcome.exit_code for run in years.runs]
    lacking = [{problem.document.split()[1][:4] for problem in run.outcome.problems} for run in years.runs[2:]]
    assert [{"2017"}, {"2017"}] == lacking
    assert len({*years.identities}) == 3


@pytest.mark.parametrize("turn", range(4))
def test_nothing_is_asked_for_twice_in_a_run(years: Years, turn: int) -> None:
    assert [] == [key for key, count in Counter(years.runs[turn].asked).items() if count > 1]


@pytest.mark.parametrize("turn", range(4))
def test_a_run_asks_for_what_was_planned_and_what_a_new_index_led_to(years: Years, turn: int) -> None:
    run = years.runs[turn]
    assert [] == sorted(set(run.planned) - set(run.asked))
    assert {"weekend-feed"} >= {key.rsplit("/", 1)[1] for key in set(run.asked) - set(run.planned)}


@pytest.mark.parametrize("turn", range(4))
def test_requests_for_kept_documents_are_conditional(years: Years, turn: int) -> None:
    run = years.runs[turn]
    held = {
        key
        for (key,) in ask_file(
            years.warehouse,
            "SELECT document_key FROM ops.documents WHERE source_id = 'nascar_feed'"
            f" AND fetched_at < TIMESTAMP '{('2020-06-11', '2022-11-23', '2025-11-19', '2025-11-19 06:00')[turn]}'",
        )
    }
    assert sorted(held & set(run.asked)) == sorted(run.conditional)


def test_after_a_run_only_the_index_of_the_running_season_is_due(years: Years) -> None:
    assert [[f"{year}/race_list_basic"] for year in (2020, 2022, 2025, 2025)] == [
        run.planned_after for run in years.runs
    ]


def test_a_run_with_nothing_new_makes_one_conditional_request(years: Years) -> None:
    run = years.runs[3]
    live = ["2025/race_list_basic"]
    assert (live, live, live) == (run.planned, run.asked, run.conditional)
    assert (0, False) == (run.outcome.documents_new, run.outcome.is_published)


@pytest.mark.parametrize(
    ("race_key", "column", "expected"),
    [
        # An index of a season long over, repaired twice.
        (
            "4704",
            "race_name",
            [("Overton’s 400 ", "Overton’s 400", True), ("Overton’s 400", "Overton's 400", True)],  # noqa: RUF001
        ),
        ("5172", "winner_driver_id", [("4030", None, True)]),
        # These were only scheduled before.
        ("4886", "margin_of_victory", [("", ".761", False)]),
        ("5183", "margin_of_victory", [(None, "0.301", False)]),
    ],
)
def test_corrections_of_the_publisher_arrive(
    years: Years, race_key: str, column: str, expected: list[tuple[str | None, str | None, bool]]
) -> None:
    assert expected == ask_file(
        years.warehouse,
        "SELECT old_value, new_value, is_correction FROM ops.changes WHERE table_name = 'nascar_feed_races'"
        f" AND row_key = '{race_key}' AND column_name = '{column}' ORDER BY seen_at",
    )


def test_a_correction_has_the_day_on_which_it_arrived(years: Years) -> None:
    assert [("2022-11-23",), ("2025-11-19",)] == ask_file(
        years.warehouse,
        "SELECT DISTINCT seen_at::DATE::VARCHAR FROM ops.changes WHERE table_name = 'nascar_feed_races' ORDER BY 1",
    )


# --- a season made by hand


RACES = 12


@pytest.fixture
def site(tmp_path: Path) -> FeedFolder:
    """A publisher's folder with a season of races that were run early in 2021."""
    feed = FeedFolder(tmp_path / "site")
    races = season(RACES, 2021)
    feed.put_index(*races, year=2021)
    for listed in races:
        put_weekend(feed, int(listed["race_id"]), str(listed["race_date"]))
    return feed


def put_weekend(feed: FeedFolder, race_id: int, race_date: str, margin: str = "0.100") -> None:
    content = weekend(race_id=race_id, race_season=2021, race_date=race_date, margin_of_victory=margin)
    for name in ("results", "caution_segments", "race_leaders"):
        for row in content["weekend_race"][0][name]:
            row |= {key: value for key, value in {"race_id": race_id, "race_season": 2021}.items() if key in row}
    feed.put_weekend(content, year=2021)


def weekends(*numbers: int) -> list[str]:
    return [f"2021/1/{9000 + number}/weekend-feed" for number in numbers]


@pytest.mark.slow
def test_the_index_of_a_past_season_is_asked_for_once_a_month(publisher: Publisher, site: FeedFolder) -> None:
    publisher.run("2021-12-01", site.root)
    days = ("2022-02-01", "2022-02-02", "2022-03-02", "2022-03-03", "2022-03-04")
    asked = [publisher.run(day).asked for day in days]
    assert [1, 0, 0, 1, 0] == [keys.count("2021/race_list_basic") for keys in asked]


def test_a_late_correction_in_an_old_index_leads_to_its_weekend(
    publisher: Publisher, site: FeedFolder, home: Path
) -> None:
    publisher.run("2023-01-01", site.root)
    races = season(RACES, 2021)
    races[3]["margin_of_victory"] = "0.250"
    site.put_index(*races, year=2021)
    put_weekend(site, 9004, str(races[3]["race_date"]), "0.250")
    run = publisher.run("2023-06-01")
    assert ["2021/race_list_basic", *weekends(4)] == [key for key in run.asked if key.startswith("2021/")]
    assert [("0.250",)] == ask_file(
        home / "nascar.duckdb",
        "SELECT margin_text FROM core.race_margins WHERE race_id = 'cup-2021-04' AND basis = 'line'",
    )


@pytest.mark.parametrize(
    "stop",
    [pytest.param(KeyboardInterrupt, id="Ctrl-C"), pytest.param(MemoryError, id="a crash", marks=pytest.mark.slow)],
)
def test_an_interrupted_backfill_continues_where_it_stopped(
    publisher: Publisher, site: FeedFolder, monkeypatch: pytest.MonkeyPatch, stop: type[BaseException]
) -> None:
    fetch = Timed.fetch

    def stop_at_the_sixth(self: Timed, url: str, *, validators: Validators = UNCONDITIONAL) -> Response:
        if url.endswith("9006/weekend-feed.json"):
            raise stop
        return fetch(self, url, validators=validators)

    with monkeypatch.context() as patch:
        patch.setattr(Timed, "fetch", stop_at_the_sixth)
        with pytest.raises(stop):
            publisher.run("2021-12-01", site.root)
    run = publisher.run("2021-12-01T01:00")
    assert ["2021/race_list_basic", *weekends(*range(6, RACES + 1))] == run.asked
    assert (0, True, ["2021/race_list_basic"]) == (run.outcome.exit_code, run.outcome.is_published, run.conditional)


def test_a_missing_index_is_asked_for_again(publisher: Publisher, site: FeedFolder) -> None:
    first = publisher.run("2021-12-01")
    assert indexes(2015, 2021) == first.asked
    assert "2021/race_list_basic" in publisher.run("2021-12-01T01:00", site.root).asked


@pytest.mark.slow
def test_a_sweep_does_not_fail_when_a_season_has_no_index_yet(publisher: Publisher, site: FeedFolder) -> None:
    publisher.run("2021-12-01", site.root)
    codes = [publisher.run(day).outcome.exit_code for day in ("2022-01-01", "2022-01-02", "2022-01-20")]
    assert [0, 0, 0] == codes


def test_a_publisher_that_has_nothing_at_all_is_unavailable(publisher: Publisher) -> None:
    assert 3 == publisher.run("2021-12-01").outcome.exit_code


# --- an index that its publisher overwrote


def overwritten(number: int) -> Payload:
    """A race of 2018, as the index of 2017 has it today."""
    [listed] = season(1, 2018)
    return listed | {"race_id": 9500 + number}


def test_an_older_version_of_an_index_is_used_where_the_newest_has_another_season(
    publisher: Publisher, tmp_path: Path
) -> None:
    feed = FeedFolder(tmp_path / "true")
    [listed] = season(1, 2017)
    feed.put_index(listed | {"race_id": 4600, "race_name": "Known Name"}, year=2017)
    publisher.run("2020-06-11", feed.root)
    overwriting = FeedFolder(tmp_path / "overwritten")
    overwriting.put_index(overwritten(1), year=2017)
    run = publisher.run("2022-11-23", overwriting.root)
    assert "2017/1/4600/weekend-feed" in run.asked
    # Only the index that is true says that this race was run.
    assert ["nascar_feed 2017/1/4600/weekend-feed"] == [problem.document for problem in run.outcome.problems]


def test_weekends_are_asked_for_by_known_ids_where_every_version_of_an_index_has_another_season(
    publisher: Publisher, tmp_path: Path
) -> None:
    feed = FeedFolder(tmp_path / "overwritten")
    feed.put_index(overwritten(1), year=2017)
    run = publisher.run("2022-11-23", feed.root)
    asked = [key for key in run.asked if key.startswith("2017/") and key.endswith("weekend-feed")]
    assert (97, "2017/1/4576/weekend-feed") == (len(asked), asked[0])
    assert 0 == run.outcome.exit_code
