"""A track and an event through the years: layouts, the closest finishes, and every race."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nascar_warehouse.warehouse.explorer.finishes import COLUMNS, chart_of_rows, coverage_words, margin_words
from nascar_warehouse.warehouse.explorer.page import NotFound

if TYPE_CHECKING:
    from nascar_warehouse.warehouse.explorer.answer import Answer
    from nascar_warehouse.warehouse.explorer.page import Asked
    from nascar_warehouse.warehouse.explorer.published import Record

_CLOSEST = 10
_TRACK = "SELECT * FROM core.tracks WHERE track_id = $track_id"
_NAMES = """
SELECT track_name_at_the_time AS name, min(season) AS first_season, max(season) AS last_season
FROM core.races
WHERE track_id = $track_id AND track_name_at_the_time IS NOT NULL
GROUP BY track_name_at_the_time
ORDER BY first_season, name
"""
_LAYOUTS = """
SELECT layouts.*, count(races.race_id) AS races, min(finishes.margin_seconds) FILTER (finishes.is_ranked) AS closest
FROM core.track_layouts AS layouts
LEFT JOIN core.races AS races ON layouts.layout_id = races.layout_id AND races.series_id = $series
LEFT JOIN marts.finishes AS finishes ON races.race_id = finishes.race_id AND finishes.basis = 'line'
WHERE layouts.track_id = $track_id
GROUP BY ALL
ORDER BY layouts.first_date
"""
_WHERE_TRACK = "track_id = $id AND series_id = $series AND counts_as_official_win"
_WHERE_EVENT = "event_id = $id AND series_id = $series"
_SERIES = "SELECT DISTINCT series_id FROM core.races WHERE track_id = $track_id ORDER BY series_id"
_EVENT = """
SELECT event_id, arg_max(race_name, race_date) AS race_name, min(season) AS first_season, count(*) AS races
FROM core.races
WHERE event_id = $event_id AND series_id = 'cup'
GROUP BY event_id
"""


def show_track(asked: Asked) -> Answer:
    """The page `/tracks/{track_id}`; `series` is the first series that raced there unless it is in the query."""
    track_id = asked.ids["track_id"]
    track = asked.snapshot.row(_TRACK, track_id=track_id)
    if track is None:
        raise NotFound(f"there is no track {track_id!r} here", "the search finds tracks by name")
    series = tuple(str(row["series_id"]) for row in asked.snapshot.rows(_SERIES, track_id=track_id)) or ("cup",)
    chosen = asked.choice("series", series)
    finishes = _finishes(asked, _WHERE_TRACK, track_id, chosen)
    return asked.render(
        "track.html",
        track=track,
        names=asked.snapshot.rows(_NAMES, track_id=track_id),
        layouts=asked.snapshot.rows(_LAYOUTS, track_id=track_id, series=chosen),
        all_series=series,
        series=chosen,
        finishes=finishes,
        closest=_closest(finishes),
        coverage=coverage_words(finishes),
        chart=chart_of_rows([finish for finish in finishes if finish["is_ranked"]]),
    )


def show_event(asked: Asked) -> Answer:
    """The page `/events/{event_id}`: an event through the years, whatever its sponsors called it."""
    event_id = asked.ids["event_id"]
    event = asked.snapshot.row(_EVENT, event_id=event_id)
    if event is None:
        raise NotFound(f"there is no event {event_id!r} here", "events are races such as daytona-500")
    finishes = _finishes(asked, _WHERE_EVENT, event_id, "cup")
    return asked.render(
        "event.html",
        event=event,
        name=event_id.replace("-", " ").title(),
        finishes=finishes,
        closest=_closest(finishes),
        coverage=coverage_words(finishes),
        chart=chart_of_rows([finish for finish in finishes if finish["is_ranked"]]),
    )


def _finishes(asked: Asked, where: str, wanted: str, series: str) -> list[Record]:
    statement = (
        f"SELECT {COLUMNS} FROM marts.finishes"  # noqa: S608  # texts of ours
        f" WHERE basis = 'line' AND {where} ORDER BY race_date DESC, race_id"
    )
    finishes = asked.snapshot.rows(statement, id=wanted, series=series)
    for finish in finishes:
        finish["words"] = margin_words(finish)
    return finishes


def _closest(finishes: list[Record]) -> list[Record]:
    ranked = [finish for finish in finishes if finish["is_ranked"]]
    return sorted(ranked, key=lambda finish: (finish["margin_seconds"], finish["race_date"]))[:_CLOSEST]
