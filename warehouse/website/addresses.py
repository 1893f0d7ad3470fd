"""Where a page of the explorer lies in the static site, and how its links become relative."""

from __future__ import annotations

import html
import posixpath
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, quote, unquote, urlsplit

if TYPE_CHECKING:
    from collections.abc import Callable

_LINK = re.compile(r'(?<=\s)(href|src|action)="(/[^"]*)"')
"""An address of this site in a page. Text cannot look like one: the templates escape its quotation marks."""
_OTHER = re.compile(r"[^a-z0-9._-]+")


@dataclass(frozen=True, slots=True)
class Address:
    """A page of the explorer: its path and the sorted values of its query."""

    path: str
    query: tuple[tuple[str, str], ...] = ()

    @classmethod
    def parse(cls, link: str) -> Address:
        """The address of a link; its fragment is left out, and so are empty values."""
        parts = urlsplit(link)
        return cls(unquote(parts.path), tuple(sorted(parse_qsl(parts.query))))

    @property
    def file(self) -> str:
        """The path of its file below the folder of the site.

        That of `/?page=2&series=nxs` is closest/page-2/series-nxs.html.
        """
        steps = [step for step in self.path.split("/") if step] or ["closest" if self.query else "index"]
        steps += [f"{name}-{value}" for name, value in self.query]
        return "/".join(_OTHER.sub("-", step.lower()) for step in steps) + ".html"


def make_links_relative(content: str, here: str, find: Callable[[str], str]) -> str:
    """A page with every link to this site relative to its own file `here`.

    `find` gives the file of a link, below the folder of the site and with what comes after its name.
    """
    folder = posixpath.dirname(here) or "."

    def relative(match: re.Match[str]) -> str:
        file, mark, rest = _divide(find(html.unescape(match[2])))
        return f'{match[1]}="{html.escape(quote(posixpath.relpath(file, folder)) + mark + rest)}"'

    return _LINK.sub(relative, content)


def _divide(target: str) -> tuple[str, str, str]:
    """A file, the mark that ends its name, and the query or fragment after it."""
    end = re.search(r"[?#]", target)
    return (target, "", "") if end is None else (target[: end.start()], end[0], target[end.end() :])
