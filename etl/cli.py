"""The `nascar` command: read what is asked, call, turn errors into exit codes.

The standard output is data, everything else goes to the error stream. Nothing heavy is imported before a command
needs it.
"""

from __future__ import annotations

import os
import signal
import sys
from contextlib import closing, nullcontext, suppress
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from etl.log import INTERRUPTED, Told, error_lines
from etl.seasons import read_seasons
from warehouse.errors import Interrupted, NascarError, UsageError, is_interruption
from warehouse.settings import read_settings
from warehouse.show import Format
from warehouse.store import Home

if TYPE_CHECKING:
    from collections.abc import Sequence
    from contextlib import AbstractContextManager
    from types import FrameType

    from etl.outcome import Outcome

app = typer.Typer(
    name="nascar",
    help="NASCAR race results in one DuckDB file: the closest margins of victory in Cup history, with their sources.",
    epilog="Start with `nascar closest`. `nascar COMMAND --help` has examples.",
    no_args_is_help=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    add_completion=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

FormatOption = Annotated[Format, typer.Option("--format", "-f", help="How to print the rows.")]
SeasonOption = Annotated[
    str | None,
    typer.Option("--season", help="Seasons: 2024, 2018-2025 or 2018,2020-2022.", metavar="SEASONS"),
]
AcceptOption = Annotated[
    list[str] | None,
    typer.Option("--accept", help="Take this version of a document although it lost rows.", metavar="DOCUMENT_ID"),
]
MetricsOption = Annotated[
    Path | None,
    typer.Option(
        "--metrics", help="Write the outcome as metrics of Prometheus, also when the run fails.", metavar="FILE"
    ),
]
HookOption = Annotated[
    str | None,
    typer.Option(
        "--hook",
        help="Call this when a person has to look (exit 4, 5, 6), the outcome on its input; NASCAR_HOOK if not given.",
        metavar="COMMAND",
    ),
]


@app.callback(invoke_without_command=True)
def start(
    context: typer.Context,
    version: Annotated[bool, typer.Option("--version", help="Print the version and leave.")] = False,
) -> None:
    """Print the version, or help when nothing is asked."""
    if version:
        from warehouse import __version__

        typer.echo(__version__)
        raise typer.Exit
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())


@app.command()
def closest(
    limit: Annotated[int, typer.Option("--limit", "-n", min=1, help="How many to print.")] = 25,
    track: Annotated[str | None, typer.Option(help="Only at this track: its id or a part of its name.")] = None,
    season: SeasonOption = None,
    driver: Annotated[
        str | None, typer.Option(help="Only won or lost by this driver: an id or a part of the name.")
    ] = None,
    series: Annotated[str, typer.Option(help="cup, nxs (the second series) or truck.")] = "cup",
    basis: Annotated[str, typer.Option(help="line: as they crossed it; official: after disqualifications.")] = "line",
    exhibitions: Annotated[
        bool, typer.Option("--exhibitions", help="With qualifying races, the Clash and the All-Star race.")
    ] = False,
    form: FormatOption = "table",
) -> None:
    """Rank the closest finishes since electronic timing (May 1993).

    Without a warehouse yet, one is built first from the facts that come with the program.

    A driver's finishes keep their rank among all; seasons and a track are ranked by themselves.

    \b
    nascar closest
    nascar closest --season 2018-2025 --track talladega
    nascar closest --driver larson --format json
    nascar closest --basis official
    """
    from warehouse.ranking import SPARE, Question, for_people, rank_finishes, scope, why_nothing
    from warehouse.show import show

    _require_choice("--series", series, ("cup", "nxs", "truck"))
    _require_choice("--basis", basis, ("line", "official"))
    seasons = read_seasons(season, _today()) if season else None
    if seasons and seasons != tuple(range(seasons[0], seasons[-1] + 1)):
        raise UsageError(f"{season!r} has gaps", "a ranking takes one season or one range of seasons")
    home = _home()
    if not home.published.exists():
        from etl.assemble import run_job

        _tell("no warehouse yet: building one from the facts that come with the program")
        # Somebody else may be building the first one right now.
        run_job(home, "closest", wait_seconds=60)
    question = Question(
        series=series,
        basis=basis,
        season_from=seasons[0] if seasons else None,
        season_to=seasons[-1] if seasons else None,
        track=track,
        driver=driver,
        exhibitions=exhibitions,
        limit=limit,
    )
    rows = rank_finishes(home, question)
    if not rows.values:
        _tell(why_nothing(home, question))
    elif form == "table" and sys.stderr and sys.stderr.isatty() and (told := scope(home, question)):
        _tell(told)
    show(for_people(rows, question) if form in ("table", "markdown") else rows, form, empty="", spare=SPARE)


