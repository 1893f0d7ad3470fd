"""The ranking reads few columns and rows, and gives what the macro gives that ranks every finish."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nascar_warehouse.warehouse.literal import literal
from nascar_warehouse.warehouse.read.ranking import Question, rank_ids_on, rank_on
from nascar_warehouse.warehouse.rows import fetch_rows

_MACRO = Path(__file__).parents[3] / "sql" / "marts" / "closest.sql"

_PLAIN = """
SELECT * EXCLUDE (basis, series_id)
FROM marts.closest(
  series := {series}, basis := {basis}, season_from := {season_from}, season_to := {season_to}, track := {track},
  exhibitions := {exhibitions}
)
WHERE (
    {driver} IS NULL
    OR {driver} IN (winner_id, runner_up_id)
    OR contains(lower(strip_accents(winner || '|' || runner_up)), lower(strip_accents({driver})))
  )
  AND ({make} IS NULL OR lower({make}) IN (lower(winner_make), lower(runner_up_make)))
ORDER BY rank, race_date, race_id
LIMIT {limit}
"""

# Each finish three times on the same day, its margin in tenths; every fifth has none.
_FINISHES = """
CREATE TABLE marts.finishes AS
SELECT finishes.* REPLACE (
  race_id || '-' || copy AS race_id,
  if(hash(race_id, copy) % 5 = 0, NULL, round(margin_seconds, 1))::DECIMAL(9, 4) AS margin_seconds,
  if(hash(race_id, copy) % 3 = 0, 'nxs', series_id) AS series_id,
  if(hash(race_id, copy) % 7 = 0, NULL, runner_up) AS runner_up
)
FROM published.marts.finishes AS finishes
CROSS JOIN range(3) AS copies (copy)
ORDER BY hash(race_id, copy)
"""


@pytest.fixture(scope="module")
def con(home_of_almanac: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as con:
        con.execute(f"ATTACH {literal(str(home_of_almanac / 'nascar.duckdb'))} AS published (READ_ONLY)")
        con.execute("CREATE SCHEMA marts")
        con.execute(_FINISHES)
        con.execute(_MACRO.read_text())
        yield con


QUESTIONS = st.builds(
    Question,
    series=st.sampled_from(["cup", "cup", "nxs", "arca"]),
    basis=st.sampled_from(["line", "official"]),
    season_from=st.none() | st.integers(1990, 2030),
    season_to=st.none() | st.integers(1990, 2030),
    track=st.sampled_from([None, None, "talladega", "Tálladega", "speedway", "%", "'"]),
    driver=st.sampled_from([None, None, "kyle-larson", "BUSCH", "Suárez", "", "{limit}"]),
    make=st.sampled_from([None, None, "ford", "Chevrolet", "Edsel"]),
    exhibitions=st.booleans(),
    limit=st.sampled_from([0, 1, 2, 3, 25, 100, 1_000_000]),
)


@given(question=QUESTIONS)
@settings(max_examples=30, deadline=None)
def test_the_ranking_is_the_plain_one(con: duckdb.DuckDBPyConnection, question: Question) -> None:
    values = {name: literal(getattr(question, name)) for name in Question.__slots__}
    plain = fetch_rows(con.execute(_PLAIN.format_map(values)))
    ranked = rank_on(con, question)
    assert (plain.columns, plain.values) == (ranked.columns, ranked.values)
    assert [(row[0], row[1]) for row in plain.values] == rank_ids_on(con, question)


def test_equal_margins_of_others_count_in_the_rank_of_a_driver(con: duckdb.DuckDBPyConnection) -> None:
    ranks = [rank for rank, _ in rank_ids_on(con, Question(driver="larson", limit=1_000_000))]
    assert ranks
    assert len(ranks) > len(set(ranks))
    assert set(ranks) <= {rank for rank, _ in rank_ids_on(con, Question(limit=1_000_000))}
