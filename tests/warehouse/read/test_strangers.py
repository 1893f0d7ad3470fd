"""Whatever a stranger writes: nothing is written, nothing outside is read, and no limit is passed."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import duckdb
import pytest
from _pytest.mark.structures import ParameterSet

from nascar_warehouse.warehouse.errors import UsageError
from nascar_warehouse.warehouse.read.guard import parse_read
from nascar_warehouse.warehouse.read.sandbox import Limits, Sandbox
from nascar_warehouse.warehouse.storage.connection import open_locked
from nascar_warehouse.warehouse.storage.home import Home
from tests.support.honest_statements import OF_EACH_RELATION, STATEMENTS
from tests.support.hostile import BOUNDED, REFUSED

SECRET = "what-no-stranger-may-read"  # noqa: S105  # a text to look for
SECONDS = 1.0
MEMORY = 200_000_000
LIMITS = Limits(seconds=SECONDS, memory_bytes=MEMORY, rows=100_000, answer_bytes=20_000_000)

RUN_AND_MEASURE = """
import json, resource, sys
from pathlib import Path
from nascar_warehouse.warehouse.errors import UsageError
from nascar_warehouse.warehouse.read.sandbox import Limits, Sandbox
from nascar_warehouse.warehouse.storage.home import Home

home, memory, statements = Home(Path(sys.argv[1])), int(sys.argv[2]), json.load(sys.stdin)
with Sandbox(home) as sandbox:
    for statement in statements:
        try:
            with sandbox.run(statement, Limits(seconds=1, memory_bytes=memory, rows=100_000)) as answer:
                for batch in answer:
                    pass
        except UsageError:
            pass
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024)
"""


@dataclass(frozen=True)
class Place:
    """A home with a warehouse, beside a file with a secret, and the current folder, in which a spill has one too."""

    home: Home
    outside: Path
    here: Path

    def fill(self, statement: str) -> str:
        """A statement with the paths of this place."""
        return statement.format(home=self.home.root, file=self.home.published, outside=self.outside, here=self.here)

    def fingerprint(self) -> dict[str, str]:
        """Every file and folder with its bytes."""
        return {
            str(path): sha256(path.read_bytes()).hexdigest() if path.is_file() else ""
            for folder in (self.home.root, self.here)
            for path in (folder, *folder.rglob("*"))
        }


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """Nothing in it may ever change."""
    place = Place(Home(tmp_path_factory.mktemp("home")), *(tmp_path_factory.mktemp("outside"),) * 2)
    place = Place(place.home, place.home.root / "secret.csv", place.here)
    with duckdb.connect(place.home.published) as con:
        con.execute(
            "CREATE SCHEMA core;"
            "CREATE TABLE core.races AS SELECT 'cup-' || i AS race_id, i AS season FROM range(2000) AS t(i);"
            "CREATE SCHEMA marts;"
            "CREATE MACRO marts.closest() AS TABLE FROM core.races;"
        )
    place.home.published.chmod(0o444)
    place.outside.write_text(f"{SECRET}\n")
    (place.here / ".tmp").mkdir()
    (place.here / ".tmp" / "spill.csv").write_text(f"{SECRET}\n")
    return place


@pytest.fixture(scope="module")
def guarded(place: Place) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection as the sandbox has it, in this process: only for asking what would be run."""
    con = open_locked(place.home.published)
    yield con
    con.close()


@pytest.fixture(scope="module")
def sandbox(place: Place) -> Iterator[Sandbox]:
    """The sandbox, started in a folder of the user's."""
    before = Path.cwd()
    os.chdir(place.here)
    with Sandbox(place.home) as opened:
        yield opened
    os.chdir(before)


def run(sandbox: Sandbox, statement: str) -> str:
    """What comes out, as text: the rows, or why there are none."""
    try:
        with sandbox.run(statement, LIMITS) as answer:
            return "".join(str(batch.slice(0, 1000).to_pydict()) for batch in answer if batch.num_rows < 100_000)
    except UsageError as error:
        return f"refused: {error}"
    except (OverflowError, ValueError):  # A value that Python does not have.
        return "an answer"


