"""The rows of the seeds are whole, unique, and have a reason."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import duckdb
import pytest

from nascar_warehouse.warehouse.build import runner
from nascar_warehouse.warehouse.build.seeds import seed_column, seed_files
from nascar_warehouse.warehouse.errors import InvalidSql
from tests.support.sql_files import FOLDER, SEEDS, name_of, seed_rows

SEED_KEYS = {
    "distinct_drivers": ("driver_id", "other_driver_id"),
    "rejected_margins": ("race_date", "race_name"),
    "driver_aliases": ("source_id", "driver_name", "first_season"),
    "acknowledged_problems": ("source_id", "document_key", "what"),
    "check_exceptions": ("check_name", "row_key"),
    "fact_precedence": ("fact", "reading", "verification"),
    "feed_race_ids": ("season", "series_id"),
    "owner_aliases": ("source_id", "owner_name"),
    "race_number_corrections": ("source_id", "series_id", "season", "listed_number"),
    "race_track_corrections": ("source_id", "race_key"),
    "make_corrections": ("race_id", "driver_id"),
    "race_events": ("event_id", "first_season"),
    "result_corrections": ("race_id", "driver_id"),
    "team_names": ("team_id", "first_season"),
    "race_date_corrections": ("source_id", "race_key"),
    "race_name_corrections": ("source_id", "race_key"),
    "race_type_exceptions": ("series_id", "race_name_contains", "first_season"),
    "track_aliases": ("source_id", "track_key"),
}
"""Of the other seeds the first column is the key."""
REASONS = ("reason", "meaning", "credit", "track_name", "source_url")
"""What may tell why a row of a seed is there; a track needs no more reason than its name."""


def test_a_seed_with_a_row_of_too_many_values_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = tmp_path / "mine.csv"
    wrong.write_text("race_id,reason\n" + "cup-1949-01,right\n" * 9 + "cup-1949-02,a comma, not quoted\n")
    monkeypatch.setattr(runner, "seed_files", lambda: {"mine": wrong})
    with duckdb.connect() as con, pytest.raises(InvalidSql, match=r"^sql/seeds/mine\.csv: "):
        runner.make_raw_tables(con, tmp_path / "mine.duckdb")


every_seed = pytest.mark.parametrize("path", SEEDS, ids=name_of)


@every_seed
def test_a_seed_has_rows_of_its_columns(path: Path) -> None:
    rows = seed_rows(path)
    assert [] == [row for row in rows if None in row or None in row.values()]
    assert rows != []


@every_seed
def test_a_row_of_a_seed_has_its_reason(path: Path) -> None:
    rows = seed_rows(path)
    [column, *_] = [name for name in REASONS if name in rows[0]]
    assert [] == [row for row in rows if not row[column].strip()]


@every_seed
def test_no_key_of_a_seed_is_listed_twice(path: Path) -> None:
    rows = seed_rows(path)
    columns = SEED_KEYS.get(path.stem, tuple(rows[0])[:1])
    listed = Counter(tuple(row[column] for column in columns) for row in rows)
    assert [] == [key for key, times in listed.items() if times > 1]


@every_seed
def test_an_address_in_a_seed_is_one(path: Path) -> None:
    addresses = [row["source_url"] for row in seed_rows(path) if "source_url" in row]
    assert [] == [address for address in addresses if not address.startswith("https://")]


@every_seed
def test_no_value_of_a_seed_has_blanks_around_it(path: Path) -> None:
    assert [] == [value for row in seed_rows(path) for value in row.values() if value != value.strip()]


def test_seeds_are_found_by_name_in_order() -> None:
    assert [path.stem for path in SEEDS] == list(seed_files())


@pytest.mark.parametrize(
    ("seed", "column", "value"),
    [("caution_reasons", "reason", "Debris"), ("finishing_statuses", "finishing_status", "Accident")],
)
def test_a_column_of_a_seed_has_the_values_of_its_rows(seed: str, column: str, value: str) -> None:
    assert value in seed_column(seed, column)


def test_every_track_that_an_alias_names_is_curated() -> None:
    assert set() == seed_column("track_aliases", "track_id") - seed_column("tracks", "track_id")


def test_no_two_tracks_have_one_name() -> None:
    names = [row["track_name"] for row in seed_rows(FOLDER / "seeds" / "tracks.csv")]
    assert [] == [name for name, times in Counter(names).items() if times > 1]


def test_every_driver_has_one_id_in_the_seeds_of_names() -> None:
    names = {row["driver_name"]: row["driver_id"] for row in seed_rows(FOLDER / "seeds" / "driver_names.csv")}
    aliases = {row["driver_name"]: row["driver_id"] for row in seed_rows(FOLDER / "seeds" / "driver_aliases.csv")}
    both = names.keys() & aliases.keys()
    assert {name: names[name] for name in both} == {name: aliases[name] for name in both}
