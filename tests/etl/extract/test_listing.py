"""The versions of an index lead to documents, also where the newest one lost races."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from nascar_warehouse.etl.documents import Version
from nascar_warehouse.etl.extract.listing import listed_documents
from nascar_warehouse.etl.extract.mirror import FolderMirror
from nascar_warehouse.etl.storage.published_state import NOT_JUDGED, Judged
from tests.support.feed import FeedFolder, Payload, index, race, weekend
from tests.support.feed_documents import SOURCE, dump, selection

RUN = race()
YESTERDAY = race(race_id=9002, total_race_time="", winner_driver_id=None)
KEYS = [f"2024/1/{race_id}/weekend-feed" for race_id in (9001, 9002)]


def keys(*contents: bytes, judged: Judged = NOT_JUDGED) -> list[str]:
    """What versions of the index of 2024 with these contents, oldest first, lead to."""
    [document] = SOURCE.index_documents(selection((2024,)))
    at = datetime(2024, 5, 6, tzinfo=UTC)
    versions = [
        Version(number, "nascar_feed", document.key, document.url, "", 0, 200, None, None, "network", at)
        for number in range(len(contents))
    ]
    listed = listed_documents(
        SOURCE, document, versions, lambda version: contents[version.version], selection(), judged
    )
    return sorted(document.key for document in listed)


def of(*races: Payload) -> bytes:
    return dump(index(*races))


def test_an_index_that_lost_a_race_that_was_run_leaves_the_others_due() -> None:
    assert KEYS == keys(of(RUN, YESTERDAY), of())
    assert KEYS == keys(of(RUN, YESTERDAY), of(YESTERDAY))


def test_a_race_that_was_lost_and_accepted_is_not_due() -> None:
    contents = of(RUN, YESTERDAY), of(RUN | {"race_id": 9003})
    due = [key.replace("9001", "9003") for key in KEYS[:1]]
    assert {*KEYS, *due} == {*keys(*contents)}
    assert due == keys(*contents, judged=Judged(last_version=1))
    assert KEYS == keys(*contents, judged=Judged(frozenset({"nascar_feed:2024/race_list_basic#-1"}), last_version=1))


def test_a_race_to_come_that_the_index_lost_is_not_due() -> None:
    assert KEYS[:1] == keys(of(RUN, YESTERDAY), of(RUN))


def test_a_race_that_was_postponed_is_not_due_on_its_first_day() -> None:
    moved = YESTERDAY | {"race_date": "2026-01-01T15:00:00"}
    assert KEYS[:1] == keys(of(RUN, YESTERDAY), of(RUN, moved))


def test_an_index_that_cannot_be_read_leaves_what_the_one_before_listed_due() -> None:
    assert KEYS == keys(of(RUN, YESTERDAY), b"null")
    assert [] == keys(b"null")


def test_without_its_index_a_folder_is_asked_for_what_it_has_of_a_season_that_is_known_by_ids(tmp_path: Path) -> None:
    [document] = SOURCE.index_documents(selection((2017,)))
    mirror = FeedFolder(tmp_path)
    mirror.put("2017/1/4576/weekend-feed.json", weekend())
    mirror.put("2017/1/9001/weekend-feed.json", weekend())
    [found] = listed_documents(SOURCE, document, (), lambda _: b"", selection(), folder=FolderMirror(tmp_path))
    assert "2017/1/4576/weekend-feed" == found.key


def test_without_its_index_a_season_that_is_known_by_ids_is_asked_for_where_it_was_named() -> None:
    [document] = SOURCE.index_documents(selection((2017,)))
    named, swept = (
        listed_documents(SOURCE, document, (), lambda _: b"", selection(seasons)) for seasons in ((2017,), None)
    )
    assert (97, 0) == (len(named), len(swept))
