"""The commands that read the published warehouse."""

from __future__ import annotations

import shutil
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from nascar_warehouse.etl.commands.options import (
    FormatOption,
    LimitOption,
    SeasonOption,
    SeriesOption,
    open_home,
    parse_moment,
    parse_season_range,
    parse_seasons,
    print_message,
    require_choice,
    require_extra,
    today,
)


def closest(
    limit: LimitOption = 25,
    track: Annotated[str | None, typer.Option(help="Only this track: its id or part of its name.")] = None,
    season: SeasonOption = None,
    driver: Annotated[
        str | None, typer.Option(help="Only finishes that this driver won or lost: an id or part of a name.")
    ] = None,
    make: Annotated[str | None, typer.Option(help="Only finishes that this make won or lost.")] = None,
    series: SeriesOption = "cup",
    basis: Annotated[str, typer.Option(help="line: as they crossed it; official: after disqualifications.")] = "line",
    exhibitions: Annotated[
        bool, typer.Option("--exhibitions", help="Include qualifying races, the Clash and the All-Star race.")
    ] = False,
    with_coverage: Annotated[
        bool,
        typer.Option("--with-coverage", help="Say how much is known; in JSON, as `coverage` beside `rows`."),
    ] = False,
    plot: Annotated[
        Path | None,
        typer.Option("--plot", help="Also draw every such finish: a file .png, .svg or .html.", metavar="FILE"),
    ] = None,
    form: FormatOption = "table",
) -> None:
    """Rank the closest finishes since electronic timing (May 1993).

    If there is no warehouse yet, this first builds one from the facts that come with the program.

    With --driver or --make, each finish keeps its rank among all. With --season or --track, only those are ranked.

    \b
    nascar closest
    nascar closest --season 2018-2025 --track talladega
    nascar closest --driver larson --format json
    nascar closest --basis official
    nascar closest --track talladega --plot talladega.png
    nascar closest --format json --with-coverage
    """
    from nascar_warehouse.warehouse.read.output import show, show_with
    from nascar_warehouse.warehouse.read.ranking import (
        SPARE,
        Question,
        display_rows,
        explain_empty_result,
        rank_finishes,
        rank_with_coverage,
    )
    from nascar_warehouse.warehouse.read.series import parse_series

    series_id = parse_series("cup" if series is None else series)
    require_choice("--basis", basis, ("line", "official"))
    season_from, season_to = (None, None) if season is None else parse_season_range(season, today())
    home = open_home()
    if not home.published.exists():
        from nascar_warehouse.etl.catalog import run_job

        print_message("no warehouse yet: building one from the facts that come with the program")
        # Another process may be building the first one right now.
        run_job(home, "closest", wait_seconds=60)
    question = Question(
        series=series_id,
        basis=basis,
        season_from=season_from,
        season_to=season_to,
        track=track,
        driver=driver,
        make=make,
        exhibitions=exhibitions,
        limit=limit,
    )
    if plot:
        require_extra("web", "jinja2", *(["vl_convert"] if plot.suffix.lower() == ".png" else []))
        from nascar_warehouse.warehouse.explorer.plot import write_plot

        write_plot(home, question, plot)
    is_displayed = form in ("table", "markdown")
    coverage = None
    if with_coverage or (form == "table" and sys.stderr and sys.stderr.isatty()):
        rows, coverage = rank_with_coverage(home, question, for_display=is_displayed)
    else:
        rows = rank_finishes(home, question, for_display=is_displayed)
    if not rows.values:
        print_message(explain_empty_result(home, question))
    if coverage and form == "json":
        show_with({"coverage": asdict(coverage)}, rows)
        return
    if coverage and (with_coverage or rows.values):
        print_message(str(coverage))
    show(display_rows(rows, question) if is_displayed else rows, form, empty="", spare=SPARE)


