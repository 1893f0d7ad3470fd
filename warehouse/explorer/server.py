"""Serve the explorer until it is interrupted."""

from __future__ import annotations

from typing import TYPE_CHECKING

import uvicorn

from nascar_warehouse.warehouse.errors import MachineFailure
from nascar_warehouse.warehouse.explorer.app import create_app

if TYPE_CHECKING:
    from collections.abc import Callable

    from nascar_warehouse.warehouse.explorer.page import StatusReader
    from nascar_warehouse.warehouse.explorer.settings import ServerSettings
    from nascar_warehouse.warehouse.storage.home import Home

_CONNECTIONS = 200
_SECONDS_TO_END = 5


def serve(home: Home, settings: ServerSettings, *, log: Callable[[str], object], read_status: StatusReader) -> None:
    """Answer requests; `log` takes the lines of the access log. Raises `MachineFailure` when the port is taken."""
    config = uvicorn.Config(
        create_app(home, settings, log=log, read_status=read_status),
        host=settings.address,
        port=settings.port,
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=settings.behind_proxy,
        ws="none",
        limit_concurrency=_CONNECTIONS,
        timeout_keep_alive=10,
        timeout_graceful_shutdown=_SECONDS_TO_END,
    )
    try:
        uvicorn.Server(config).run()
    except SystemExit as leaving:
        # It logs why, which nobody reads here, and leaves.
        raise MachineFailure(
            f"{settings.address} port {settings.port} cannot be served: another program has it, or the address is not"
            " of this machine",
            "choose another one with --port",
        ) from leaving