def numbered(classes: dict[str, list[str]]) -> list[ParameterSet]:
    return [
        pytest.param(statement, id=f"{name}-{number}")
        for name, statements in classes.items()
        for number, statement in enumerate(statements, start=1)
    ]


def test_there_are_statements_enough() -> None:
    hostile = [text for classes in (REFUSED, BOUNDED) for statements in classes.values() for text in statements]
    assert len(set(hostile)) == len(hostile) >= 350
    assert len(set(STATEMENTS)) == len(STATEMENTS) >= 130


@pytest.mark.parametrize("name", REFUSED)
def test_no_statement_of_a_class_gets_past_the_guard_and_the_engine(
    guarded: duckdb.DuckDBPyConnection, place: Place, name: str
) -> None:
    """Quick, in this process: a statement that parses as reading is only bound, which nothing here survives."""
    passed = []
    for statement in map(place.fill, REFUSED[name]):
        try:
            *_, last = parse_read(guarded, statement)
            guarded.execute(f"EXPLAIN {last.query}")
        except (UsageError, duckdb.Error):
            continue
        passed.append(statement)
    assert [] == passed


@pytest.mark.slow
@pytest.mark.parametrize("statement", numbered(REFUSED))
def test_a_statement_that_does_more_than_read_is_refused(place: Place, sandbox: Sandbox, statement: str) -> None:
    before = place.fingerprint()
    started = time.monotonic()
    said = run(sandbox, place.fill(statement))
    assert time.monotonic() - started < SECONDS + 1
    assert said.startswith("refused: ")
    assert SECRET not in said
    assert before == place.fingerprint()


@pytest.mark.slow
@pytest.mark.parametrize("statement", numbered(BOUNDED))
def test_a_statement_that_wants_too_much_ends_within_its_limits(place: Place, sandbox: Sandbox, statement: str) -> None:
    before = place.fingerprint()
    started = time.monotonic()
    said = run(sandbox, place.fill(statement))
    # A second more than allowed, and what reading the answer takes here.
    assert time.monotonic() - started < SECONDS + 1 + 0.5
    assert SECRET not in said
    assert before == place.fingerprint()


@pytest.mark.slow
@pytest.mark.parametrize("name", BOUNDED)
def test_no_statement_takes_more_memory_than_it_may(place: Place, name: str) -> None:
    import json

    def peak(statements: list[str]) -> int:
        done = subprocess.run(  # noqa: S603  # the interpreter that runs this test
            [sys.executable, "-c", RUN_AND_MEASURE, str(place.home.root), str(MEMORY)],
            input=json.dumps(statements),
            capture_output=True,
            text=True,
            check=True,
        )
        return int(done.stdout)

    assert peak([place.fill(statement) for statement in BOUNDED[name]]) < peak(["SELECT 1"]) + 1.1 * MEMORY


@pytest.fixture(scope="module")
def built(home_of_almanac: Path) -> Iterator[Sandbox]:
    """The warehouse of the facts that come with the program."""
    with Sandbox(Home(home_of_almanac)) as sandbox:
        yield sandbox


@pytest.mark.slow
@pytest.mark.parametrize("statement", STATEMENTS)
def test_an_honest_statement_runs(built: Sandbox, statement: str) -> None:
    with built.run(statement) as answer:
        assert len(answer.rows().columns) > 0


@pytest.mark.slow
@pytest.mark.parametrize("statement", OF_EACH_RELATION)
def test_every_public_relation_can_be_read(built: Sandbox, statement: str) -> None:
    names = "SELECT table_schema || '.' || table_name FROM information_schema.tables"
    with built.run(f"{names} WHERE table_schema IN ('core', 'marts', 'ops')") as answer:
        relations = [name for (name,) in answer.rows().values]
    assert len(relations) > 30
    for relation in relations:
        with built.run(statement.format(relation=relation)) as answer:
            answer.rows()
