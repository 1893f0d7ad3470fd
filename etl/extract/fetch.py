"""Ask the publishers, or an HTTP mirror of them, for documents: the only module that speaks HTTP.

A document is asked for if its host's robots.txt allows it, when the host's rate gives it a turn, and only if
it changed. Redirects stay with the host, and the body is decompressed under a limit. What may pass (no
connection, a cut transfer, 429, 5xx) is tried again with growing pauses, or after the one that Retry-After
asks for. A host that fails three documents in a row is left alone for the rest of the run; so are all, once the
run has made as many requests as it may, with robots.txt, redirects and further attempts counted. The errors of
the HTTP client become errors of this project here, where the document is known.
"""

from __future__ import annotations

import io
import logging
import time
import zlib
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import cast

import httpx
import stamina
from protego import Protego
from pyrate_limiter import Limiter

from nascar_warehouse import __version__
from nascar_warehouse.etl.documents import (
    BODY_LIMIT_BYTES,
    MISSING_STATUSES,
    NETWORK,
    RATE_PER_SECOND,
    UNCONDITIONAL,
    BudgetSpent,
    Disallowed,
    Response,
    Validators,
    too_large,
)
from nascar_warehouse.etl.extract import urls as address
from nascar_warehouse.etl.extract.content import inflate
from nascar_warehouse.etl.extract.pauses import rate_limiter, retry_after_seconds
from nascar_warehouse.warehouse.errors import SourceChanged, SourceUnavailable, UsageError

PRODUCT = "nascar-warehouse"
TIMEOUTS = httpx.Timeout(30.0, connect=10.0)
ATTEMPTS = 5
MAX_REDIRECTS = 3
FAILURES_BEFORE_GIVING_UP = 3
RETRY_AFTER_LIMIT_SECONDS = 120.0
RETRY_LIMIT_SECONDS = 90.0  # no attempt begins later: a host that hangs costs minutes and not an hour
TRANSFER_LIMIT_SECONDS = 120.0  # a read timeout alone lets a byte every 29 seconds go on for ever

_LATER = "run the same command again later; what was fetched is kept"
_MOVED = "look whether the document moved for good; if so, correct its address in etl/sources/"

_log = logging.getLogger("nascar.fetch")


class _TransientError(Exception):
    """An attempt failed and the next one may not; `wait_seconds` is the pause that the host asked for."""

    def __init__(self, cause: str, wait_seconds: float = 0.0) -> None:
        super().__init__(cause)
        self.wait_seconds = wait_seconds


@dataclass(slots=True)
class _Host:
    """What this run knows of one publisher's host."""

    site: str
    limiter: Limiter | None
    robots: Protego | None = None
    failures: int = 0
    given_up: str = ""


