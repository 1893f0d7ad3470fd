"""Folders of saved race pages, and a home that read one."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support import racing_reference_html as rr
from tests.support.commands import run_on
from tests.support.homes import copy_home
from tests.support.racing_reference_parsing import save


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder for saved pages, still empty."""
    (tmp_path / "saved").mkdir()
    return tmp_path / "saved"


@pytest.fixture(scope="session")
def home_of_page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home into which one page was read; to be read or copied."""
    base = tmp_path_factory.mktemp("page")
    save(base, "a.html", rr.page())
    left = run_on(base / "home", "ingest", "racing_reference_pages", "--pages", base)
    assert 0 == left.code
    assert "1 documents asked for, 1 new" in left.err
    return base / "home"


@pytest.fixture
def kept(home: Path, folder: Path, home_of_page: Path) -> Path:
    """A page in the folder; the home of the test has read it already."""
    copy_home(home_of_page, home)
    return save(folder, "a.html", rr.page())
