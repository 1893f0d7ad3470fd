"""Who is who: each spelling of a driver, a team, an owner and a make means one thing, and people of one name stay apart."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

from nascar_warehouse import sql
from nascar_warehouse.etl import cli
from nascar_warehouse.warehouse.build.runner import make_raw_tables
from tests.conftest import Ask, ask_file
from tests.support.nascar_results_files import NascarResultsFolder, result
from tests.support.racing_data_files import RacingDataFolder, race
from tests.support.racing_data_files import result as result_there

SPELLINGS = Path(__file__).parent / "spellings.csv"


@pytest.fixture(scope="session")
def seeds() -> Iterator[duckdb.DuckDBPyConnection]:
    """The seeds, the rule that makes an id of a name, and what spellings are known to mean; no warehouse."""
    with duckdb.connect() as con:
        make_raw_tables(con, Path(":memory:"))
        for name in ("slug", "driver_slug"):
            con.execute((Path(sql.__file__).parent / "staging" / f"{name}.sql").read_text())
        con.execute(
            f"CREATE VIEW spellings AS FROM read_csv('{SPELLINGS}', header = true, all_varchar = true, comment = '')"
        )
        yield con


def rows(con: duckdb.DuckDBPyConnection, statement: str) -> list[tuple[Any, ...]]:
    return con.execute(statement).fetchall()


# --- drivers


def test_there_are_hundreds_of_spellings(seeds: duckdb.DuckDBPyConnection) -> None:
    [(count,)] = rows(seeds, "SELECT count(*) FROM spellings")
    assert count >= 700


def test_each_spelling_means_the_driver_that_a_person_says(seeds: duckdb.DuckDBPyConnection) -> None:
    assert [] == rows(
        seeds,
        """
        SELECT spelling, spellings.source_id, season, spellings.driver_id, coalesce(known.driver_id, staging.driver_slug(spelling))
        FROM spellings
        LEFT JOIN seeds.driver_aliases AS known
          ON spelling = known.driver_name
          AND spellings.source_id = coalesce(known.source_id, spellings.source_id)
          AND season::INTEGER BETWEEN coalesce(first_season::INTEGER, 0) AND coalesce(last_season::INTEGER, 9999)
        WHERE spellings.driver_id IS DISTINCT FROM coalesce(known.driver_id, staging.driver_slug(spelling))
        """,
    )


def test_an_alias_means_one_driver_in_a_season(seeds: duckdb.DuckDBPyConnection) -> None:
    assert [] == rows(
        seeds,
        """
        SELECT one.driver_name, one.driver_id, other.driver_id
        FROM seeds.driver_aliases AS one
        INNER JOIN seeds.driver_aliases AS other
          ON one.driver_name = other.driver_name
          AND coalesce(one.source_id, other.source_id, '') = coalesce(other.source_id, one.source_id, '')
          AND one.driver_id < other.driver_id
          AND coalesce(one.first_season, '0') <= coalesce(other.last_season, '9999')
          AND coalesce(other.first_season, '0') <= coalesce(one.last_season, '9999')
        """,
    )


def test_the_driver_of_an_alias_is_an_id_that_a_name_could_have(seeds: duckdb.DuckDBPyConnection) -> None:
    assert [] == rows(seeds, "SELECT * FROM seeds.driver_aliases WHERE driver_id <> staging.slug(driver_id)")


def test_relatives_and_namesakes_are_two_ids(seeds: duckdb.DuckDBPyConnection) -> None:
    assert [] == rows(seeds, "FROM seeds.distinct_drivers WHERE driver_id = other_driver_id")


def test_no_alias_makes_one_of_two_relatives_or_namesakes(seeds: duckdb.DuckDBPyConnection) -> None:
    # Whatever a source calls one of the two, it is not an id of the other.
    assert [] == rows(
        seeds,
        """
        WITH pairs AS (
          SELECT driver_id, other_driver_id FROM seeds.distinct_drivers
          UNION
          SELECT other_driver_id, driver_id FROM seeds.distinct_drivers
        )
        SELECT pairs.driver_id, pairs.other_driver_id, known.driver_name
        FROM pairs
        INNER JOIN seeds.driver_aliases AS known
          ON known.source_id IS NULL AND known.first_season IS NULL AND known.last_season IS NULL
          AND staging.slug(known.driver_name) = pairs.driver_id AND known.driver_id = pairs.other_driver_id
        """,
    )


def test_relatives_and_namesakes_are_different_people_in_the_warehouse(
    seeds: duckdb.DuckDBPyConnection, history: Path
) -> None:
    known = {driver_id for (driver_id,) in ask_file(history / "nascar.duckdb", "SELECT driver_id FROM core.drivers")}
    pairs = rows(seeds, "SELECT driver_id, other_driver_id FROM seeds.distinct_drivers")
    assert [] == [pair for pair in pairs if not known.issuperset(pair)]


def test_the_driver_of_each_alias_is_in_the_warehouse(seeds: duckdb.DuckDBPyConnection, history: Path) -> None:
    known = {driver_id for (driver_id,) in ask_file(history / "nascar.duckdb", "SELECT driver_id FROM core.drivers")}
    meant = {driver_id for (driver_id,) in rows(seeds, "SELECT driver_id FROM seeds.driver_aliases")}
    assert set() == meant - known


def test_a_spelling_means_one_driver_in_a_season(history: Path) -> None:
    assert [] == ask_file(
        history / "nascar.duckdb",
        """
        SELECT one.source_id, one.driver_name, one.driver_id, other.driver_id
        FROM core.driver_names AS one
        INNER JOIN core.driver_names AS other
          ON one.source_id = other.source_id AND one.driver_name = other.driver_name
          AND one.driver_id < other.driver_id
          AND one.first_season <= other.last_season AND other.first_season <= one.last_season
        """,
    )


@pytest.mark.parametrize(
    ("name", "driver_id"),
    [
        ("Dale Earnhardt, Jr.", "dale-earnhardt-jr"),
        ("Dale Earnhardt Jr", "dale-earnhardt-jr"),
        ("A.J. Allmendinger", "aj-allmendinger"),
        ("Daniel Suárez", "daniel-suarez"),
        ("Clayton D'Aniello", "clayton-daniello"),
        ("  Ann   Winner ", "ann-winner"),
        ("--", None),
    ],
)
def test_an_id_is_the_name_without_accents_dots_and_apostrophes(
    seeds: duckdb.DuckDBPyConnection, name: str, driver_id: str | None
) -> None:
    assert (driver_id,) == seeds.execute("SELECT staging.slug(?)", [name]).fetchone()


@pytest.mark.parametrize(
    ("name", "driver_id"),
    [
        ("Ann Winner(i)", "ann-winner"),
        ("* Ann Winner (i)", "ann-winner"),
        ("Ann Winner #", "ann-winner"),
        ("Ann Winner Jr.(R)", "ann-winner-jr"),
        ("Ann Winner (P)*", "ann-winner"),
        ("Billy (N) Myers", "billy-n-myers"),
        ("Dick Johnson (California)", "dick-johnson-california"),
    ],
)
def test_marks_behind_a_name_make_no_other_driver(seeds: duckdb.DuckDBPyConnection, name: str, driver_id: str) -> None:
    assert (driver_id,) == seeds.execute("SELECT staging.driver_slug(?)", [name]).fetchone()


# --- venues


def test_the_layouts_of_one_kind_at_a_venue_do_not_overlap_in_time(seeds: duckdb.DuckDBPyConnection) -> None:
    assert [] == rows(
        seeds,
        """
        SELECT one.layout_id, other.layout_id
        FROM seeds.track_layouts AS one
        INNER JOIN seeds.track_layouts AS other
          ON one.track_id = other.track_id AND one.layout = other.layout
          AND (one.layout_id, coalesce(one.first_date, '')) < (other.layout_id, coalesce(other.first_date, ''))
          AND coalesce(one.first_date, '0') <= coalesce(other.last_date, '9999')
          AND coalesce(other.first_date, '0') <= coalesce(one.last_date, '9999')
        """,
    )


def test_a_layout_ends_after_it_begins_and_belongs_to_a_venue(seeds: duckdb.DuckDBPyConnection) -> None:
    assert [] == rows(
        seeds,
        "FROM seeds.track_layouts WHERE last_date < first_date OR track_id NOT IN (SELECT track_id FROM seeds.tracks)",
    )


def test_each_name_of_a_venue_leads_to_one_that_is_known(seeds: duckdb.DuckDBPyConnection) -> None:
    assert [] == rows(seeds, "FROM seeds.track_aliases ANTI JOIN seeds.tracks USING (track_id)")


def test_a_source_has_a_name_of_a_venue_once(seeds: duckdb.DuckDBPyConnection) -> None:
    assert [] == rows(
        seeds, "SELECT source_id, track_key FROM seeds.track_aliases GROUP BY source_id, track_key HAVING count(*) > 1"
    )


# --- teams, owners and makes, through the whole job


@pytest.fixture(scope="session")
def named(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A warehouse of one race of 2001 and one of 2006, in which one thing has several names; for reading only."""
    folder = tmp_path_factory.mktemp("named")
    mirror = RacingDataFolder(folder / "mirror")
    NascarResultsFolder(mirror.root).put_results(
        result(1, 1, "Ann Winner", 2001, Team="Biagi Brothers Racing", Make="Mustang"),
        result(1, 2, "Bob Second", 2001, Team="R.B. McIntosh (Owner)", Make="FORD"),
        result(1, 3, "Cy Third", 2001, Team="", Make="Corvette"),
        result(1, 4, "Di Fourth", 2001, Team="-", Make="-"),
        result(1, 5, "Ed Fifth", 2001, Team="Ed's Own Team", Make="Wartburg"),
        result(2, 1, "Ann Winner", 2006, Team="Biagi-DenBeste Racing", Make="Chevrolet"),
    )
    there = [
        result_there(1, 1, "Ann Winner", 2001, owner_id="Fred_Biagi", car="Ford"),
        result_there(1, 2, "Bob Second", 2001, owner_id="R.B._McIntosh", car="'01 Ford"),
        result_there(1, 3, "Cy Third", 2001, owner_id="", car="Chevrolet"),
    ]
    mirror.put_season([race(1, 2001)], there, 2001)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("NASCAR_HOME", str(folder / "home"))
        arguments = ["ingest", "racing_data", "nascar_results", "--season", "2001", "--series", "cup"]
        patch.setattr(sys, "argv", ["nascar", *arguments, "--mirror", str(mirror)])
        with pytest.raises(SystemExit) as leaving:
            cli.main()
    assert not leaving.value.code
    return folder / "home" / "nascar.duckdb"


