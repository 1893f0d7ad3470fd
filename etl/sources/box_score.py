"""The form of a box score, as the league and the wire services print it: what its labels mean, and of which race it is.

The figures stand after their labels, in a line or in several of one line: "Margin of Victory: .123 Seconds", "Time of
Race: 3 Hrs, 14 Mins, 21 Secs. Average Speed: 123.562 MPH", "Caution Flags: 6 for 36 laps", "Lead Changes: 19 among 8
drivers". The race is known by its date, its track and its winner, or, without a date, by season, name and winner.
Labels count wherever they stand; a text of an unknown form is stored and reported.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise
from typing import TYPE_CHECKING

import msgspec

from nascar_warehouse.etl.documents import Whole
from nascar_warehouse.etl.formats.pdf import MAGIC, pdf_lines
from nascar_warehouse.warehouse.build.seeds import seed_column
from nascar_warehouse.warehouse.errors import SourceChanged

if TYPE_CHECKING:
    from collections.abc import Sequence

    from selectolax.lexbor import LexborNode

_ADVICE = "look at the file: a box score has the margin of victory, the series, and the date or the name of its race"

_FIGURES = {
    "margin of victory": "margin_text",
    "victory margin": "margin_text",
    "time of race": "race_time",
    "race time": "race_time",
    "elapsed time": "race_time",
    "average speed of race winner": "average_speed",
    "average speed of winner": "average_speed",
    "average speed": "average_speed",
    "avg. speed": "average_speed",
    "caution flags": "cautions",
    "cautions": "cautions",
    "lead changes": "lead_changes",
    # What follows another figure in its line.
    "lap leaders": "",
    "pole speed": "",
    "attendance": "",
}
"""Label, in small letters → what it states, wherever it stands."""
_RACE = {
    "race winner": "winner",
    "winner": "winner",
    "race name": "race_name",
    "race": "race_name",
    "event": "race_name",
    "track": "track",
    "date": "race_date",
}
"""Label → what it states of which race it is, at the beginning of a line."""
_LABELS = _FIGURES | _RACE
_LABEL = re.compile(
    rf"(?:(?:^|(?<=[\s.;,|(]))(?P<figure>{'|'.join(map(re.escape, _FIGURES))})|^(?P<race>{'|'.join(_RACE)}))\s*:\s*",
    re.IGNORECASE,
)

# What staging casts; sql/staging/box_scores.sql has the same forms.
_FORMS = {
    "race_time": re.compile(
        r"(?:[0-9]{1,2}:)?[0-5]?[0-9]:[0-5][0-9]"
        r"|(?:[0-9]{1,2} ?h(?:(?:ou)?rs?)?,? (?:and )?)?[0-5]?[0-9] ?m(?:in(?:ute)?s?)?,? (?:and )?"
        r"[0-5]?[0-9] ?s(?:ec(?:ond)?s?)?",
        re.IGNORECASE,
    ),
    "average_speed": re.compile(r"[0-9]{2,3}(?:\.[0-9]{1,3})? ?(?:mph|miles per hour)", re.IGNORECASE),
    "cautions": re.compile(r"[0-9]{1,2}(?: for [0-9]{1,3} laps?\b.*)?", re.IGNORECASE),
    "lead_changes": re.compile(r"[0-9]{1,3}(?: (?:among|between|by) .*)?", re.IGNORECASE),
}
_SERIES = (
    ("truck", re.compile(r"\b(?:truck series|supertruck|craftsman truck|nascar trucks?)\b", re.IGNORECASE)),
    (
        "nxs",
        re.compile(r"\b(?:busch|nationwide|xfinity|o'reilly auto parts) (?:grand national )?series\b", re.IGNORECASE),
    ),
    ("cup", re.compile(r"\b(?:nascar|winston|nextel|sprint) cup\b|\bcup series\b", re.IGNORECASE)),
)
_MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
_DAY = re.compile(
    r"(?P<weekday>(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day,? )?"
    rf"(?P<date>(?:{_MONTHS}) [0-9]{{1,2}}, (?:19|20)[0-9]{{2}})\b"
)
_TITLE = re.compile(
    r"(?P<season>(?:19|20)[0-9]{2}) (?P<name>\S.*)"
    r"|.*?results for the (?:[0-9]+(?:st|nd|rd|th) annual )?(?P<long>\S.*?)(?: [-\u2013] .*)?",
    re.IGNORECASE,
)
_OTHER_PAGE = re.compile(r"\S.* race number [0-9]{1,2} of [0-9]{1,2}")
"""The line by which race pages of Racing-Reference are known."""
_FIRST = re.compile(r"1\. ?\([0-9]{1,2}\) (?P<driver>[^,()]{3,60}),")
_DRIVER_CELLS = frozenset({"driver", "driver name"})
_PLACE_CELLS = frozenset({"fin", "pos", "finish", "place", "f"})


class BoxScore(msgspec.Struct, gc=False):
    """A box score, every value but the season as it is written."""

    series_id: str
    season: Whole
    race_date: str | None
    race_name: str | None
    track: str | None
    winner: str | None
    race_time: str | None
    average_speed: str | None
    cautions: str | None
    lead_changes: str | None
    margin_text: str


@dataclass(frozen=True, slots=True)
class BoxIdentity:
    """Which race a box score is about."""

    series_id: str
    season: int
    race: str
    """The date like 2021-05-09, or the name of the race in small letters."""
    url: str | None = None

    @property
    def key(self) -> str:
        """The name of the document."""
        return f"{self.series_id}/{self.season}/{self.race}"


def is_box_score(content: bytes) -> bool:
    """Whether a file has the label of a margin of victory and is no other page that has; may raise `SourceChanged`."""
    lines, _ = _lines(content)
    has_label = any(_LABELS[mark["figure"].casefold()] == "margin_text" for mark in _figure_marks(lines))
    return has_label and not any(map(_OTHER_PAGE.fullmatch, lines))


def read_box_score(content: bytes) -> tuple[BoxIdentity, BoxScore, list[str]]:
    """Return the race of a box score, what it states, and notices; raises `SourceChanged`."""
    lines, root = _lines(content)
    stated = _stated(lines)
    if "margin_text" not in stated:
        raise _unexpected("no line `Margin of Victory: …`")
    day = _day(lines, stated.get("race_date"))
    season, name = _name(lines, stated.get("race_name"))
    winner = stated.get("winner") or _winner(lines, root)
    if day is None and not (season and name and winner):
        raise _unexpected("it does not say of which race it is: no date, and not season, name and winner")
    box = BoxScore(
        series_id=_series(lines),
        season=day.year if day else int(season or 0),
        race_date=f"{day:%Y-%m-%d}" if day else None,
        race_name=name,
        track=stated.get("track") or _track(lines),
        winner=winner,
        race_time=stated.get("race_time"),
        average_speed=stated.get("average_speed"),
        cautions=stated.get("cautions"),
        lead_changes=stated.get("lead_changes"),
        margin_text=stated["margin_text"],
    )
    identity = BoxIdentity(box.series_id, box.season, box.race_date or " ".join(str(name).casefold().split()))
    return identity, box, _unknown_texts(identity.key, box)


def _figure_marks(lines: Sequence[str]) -> list[re.Match[str]]:
    return [mark for line in lines for mark in _LABEL.finditer(line) if mark["figure"]]


def _lines(content: bytes) -> tuple[list[str], LexborNode | None]:
    """The lines of a PDF, a page or a text, and the root of a page."""
    from w3lib.encoding import html_to_unicode

    from nascar_warehouse.etl.formats.html import lines_of, parse_html

    if content.startswith(MAGIC):
        return [" ".join(line.split()) for line in pdf_lines(content)], None
    from nascar_warehouse.etl.formats.archive import read_capture

    capture = read_capture(content)
    default = "utf-8" if _is_utf8(capture.body) else "cp1252"
    _, text = html_to_unicode(capture.content_type, capture.body, default_encoding=default)
    if text.lstrip("\ufeff \r\n\t").startswith("<"):
        root = parse_html(text)
        return lines_of(root), root
    return [" ".join(line.split()) for line in text.splitlines()], None


def _is_utf8(content: bytes) -> bool:
    try:
        content.decode()
    except UnicodeDecodeError:
        return False
    return True


def _stated(lines: Sequence[str]) -> dict[str, str]:
    """What stands after each label, in its line or in the next one; two different texts raise `SourceChanged`."""
    found: dict[str, str] = {}
    for line, following in zip(lines, [*lines[1:], ""], strict=False):
        marks = list(_LABEL.finditer(line))
        ends = [*(mark.start() for mark in marks[1:]), len(line)]
        for mark, end in zip(marks, ends, strict=False):
            label = mark["figure"] or mark["race"]
            text = line[mark.end() : end].strip(" ;|") or ("" if _LABEL.search(following) else following)
            name, value = _LABELS[label.casefold()], text.strip().rstrip(". ")
            if name and value and found.setdefault(name, value) != value:
                raise _unexpected(f"it states two things after {label!r}: {found[name]!r} and {value!r}")
    return found


def _day(lines: Sequence[str], stated: str | None) -> datetime | None:
    """The day of the race: the one after its label, else the first one with its weekday, else the only one."""
    matches = [match for line in ([stated] if stated else lines) for match in _DAY.finditer(line)]
    with_weekday = [match["date"] for match in matches if match["weekday"]]
    dates = with_weekday[:1] or sorted({match["date"] for match in matches})
    if len(dates) > 1:
        raise _unexpected(f"it has several dates: {', '.join(dates)}")
    try:
        # The names of months are English whatever the user's locale is: no run sets one.
        return datetime.strptime(dates[0], "%B %d, %Y").replace(tzinfo=UTC) if dates else None
    except ValueError as error:
        raise _unexpected(f"the date {dates[0]!r}") from error


def _name(lines: Sequence[str], stated: str | None) -> tuple[str | None, str | None]:
    """The season and the name of the race, where a heading or a label has them."""
    for line in [stated, *lines] if stated else lines:
        if match := _TITLE.fullmatch(line):
            return match["season"], match["name"] or match["long"]
    return None, stated


def _winner(lines: Sequence[str], root: LexborNode | None) -> str | None:
    """The first driver of the results: `1. (4) Ann Winner, Ford, …`, or the first row of a table."""
    from nascar_warehouse.etl.formats.html import rows_of

    for line in lines:
        if match := _FIRST.match(line):
            return match["driver"].strip()
    for table in root.css("table") if root is not None else ():
        rows = [[cell.text if cell else "" for cell in row] for row in rows_of(table)]
        for header, first in pairwise(rows):
            names = [text.casefold() for text in header]
            columns = [place for place, name in enumerate(names) if name in _DRIVER_CELLS]
            if columns and _PLACE_CELLS & set(names) and len(first) == len(header):
                return first[columns[0]] or None
    return None


def _series(lines: Sequence[str]) -> str:
    for line in lines:
        for series_id, form in _SERIES:
            if form.search(line):
                return series_id
    raise _unexpected("it does not say of which series it is")


def _track(lines: Sequence[str]) -> str | None:
    """The longest name of a venue in the first line that has one."""
    names = sorted(
        seed_column("track_aliases", "track_key", "racing_reference_pages"), key=lambda name: (-len(name), name)
    )
    return next((name for line in lines for name in names if name in line), None)


def _unknown_texts(key: str, box: BoxScore) -> list[str]:
    """A notice for each text of an unknown form: it is stored, and the fact is unknown."""
    from nascar_warehouse.etl.formats.margin import parse_margin

    texts = {name: getattr(box, name) for name in _FORMS}
    unknown = [
        f"{key}: unknown text {text!r} for {name}, stored as it is and not used"
        for name, text in texts.items()
        if text and not _FORMS[name].fullmatch(text)
    ]
    if parse_margin(box.margin_text).kind == "unknown":
        unknown.append(f"{key}: unknown margin {box.margin_text!r}, stored as it is and not used")
    return unknown


def _unexpected(what: str) -> SourceChanged:
    return SourceChanged(f"unexpected content: {what}", _ADVICE)
