"""What may be set in the environment; everything else is an argument of a command.

`NASCAR_HOME`          the folder that holds everything (default: the platform's folder for user data)
`NASCAR_MIRROR`        a folder or an http(s) address that answers instead of the publishers
`NASCAR_CONTACT`       an address that publishers can write to, sent with each request
`NASCAR_MAX_REQUESTS`  how many requests a run makes at most, the next one goes on (default 0, no limit)
`NASCAR_SNAPSHOTS`     how many earlier warehouses are kept (default 5)
`NASCAR_HOOK`          a command line that is called when a run ends and someone has to look
`NASCAR_QUERY_MEMORY`  how much memory a statement of `nascar query` may use, such as 500MB or 2GB (default 1GB)
`NASCAR_LOG`           json or text: how a run is logged on the error stream (default: text on a terminal, else json)
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from nascar_warehouse.warehouse.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

DEFAULT_SNAPSHOTS = 5
DEFAULT_QUERY_MEMORY = 10**9

_SIZE = re.compile(r"([0-9]{1,9}(?:\.[0-9]{1,3})?) ?(kB|MB|GB|TB)", re.ASCII | re.IGNORECASE)
_UNITS = {"kb": 10**3, "mb": 10**6, "gb": 10**9, "tb": 10**12}


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of one run, read once."""

    home: Path
    mirror: str | None = None
    contact: str | None = None
    snapshots: int = DEFAULT_SNAPSHOTS
    hook: str | None = None
    log: str | None = None
    max_requests: int | None = None
    query_memory: int = DEFAULT_QUERY_MEMORY
    """In bytes."""


def read_settings(environment: Mapping[str, str] | None = None) -> Settings:
    """Read the settings; a value that cannot be meant raises `UsageError` and names its variable."""
    values = os.environ if environment is None else environment
    return Settings(
        home=_folder(values),
        mirror=values.get("NASCAR_MIRROR") or None,
        contact=values.get("NASCAR_CONTACT") or None,
        snapshots=_count(values, "NASCAR_SNAPSHOTS", DEFAULT_SNAPSHOTS),
        hook=values.get("NASCAR_HOOK") or None,
        log=_choice(values, "NASCAR_LOG", ("json", "text")),
        max_requests=_count(values, "NASCAR_MAX_REQUESTS", 0) or None,
        query_memory=read_size("NASCAR_QUERY_MEMORY", values.get("NASCAR_QUERY_MEMORY") or "1GB"),
    )


def read_size(name: str, text: str) -> int:
    """A size in bytes, of text such as 500MB or 1.5 GB; invalid text raises `UsageError` that names what it is for."""
    size = _SIZE.fullmatch(text.strip())
    if size is None:
        raise UsageError(f"invalid {name} {text!r}", "set it to a size, such as 500MB or 2GB")
    return int(float(size[1]) * _UNITS[size[2].lower()])


def _folder(values: Mapping[str, str]) -> Path:
    text = values.get("NASCAR_HOME") or _default_home()
    try:
        return Path(text).expanduser().absolute()
    except RuntimeError as error:
        raise UsageError(f"NASCAR_HOME is {text!r}: {error}", "set it to the path of a folder") from error


def _default_home() -> str:
    from platformdirs import user_data_dir

    return user_data_dir("nascar-warehouse", appauthor=False)


def _choice(values: Mapping[str, str], name: str, choices: Sequence[str]) -> str | None:
    text = values.get(name) or None
    if text is not None and text not in choices:
        raise UsageError(f"{name} is {text!r}", f"set it to one of {', '.join(choices)}, or leave it out")
    return text


def _count(values: Mapping[str, str], name: str, default: int) -> int:
    text = values.get(name) or str(default)
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise UsageError(f"{name} is {text!r}", "set it to a whole number, 0 or more")
    return int(text)
