"""A search of public archives with many copies, in bounded memory."""

from __future__ import annotations

import os
import tracemalloc
from pathlib import Path

import pytest

from tests.support import racing_reference_html as rr
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
