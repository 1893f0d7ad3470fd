"""Documents of which something is wrong are taken, quarantined or refused by name; `tests/faults/fuzz.py` does more of it."""

from __future__ import annotations

from pathlib import Path

from tests.faults.fuzz import fuzz


def test_a_thousand_documents_with_something_wrong_break_nothing(tmp_path: Path) -> None:
    report = fuzz(tmp_path, count=1000, seed=1000)
    assert [] == report.failures
    assert report.documents >= 1000
