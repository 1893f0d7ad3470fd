"""What the parser found in `sql/` in one process, another one takes; the SQL always comes from the files."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping

import msgspec
import pytest

from nascar_warehouse.warehouse.build import scripts
from nascar_warehouse.warehouse.build.scripts import Parsed, Script, knowing, read_scripts

READ = read_scripts()
PARSED = {script.relation: script.parsed for script in READ}


@pytest.fixture(autouse=True)
def _nothing_is_read_yet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scripts, "_SCRIPTS", [])


def read_with(parsed: Mapping[str, Parsed]) -> tuple[Script, ...]:
    with knowing(parsed):
        return read_scripts()


def test_what_was_parsed_gives_the_same_scripts() -> None:
    assert READ == read_with(msgspec.json.decode(msgspec.json.encode(PARSED), type=dict[str, Parsed]))


def test_what_is_not_known_is_parsed() -> None:
    assert READ == read_with({name: parsed for name, parsed in PARSED.items() if not name.startswith("checks.")})


def test_what_is_known_of_another_text_is_parsed() -> None:
    changed = msgspec.structs.replace(PARSED["core.races"], digest="another", reads=frozenset())
    assert READ == read_with({**PARSED, "core.races": changed})


def test_nothing_is_left_of_what_was_taken() -> None:
    wrong = msgspec.structs.replace(PARSED["checks.layout_is_known"], reads=frozenset())
    assert READ != read_with({**PARSED, "checks.layout_is_known": wrong})
    assert READ == read_scripts()


def test_what_is_known_needs_no_parser() -> None:
    program = (
        "import sys, msgspec; from nascar_warehouse.warehouse.build import incremental, scripts\n"
        "known = msgspec.json.decode(sys.stdin.buffer.read(), type=dict[str, scripts.Parsed])\n"
        "with scripts.knowing(known): print(len(scripts.read_scripts()), 'sqlglot' in sys.modules)"
    )
    done = subprocess.run(  # noqa: S603  # the interpreter that runs this test
        [sys.executable, "-c", program], input=msgspec.json.encode(PARSED), capture_output=True, check=True
    )
    assert f"{len(READ)} False" == done.stdout.decode().strip()
