"""A stranger's statement, behind three walls.

`guard` refuses what does not read. A process of its own, which `sandbox_server` forks for each statement, opens only
the published file, with settings that cannot be changed, no folder to spill into, and limits of the operating system
for memory, files and time. Landlock, where the system has it, closes the file system and the network to that process.
The answer comes back as Arrow batches, which this side counts.
"""

from __future__ import annotations

import json
import math
import os
import signal
import socket
import subprocess
import sys
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from nascar_warehouse.warehouse.errors import Interrupted, MachineFailure, NascarError, UsageError
from nascar_warehouse.warehouse.read import frames
from nascar_warehouse.warehouse.read.arrow_values import rows_of_batch
from nascar_warehouse.warehouse.rows import Rows
from nascar_warehouse.warehouse.storage.connection import require_published, without_log

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import pyarrow as pa

    from nascar_warehouse.warehouse.read.stopper import Stopper
    from nascar_warehouse.warehouse.storage.home import Home

_ERRORS = {error.__name__: error for error in (MachineFailure, NascarError, UsageError)}
_SERVER = "nascar_warehouse.warehouse.read.sandbox_server"
_ATTEMPTS = 5
_LONGEST_SECONDS = 10_000_000.0
_SMALLEST_MEMORY = 150_000_000


@dataclass(frozen=True, slots=True)
class Limits:
    """What a statement may take: time, memory beside what the engine itself needs, and the size of its answer.

    `rows` cuts the answer off; more than `answer_bytes` of Arrow data is an error. None is no limit. Limits that
    `are_fixed` are those of a page: who writes the statement cannot allow more. Wrong values raise `UsageError`.
    """

    seconds: float = 60.0
    memory_bytes: int = 1_000_000_000
    rows: int | None = None
    answer_bytes: int | None = None
    are_fixed: bool = False

    def __post_init__(self) -> None:
        if not (math.isfinite(self.seconds) and self.seconds > 0):
            raise UsageError(f"invalid time limit {self.seconds}", "give a number of seconds greater than 0")
        if self.memory_bytes < _SMALLEST_MEMORY:
            raise UsageError(f"invalid memory limit {self.memory_bytes} bytes", "give at least 150MB")
        if self.rows is not None and self.rows < 0:
            raise UsageError(f"invalid limit of {self.rows} rows", "give 0 or more")


class Answer:
    """The rows of a statement as they arrive, in Arrow batches; close it, or use it as a context manager.

    While it is read, a statement that fails or goes beyond its limits raises `UsageError`, and Ctrl-C `Interrupted`.
    """

    def __init__(self, stream: socket.socket, limits: Limits) -> None:
        self._stream = stream
        self._limits = limits
        self._bytes_read = 0
        self.is_cut_off = False
        """Whether there were more rows than the limit."""
        try:
            first = self._next_table()
            if first is None:
                raise UsageError("the statement gave no rows and no columns", "write a SELECT")
        except BaseException:
            self.close()
            raise
        self.schema: pa.Schema = first.schema

    def __iter__(self) -> Iterator[pa.RecordBatch]:
        """The batches, each at most a few megabytes unless single values are larger."""
        rows_left = math.inf if self._limits.rows is None else self._limits.rows
        try:
            while (table := self._next_table()) is not None:
                for batch in table.to_batches():
                    if batch.num_rows > rows_left:
                        self.is_cut_off = True
                        if rows_left:
                            yield batch.slice(0, int(rows_left))
                        return
                    rows_left -= batch.num_rows
                    yield batch
        finally:
            self.close()

    def table(self) -> pa.Table:
        """All rows as one Arrow table."""
        import pyarrow as pa

        return pa.Table.from_batches(list(self), schema=self.schema)

    def rows(self) -> Rows:
        """All rows, with Python values."""
        return Rows(self.schema.names, [row for batch in self for row in rows_of_batch(batch)])

    def close(self) -> None:
        """Close the answer; a statement that is still running is stopped."""
        self._stream.close()

    def __enter__(self) -> Answer:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _next_table(self) -> Any | None:
        try:
            kind, payload = self._next_message()
        except KeyboardInterrupt as error:
            self.close()
            raise Interrupted("the statement was interrupted") from error
        if kind == frames.DONE:
            return None
        if kind == frames.ERROR:
            raise self._as_error(*json.loads(payload))
        if kind == frames.KILLED:
            raise self._as_error_of_signal(payload[0])
        import pyarrow as pa

        return pa.ipc.open_stream(payload).read_all()

    def _next_message(self) -> tuple[bytes, bytes]:
        header = frames.read_header(self._stream)
        if header is not None:
            kind, length = header
            self._bytes_read += length
            if self._limits.answer_bytes is not None and self._bytes_read > self._limits.answer_bytes:
                raise UsageError(
                    f"the answer is larger than {format_bytes(self._limits.answer_bytes)}",
                    "ask for fewer rows or columns",
                )
            if (payload := frames.read_bytes(self._stream, length)) is not None:
                return kind, payload
        # The stream ended within a message: the process was killed while it wrote.
        return frames.KILLED, bytes([signal.SIGKILL])

    def _as_error(self, kind: str, problem: str, advice: str) -> NascarError:
        if kind == "OutOfMemory":
            return UsageError(
                f"the statement needs more than {format_bytes(self._limits.memory_bytes)} of memory",
                self._advise("--memory", "NASCAR_QUERY_MEMORY"),
            )
        return _ERRORS[kind](problem, advice)

    def _as_error_of_signal(self, number: int) -> NascarError:
        if number == signal.SIGALRM:
            return UsageError(
                f"the statement was stopped after {self._limits.seconds:g} seconds",
                self._advise("--seconds"),
            )
        if number != signal.SIGKILL:
            return UsageError(
                f"the engine failed at the statement ({signal.Signals(number).name}): what it reads or computes nests"
                f" too deeply, or needs more than {format_bytes(self._limits.memory_bytes)} of memory",
                f"write it in another way, {self._advise('--memory', 'NASCAR_QUERY_MEMORY')}",
            )
        return UsageError(
            f"the statement ended its process ({signal.Signals(number).name}); it probably needs more than"
            f" {format_bytes(self._limits.memory_bytes)} of memory",
            self._advise("--memory", "NASCAR_QUERY_MEMORY"),
        )

    def _advise(self, *options: str) -> str:
        """What to do about a limit, by the options that set it."""
        return "ask for less" if self._limits.are_fixed else f"ask for less, or allow more with {' or '.join(options)}"