@pytest.fixture
def ask_named(named: Path) -> Ask:
    """Ask the warehouse in which one thing has several names."""
    return lambda statement: ask_file(named, statement)


def test_a_team_that_only_renamed_itself_is_one_team_with_its_last_name(ask_named: Ask) -> None:
    assert [("biagi-denbeste-racing", "Biagi-DenBeste Racing", 2001, 2006)] == ask_named(
        "SELECT team_id, team_name, first_season, last_season FROM core.teams WHERE team_id LIKE 'biagi%'"
    )
    assert [("cup-2001-01",), ("cup-2006-02",)] == ask_named(
        "SELECT race_id FROM core.results WHERE team_id = 'biagi-denbeste-racing' ORDER BY 1"
    )


def test_a_team_that_nobody_entered_has_an_id_of_its_name(ask_named: Ask) -> None:
    assert [("eds-own-team",)] == ask_named("SELECT team_id FROM core.results WHERE driver_id = 'ed-fifth'")


def test_an_owner_in_the_place_of_a_team_is_no_team(ask_named: Ask) -> None:
    assert [(None, "rb-mcintosh")] == ask_named(
        "SELECT team_id, owner_id FROM core.results WHERE driver_id = 'bob-second'"
    )
    assert [] == ask_named("FROM core.teams WHERE team_name LIKE '%(Owner)%'")


