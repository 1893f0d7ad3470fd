"""The form of a race page of Racing-Reference: what its lines and its table of results mean.

The page is read line by line as it is shown, since a browser changes the HTML when it saves a page, and pages from
before 2020 have the same labels in other tables. A line that is missing or is there twice with two contents stops the
page. The texts stay as they are: one of an unknown form is stored and reported, and a row of results without a driver
and a place is left out.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from nascar_warehouse.etl.sources.racing_reference_results import read_results
from nascar_warehouse.etl.sources.racing_reference_schema import Identity, PageResult, RacePage, unexpected
from nascar_warehouse.etl.sources.words import unknown_tracks
from nascar_warehouse.warehouse.errors import SourceChanged

if TYPE_CHECKING:
    from collections.abc import Sequence

    from selectolax.lexbor import LexborNode

    from nascar_warehouse.etl.formats.archive import Capture

_SAVE_AS_UTF8 = "save the page again, as UTF-8 if the browser lets you choose"
_ENCODINGS = {"utf-8", "utf-16-le", "utf-16-be", "cp1252"}

# The names of a series over time, without "NASCAR" and "Series".
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
# The last part of a page's address names its series, whatever a sponsor calls it.
_SERIES_LETTERS = {"W": "cup", "B": "nxs", "C": "truck"}
_SERIES_LETTER = re.compile(r"https?://(?:www\.)?racing-reference\.info/race(?:-results)?/[^/?#]+/(?P<letter>[WBC])/?")
_SERIES_NOISE = re.compile(r"\b(?:nascar|series|division)\b|[\u00ae\u2122]")

_NUMBER = r"(?:[0-9]{1,4}(?:\.[0-9]{1,4})?|\.[0-9]{1,4})"  # a short track is .526 miles long
_TITLE = re.compile(r"(?P<season>(?:19|20)[0-9]{2}) (?P<race_name>\S.*)")
_SERIES_LINE = re.compile(r"(?P<series>\S.*) race number (?P<number>[0-9]{1,2}) of (?P<count>[0-9]{1,2})")
_DATE_LINE = re.compile(
    r"(?P<weekday>(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day), (?P<date>[A-Z][a-z]+ [0-9]{1,2}, [0-9]{4})"
    r" at (?P<venue>\S.*)"
)
_LAPS_LINE = re.compile(
    rf"(?P<laps>[0-9]{{1,4}}) ?(?P<star>\*)? laps?(?: ?(?P<late_star>\*))? on an? (?P<length>{_NUMBER}) mile"
    rf" (?P<surface>[^()]+?) \((?P<distance>{_NUMBER}) miles?\) ?(?P<last_star>\*)?"
)
_ANY_LABEL = re.compile(r"[A-Z][A-Za-z ]+:")

# The labelled lines, and the form of their texts where it is known; "n/a" and a blank are unknown.
_LABELS = {
    "Time of race": re.compile(r"(?:[0-9]{1,2}:)?[0-9]{1,2}:[0-9]{2}(?: ?\(under caution\))?", re.IGNORECASE),
    "Average speed": re.compile(rf"{_NUMBER} mph"),
    "Cautions": re.compile(r"[0-9]{1,3}(?: for [0-9]{1,3} laps?)?"),
    "Lead changes": re.compile(r"[0-9]{1,3}"),
    "Pole speed": re.compile(r".*"),
    "Margin of victory": re.compile(r".*"),
}
_UNKNOWN = re.compile(r"n/a", re.IGNORECASE)
# A label where a line begins, and the next one in it: an older page may have several in one cell.
_LABEL = re.compile(rf"\s*\b({'|'.join([*_LABELS, 'Attendance'])})\s*:\s*", re.IGNORECASE)

_CANONICAL = re.compile(r"https?://[!-~]+")


def identify(capture: Capture) -> Identity:
    """Return the race that a page is about; a page of another kind raises `SourceChanged`."""
    root, lines = _read(capture)
    return _identify(root, lines, capture.url)


def is_race_page(capture: Capture) -> bool:
    """Whether a page has the line by which every race page is known; raises `SourceChanged` if it cannot be read."""
    return any(map(_SERIES_LINE.fullmatch, _read(capture)[1]))


def read_page(capture: Capture) -> tuple[Identity, RacePage, list[PageResult], list[str]]:
    """Return the race of a page, its results and notices; raises `SourceChanged`."""
    root, lines = _read(capture)
    identity = _identify(root, lines, capture.url)
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
        weekday=day["weekday"],
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
        page_url=capture.url,
        archive=capture.archive,
        captured_at=capture.captured_at,
        digest=capture.digest,
    )
    results, notices = read_results(root, identity)
    return identity, page, results, [*_unknown_texts(identity.key, page), *notices]


def _read(capture: Capture) -> tuple[LexborNode, list[str]]:
    from nascar_warehouse.etl.formats.html import lines_of, parse_html

    if not capture.is_page:
        raise unexpected(f"it is not a page but HTTP {capture.status}, {capture.content_type}")
    root = parse_html(_decode(capture))
    return root, [part for line in lines_of(root) for part in _split_labels(line)]


def _split_labels(line: str) -> list[str]:
    """The parts of a line that begins with a label, each written as `Label: text`; any other line as it is."""
    if not _LABEL.match(line):
        return [line]
    _, *parts = _LABEL.split(line)
    pairs = zip(parts[::2], parts[1::2], strict=True)
    return [f"{label.capitalize()}: {text}".strip() for label, text in pairs]


def _decode(capture: Capture) -> str:
    """The text of a page: its byte order mark decides, then what its server or it itself declares, then UTF-8."""
    from w3lib.encoding import html_to_unicode

    # A page that an archive kept cannot be saved again, and many older ones declare nothing.
    default = "utf-8" if capture.archive is None or _is_utf8(capture.body) else "cp1252"
    encoding, text = html_to_unicode(capture.content_type, capture.body, default_encoding=default)
    if encoding not in _ENCODINGS or "\N{REPLACEMENT CHARACTER}" in text:
        raise SourceChanged(f"unexpected content: not {encoding} that can be read", _SAVE_AS_UTF8)
    return text


def _is_utf8(content: bytes) -> bool:
    try:
        content.decode()
    except UnicodeDecodeError:
        return False
    return True


def _require_date(text: str, season: int) -> None:
    """Raise `SourceChanged` unless a date like May 9, 2021 is in the season or a year beside it."""
    try:
        # The names of months are English whatever the user's locale is: no run sets one.
        year = datetime.strptime(text, "%B %d, %Y").replace(tzinfo=UTC).year
    except ValueError:
        year = 0
    if abs(year - season) > 1:
        raise unexpected(f"the date of a race of {season} is {text!r}")


def _identify(root: LexborNode, lines: Sequence[str], archived: str | None) -> Identity:
    from nascar_warehouse.etl.formats.html import text_of

    if not any(map(_SERIES_LINE.fullmatch, lines)):
        title = root.css_first("title")
        named = text_of(title) if title is not None else ""
        raise unexpected(f"it is not a race page: no line like `race number 12 of 36`; its title is {named!r}")
    series = _one_line(lines, _SERIES_LINE, "race number 12 of 36")
    number = int(series["number"])
    if not 1 <= number <= int(series["count"]):
        raise unexpected(f"it is race number {number} of {series['count']}")
    link = root.css_first('link[rel="canonical"]')
    address = ((link.attributes.get("href") or "") if link is not None else "") or archived or ""
    season = int(_title(root, lines)["season"])
    series_id = _series_of(series["series"], address)
    return Identity(series_id, season, number, address if _CANONICAL.fullmatch(address) else None)


def _series_of(name: str, address: str) -> str:
    """Return the id of a series by its name, or by the page's address where a sponsor gave it a new name."""
    known = " ".join(_SERIES_NOISE.sub(" ", name.casefold()).split())
    letter = _SERIES_LETTER.fullmatch(address) if "nascar" in name.casefold() else None
    if known not in _SERIES and letter is None:
        raise unexpected(f"the series {name!r} is none of the three")
    return _SERIES.get(known) or _SERIES_LETTERS[letter["letter"] if letter else ""]


