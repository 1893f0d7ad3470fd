"""A race page of Racing-Reference as a browser saves it, made by hand for a test."""

from __future__ import annotations

from collections.abc import Sequence

URL = "https://www.racing-reference.info/race-results/2021_Goodyear_400/W"

DETAILS = {
    "Time of race": "3:14:21",
    "Average speed": "123.562 mph",
    "Cautions": "6 for 36 laps",
    "Margin of victory": "2.571 sec",
    "Pole speed": "metric qualifying",
    "Lead changes": "19",
    "Attendance": "n/a",
}
HEADER = ("Pos", "St", "#", "Driver", "Sponsor / Owner", "Car", "Laps", "Status", "Led", "Pts", "PPts")
WINNER = ("1", "4", "19", "Martin Truex, Jr.", "Auto-Owners Insurance   (Joe Gibbs)", "Toyota", "293", "running", "248")
SECOND = ("2", "22", "5", "Kyle Larson", "Freightliner   (Rick Hendrick)", "Chevrolet", "293", "running", "20")
RESULTS = ((*WINNER, "59", "7"), (*SECOND, "46", "0"))


def in_cells(details: dict[str, str]) -> str:
    """Each label and what it says in one cell, two of them a row."""
    cells = [f"<td class='col'><b>{label}:</b> {said}</td>" for label, said in details.items()]
    rows = ["".join(cells[place : place + 2]) for place in range(0, len(cells), 2)]
    return "<table>" + "".join(f"<tr>{row}</tr>" for row in rows) + "</table>"


def beside(details: dict[str, str]) -> str:
    """Each label in a cell, what it says in the next."""
    return "<table>" + "".join(f"<tr><td>{a}:</td><td>{b}</td></tr>" for a, b in details.items()) + "</table>"


def in_lines(details: dict[str, str]) -> str:
    """Each label and what it says in a line."""
    return "<p>" + "<br>".join(f"{label}: {said}" for label, said in details.items()) + "</p>"


def results_table(rows: Sequence[Sequence[str]] = RESULTS, header: Sequence[str] = HEADER) -> str:
    """The results."""
    head = "".join(f"<th>{name}</th>" for name in header)
    body = ""
    for number, row in enumerate(rows):
        cells = "".join(
            f'<td><img src="usa.png" alt="USA"> <a href="/driver/x">{text}</a></td>'
            if place == 3
            else f"<td>{text}</td>"
            for place, text in enumerate(row)
        )
        body += f'<tr class="{("odd", "even")[number % 2]}">{cells}</tr>'
    return f'<table class="tb race-results-tbl"><tr>{head}</tr>{body}</table>'


def page(
    title: str = "2021 Goodyear 400",
    series: str = "NASCAR Cup Series race number 12 of 36",
    day: str = "Sunday, May 9, 2021 at Darlington Raceway, Darlington, SC",
    laps: str = "293 laps on a 1.366 mile paved track (400.238 miles)",
    details: str | None = None,
    results: str | None = None,
    canonical: str | None = URL,
    head: str = '<meta charset="utf-8">',
    **changes: str | None,
) -> str:
    """A whole page; `changes` replace what labels say, spaces written as underscores, and None takes a line away."""
    said = {label: changes.get(label.replace(" ", "_").lower(), text) for label, text in DETAILS.items()}
    there = {label: text for label, text in said.items() if text is not None}
    link = f'<link rel="canonical" href="{canonical}">' if canonical else ""
    return (
        f"<!DOCTYPE html>\n<html><head>{head}<title>{title} - Racing-Reference</title>{link}"
        "<script>var x = 'race number 1 of 2';</script></head>"
        f"<body><ul><li>2021 Season</li><li>2021 NASCAR schedule</li></ul><div><h1>{title}</h1><p>{series}<br>{day}<br>\n"
        f"{laps}</p>{in_cells(there) if details is None else details}"
        f"{results_table() if results is None else results}"
        "<p>Top 10 in Stage 1: #19, 11, 5</p><p>Caution flag breakdown:</p></div></body></html>"
    )


CHALLENGE = "<!DOCTYPE html><html><head><title>Just a moment...</title></head><body><p>Checking.</p></body></html>"


OLD_DETAILS = {
    "Time of race": "3:04:12",
    "Average speed": "141.220 mph",
    "Pole speed": "153.410 mph",
    "Cautions": "6 for 31 laps",
    "Margin of victory": "0.34 sec",
    "Attendance": "61000",
    "Lead changes": "22",
}
OLD_HEADER = ("Fin", "St", "#", "Driver", "Sponsor / Owner", "Car", "Laps", "Money", "Status", "Led")
OLD_RESULTS = (
    ("1", "7", "07", "Ann Winner", "Test Oil (Olga Owner)", "'96 Ford", "317", "82,150", "running", "120"),
    ("2", "1", "2", "Bob Second", "(Bob Second)", "'96 Pontiac", "317", "41,300", "running", "88"),
)


def in_bold_cells(details: dict[str, str]) -> str:
    """Each label in a bold cell, what it says in the next."""
    rows = "".join(f"<tr><td><b>{label}:</b></td><td>{text}</td></tr>" for label, text in details.items())
    return f"<table border=0>{rows}</table>"


def in_one_cell(details: dict[str, str]) -> str:
    """All labels in one cell, with nothing but blanks between them."""
    return "<table><tr><td>" + " &nbsp; ".join(f"<b>{a}:</b> {b}" for a, b in details.items()) + "</td></tr></table>"


def old_page(
    details: str | None = None,
    header: Sequence[str] = OLD_HEADER,
    rows: Sequence[Sequence[str]] = OLD_RESULTS,
    series: str = "NASCAR Winston Cup Series race number 12 of 31",
    **changes: str,
) -> str:
    """A page in the form before 2020: tables for the layout, without classes, headings or a canonical address."""
    said = {label: changes.get(label.replace(" ", "_").lower(), text) for label, text in OLD_DETAILS.items()}
    head = "".join(f"<td><b>{name}</b></td>" for name in header)
    body = "".join("<tr>" + "".join(f"<td>{text}</td>" for text in row) + "</tr>" for row in rows)
    return (
        "<html><head><title>1996 Test 500 - Racing-Reference.info</title></head><body bgcolor=white>"
        "<table width=100%><tr><td><a href='/'>Home</a></td></tr><tr><td><center><font size=5><b>1996 Test 500</b></font>"
        f"<br>{series}<br>Sunday, June 2, 1996 at Dover Downs International Speedway, Dover, DE<br>"
        f"317 laps on a 1.366 mile paved track (433.0 miles)</center>{in_bold_cells(said) if details is None else details}"
        f"<table cellpadding=2><tr>{head}</tr>{body}</table></td></tr></table></body></html>"
    )
