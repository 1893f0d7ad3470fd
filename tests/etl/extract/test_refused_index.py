"""An index that was not accepted does not decide which races are asked for; the last accepted one does."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, date, datetime
from pathlib import Path

import msgspec
import pytest

from nascar_warehouse.etl.documents import Selection
from nascar_warehouse.etl.extract.extractor import Extractor
from nascar_warehouse.etl.extract.missing import lost_indexes
from nascar_warehouse.etl.outcome import NoProgress
from nascar_warehouse.etl.sources.nascar_feed import NascarFeed
from nascar_warehouse.etl.storage.landing import Landing
from nascar_warehouse.etl.storage.last_answers import LastAnswer
from nascar_warehouse.etl.storage.published_state import Judged
from tests.support.feed import FeedFolder, index, season
from tests.support.landings import arrive, document, reply
from tests.support.misbehaving import canned
from tests.support.planning import Publisher as NoPublisher
from tests.support.planning import checked
from tests.support.publisher import Publisher
from tests.support.refusing import INDEX, RACES, YEAR, weekends

ABOUT = document(INDEX)
NOON = datetime(YEAR, 5, 1, 12, tzinfo=UTC)


def asked_for(landing: Landing, *refused: str) -> list[str]:
    """The weekend feeds that are due at the end of the season."""
    now = datetime(YEAR, 12, 1, tzinfo=UTC)
    selection = Selection(date(YEAR, 12, 1), (YEAR,))
    judged = Judged(frozenset(refused))
    extractor = Extractor(NascarFeed(), NoPublisher(), landing, selection, lambda: now, NoProgress(), judged)
    return [due.document.key for due in extractor.due_detail_documents()]


@pytest.fixture
def landing(tmp_path: Path) -> Landing:
    return Landing(tmp_path / "landing")


def put_index(landing: Landing, *numbers: int, to_come: Collection[int] = ()) -> str:
    """Keep an index of these races; returns the id of the version."""
    blank = {"total_race_time": "", "winner_driver_id": None}
    listed = [season(RACES, YEAR)[number - 1] | (blank if number in to_come else {}) for number in numbers]
    [version] = arrive(landing, reply(msgspec.json.encode(index(*listed))), ABOUT)
    return version.document_id


def test_the_newest_index_decides_which_races_are_asked_for(landing: Landing) -> None:
    with landing:
        put_index(landing, 1, 2, to_come=[2])
        put_index(landing, 1)
        assert weekends(1) == asked_for(landing)


def test_an_index_that_lost_a_race_and_was_not_judged_yet_leaves_the_races_of_the_one_before_due(
    landing: Landing,
) -> None:
    with landing:
        put_index(landing, 1, 2, 3, to_come=[3])
        put_index(landing, 1)
        assert weekends(1, 2, 3) == asked_for(landing)


def test_a_refused_index_leaves_the_decision_to_the_last_accepted_one(landing: Landing) -> None:
    with landing:
        put_index(landing, 1)
        put_index(landing, 1, 2)
        refused = [put_index(landing, 1, 3), put_index(landing, 4)]
        assert weekends(1, 2) == asked_for(landing, *refused)


def test_an_index_after_a_refused_one_decides_again(landing: Landing) -> None:
    with landing:
        put_index(landing, 1)
        refused = put_index(landing, 4)
        put_index(landing, 1, 2)
        assert weekends(1, 2) == asked_for(landing, refused)


def test_while_no_index_was_accepted_the_newest_one_leads_to_its_races(landing: Landing) -> None:
    with landing:
        refused = [put_index(landing, 1), put_index(landing, 1, 2)]
        assert weekends(1, 2) == asked_for(landing, *refused)


@pytest.mark.slow
def test_a_race_that_a_refused_index_lost_is_still_asked_for(publisher: Publisher, site: FeedFolder) -> None:
    publisher.archive.refuses = lambda key: key in weekends(RACES)
    publisher.archive.refusal = canned(status=404)
    assert 3 == publisher.run(f"{YEAR}-04-01", site.root).outcome.exit_code
    site.put_index(*season(RACES - 1, YEAR), year=YEAR)
    lost = publisher.run(f"{YEAR}-04-02")
    assert (5, weekends(RACES)) == (lost.outcome.exit_code, lost.planned[-1:])
    publisher.archive.refuses = lambda _: False
    assert weekends(RACES)[0] in publisher.run(f"{YEAR}-04-03").asked


def last_answers(key: str, at: datetime, last_found_at: datetime | None) -> dict[str, LastAnswer]:
    last = checked(at, status=404)
    return {key: msgspec.structs.replace(last, last_found_at=last_found_at)}


@pytest.mark.parametrize(
    ("running", "found_at", "accepted", "lost"),
    [
        (YEAR, NOON, [], [INDEX]),
        (YEAR, None, [], []),
        (YEAR + 1, NOON, [], []),
        (YEAR, NOON, [f"nascar_feed {INDEX}"], []),
    ],
    ids=["lost", "never there", "season is over", "accepted"],
)
def test_an_index_of_the_running_season_that_is_gone_is_a_problem(
    running: int, found_at: datetime | None, accepted: list[str], lost: list[str]
) -> None:
    documents = NascarFeed().index_documents(Selection(date(YEAR, 12, 1)))
    found = lost_indexes(documents, last_answers(INDEX, NOON, found_at), running=running, accepted=accepted)
    assert [(f"nascar_feed {key}", 3) for key in lost] == [(problem.document, problem.exit_code) for problem in found]