def _title(root: LexborNode, lines: Sequence[str]) -> re.Match[str]:
    """Return the season and the name of the race: its heading, else the title, else the last such line above."""
    from nascar_warehouse.etl.formats.html import text_of

    headings = [text_of(node) for node in root.css("h1, h2, h3")]
    title = root.css_first("title")
    named = re.split(r" [|\u2013-] ", text_of(title))[0] if title is not None else ""
    above = list(lines[: next(place for place, line in enumerate(lines) if _SERIES_LINE.fullmatch(line))])
    for text in [*headings, named, *reversed(above)]:
        if match := _TITLE.fullmatch(text):
            return match
    raise unexpected("no title like `2021 Goodyear 400`")


def _one_line(lines: Sequence[str], form: re.Pattern[str], example: str) -> re.Match[str]:
    """Return the one line of a form; it may be repeated with the same content."""
    found = {line: match for line in lines if (match := form.fullmatch(line))}
    if len(found) != 1:
        many = "no line" if not found else f"{len(found)} different lines"
        raise unexpected(f"{many} like `{example}`")
    return next(iter(found.values()))


def _labelled(lines: Sequence[str], label: str) -> str | None:
    """Return the text after a label, in its line or in the next; None for a blank."""
    found = set()
    for place, line in enumerate(lines):
        if line == f"{label}:":
            after = lines[place + 1] if place + 1 < len(lines) else ""
            found.add("" if _ANY_LABEL.match(after) else after)
        elif line.startswith(f"{label}: "):
            found.add(line.removeprefix(f"{label}: "))
    if len(found) != 1:
        raise unexpected(f"no line `{label}: …`" if not found else f"{len(found)} different lines `{label}: …`")
    return found.pop() or None


def _unknown_texts(key: str, page: RacePage) -> list[str]:
    """A notice for each text of an unknown form: it is stored, and the fact is unknown."""
    from nascar_warehouse.etl.formats.margin import parse_margin

    texts = {
        "Time of race": page.race_time,
        "Average speed": page.average_speed,
        "Cautions": page.cautions,
        "Lead changes": page.lead_changes,
        "Pole speed": page.pole_speed,
        "Margin of victory": page.margin_text,
    }
    unknown = [
        f"{key}: unknown text {text!r} after `{label}`, stored as it is and not used"
        for label, text in texts.items()
        if text and not _LABELS[label].fullmatch(text) and not _UNKNOWN.fullmatch(text)
    ]
    margin = page.margin_text
    if margin and not _UNKNOWN.fullmatch(margin) and parse_margin(margin).kind == "unknown":
        unknown.append(f"{key}: unknown margin {margin!r}, stored as it is and not used")
    return [*unknown, *unknown_tracks("racing_reference_pages", {page.track: page.track})]
