"""What commands share: common options, the parsing of seasons, dates and series, and the home.

Every start of the program imports this, so that it imports what only some commands need where they need it.
"""

from __future__ import annotations

import importlib.util
import re
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from nascar_warehouse.warehouse.errors import UsageError
from nascar_warehouse.warehouse.read.formats import Format

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nascar_warehouse.etl.documents import Selection
    from nascar_warehouse.warehouse.storage.home import Home

FIRST_SEASON = 1949

_SEASONS = re.compile(r"(\d{4})(?:-(\d{4}))?", re.ASCII)

MOST_ROWS = 1_000_000_000
"""The highest limit of rows; the engine counts no further than 2^63."""

LimitOption = Annotated[int, typer.Option("--limit", "-n", min=1, max=MOST_ROWS, help="How many rows to print.")]
FormatOption = Annotated[Format, typer.Option("--format", "-f", help="How to print the rows.")]
SeasonOption = Annotated[
    str | None,
    typer.Option("--season", help="Seasons, such as 2024, 2018-2025 or 2018,2020-2022.", metavar="SEASONS"),
]
SeriesOption = Annotated[
    str | None,
    typer.Option("--series", help="cup, nxs or truck, or a name such as xfinity or winston cup.", metavar="SERIES"),
]
AcceptOption = Annotated[
    list[str] | None,
    typer.Option(
        "--accept", help="Accept this version of a document first, as `nascar accept` does.", metavar="DOCUMENT_ID"
    ),
]
MetricsOption = Annotated[
    Path | None,
    typer.Option(
        "--metrics", help="Write Prometheus metrics of the run to this file, also when the run fails.", metavar="FILE"
    ),
]
HookOption = Annotated[
    str | None,
    typer.Option(
        "--hook",
        help="Run this command when someone must look (exit 4, 5, 6). Default: NASCAR_HOOK.",
        metavar="COMMAND",
    ),
]


def open_home() -> Home:
    """The home that the environment names; a notice on the error stream when a stray log lies in it."""
    from nascar_warehouse.warehouse.settings import read_settings
    from nascar_warehouse.warehouse.storage.home import Home

    home = Home(read_settings().home)
    if notice := home.stale_log_notice():
        print_message(notice)
    return home


def today() -> date:
    """Today in UTC."""
    return datetime.now(UTC).date()


def print_message(text: str) -> None:
    """Print a message to the error stream, beside the data."""
    from nascar_warehouse.etl.monitoring.log import print_lines

    print_lines(text)


def require_choice(option: str, value: str, choices: Sequence[str]) -> None:
    """Raise `UsageError` unless the value is one of the choices."""
    if value not in choices:
        raise UsageError(f"invalid {option} {value!r}", f"use one of {', '.join(choices)}")


def require_extra(extra: str, *packages: str) -> None:
    """Raise `UsageError` unless the packages of an optional extra are installed."""
    if missing := [name for name in packages if importlib.util.find_spec(name) is None]:
        raise UsageError(f"{', '.join(missing)} is not installed", f"pip install 'nascar-warehouse[{extra}]'")


def parse_seasons(text: str, today: date) -> tuple[int, ...]:
    """Parse `2024`, `2018-2025` or `2018,2020-2022` into seasons in order.

    The last season allowed is next year's, which may be announced already. Anything else raises `UsageError`.
    """
    seasons: set[int] = set()
    for part in text.split(","):
        match = _SEASONS.fullmatch(part.strip())
        if match is None:
            raise UsageError(f"invalid season {text!r}", "write 2024, 2018-2025 or 2018,2020-2022")
        first, last = int(match[1]), int(match[2] or match[1])
        if first > last:
            raise UsageError(f"invalid season {part.strip()!r}: it ends before it begins", f"write {last}-{first}")
        if not FIRST_SEASON <= first <= last <= today.year + 1:
            raise UsageError(f"invalid season {part.strip()!r}", f"the seasons are {FIRST_SEASON}-{today.year + 1}")
        seasons.update(range(first, last + 1))
    return tuple(sorted(seasons))


def parse_season_range(text: str, today: date) -> tuple[int, int]:
    """Parse one season or one range into its first and last season; anything else raises `UsageError`."""
    seasons = parse_seasons(text, today)
    if seasons != tuple(range(seasons[0], seasons[-1] + 1)):
        raise UsageError(f"invalid season {text!r} here", "give one season or one range without gaps")
    return seasons[0], seasons[-1]


def parse_selection(today: date, seasons: str | None, series: Sequence[str], extras: Sequence[str]) -> Selection:
    """Parse `--season`, `--series` and `--with`; raises `UsageError`."""
    from nascar_warehouse.etl.documents import EXTRAS, SERIES, Selection
    from nascar_warehouse.warehouse.read.series import parse_series

    wanted = frozenset(name.strip() for text in extras for name in text.split(","))
    for name in sorted(wanted - set(EXTRAS)):
        raise UsageError(f"invalid --with {name!r}", f"use --with {','.join(EXTRAS)}, or one of them")
    return Selection(
        today=today,
        seasons=None if seasons is None else parse_seasons(seasons, today),
        series=tuple(dict.fromkeys(map(parse_series, series))) or SERIES,
        extras=wanted,
    )


def parse_moment(text: str | None, *, at_end: bool) -> datetime | None:
    """Parse a day or a time in ISO form as UTC; a day means its end, or its beginning. Raises `UsageError`."""
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise UsageError(f"invalid date {text!r}", "write 2024-05-06 or 2024-05-06T18:00") from error
    if at_end and len(text) == len("2024-05-06"):
        moment = datetime.combine(moment, time.max)
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment
