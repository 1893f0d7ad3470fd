"""A request is conditional where the bytes that its publisher sent last are the newest that are kept."""

from __future__ import annotations

from nascar_warehouse.etl.documents import UNCONDITIONAL, Selection, Validators
from nascar_warehouse.etl.extract.plan import plan
from nascar_warehouse.etl.storage.last_answers import LastAnswer
from tests.support.planning import ETAG, HASH, RACE, RACE_DAY, Publisher, checked


def validators(last: LastAnswer | None, held: dict[str, str]) -> Validators:
    [item] = plan(
        [RACE],
        last_answers={RACE.key: last} if last else {},
        held=held,
        selection=Selection(RACE_DAY.date(), (2024,)),
        fetcher=Publisher(),
        now=RACE_DAY,
    )
    return item.validators


def test_the_request_is_conditional_when_the_newest_kept_bytes_are_the_last_of_this_origin() -> None:
    assert ETAG == validators(checked(), {RACE.key: HASH})


def test_the_request_is_conditional_after_an_answer_without_bytes() -> None:
    assert ETAG == validators(checked(status=304), {RACE.key: HASH})


def test_the_request_is_unconditional_when_another_origin_sent_newer_bytes() -> None:
    assert UNCONDITIONAL == validators(checked(), {RACE.key: "0ther"})


def test_the_request_is_unconditional_when_no_bytes_are_kept() -> None:
    assert UNCONDITIONAL == validators(checked(), {})


def test_the_request_is_unconditional_when_this_origin_never_sent_bytes() -> None:
    assert UNCONDITIONAL == validators(checked(status=404, sha256=None), {RACE.key: HASH})


def test_the_request_is_unconditional_when_this_origin_was_never_asked() -> None:
    assert UNCONDITIONAL == validators(None, {RACE.key: HASH})
