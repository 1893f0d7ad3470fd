"""Documents that are no season table or no results of Racing-Reference are refused."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nascar_warehouse.etl.sources.racing_data import RacingData
from nascar_warehouse.warehouse.errors import NascarError, SourceChanged
from tests.support.misbehaving import CHALLENGE_PAGE
from tests.support.racing_data_files import as_results, as_schedule, race, results

SOURCE = RacingData()
SCHEDULE = as_schedule(race(1), race(2))
RESULTS = as_results(*results(1, "Ann Winner", "Bob Second"))


@pytest.mark.parametrize("key", ["2021/schedule", "2021/race_results"])
@pytest.mark.parametrize(
    "content",
    [b"", b"null", b"\n", CHALLENGE_PAGE, b"404: Not Found", b'{"season": 2021}', b"\x00\xff\xfe", b'season,"\n'],
)
def test_what_is_no_table_is_refused(key: str, content: bytes) -> None:
    with pytest.raises(SourceChanged):
        SOURCE.parse(key, content)


@pytest.mark.parametrize(("key", "content"), [("2021/schedule", SCHEDULE), ("2021/race_results", RESULTS)])
def test_a_header_alone_is_refused(key: str, content: bytes) -> None:
    with pytest.raises(SourceChanged, match="the season 2021 has no rows"):
        SOURCE.parse(key, content.split(b"\n")[0] + b"\n")


@pytest.mark.parametrize(("key", "content"), [("2021/schedule", SCHEDULE), ("2021/race_results", RESULTS)])
def test_a_file_cut_off_within_a_row_is_refused(key: str, content: bytes) -> None:
    for length in range(content.rindex(b"\n", 0, -1) + 2, len(content)):
        with pytest.raises(SourceChanged, match="cut off"):
            SOURCE.parse(key, content[:length])


@settings(deadline=None)  # the first example imports the reader
@given(st.sampled_from(["2021/schedule", "2021/race_results"]), st.binary() | st.text().map(str.encode))
def test_no_bytes_break_the_program(key: str, content: bytes) -> None:
    raises_only_ours(key, content)


@settings(deadline=None)  # the first example imports the reader
@given(st.data())
def test_no_damage_to_a_good_file_breaks_the_program(data: st.DataObject) -> None:
    key, good = data.draw(st.sampled_from([("2021/schedule", SCHEDULE), ("2021/race_results", RESULTS)]))
    start = data.draw(st.integers(0, len(good)))
    end = data.draw(st.integers(start, min(start + 40, len(good))))
    raises_only_ours(key, good[:start] + data.draw(st.binary(max_size=8)) + good[end:])


def raises_only_ours(key: str, content: bytes) -> None:
    try:
        SOURCE.parse(key, content)
    except NascarError as error:
        assert SourceChanged.exit_code == error.exit_code  # noqa: PT017  # no error is as good
