"""Wikipedia's articles of seasons and of races, made by hand for a test in the forms that they have."""

from __future__ import annotations

from html import escape

from tests.support.wikipedia_page import article

SEASON_2003 = "2003 NASCAR Winston Cup Series"


def season_article(
    *titles: str, season: int = 2003, series: str = "NASCAR Winston Cup Series", rest: str = ""
) -> bytes:
    """A season with a schedule whose races have articles of these titles, and one without an article."""
    rows = "".join(
        f'<tr><td>{number}</td><td><a href="/wiki/{escape(title.replace(" ", "_"))}" title="{escape(title)}">'
        f'{escape(title.removeprefix(f"{season} "))}</a></td><td><a href="/wiki/Darlington_Raceway">Darlington Raceway</a></td>'
        "<td>March 16</td></tr>"
        for number, title in enumerate(titles, 1)
    )
    red = f'<a href="/w/index.php?title={season}_Unwritten_500&amp;action=edit&amp;redlink=1" class="new">Unwritten 500</a>'
    text = (
        '<div class="mw-parser-output"><p>The season.</p>'
        f'<table class="wikitable"><tbody><tr><th>Team</th><th>Driver</th></tr><tr><td><a href="/wiki/{season}_in_sports">'
        "x</a></td><td>y</td></tr></tbody></table>"
        '<div class="mw-heading mw-heading2"><h2 id="Schedule">Schedule</h2></div>'
        '<table class="wikitable sortable"><tbody><tr><th>No.</th><th>Race title</th><th>Track</th><th>Date</th></tr>'
        f"{rows}<tr><td>99</td><td>{red}</td><td>Nowhere</td><td>May 1</td></tr></tbody></table>{rest}</div>"
    )
    return article(text, f"{season} {series}")


def box(
    *rows: tuple[str, ...],
    date: str = 'March 16, 2003<span style="display:none"> (<span class="bday">2003-03-16</span>)</span>',
    location: str = '<a href="/wiki/Darlington_Raceway">Darlington Raceway</a>, <a href="/wiki/SC">Darlington, South Carolina</a>',
    winner: str | None = "Ricky Craven",
    number: str = "Race 5 of 36 in the 2003 NASCAR Winston Cup Series",
) -> str:
    """The box beside the text, with more rows of a label and its text among the details of the race."""
    details = [
        ("Date", date),
        ("Location", location),
        ("Course", "Permanent racing facility<br>1.366 mi (2.198 km)"),
        *rows,
    ]
    won = (
        ""
        if winner is None
        else (
            '<tr><th colspan="2" class="infobox-header">Winner</th></tr>'
            f'<tr><th scope="row">No. 32</th><td><a href="/wiki/X">{winner}</a></td><td><a href="/wiki/Y">PPI Motorsports</a></td></tr>'
        )
    )
    return (
        '<table class="infobox vevent"><caption class="infobox-title summary">The race</caption><tbody>'
        '<tr><th colspan="2" class="infobox-header">Race details<sup class="reference">[1]</sup></th></tr>'
        f'<tr><td colspan="2" class="infobox-full-data">{number}</td></tr>'
        '<tr><td colspan="2" class="infobox-image"><img src="x.png"><div>The pole sitter on the track</div></td></tr>'
        + "".join(
            f'<tr><th scope="row" class="infobox-label">{label}</th><td>{text}</td></tr>' for label, text in details
        )
        + '<tr><th colspan="2">Pole position</th></tr><tr><th>Driver</th><td>Elliott Sadler</td></tr>'
        "<tr><th>Average speed</th><td>170.147 mph</td></tr>"
        '<tr><th colspan="2">Most laps led</th></tr><tr><th>Driver</th><td>Jeff Gordon</td></tr>'
        f"{won}"
        '<tr><th colspan="2">Television in the United States</th></tr><tr><th>Network</th><td>FOX</td></tr></tbody></table>'
    )


def statistics(*lines: str, heading: str = "Race statistics") -> str:
    """The list of figures near the end."""
    items = "".join(f"<li>{line}</li>" for line in lines)
    return f'<div class="mw-heading mw-heading3"><h3>{heading}</h3></div><ul>{items}</ul><h2>References</h2><ul><li>Lead changes: 99</li></ul>'


SPEED = ("Average speed", "126.214 mph (203.122 km/h)<sup class='reference'>[2]</sup>")
LINES = (
    "Lead changes: 21 among 12 different drivers",
    "Cautions/Laps: 10 for 58 laps",
    "Red flags: 0",
    "Time of race: 3 hours, 10 minutes and 16 seconds",
    "Average speed: 126.214 miles per hour (203.122&nbsp;km/h)",
    "Margin of victory: 0.002 seconds",
)
DARLINGTON = "2003 Carolina Dodge Dealers 400"


def race_article(*parts: str, title: str = DARLINGTON, revision_id: int | None = 1300000001) -> bytes:
    """An article with these parts around its text; by default with the box and the list of figures."""
    text = "".join(parts) if parts else box(SPEED) + "<p>The race was close.</p>" + statistics(*LINES)
    return article(f'<div class="mw-parser-output">{text}</div>', title, revision_id)
