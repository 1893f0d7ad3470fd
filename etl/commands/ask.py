"""`nascar ask`: named questions."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from nascar_warehouse.etl.commands.options import (
    MOST_ROWS,
    FormatOption,
    SeasonOption,
    SeriesOption,
    open_home,
    parse_season_range,
    print_message,
    today,
)


def ask(
    question: Annotated[
        str | None, typer.Argument(help="The name of the question. Default: list all questions.", metavar="[QUESTION]")
    ] = None,
    track: Annotated[str | None, typer.Option(help="The track: its id or words of its name.")] = None,
    event: Annotated[str | None, typer.Option(help="The event, such as daytona-500.")] = None,
    driver: Annotated[str | None, typer.Option(help="The driver: an id or words of the name.")] = None,
    other: Annotated[str | None, typer.Option(help="The other driver.")] = None,
    make: Annotated[str | None, typer.Option(help="The make of car.")] = None,
    team: Annotated[str | None, typer.Option(help="The team: its id or words of its name.")] = None,
    series: SeriesOption = None,
    season: SeasonOption = None,
    seconds: Annotated[float | None, typer.Option(help="How close a photo finish is, in seconds.", min=0)] = None,
    at_least: Annotated[
        int | None, typer.Option("--at-least", help="Of how many at least.", min=1, max=MOST_ROWS)
    ] = None,
    limit: Annotated[
        int | None, typer.Option("--limit", "-n", help="How many rows to print.", min=1, max=MOST_ROWS)
    ] = None,
    form: FormatOption = "table",
) -> None:
    """Answer a named question, or list all questions.

    Each answer says for how many races what it needs is known. docs/questions.md has an example of each.

    \b
    nascar ask
    nascar ask closest-at-track --track talladega
    nascar ask longest-waits-between-wins --series xfinity --limit 5
    """
    from nascar_warehouse.warehouse.read.output import show
    from nascar_warehouse.warehouse.read.questions import answer, list_questions

    if question is None:
        show(list_questions(), form, spare=("options",))
        return
    values: dict[str, Any] = {
        "track": track,
        "event": event,
        "driver": driver,
        "other": other,
        "make": make,
        "team": team,
        "series": series,
        "season": parse_season_range(season, today()) if season is not None else None,
        "seconds": seconds,
        "at_least": at_least,
        "limit": limit,
    }
    answered = answer(open_home(), question, {name: value for name, value in values.items() if value is not None})
    show(answered.rows, form, empty="no rows: no race fits, or no source here knows; `nascar status` lists the sources")
    print_message(answered.coverage)
