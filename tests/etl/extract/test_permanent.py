"""What never changes is asked for once."""

from __future__ import annotations

from datetime import datetime, timedelta

import msgspec
import pytest

from nascar_warehouse.etl.documents import Answer, Selection
from nascar_warehouse.etl.extract.plan import plan
from nascar_warehouse.etl.storage.last_answers import LastAnswer
from tests.support.planning import HASH, RACE, RACE_DAY, Publisher, checked

PERMANENT = msgspec.structs.replace(RACE, is_permanent=True)


def refused(at: datetime) -> LastAnswer:
    return msgspec.structs.replace(checked(at, answer=Answer.REFUSED), refused_at=at)


@pytest.mark.parametrize("last", [None, checked(), checked(answer=Answer.REFUSED)])
def test_what_never_changes_and_is_kept_is_never_due(last: LastAnswer | None) -> None:
    selection = Selection(RACE_DAY.date(), (2024,))
    due = plan(
        [PERMANENT],
        last_answers={PERMANENT.key: last} if last else {},
        held={PERMANENT.key: HASH},
        selection=selection,
        fetcher=Publisher(),
        now=RACE_DAY + timedelta(days=400),
    )
    assert [] == due


@pytest.mark.parametrize(
    ("last", "days", "is_due"),
    [
        (None, 0, True),
        (checked(status=404), 400, False),
        (checked(answer=Answer.EMPTY), 400, False),
        (refused(RACE_DAY), 29, False),
        (refused(RACE_DAY), 30, True),
    ],
)
def test_what_never_changes_is_asked_for_once_and_a_month_after_a_refusal(
    last: LastAnswer | None, days: int, is_due: bool
) -> None:
    due = plan(
        [PERMANENT],
        last_answers={PERMANENT.key: last} if last else {},
        held={},
        selection=Selection(RACE_DAY.date(), (2024,)),
        fetcher=Publisher(),
        now=RACE_DAY + timedelta(days=days),
    )
    assert is_due == bool(due)
