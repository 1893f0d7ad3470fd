"""Which new versions a failing check sets aside: the least preferred first, and only what helps."""

from __future__ import annotations

from nascar_warehouse.etl.load.trials import Candidate, Trials
from nascar_warehouse.etl.outcome import DocumentProblem
from nascar_warehouse.warehouse.build.checks import CheckResult

WEEKEND = Candidate("feed:weekend", "feed weekend", "https://feed/weekend", order=10, races=1)
OTHER_WEEKEND = Candidate("feed:other", "feed other", "https://feed/other", order=10, races=1)
INDEX = Candidate("feed:index", "feed index", "https://feed/index", order=10, races=36)
ARCHIVE = Candidate("archive:all", "archive all", "https://archive/all", order=30, races=2800)
PAGE = Candidate("page:one", "page one", "https://page/one", order=50, races=1)
ALL = {version.document_id: version for version in (WEEKEND, INDEX, ARCHIVE, PAGE)}


def failing(**rows: set[str]) -> list[CheckResult]:
    """A failing check, each of whose rows names documents."""
    examples = tuple({"row_key": key, "found": 2} for key in rows)
    return [CheckResult("a_check", "fail", len(rows), examples, {key: frozenset(ids) for key, ids in rows.items()})]


def ids(*versions: Candidate) -> set[str]:
    return {version.document_id for version in versions}


def test_the_source_that_is_preferred_least_goes_first() -> None:
    trials = Trials({})
    assert trials.set_aside_more(failing(a=ids(WEEKEND, INDEX, ARCHIVE, PAGE)), ALL)
    assert ids(PAGE) == set(trials.set_aside)


def test_of_one_source_the_document_about_the_fewest_races_goes_first() -> None:
    trials = Trials({})
    assert trials.set_aside_more(failing(a=ids(WEEKEND, INDEX)), ALL)
    assert ids(WEEKEND) == set(trials.set_aside)


def test_a_row_that_names_the_feed_alone_waits_until_the_archive_was_tried() -> None:
    trials = Trials({})
    assert trials.set_aside_more(failing(a=ids(WEEKEND, ARCHIVE), b=ids(WEEKEND)), ALL)
    assert ids(ARCHIVE) == set(trials.set_aside)


def test_what_helped_with_one_row_stays_aside_when_another_is_tried() -> None:
    trials = Trials({})
    trials.set_aside_more(failing(a=ids(WEEKEND, ARCHIVE), b=ids(WEEKEND)), ALL)
    assert trials.set_aside_more(failing(b=ids(WEEKEND)), ALL)
    assert ids(ARCHIVE, WEEKEND) == set(trials.set_aside)


def test_what_did_not_help_is_used_again() -> None:
    trials = Trials({})
    trials.set_aside_more(failing(a=ids(WEEKEND, ARCHIVE)), ALL)
    assert trials.set_aside_more(failing(a=ids(WEEKEND)), ALL)
    assert ids(WEEKEND) == set(trials.set_aside)


def test_where_a_row_fails_because_of_another_version_then_both_stay_aside_and_no_others() -> None:
    # The weekend feed and the index print the same wrong margin: without the one, that of the other is selected.
    trials = Trials({})
    new = {version.document_id: version for version in (WEEKEND, INDEX, OTHER_WEEKEND)}
    trials.set_aside_more(failing(a=ids(WEEKEND)), new)
    assert trials.set_aside_more(failing(a=ids(INDEX)), new)
    assert ids(WEEKEND, INDEX) == set(trials.set_aside)


def test_where_a_row_fails_because_of_a_published_version_then_a_new_one_did_not_help() -> None:
    trials = Trials({})
    trials.set_aside_more(failing(a=ids(WEEKEND, ARCHIVE)), ALL)
    assert trials.set_aside_more(failing(a={"feed:published"} | ids(WEEKEND)), ALL)
    assert ids(WEEKEND) == set(trials.set_aside)


def test_when_nothing_helps_alone_everything_is_tried_together_and_then_nothing_more() -> None:
    trials = Trials({})
    rows = failing(a=ids(WEEKEND, ARCHIVE))
    new = {version.document_id: version for version in (WEEKEND, ARCHIVE)}
    trials.set_aside_more(rows, new)
    trials.set_aside_more(rows, new)
    assert trials.set_aside_more(rows, new)
    assert ids(WEEKEND, ARCHIVE) == set(trials.set_aside)
    assert not trials.set_aside_more(rows, new)


def test_where_a_row_names_no_new_version_the_others_are_tried_a_source_at_a_time() -> None:
    trials = Trials({})
    rows = failing(a={"feed:published"})
    tried: list[set[str]] = []
    while trials.set_aside_more(rows, ALL) and len(tried) < 9:
        tried.append(set(trials.set_aside))
    assert [ids(PAGE), ids(ARCHIVE), ids(WEEKEND, INDEX), ids(PAGE, ARCHIVE, WEEKEND, INDEX)] == tried


def test_what_helped_though_no_row_named_it_stays_aside() -> None:
    trials = Trials({})
    trials.set_aside_more(failing(a={"feed:published"}, b={"feed:published"}), ALL)
    trials.set_aside_more(failing(b={"feed:published"}), ALL)
    assert ids(PAGE, ARCHIVE) == set(trials.set_aside)


def test_where_there_is_no_new_version_nothing_can_be_set_aside() -> None:
    assert not Trials({}).set_aside_more(failing(a={"feed:published"}), {})


def test_what_an_earlier_run_set_aside_stays_aside() -> None:
    known = {"old": DocumentProblem("archive old", 5, "set aside")}
    trials = Trials(known)
    trials.set_aside_more(failing(a=ids(PAGE)), ALL)
    assert {"old"} | ids(PAGE) == set(trials.set_aside)


def test_the_problem_names_the_check_its_row_the_address_and_what_to_do() -> None:
    trials = Trials({})
    trials.set_aside_more(failing(a=ids(PAGE)), ALL)
    problem = trials.set_aside["page:one"]
    assert ("page one", 5, "page:one") == (problem.document, problem.exit_code, problem.document_id)
    assert 'the check a_check fails: {"row_key": "a", "found": 2}' in problem.problem
    assert "https://page/one" in problem.advice
    assert "nascar accept page:one" in problem.advice
