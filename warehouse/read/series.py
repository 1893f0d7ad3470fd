"""Series as people name them: by our id, or by a sponsor of any season."""

from __future__ import annotations

import re

from nascar_warehouse.warehouse.errors import UsageError

_WORDS = {
    "cup": "cup",
    "strictly": "cup",
    "winston": "cup",
    "nextel": "cup",
    "sprint": "cup",
    "monster": "cup",
    "nxs": "nxs",
    "second": "nxs",
    "sportsman": "nxs",
    "budweiser": "nxs",
    "busch": "nxs",
    "nationwide": "nxs",
    "xfinity": "nxs",
    "oreilly": "nxs",
    "truck": "truck",
    "trucks": "truck",
    "supertruck": "truck",
    "craftsman": "truck",
    "camping": "truck",
    "gander": "truck",
}
# fmt: off
_FILLERS = frozenset([
    "auto", "division", "energy", "grand", "late", "model", "nascar", "national", "outdoors", "parts", "rv", "series",
    "stock", "the", "world",
])
# fmt: on
_GRAND_NATIONAL = {"grand", "national"}


def parse_series(text: str) -> str:
    """The id of a series: cup, nxs or truck, of an id or of a name such as Xfinity, Winston Cup or Craftsman Trucks.

    Raises `UsageError` for a name of no series, or of two.
    """
    words = set(re.findall(r"\w+", re.sub("['\N{RIGHT SINGLE QUOTATION MARK}]s?", "", text.lower())))
    found = {_WORDS[word] for word in words if word in _WORDS}
    if not found and words >= _GRAND_NATIONAL:
        found = {"cup"}  # The Grand National Series of 1950 to 1970; the Busch Grand National Series is found above.
    if len(found) != 1 or words - _WORDS.keys() - _FILLERS:
        raise UsageError(
            f"invalid series {text!r}", "use cup, nxs, truck or a name such as xfinity, busch or winston cup"
        )
    return found.pop()