class Sandbox:
    """Runs strangers' statements on the published warehouse, always the newest. May be shared between threads.

    Close it after use: it keeps a process that is ready for the next statement.
    """

    def __init__(self, home: Home) -> None:
        self._home = home
        self._lock = threading.Lock()
        self._server: tuple[subprocess.Popen[bytes], socket.socket] | None = None

    def run(self, sql: str, limits: Limits | None = None, stopper: Stopper | None = None) -> Answer:
        """Start one statement that reads, and wait until it has a schema; `stopper` can end it.

        Raises `UsageError` when the statement is refused or fails, `MachineFailure` when the file cannot be read.
        """
        limits = limits or Limits()
        for attempt in range(_ATTEMPTS):
            require_published(self._home)
            fingerprint = self._home.published_fingerprint()
            with without_log(self._home.published) as path:
                try:
                    return self._start(path, sql, limits, stopper)
                except MachineFailure:
                    # The child may open one file only; another one may just have taken its place.
                    if fingerprint == self._home.published_fingerprint() or attempt == _ATTEMPTS - 1:
                        raise
        raise AssertionError("the last attempt returns or raises")

    def close(self) -> None:
        """End the process and every statement that still runs."""
        with self._lock:
            self._end_server()

    def __enter__(self) -> Sandbox:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _start(self, path: Path, sql: str, limits: Limits, stopper: Stopper | None) -> Answer:
        try:
            message = {
                "path": str(path),
                "sql": sql,
                "seconds": min(limits.seconds, _LONGEST_SECONDS),
                "memory_bytes": limits.memory_bytes,
            }
            request = frames.pack_frame(frames.REQUEST, json.dumps(message).encode())
            stream = self._connect()
        except OSError as error:
            raise MachineFailure(
                f"no process for the statement can be started: {error}", "see whether the machine has memory left"
            ) from error
        if stopper is not None:
            stopper.watch(stream)
        try:
            stream.sendall(request)
        except OSError:
            pass  # The process ended; the answer says how.
        except BaseException:
            stream.close()
            raise
        return Answer(stream, limits)

    def _connect(self) -> socket.socket:
        """Our end of a stream whose other end a child of the server has."""
        ours, theirs = socket.socketpair()
        with theirs:
            try:
                with self._lock:
                    try:
                        socket.send_fds(self._running_server(), [b"q"], [theirs.fileno()])
                    except (BrokenPipeError, ConnectionResetError):  # It was ended from outside: start another one.
                        self._end_server()
                        socket.send_fds(self._running_server(), [b"q"], [theirs.fileno()])
            except BaseException:
                ours.close()
                raise
        return ours

    def _end_server(self) -> None:
        if self._server is not None:
            process, requests = self._server
            self._server = None
            requests.close()
            process.wait()

    def _running_server(self) -> socket.socket:
        if self._server is None:
            ours, theirs = socket.socketpair()
            with theirs:
                process = subprocess.Popen(  # noqa: S603  # the interpreter that runs this, and a module of this package
                    [sys.executable, "-P", "-m", _SERVER, str(theirs.fileno())],
                    pass_fds=[theirs.fileno()],
                    stdin=subprocess.DEVNULL,
                    # Ctrl-C is for the process that asks, which ends this one.
                    start_new_session=True,
                    # Other allocators of Arrow reserve more addresses than a statement may have memory.
                    env=os.environ | {"ARROW_DEFAULT_MEMORY_POOL": "system"},
                )
            self._server = process, ours
        return self._server[1]


def format_bytes(count: int) -> str:
    """A size as people write it: 1 GB, 500 MB, 1.5 GB."""
    for unit, size in (("GB", 10**9), ("MB", 10**6), ("kB", 10**3)):
        if count >= size:
            return f"{count / size:.3g} {unit}"
    return f"{count} bytes"
