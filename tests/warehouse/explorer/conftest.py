"""The explorer in this process, without a port."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, MutableMapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from nascar_warehouse.etl.monitoring.status import read_status
from nascar_warehouse.warehouse.explorer.app import create_app
from nascar_warehouse.warehouse.explorer.settings import ServerSettings
from nascar_warehouse.warehouse.storage.home import Home

if TYPE_CHECKING:
    from starlette.types import ASGIApp

Visit = Callable[..., httpx.Response]

STARTED: list[ASGIApp] = []
"""The applications of a module, to be ended after its tests: each may have a process for statements."""


def start(folder: Path, settings: ServerSettings | None = None) -> tuple[ASGIApp, list[str]]:
    """The explorer of a home, and the lines of its access log."""
    home, log = Home(folder), list[str]()
    app = create_app(home, settings or ServerSettings(), log=log.append, read_status=lambda: read_status(home))
    STARTED.append(app)
    return app, log


def visit_home(folder: Path, settings: ServerSettings | None = None) -> tuple[Visit, list[str]]:
    """A function that asks the explorer of a home, and the lines of its access log."""
    app, log = start(folder, settings)

    def visit(path: str, *, method: str = "GET", headers: dict[str, str] | None = None) -> httpx.Response:
        async def ask() -> httpx.Response:
            transport = httpx.ASGITransport(app, client=("127.0.0.1", 5000))
            async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8321") as client:
                return await client.request(method, path, headers=headers)

        return asyncio.run(ask())

    return visit, log


@pytest.fixture(scope="module", autouse=True)
def _ended() -> Iterator[None]:
    yield
    while STARTED:
        asyncio.run(end(STARTED.pop()))


async def end(app: ASGIApp) -> None:
    """Start an application and end it, as a server does that gets no request."""
    messages = iter(["lifespan.startup", "lifespan.shutdown"])

    async def receive() -> dict[str, str]:
        return {"type": next(messages)}

    async def send(message: MutableMapping[str, Any]) -> None:
        assert message["type"].endswith(".complete")

    await app({"type": "lifespan", "asgi": {}}, receive, send)


@pytest.fixture(scope="module")
def visit(home_of_almanac: Path) -> Visit:
    """Ask the explorer on the facts that come with the program."""
    return visit_home(home_of_almanac)[0]
