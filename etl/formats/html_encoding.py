"""The encoding of an HTML page that came without the header which says it."""

from __future__ import annotations

import re

from nascar_warehouse.warehouse.errors import SourceChanged

_ADVICE = "save the page again, as UTF-8 if the browser lets you choose"
_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([A-Za-z0-9_-]+)", re.IGNORECASE)
_MARKS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
# Browsers read the older names as windows-1252 too.
_ENCODINGS = {
    **dict.fromkeys(("utf-8", "utf8"), "utf-8"),
    **dict.fromkeys(("windows-1252", "cp1252", "iso-8859-1", "latin1", "us-ascii"), "windows-1252"),
}


def decode_html(content: bytes) -> str:
    """The text of a page: its byte order mark decides, then what it says of itself, then UTF-8.

    An encoding that is not known, or bytes that are not of it, raise `SourceChanged`.
    """
    declared = _CHARSET.search(content[:4096])
    name = declared[1].decode("ascii").lower() if declared else "utf-8"
    encoding = next((found for mark, found in _MARKS.items() if content.startswith(mark)), _ENCODINGS.get(name))
    if encoding is None:
        raise SourceChanged(f"unexpected content: it says that its encoding is {name}", _ADVICE)
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        what = f"unexpected content: it is not {encoding}, {error.reason} at byte {error.start}"
        raise SourceChanged(what, _ADVICE) from error
