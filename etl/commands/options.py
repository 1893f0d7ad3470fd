"""What commands share: the options that several have, and where their answers come from and go to."""

from __future__ import annotations

import sys
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from nascar_warehouse.warehouse.errors import UsageError
from nascar_warehouse.warehouse.read.output import Format
from nascar_warehouse.warehouse.settings import read_settings
from nascar_warehouse.warehouse.storage.home import Home

if TYPE_CHECKING:
    from collections.abc import Sequence

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


def open_home() -> Home:
    """The home that the environment names; a notice on the error stream when a stray log lies in it."""
    home = Home(read_settings().home)
    if notice := home.stale_log_notice():
        print_message(notice)
    return home


def today() -> date:
    """The day in UTC."""
    return datetime.now(UTC).date()


def print_message(text: str) -> None:
    """Say something to the person, beside the data."""
    if sys.stderr:  # Without one, `print` would take the standard output.
        print(text, file=sys.stderr)  # noqa: T201  # the one voice of the command on the error stream


def require_choice(option: str, value: str, choices: Sequence[str]) -> None:
    """Raise `UsageError` for what is not one of the choices."""
    if value not in choices:
        raise UsageError(f"{option} {value!r} is not known", f"use one of {', '.join(choices)}")


def read_moment(text: str | None, *, at_end: bool) -> datetime | None:
    """Read a day or a moment in ISO form, in UTC; a day is its end, or its beginning. `UsageError` if it is neither."""
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise UsageError(f"{text!r} is no date", "write 2024-05-06, or 2024-05-06T18:00") from error
    if at_end and len(text) == len("2024-05-06"):
        moment = datetime.combine(moment, time.max)
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment
