"""A publisher is asked only for what may have changed; a folder is read every time."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import msgspec
import pytest

from nascar_warehouse.etl.documents import Answer, Document, Fetcher, Selection
from nascar_warehouse.etl.extract.mirror import FolderMirror
from nascar_warehouse.etl.extract.missing import NO_RESULTS, RETRY
from nascar_warehouse.etl.extract.plan import CORRECTION_DAYS, plan
from nascar_warehouse.etl.storage.last_answers import LastAnswer
from tests.support.planning import RACE, RACE_DAY, Publisher, checked


def index(season: int | None) -> Document:
    held_on = season and date(season, 12, 31)
    return Document(
        "nascar_feed", f"{season}/race_list_basic", "https://cf.nascar.com/b", season, held_on or None, True
    )


def why(
    document: Document,
    last: LastAnswer | None,
    *,
    now: datetime = RACE_DAY,
    seasons: tuple[int, ...] | None = None,
    fetcher: Fetcher | None = None,
    unused: Collection[str] = (),
) -> list[str]:
    """Why the document is due, nothing if it is not."""
    due = plan(
        [document],
        last_answers={document.key: last} if last else {},
        held={},
        selection=Selection(now.date(), seasons),
        fetcher=fetcher or Publisher(),
        now=now,
        unused=unused,
    )
    return [item.why for item in due]


def days_asked(looks: list[datetime], document: Document = RACE, first: datetime = RACE_DAY) -> list[int]:
    """The days after the race on which it is asked for, when the job runs at each of `looks`."""
    last, asked = first, []
    for now in looks:
        if why(document, checked(last), now=now):
            last = now
            asked.append((now - RACE_DAY).days)
    return asked


def every(days: float, count: int) -> list[datetime]:
    return [RACE_DAY + timedelta(days=days * step) for step in range(1, count + 1)]


@pytest.mark.parametrize("document", [RACE, index(2018), index(2024), index(None)], ids=lambda document: document.key)
def test_what_was_never_asked_for_is_due(document: Document) -> None:
    assert ["never asked for here"] == why(document, None)


def test_a_folder_is_read_for_documents_that_a_publisher_is_not_asked_for(tmp_path: Path) -> None:
    assert ["a folder costs nothing to read"] == why(RACE, checked(), fetcher=FolderMirror(tmp_path))


def test_a_folder_is_read_for_documents_that_were_missing_a_moment_ago(tmp_path: Path) -> None:
    assert ["a folder costs nothing to read"] == why(
        RACE, checked(status=404, sha256=None), fetcher=FolderMirror(tmp_path)
    )


@pytest.mark.parametrize("status", [200, 404])
@pytest.mark.parametrize("seasons", [None, (2024,)])
def test_a_document_with_a_time_of_its_own_is_due_then_and_not_before(
    status: int, seasons: tuple[int, ...] | None
) -> None:
    yearly = msgspec.structs.replace(RACE, revisit_after=timedelta(days=365), fingerprint="changed")
    last = checked(status=status, sha256=None)
    looks = [RACE_DAY + timedelta(days=days) for days in (1, 10, 364, 365, -1)]
    again = ["was not asked for in 365 days"]
    assert [[], [], [], again, again] == [why(yearly, last, now=now, seasons=seasons) for now in looks]


def test_a_named_season_is_due_whatever_was_answered_before() -> None:
    assert ["its season was named"] == why(RACE, checked(), seasons=(2024,))


def test_the_index_of_the_running_season_is_due_every_time() -> None:
    assert ["the index of the running season"] == why(index(2024), checked())


def test_the_index_of_the_next_season_is_due_every_time() -> None:
    assert ["the index of the running season"] == why(index(2025), checked())


def test_the_index_of_the_running_season_is_due_although_it_was_missing_just_now() -> None:
    assert ["the index of the running season"] == why(index(2024), checked(status=404, sha256=None))


def test_an_index_of_all_seasons_is_due_every_time() -> None:
    assert ["it may change any day"] == why(index(None), checked())


def test_the_index_of_an_earlier_season_is_not_due() -> None:
    assert [] == why(index(2023), checked(fingerprint=""))


@pytest.mark.parametrize("status", [404, 410])
def test_a_missing_document_is_due_again_after_a_day(status: int) -> None:
    last = checked(status=status, sha256=None)
    assert ["was missing a day ago or longer"] == why(RACE, last, now=RACE_DAY + timedelta(days=1))


@pytest.mark.parametrize("status", [404, 410])
def test_a_missing_document_is_not_due_for_a_day(status: int) -> None:
    last = checked(status=status, sha256=None, fingerprint="another entry")
    assert [] == why(RACE, last, now=RACE_DAY + RETRY - timedelta(microseconds=1))


def test_what_was_refused_is_due_in_the_next_run() -> None:
    assert ["was refused when it was last asked for"] == why(RACE, checked(status=403))


@pytest.mark.parametrize("answer", [Answer.MISSING, Answer.EMPTY])
def test_a_feed_that_the_index_promises_is_due_daily_for_a_week_and_then_weekly(answer: Answer) -> None:
    promised, asked, at = msgspec.structs.replace(RACE, is_expected=True), [], RACE_DAY
    for now in every(1, 40):
        last = msgspec.structs.replace(checked(at, status=404, sha256=None, answer=answer), missing_since=RACE_DAY)
        if why(promised, last, now=now):
            at = now
            asked.append((now - RACE_DAY).days)
    assert [1, 2, 3, 4, 5, 6, 7, 14, 21, 28, 35] == asked


def test_the_longer_a_document_is_missing_the_less_often_it_is_due() -> None:
    asked, last = [], RACE_DAY
    for now in every(1, 400):
        if why(RACE, checked(last, status=404, sha256=None), now=now):
            last = now
            asked.append((now - RACE_DAY).days)
    assert [*range(1, 12), 13] == asked[:12]
    assert len(asked) < 50
    assert max(b - a for a, b in pairwise(asked)) < 40


@pytest.mark.parametrize(("days", "reasons"), [(29, []), (30, ["an index that was not checked for a month"])])
def test_the_index_of_an_earlier_season_is_due_once_a_month(days: int, reasons: list[str]) -> None:
    assert reasons == why(index(2018), checked(fingerprint=""), now=RACE_DAY + timedelta(days=days))


@pytest.mark.parametrize("status", [200, 304, 404])
def test_a_document_checked_under_a_clock_in_the_future_is_due(status: int) -> None:
    ahead = checked(RACE_DAY + timedelta(days=400), status=status)
    assert ["was asked for under a clock that was ahead"] == why(RACE, ahead)


def test_a_clock_that_was_minutes_ahead_makes_nothing_due() -> None:
    assert [] == why(RACE, checked(RACE_DAY + timedelta(minutes=5)))


def test_a_race_whose_entry_in_the_index_changed_is_due() -> None:
    assert ["its entry in the index changed"] == why(RACE, checked(fingerprint="267"))


@pytest.mark.parametrize("status", [200, 304])
def test_a_race_without_news_is_not_due(status: int) -> None:
    assert [] == why(RACE, checked(status=status))


@pytest.mark.parametrize(
    ("days", "reason"),
    [(1, "the day after the race"), (3, "3 days after the race"), (10, "10 days after the race")],
)
def test_a_race_is_due_again_after_inspection_and_appeals(days: int, reason: str) -> None:
    now = RACE_DAY + timedelta(days=days)
    assert [reason] == why(RACE, checked(now - timedelta(days=1)), now=now)


def test_a_daily_job_asks_on_the_days_of_correction_and_never_after() -> None:
    assert list(CORRECTION_DAYS) == days_asked(every(1, 400))


def test_an_hourly_job_asks_once_on_each_day_of_correction() -> None:
    assert list(CORRECTION_DAYS) == days_asked(every(1 / 24, 24 * 14))


def test_a_weekly_job_asks_once_for_all_days_that_it_missed() -> None:
    assert [7, 14] == days_asked(every(7, 10))


def test_a_race_first_seen_long_after_it_was_run_is_not_asked_for_again() -> None:
    assert [] == days_asked(every(1, 400)[11:], first=RACE_DAY + timedelta(days=11))


def test_the_index_of_a_season_that_ended_is_asked_for_on_the_days_of_correction() -> None:
    assert ["the day after the race"] == why(
        index(2024), checked(datetime(2024, 12, 31, tzinfo=UTC), fingerprint=""), now=datetime(2025, 1, 1, tzinfo=UTC)
    )


def test_a_document_without_a_day_has_no_days_of_correction() -> None:
    timeless = Document("wikipedia", "closest", "https://en.wikipedia.org/a", fingerprint=RACE.fingerprint)
    assert [] == days_asked(every(1, 20), timeless)


def test_what_is_due_keeps_the_order_given() -> None:
    documents = [index(2024), RACE, index(2023), index(2020)]
    due = plan(
        documents,
        last_answers={index(2023).key: checked(fingerprint="")},
        held={},
        selection=Selection(RACE_DAY.date()),
        fetcher=Publisher(),
        now=RACE_DAY,
    )
    assert [index(2024), RACE, index(2020)] == [item.document for item in due]


def test_a_race_that_was_run_is_asked_for_until_its_document_has_results() -> None:
    expected = msgspec.structs.replace(RACE, is_expected=True)
    due = [why(expected, checked(day, fingerprint=NO_RESULTS), now=day + timedelta(days=1)) for day in every(1, 10)]
    assert [["had no results of its race yet"]] * 10 == due
    late = checked(RACE_DAY + timedelta(days=100), fingerprint=NO_RESULTS)
    assert [] == why(expected, late, now=late.checked_at + timedelta(days=9))
    assert 1 == len(why(expected, late, now=late.checked_at + timedelta(days=10)))


def test_a_document_whose_newest_version_is_not_used_is_asked_for_until_another_arrives() -> None:
    late = checked(RACE_DAY + timedelta(days=100))
    assert [] == why(RACE, late, now=late.checked_at + timedelta(days=9), unused=[RACE.key])
    assert ["its newest version is not used"] == why(
        RACE, late, now=late.checked_at + timedelta(days=10), unused=[RACE.key]
    )
    assert [] == why(RACE, late, now=late.checked_at + timedelta(days=10))
