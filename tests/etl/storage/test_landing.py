"""Documents are kept whole, with every version and the time of every answer."""

from __future__ import annotations

from datetime import timedelta, timezone
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nascar_warehouse.etl.documents import Document, Validators
from nascar_warehouse.etl.storage.landing import Landing
from nascar_warehouse.warehouse.errors import MachineFailure
from tests.support.landings import BODY, KEY, RACE_DAY, SOURCE, arrive, contents, document, kept_bytes, reply


def test_the_first_bytes_of_a_document_are_its_first_version(landing: Landing) -> None:
    [version] = arrive(landing, reply(etag='"a"'))
    expected = (1, SOURCE, KEY, document().url, len(BODY), 200, '"a"', "network", RACE_DAY)
    assert expected == (
        version.version,
        version.source_id,
        version.key,
        version.url,
        version.size_bytes,
        version.http_status,
        version.etag,
        version.origin,
        version.fetched_at,
    )


def test_the_id_of_a_version_names_its_source_its_key_its_bytes_and_its_number(landing: Landing) -> None:
    [version] = arrive(landing, reply())
    assert f"nascar_feed:2024/race_list_basic#{version.sha256[:8]}-1" == version.document_id


def test_the_bytes_of_a_version_are_read_as_they_came(landing: Landing) -> None:
    [version] = arrive(landing, reply())
    assert BODY == landing.read(version)


def test_an_empty_document_is_a_version_too(landing: Landing) -> None:
    arrive(landing, reply(b""))
    assert [[b""]] == contents(landing)


def test_the_same_bytes_again_are_no_new_version(landing: Landing) -> None:
    arrive(landing, reply())
    assert [] == arrive(landing, reply(days=1))


def test_the_same_bytes_again_move_the_day_of_the_last_check(landing: Landing) -> None:
    arrive(landing, reply())
    arrive(landing, reply(days=1))
    assert {(SOURCE, KEY): RACE_DAY + timedelta(days=1)} == landing.last_checked()


def test_the_same_bytes_again_leave_the_version_as_it_was(landing: Landing) -> None:
    first = arrive(landing, reply(etag='"a"'))
    arrive(landing, reply(days=1, etag='"b"'))
    assert [first] == landing.versions_by_document(SOURCE)


def test_bytes_that_come_back_are_a_third_version(landing: Landing) -> None:
    for day, body in enumerate([b"[1]", b"[2]", b"[1]"]):
        arrive(landing, reply(body, days=day))
    assert [[b"[1]", b"[2]", b"[1]"]] == contents(landing)


def test_bytes_that_come_back_have_another_id(landing: Landing) -> None:
    ids = [arrive(landing, reply(body))[0].document_id for body in (b"[1]", b"[2]", b"[1]")]
    assert 3 == len(set(ids))


@settings(max_examples=15, deadline=None)  # a disk takes its time
@given(st.lists(st.sampled_from([b"", b"a", b"b"]), max_size=8))
def test_a_version_begins_wherever_the_bytes_change(bodies: list[bytes]) -> None:
    with TemporaryDirectory() as folder, Landing(Path(folder)) as landing:
        for body in bodies:
            arrive(landing, reply(body))
        changes = [body for before, body in zip([None, *bodies], bodies, strict=False) if before != body]
        assert ([changes] if changes else []) == contents(landing)


def test_new_versions_come_back_in_the_order_given(landing: Landing) -> None:
    answers = [(document(key), reply(key.encode())) for key in ("c", "a", "b")]
    versions = landing.put(answers, "network")
    assert [("c", 1), ("a", 2), ("b", 3)] == [(version.key, version.version) for version in versions]


def test_two_answers_about_one_document_in_one_go_are_two_versions(landing: Landing) -> None:
    answers = [reply(b"[1]"), reply(b"[1]"), reply(b"[2]")]
    landing.put([(document(), answer) for answer in answers], "network")
    assert [[b"[1]", b"[2]"]] == contents(landing)


def test_histories_are_ordered_by_key(landing: Landing) -> None:
    for key in ("b", "c", "a"):
        arrive(landing, reply(), document(key))
    assert ["a", "b", "c"] == [history[0].key for history in landing.versions_by_document(SOURCE)]


def test_documents_of_two_sources_with_one_key_are_kept_apart(landing: Landing) -> None:
    arrive(landing, reply(b"[1]"))
    arrive(landing, reply(b"[2]"), document(source_id="almanac"))
    assert [[b"[1]"]] == contents(landing)


def test_a_source_without_documents_has_no_histories(landing: Landing) -> None:
    assert [] == landing.versions_by_document("wikipedia")