@app.command()
def ingest(
    sources: Annotated[
        list[str] | None, typer.Argument(help="Which sources; all if none is named.", metavar="[SOURCE]...")
    ] = None,
    season: SeasonOption = None,
    series: Annotated[list[str] | None, typer.Option("--series", help="cup, nxs or truck; may be repeated.")] = None,
    extra: Annotated[list[str] | None, typer.Option("--with", help="What else to fetch: laps.", metavar="laps")] = None,
    mirror: Annotated[
        str | None,
        typer.Option(help="A folder or an http(s) address that answers instead of the publishers."),
    ] = None,
    pages: Annotated[
        str | None,
        typer.Option(help="Read race pages of Racing-Reference too, saved from a browser.", metavar="FOLDER"),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Print what is due and why, and ask nobody.")] = False,
    accept: AcceptOption = None,
    metrics: MetricsOption = None,
    hook: HookOption = None,
    form: FormatOption = "table",
) -> None:
    """Fetch what is new, build, check and publish.

    Readers keep what they have open; whoever opens the warehouse afterwards sees the new one.
    NASCAR_MIRROR is the default of --mirror.

    \b
    nascar ingest
    nascar ingest nascar_feed --season 2024-2026 --series cup
    nascar ingest --mirror /srv/nascar-mirror
    nascar ingest racing_reference_pages --pages ~/saved
    nascar ingest --dry-run
    """
    from etl.assemble import named_sources, plan_rows, run_job, saved_pages
    from etl.mirror import open_fetcher
    from etl.selection import read_selection
    from warehouse.show import show

    with nullcontext(None) if dry_run else _reported("ingest", metrics, hook) as outcome:
        settings = read_settings()
        selection = read_selection(_today(), season, series or (), extra or ())
        chosen = named_sources(sources or (), pages)
        saved = saved_pages(pages)
        with closing(open_fetcher(mirror or settings.mirror, contact=settings.contact)) as fetcher:
            asked = [*((source, fetcher) for source in chosen), *saved]
            if dry_run:
                show(plan_rows(_home(), asked, selection), form, empty="nothing is due")
                return
            run_job(
                _home(),
                "ingest",
                asked=asked,
                selection=selection,
                accept=accept or (),
                is_sweep=not sources,
                outcome=outcome,
            )


@app.command()
def build(accept: AcceptOption = None, metrics: MetricsOption = None, hook: HookOption = None) -> None:
    """Build from the kept documents and the facts that come with the program; no network.

    Documents that did not change are taken over from the published warehouse. After a rollback everything is read
    again and published.

    \b
    nascar build
    """
    from etl.assemble import run_job

    with _reported("build", metrics, hook) as outcome:
        run_job(_home(), "build", accept=accept or (), resume=True, outcome=outcome)


@app.command()
def rebuild(
    as_of: Annotated[
        str | None,
        typer.Option("--as-of", help="Only what was fetched by this day (UTC): 2024-05-06.", metavar="DATE"),
    ] = None,
    metrics: MetricsOption = None,
    hook: HookOption = None,
) -> None:
    """Read every kept document again and build the whole warehouse anew; no network.

    \b
    nascar rebuild
    nascar rebuild --as-of 2024-05-06
    """
    from etl.assemble import run_job

    with _reported("rebuild", metrics, hook) as outcome:
        run_job(_home(), "rebuild", anew=True, as_of=_read_moment(as_of), outcome=outcome)


@app.command()
def query(
    sql: Annotated[
        str,
        typer.Argument(help="One statement that reads; - takes it from the standard input.", metavar="SQL|-"),
    ],
    seconds: Annotated[float, typer.Option(help="Stop the statement after this time.", min=0.1)] = 60,
    form: FormatOption = "table",
) -> None:
    """Ask the warehouse in SQL: reading only, no files, no network.

    \b
    nascar query "SELECT * FROM marts.record_progression"
    nascar query "FROM marts.closest(series := 'nxs') LIMIT 10" --format csv
    nascar query - < question.sql
    """
    from warehouse.query import run_query
    from warehouse.show import show

    show(run_query(_home(), sys.stdin.read() if sql == "-" else sql, seconds=seconds), form)


@app.command()
def describe(
    name: Annotated[str | None, typer.Argument(help="A relation, such as closest_finishes or core.races.")] = None,
    form: FormatOption = "table",
) -> None:
    """List what the warehouse has, or the columns of one relation with their meaning and unit.

    \b
    nascar describe
    nascar describe closest_finishes
    """
    from warehouse.dictionary import describe_columns, describe_relations
    from warehouse.show import show

    show(describe_columns(_home(), name) if name else describe_relations(_home()), form)


@app.command()
def status(form: FormatOption = "table") -> None:
    """Show how fresh each source is, the last runs, what is quarantined, and in the column `next` what to do.

    A source is stale when it was last asked more than 8 days ago and the season is on, February to November.

    \b
    nascar status
    nascar status --format json
    """
    from etl.status import read_status
    from warehouse.show import show

    show(read_status(_home()), form)


@app.command()
def check(form: FormatOption = "table") -> None:
    """Check the invariants on the published warehouse; exit 5 when one of severity fail does not hold.

    \b
    nascar check
    """
    from warehouse.checks import check_published, require_passed, result_rows
    from warehouse.show import show

    results = check_published(_home())
    show(result_rows(results), form)
    require_passed(results)


@app.command()
def snapshots(form: FormatOption = "table") -> None:
    """List the published warehouse and the earlier ones that are kept: number, age, size and last race.

    \b
    nascar snapshots
    """
    from etl.rollback import list_snapshots
    from warehouse.show import show

    show(list_snapshots(_home()), form, empty="there is no warehouse yet", spare=("path", "races"))


@app.command()
def rollback(
    to: Annotated[
        int | None, typer.Option("--to", min=1, help="The number of a snapshot; the one before, if not given.")
    ] = None,
) -> None:
    """Put an earlier warehouse back in the place of the published one, in one step.

    The one that is replaced stays as a snapshot with its number; another rollback passes over it, unless --to names it.
    `nascar snapshots` lists them.

    What was put back stays when nothing is new. An `ingest` that finds a new document, another version of this
    program, or `nascar build` builds from all kept documents again, those included that made the difference.

    \b
    nascar rollback
    nascar rollback --to 12
    """
    from etl.rollback import roll_back

    _tell(roll_back(_home(), to))


@app.command()
def gc(
    keep: Annotated[
        int | None, typer.Option(min=0, help="So many of the newest snapshots stay; NASCAR_SNAPSHOTS if not given.")
    ] = None,
    older_than: Annotated[
        int | None, typer.Option("--older-than", min=0, metavar="DAYS", help="Only what is older than this goes.")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Print what would go, and remove nothing.")] = False,
    form: FormatOption = "table",
) -> None:
    """Remove earlier warehouses and what failed or interrupted builds left; print what went and how much space.

    Never the published warehouse, and no document. Builds whose checks failed go after 30 days, or --older-than.

    \b
    nascar gc --dry-run
    nascar gc --keep 2
    nascar gc --keep 0 --older-than 90
    """
    from warehouse.retention import collect_garbage
    from warehouse.show import show

    settings = read_settings()
    number = settings.snapshots if keep is None else keep
    rows, told = collect_garbage(Home(settings.home), keep=number, older_than_days=older_than, is_dry=dry_run)
    show(rows, form, empty="", spare=("why", "modified_at"))
    _tell(told)


@app.command()
def home() -> None:
    """Print the folder that holds the warehouse; NASCAR_HOME sets it.

    \b
    nascar home
    duckdb -readonly "$(nascar home)/nascar.duckdb"
    """
    typer.echo(_home().root)


def run() -> NoReturn:
    """The `nascar` program: `main`, without unloading modules at the end, which takes half as long as an answer."""
    code = 0
    try:
        main()
    except SystemExit as leaving:
        code = leaving.code if isinstance(leaving.code, int) else 0
    with suppress(BrokenPipeError):
        sys.stdout.flush()
        sys.stderr.flush()
    os._exit(code)


def main() -> NoReturn:
    """Run the command and leave with its exit code."""
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        app()
    except NascarError as error:
        for line in error_lines(error):
            _tell(line)
        sys.exit(error.exit_code)
    except Told:
        raise
    except SystemExit as leaving:
        if leaving.code == Interrupted.exit_code:
            _tell(INTERRUPTED)
        raise
    except (KeyboardInterrupt, RuntimeError) as error:
        if not is_interruption(error):
            raise
        _tell(INTERRUPTED)
        sys.exit(Interrupted.exit_code)
    sys.exit(0)


def _reported(command: str, metrics: Path | None, hook: str | None) -> AbstractContextManager[Outcome]:
    """Tell of the run inside, however it ends, and leave with its exit code."""
    from etl.report import choose_ways, reported

    return reported(command, choose_ways(read_settings(), metrics, hook))


def _home() -> Home:
    return Home(read_settings().home)


def _today() -> date:
    return datetime.now(UTC).date()


def _tell(text: str) -> None:
    if sys.stderr:  # Without one, `print` would take the standard output.
        print(text, file=sys.stderr)  # noqa: T201  # the one voice of the command on the error stream


def _interrupt(_signal: int, _frame: FrameType | None) -> NoReturn:
    raise KeyboardInterrupt


def _require_choice(option: str, value: str, choices: Sequence[str]) -> None:
    if value not in choices:
        raise UsageError(f"{option} {value!r} is not known", f"use one of {', '.join(choices)}")


def _read_moment(text: str | None) -> datetime | None:
    """Read a day, which ends at midnight UTC, or a moment in ISO form."""
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise UsageError(f"{text!r} is no date", "write 2024-05-06, or 2024-05-06T18:00") from error
    if len(text) == len("2024-05-06"):
        moment = datetime.combine(moment, time.max)
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment
