"""`nascar serve`: the explorer."""

from __future__ import annotations

from typing import Annotated

import typer

from nascar_warehouse.etl.commands.options import open_home, print_message, require_extra


def serve(
    port: Annotated[int, typer.Option("--port", help="The port.", min=1, max=65535)] = 8321,
    address: Annotated[
        str, typer.Option("--address", help="Where to listen; any address but loopback needs a token.")
    ] = "127.0.0.1",
    token: Annotated[
        str | None,
        typer.Option("--token", envvar="NASCAR_TOKEN", help="What readers need; at least 16 characters."),
    ] = None,
    host_name: Annotated[
        list[str] | None,
        typer.Option("--host-name", help="A name that readers reach it by. May be repeated.", metavar="NAME"),
    ] = None,
    behind_proxy: Annotated[
        bool,
        typer.Option("--behind-proxy", help="Take the reader's address from a proxy on this machine."),
    ] = False,
    rate: Annotated[float, typer.Option("--rate", help="Requests a second that one reader may make.", min=0.1)] = 20.0,
) -> None:
    """Serve pages on the warehouse: rankings, charts and their sources.

    It listens on this machine only, follows each newly published warehouse, and loads nothing from elsewhere.
    docs/explorer.md says how to run it behind a proxy.

    \b
    nascar serve
    nascar serve --port 8000
    nascar serve --behind-proxy --host-name nascar.example.org
    """
    require_extra("web", "starlette", "uvicorn", "jinja2")
    from nascar_warehouse.etl.monitoring.status import read_status
    from nascar_warehouse.warehouse.explorer.server import serve as run_server
    from nascar_warehouse.warehouse.explorer.settings import ServerSettings

    settings = ServerSettings(
        address=address,
        port=port,
        token=token,
        host_names=tuple(host_name or ()),
        behind_proxy=behind_proxy,
        requests_per_second=rate,
        requests_in_burst=max(1, round(rate * 10)),
    )
    home = open_home()
    shown = f"[{address}]" if ":" in address else address
    print_message(f"serving http://{shown}:{port}/ until Ctrl-C")
    run_server(home, settings, log=print_message, read_status=lambda: read_status(home))
