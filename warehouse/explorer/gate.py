"""What every request passes before a page sees it: the host it asks for, its size, its client, and the token.

The gate also writes the access log, gives every response the same protective headers, and turns an unexpected error
into a short answer: no response has a stack trace.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import time
import traceback
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlencode

from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response

from nascar_warehouse.warehouse.explorer.clients import Clients
from nascar_warehouse.warehouse.explorer.site import STATIC_POLICY

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from nascar_warehouse.warehouse.explorer.settings import ServerSettings

_LONGEST_TARGET = 8_000
"""Bytes of the path and the query; the console keeps its statement there."""
_COOKIE = "nascar_token"
_COOKIE_SECONDS = 30 * 86_400

_CSP = f"{STATIC_POLICY}; frame-ancestors 'none'"
_HEADERS = (
    ("content-security-policy", _CSP),
    ("referrer-policy", "no-referrer"),
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "DENY"),
    ("cross-origin-resource-policy", "same-origin"),
    ("cross-origin-opener-policy", "same-origin"),
    ("permissions-policy", "camera=(), geolocation=(), microphone=()"),
)


class Gate:
    """The outermost ASGI application."""

    def __init__(self, app: ASGIApp, settings: ServerSettings, log: Callable[[str], object]) -> None:
        self._app = app
        self._settings = settings
        self._log = log
        self._clients = Clients(
            settings.requests_per_second, settings.requests_in_burst, settings.requests_at_once, time.monotonic
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request; other kinds of connection, such as WebSockets, are not served."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
        elif scope["type"] == "http":
            await _Visit(scope, send, self._log).answer(self._decide, receive)

    async def _decide(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope)
        client = scope["client"][0] if scope.get("client") else ""
        if (refusal := self._refuse(request)) is not None:
            await refusal(scope, receive, send)
            return
        wait = self._clients.enter(client)
        if wait:
            headers = {"retry-after": str(int(wait) + 1)}
            await PlainTextResponse("Too many requests: try again soon.\n", 429, headers)(scope, receive, send)
            return
        try:
            await (self._check_token(request) or self._app)(scope, receive, send)
        finally:
            self._clients.leave(client)

    def _refuse(self, request: Request) -> Response | None:
        if _host_name(request.headers.get("host", "")) not in self._settings.allowed_hosts:
            return PlainTextResponse("This host name is not served here.\n", 421)
        if request.method not in ("GET", "HEAD"):
            return PlainTextResponse("Only GET and HEAD are answered.\n", 405, {"allow": "GET, HEAD"})
        if request.headers.get("content-length", "0") != "0" or "transfer-encoding" in request.headers:
            return PlainTextResponse("A request here has no body.\n", 413)
        if len(request.scope["raw_path"]) + len(request.scope["query_string"]) > _LONGEST_TARGET:
            return PlainTextResponse("The address is too long.\n", 414)
        # A page of another site may link here, and not read from here.
        is_navigation = request.headers.get("sec-fetch-mode") == "navigate"
        if request.headers.get("sec-fetch-site") == "cross-site" and not is_navigation:
            return PlainTextResponse("Other sites may not read from here.\n", 403)
        return None

    def _check_token(self, request: Request) -> Response | None:
        """None when the token is there, in the header or as the cookie; a link with it sets the cookie."""
        token = self._settings.token
        if token is None:
            return None
        pass_value = hmac.digest(token.encode(), b"explorer", hashlib.sha256).hex()
        scheme, _, given = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() == "bearer" and _is_same(given, token):
            return None
        if _is_same(request.cookies.get(_COOKIE, ""), pass_value):
            return None
        pairs = parse_qsl(request.url.query, keep_blank_values=True)
        if any(name == "token" and _is_same(value, token) for name, value in pairs):
            rest = urlencode([(name, value) for name, value in pairs if name != "token"])
            # Two slashes at the beginning would name another host.
            path = "/" + request.scope["raw_path"].decode("ascii", "replace").lstrip("/")
            response = RedirectResponse(path + (f"?{rest}" if rest else ""), 303)
            response.set_cookie(_COOKIE, pass_value, max_age=_COOKIE_SECONDS, httponly=True, samesite="lax")
            return response
        text = "This explorer needs its token: open the link that its owner gave you.\n"
        return PlainTextResponse(text, 401, {"www-authenticate": "Bearer"})


class _Visit:
    """One request: its headers, its line in the log, and its end when something unexpected happens."""

    def __init__(self, scope: Scope, send: Send, log: Callable[[str], object]) -> None:
        self._scope = scope
        self._send = send
        self._log = log
        self._status = 0
        self._bytes = 0
        self._started = time.monotonic()

    async def answer(self, app: ASGIApp, receive: Receive) -> None:
        problem = None
        try:
            await app(self._scope, receive, self._send_with_headers)
        except Exception:  # Every error ends here: in the log, and not in the response.
            problem = traceback.format_exc()
            if not self._status:
                response = PlainTextResponse("Something went wrong here; the log says what.\n", 500)
                await response(self._scope, receive, self._send_with_headers)
        finally:
            self._write_log(problem)

    async def _send_with_headers(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._status = message["status"]
            headers = [(name.encode(), value.encode()) for name, value in _HEADERS]
            message = {**message, "headers": [*message["headers"], *headers]}
        elif message["type"] == "http.response.body":
            self._bytes += len(message.get("body", b""))
        await self._send(message)

    def _write_log(self, problem: str | None) -> None:
        query = [
            (name, "…" if name == "token" else value)
            for name, value in parse_qsl(self._scope["query_string"].decode("latin-1"), keep_blank_values=True)
        ]
        entry = {
            "time": datetime.now(UTC).isoformat(timespec="milliseconds"),
            "client": self._scope["client"][0] if self._scope.get("client") else "",
            "method": self._scope["method"],
            "path": self._scope["path"],
            "query": urlencode(query, safe="…"),
            "status": self._status,
            "bytes": self._bytes,
            "milliseconds": round((time.monotonic() - self._started) * 1000, 1),
        }
        if problem:
            entry["error"] = problem
        self._log(json.dumps(entry, ensure_ascii=False))


def _host_name(header: str) -> str:
    """The name of a Host header, without its port and without the brackets of IPv6."""
    if header.startswith("["):
        return header[1:].partition("]")[0].lower()
    return header.partition(":")[0].lower()


def _is_same(given: str, wanted: str) -> bool:
    return hmac.compare_digest(given.encode(), wanted.encode())
