"""WARC records as crawlers write them, made for a test."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

PAGE = "https://www.racing-reference.info/race-results/2021_Goodyear_400/W"
CAPTURED_AT = "2021-05-12T03:04:05Z"


def record(
    body: bytes | str,
    url: str = PAGE,
    *,
    status: str = "200 OK",
    content_type: str = "text/html; charset=UTF-8",
    headers: Mapping[str, str] | None = None,
    kind: str = "response",
    captured_at: str = CAPTURED_AT,
    is_packed: bool = True,
) -> bytes:
    """One record; its digests are those of what is in it."""
    out = io.BytesIO()
    writer = WARCWriter(out, gzip=is_packed)
    payload = body.encode() if isinstance(body, str) else body
    lines = [("Content-Type", content_type), *(headers or {}).items()]
    http = StatusAndHeaders(status, lines, protocol="HTTP/1.1") if kind == "response" else None
    writer.write_record(
        writer.create_warc_record(
            url,
            kind,
            payload=io.BytesIO(payload),
            length=len(payload),
            http_headers=http,
            warc_headers_dict={"WARC-Date": captured_at},
        )
    )
    return out.getvalue()


def wacz(path: Path, archives: Mapping[str, Iterable[bytes]], compression: int = zipfile.ZIP_STORED) -> Path:
    """A WACZ file with archives of records."""
    with zipfile.ZipFile(path, "w", compression) as packed:
        packed.writestr("datapackage.json", "{}")
        for name, records in archives.items():
            packed.writestr(f"archive/{name}", b"".join(records))
        packed.writestr("pages/pages.jsonl", '{"format": "json-pages-1.0"}\n')
    return path


def mhtml(page: str, url: str = PAGE, *, encoding: str = "quoted-printable") -> bytes:
    """A page as Chromium saves it, with a picture beside it."""
    import base64
    import quopri

    content = page.encode()
    body = quopri.encodestring(content) if encoding == "quoted-printable" else base64.encodebytes(content)
    return (
        (
            f"From: <Saved by Blink>\r\nSnapshot-Content-Location: {url}\r\nSubject: a race\r\n"
            "Date: Wed, 12 May 2021 03:04:05 -0000\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related;\r\n"
            '\ttype="text/html";\r\n\tboundary="----MultipartBoundary--x----"\r\n\r\n\r\n------MultipartBoundary--x----\r\n'
            f"Content-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: {encoding}\r\n"
            f"Content-Location: {url}\r\n\r\n"
        ).encode()
        + body
        + (
            b"\r\n------MultipartBoundary--x----\r\nContent-Type: image/png\r\nContent-Transfer-Encoding: base64\r\n\r\n"
            b"iVBORw0KGgo=\r\n------MultipartBoundary--x------\r\n"
        )
    )
