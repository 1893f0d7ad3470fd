"""Addresses of documents, and where a mirror has them."""

from __future__ import annotations

import re
from urllib.parse import SplitResult, unquote, urlsplit

from nascar_warehouse.warehouse.errors import UsageError

MIRROR_ADVICE = "set --mirror or NASCAR_MIRROR to a folder laid out as HOST/PATH, or to an http(s) address"
_ADDRESS_ADVICE = "use an address like https://HOST/PATH"
_BYTES = re.compile(r"bytes=([0-9]{1,15})-([0-9]{1,15})")


def byte_range(url: str) -> tuple[int, int] | None:
    """Return the first and the last byte that an address like https://HOST/PATH#bytes=0-99 names; None for all."""
    match = _BYTES.fullmatch(urlsplit(url).fragment)
    return (int(match[1]), int(match[2])) if match else None


def split_address(url: str) -> SplitResult:
    """Split a URL; `UsageError` if it is no http(s) address or climbs with `..`, encoded or not."""
    try:
        parts = urlsplit(url)
        host = host_of(parts)
    except ValueError as error:
        raise UsageError(f"{url!r} is not an address: {error}", _ADDRESS_ADVICE) from error
    path = unquote(parts.path).replace("\\", "/")
    is_web = parts.scheme in {"http", "https"} and host.strip(".") != "" and "\\" not in host
    if not (is_web and (url + path).isprintable()) or ".." in path.split("/"):
        raise UsageError(f"{url!r} is not the address of a document", _ADDRESS_ADVICE)
    return parts


def host_of(parts: SplitResult) -> str:
    """Return the host, with its port if the URL names one and without a user's name."""
    host = parts.hostname or ""
    host = f"[{host}]" if ":" in host else host
    return host if parts.port is None else f"{host}:{parts.port}"


def host_name(url: str) -> str:
    """Return the host of a URL to group documents by, "" for what has no host."""
    return urlsplit(url).netloc


def http_base(mirror: str) -> tuple[str, str]:
    """Return what precedes HOST/PATH in an HTTP mirror, with and without its password; may raise `UsageError`."""
    parts = split_address(mirror)
    if parts.query or parts.fragment:
        raise UsageError(f"the mirror {mirror} has a query or a fragment", MIRROR_ADVICE)
    without_credentials = f"{parts.scheme}://{host_of(parts)}{parts.path}"
    return mirror.rstrip("/"), without_credentials.rstrip("/")


def mirrored(url: str, base: str) -> str:
    """Return the address of `url` in the HTTP mirror `base`."""
    parts = split_address(url)
    return f"{base}/{host_of(parts)}{parts.path}" + (f"?{parts.query}" if parts.query else "")


def file_parts(url: str) -> list[str]:
    """Return the names below the mirror's folder that lead to the file of `url`."""
    parts = split_address(url)
    query = "?" + parts.query.replace("/", "%2F") if parts.query else ""
    return [host_of(parts), *(unquote(parts.path) + query).strip("/").split("/")]
