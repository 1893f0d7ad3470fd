"""The templates and the static files of the explorer, and how its pages write numbers and dates."""

from __future__ import annotations

import hashlib
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

import jinja2
from markupsafe import Markup, escape

from nascar_warehouse.warehouse.explorer.answer import Answer

if TYPE_CHECKING:
    from collections.abc import Mapping

_HERE = Path(__file__).parent
_TYPES = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml"}
_KEPT = (("cache-control", "public, max-age=31536000, immutable"),)
SERIES_NAMES = {"cup": "Cup Series", "nxs": "second series", "truck": "Truck Series"}
_UNKNOWN = "\N{EN DASH}"
STATIC_POLICY = "; ".join(
    (
        "default-src 'none'",
        "style-src 'self'",
        "script-src 'self'",
        "img-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
    )
)
"""The content security policy of a page without a server; who may frame it, only a header can say."""


class Site:
    """Renders templates; every value in them is escaped. Static files are read once.

    `more` is a further folder of templates and static files. Where `is_static`, pages are written as files: the
    templates leave out what needs a server, and state the policy that a server would send. `has_sql` says whether
    there is a console.
    """

    def __init__(self, more: Path | None = None, *, is_static: bool = False, has_sql: bool = True) -> None:
        folders = [_HERE] if more is None else [_HERE, more]
        self._static = {
            file.name: Answer(file.read_bytes(), _TYPES[file.suffix], headers=_KEPT)
            for folder in folders
            for file in sorted((folder / "static").iterdir())
            if file.suffix in _TYPES
        }
        self._templates = jinja2.Environment(
            loader=jinja2.FileSystemLoader([folder / "templates" for folder in folders]),
            autoescape=True,
            undefined=jinja2.StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._templates.globals.update(
            static=self._address, series_names=SERIES_NAMES, is_static=is_static, has_sql=has_sql, policy=STATIC_POLICY
        )
        self._templates.filters.update(
            seconds=seconds,
            distance=distance,
            day=day,
            moment=moment,
            count=count,
            part=lambda text: quote(text, ""),
            weblink=weblink,
            commands=commands,
            site_name=lambda url: urlsplit(url).hostname or "",
        )

    def render(self, template: str, values: Mapping[str, object]) -> bytes:
        """A template with values, as UTF-8."""
        return self._templates.get_template(template).render(values).encode()

    def static(self, name: str) -> Answer | None:
        """A static file, None when there is none of this name."""
        return self._static.get(name)

    def static_files(self) -> dict[str, bytes]:
        """The content of every static file by its name."""
        return {name: answer.content for name, answer in self._static.items()}

    def _address(self, name: str) -> str:
        digest = hashlib.sha256(self._static[name].content).hexdigest()[:12]
        return f"/static/{name}?v={digest}"


def seconds(value: Decimal | None) -> str:
    """Seconds with three decimals, and with a fourth only where there is one."""
    if value is None:
        return _UNKNOWN
    return f"{value:,.3f}" if value == round(value, 3) else f"{value:,.4f}"


def distance(inches: Decimal | float | None) -> str:
    """A distance of inches as people write it: in feet from two feet on; always an estimate."""
    if inches is None:
        return _UNKNOWN
    if inches < 24:
        return f"{inches:.1f} in" if inches < 10 else f"{inches:.0f} in"
    feet = float(inches) / 12
    return f"{feet:,.1f} ft" if feet < 100 else f"{feet:,.0f} ft"


def day(value: date | None) -> str:
    """A day as people write it: 5 May 2024."""
    return _UNKNOWN if value is None else f"{value.day}\N{NO-BREAK SPACE}{value:%b}\N{NO-BREAK SPACE}{value.year}"


def moment(value: datetime | None) -> str:
    """A time in UTC, to the minute."""
    return _UNKNOWN if value is None else f"{day(value)}, {value:%H:%M} UTC"


def commands(text: str) -> Markup:
    """A text with what stands between two backticks as code."""
    parts = str(text).split("`")
    return Markup("").join(
        Markup("<code>{}</code>").format(part) if place % 2 else escape(part) for place, part in enumerate(parts)
    )


def weblink(url: str | None) -> str:
    """An http(s) address; "" for anything else, which is no link."""
    return url if url and url.startswith(("https://", "http://")) else ""


def count(value: int | float | Decimal | None, decimals: int = 0) -> str:
    """A number with separators; a dash where it is unknown."""
    return _UNKNOWN if value is None else f"{value:,.{decimals}f}"
