"""The job once, again and rebuilt, with a source that behaves; what a home says of itself."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from tests.conftest import Ask, Nascar
from tests.support.feed import FeedFolder
from tests.support.inspected_season import AFTER_INSPECTION, put_inspected
from tests.support.made_season import made_race, put_season, weekend_key, without

pytestmark = pytest.mark.slow
"""Whole warehouses are built several times."""

# --- once, again, and from scratch


def test_the_first_ingest_publishes(nascar: Nascar, feed: FeedFolder, ask: Ask) -> None:
    feed.put_one_race()
    left = nascar("ingest", "nascar_feed", "--mirror", feed)
    assert (0, "") == (left.code, left.out)
    assert left.err.endswith("; published\n")
    assert [("cup-2024-01", Decimal("0.100"), "Ann Winner", "Bob Second")] == ask(
        "SELECT race_id, margin_seconds, winner, runner_up FROM marts.closest_finishes WHERE race_id = 'cup-2024-01'"
    )


def test_the_same_mirror_again_loads_nothing(nascar: Nascar, one_race: FeedFolder) -> None:
    left = nascar("ingest", "nascar_feed", "--mirror", one_race)
    assert (0, "") == (left.code, left.out)
    assert ["0 new", "0 rows loaded", "nothing new, nothing published"] == [
        said for said in ("0 new", "0 rows loaded", "nothing new, nothing published") if said in left.err
    ]


def test_the_same_mirror_again_leaves_the_published_file_alone(
    nascar: Nascar, one_race: FeedFolder, home: Path
) -> None:
    before = identity(home)
    nascar("ingest", "nascar_feed", "--mirror", one_race)
    nascar("ingest", "nascar_feed", "--mirror", one_race)
    assert before == identity(home)
    assert not (home / "snapshots").exists()


@pytest.mark.usefixtures("one_race")
def test_a_build_without_news_leaves_the_published_file_alone(nascar: Nascar, home: Path) -> None:
    before = identity(home)
    assert 0 == nascar("build").code
    assert before == identity(home)


@pytest.mark.usefixtures("one_race")
def test_rebuild_gives_the_same_rows(nascar: Nascar, home: Path) -> None:
    before = rows_by_relation(home)
    assert 0 == nascar("rebuild").code
    assert before == rows_by_relation(home)


@pytest.mark.slow
def test_rebuild_gives_the_same_rows_after_many_changed_mirrors(nascar: Nascar, feed: FeedFolder, home: Path) -> None:
    first, second, third = (made_race(number) for number in (1, 2, 3))
    codes = []

    put_season(feed, first, second, third)
    codes.append(nascar("ingest", "nascar_feed", "--mirror", feed).code)

    # The first race is corrected, the second breaks, the third is as it was.
    put_season(feed, made_race(1, AFTER_INSPECTION), without(second, "track_name"), third)
    codes.append(nascar("ingest", "nascar_feed", "--mirror", feed).code)

    # The first is as it was at first, the second is whole again, the third has an unknown field.
    put_season(feed, first, made_race(2, margin_of_victory="0.300"), made_race(3, brand_new="x"))
    codes.append(nascar("ingest", "nascar_feed", "--mirror", feed).code)

    # The season loses two races of three, which is not believed; the third breaks at the same time, and is asked for.
    put_season(feed, first)
    feed.put(weekend_key(3), b'{"weekend_race": [')
    left = nascar("ingest", "nascar_feed", "--mirror", feed)
    codes.append(left.code)
    assert f"{weekend_key(3).removesuffix('.json')}: " in left.err

    # The season is back and one race longer; the third is still broken.
    put_season(feed, first, second, third, made_race(4))
    feed.put(weekend_key(3), b'{"weekend_race": [')
    codes.append(nascar("ingest", "nascar_feed", "--mirror", feed).code)

    # A broken version is reported once: the ingest before the last one said it.
    assert [0, 4, 0, 5, 0] == codes
    incremental = rows_by_relation(home)
    assert 0 == nascar("rebuild").code
    assert incremental == rows_by_relation(home)


def test_rebuild_as_of_a_moment_shows_what_was_known_then(nascar: Nascar, one_race: FeedFolder, ask: Ask) -> None:
    moment = datetime.now(UTC).isoformat()
    put_inspected(one_race, AFTER_INSPECTION, "0.150")
    winners = []
    for arguments in (("ingest", "nascar_feed", "--mirror", one_race), ("rebuild", "--as-of", moment), ("build",)):
        assert 0 == nascar(*arguments).code
        winners += ask("SELECT driver_id FROM core.results WHERE race_id = 'cup-2024-01' AND finish_position = 1")
    assert [("bob-second",), ("ann-winner",), ("bob-second",)] == winners


# --- a home


def test_status_before_anything_is_wrong_usage(nascar: Nascar, home: Path) -> None:
    left = nascar("status")
    assert (2, "") == (left.code, left.out)
    assert str(home) in left.err


@pytest.mark.usefixtures("one_race")
def test_status_shows_the_warehouse_the_sources_and_the_last_runs(nascar: Nascar) -> None:
    left = nascar("status", "--format", "json")
    assert 0 == left.code
    states = [(row["what"], row["name"], row["state"]) for row in json.loads(left.out)]
    assert [("warehouse", "published"), ("source", "built in"), ("source", "fresh")] == [
        (what, state) for what, _, state in states[:3]
    ]
    assert {"never asked"} == {state for what, _, state in states[3:-1]}
    assert [("run", "exit 0")] == [(what, state) for what, _, state in states[-1:]]


def test_home_prints_the_folder_that_is_set(nascar: Nascar, home: Path) -> None:
    left = nascar("home")
    assert (0, f"{home}\n", "") == (left.code, left.out, left.err)


def identity(home: Path) -> tuple[int, int, int]:
    known = (home / "nascar.duckdb").stat()
    return known.st_ino, known.st_size, known.st_mtime_ns


def rows_by_relation(home: Path) -> dict[str, list[str]]:
    """The rows of every relation as sorted texts, but for the journal of runs and for when a source was last asked."""
    with duckdb.connect(home / "nascar.duckdb", read_only=True) as con:
        relations = con.execute(
            "SELECT schema_name || '.' || table_name FROM duckdb_tables() WHERE NOT internal"
            " UNION ALL SELECT schema_name || '.' || view_name FROM duckdb_views() WHERE NOT internal"
        ).fetchall()
        return {
            relation: [re.sub(r"'(last_)?checked_at': '?[^,}]*", "", row) for (row,) in _texts(con, relation)]
            for (relation,) in sorted(relations)
            if relation not in {"raw.loads", "ops.loads"}
        }


def _texts(con: duckdb.DuckDBPyConnection, relation: str) -> list[tuple[str]]:
    return con.execute(f"SELECT t::VARCHAR FROM {relation} AS t ORDER BY ALL").fetchall()
