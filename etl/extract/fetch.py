"""Ask the publishers, or an HTTP mirror of them, for documents: the only module that speaks HTTP.

A document is asked for if its host's robots.txt allows it, when the host's rate allows it, and only if it changed.
Redirects must stay with the host, and the body is decompressed under a limit. A failure that may be over soon (no
connection, a cut transfer, 429, 5xx) is tried again with growing pauses, or after the pause that Retry-After asks for.
A host that fails three documents in a row is not asked again in the run; no host is, once the run has made its maximum
of requests, with robots.txt, redirects and retries counted. The errors of the HTTP client become errors of this project
here, where the document is known.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Collection, Iterable, Mapping
from contextlib import closing
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import cast

import httpx
import stamina
import structlog

from nascar_warehouse import __version__
from nascar_warehouse.etl.documents import (
    ANSWER_STATUSES,
    BODY_LIMIT_BYTES,
    NETWORK,
    RATE_PER_SECOND,
    UNCONDITIONAL,
    Answer,
    BudgetSpent,
    Response,
    Validators,
)
from nascar_warehouse.etl.extract import urls as address
from nascar_warehouse.etl.extract.body import read_body
from nascar_warehouse.etl.extract.host import LATER, PRODUCT, Host
from nascar_warehouse.warehouse.errors import SourceChanged, SourceUnavailable, UsageError

TIMEOUTS = httpx.Timeout(30.0, connect=10.0)
ATTEMPTS = 5
MAX_REDIRECTS = 3
RETRY_AFTER_LIMIT_SECONDS = 120.0
RETRY_LIMIT_SECONDS = 90.0  # no attempt begins later: a host that hangs costs minutes and not an hour

_MOVED = "check whether the document has a new address; if so, correct it in etl/sources/"

_log = structlog.get_logger()


class _TransientError(Exception):
    """An attempt failed and the next one may succeed.

    `wait_seconds` is the pause that the host asked for; with `is_unreachable` there was not even a connection.
    """

    def __init__(self, cause: str, wait_seconds: float = 0.0, *, is_unreachable: bool = False) -> None:
        super().__init__(cause)
        self.wait_seconds = wait_seconds
        self.is_unreachable = is_unreachable


class _RefusedError(Exception):
    """A host that publishes a rule for programs asks us to slow down, with this HTTP status."""

    def __init__(self, status: int) -> None:
        super().__init__(f"HTTP {status}")
        self.status = status


class HttpFetcher:
    """Documents over HTTP, from the publishers or from `mirror`, an http(s) URL in front of HOST/PATH.

    `host_rates` are hosts that are asked more slowly than at `rate_per_second`. A 429 or 503 of `strict_hosts` is a
    refusal, after which nothing is tried again. An address that ends like `#bytes=0-99` asks for a part of a document.
    A mirror has no rate limit and no robots.txt. Tests pass a `transport` that replaces the network.
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
        host_rates: Mapping[str, float] | None = None,
        strict_hosts: Collection[str] = (),
    ) -> None:
        if not rate_per_second > 0:
            raise UsageError("rate must be positive", f"{rate_per_second} requests a second is not possible")
        self._mirror, self.origin = address.http_base(mirror) if mirror else ("", NETWORK)
        self._via = f" (asked of the mirror {self.origin})" if self._mirror else ""
        self._rate_per_second = rate_per_second
        self._host_rates = host_rates or {}
        self._strict_hosts = strict_hosts
        self._body_limit_bytes = body_limit_bytes
        self._attempts = attempts
        self._max_requests = max_requests
        self._requests = 0
        self._hosts: dict[str, Host] = {}
        self._client = _open_client(user_agent(contact), transport, timeouts)
        # By default stamina prints a line for every retry: on stdout where structlog is installed.
        stamina.instrumentation.set_on_retry_hooks([_log_retry])

    def fetch(self, url: str, *, validators: Validators = UNCONDITIONAL) -> Response:
        """Ask for one document; `nascar_warehouse.etl.documents.Fetcher` has the result and the errors."""
        host = self._host(url)
        host.require_responsive(url)
        condition = _conditional_headers(validators)
        try:
            if not self._mirror:
                host.read_robots(lambda robots: self._ask(host, robots, {})[1])
                host.require_allowed(url)
            response, body = self._ask(host, url, condition | _range_headers(url))
        except _RefusedError as error:
            return Response(url, error.status, b"", None, None, datetime.now(UTC), decided=Answer.REFUSED)
        status, headers = 200 if response.status_code == 206 else response.status_code, response.headers
        if status not in ANSWER_STATUSES or (status == 304 and not condition):
            raise SourceChanged(f"{url}{self._via}: unexpected HTTP status {status}", _MOVED)
        known = validators if status == 304 else UNCONDITIONAL  # a 304 need not repeat them
        etag, modified = headers.get("etag", known.etag), headers.get("last-modified", known.last_modified)
        return Response(url, status, body, etag, modified, datetime.now(UTC))

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def _host(self, url: str) -> Host:
        parts = address.split_address(url)
        name = address.host_of(parts)
        site = f"{parts.scheme}://{name}"
        if site not in self._hosts:
            rate = min(self._rate_per_second, self._host_rates.get(name, self._rate_per_second))
            interval_ms = None if self._mirror else max(1, round(1000 / rate))
            self._hosts[site] = Host(site, interval_ms, stops_at_refusal=name in self._strict_hosts)
        return self._hosts[site]

    def _ask(self, host: Host, url: str, headers: dict[str, str]) -> tuple[httpx.Response, bytes]:
        """Try until an answer is final; stop asking the host when it failed too often."""
        tries = 0
        retries = stamina.retry_context(
            on=_wait_before_next,
            attempts=self._attempts,
            timeout=RETRY_LIMIT_SECONDS,
            wait_initial=0.15,
            wait_jitter=0.1,
        )
        try:
            with structlog.contextvars.bound_contextvars(url=url):  # a retry is logged with it
                for attempt in retries:
                    with attempt:
                        tries = attempt.num
                        answer = self._try(host, url, headers)
        except _TransientError as failure:
            problem = f"{url}{self._via} failed after {tries} attempt{'s' * (tries > 1)}: {failure}"
            too_long = failure.wait_seconds if failure.wait_seconds > RETRY_AFTER_LIMIT_SECONDS else None
            raise host.record_failure(problem, too_long, is_unreachable=failure.is_unreachable) from failure
        host.record_success()
        return answer

    def _try(self, host: Host, url: str, headers: dict[str, str]) -> tuple[httpx.Response, bytes]:
        """Make one attempt; returns a final response, closed, and its body."""
        place = address.mirrored(url, self._mirror) if self._mirror else url
        try:
            request = self._client.build_request("GET", place, headers=headers)
            with closing(self._follow(host, url, request)) as response:
                if host.stops_at_refusal and response.status_code in {429, 503}:
                    raise _RefusedError(response.status_code)
                _raise_if_transient(response)
                if response.status_code == 304:
                    response.read()  # it has no body, but only a response that was read frees its connection
                return response, self._read(url, response) if response.status_code in {200, 206} else b""
        except (httpx.TransportError, zlib.error, TimeoutError) as error:
            cause = f"{type(error).__name__}: {error}".removesuffix(": ")
            is_unreachable = isinstance(error, (httpx.ConnectError, httpx.ConnectTimeout))
            raise _TransientError(cause, is_unreachable=is_unreachable) from error
        except httpx.InvalidURL as error:
            raise UsageError(f"{url}{self._via} is not an address: {error}") from error

    def _read(self, url: str, response: httpx.Response) -> bytes:
        part = address.byte_range(url)
        if part is None and response.status_code != 200:
            raise SourceChanged(f"{url}{self._via}: unexpected HTTP status {response.status_code}", _MOVED)
        if part is not None and response.status_code != 206:
            raise SourceChanged(
                f"{url}{self._via}: HTTP {response.status_code}, not the part that was asked for", _MOVED
            )
        # Not `iter_raw`, which refuses a body that a mock transport has read already.
        chunks = cast("Iterable[bytes]", response.stream)
        encoding = response.headers.get("content-encoding", "")
        body = read_body(chunks, encoding, url=url, via=self._via, limit_bytes=self._body_limit_bytes)
        if part and len(body) != part[1] - part[0] + 1:
            raise _TransientError(f"{len(body)} bytes of the part instead of {part[1] - part[0] + 1}")
        return body

    def _send(self, host: Host, request: httpx.Request) -> httpx.Response:
        """Send a request when the host's rate allows it, if the run may make another one."""
        if self._max_requests is not None and self._requests >= self._max_requests:
            raise BudgetSpent(f"this run has made its maximum of {self._max_requests} requests", LATER)
        self._requests += 1
        host.wait_for_turn()
        return self._client.send(request, stream=True)

    def _follow(self, host: Host, url: str, request: httpx.Request) -> httpx.Response:
        """Send the request and follow its redirects, which must stay with scheme, host and port."""
        for _ in range(MAX_REDIRECTS + 1):
            response = self._send(host, request)
            if response.next_request is None:
                return response
            response.close()
            here, request = request.url, response.next_request
            if _site(here) != _site(request.url):
                raise SourceChanged(f"{url}{self._via} redirects elsewhere: {_shown(request.url)}", _MOVED)
            host.require_allowed(str(request.url))
        raise SourceUnavailable(
            f"{url}{self._via} redirects more than {MAX_REDIRECTS} times, the last time to {_shown(request.url)}",
            f"{LATER}; if it stays so, open the address in a browser",
        )


def user_agent(contact: str | None) -> str:
    """Return the name that publishers see; `UsageError` if a header cannot carry `contact`."""
    contact = (contact or "").strip()
    if not (contact.isascii() and contact.isprintable()):
        raise UsageError(f"the contact {contact!r} cannot be sent", "write it in plain ASCII characters")
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
    """Return a URL without the user name and password that it may carry."""
    return str(url.copy_with(userinfo=b""))


def _site(url: httpx.URL) -> tuple[str, str, int | None]:
    return url.scheme, url.host, url.port


def _conditional_headers(validators: Validators) -> dict[str, str]:
    """Return the headers of a conditional request, without those that a header cannot carry."""
    headers = {"If-None-Match": validators.etag or "", "If-Modified-Since": validators.last_modified or ""}
    return {name: text for name, text in headers.items() if text and text.isascii() and text.isprintable()}


def _range_headers(url: str) -> dict[str, str]:
    """Return the headers that ask for a part of a document (RFC 9110, 14.2), none for all of it."""
    part = address.byte_range(url)
    return {"Range": f"bytes={part[0]}-{part[1]}", "Accept-Encoding": "identity"} if part else {}


def _raise_if_transient(response: httpx.Response) -> None:
    """Raise `_TransientError` for a status that may be over soon; a 403 that names a pause is one of them."""
    status = response.status_code
    wait_seconds = _retry_after_seconds(response.headers.get("retry-after", ""), datetime.now(UTC))
    if status in {408, 425, 429} or status >= 500 or (status == 403 and wait_seconds):
        raise _TransientError(f"HTTP {status}", wait_seconds)


def _retry_after_seconds(text: str, now: datetime) -> float:
    """Read Retry-After, seconds or a date (RFC 9110, 10.2.3); 0 if it cannot be followed."""
    if re.fullmatch(r"[0-9]{1,9}", text.strip()):
        return float(text)
    try:
        date = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return 0.0
    seconds = (date.replace(tzinfo=date.tzinfo or UTC) - now).total_seconds()
    return min(max(0.0, seconds), 999_999_999.0)


def _wait_before_next(error: Exception) -> bool | float:
    """Return for stamina whether to try again after its own pause, or after how many seconds."""
    if not isinstance(error, _TransientError) or error.wait_seconds > RETRY_AFTER_LIMIT_SECONDS:
        return False
    return error.wait_seconds or True


def _log_retry(details: stamina.instrumentation.RetryDetails) -> None:
    cause, wait_seconds = str(details.caused_by), round(details.wait_for, 1)
    message = f"attempt {details.retry_num} failed: {cause}; asking again in {wait_seconds} s"
    if structlog.is_configured():  # by default it prints to the standard output, which is data
        _log.warning("retry", attempt=details.retry_num, cause=cause, wait_seconds=wait_seconds, message=message)
