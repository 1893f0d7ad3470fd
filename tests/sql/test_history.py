"""All of Cup history from the captured responses: every race once, and the same rows from the kept documents alone."""

from __future__ import annotations

import shutil
import sys
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from nascar_warehouse import sql
from nascar_warehouse.etl import cli
from tests.conftest import Ask, ask_file

CHECKS = Path(sql.__file__).parent / "checks"


# --- whole


def test_all_points_races_of_the_cup_series_are_there(ask_history: Ask) -> None:
    assert [(2822, 1949, 2025)] == ask_history(
        "SELECT count(*), min(season), max(season) FROM core.races WHERE series_id = 'cup' AND race_number IS NOT NULL"
    )


def test_each_season_has_the_races_that_the_record_books_count(ask_history: Ask) -> None:
    counted = "FROM core.races WHERE series_id = 'cup' AND race_number IS NOT NULL GROUP BY season"
    assert ask_history("SELECT season, points_races FROM core.seasons WHERE series_id = 'cup' ORDER BY 1") == (
        ask_history(f"SELECT season, count(*) {counted} ORDER BY 1")
    )


def test_the_races_of_a_season_are_numbered_without_a_gap(ask_history: Ask) -> None:
    assert [] == ask_history(
        "SELECT series_id, season FROM core.races WHERE race_number IS NOT NULL GROUP BY ALL"
        " HAVING min(race_number) <> 1 OR max(race_number) <> count(*)"
    )


def test_each_points_race_has_a_date_a_venue_and_a_winner(ask_history: Ask) -> None:
    assert [] == ask_history(
        "SELECT races.race_id FROM core.races LEFT JOIN core.tracks USING (track_id)"
        " LEFT JOIN core.results ON races.race_id = results.race_id AND results.finish_position = 1"
        " LEFT JOIN core.drivers USING (driver_id)"
        " WHERE series_id = 'cup' AND race_number IS NOT NULL"
        " AND (race_date IS NULL OR tracks.track_id IS NULL OR drivers.driver_id IS NULL)"
    )


def test_all_results_of_points_races_are_there(ask_history: Ask) -> None:
    assert [(100_138,)] == ask_history(
        "SELECT count(*) FROM core.results INNER JOIN core.races USING (race_id)"
        " WHERE series_id = 'cup' AND race_number IS NOT NULL"
    )


def test_no_race_of_a_source_is_left_over(ask_history: Ask) -> None:
    assert [] == ask_history("FROM ops.unmatched")


def test_each_source_has_a_race_once(ask_history: Ask) -> None:
    assert [] == ask_history("SELECT source_id, race_id FROM core.source_races GROUP BY ALL HAVING count(*) > 1")


def test_29_races_were_run_in_the_year_before_their_season(ask_history: Ask) -> None:
    assert [(29, 1955, 1969)] == ask_history(
        "SELECT count(*), min(season), max(season) FROM core.races WHERE year(race_date) < season"
    )


def test_no_source_lists_a_car_twice_but_for_the_exceptions_listed(ask_history: Ask) -> None:
    # Whichever sources are ingested: a list of entries comes from one of them.
    assert [] == ask_history(
        "SELECT reading, race_id, car_number FROM core.result_readings"
        " ANTI JOIN seeds.check_exceptions AS known"
        " ON check_name = 'entry_is_unique' AND row_key = race_id || ' ' || car_number"
        " WHERE finish_position IS NOT NULL AND car_number IS NOT NULL AND status_group NOT IN ('did_not_start', 'withdrew')"
        " GROUP BY ALL HAVING count(*) > 1"
    )


def test_each_row_of_each_core_table_has_a_document_that_is_listed(history: Path) -> None:
    tables = ask_file(
        history / "nascar.duckdb",
        "SELECT table_name FROM duckdb_columns() WHERE schema_name = 'core' AND column_name = 'document_id' ORDER BY 1",
    )
    assert len(tables) > 15
    for (table,) in tables:
        used = f"SELECT DISTINCT document_id FROM core.{table}"
        lost = f"SELECT '{table}', count(*) FROM ({used}) ANTI JOIN ops.documents USING (document_id)"
        assert [(table, 0)] == ask_file(history / "nascar.duckdb", lost)


# --- people


