"""Statements of strangers through the console and the API: refused as in the sandbox, and nothing is written."""

from __future__ import annotations

import time
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from urllib.parse import quote

import httpx
import pytest
from selectolax.lexbor import LexborHTMLParser

from nascar_warehouse.warehouse.explorer import api, sql_page
from nascar_warehouse.warehouse.explorer.settings import ServerSettings
from tests.support.homes import copy_home
from tests.support.hostile import BOUNDED, REFUSED
from tests.warehouse.explorer.conftest import Visit, visit_home

pytestmark = pytest.mark.slow

SECRET = "what-no-stranger-may-read"  # noqa: S105  # a text to look for
SECONDS = 1.0
PATHS = ("/sql", "/api/v1/sql", "/api/v1/sql.csv", "/api/v1/sql.parquet")
OF_EACH_CLASS = 3
EVERY = 3


class Place:
    """A home beside a file with a secret, the folder of both, and the explorer on it."""

    def __init__(self, folder: Path, almanac: Path) -> None:
        self.folder = folder
        self.home = copy_home(almanac, folder / "home")
        self.outside = folder / "secret.csv"
        self.outside.write_text(f"{SECRET}\n")
        settings = ServerSettings(requests_per_second=1e6, requests_in_burst=1_000_000)
        self.visit: Visit = visit_home(self.home, settings)[0]

    def send(self, path: str, statement: str) -> httpx.Response:
        """Send a statement with the paths of this place. Half of a surrogate pair arrives as another character."""
        filled = statement.format(
            home=self.home, file=self.home / "nascar.duckdb", outside=self.outside, here=self.folder
        )
        # This client sends no address of more than 64 kB; the explorer reads none of more than 8.
        return self.visit(f"{path}?sql={quote(filled, errors='surrogatepass')}"[:60_000])

    def fingerprint(self) -> dict[str, str]:
        """Every file and folder with its bytes."""
        return {
            str(path): sha256(path.read_bytes()).hexdigest() if path.is_file() else ""
            for path in self.folder.rglob("*")
        }


@pytest.fixture(scope="module")
def place(home_of_almanac: Path, tmp_path_factory: pytest.TempPathFactory) -> Place:
    """Nothing in it may ever change."""
    return Place(tmp_path_factory.mktemp("place"), home_of_almanac)


@pytest.mark.parametrize("name", REFUSED)
def test_the_console_and_the_api_refuse_what_the_sandbox_refuses(
    place: Place, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(place.folder)
    before = place.fingerprint()
    for number, statement in enumerate(REFUSED[name]):
        shown = place.send("/sql", statement)
        assert SECRET not in shown.text
        if not _is_utf8(statement):  # What arrives is another statement, which may be harmless.
            continue
        if not statement.strip():
            assert "Answer" not in shown.text
            continue
        assert shown.status_code in (400, 414), statement
        if number % EVERY == 0:  # Both go the same way; each costs a process.
            answer = place.send(PATHS[1 + number // EVERY % 3], statement)
            assert shown.status_code == answer.status_code, statement
            assert SECRET not in answer.text
            if answer.status_code == 400:
                assert _problem_of(shown) == " ".join(answer.json()["problem"].split())
    assert before == place.fingerprint()


@pytest.mark.parametrize("name", BOUNDED)
def test_a_statement_that_wants_too_much_ends_within_the_limits_of_the_page(
    place: Place, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(place.folder)
    for module in (api, sql_page):
        monkeypatch.setattr(module, "SQL_LIMITS", replace(api.SQL_LIMITS, seconds=SECONDS, memory_bytes=200_000_000))
    before = place.fingerprint()
    for number, statement in enumerate(BOUNDED[name][:OF_EACH_CLASS]):
        started = time.monotonic()
        answer = place.send(PATHS[number % len(PATHS)], statement)
        assert time.monotonic() - started < SECONDS + 1.5, statement
        assert answer.status_code in (200, 400, 414), statement
        assert SECRET not in answer.text
    assert before == place.fingerprint()
    assert 200 == place.visit("/").status_code


def _problem_of(page: httpx.Response) -> str:
    [problem] = LexborHTMLParser(page.text).css("section[role=alert] pre")
    return " ".join(problem.text().split())


def _is_utf8(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
