"""How the explorer is served: where it listens, who may ask, and how much one client may take."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass, field

from nascar_warehouse.warehouse.errors import UsageError

DEFAULT_PORT = 8321
_SHORTEST_TOKEN = 16
_LOOPBACK_NAMES = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True, slots=True)
class ServerSettings:
    """Where to listen and what to allow; `host_names` are further names that a `Host` header may have.

    An address other than loopback needs a token: without one this raises `UsageError`.
    """

    address: str = "127.0.0.1"
    port: int = DEFAULT_PORT
    token: str | None = None
    host_names: tuple[str, ...] = ()
    behind_proxy: bool = False
    requests_per_second: float = 20.0
    requests_in_burst: int = 200
    requests_at_once: int = 16
    seconds_per_request: float = 20.0
    allowed_hosts: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        if self.token is not None and len(self.token) < _SHORTEST_TOKEN:
            raise UsageError(
                f"the token is shorter than {_SHORTEST_TOKEN} characters",
                "make one: python3 -c 'import secrets; print(secrets.token_urlsafe())'",
            )
        if not is_loopback(self.address) and self.token is None:
            raise UsageError(
                f"{self.address} is not a loopback address, so that others can reach it",
                "set a token with --token or NASCAR_TOKEN, or serve 127.0.0.1 behind a proxy",
            )
        names = {*_LOOPBACK_NAMES, self.address, *self.host_names}
        object.__setattr__(self, "allowed_hosts", frozenset(name.lower() for name in names))


def is_loopback(address: str) -> bool:
    """Whether only this machine can reach an address; a name other than localhost is not looked up."""
    if address == "localhost":
        return True
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False
