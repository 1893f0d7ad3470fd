"""`nascar races`, `drivers` and `tracks` print ids, and `nascar why` takes the same names."""

from __future__ import annotations

import json

import pytest

from tests.conftest import Nascar

pytestmark = pytest.mark.usefixtures("almanac")


@pytest.mark.parametrize(
    ("arguments", "ids"),
    [
        (["races", "adventhealth 400", "--season", "2024"], ["cup-2024-12"]),
        (["races", "ADVENTHEALTH kansas", "--season", "2024", "--series", "sprint cup"], ["cup-2024-12"]),
        (["races", "aarons 499", "--season", "2011"], ["cup-2011-08"]),
        (["drivers", "daniel suárez"], ["daniel-suarez"]),
        (["drivers", "Suarez"], ["daniel-suarez"]),
        (["tracks", "kansas"], ["kansas", "memphis-arkansas"]),
        (["tracks", "DARLINGTON raceway"], ["darlington"]),
    ],
)
def test_a_name_finds_its_id(nascar: Nascar, arguments: list[str], ids: list[str]) -> None:
    left = nascar(*arguments, "--format", "json")
    assert (0, "") == (left.code, left.err)
    assert ids == [next(iter(row.values())) for row in json.loads(left.out)]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["drivers", "suares"], "no driver is called 'suares' here; did you mean Daniel Suárez?"),
        (["tracks", "darlingtn raceway"], "no track is called 'darlingtn raceway' here; did you mean Darlington"),
        (["races", "%"], "no race is called '%' here; `nascar races` without a name lists all"),
        (
            ["races", "--season", "1950", "--series", "truck"],
            "no such race is known here; `nascar ingest` adds what is new",
        ),
        (["races", "xyzzy"], "no race is called 'xyzzy' here; `nascar races` without a name lists all"),
    ],
)
def test_a_name_that_nothing_has_is_answered_with_similar_ones(nascar: Nascar, arguments: list[str], said: str) -> None:
    left = nascar(*arguments)
    assert (0, "") == (left.code, left.out)
    assert said in left.err


def test_a_name_that_is_not_here_may_be_one_of_a_race_that_was_not_fetched(nascar: Nascar) -> None:
    left = nascar("races", "coca-cola 600", "--season", "1975")
    assert "points races are not in this warehouse yet, `nascar ingest` adds them" in left.err


def test_changes_are_of_a_race_that_is_known(nascar: Nascar) -> None:
    assert (0, "no matching corrections\n") == (nascar("changes", "--race", "cup-2024-12").code, nascar("changes").err)
    left = nascar("changes", "--race", "cup-2024-99")
    assert (2, "") == (left.code, left.out)
    assert "there is no race 'cup-2024-99' in the warehouse" in left.err


@pytest.mark.parametrize("arguments", [["drivers", "larson"], ["tracks", "kansas"]])
def test_a_table_of_counts_says_how_many_races_they_lack(nascar: Nascar, arguments: list[str]) -> None:
    left = nascar(*arguments)
    assert left.err.endswith(" points races are not in this warehouse yet, `nascar ingest` adds them\n")


def test_a_list_that_is_cut_off_says_so(nascar: Nascar) -> None:
    left = nascar("races", "--limit", "2", "--format", "csv")
    assert (0, 3) == (left.code, len(left.out.splitlines()))
    assert "only the first 2 rows are shown; --limit sets how many\n" == left.err


def test_races_are_listed_newest_first(nascar: Nascar) -> None:
    dates = [row["race_date"] for row in json.loads(nascar("races", "--format", "json").out)]
    assert sorted(dates, reverse=True) == dates


@pytest.mark.parametrize("race", ["cup-2024-12", "2024 adventhealth 400", "AdventHealth 400 Kansas"])
def test_why_takes_an_id_or_a_name(nascar: Nascar, race: str) -> None:
    left = nascar("why", race, "--season", "2024")
    assert 0 == left.code
    assert "margin_line of cup-2024-12: 0.001 s" in left.err


def test_why_with_a_name_of_several_races_names_them(nascar: Nascar) -> None:
    left = nascar("why", "talladega")
    assert 2 == left.code
    assert "several races match 'talladega': cup-20" in left.err
    assert "next: give an id, or a season" in left.err


def test_why_with_a_name_of_no_race_names_similar_ones(nascar: Nascar) -> None:
    left = nascar("why", "adventhelth 400", "--season", "2024")
    assert 2 == left.code
    assert "there is no race 'adventhelth 400' in the warehouse" in left.err
    assert "did you mean 2024 AdventHealth 400" in left.err


def test_closest_understands_a_sponsors_name(nascar: Nascar) -> None:
    left = nascar("closest", "--series", "winston cup", "--limit", "1", "--format", "json")
    assert ["cup-2024-12"] == [row["race_id"] for row in json.loads(left.out)]
