"""The commands that fetch, build, publish and collect."""

from __future__ import annotations

from contextlib import closing, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from nascar_warehouse.etl.commands.options import (
    AcceptOption,
    FormatOption,
    HookOption,
    MetricsOption,
    SeasonOption,
    open_home,
    print_message,
    read_moment,
    today,
)
from nascar_warehouse.warehouse.settings import read_settings
from nascar_warehouse.warehouse.storage.home import Home

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from nascar_warehouse.etl.outcome import RunResult


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
    max_requests: Annotated[
        int | None,
        typer.Option("--max-requests", help="Make no more requests than this; the next run goes on.", min=1),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Print what is due and why, and ask nobody.")] = False,
    accept: AcceptOption = None,
    metrics: MetricsOption = None,
    hook: HookOption = None,
    form: FormatOption = "table",
) -> None:
    """Fetch what is new, build, check and publish.

    Readers keep what they have open; whoever opens the warehouse afterwards sees the new one.
    NASCAR_MIRROR is the default of --mirror, NASCAR_MAX_REQUESTS that of --max-requests.

    \b
    nascar ingest
    nascar ingest nascar_feed --season 2024-2026 --series cup
    nascar ingest --mirror /srv/nascar-mirror
    nascar ingest racing_reference_pages --pages ~/saved
    nascar ingest --dry-run
    """
    from nascar_warehouse.etl.catalog import named_sources, plan_rows, run_job, saved_pages
    from nascar_warehouse.etl.extract.mirror import open_fetcher
    from nascar_warehouse.etl.selection import read_selection
    from nascar_warehouse.warehouse.read.output import show

    with nullcontext(None) if dry_run else _reported("ingest", metrics, hook) as outcome:
        settings = read_settings()
        selection = read_selection(today(), season, series or (), extra or ())
        chosen = named_sources(sources or (), pages)
        saved = saved_pages(pages)
        budget = max_requests or settings.max_requests
        fetching = open_fetcher(mirror or settings.mirror, contact=settings.contact, max_requests=budget)
        with closing(fetching) as fetcher:
            asked = [*((source, fetcher) for source in chosen), *saved]
            if dry_run:
                show(plan_rows(open_home(), asked, selection), form, empty="nothing is due")
                return
            run_job(
                open_home(),
                "ingest",
                asked=asked,
                selection=selection,
                accept=accept or (),
                is_sweep=not sources,
                outcome=outcome,
            )


def build(accept: AcceptOption = None, metrics: MetricsOption = None, hook: HookOption = None) -> None:
    """Build from the kept documents and the facts that come with the program; no network.

    Documents that did not change are taken over from the published warehouse. After a rollback everything is read
    again and published.

    \b
    nascar build
    """
    from nascar_warehouse.etl.catalog import run_job

    with _reported("build", metrics, hook) as outcome:
        run_job(open_home(), "build", accept=accept or (), resume=True, outcome=outcome)


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
    from nascar_warehouse.etl.catalog import run_job

    with _reported("rebuild", metrics, hook) as outcome:
        run_job(open_home(), "rebuild", full_refresh=True, as_of=read_moment(as_of, at_end=True), outcome=outcome)


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
    from nascar_warehouse.etl.rollback import roll_back

    print_message(roll_back(open_home(), to))


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
    from nascar_warehouse.warehouse.read.output import show
    from nascar_warehouse.warehouse.storage.retention import collect_garbage

    settings = read_settings()
    number = settings.snapshots if keep is None else keep
    rows, told = collect_garbage(Home(settings.home), keep=number, older_than_days=older_than, is_dry=dry_run)
    show(rows, form, empty="", spare=("why", "modified_at"))
    print_message(told)


def _reported(command: str, metrics: Path | None, hook: str | None) -> AbstractContextManager[RunResult]:
    """Tell of the run inside, however it ends, and leave with its exit code."""
    from nascar_warehouse.etl.monitoring.report import choose_report_options, report_run

    return report_run(command, choose_report_options(read_settings(), metrics, hook))
