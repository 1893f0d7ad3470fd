"""A host that cannot be reached is one problem, and a file that cannot be read costs one document."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import Nascar
from tests.support.feed import FeedFolder, index, season
from tests.support.misbehaving import Canned, Request, as_json, canned, misbehaving_server
from tests.support.publisher import Publisher
from tests.support.refusing import INDEX, NOW, RACES, YEAR, races_with_results, weekends

pytestmark = pytest.mark.slow
"""Whole warehouses are built several times."""

# --- hosts that cannot be reached


def test_a_host_that_cannot_be_reached_is_one_problem_with_a_count(nascar: Nascar) -> None:
    with misbehaving_server({}) as server:
        address = server.url
    left = nascar("ingest", "nascar_feed", "racing_data", "--mirror", address)
    found = [line for line in left.err.splitlines() if line.startswith("problem: ")]
    assert (3, 2) == (left.code, len(found))
    assert "other documents were not fetched, the host cf.nascar.com is not asked again in this run" in found[0]


def test_a_host_that_asks_for_a_long_pause_midway_is_one_problem_and_what_arrived_is_published(
    publisher: Publisher, site: FeedFolder, home: Path
) -> None:
    publisher.archive.refuses = lambda key: key in weekends(3, 4, 5, 6)
    publisher.archive.refusal = canned(status=429, headers={"Retry-After": "86400"})
    run = publisher.run(NOW, site.root)
    [problem] = run.outcome.problems
    assert (3, True) == (run.outcome.exit_code, run.outcome.is_published)
    assert "3 other documents were not fetched" in problem.problem
    assert "run the same command again after" in problem.advice
    assert 2 == races_with_results(home)


def test_a_maximum_of_requests_that_ends_before_a_403_is_checked_leaves_the_document_for_the_next_run(
    nascar: Nascar,
) -> None:
    listed = season(2, YEAR)

    def answer(request: Request) -> Canned:
        return as_json(index(*listed)) if request.path.endswith(f"{INDEX}.json") else canned(status=403)

    with misbehaving_server({}, otherwise=answer) as server:
        left = nascar("ingest", "nascar_feed", "--season", YEAR, "--mirror", server.url, "--max-requests", 2)
    assert 0 == left.code
    assert "2 documents that are due are left for the next run" in left.err


# --- one bad file in a folder


def test_each_bad_file_in_a_folder_mirror_costs_that_document(
    nascar: Nascar, site: FeedFolder, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_folder, a_link_out, not_readable = (site.root / f"cf.nascar.com/cacher/{key}.json" for key in weekends(1, 2, 3))
    a_folder.unlink()
    a_folder.mkdir()
    a_link_out.symlink_to(a_link_out.rename(site.root.parent / "elsewhere.json"))
    make_unreadable(not_readable, monkeypatch)
    left = nascar("ingest", "nascar_feed", "--season", YEAR, "--mirror", site.root)
    assert 8 == left.code
    assert [] == [key for key in weekends(1, 2, 3) if f"problem: nascar_feed {key}: in the mirror" not in left.err]
    assert RACES - 3 == races_with_results(home)


def make_unreadable(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read = Path.read_bytes

    def refuse(path: Path) -> bytes:
        if path.name == file.name and path.parent.name == file.parent.name:
            raise PermissionError(13, "Permission denied")
        return read(path)

    monkeypatch.setattr(Path, "read_bytes", refuse)