class HttpFetcher:
    """Documents over HTTP, from the publishers or from `mirror`, an http(s) URL in front of HOST/PATH.

    A mirror has no rate and no robots.txt. `transport` takes the place of the network in tests.
    """

    def __init__(
        self,
        *,
        contact: str | None = None,
        rate_per_second: float = RATE_PER_SECOND,
        mirror: str | None = None,
        transport: httpx.BaseTransport | None = None,
        body_limit_bytes: int = BODY_LIMIT_BYTES,
        attempts: int = ATTEMPTS,
        timeouts: httpx.Timeout = TIMEOUTS,
        max_requests: int | None = None,
    ) -> None:
        if not rate_per_second > 0:
            raise UsageError(f"{rate_per_second} requests a second is no rate", "give a number above 0")
        self._mirror, self.origin = address.http_base(mirror) if mirror else ("", NETWORK)
        self._way = f" (asked of the mirror {self.origin})" if self._mirror else ""
        self._interval_ms = max(1, round(1000 / rate_per_second))
        self._body_limit_bytes = body_limit_bytes
        self._attempts = attempts
        self._max_requests = max_requests
        self._requests = 0
        self._hosts: dict[str, _Host] = {}
        self._client = _open_client(user_agent(contact), transport, timeouts)
        # Left alone, stamina prints a line for every retry: on stdout where structlog is installed.
        stamina.instrumentation.set_on_retry_hooks([_log_retry])

    def fetch(self, url: str, *, validators: Validators = UNCONDITIONAL) -> Response:
        """Ask for one document; `nascar_warehouse.etl.documents.Fetcher` says what comes back and what is raised."""
        host = self._host(url)
        if host.given_up:
            raise SourceUnavailable(f"{url}: {host.given_up} and is not asked again in this run", _LATER)
        if not self._mirror:
            host.robots = host.robots or self._read_robots(host)
            _refuse_forbidden(host, url)
        condition = _condition(validators)
        response, body = self._ask(host, url, condition)
        status, headers = response.status_code, response.headers
        if status not in {200, 304, *MISSING_STATUSES} or (status == 304 and not condition):
            raise SourceChanged(f"{url}{self._way} answered HTTP {status}, which it never did", _MOVED)
        known = validators if status == 304 else UNCONDITIONAL  # a 304 need not repeat them
        etag, modified = headers.get("etag", known.etag), headers.get("last-modified", known.last_modified)
        return Response(url, status, body, etag, modified, datetime.now(UTC))

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def _host(self, url: str) -> _Host:
        parts = address.split_address(url)
        site = f"{parts.scheme}://{address.host_of(parts)}"
        if site not in self._hosts:
            self._hosts[site] = _Host(site, None if self._mirror else rate_limiter(self._interval_ms))
        return self._hosts[site]

    def _read_robots(self, host: _Host) -> Protego:
        """Read the host's rules; a host without the file (any 4xx) allows everything (RFC 9309, 2.3.1.3)."""
        _, body = self._ask(host, f"{host.site}/robots.txt", {})
        return Protego.parse(body.decode("utf-8-sig", errors="replace"))

    def _ask(self, host: _Host, url: str, headers: dict[str, str]) -> tuple[httpx.Response, bytes]:
        """Try until an answer is final; leave the host alone when it failed too often."""
        tries = 0
        try:
            for attempt in stamina.retry_context(
                on=_wait_before_next,
                attempts=self._attempts,
                timeout=RETRY_LIMIT_SECONDS,
                wait_initial=0.15,
                wait_jitter=0.1,
            ):
                with attempt:
                    tries = attempt.num
                    answer = self._try(host, url, headers)
        except _TransientError as failure:
            raise self._unavailable(host, url, tries, failure) from failure
        host.failures = 0
        return answer

    def _try(self, host: _Host, url: str, headers: dict[str, str]) -> tuple[httpx.Response, bytes]:
        """Make one attempt; gives a final answer, closed, and its body."""
        place = address.mirrored(url, self._mirror) if self._mirror else url
        try:
            request = self._client.build_request("GET", place, headers=headers)
            with closing(self._follow(host, url, request)) as response:
                _raise_if_transient(response)
                if response.status_code == 304:
                    response.read()  # there is nothing, but only then the connection is used again
                return response, self._read_body(url, response) if response.status_code == 200 else b""
        except (httpx.TransportError, zlib.error) as error:
            raise _TransientError(f"{type(error).__name__}: {error}".removesuffix(": ")) from error
        except httpx.InvalidURL as error:
            raise UsageError(f"{url}{self._way} is not an address: {error}") from error

    def _send(self, host: _Host, request: httpx.Request) -> httpx.Response:
        """Send a request when the host's rate gives it a turn, if the run may make another one."""
        if self._max_requests is not None and self._requests >= self._max_requests:
            raise BudgetSpent(f"this run has made the {self._max_requests} requests that it may", _LATER)
        self._requests += 1
        if host.limiter:
            host.limiter.try_acquire()
        return self._client.send(request, stream=True)

    def _follow(self, host: _Host, url: str, request: httpx.Request) -> httpx.Response:
        """Send the request and follow its redirects, which must stay with scheme, host and port."""
        for _ in range(MAX_REDIRECTS + 1):
            response = self._send(host, request)
            if response.next_request is None:
                return response
            response.close()
            here, request = request.url, response.next_request
            if _site(here) != _site(request.url):
                raise SourceChanged(f"{url}{self._way} redirects elsewhere: {_shown(request.url)}", _MOVED)
            _refuse_forbidden(host, str(request.url))
        raise SourceUnavailable(
            f"{url}{self._way} redirects more than {MAX_REDIRECTS} times, at last to {_shown(request.url)}",
            f"{_LATER}; if it stays so, open the address in a browser",
        )

    def _read_body(self, url: str, response: httpx.Response) -> bytes:
        """Read the body and decompress it piece by piece, holding no more than the limit."""
        pieces = _received(response)
        encoding = response.headers.get("content-encoding", "").strip().lower()
        if encoding in {"gzip", "x-gzip"}:
            pieces = inflate(pieces)
        elif encoding not in {"", "identity"}:
            raise SourceChanged(
                f"{url}{self._way} is encoded as {encoding}, which was not asked for",
                "ask the publisher, or the keeper of the mirror, to send gzip or nothing",
            )
        body = io.BytesIO()
        for piece in pieces:
            if body.tell() + len(piece) > self._body_limit_bytes:
                raise too_large(url, self._body_limit_bytes)
            body.write(piece)
        return body.getvalue()

    def _unavailable(self, host: _Host, url: str, tries: int, failure: _TransientError) -> SourceUnavailable:
        """Say that a document was not to be had, and when to ask again."""
        host.failures += 1
        problem = f"{url}{self._way} did not come in {tries} attempt{'s' * (tries > 1)}: {failure}"
        if failure.wait_seconds > RETRY_AFTER_LIMIT_SECONDS:
            until = f"{datetime.now(UTC) + timedelta(seconds=failure.wait_seconds):%Y-%m-%d %H:%M:%S} UTC"
            host.given_up = f"{host.site} wants no requests before {until}"
            return SourceUnavailable(problem, f"run the same command again after {until}, as the host asks")
        if host.failures >= FAILURES_BEFORE_GIVING_UP:
            host.given_up = f"{host.site} failed {host.failures} documents in a row"
        return SourceUnavailable(problem, _LATER)


