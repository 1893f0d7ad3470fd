"""The response to a request with an answer: not sent again when unchanged, compressed, or in part."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from starlette.responses import Response

if TYPE_CHECKING:
    from starlette.requests import Request

    from nascar_warehouse.warehouse.explorer.answer import Answer

_RANGE = re.compile(r"bytes=(\d{0,15})-(\d{0,15})", re.ASCII)


def respond(request: Request, answer: Answer) -> Response:
    """The response, by the headers of the request. Parquet may be read in parts, which DuckDB does."""
    headers = {"cache-control": "no-cache" if answer.etag else "no-store", **dict(answer.headers)}
    if answer.etag:
        headers["etag"] = f'W/"{answer.etag}"'
        if answer.etag in request.headers.get("if-none-match", ""):
            return Response(status_code=304, headers=headers)
    if answer.compressed is not None:
        headers["vary"] = "accept-encoding"
        if "gzip" in request.headers.get("accept-encoding", ""):
            headers["content-encoding"] = "gzip"
            return Response(answer.compressed, answer.status, headers, answer.media_type)
    elif answer.status == 200:
        headers["accept-ranges"] = "bytes"
        if (wanted := request.headers.get("range")) is not None and request.method == "GET":
            return _part(wanted, answer, headers)
    return Response(answer.content, answer.status, headers, answer.media_type)


def _part(wanted: str, answer: Answer, headers: dict[str, str]) -> Response:
    """One range of bytes; a request that is not of one range gets everything."""
    match, size = _RANGE.fullmatch(wanted), len(answer.content)
    if match is None or not (match[1] or match[2]):
        return Response(answer.content, answer.status, headers, answer.media_type)
    first = int(match[1]) if match[1] else max(size - int(match[2]), 0)
    last = min(int(match[2]), size - 1) if match[1] and match[2] else size - 1
    if first > last:
        return Response(status_code=416, headers={**headers, "content-range": f"bytes */{size}"})
    headers = {**headers, "content-range": f"bytes {first}-{last}/{size}"}
    return Response(answer.content[first : last + 1], 206, headers, answer.media_type)
