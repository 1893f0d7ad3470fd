"""What a reader sees of an HTML page: its lines, and its tables with cells that span rows and columns resolved."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from selectolax.lexbor import LexborHTMLParser

from nascar_warehouse.warehouse.errors import SourceChanged

if TYPE_CHECKING:
    from collections.abc import Iterator

    from selectolax.lexbor import LexborNode

MOST_COLUMNS = 100
"""A table is no wider; the HTML standard lets one cell alone span a thousand columns."""

_MOST_ROWS = 65_534  # what the HTML standard lets a cell span
_SPAN = re.compile(r"\s*([0-9]{1,6})")

_BLOCKS = frozenset(
    {
        *(
            "body",
            "header",
            "main",
            "nav",
            "section",
            "article",
            "aside",
            "footer",
            "div",
            "center",
            "form",
            "fieldset",
        ),
        *("h1", "h2", "h3", "h4", "h5", "h6", "p", "pre", "blockquote", "address", "figure", "br", "hr"),
        *("ul", "ol", "li", "dl", "dt", "dd", "option"),
        *("table", "caption", "thead", "tbody", "tfoot", "tr", "th", "td"),
    }
)
"""Elements whose text is not in one line with what stands around them."""
_UNSEEN_TAGS = frozenset({"head", "noscript", "script", "style", "template"})
_UNSEEN_CLASSES = frozenset({"mw-editsection", "reference", "sortkey"})
"""Of MediaWiki: the link beside a heading, the mark of a footnote, what a column is sorted by."""
_UNSEEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_WRAP = re.compile(r"[\r\n]")  # in a text, the end of a line is a blank
_FOOTNOTES = re.compile(r"\s*\[(?:[0-9]{1,3}|[a-z]{1,2}|(?:note|nb|n) ?[0-9]{1,3})\]")

_ADVICE = "look at the page; if the change is permanent, change the module of its source and its test"


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell: its text, and the text and title of each link in it that has a text."""

    text: str
    links: tuple[tuple[str, str | None], ...] = ()

    @property
    def name(self) -> str:
        """What the cell names: the text of its one link, else all of its text."""
        return self.links[0][0] if len(self.links) == 1 else self.text


@dataclass(slots=True)
class _Line:
    """A row on its way: cells by column, and those that go on below, each with how many rows it still covers."""

    cells: dict[int, Cell]
    below: dict[int, tuple[Cell, int]] = field(default_factory=dict)


def parse_html(text: str) -> LexborNode:
    """The root of a page or of a part of one. Browsers read anything, and so does this."""
    root = LexborHTMLParser(text).root
    if root is None:
        raise SourceChanged("is an empty page", _ADVICE)
    return root


def text_of(node: LexborNode) -> str:
    """The text that a reader sees in a node, in one line, without marks of footnotes."""
    return " ".join(lines_of(node))


def lines_of(node: LexborNode) -> list[str]:
    """The text that a reader sees in a node, line by line, without blank lines, marks of footnotes and joiners."""
    pieces = [piece if isinstance(piece, str) else _WRAP.sub(" ", piece.text_content or "") for piece in _seen(node)]
    seen = "".join(character for character in "".join(pieces) if unicodedata.category(character) != "Cf")
    return [line for line in (" ".join(_FOOTNOTES.sub("", line).split()) for line in seen.split("\n")) if line]


def rows_of(table: LexborNode) -> list[list[Cell | None]]:
    """The rows of a table: in each place the cell that covers it, None where none does.

    A cell that covers several places is in each of them. It does not go on into another section of the table. Cells
    that overlap, or a table wider than `MOST_COLUMNS`, raise `SourceChanged` that names the row.
    """
    rows: list[list[Cell | None]] = []
    for section in [table, *(part for part in table.iter() if part.tag in {"thead", "tbody", "tfoot"})]:
        above = _Line({})
        for row in section.iter():
            if row.tag == "tr":
                above = _resolve(row, above, len(rows) + 1)
                width = max(above.cells, default=-1) + 1
                rows.append([above.cells.get(column) for column in range(width)])
    return rows


def _resolve(row: LexborNode, above: _Line, number: int) -> _Line:
    """Put the cells of a row where the rows above it left room."""
    line = _Line({column: cell for column, (cell, _) in above.below.items()})
    line.below = {column: (cell, left - 1) for column, (cell, left) in above.below.items() if left > 1}
    column = 0
    for node in row.iter():
        if node.tag not in {"td", "th"}:
            continue
        cell = read_cell(node)
        rows = _span(node, "rowspan", _MOST_ROWS) or _MOST_ROWS
        while column in line.cells:
            column += 1
        for place in range(column, column + (_span(node, "colspan", 1000) or 1)):
            if place in line.cells:
                raise SourceChanged(f"row {number} of a table: cells overlap in column {place + 1}", _ADVICE)
            if place >= MOST_COLUMNS:
                raise SourceChanged(f"row {number} of a table: more than {MOST_COLUMNS} columns", _ADVICE)
            line.cells[place] = cell
            if rows > 1:
                line.below[place] = (cell, rows - 1)
    return line


def read_cell(node: LexborNode) -> Cell:
    """What a reader sees in a cell."""
    links = [piece for piece in _seen(node) if not isinstance(piece, str) and piece.tag == "a"]
    named = [(text_of(link), link.attributes.get("title")) for link in links]
    return Cell(text_of(node), tuple((text, title) for text, title in named if text))


def _span(node: LexborNode, name: str, most: int) -> int:
    """How many rows or columns a cell covers; anything that is no number is 1, and no rows means all that follow."""
    match = _SPAN.match(node.attributes.get(name) or "")
    return min(int(match[1]), most) if match else 1


def _seen(node: LexborNode) -> Iterator[LexborNode | str]:
    """The nodes of a tree that a reader sees, in order; a text where a line ends."""
    waiting: list[LexborNode | str] = [node]
    while waiting:
        piece = waiting.pop()
        if isinstance(piece, str):
            yield piece
            continue
        if _is_unseen(piece):
            continue
        yield piece
        is_block = piece.tag in _BLOCKS
        if is_block:
            yield "\n"
            waiting.append("\n")
        waiting += reversed(list(piece.iter(include_text=True)))


def _is_unseen(node: LexborNode) -> bool:
    if node.tag is None or node.tag.startswith("-"):
        return node.tag != "-text"
    if node.tag in _UNSEEN_TAGS:
        return True
    attributes = node.attributes
    if "hidden" in attributes or _UNSEEN_STYLE.search(attributes.get("style") or ""):
        return True
    return not _UNSEEN_CLASSES.isdisjoint((attributes.get("class") or "").split())