def user_agent(contact: str | None) -> str:
    """Give the name that publishers see; `UsageError` if a header cannot carry `contact`."""
    contact = (contact or "").strip()
    if not (contact.isascii() and contact.isprintable()):
        raise UsageError(f"the contact {contact!r} cannot be sent", "give it in plain ASCII characters")
    return f"{PRODUCT}/{__version__} ({f'+{contact}' if contact else 'contact not set'})"


def _open_client(agent: str, transport: httpx.BaseTransport | None, timeouts: httpx.Timeout) -> httpx.Client:
    headers = {"User-Agent": agent, "Accept-Encoding": "gzip"}
    try:
        return httpx.Client(headers=headers, transport=transport, timeout=timeouts)
    except (ValueError, OSError, ImportError, httpx.InvalidURL) as error:
        raise UsageError(
            f"the proxy or certificate settings of this environment do not work: {error}",
            "correct HTTP_PROXY, HTTPS_PROXY, ALL_PROXY, NO_PROXY, SSL_CERT_FILE or SSL_CERT_DIR",
        ) from error


def _shown(url: httpx.URL) -> str:
    """Give a URL without the user name and password that it may carry."""
    return str(url.copy_with(userinfo=b""))


def _site(url: httpx.URL) -> tuple[str, str, int | None]:
    return url.scheme, url.host, url.port


def _condition(validators: Validators) -> dict[str, str]:
    """Give the headers of a conditional request; what a header cannot carry is left out."""
    headers = {"If-None-Match": validators.etag or "", "If-Modified-Since": validators.last_modified or ""}
    return {name: text for name, text in headers.items() if text and text.isascii() and text.isprintable()}


def _refuse_forbidden(host: _Host, url: str) -> None:
    if host.robots and not host.robots.can_fetch(url, PRODUCT):
        raise Disallowed(
            f"{host.site}/robots.txt forbids {url}",
            "ask the publisher, or read a saved copy with --mirror",
        )


def _raise_if_transient(response: httpx.Response) -> None:
    """Raise `_TransientError` for a status that may pass; a 403 that names a pause is one of them."""
    status = response.status_code
    wait_seconds = retry_after_seconds(response.headers.get("retry-after", ""), datetime.now(UTC))
    if status in {408, 425, 429} or status >= 500 or (status == 403 and wait_seconds):
        raise _TransientError(f"HTTP {status}", wait_seconds)


def _wait_before_next(error: Exception) -> bool | float:
    """Tell stamina whether to try again after its own pause, or after how many seconds."""
    if not isinstance(error, _TransientError) or error.wait_seconds > RETRY_AFTER_LIMIT_SECONDS:
        return False
    return error.wait_seconds or True


def _log_retry(details: stamina.instrumentation.RetryDetails) -> None:
    _log.debug("attempt %d: %s; next in %.1f s", details.retry_num, details.caused_by, details.wait_for)


def _received(response: httpx.Response) -> Iterator[bytes]:
    """Give the body as it arrives, still compressed; `_TransientError` when it takes too long."""
    until = time.monotonic() + TRANSFER_LIMIT_SECONDS
    # Not `iter_raw`, which refuses a body that a mock transport has read already.
    for chunk in cast("Iterable[bytes]", response.stream):
        if time.monotonic() > until:
            raise _TransientError(f"the transfer takes more than {TRANSFER_LIMIT_SECONDS:.0f} s")
        yield chunk
