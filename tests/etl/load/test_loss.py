"""What a document lost is seen by season and race, whatever share of it that is."""

from __future__ import annotations

import msgspec
import polars as pl
import pytest

from nascar_warehouse.etl.documents import Document, Parsed, Rows, Selection, Source, Table
from nascar_warehouse.etl.load.loss import describe_loss, find_losses


class Result(msgspec.Struct):
    season: int
    race: str
    driver: str
    place: int | None


class Fact(msgspec.Struct):
    name: str


class Archive(Source):
    """Results of many seasons in one document."""

    source_id = "archive"
    tables = {  # noqa: RUF012  # a constant of the class
        "results": Table(Result, ("race", "driver"), race=("race",), season="season", done=("place",)),
        "facts": Table(Fact, ("name",)),
    }

    def index_documents(self, selection: Selection) -> list[Document]:  # noqa: ARG002  # there are none
        return []

    def parse(self, key: str, content: bytes) -> Parsed:
        raise AssertionError(key, content)


SEASONS = range(1960, 2020)
ROWS = [
    Result(season, f"{season}-{race:02}", f"driver {place}", place)
    for season in SEASONS
    for race in range(1, 31)
    for place in range(1, 4)
]


def lost(old: list[Result], new: list[Result], *, as_frames: bool) -> str:
    def rows(results: list[Result]) -> Rows:
        if not as_frames:
            return results
        schema = {"season": pl.Int64, "race": pl.String, "driver": pl.String, "place": pl.Int64}
        return pl.DataFrame([msgspec.structs.astuple(row) for row in results], schema=schema, orient="row")

    return described(Parsed({"results": rows(old)}), Parsed({"results": rows(new)}))


def described(old: Parsed | None, new: Parsed) -> str:
    losses = find_losses(Archive(), "all", old, new) if old else []
    return describe_loss(Archive(), old, new, losses)


both_forms = pytest.mark.parametrize("as_frames", [True, False], ids=["frames", "structs"])


@both_forms
def test_nothing_is_lost_where_rows_are_added(as_frames: bool) -> None:
    assert "" == lost(ROWS[:-90], ROWS, as_frames=as_frames)


@both_forms
def test_the_last_race_of_each_season_is_a_loss(as_frames: bool) -> None:
    message = lost(ROWS, [row for row in ROWS if not row.race.endswith("-30")], as_frames=as_frames)
    assert message.startswith("lost 60 races that were run in 60 seasons from 1960 to 2019: race 1960-30 of 1960 (all ")
    assert message.endswith(" and 55 more")


@both_forms
def test_one_season_of_sixty_is_a_loss(as_frames: bool) -> None:
    message = lost(ROWS, [row for row in ROWS if row.season != 1987], as_frames=as_frames)
    assert message.startswith("lost 30 races that were run: race 1987-01 of 1987 (all of 3 rows), ")


@both_forms
def test_one_result_of_one_race_is_a_loss(as_frames: bool) -> None:
    message = lost(ROWS, ROWS[:300] + ROWS[301:], as_frames=as_frames)
    assert "lost results of 1 race: race 1963-11 of 1963 (3 rows, now 2)" == message


@both_forms
def test_a_race_lost_while_another_is_added_is_a_loss(as_frames: bool) -> None:
    added = [Result(2020, "2020-01", f"driver {place}", place) for place in range(1, 4)]
    assert "lost 1 race that was run: race 1960-01 of 1960 (all of 3 rows)" == lost(
        ROWS, ROWS[3:] + added, as_frames=as_frames
    )


@both_forms
def test_a_driver_under_another_name_is_no_loss(as_frames: bool) -> None:
    renamed = [Result(row.season, row.race, row.driver.replace("1", "I"), row.place) for row in ROWS]
    assert "" == lost(ROWS, renamed, as_frames=as_frames)


@both_forms
def test_a_row_that_was_there_twice_and_is_there_once_is_no_loss(as_frames: bool) -> None:
    assert "" == lost([*ROWS, ROWS[0]], ROWS, as_frames=as_frames)


@both_forms
def test_a_race_that_was_only_announced_may_go(as_frames: bool) -> None:
    announced = [Result(2020, "2020-01", "driver 1", None)]
    assert "" == lost(ROWS + announced, ROWS, as_frames=as_frames)


@both_forms
def test_a_document_without_rows_is_a_loss_of_everything(as_frames: bool) -> None:
    assert lost(ROWS, [], as_frames=as_frames).startswith("lost 1800 races that were run in 60 seasons")


def test_a_first_version_without_rows_is_suspicious() -> None:
    assert "raw.results would have no rows" == described(None, Parsed({"results": []}))


@pytest.mark.parametrize(("kept", "message"), [(8, ""), (7, "raw.facts would shrink from 10 rows to 7")])
def test_a_table_that_names_no_races_may_lose_some_rows_and_not_many(kept: int, message: str) -> None:
    facts = [Fact(str(number)) for number in range(10)]
    assert message == described(Parsed({"facts": facts}), Parsed({"facts": facts[:kept]}))
