"""Words that people write are open: what no seed lists is stored as it is, its group is unknown, a run reports it once.

Structure is closed: a source module stops at a lost field, another type, an unknown type of race or an unknown series.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from nascar_warehouse.warehouse.build.seeds import seed_column

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


def unknown_words(what: str, texts: Iterable[str | None], *, seed: str, column: str) -> list[str]:
    """A notice for each text that no row of a seed lists; blank says nothing.

    `texts` are written as the column of the seed has them: without space around them, and small where that is.
    """
    known = seed_column(seed, column)
    unknown = sorted({text for text in texts if text and text not in known})
    return [f"unknown {what} {text!r}, stored as it is; add a row to sql/seeds/{seed}.csv" for text in unknown]


def unknown_tracks(source_id: str, names: Mapping[str, str]) -> list[str]:
    """A notice for each venue that the aliases of a source lack; `names` is what the source calls it, by its key."""
    known = seed_column("track_aliases", "track_key", source_id)
    return [
        f"unknown track {name!r} ({key}), its id is made of its name; add a row to sql/seeds/track_aliases.csv"
        for key, name in sorted(names.items())
        if key not in known
    ]


def new_fields(names: Iterable[str]) -> list[str]:
    """A notice for each field or column that a document has and its shape does not name."""
    return [f"new field {name}" for name in names]


def rows_left_out(key: str, count: int, why: str) -> list[str]:
    """A notice of rows that are not loaded; none if there are none."""
    return [f"{key}: {count} {'row' if count == 1 else 'rows'} left out: {why}"] if count else []
