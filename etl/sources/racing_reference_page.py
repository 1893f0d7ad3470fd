"""The form of a race page of Racing-Reference: which lines and which table say what.

The page is read as a person reads it, line by line, since a browser that saves it writes its HTML anew. A line that
must be there and is not, stands twice or has another form stops the page; the texts stay as they are.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import msgspec

from nascar_warehouse.etl.documents import Whole
from nascar_warehouse.warehouse.errors import SourceChanged

if TYPE_CHECKING:
    from collections.abc import Sequence

    from selectolax.lexbor import LexborNode

_ADVICE = (
    "open the file in a browser: if it is a race page and shows everything, "
    "change etl/sources/racing_reference_page.py and its test; if not, save the page again"
)

_SAVE_AS_UTF8 = "save the page again, as UTF-8 if the browser lets you choose"
_ENCODINGS = {"utf-8", "utf-16-le", "utf-16-be", "cp1252"}

# What a series is called on pages of its time, without "NASCAR" and "Series".
_SERIES = {
    **dict.fromkeys(
        (
            *("cup", "strictly stock", "grand national", "winston cup grand national", "winston cup"),
            *("nextel cup", "sprint cup", "monster energy cup"),
        ),
        "cup",
    ),
    **dict.fromkeys(("busch", "busch grand national", "nationwide", "xfinity", "o'reilly auto parts"), "nxs"),
    **dict.fromkeys(
        (
            *("truck", "supertruck", "craftsman truck", "camping world truck"),
            *("gander outdoors truck", "gander rv & outdoors truck"),
        ),
        "truck",
    ),
}
_SERIES_NOISE = re.compile(r"\b(?:nascar|series|division)\b|[\u00ae\u2122]")

_NUMBER = r"[0-9]{1,4}(?:\.[0-9]{1,4})?"
_TITLE = re.compile(r"(?P<season>(?:19|20)[0-9]{2}) (?P<race_name>\S.*)")
_SERIES_LINE = re.compile(r"(?P<series>\S.*) race number (?P<number>[0-9]{1,2}) of (?P<count>[0-9]{1,2})")
_DATE_LINE = re.compile(
    r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day, (?P<date>[A-Z][a-z]+ [0-9]{1,2}, [0-9]{4}) at (?P<venue>\S.*)"
)
_LAPS_LINE = re.compile(
    rf"(?P<laps>[0-9]{{1,4}})(?P<star>\*)? laps?(?P<late_star>\*)? on an? (?P<length>{_NUMBER}) mile"
    rf" (?P<surface>[^()]+?) \((?P<distance>{_NUMBER}) miles?\) ?(?P<last_star>\*)?"
)
_ANY_LABEL = re.compile(r"[A-Z][A-Za-z ]+:")

# The labelled lines, and the form of what they say where it is known; "n/a" and a blank are unknown.
_LABELS = {
    "Time of race": re.compile(r"(?:[0-9]{1,2}:)?[0-9]{1,2}:[0-9]{2}"),
    "Average speed": re.compile(rf"{_NUMBER} mph"),
    "Cautions": re.compile(r"[0-9]{1,3}(?: for [0-9]{1,3} laps?)?"),
    "Lead changes": re.compile(r"[0-9]{1,3}"),
    "Pole speed": re.compile(r".*"),
    "Margin of victory": re.compile(r".*"),
}
_UNKNOWN = re.compile(r"n/a", re.IGNORECASE)

# The columns of the results: header cell → field. Money is there until 2015.
_RESULT_COLUMNS = {
    "Pos": "position",
    "St": "start",
    "#": "car_number",
    "Driver": "driver",
    "Sponsor / Owner": "sponsor_owner",
    "Car": "car",
    "Laps": "laps",
    "Status": "status",
    "Led": "led",
}
_MORE_COLUMNS = {"Money": "money", "Pts": "points", "PPts": "playoff_points"}

_CANONICAL = re.compile(r"https?://[!-~]+")


@dataclass(frozen=True, slots=True)
class Identity:
    """Which race a page is about, by its own account, and the address that it gives itself."""

    series_id: str
    season: int
    race_number: int
    url: str | None

    @property
    def key(self) -> str:
        """The name of the document: the same for every copy of the page."""
        return f"{self.series_id}/{self.season}/{self.race_number:02}"


class RacePage(msgspec.Struct, gc=False):
    """A race as its page has it: texts, but for what names the race."""

    series_id: str
    season: Whole
    race_number: Whole
    races_in_season: Whole
    series_name: str
    race_name: str
    race_date: str
    track: str
    place: str | None
    laps: str
    is_shortened: bool
    lap_length: str
    surface: str
    distance: str
    race_time: str | None
    average_speed: str | None
    cautions: str | None
    lead_changes: str | None
    pole_speed: str | None
    margin_text: str | None


class PageResult(msgspec.Struct, gc=False):
    """A car's result as the page has it; `money` until 2015."""

    series_id: str
    season: Whole
    race_number: Whole
    position: str
    start: str | None
    car_number: str | None
    driver: str
    sponsor_owner: str | None
    car: str | None
    laps: str | None
    money: str | None
    status: str | None
    led: str | None
    points: str | None
    playoff_points: str | None


def identify(content: bytes) -> Identity:
    """Which race a page is about; a page that is something else raises `SourceChanged`."""
    root, lines = _read(content)
    return _identify(root, lines)


def read_page(content: bytes) -> tuple[Identity, RacePage, list[PageResult], list[str]]:
    """The race of a page, its results and the names of columns that are new; raises `SourceChanged`."""
    root, lines = _read(content)
    identity = _identify(root, lines)
    series = _one_line(lines, _SERIES_LINE, "race number 12 of 36")
    day = _one_line(lines, _DATE_LINE, "Sunday, May 9, 2021 at Darlington Raceway")
    laps = _one_line(lines, _LAPS_LINE, "293 laps on a 1.366 mile paved track (400.238 miles)")
    track, _, place = day["venue"].partition(", ")
    _require_date(day["date"], identity.season)
    page = RacePage(
        series_id=identity.series_id,
        season=identity.season,
        race_number=identity.race_number,
        races_in_season=int(series["count"]),
        series_name=series["series"],
        race_name=_title(root, lines)["race_name"],
        race_date=day["date"],
        track=track,
        place=place or None,
        laps=laps["laps"],
        is_shortened=bool(laps["star"] or laps["late_star"] or laps["last_star"]),
        lap_length=laps["length"],
        surface=laps["surface"],
        distance=laps["distance"],
        race_time=_labelled(lines, "Time of race"),
        average_speed=_labelled(lines, "Average speed"),
        cautions=_labelled(lines, "Cautions"),
        lead_changes=_labelled(lines, "Lead changes"),
        pole_speed=_labelled(lines, "Pole speed"),
        margin_text=_labelled(lines, "Margin of victory"),
    )
    results, new_columns = _read_results(root, identity)
    return identity, page, results, new_columns


def _read(content: bytes) -> tuple[LexborNode, list[str]]:
    from nascar_warehouse.etl.formats.html import lines_of, parse_html

    root = parse_html(_decode(content))
    return root, lines_of(root)


def _decode(content: bytes) -> str:
    """The text of a saved page: its byte order mark decides, then what it declares, then UTF-8."""
    from w3lib.encoding import html_to_unicode

    encoding, text = html_to_unicode(None, content, default_encoding="utf-8")
    if encoding not in _ENCODINGS or "\N{REPLACEMENT CHARACTER}" in text:
        raise SourceChanged(f"unexpected content: not {encoding} that can be read", _SAVE_AS_UTF8)
    return text


def _require_date(text: str, season: int) -> None:
    """Raise `SourceChanged` unless a date like May 9, 2021 is in the season or a year beside it."""
    try:
        # The names of months are English whatever the user's locale is: no run sets one.
        year = datetime.strptime(text, "%B %d, %Y").replace(tzinfo=UTC).year
    except ValueError:
        year = 0
    if abs(year - season) > 1:
        raise _wrong(f"the date of a race of {season} is {text!r}")


def _identify(root: LexborNode, lines: Sequence[str]) -> Identity:
    from nascar_warehouse.etl.formats.html import text_of

    if not any(map(_SERIES_LINE.fullmatch, lines)):
        title = root.css_first("title")
        named = text_of(title) if title is not None else ""
        raise _wrong(f"it is no race page: no line like `race number 12 of 36`; its title is {named!r}")
    series = _one_line(lines, _SERIES_LINE, "race number 12 of 36")
    name = " ".join(_SERIES_NOISE.sub(" ", series["series"].casefold()).split())
    if name not in _SERIES:
        raise _wrong(f"the series {series['series']!r} is none of the three")
    number = int(series["number"])
    if not 1 <= number <= int(series["count"]):
        raise _wrong(f"it is race number {number} of {series['count']}")
    link = root.css_first('link[rel="canonical"]')
    address = (link.attributes.get("href") or "") if link is not None else ""
    season = int(_title(root, lines)["season"])
    return Identity(_SERIES[name], season, number, address if _CANONICAL.fullmatch(address) else None)