@pytest.mark.parametrize(
    ("driver_id", "wins"),
    [
        ("richard-petty", 200),
        ("david-pearson", 105),
        ("jeff-gordon", 93),
        ("bobby-allison", 85),
        ("darrell-waltrip", 84),
        ("cale-yarborough", 83),
        ("jimmie-johnson", 83),
        ("dale-earnhardt", 76),
        ("dale-earnhardt-jr", 26),
        ("lee-petty", 54),
        ("kyle-busch", 63),
        ("kurt-busch", 34),
        ("ned-jarrett", 50),
        ("dale-jarrett", 32),
        ("davey-allison", 19),
        ("buck-baker", 46),
        ("buddy-baker", 19),
    ],
)
def test_a_driver_has_the_wins_of_the_record_books_and_none_of_a_relative(
    ask_history: Ask, driver_id: str, wins: int
) -> None:
    assert [(wins,)] == ask_history(
        "SELECT count(*) FROM core.results INNER JOIN core.races USING (race_id)"
        f" WHERE series_id = 'cup' AND driver_id = '{driver_id}' AND finish_position = 1 AND counts_as_official_win"
    )


def test_the_wins_of_at_least_sixty_drivers_were_compared(ask_history: Ask) -> None:
    compared = "FROM ops.career_comparisons WHERE is_comparable"
    [(count,)] = ask_history(f"SELECT count(*) {compared}")
    assert count >= 60
    assert [] == ask_history(f"SELECT driver_name, wins_published, wins {compared} AND wins <> wins_published")


# --- from the kept documents alone


def test_a_rebuild_from_the_kept_documents_gives_the_same_rows(history: Path, tmp_path: Path) -> None:
    home = tmp_path / "rebuilt"
    shutil.copytree(history / "landing", home / "landing")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("NASCAR_HOME", str(home))
        patch.setattr(sys, "argv", ["nascar", "rebuild"])
        with pytest.raises(SystemExit) as leaving:
            cli.main()
    assert not leaving.value.code
    with duckdb.connect(home / "nascar.duckdb", read_only=True) as con:
        con.execute(f"ATTACH '{history / 'nascar.duckdb'}' AS incremental (READ_ONLY)")
        tables = con.sql("SELECT table_name FROM duckdb_tables() WHERE schema_name = 'core' GROUP BY 1 ORDER BY 1")
        for (table,) in tables.fetchall():
            mine, theirs = f"FROM nascar.core.{table}", f"FROM incremental.core.{table}"
            # As many rows, and none that the other lacks: the same rows.
            assert con.sql(f"SELECT count(*) {mine}").fetchall() == con.sql(f"SELECT count(*) {theirs}").fetchall()
            assert (table, []) == (table, con.sql(f"{mine} EXCEPT ALL {theirs}").fetchall())


# --- the order on the line


@pytest.mark.parametrize(
    ("race_id", "winner", "line", "official"),
    [
        ("cup-1949-01", "glenn-dunaway", None, None),
        ("nxs-2019-20", "austin-cindric", None, None),
        ("nxs-2019-24", "denny-hamlin", Decimal("0.602"), None),
        ("truck-2019-10", "ross-chastain", Decimal("2.717"), Decimal("5.596")),
    ],
)
def test_the_order_on_the_line_is_that_of_the_almanac_where_nothing_was_measured(
    ask_history: Ask, race_id: str, winner: str, line: Decimal | None, official: Decimal | None
) -> None:
    assert [(True, winner, line), (True, None, official)] == ask_history(
        "SELECT is_line_order_known, if(basis = 'line', winner_id, NULL), margin_seconds FROM core.race_margins"
        f" WHERE race_id = '{race_id}' ORDER BY basis"
    )


# --- figures that others published


@pytest.mark.parametrize(("make", "wins"), [("Plymouth", 191), ("Dodge", 217), ("Mercury", 96), ("Ford", 748)])
def test_manufacturers_have_the_wins_that_are_published(ask_history: Ask, make: str, wins: int) -> None:
    through_2025 = "core.races.season <= 2025 AND series_id = 'cup' AND counts_as_official_win"
    assert [(wins,)] == ask_history(
        "SELECT count(*) FROM core.results INNER JOIN core.races USING (race_id)"
        f" WHERE make = '{make}' AND finish_position = 1 AND {through_2025}"
    )


