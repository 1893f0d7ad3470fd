"""The commands that change a home: fetch, build, publish, roll back, clean up."""

from __future__ import annotations

from contextlib import ExitStack, closing, nullcontext
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
    parse_moment,
    parse_selection,
    print_message,
    today,
)

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from nascar_warehouse.etl.outcome import RunResult


def ingest(
    sources: Annotated[
        list[str] | None,
        typer.Argument(help="Sources to fetch. Default: all but those that must be named.", metavar="[SOURCE]..."),
    ] = None,
    season: SeasonOption = None,
    series: Annotated[
        list[str] | None,
        typer.Option("--series", help="cup, nxs or truck, or a sponsor's name such as xfinity. May be repeated."),
    ] = None,
    extra: Annotated[
        list[str] | None,
        typer.Option(
            "--with",
            help="Also fetch lap times, the end of the live feed, pit stops, flags, loop data.",
            metavar="laps,live,pits,flags,loops",
        ),
    ] = None,
    mirror: Annotated[
        str | None,
        typer.Option(help="Read from this folder or http(s) address instead. Default: NASCAR_MIRROR."),
    ] = None,
    pages: Annotated[
        str | None,
        typer.Option(
            help="Also read what you saved: race pages of Racing-Reference (HTML, MHTML, WARC, WACZ), box scores.",
            metavar="FOLDER",
        ),
    ] = None,
    max_requests: Annotated[
        int | None,
        typer.Option(
            "--max-requests",
            help="Make at most this many requests. Default: NASCAR_MAX_REQUESTS.",
            min=1,
        ),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Print what is due and why; fetch nothing.")] = False,
    accept: AcceptOption = None,
    metrics: MetricsOption = None,
    hook: HookOption = None,
    form: FormatOption = "table",
) -> None:
    """Fetch what is new, build, check and publish.

    A program that has the warehouse open keeps the old one; the next one that opens it gets the new one.

    \b
    nascar ingest
    nascar ingest nascar_feed --season 2024-2026 --series cup
    nascar ingest --mirror /srv/nascar-mirror
    nascar ingest racing_reference_pages --pages ~/saved
    nascar ingest wikipedia_races --season 1993-2017 --max-requests 500
    nascar ingest --dry-run
    """
    from nascar_warehouse.etl.catalog import named_sources, plan_rows, run_job, saved_pages
    from nascar_warehouse.etl.extract.mirror import open_fetcher
    from nascar_warehouse.warehouse.read.output import show
    from nascar_warehouse.warehouse.settings import read_settings

    with nullcontext(None) if dry_run else _reported("ingest", metrics, hook) as result:
        settings = read_settings()
        selection = parse_selection(today(), season, series or (), extra or ())
        chosen = named_sources(sources or (), pages)
        saved = saved_pages(pages)
        budget = max_requests or settings.max_requests
        fetching = open_fetcher(
            mirror or settings.mirror,
            contact=settings.contact,
            max_requests=budget,
            host_rates={host: rate for source in chosen for host, rate in source.host_rates.items()},
            strict_hosts={host for source in chosen if source.refusal_pause for host in source.host_rates},
        )
        with ExitStack() as stack:
            fetcher = stack.enter_context(closing(fetching))
            for _, reader in saved:
                stack.callback(reader.close)
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
                result=result,
            )


def build(accept: AcceptOption = None, metrics: MetricsOption = None, hook: HookOption = None) -> None:
    """Build from the kept documents, without network.

    The facts that come with the program are always part of the warehouse.

    Rows of unchanged documents are copied from the published warehouse. After a rollback, every document is read
    again.

    \b
    nascar build
    """
    from nascar_warehouse.etl.catalog import run_job

    with _reported("build", metrics, hook) as result:
        run_job(open_home(), "build", accept=accept or (), resume=True, result=result)


def accept(
    documents: Annotated[
        list[str],
        typer.Argument(
            help="Ids of versions, as messages print them, or SOURCE KEY of a document.", metavar="DOCUMENT..."
        ),
    ],
    metrics: MetricsOption = None,
    hook: HookOption = None,
) -> None:
    """Acknowledge a lasting problem of a document, and build.

    Needs no network.

    A version that lost races or results is used. A version that a check set aside is tried again. A version whose
    structure changed, and a document that its source does not have, are not reported any more.

    \b
    nascar accept 'nascar_results:nxs_series#1f2e3d4c-812'
    nascar accept nascar_feed 2024/1/5432/weekend-feed
    """
    from nascar_warehouse.etl.catalog import join_names, run_job

    with _reported("accept", metrics, hook) as result:
        run_job(open_home(), "accept", accept=join_names(documents), result=result)


def rebuild(
    as_of: Annotated[
        str | None,
        typer.Option("--as-of", help="Use only what was fetched up to this day (UTC).", metavar="DATE"),
    ] = None,
    metrics: MetricsOption = None,
    hook: HookOption = None,
) -> None:
    """Read all kept documents again and build everything.

    Needs no network.

    \b
    nascar rebuild
    nascar rebuild --as-of 2024-05-06
    """
    from nascar_warehouse.etl.catalog import run_job

    with _reported("rebuild", metrics, hook) as result:
        run_job(open_home(), "rebuild", full_refresh=True, as_of=parse_moment(as_of, at_end=True), result=result)


def rollback(
    to: Annotated[
        int | None, typer.Option("--to", min=1, help="The number of a snapshot. Default: the one before.")
    ] = None,
) -> None:
    """Replace the published warehouse by an earlier one.

    The replaced warehouse stays as a snapshot with its number; another rollback skips it unless --to names it.
    `nascar snapshots` lists them all.

    The restored snapshot stays published while nothing is new. A new document, another version of this program or
    `nascar build` builds from all kept documents again, including those that you rolled back from.

    \b
    nascar rollback
    nascar rollback --to 12
    """
    from nascar_warehouse.etl.rollback import roll_back

    print_message(roll_back(open_home(), to))


def gc(
    keep: Annotated[
        int | None, typer.Option(min=0, help="Keep this many of the newest snapshots. Default: NASCAR_SNAPSHOTS.")
    ] = None,
    older_than: Annotated[
        int | None,
        typer.Option("--older-than", min=0, metavar="DAYS", help="Remove only what is older than this."),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Print what would be removed; remove nothing.")] = False,
    form: FormatOption = "table",
) -> None:
    """Remove old snapshots and failed builds.

    Prints what was removed. What an interrupted build left is removed too.

    The published warehouse and documents are never removed. Failed builds are removed after 30 days, or --older-than.

    \b
    nascar gc --dry-run
    nascar gc --keep 2
    nascar gc --keep 0 --older-than 90
    """
    from nascar_warehouse.warehouse.read.output import show
    from nascar_warehouse.warehouse.settings import read_settings
    from nascar_warehouse.warehouse.storage.home import Home
    from nascar_warehouse.warehouse.storage.retention import collect_garbage

    settings = read_settings()
    number = settings.snapshots if keep is None else keep
    rows, summary = collect_garbage(Home(settings.home), keep=number, older_than_days=older_than, is_dry=dry_run)
    show(rows, form, empty="", spare=("why", "modified_at"))
    print_message(summary)


def _reported(command: str, metrics: Path | None, hook: str | None) -> AbstractContextManager[RunResult]:
    """Report the run inside, however it ends, and leave with its exit code."""
    from nascar_warehouse.etl.monitoring.report import choose_report_options, report_run
    from nascar_warehouse.warehouse.settings import read_settings

    return report_run(command, choose_report_options(read_settings(), metrics, hook))
