"""What an archive loses is kept until the loss is accepted."""

from __future__ import annotations

import pytest

from tests.conftest import Ask, Nascar
from tests.support.feed import FeedFolder, Payload, result, season
from tests.support.nascar_results_files import NascarResultsFolder, results
from tests.support.races_set_aside import NAMES, YEAR, archived, ingest, problems, version_of, weekend_of

pytestmark = pytest.mark.slow
"""Whole warehouses are built several times."""

NOT_RUN: Payload = {"total_race_time": "", "actual_laps": 0, "margin_of_victory": "", "winner_driver_id": ""}


def kept(ask: Ask) -> int:
    [(count,)] = ask("SELECT count(*) FROM core.results WHERE source_id = 'nascar_results'")
    return int(count)


def test_a_race_that_an_archive_loses_is_kept_until_somebody_accepts(
    nascar: Nascar, archive: NascarResultsFolder, ask: Ask
) -> None:
    archive.put_results(*archived(((2018, 3), (2019, 3))), series_id="nxs")
    left = ingest(nascar, archive, "nascar_results")
    assert (5, 24) == (left.code, kept(ask))
    assert 0 == nascar("accept", version_of(left)).code
    assert 16 == kept(ask)
    assert [] == problems(nascar)


def test_one_result_that_an_archive_loses_is_kept_until_somebody_accepts(
    nascar: Nascar, archive: NascarResultsFolder, ask: Ask
) -> None:
    archive.put_results(*archived()[:-1], series_id="nxs")
    left = ingest(nascar, archive, "nascar_results")
    assert (5, 24) == (left.code, kept(ask))
    assert 0 == nascar("accept", "nascar_results", "nxs_series").code
    assert 23 == kept(ask)


def test_a_version_after_an_accepted_loss_is_judged_by_what_was_accepted(
    nascar: Nascar, archive: NascarResultsFolder, ask: Ask
) -> None:
    archive.put_results(*archived(((2018, 3), (2019, 3))), series_id="nxs")
    loss = version_of(ingest(nascar, archive, "nascar_results"))
    archive.put_results(*archived(((2018, 3), (2019, 3))), *results(4, *NAMES, season=2019), series_id="nxs")
    assert (5, 24) == (ingest(nascar, archive, "nascar_results").code, kept(ask))
    assert 0 == nascar("accept", loss).code
    assert 20 == kept(ask)
    assert [] == problems(nascar)


def test_an_archive_that_was_emptied_is_empty_as_soon_as_that_is_accepted(
    nascar: Nascar, archive: NascarResultsFolder, ask: Ask
) -> None:
    archive.put_results(series_id="nxs")
    assert (5, 24) == (ingest(nascar, archive, "nascar_results").code, kept(ask))
    assert 0 == nascar("accept", "nascar_results", "nxs_series").code
    assert 0 == kept(ask)


def test_an_accepted_loss_stays_accepted_when_everything_is_read_again(
    nascar: Nascar, archive: NascarResultsFolder, ask: Ask
) -> None:
    archive.put_results(*archived(((2019, 3),)), series_id="nxs")
    nascar("accept", version_of(ingest(nascar, archive, "nascar_results")))
    assert 0 == nascar("rebuild").code
    assert 20 == kept(ask)


def test_a_race_that_the_index_calls_cancelled_may_go_from_an_archive(
    nascar: Nascar, feed: FeedFolder, ask: Ask
) -> None:
    archive = NascarResultsFolder(feed.root)
    first, second = season(2, YEAR)
    rows = [results(number, *NAMES, Name=f"Test {number}") for number in (1, 2)]
    archive.put_results(*rows[0], *rows[1])
    feed.put_index(first, year=YEAR)
    feed.put_weekend(weekend_of(1), year=YEAR)
    assert 0 == ingest(nascar, feed, "nascar_feed", "nascar_results").code
    # The second race was entered, and then went from the index.
    feed.put_index(first, second | NOT_RUN, year=YEAR)
    feed.put_weekend(weekend_of(2, **NOT_RUN, results=entries()), year=YEAR)
    assert 0 == ingest(nascar, feed, "nascar_feed", "nascar_results").code
    feed.put_index(first, year=YEAR)
    archive.put_results(*rows[0])
    assert 0 == ingest(nascar, feed, "nascar_feed", "nascar_results").code
    assert [] == ask("SELECT race_id FROM core.results WHERE race_id = 'cup-2021-02'")
    assert [] == problems(nascar)


def entries() -> list[Payload]:
    blank = {"finishing_position": 0, "laps_completed": 0, "finishing_status": "", "diff_time": 0}
    return [result(place, name, result_id=place) | blank for place, name in enumerate(NAMES, start=1)]


def test_an_announced_race_that_goes_from_the_index_is_no_loss(nascar: Nascar, feed: FeedFolder) -> None:
    first, second = season(2, YEAR)
    feed.put_index(first, second | NOT_RUN, year=YEAR)
    feed.put_weekend(weekend_of(1), year=YEAR)
    assert 0 == ingest(nascar, feed).code
    feed.put_index(first, year=YEAR)
    assert 0 == ingest(nascar, feed).code