def _title(root: LexborNode, lines: Sequence[str]) -> re.Match[str]:
    """The season and the name of the race: its heading, else the title, else the last such line above the series."""
    from nascar_warehouse.etl.formats.html import text_of

    headings = [text_of(node) for node in root.css("h1, h2, h3")]
    title = root.css_first("title")
    named = re.split(r" [|\u2013-] ", text_of(title))[0] if title is not None else ""
    above = list(lines[: next(place for place, line in enumerate(lines) if _SERIES_LINE.fullmatch(line))])
    for text in [*headings, named, *reversed(above)]:
        if match := _TITLE.fullmatch(text):
            return match
    raise _wrong("no title like `2021 Goodyear 400`")


def _one_line(lines: Sequence[str], form: re.Pattern[str], example: str) -> re.Match[str]:
    """The one line of a form, which may be repeated but says one thing."""
    found = {line: match for line in lines if (match := form.fullmatch(line))}
    if len(found) != 1:
        many = "no line" if not found else f"{len(found)} different lines"
        raise _wrong(f"{many} like `{example}`")
    return next(iter(found.values()))


def _labelled(lines: Sequence[str], label: str) -> str | None:
    """What stands behind a label, in its line or in the next; None for a blank."""
    found = set()
    for place, line in enumerate(lines):
        if line == f"{label}:":
            after = lines[place + 1] if place + 1 < len(lines) else ""
            found.add("" if _ANY_LABEL.match(after) else after)
        elif line.startswith(f"{label}: "):
            found.add(line.removeprefix(f"{label}: "))
    if len(found) != 1:
        raise _wrong(f"no line `{label}: …`" if not found else f"{len(found)} different lines `{label}: …`")
    text = found.pop()
    if text and not _LABELS[label].fullmatch(text) and not _UNKNOWN.fullmatch(text):
        raise _wrong(f"`{label}` is {text!r}")
    return text or None


def _read_results(root: LexborNode, identity: Identity) -> tuple[list[PageResult], list[str]]:
    """The rows of the one table that has the header cells of results."""
    from nascar_warehouse.etl.formats.html import rows_of

    tables = []
    for node in root.css("table"):
        rows = [[cell.text if cell else None for cell in row] for row in rows_of(node) if row]
        begin = next((place for place, row in enumerate(rows) if set(row) >= set(_RESULT_COLUMNS)), None)
        if begin is not None:
            tables.append(rows[begin:])
    if len(tables) != 1:
        raise _wrong(f"{len(tables)} tables with the header cells {', '.join(_RESULT_COLUMNS)}; one is due")
    [(header, *rows)] = tables
    if not rows:
        raise _wrong("the results have no rows")
    fields = _RESULT_COLUMNS | _MORE_COLUMNS
    new = [f"results column {name}" for name in header if name and name not in fields]
    return [_read_result(header, row, number, identity) for number, row in enumerate(rows, start=1)], new


def _read_result(
    header: Sequence[str | None], row: Sequence[str | None], number: int, identity: Identity
) -> PageResult:
    if len(row) != len(header) or None in row:
        raise _wrong(f"row {number} of the results has not the {len(header)} cells of the header")
    fields = _RESULT_COLUMNS | _MORE_COLUMNS
    texts = {fields[name]: text or None for name, text in zip(header, row, strict=True) if name in fields}
    if not re.fullmatch("[0-9]{1,3}", texts["position"] or ""):
        raise _wrong(f"row {number} of the results has the position {texts['position']!r}")
    if texts["driver"] is None:
        raise _wrong(f"row {number} of the results has no driver")
    known = dict.fromkeys(_MORE_COLUMNS.values()) | texts
    values = {
        "series_id": identity.series_id,
        "season": identity.season,
        "race_number": identity.race_number,
        **known,
    }
    return msgspec.convert(values, PageResult)


def _wrong(what: str) -> SourceChanged:
    return SourceChanged(f"unexpected content: {what}", _ADVICE)