def test_latest_is_the_last_version_of_each_document(landing: Landing) -> None:
    arrive(landing, reply(b"[1]"))
    arrive(landing, reply(b"[2]"))
    arrive(landing, reply(b"[3]"), document("2025/race_list_basic"))
    assert [b"[2]", b"[3]"] == [landing.read(version) for version in landing.latest(SOURCE)]


def test_a_history_up_to_a_moment_includes_what_came_at_that_moment(landing: Landing) -> None:
    arrive(landing, reply(b"[1]"))
    arrive(landing, reply(b"[2]", days=1))
    assert [[b"[1]", b"[2]"]] == contents(landing, RACE_DAY + timedelta(days=1))


def test_a_history_up_to_a_moment_leaves_out_what_came_later(landing: Landing) -> None:
    arrive(landing, reply(b"[1]"))
    arrive(landing, reply(b"[2]", days=1))
    assert [[b"[1]"]] == contents(landing, RACE_DAY + timedelta(days=1, microseconds=-1))


def test_a_document_that_came_later_has_no_history_up_to_a_moment(landing: Landing) -> None:
    arrive(landing, reply())
    assert [] == landing.versions_by_document(SOURCE, RACE_DAY - timedelta(days=1))


def test_the_moment_may_be_told_in_any_time_zone(landing: Landing) -> None:
    arrive(landing, reply())
    kansas = timezone(timedelta(hours=-5))
    assert [[BODY]] == contents(landing, RACE_DAY.astimezone(kansas))


def test_an_empty_landing_has_no_last_version(landing: Landing) -> None:
    assert 0 == landing.last_version()


def test_the_last_version_is_the_newest_of_all_sources(landing: Landing) -> None:
    arrive(landing, reply())
    arrive(landing, reply(), document(source_id="almanac"))
    assert 2 == landing.last_version()


@pytest.mark.parametrize("status", [304, 403, 404, 410])
def test_an_answer_without_bytes_is_no_version(landing: Landing, status: int) -> None:
    assert [] == arrive(landing, reply(b"", status=status))


def test_a_missing_document_is_recorded_as_asked_for(landing: Landing) -> None:
    arrive(landing, reply(b"", status=404))
    last = landing.last_answers(SOURCE, "network")[KEY]
    assert (404, None, RACE_DAY) == (last.http_status, last.sha256, last.checked_at)


@pytest.mark.parametrize("status", [304, 404])
def test_an_answer_without_bytes_says_nothing_about_the_bytes_before(landing: Landing, status: int) -> None:
    [version] = arrive(landing, reply(etag='"a"'))
    arrive(landing, reply(b"", status=status, days=1, etag='"b"'))
    last = landing.last_answers(SOURCE, "network")[KEY]
    assert (status, version.sha256, Validators('"a"')) == (last.http_status, last.sha256, last.validators)


def test_the_last_bytes_bring_their_validators(landing: Landing) -> None:
    arrive(landing, reply(b"[1]", etag='"a"'))
    arrive(landing, reply(b"[2]", etag='"b"'))
    assert Validators('"b"') == landing.last_answers(SOURCE, "network")[KEY].validators


def test_the_last_answer_has_the_last_stamp_of_the_document(landing: Landing) -> None:
    for fingerprint in ("267 laps", "268 laps"):
        arrive(landing, reply(), document(fingerprint=fingerprint))
    assert "268 laps" == landing.last_answers(SOURCE, "network")[KEY].fingerprint


def test_each_origin_has_its_own_checks(landing: Landing) -> None:
    arrive(landing, reply())
    assert {} == landing.last_answers(SOURCE, "https://mirror.example")


def test_the_last_check_is_that_of_the_origin_asked_last(landing: Landing) -> None:
    arrive(landing, reply(days=2), origin="a")
    arrive(landing, reply(days=1), origin="b")
    assert {(SOURCE, KEY): RACE_DAY + timedelta(days=2)} == landing.last_checked()


def test_everything_is_still_there_when_the_landing_is_opened_again(tmp_path: Path) -> None:
    with Landing(tmp_path) as landing:
        arrive(landing, reply())
    with Landing(tmp_path) as landing:
        assert [[BODY]] == contents(landing)


def test_bytes_that_two_documents_share_are_kept_once(landing: Landing) -> None:
    arrive(landing, reply())
    arrive(landing, reply(), document("2025/race_list_basic"))
    assert kept_bytes(landing)


def test_nothing_of_a_batch_is_kept_when_one_document_cannot_be(landing: Landing) -> None:
    nameless = Document(SOURCE, "b", None)  # type: ignore[arg-type]  # what the file refuses
    with pytest.raises(MachineFailure):
        landing.put([(document(), reply()), (nameless, reply())], "network")
    assert ([], {}) == (landing.versions_by_document(SOURCE), landing.last_answers(SOURCE, "network"))