def test_an_owner_whom_two_sources_write_otherwise_is_one_owner(ask_named: Ask) -> None:
    # `R.B. McIntosh (Owner)` and `R.B._McIntosh`.
    assert [("rb-mcintosh", "R.B. McIntosh")] == ask_named(
        "SELECT owner_id, owner_name FROM core.owners WHERE owner_name LIKE '%McIntosh%'"
    )


def test_a_team_in_the_place_of_an_owner_is_no_owner(ask_oddities: Ask) -> None:
    # Of all cars one has an owner that is not its team.
    assert [("Test Racing", "Other Racing", 1)] == ask_oddities(
        "SELECT owners.owner_name, teams.team_name, count(*) FROM core.results"
        " INNER JOIN core.owners AS owners USING (owner_id) INNER JOIN core.teams AS teams USING (team_id) GROUP BY ALL"
    )


def test_a_team_or_owner_that_is_not_named_is_null(ask_named: Ask) -> None:
    assert [("cy-third", None, None), ("di-fourth", None, None)] == ask_named(
        "SELECT driver_id, team_id, owner_id FROM core.results"
        " WHERE race_id = 'cup-2001-01' AND finish_position IN (3, 4) ORDER BY 1"
    )


def test_a_model_and_any_writing_of_a_make_are_that_make(ask_named: Ask) -> None:
    assert [("ford", "Ford"), ("ford", "Ford"), ("chevrolet", "Chevrolet")] == ask_named(
        "SELECT manufacturer_id, make FROM core.results WHERE race_id = 'cup-2001-01' AND finish_position <= 3"
        " ORDER BY finish_position"
    )


def test_a_make_that_nobody_entered_has_an_id_of_its_name_and_an_unknown_one_is_null(ask_named: Ask) -> None:
    assert [(None,), ("wartburg",)] == ask_named(
        "SELECT manufacturer_id FROM core.results WHERE race_id = 'cup-2001-01' AND finish_position IN (4, 5)"
        " ORDER BY finish_position"
    )
    assert [(False,)] == ask_named("SELECT is_curated FROM core.manufacturers WHERE manufacturer_id = 'wartburg'")
