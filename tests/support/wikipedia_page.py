"""Wikipedia's list of the closest finishes as its readers get it, or as its API sent it, made by hand for a test."""

from __future__ import annotations

import json
from pathlib import Path

FILE = "en.wikipedia.org/wiki/List_of_the_closest_NASCAR_Cup_Series_finishes"
TITLE = "List of the closest NASCAR Cup Series finishes"
HEADER = ("Rank", "Race", "Margin", "Winner", "2nd Place", "Track", "Date")


def header(*names: str) -> str:
    """The row of header cells."""
    return "<tr>" + "".join(f"<th>{name}</th>" for name in names or HEADER) + "</tr>"


def link(text: str, page: str | None = None) -> str:
    """A link to a page of the encyclopedia."""
    name = page or text
    return f'<a href="/wiki/{name.replace(" ", "_")}" title="{name}">{text}</a>'


def row(
    rank: str | None = "1",
    race: str = "2024 AdventHealth 400",
    margin: str | None = "0.001",
    winner: str = "Kyle Larson",
    runner_up: str = "Chris Buescher",
    track: str = "Kansas Speedway",
    race_date: str = "May 5, 2024",
    mark: str = "",
    span: int = 1,
) -> str:
    """A row; without a rank and a margin those of a row above go on; `span` is how many rows this one's do."""
    rows = f' rowspan="{span}"' if span > 1 else ""
    cells = [
        "" if rank is None else f"<td{rows}>{rank}</td>",
        f"<td>{link(race)}{mark}</td>",
        "" if margin is None else f"<td{rows}>{margin}</td>",
        *(f"<td>{link(text)}</td>" for text in (winner, runner_up, track)),
        f"<td>{race_date}</td>",
    ]
    return f"<tr>{''.join(cells)}</tr>"


KANSAS = row()
DARLINGTON = row(
    "2",
    "2003 Carolina Dodge Dealers 400",
    "0.002",
    "Ricky Craven",
    "Kurt Busch",
    "Darlington Raceway",
    "March 16, 2003",
)


def table(*rows: str, names: tuple[str, ...] = HEADER) -> str:
    """The table of the list."""
    return f'<table class="wikitable sortable"><tbody>{header(*names)}{"".join(rows)}</tbody></table>'


def page(*content: str, heading: str = "Closest finishes") -> str:
    """The page's HTML: an introduction, another table, the list, what follows."""
    return (
        '<div class="mw-parser-output"><p>The closest finishes.</p>'
        '<h2 id="Notes">Notes</h2><table class="wikitable"><tr><th>Rank</th></tr><tr><td>9</td></tr></table>'
        f'<div class="mw-heading mw-heading2"><h2>{heading}</h2><span class="mw-editsection">[edit]</span></div>'
        f"{''.join(content) if content else table(KANSAS, DARLINGTON)}"
        '<div class="mw-heading mw-heading2"><h2 id="References">References</h2></div>'
        f"<table>{header()}{KANSAS}</table></div>"
    )


def article(
    text: str | None = None,
    title: str = TITLE,
    revision_id: int | None = 1311111111,
    *,
    script: str | None = None,
) -> bytes:
    """What a reader gets: the site's frame around the HTML of an article; `script` replaces what states its revision."""
    name = json.dumps(title.replace(" ", "_"))
    shown = "" if revision_id is None else f'"wgCurRevisionId":{revision_id},"wgRevisionId":{revision_id},'
    settings = f'{{"wgBreakFrames":false,"wgPageName":{name},{shown}"wgIsArticle":true}}' if script is None else script
    return (
        f'<!DOCTYPE html>\n<html class="client-nojs" lang="en" dir="ltr"><head><meta charset="UTF-8">'
        f"<title>{title} - Wikipedia</title><script>(function(){{RLCONF={settings};}})();</script>"
        '<script>RLPAGEMODULES=["site","ext.cite"];</script></head><body class="skin-vector-2022">'
        '<header class="mw-body-header"><h1 id="firstHeading" class="firstHeading mw-first-heading">'
        f'<span class="mw-page-title-main">{title}</span></h1></header><div id="bodyContent" class="vector-body">'
        '<div id="mw-content-text" class="mw-body-content">'
        f"{page() if text is None else text}"
        '<div class="printfooter">Retrieved from "<a href="https://en.wikipedia.org/w/index.php">x</a>"</div>'
        "</div></div></body></html>"
    ).encode()


def answer(text: str | None = None, **changes: object) -> bytes:
    """What the API sends; changes replace fields of the page."""
    fields = {"title": TITLE, "pageid": 76838475, "revid": 1311111111, "text": page() if text is None else text}
    return json.dumps({"parse": fields | changes}).encode()


def put(mirror: Path, content: bytes) -> Path:
    """Write an answer where a folder mirror has it."""
    file = mirror / FILE
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)
    return file
