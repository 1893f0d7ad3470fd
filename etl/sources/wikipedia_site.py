"""Wikipedia as a site: the addresses of its articles, the links between them, and how slowly it is asked.

Its robot policy (https://wikitech.wikimedia.org/wiki/Robot_policy) wants programs to name themselves with a contact, to
read articles rather than the API, one at a time and slowly. Its robots.txt allows articles and forbids `/w/`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote

if TYPE_CHECKING:
    from collections.abc import Mapping

HOST = "en.wikipedia.org"
HOST_RATES: Mapping[str, float] = {HOST: 1.0}
"""One request a second at most."""

_LINK = re.compile(rf"(?:(?:https?:)?//{re.escape(HOST)}/wiki/|/wiki/|\./)(?P<title>[^?#]+)(?:#.*)?")


def article_url(title: str) -> str:
    """Return the address of an article, as links within the site have it."""
    return f"https://{HOST}/wiki/{quote(title.replace(' ', '_'), safe=_UNQUOTED)}"


def linked_title(href: str) -> str | None:
    """Return the title of the article that a link leads to; None for a link to anything else."""
    match = _LINK.fullmatch(href)
    return " ".join(unquote(match["title"]).replace("_", " ").split()) if match else None


_UNQUOTED = "()!*',:;@~$"
