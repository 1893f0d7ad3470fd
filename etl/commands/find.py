"""The commands that find ids by names."""

from __future__ import annotations

from typing import Annotated

import typer

from nascar_warehouse.etl.commands.options import (
    FormatOption,
    LimitOption,
    SeasonOption,
    SeriesOption,
    open_home,
    parse_seasons,
    print_message,
    today,
)


def races(
    text: Annotated[
        str, typer.Argument(help="Words of the race's or track's name. Default: all races.", metavar="[NAME]")
    ] = "",
    season: SeasonOption = None,
    series: SeriesOption = None,
    limit: LimitOption = 25,
    form: FormatOption = "table",
) -> None:
    """Find races and their ids, newest first.

    \b
    nascar races "daytona 500" --season 2001
    nascar races talladega --series xfinity
    """
    seasons = parse_seasons(season, today()) if season is not None else ()
    _print_found("race", text, series, limit, form, seasons=seasons)


def drivers(
    text: Annotated[str, typer.Argument(help="Words of the name. Default: all drivers.", metavar="[NAME]")] = "",
    series: SeriesOption = None,
    limit: LimitOption = 25,
    form: FormatOption = "table",
) -> None:
    """Find drivers and their ids, most wins first.

    Starts and wins are of points races, in all series or in that of --series.

    \b
    nascar drivers larson
    nascar drivers --series cup --limit 10
    """
    _print_found("driver", text, series, limit, form)


def tracks(
    text: Annotated[
        str, typer.Argument(help="Words of the name, today's or a former one. Default: all tracks.", metavar="[NAME]")
    ] = "",
    series: SeriesOption = None,
    limit: LimitOption = 25,
    form: FormatOption = "table",
) -> None:
    """Find tracks and their ids, most races first.

    \b
    nascar tracks
    nascar tracks darlington
    """
    _print_found("track", text, series, limit, form)


def _print_found(
    what: str, text: str, series: str | None, limit: int, form: str, *, seasons: tuple[int, ...] = ()
) -> None:
    from nascar_warehouse.warehouse.read.finding import SPARE, find
    from nascar_warehouse.warehouse.read.output import show
    from nascar_warehouse.warehouse.read.series import parse_series

    series_id = parse_series(series) if series is not None else None
    found = find(open_home(), what, text, series=series_id, seasons=seasons, limit=limit)
    show(found.rows, form, empty="", spare=SPARE)
    for message in (found.note, found.coverage if form == "table" else ""):
        if message:
            print_message(message)
