"""How much each client may ask: a bucket of requests that fills again, and a number of requests at once."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

_MOST_CLIENTS = 10_000


@dataclass(slots=True)
class _Client:
    requests_left: float
    seen_at: float
    running: int = 0


class Clients:
    """Counts the requests of each client address; used from the event loop only."""

    def __init__(self, per_second: float, burst: int, at_once: int, clock: Callable[[], float]) -> None:
        self._per_second = per_second
        self._burst = burst
        self._at_once = at_once
        self._clock = clock
        self._clients: OrderedDict[str, _Client] = OrderedDict()

    def enter(self, address: str) -> float:
        """Begin a request: 0 when it may run, else in how many seconds to try again."""
        now = self._clock()
        client = self._clients.pop(address, None) or _Client(self._burst, now)
        self._clients[address] = client
        self._forget_oldest()
        gained = (now - client.seen_at) * self._per_second
        client.requests_left, client.seen_at = min(self._burst, client.requests_left + gained), now
        if client.running >= self._at_once:
            return 1.0
        if client.requests_left < 1:
            return (1 - client.requests_left) / self._per_second
        client.requests_left -= 1
        client.running += 1
        return 0.0

    def leave(self, address: str) -> None:
        """End a request that was entered."""
        if address in self._clients:
            self._clients[address].running -= 1

    def _forget_oldest(self) -> None:
        while len(self._clients) > _MOST_CLIENTS:
            oldest = next(iter(self._clients))
            if self._clients[oldest].running:
                self._clients.move_to_end(oldest)
                return
            del self._clients[oldest]
