"""An answer that is no version of its document, such as text instead of JSON, is exit 4 once while it stays so."""

from __future__ import annotations

from tests.conftest import Ask, Nascar
from tests.support.commands import Left
from tests.support.feed import FeedFolder
from tests.support.good_season import WEEKEND, YEAR, good_weekend, problems_of

_NAME = f"nascar_feed {WEEKEND}"
_TEXT = b"The service is being repaired."


def test_such_an_answer_is_exit_4_once_and_a_warning_as_long_as_it_stays(
    nascar: Nascar, good: FeedFolder, ask: Ask
) -> None:
    def ingest() -> Left:
        return nascar("ingest", "nascar_feed", "--mirror", good)

    good.put(f"{WEEKEND}.json", _TEXT)
    first, second = ingest(), ingest()
    assert (4, [_NAME]) == (first.code, list(problems_of(first)))
    assert (0, {}) == (second.code, problems_of(second))
    assert f"warning: {_NAME}: " in second.err
    assert 0 == nascar("build").code
    assert f"warning: {_NAME}: " in ingest().err
    assert [(6,)] == ask("SELECT count(*) FROM core.results WHERE race_id = 'cup-2021-01'")


def test_such_an_answer_is_exit_4_again_after_the_document_arrived(nascar: Nascar, good: FeedFolder) -> None:
    codes = []
    for content in (_TEXT, good_weekend(9001), _TEXT):
        good.put(f"{WEEKEND}.json", content)
        codes.append(nascar("ingest", "nascar_feed", "--mirror", good).code)
    assert [4, 0, 4] == codes


def test_such_an_answer_is_exit_4_in_each_run_for_the_index_of_a_season_that_was_named(
    nascar: Nascar, good: FeedFolder
) -> None:
    good.put(f"{YEAR}/race_list_basic.json", _TEXT)
    codes = [nascar("ingest", "nascar_feed", "--mirror", good, "--season", str(YEAR)).code for _ in range(2)]
    assert [4, 4] == codes
