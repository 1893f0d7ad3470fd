"""A search of public archives with many copies: in bounded memory, and killed in the middle."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import tracemalloc
from collections import Counter
from pathlib import Path

import pytest

from tests.support import racing_reference_html as rr
from tests.support.commands import run_on
from tests.support.misbehaving import Canned, canned, misbehaving_server
from tests.support.web_archives import Archives, copy, searching

RACES = 1000
CRAWLS = ("CC-MAIN-2021-21", "CC-MAIN-2020-10", "CC-MAIN-2018-05")


@pytest.mark.slow
def test_a_thousand_copies_are_fetched_once_each_in_bounded_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tests.support.web_archives.LINES", 200)
    # What cannot be packed: a megabyte of it in memory would show.
    noise = os.urandom(20_000).hex()
    page = rr.old_page().replace("</body>", f"<!-- {noise} --></body>")
    copies = [copy(page, f"race/{1950 + number // 20}_Race_{number}/W") for number in range(RACES)]
    archives = Archives({name: copies[place * 200 :] for place, name in enumerate(CRAWLS)})
    with searching(archives, tmp_path) as searcher:
        tracemalloc.start()
        run = searcher.run()
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert RACES == len(run.of("data.commoncrawl.org"))
        assert ([], []) == (run.problems, run.result.warnings)
        tracemalloc.start()
        again = searcher.run()
        peak_again = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    assert ["/index.commoncrawl.org/collinfo.json"] == again.paths
    # All copies together have 40 MB; a request, an index page and the list of documents have a few.
    assert peak < 20_000_000
    assert peak_again < 20_000_000


@pytest.mark.slow
def test_a_search_that_is_killed_goes_on_where_it_was(tmp_path: Path) -> None:
    copies = [copy(rr.old_page(), f"race/{1950 + number}_Race/W") for number in range(20)]
    archives = Archives({CRAWLS[0]: copies})
    asked: list[str] = []
    waiting = threading.Event()

    def hold(path: str) -> Canned | None:
        """Let the eighth copy wait until the program is dead."""
        if path.startswith("/data.commoncrawl.org/"):
            asked.append(path)
            if len(asked) == 8:
                waiting.set()
                return canned(delay_seconds=60)
        return None

    archives.refuses = hold
    code = "from nascar_warehouse.etl.cli import main; main()"
    with misbehaving_server({}, otherwise=archives.response_to) as server:
        search = ("ingest", "racing_reference_archive", "--mirror", server.url)
        environment = os.environ | {"NASCAR_HOME": str(tmp_path / "home")}
        with subprocess.Popen(  # noqa: S603  # a command that the test names
            [sys.executable, "-c", code, *search], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        ) as killed:
            assert waiting.wait(60)
            killed.kill()
        before = [request for request in server.requests if "range" in request.headers]
        left = run_on(tmp_path / "home", *search)
        assert 0 == left.code, left.err
        after = [request for request in server.requests if "range" in request.headers][len(before) :]
    times = Counter(request.headers["range"] for request in [*before, *after])
    assert (8, 13) == (len(before), len(after))
    # Only the one that was not answered is asked for again.
    assert [2, *[1] * 19] == sorted(times.values(), reverse=True)
