"""What a page gives: bytes with their type, kept compressed beside the plain form, and a cache of them."""

from __future__ import annotations

import gzip
import threading
from collections import OrderedDict
from dataclasses import dataclass, field

_SMALLEST_COMPRESSED = 500
_CACHED_BYTES = 64_000_000
_LARGEST_CACHED = 2_000_000


@dataclass(frozen=True, slots=True)
class Answer:
    """The body of a response. `headers` are further ones; `etag` is set for what one snapshot gives."""

    content: bytes
    media_type: str = "text/html; charset=utf-8"
    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()
    etag: str | None = None
    compressed: bytes | None = field(init=False)

    def __post_init__(self) -> None:
        is_worth_it = len(self.content) >= _SMALLEST_COMPRESSED and self.media_type.startswith(
            ("text/", "application/json", "image/svg", "application/vnd.oai")
        )
        object.__setattr__(self, "compressed", gzip.compress(self.content, 6, mtime=0) if is_worth_it else None)


class AnswerCache:
    """The last answers of the current snapshot, up to a total size. May be shared between threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._snapshot = ""
        self._answers: OrderedDict[str, Answer] = OrderedDict()
        self._bytes = 0

    def find(self, snapshot: str, key: str) -> Answer | None:
        """The answer of this snapshot, None when it is not kept."""
        with self._lock:
            if snapshot != self._snapshot or key not in self._answers:
                return None
            self._answers.move_to_end(key)
            return self._answers[key]

    def keep(self, snapshot: str, key: str, answer: Answer) -> None:
        """Keep an answer; those of another snapshot are dropped, and the oldest ones when there is no room."""
        if len(answer.content) > _LARGEST_CACHED:
            return
        with self._lock:
            if snapshot != self._snapshot:
                self._snapshot, self._bytes = snapshot, 0
                self._answers.clear()
            if (old := self._answers.pop(key, None)) is not None:
                self._bytes -= _size(old)
            self._answers[key] = answer
            self._bytes += _size(answer)
            while self._bytes > _CACHED_BYTES:
                _, oldest = self._answers.popitem(last=False)
                self._bytes -= _size(oldest)


def _size(answer: Answer) -> int:
    return len(answer.content) + len(answer.compressed or b"")
