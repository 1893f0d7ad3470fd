"""Ends a statement of the sandbox from another thread."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress


class Stopper:
    """Ends the statement that it is given to, also while that has no rows yet. May be shared between threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._stream: socket.socket | None = None
        self._is_stopped = False

    def watch(self, stream: socket.socket) -> None:
        """Take the stream of a statement, whose process ends with it."""
        with self._lock:
            self._stream = stream
            if self._is_stopped:
                self._end()

    def stop(self) -> None:
        """End the statement, and any that is started later."""
        with self._lock:
            self._is_stopped = True
            self._end()

    def _end(self) -> None:
        if self._stream is not None:
            with suppress(OSError):  # It is closed already.
                # To close it would not wake the thread that waits for its next rows.
                self._stream.shutdown(socket.SHUT_RDWR)
