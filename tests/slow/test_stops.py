"""Disks that fill up, stops in the middle, and several processes at one home: nothing is lost."""

from __future__ import annotations

import os
import signal
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.conftest import Ask, Nascar
from tests.support.commands import COMMAND
from tests.support.feed import FeedFolder, index, season
from tests.support.good_season import (
    INDEX,
    OTHER_WEEKEND,
    YEAR,
    fingerprint,
    good_races,
    good_routes,
    good_weekend,
    printed_margins,
    url_path,
)
from tests.support.misbehaving import (
    Canned,
    Request,
    Route,
    as_json,
    misbehaving_server,
)


class HeldUp:
    """A server that does not answer for one document until it is released."""

    def __init__(self) -> None:
        self.url = ""
        self._asked = threading.Event()
        self._released = threading.Event()

    def answer(self, reply: Canned) -> Callable[[Request], Canned]:
        def hold(_: Request) -> Canned:
            self._asked.set()
            self._released.wait(30)
            return reply

        return hold

    def wait(self) -> None:
        assert self._asked.wait(30), "the document was never asked for"

    def release(self) -> None:
        self._released.set()


@contextmanager
def held_up(routes: dict[str, Route], key: str) -> Iterator[HeldUp]:
    held = HeldUp()
    [reply] = good_routes()[url_path(key)]  # type: ignore[misc]  # the good routes are lists of one
    with misbehaving_server(good_routes() | routes | {url_path(key): held.answer(reply)}) as server:
        held.url = server.url
        try:
            yield held
        finally:
            held.release()


def run_command(*arguments: object, file_size_limit_bytes: int) -> subprocess.CompletedProcess[str]:
    """Run the command in a process that can write no file larger than this."""
    limited = f"import resource; resource.setrlimit(resource.RLIMIT_FSIZE, ({file_size_limit_bytes},) * 2); "
    python, option, code = COMMAND
    command = [python, option, limited + code, *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)  # noqa: S603


def start_command(*arguments: object) -> subprocess.Popen[str]:
    """Start the command in a process of its own."""
    command = [*COMMAND, *map(str, arguments)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)  # noqa: S603


# These strike at the lock, at the journal and the index of the landing, at a kept document, and at the new warehouse.
@pytest.mark.parametrize("limit_bytes", [0, 4_000, 30_000, 200_000, 1_000_000])
def test_a_disk_that_fills_up_is_exit_8_and_the_next_run_is_fine(
    nascar: Nascar, good: FeedFolder, home: Path, ask: Ask, limit_bytes: int
) -> None:
    before = fingerprint(home)
    # A part of the feed that is kept and not loaded, so large that the landing meets the limit.
    noise = os.urandom(400_000).hex() if limit_bytes == 200_000 else ""
    good.put_weekend(good_weekend(9002, margin_of_victory="0.250", race_comments=noise), year=YEAR)

    done = run_command("ingest", "nascar_feed", "--mirror", good, file_size_limit_bytes=limit_bytes)
    assert (8, "") == (done.returncode, done.stdout)
    assert str(home) in done.stderr
    assert "next: " in done.stderr
    assert "Traceback" not in done.stderr
    assert before == fingerprint(home)

    assert 0 == nascar("ingest", "nascar_feed", "--mirror", good).code
    assert [("cup-2021-01", "0.100"), ("cup-2021-02", "0.250")] == printed_margins(ask)


@pytest.mark.parametrize(
    ("number", "code", "said"),
    [
        pytest.param(signal.SIGINT, 130, "interrupted: what was fetched is kept", id="Ctrl-C"),
        pytest.param(signal.SIGTERM, 130, "interrupted: what was fetched is kept", id="SIGTERM"),
        pytest.param(signal.SIGKILL, -signal.SIGKILL, "", id="SIGKILL"),
    ],
)
def test_a_stop_in_the_middle_keeps_what_came_and_the_next_run_is_fine(
    nascar: Nascar, good: FeedFolder, home: Path, ask: Ask, number: signal.Signals, code: int, said: str
) -> None:
    before = fingerprint(home)
    later = [*good_races(), *season(7, YEAR)[6:]]
    with held_up({url_path(INDEX): [as_json(index(*later))], url_path(OTHER_WEEKEND): []}, OTHER_WEEKEND) as held:
        child = start_command("ingest", "nascar_feed", "--mirror", held.url, "--season", str(YEAR))
        held.wait()
        child.send_signal(number)
        out, err = child.communicate(timeout=30)
    assert (code, "") == (child.returncode, out)
    assert said in err
    assert "Traceback" not in err
    assert before == fingerprint(home)

    # Without asking anybody again, the index that came before the stop is there.
    assert 0 == nascar("build").code
    assert [(7,)] == ask(f"SELECT count(*) FROM core.races WHERE season = {YEAR} AND source_id = 'nascar_feed'")
    good.put_index(*later, year=YEAR)
    assert 0 == nascar("ingest", "nascar_feed", "--mirror", good).code


def test_the_second_of_two_ingests_is_exit_7_and_names_the_first(nascar: Nascar, good: FeedFolder, home: Path) -> None:
    before = fingerprint(home)
    with held_up({url_path(INDEX): []}, INDEX) as held:
        first = start_command("ingest", "nascar_feed", "--mirror", held.url, "--season", str(YEAR))
        held.wait()
        second = nascar("ingest", "nascar_feed", "--mirror", good)
        assert before == fingerprint(home)
        held.release()
        first.communicate(timeout=30)
    assert (7, "") == (second.code, second.out)
    assert str(home) in second.err
    assert f"process {first.pid} " in second.err
    assert "try again when it has finished" in second.err
    assert 0 == first.returncode
    assert 0 == nascar("ingest", "nascar_feed", "--mirror", good).code


def test_readers_are_not_kept_out_by_a_writer(nascar: Nascar, good: FeedFolder) -> None:
    assert (good.root / "cf.nascar.com").is_dir()
    with held_up({url_path(INDEX): []}, INDEX) as held:
        writer = start_command("ingest", "nascar_feed", "--mirror", held.url, "--season", str(YEAR))
        held.wait()
        codes = [nascar("closest", "--limit", "1").code, nascar("check").code, nascar("status").code]
        held.release()
        writer.communicate(timeout=30)
    assert [0, 0, 0] == codes


def test_two_who_ask_first_at_once_are_both_answered(home: Path) -> None:
    asking = [
        subprocess.Popen(  # noqa: S603
            [*COMMAND, "closest", "-n", "1", "--format", "csv"],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        for _ in range(2)
    ]
    answers = {child.communicate(timeout=60)[0] for child in asking}
    assert ([0, 0], 1) == ([child.returncode for child in asking], len(answers))
    assert (home / "nascar.duckdb").exists()
