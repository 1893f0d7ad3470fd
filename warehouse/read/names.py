"""Names as people type them: without accents, capitals and punctuation, and the similar ones that there are."""

from __future__ import annotations

import difflib
import re
import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


@lru_cache(maxsize=50_000)  # A server simplifies the same names for each search.
def simplify(text: str) -> str:
    """Lower case ASCII letters and digits, one space where anything else stands: `Aaron's 499` is `aarons 499`."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", " ", plain.replace("'", "")).strip()


def contains_words(name: str, wanted: str) -> bool:
    """Whether every word of `wanted` is part of the name; text without a letter or a digit is part of none."""
    simple, words = simplify(name), simplify(wanted).split()
    return all(word in simple for word in words) and bool(words or not wanted.strip())


def suggest(wanted: str, names: Iterable[str], *, limit: int = 3) -> str:
    """`did you mean …?` with the names that are most similar, or with a similar part; "" without one."""
    by_simple: dict[str, str] = {}
    for name in names:
        by_simple.setdefault(simplify(name), name)
    simple = simplify(wanted)
    near = difflib.get_close_matches(simple, by_simple, n=limit, cutoff=0.6)
    if not near:
        by_word: dict[str, str] = {}
        for whole in by_simple:
            for word in whole.split():
                by_word.setdefault(word, whole)
        near = [by_word[word] for word in difflib.get_close_matches(simple, by_word, n=limit, cutoff=0.75)]
    return f"did you mean {' or '.join(dict.fromkeys(by_simple[name] for name in near))}?" if near else ""
