"""Articles of a MediaWiki site, as its readers get them: the page's title, its revision, and its tables by heading.

A page says in its script which article and which revision it is (`wgPageName`, `wgRevisionId`); a page made by Parsoid
says so in its root element. Both are read where they are, and None where they are not: the tables do not depend on it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec

from nascar_warehouse.etl.formats.html import parse_html, text_of
from nascar_warehouse.warehouse.errors import SourceChanged

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_CONTENT = ".mw-parser-output, #mw-content-text, .mw-body-content"
_PAGE_NAME = re.compile(r'"wgPageName":("(?:[^"\\]|\\.)*")')
# The revision that is shown, else the newest one. Those of Wikipedia have ten digits; a column holds 18.
_REVISIONS = tuple(re.compile(rf'"{name}":([1-9][0-9]{{0,17}})\b') for name in ("wgRevisionId", "wgCurRevisionId"))
_PARSOID_REVISION = re.compile(r"/revision/([1-9][0-9]{0,17})$")


@dataclass(frozen=True, slots=True)
class Article:
    """A page: what is shown, and its title and revision where it states them."""

    root: LexborNode
    title: str | None
    revision_id: int | None


def read_article(content: bytes, *, advice: str) -> Article:
    """Return the article that a page shows; `SourceChanged` with the advice if it is no page of a MediaWiki site."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise SourceChanged(f"unexpected content: not UTF-8: {error}", advice) from error
    root = parse_html(text) if text.strip() else None
    if root is None or root.css_first(_CONTENT) is None:
        title = root.css_first("title") if root else None
        named = " ".join(title.text().split()) if title is not None else ""
        raise SourceChanged(f"unexpected content: not an article of Wikipedia; its title is {named!r}", advice)
    return Article(root, _title(root), _revision_id(root))


def tables_under_heading(root: LexborNode, heading: str) -> list[LexborNode]:
    """The tables between a heading and the next one of its level, without those inside of others."""
    return [node for node in nodes_under_heading(root, heading) if node.tag == "table" and not is_inside(node, "table")]


def nodes_under_heading(root: LexborNode, heading: str) -> list[LexborNode]:
    """The elements between a heading of this text, whatever its case, and the next one of its level."""
    level = 0
    nodes: list[LexborNode] = []
    for node in root.traverse():
        rank = _HEADINGS.get(node.tag or "")
        if rank is not None:
            is_heading = text_of(node).casefold() == heading.casefold()
            level = rank if is_heading else (0 if rank <= level else level)
        elif level:
            nodes.append(node)
    return nodes


def is_inside(node: LexborNode, tag: str) -> bool:
    """Whether an element of this tag is around the node."""
    parent = node.parent
    while parent is not None:
        if parent.tag == tag:
            return True
        parent = parent.parent
    return False


def _title(root: LexborNode) -> str | None:
    for script in root.css("script"):
        if match := _PAGE_NAME.search(script.text()):
            try:
                return msgspec.json.decode(match[1], type=str).replace("_", " ")
            except msgspec.DecodeError:
                break
    heading = root.css_first("h1#firstHeading")
    return text_of(heading) or None if heading is not None else None


def _revision_id(root: LexborNode) -> int | None:
    scripts = [script.text() for script in root.css("script")]
    for form in _REVISIONS:
        for script in scripts:
            if match := form.search(script):
                return int(match[1])
    page = root.css_first("html[about]")
    match = _PARSOID_REVISION.search((page.attributes.get("about") if page is not None else None) or "")
    return int(match[1]) if match else None