def test_hendrick_motorsports_has_its_wins_as_all_star_racing(ask_history: Ask) -> None:
    assert [(320,)] == ask_history(
        "SELECT wins FROM marts.team_records WHERE series_id = 'cup' AND team_id = 'hendrick-motorsports'"
    )


@pytest.mark.parametrize(
    ("event", "editions"), [("daytona-500", 67), ("coca-cola-600", 66), ("southern-500", 72), ("brickyard-400", 29)]
)
def test_an_event_has_one_edition_a_season_and_no_qualifying_race(ask_history: Ask, event: str, editions: int) -> None:
    assert [(editions, editions)] == ask_history(
        f"SELECT count(*), count(DISTINCT season) FROM core.races WHERE event_id = '{event}' AND season <= 2025"
    )


@pytest.mark.parametrize(
    ("event", "first_season", "not_held"),
    [
        ("daytona-500", 1959, range(0)),
        ("coca-cola-600", 1960, range(0)),
        ("southern-500", 1950, range(2005, 2009)),
        ("brickyard-400", 1994, range(2021, 2024)),
    ],
)
def test_an_event_lacks_only_the_seasons_in_which_it_was_not_held(
    ask_history: Ask, event: str, first_season: int, not_held: range
) -> None:
    seasons = ask_history(
        f"SELECT season FROM core.races WHERE event_id = '{event}' AND season <= 2025 ORDER BY season"
    )
    assert [(season,) for season in range(first_season, 2026) if season not in not_held] == seasons


def test_a_race_that_its_source_names_as_another_has_its_name_and_its_event(ask_history: Ask) -> None:
    assert [
        ("cup-2006-12", "Coca-Cola 600", "coca-cola-600"),
        ("cup-2006-31", "Bank of America 500", None),
    ] == ask_history(
        "SELECT race_id, race_name, event_id FROM core.races"
        " WHERE series_id = 'cup' AND season = 2006 AND track_id = 'charlotte' ORDER BY race_id"
    )


def test_champions_have_the_titles_that_record_books_count(ask_history: Ask) -> None:
    assert [
        ("driver", "dale-earnhardt", 7),
        ("driver", "jimmie-johnson", 7),
        ("driver", "richard-petty", 7),
        ("driver", "jeff-gordon", 4),
        ("driver", "cale-yarborough", 3),
        ("driver", "darrell-waltrip", 3),
        ("driver", "david-pearson", 3),
        ("driver", "joey-logano", 3),
        ("driver", "lee-petty", 3),
        ("driver", "tony-stewart", 3),
        ("manufacturer", "chevrolet", 44),
        ("manufacturer", "ford", 17),
    ] == ask_history(
        "SELECT title, coalesce(driver_id, manufacturer_id), count(*) FROM core.champions GROUP BY ALL HAVING count(*) > 2"
        " AND coalesce(driver_id, manufacturer_id) NOT IN ('toyota', 'hudson') ORDER BY 1, 3 DESC, 2"
    )


def test_each_season_has_one_champion(ask_history: Ask) -> None:
    assert [(77, 77, 1949, 2025)] == ask_history(
        "SELECT count(*), count(DISTINCT season), min(season), max(season) FROM core.champions WHERE title = 'driver'"
    )


def test_who_leads_complete_standings_without_playoffs_is_the_champion(ask_history: Ask) -> None:
    assert [(29, 29)] == ask_history(
        "SELECT count(*), count(*) FILTER (WHERE leaders.driver_id = champions.driver_id) FROM marts.standings AS leaders"
        " INNER JOIN core.champions AS champions USING (series_id, season)"
        " WHERE title = 'driver' AND position = 1 AND is_complete AND leaders.note IS NULL"
    )


def test_a_champion_is_a_driver_or_a_make_of_the_results(ask_history: Ask) -> None:
    assert [] == ask_history(
        "SELECT season, champion FROM core.champions WHERE"
        " (title = 'driver' AND driver_id NOT IN (SELECT driver_id FROM core.drivers))"
        " OR (title = 'manufacturer' AND manufacturer_id NOT IN (SELECT manufacturer_id FROM core.manufacturers))"
        " OR (title = 'manufacturer' AND manufacturer_id IS NULL)"
    )