def why(
    race: Annotated[
        str, typer.Argument(help="The race: its id, such as cup-2024-12, or words of its name.", metavar="RACE")
    ],
    fact: Annotated[
        str, typer.Argument(help="margin, or a column of core.races or core.results.", metavar="FACT")
    ] = "margin",
    driver: Annotated[str | None, typer.Option(help="For a result: the driver's id or part of the name.")] = None,
    basis: Annotated[str, typer.Option(help="For a margin: line or official.")] = "line",
    season: SeasonOption = None,
    series: SeriesOption = None,
    form: FormatOption = "table",
) -> None:
    """Explain a figure: its sources, the rule and the document.

    Prints what each source states, the rule that selected one value, and the document that it comes from.

    \b
    nascar why cup-2024-12
    nascar why "daytona 500" cautions --season 2020
    nascar why cup-1974-16 finish_position --driver yarborough
    """
    from nascar_warehouse.warehouse.read.explanation import explain
    from nascar_warehouse.warehouse.read.output import show
    from nascar_warehouse.warehouse.read.series import parse_series

    require_choice("--basis", basis, ("line", "official"))
    explanation = explain(
        open_home(),
        race,
        fact,
        driver=driver,
        basis=basis,
        series=parse_series(series) if series is not None else None,
        seasons=parse_seasons(season, today()) if season is not None else (),
    )
    print_message(str(explanation))
    show(explanation.rows, form)


def changes(
    since: Annotated[
        str | None,
        typer.Option("--since", help="Only since this day (UTC), such as 2025-11-01.", metavar="DATE"),
    ] = None,
    race: Annotated[str | None, typer.Option(help="Only this race: its id.", metavar="RACE")] = None,
    every: Annotated[
        bool,
        typer.Option("--all", help="Include races that were only scheduled, and added or removed rows."),
    ] = False,
    limit: LimitOption = 50,
    form: FormatOption = "table",
) -> None:
    """List corrections by sources, newest first.

    Each row has the value before and after.

    \b
    nascar changes
    nascar changes --since 2025-11-01 --format json
    nascar changes --race cup-2024-12 --all
    """
    from nascar_warehouse.warehouse.read.corrections import list_changes
    from nascar_warehouse.warehouse.read.output import show

    rows = list_changes(open_home(), since=parse_moment(since, at_end=False), race=race, every=every, limit=limit)
    show(rows, form, empty="no matching corrections")


def describe(
    name: Annotated[str | None, typer.Argument(help="A table or view, such as closest_finishes or core.races.")] = None,
    form: FormatOption = "table",
) -> None:
    """List the tables and views, or the columns of one.

    Each column is listed with its meaning and unit, and with the relation that it refers to. What one row stands for,
    the parameters of a macro and an example are on the error stream.

    \b
    nascar describe
    nascar describe closest_finishes
    """
    from nascar_warehouse.warehouse.read.dictionary import describe_columns, describe_relations, describe_use
    from nascar_warehouse.warehouse.read.output import show

    home = open_home()
    rows = describe_columns(home, name) if name else describe_relations(home)
    show(rows, form, spare=("is_in_grain", "refers_to", "kind", "grain"))
    for line in describe_use(home, name) if name else ():
        print_message(line)


def status(form: FormatOption = "table") -> None:
    """Show sources, last runs, problems, and what to do next.

    A source is stale if its last good answer is more than 8 days old during the season, February to November.

    \b
    nascar status
    nascar status --format json
    """
    from nascar_warehouse.etl.monitoring.status import LEAST_WIDTH, TABLE_WIDTH, fit_table, read_status
    from nascar_warehouse.warehouse.read.output import show

    rows = read_status(open_home())
    width = shutil.get_terminal_size().columns if sys.stdout.isatty() else TABLE_WIDTH
    if form != "table" or width < LEAST_WIDTH:
        show(rows, form)  # On a narrow terminal a table has its columns below each other.
        return
    table, notes = fit_table(rows, width)
    show(table, form)
    for line in ["", *notes] if notes else ():
        typer.echo(line)


def check(form: FormatOption = "table") -> None:
    """Run the checks on the published warehouse.

    Exits with 5 if a check of severity fail has rows.

    \b
    nascar check
    """
    from nascar_warehouse.warehouse.build.checks import check_published, count_results, require_passed, result_rows
    from nascar_warehouse.warehouse.read.output import show

    results = check_published(open_home())
    show(result_rows(results), form)
    print_message(count_results(results))
    require_passed(results)


def snapshots(form: FormatOption = "table") -> None:
    """List the published warehouse and earlier ones.

    Each has its number, age, size and last race.

    \b
    nascar snapshots
    """
    from nascar_warehouse.etl.rollback import list_snapshots
    from nascar_warehouse.warehouse.read.output import show

    show(list_snapshots(open_home()), form, empty="there is no warehouse yet", spare=("path", "races"))


def home() -> None:
    """Print the folder that holds the warehouse. NASCAR_HOME sets it.

    \b
    nascar home
    duckdb -readonly "$(nascar home)/nascar.duckdb"
    """
    typer.echo(open_home().root)
