"""A web server on the loopback interface that answers as a test wants, also wrongly.

    with misbehaving_server({"/cf.nascar.com/a.json": [canned(status=500), as_json({"a": 1})]}) as server:
        ...  # ask server.url + "/cf.nascar.com/a.json"
    assert [...] == [request.path for request in server.requests]

A route is a path, with its query if that matters, and a list of responses that are sent in turn, the last one
repeatedly; or a function from the request to a response. Every other path is a 404, unless `otherwise` is given. An
error that a function raises is raised again at the end of the block.
"""

from __future__ import annotations

import functools
import json
import socket
import struct
import sys
import threading
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import httpx

CHALLENGE_PAGE = b"<!DOCTYPE html><html><head><title>Just a moment...</title></head><body></body></html>"


@dataclass(frozen=True)
class Canned:
    """A response, and what goes wrong with it."""

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    declared_bytes: int | None = None
    """A false value of Content-Length."""
    cut_after: int | None = None
    """Send only this many bytes of the body, then close the connection."""
    delay_seconds: float = 0.0
    """Send nothing for this long, or until the server stops."""
    is_reset: bool = False
    """End the connection with a reset."""


@dataclass(frozen=True)
class Request:
    """A request as it arrived; the names of `headers` are in lower case."""

    path: str
    headers: Mapping[str, str]
    client: tuple[str, int]
    """Host and port of the client's end; the same for all requests of one connection."""


Route = Sequence[Canned] | Callable[[Request], Canned]


def canned(body: bytes | str = b"", status: int = 200, **behaviour: Any) -> Canned:
    return Canned(status, body.encode() if isinstance(body, str) else body, **behaviour)


def as_json(value: object, headers: Mapping[str, str] | None = None, **behaviour: Any) -> Canned:
    return canned(json.dumps(value), headers={"Content-Type": "application/json", **(headers or {})}, **behaviour)


def challenge_page() -> Canned:
    """Return the page, with status 200, that asks for proof of being human."""
    return canned(CHALLENGE_PAGE, headers={"Content-Type": "text/html"})


def redirect_to(address: str, status: int = 302) -> Canned:
    """Send the client to `address`: another host, or the same path for a loop."""
    return canned(status=status, headers={"Location": address})


def gzipped(body: bytes, **behaviour: Any) -> Canned:
    return canned(_deflate(body, 1), headers={"Content-Encoding": "gzip"}, **behaviour)


def gzip_bomb(megabytes: int = 200) -> Canned:
    """Return this many megabytes of zeros, in a thousandth of their size."""
    return canned(_bomb(megabytes), headers={"Content-Encoding": "gzip"})


@functools.cache
def _bomb(megabytes: int) -> bytes:
    return _deflate(bytes(1_000_000), megabytes)


def _deflate(piece: bytes, times: int) -> bytes:
    stream = zlib.compressobj(wbits=zlib.MAX_WBITS | 16)
    return b"".join(stream.compress(piece) for _ in range(times)) + stream.flush()


class MisbehavingServer:
    """The running server: its address, and the requests it received."""

    def __init__(self, routes: Mapping[str, Route], otherwise: Route) -> None:
        self.routes = dict(routes)
        self.otherwise = otherwise
        self.requests: list[Request] = []
        self.errors: list[Exception] = []
        self.stopping = threading.Event()
        self._connections: set[socket.socket] = set()
        self._given: dict[str, int] = {}
        self._lock = threading.Lock()
        self._http = _Server(("127.0.0.1", 0), _Handler)
        self._http.owner = self
        self._thread = threading.Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.01})

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._http.server_port}"

    def paths(self) -> list[str]:
        return [request.path for request in self.requests]

    def response_to(self, request: Request) -> Canned:
        key = request.path if request.path in self.routes else request.path.partition("?")[0]
        with self._lock:
            self.requests.append(request)
            route = self.routes.get(key, self.otherwise)
            turn = self._given.get(key, 0)
            self._given[key] = turn + 1
        return route(request) if callable(route) else route[min(turn, len(route) - 1)]

    def opened(self, connection: socket.socket) -> None:
        with self._lock:
            self._connections.add(connection)

    def closed(self, connection: socket.socket) -> None:
        with self._lock:
            self._connections.discard(connection)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Stop waiting responses too, so that no thread and no socket outlives the test."""
        self.stopping.set()
        self._http.shutdown()
        self._thread.join()
        with self._lock:
            for connection in self._connections:
                with suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)
        self._http.server_close()


@contextmanager
def misbehaving_server(routes: Mapping[str, Route], otherwise: Route = (Canned(404),)) -> Iterator[MisbehavingServer]:
    """Serve `routes` while the block runs."""
    server = MisbehavingServer(routes, otherwise)
    server.start()
    try:
        yield server
    finally:
        server.stop()
    if server.errors:
        raise server.errors[0]


class Detour(httpx.HTTPTransport):
    """Sends each request for https://HOST/PATH to the server's /HOST/PATH: a publisher without the network."""

    def __init__(self, server: MisbehavingServer) -> None:
        super().__init__()
        self._base = server.url

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        there = f"{self._base}/{request.url.host}{request.url.raw_path.decode()}"
        return super().handle_request(
            httpx.Request(request.method, there, headers=request.headers, extensions=request.extensions)
        )


class _Server(ThreadingHTTPServer):
    daemon_threads = False  # closing the server joins its threads
    owner: MisbehavingServer

    def process_request(self, request: Any, client_address: Any) -> None:
        self.owner.opened(request)
        super().process_request(request, client_address)

    def handle_error(self, *_: object) -> None:
        """Keep the error of a route. Clients that hang up are expected in these tests."""
        error = sys.exc_info()[1]
        if isinstance(error, Exception) and not isinstance(error, OSError):
            self.owner.errors.append(error)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # head and body are two packets, and the second would wait for 40 ms
    server: _Server

    def finish(self) -> None:
        self.server.owner.closed(self.request)
        with suppress(OSError):
            super().finish()

    def do_GET(self) -> None:
        owner = self.server.owner
        headers = {name.lower(): value for name, value in self.headers.items()}
        response = owner.response_to(Request(self.path, headers, self.client_address))
        if response.delay_seconds and owner.stopping.wait(response.delay_seconds):
            self.close_connection = True
            return
        with suppress(OSError):
            self._send(response)

    def _send(self, response: Canned) -> None:
        self.send_response(response.status)
        for name, value in response.headers.items():
            self.send_header(name, value)
        if response.status != 304:
            length = len(response.body) if response.declared_bytes is None else response.declared_bytes
            self.send_header("Content-Length", str(length))
        self.end_headers()
        self.wfile.write(response.body[: response.cut_after])
        if response.is_reset:
            # Closed with a linger time of zero, a socket sends a reset.
            self.wfile.flush()
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.connection.close()
        if response.is_reset or response.cut_after is not None or response.declared_bytes is not None:
            self.close_connection = True

    def log_message(self, *_: object) -> None:
        """Keep the output of the tests clean."""
