"""The form of Wikipedia's article about one race: the figures that its labels state, and which race it is about.

Figures stand in the box beside the text ("Average speed") and in a list or table under the heading "Race statistics"
("Margin of victory: 0.002 seconds"). They are found by their labels and kept as they are written. The box also says
which race it is: date, winner, track. A text of an unknown form, two figures that differ, a box of another series or
two races in one article are a notice and are not used: nothing is guessed.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import msgspec

from nascar_warehouse.etl.documents import Whole

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from selectolax.lexbor import LexborNode

    from nascar_warehouse.etl.formats.html import Cell
    from nascar_warehouse.etl.formats.mediawiki import Article

STATISTICS = "Race statistics"

_FIGURES = {
    "margin of victory": "margin_text",
    "victory margin": "margin_text",
    "time of race": "race_time",
    "race time": "race_time",
    "total race time": "race_time",
    "average speed": "average_speed",
    "average race speed": "average_speed",
    "cautions": "cautions",
    "cautions/laps": "cautions",
    "caution flags": "cautions",
    "number of cautions": "cautions",
    "lead changes": "lead_changes",
    "number of lead changes": "lead_changes",
}
"""Label, in lower case → the figure that follows it."""

_LABEL = re.compile(r"(?P<label>[A-Za-z][A-Za-z /]{2,30}?) ?[:\u2013\u2014] ?(?P<text>\S.*)")
_LABEL_ALONE = re.compile(r"(?P<label>[A-Za-z][A-Za-z /]{2,30}?) ?:?")
_UNKNOWN = re.compile(r"n/?a|unknown|[-\u2013\u2014]|tba|tbd", re.IGNORECASE)

# What staging casts; sql/staging/wikipedia_races.sql has the same forms.
_TIME = re.compile(
    r"([0-9]{1,2}):([0-5]?[0-9]):([0-5][0-9])(?:\.[0-9]{1,3})?"
    r"|(?:([0-9]{1,2}) ?h(?:(?:ou)?rs?)?,? (?:and )?)?"
    r"([0-5]?[0-9]) ?m(?:in(?:ute)?s?)?,? (?:and )?([0-5]?[0-9])(?:\.[0-9]{1,3})? ?s(?:ec(?:ond)?s?)?"
)
_SPEED = re.compile(r"(?:^|\()([0-9]{2,3}(?:\.[0-9]{1,3})?) ?(?:mph|mi/h|miles per hour)\b")
_CAUTIONS = re.compile(r"([0-9]{1,2})(?:(?: for |/| \()([0-9]{1,3})(?: laps?)?\)?)?")
_LEAD_CHANGES = re.compile(r"([0-9]{1,3})(?: (?:among|between|by) .*)?")

_SECTIONS_OF_OTHERS = re.compile(
    r"pole|qualif|practice|fastest|most laps|stage|television|radio|broadcast", re.IGNORECASE
)
_SECTIONS = frozenset({"race details", "pole position", "qualifying", "most laps led", "winner", "race winner"})
"""Headings also where they are no header cells; any other line, such as the words below a picture, is none."""
_NUMBER_LINE = re.compile(r"Race [0-9]{1,2} of [0-9]{1,2} (?:in|of) the (?P<season>(?:19|20)[0-9]{2}) (?P<series>\S.*)")
_OTHER_SERIES = re.compile(r"busch series|busch grand|nationwide|xfinity|o'reilly|truck|sportsman|arca", re.IGNORECASE)
_DATE = re.compile(r"\b(?P<date>[A-Z][a-z]+ [0-9]{1,2}, (?:19|20)[0-9]{2})\b")
_CAR = re.compile(r"No\. ?[0-9]{1,3}", re.IGNORECASE)


class RaceArticle(msgspec.Struct, gc=False):
    """What an article states of its race, as it is written; `season` is that of the article that leads to it."""

    season: Whole
    race_page: str
    race_date: str
    winner: str | None
    track: str | None
    race_time: str | None
    average_speed: str | None
    cautions: str | None
    lead_changes: str | None
    margin_text: str | None
    revision_id: int | None


class _Unlike(Exception):
    """The article has figures, and is not of the form in which it is known whose they are."""


def read_race(article: Article, season: int, page: str) -> tuple[RaceArticle | None, list[str]]:
    """Return the figures of an article and notices; None without a figure, or where it is not known of which race.

    `page` is the title under which the season's article names it.
    """
    box = _Box(article.root)
    stated = [*box.figures, *_statistics(article.root)]
    if not stated:
        return None, []
    try:
        race_date = box.race_date(season)
    except _Unlike as unlike:
        return None, [f"{season}/{page}: {unlike}; its figures are not used"]
    figures, notices = _choose(stated)
    race = RaceArticle(
        season=season,
        race_page=article.title or page,
        race_date=race_date,
        winner=box.winner,
        track=box.track,
        revision_id=article.revision_id,
        **{name: figures.get(name) for name in sorted(set(_FIGURES.values()))},
    )
    return race, [f"{season}/{page}: {notice}" for notice in notices]


class _Box:
    """The box beside the text: rows of a label and its text, in sections below a heading over all columns."""

    def __init__(self, root: LexborNode) -> None:
        boxes = [
            rows for rows in map(_rows, root.css("table.infobox")) if "date" in (_label(cells) for _, cells in rows)
        ]
        self._count = len(boxes)
        self._lines: list[str] = []
        self._rows: list[tuple[str, list[Cell]]] = []
        section = ""
        for is_heading, cells in boxes[0] if len(boxes) == 1 else []:
            if len(cells) > 1:
                self._rows.append((section, cells))
            else:
                section = cells[0].text if is_heading or cells[0].text.casefold() in _SECTIONS else section
                self._lines.append(cells[0].text)

    @property
    def figures(self) -> list[tuple[str, str]]:
        """Figure and text, in their order."""
        rows = [cells for section, cells in self._rows if not _SECTIONS_OF_OTHERS.search(section)]
        found = [(_FIGURES.get(_label(cells), ""), cells[1].text) for cells in rows]
        return [(figure, text) for figure, text in found if figure]

    @property
    def winner(self) -> str | None:
        """The driver beside "Winner", or in the section of that name beside "Driver" or the number of the car."""
        for section, cells in self._rows:
            label = _label(cells)
            in_section = section.casefold() in {"winner", "race winner"}
            if label == "winner" or (in_section and (label == "driver" or _CAR.fullmatch(label))):
                return next((cell.name for cell in cells[1:] if cell.name), None)
        return None

    @property
    def track(self) -> str | None:
        """The first name that "Location" or "Track" leads to, else what stands before the first comma."""
        for section, cells in self._rows:
            if _label(cells) in {"location", "track", "venue"} and not _SECTIONS_OF_OTHERS.search(section):
                links = cells[1].links
                return links[0][0] if links else re.split(r", | in ", cells[1].text)[0] or None
        return None

    def race_date(self, season: int) -> str:
        """The day of the race, like May 5, 2024; raises `_Unlike`."""
        if self._count != 1:
            raise _Unlike(f"{self._count} boxes with a date" if self._count else "no box with a date")
        for line in self._lines:
            self._require_season(line, season)
        texts = [cells[1].text for _, cells in self._rows if _label(cells) == "date"]
        dates = {match["date"] for text in texts for match in _DATE.finditer(text)}
        if len(dates) != 1:
            raise _Unlike(
                "no date like May 5, 2024" if not dates else f"{len(dates)} dates, {', '.join(sorted(dates))}"
            )
        [text] = dates
        try:
            # The names of months are English whatever the user's locale is: no run sets one.
            year = datetime.strptime(text, "%B %d, %Y").replace(tzinfo=UTC).year
        except ValueError as error:
            raise _Unlike(f"the date is {text!r}") from error
        if abs(year - season) > 1:
            raise _Unlike(f"the date is {text}, and the season is {season}")
        return text

    @staticmethod
    def _require_season(line: str, season: int) -> None:
        match = _NUMBER_LINE.fullmatch(line)
        if match and (int(match["season"]) != season or _OTHER_SERIES.search(match["series"])):
            raise _Unlike(f"it is a race of the {match['season']} {match['series']}")


def _statistics(root: LexborNode) -> list[tuple[str, str]]:
    """Figure and text of each line under the heading; in a table the text is the line after its label."""
    from nascar_warehouse.etl.formats.html import lines_of
    from nascar_warehouse.etl.formats.mediawiki import nodes_under_heading

    found = []
    for node in nodes_under_heading(root, STATISTICS):
        if node.tag not in {"li", "p", "dd", "tr"}:
            continue
        lines = lines_of(node)
        for place, line in enumerate(lines):
            alone, both = _LABEL_ALONE.fullmatch(line), _LABEL.fullmatch(line)
            if alone and place + 1 < len(lines):
                found.append((alone["label"], lines[place + 1]))
            elif both:
                found.append((both["label"], both["text"]))
    return [(_FIGURES[label.casefold()], text) for label, text in found if label.casefold() in _FIGURES]


def _choose(stated: Iterable[tuple[str, str]]) -> tuple[dict[str, str], list[str]]:
    """The text of each figure; of several that say the same the first, of several that differ none."""
    texts: dict[str, dict[str, None]] = {}
    for figure, text in stated:
        if text and not _UNKNOWN.fullmatch(text):
            texts.setdefault(figure, {})[text] = None
    chosen, notices = {}, []
    for figure, found in texts.items():
        values = {value: text for text in reversed(found) if (value := _value(figure, text)) is not None}
        if len(values) > 1:
            notices.append(f"{len(values)} values of {figure}, {', '.join(map(repr, found))}: none is used")
            continue
        [chosen[figure]] = values.values() or [next(iter(found))]
        if not values:
            notices.append(f"unknown form of {figure} {chosen[figure]!r}, stored as it is and not used")
    return chosen, notices


def _value(figure: str, text: str) -> object:
    """What a text states, to compare with another; None for one of an unknown form."""
    from nascar_warehouse.etl.formats.margin import parse_margin

    if figure == "margin_text":
        margin = parse_margin(text)
        return None if margin.kind == "unknown" else (margin.kind, margin.value, margin.unit)
    if figure == "average_speed":
        speeds = {float(match[1]) for match in _SPEED.finditer(text)}
        return speeds.pop() if len(speeds) == 1 else None
    match = {"race_time": _TIME, "cautions": _CAUTIONS, "lead_changes": _LEAD_CHANGES}[figure].fullmatch(text)
    if match is None:
        return None
    return tuple(int(number) for number in match.groups() if number is not None)


def _rows(box: LexborNode) -> list[tuple[bool, list[Cell]]]:
    """The rows of a box, without those of tables inside of it: whether its first cell is a heading, and its cells."""
    from nascar_warehouse.etl.formats.html import read_cell

    sections = [box, *(part for part in box.iter() if part.tag in {"thead", "tbody", "tfoot"})]
    rows = [
        [cell for cell in row.iter() if cell.tag in {"th", "td"}]
        for part in sections
        for row in part.iter()
        if row.tag == "tr"
    ]
    return [(cells[0].tag == "th", [read_cell(cell) for cell in cells]) for cells in rows if cells]


def _label(cells: Sequence[Cell]) -> str:
    return cells[0].text.casefold().rstrip(": ")
