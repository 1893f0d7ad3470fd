"""The text of a margin of victory → kind, value, unit, seconds, decimals.

Sources print the margin as free text. Until May 1993 it was judged or timed by hand and stated in laps, car
lengths, feet, inches or seconds of a stopwatch; from Sears Point on 1993-05-16 (Bodine by 0.53) it is
electronic, with two decimals, then three. The rules, and what each rests on:

- Zero is unknown, never 0: the league's feed stores `0` for "not recorded" as well as for the .0004 of
  Daytona, 2018-02-17, second series. Negative and absurd numbers (above 9999.9999) are unknown too.
- At most four decimals: that .0004 is the finest margin known, so further digits are a float's noise, and
  rounding them would invent ties. Zeros after the fourth decimal are padding: tolerated, not counted.
- Under caution there is no margin, whatever number stands beside the words: the field was frozen, no car
  raced to the line. A red flag that ended the race froze it too. `under` alone is the feed's own short form.
  Words that deny it ("no caution") leave the margin unknown.
- "1 lap +", "more than", "over", "at least", "plus" state a lower bound. So do laps and a rest ("1 lap, 25
  seconds"): a lap is no fixed number of seconds. "1:02.3" and "2 feet 3 inches" are sums: 62.3 seconds,
  27 inches.
- "several car lengths" and "less than a lap" give a unit but no value: an upper bound is not a margin. A time
  is nothing without its seconds, so "less than a second" is unknown.
- A value that the page rounded is approximate: "about", "nearly", "just under", "est.", a bound of anything
  but laps, which are counted ("over four seconds"), and seconds in words or fractions ("half a second", "two
  tenths"), but not in hundredths or thousandths, which are as fine as the clock ("one-hundredth of a second").
- A bare number is seconds, as the feed and the record lists print it, and so are bare tenths. A comma before
  the last one to four digits of seconds is a decimal comma; "61,500" may mean two things, and so may another
  unit ("1,500 feet"): unknown. `0s139` is how Portuguese pages print 0.139, `o.006` a slip of the hand.
- A nose, fender, bumper or straightaway has no agreed length: unknown. So is a fraction that four decimals
  cannot hold (1/3).
- "won by" before a margin, and "victory", `*`, dots or `[3]` after it, change nothing.
- Only ASCII digits are digits. A text above 200 characters is prose, not a margin.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

MARGIN_KINDS = ("time", "laps", "car_lengths", "distance", "under_caution", "dead_heat", "unknown")


@dataclass(frozen=True, slots=True)
class Margin:
    """What a text says of a margin of victory."""

    kind: str = "unknown"
    """One of MARGIN_KINDS."""
    value: Decimal | None = None
    """In `unit`, four decimals, above 0 and below 10,000; None where the text gives no number that counts."""
    unit: str | None = None
    """seconds, laps, car_lengths, inches, feet, yards or miles; None where the kind has none."""
    seconds: Decimal | None = None
    """The value of the kind time, exact; None for every other kind."""
    decimals: int | None = None
    """Digits after the point, printed or named (tenths: 1), 0 to 4, for the kind time; None for every other."""
    is_lower_bound: bool = False
    """Whether the value is the least that the margin was."""
    is_approximate: bool = False
    """Whether the page rounded the value, so that it must not be ranked."""


_LONGEST_TEXT = 200
_LARGEST_VALUE = Decimal("9999.9999")
_PLACES = Decimal("0.0001")

_SPELLINGS = {
    "minutes": "min mins minute minutes",
    "seconds": "s sec secs second seconds segundo segundos secondo secondi seconde secondes sekunde sekunden",
    "laps": "lap laps",
    "car_lengths": "length lengths carlength carlengths",
    "inches": 'in inch inches " \u2033 \u201d',
    "feet": "ft foot feet ' \u2032 \u2019",
    "yards": "yd yds yard yards",
    "miles": "mi mile miles",
}
_UNITS = {spelling: unit for unit, spellings in _SPELLINGS.items() for spelling in spellings.split()}
_UNITS |= {f"{car} {lengths}": "car_lengths" for car in ("car", "car's") for lengths in ("length", "lengths")}
_SMALLER = {"minutes": ("seconds", 60), "feet": ("inches", 12)}
_KINDS = {"seconds": "time", "laps": "laps", "car_lengths": "car_lengths"}

_ONES = "one two three four five six seven eight nine"
_TEENS = "ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen"
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
_NUMBERS = {word: number for number, word in enumerate(f"{_ONES} {_TEENS}".split(), 1)}
_NUMBERS |= {word: number * 10 for number, word in enumerate(_TENS.split(), 2)} | {"a": 1, "an": 1}
# Nouns of a part of one; only the fine ones are as exact as a clock.
_COARSE = {"half": 2, "halves": 2, "quarter": 4, "fourth": 4, "fifth": 5, "eighth": 8}
_FINE = {"tenth": 10, "hundredth": 100, "thousandth": 1000, "décima": 10, "centésima": 100, "milésima": 1000}
_PARTS = {name + s: size for name, size in (_COARSE | _FINE).items() for s in ("", "s")}
_PARTS |= {name.replace("é", "e"): size for name, size in _PARTS.items()}
_DECIMALS = {10: 1, 100: 2, 1000: 3}
_GLYPHS = str.maketrans(
    {"½": " 1/2", "¼": " 1/4", "¾": " 3/4", "⅛": " 1/8", "⅜": " 3/8", "⅝": " 5/8", "⅞": " 7/8"}
    | dict.fromkeys("\u2044\u2215", "/"),  # the strokes of fractions, as pages show them
)


def _any(alternatives: Iterable[str]) -> str:
    return f"(?:{'|'.join(alternatives)})"


_ABOUT = (
    "(?:just|slightly|a little|a bit) (?:under|below|less than)|nearly|almost|close to|about|around|roughly"
    "|approximately|approximate|approx|estimated|est|circa|ca|[~≈]"
)
_MORE = "more than|better than|greater than|in excess of|over|at least|>=?|≥"
_LESS = "less than|fewer than|under|below|up to|within|at most|<=?|≤"
_FILLER = "won|by|just|only|slightly|well|a little|a bit|a mere|a scant|a comfortable"
_QUALIFIER = re.compile(f"(?P<about>{_ABOUT})|(?P<more>{_MORE})|(?P<less>{_LESS})|{_FILLER}")

_COUNT = rf"(?:{_any(_TENS.split())} {_any(_ONES.split())}|{_any(_NUMBERS)}|(?:a|{_any(_ONES.split())}) hundred)\b"
_FIGURES = r"(?:[0-9]+(?:\.[0-9]*|,[0-9]+)?|[.,][0-9]+)"
_WRITTEN = "[0-9]{1,4}/[0-9]{1,4}(?:ths?)?"
_SPOKEN = rf"(?:(?:{_COUNT} )?{_any(_PARTS)}|[0-9]{{1,4}} {_any(part for part in _PARTS if _PARTS[part] >= 10)})\b"
_PART = f"(?:{_WRITTEN}|{_SPOKEN})"
_UNIT = _any(_UNITS)
_PLUS = r"(?: ?\+| plus| or more| or better)"
_JOIN = r"(?:,| ?\+| and| plus)?"
# Possessive (`*+`), so that no text makes the search long.
_QUALIFIERS = rf"(?P<qualifiers>(?:(?:{_ABOUT}|{_MORE}|{_LESS}|{_FILLER})(?:\b|(?<=[^\w\s]))\.? ?)*+)\+? ?"
# "1 1/2" is one and a half, but "1 half" is nothing: only a written part joins figures without an "and".
_AMOUNT = (
    rf"(?:(?:an? |the )?(?:(?P<figures>{_FIGURES})(?: (?P<joined>{_WRITTEN}))?|(?P<count>{_COUNT}))"
    rf"(?: and (?P<and_part>{_PART}))?|(?:an? )?(?P<part>{_PART})"
    rf"|(?P<couple>a couple(?: of)?)|(?P<vague>several|few|a few|many|multiple|some))(?P<plus>{_PLUS})?"
)
_REST = (
    rf"(?: and (?P<late_part>{_PART})|(?P<late_plus>{_PLUS})"
    rf"|{_JOIN} ?(?P<rest>{_FIGURES})(?: ?(?P<rest_unit>{_UNIT})\.?)?"
    rf"|{_JOIN} (?P<rest_count>{_COUNT}) (?P<rest_count_unit>{_UNIT})\.?)?"
)
_OUTCOME = "(?: (?:victory|win|margin|lead|advantage|cushion|gap|ahead|behind|back|clear))?"
_OF_A = r"(?: (?:of|de))?(?: (?:an?|un)\b)?(?: full)?"
_MARGIN = re.compile(rf"{_QUALIFIERS}{_AMOUNT}(?:{_OF_A} ?(?P<unit>{_UNIT})\.?{_REST})?{_OUTCOME}")
_ESTIMATED = re.compile(r"\((?:approx(?:imate(?:ly)?)?|est(?:imated)?|ca)\.?\)")
_ENDING = re.compile(rf"(?:[ .*†‡]|\[(?:[0-9]{{1,3}}|[a-z]|note [0-9]{{1,3}})\]|{_ESTIMATED.pattern})++$")

_GAP = re.compile(
    "(?<=[0-9])[\\s\u200b\ufeff]+[-\u2010-\u2014][\\s\u200b\ufeff]+(?=[A-Za-z])|[\\s\u200b\ufeff]+|\\b[-\u2010-\u2013]\\b"
)
_FORMS = (
    (re.compile(r"(?<![0-9:.,])(?:00?:)?([0-9]{1,3}):([0-5][0-9])\b(?!:)"), r"\1 min \2"),
    (re.compile(r"(?<=[0-9])\+(?=[0-9]{1,4}/[0-9])"), " "),
    (re.compile(r"\b([0-9]{1,4})s([0-9]{1,4})\b"), r"\1.\2 s"),
    (re.compile(r"\bo(?=[.,][0-9])"), "0"),
)
_DEAD_HEAT = re.compile("(?:a )?(?:dead heat|tied?)")
_DENIED = re.compile(r"\b(?:no|not|without)\b")
_CAUTION = re.compile(r"\b(?:caution|yellow|red flag|u[./]?c)\b|^under$")


_Found = dict[str, str | None]
_UNKNOWN = Margin()


class _Amount(NamedTuple):
    value: Decimal
    decimals: int = 0
    is_rounded: bool = False


@lru_cache(maxsize=1 << 16)
def parse_margin(text: str | None) -> Margin:
    """Return what the text of a margin of victory means; what the rules of this module do not cover is unknown."""
    if text is None or len(text) > _LONGEST_TEXT:
        return _UNKNOWN
    tidy = _GAP.sub(" ", unicodedata.normalize("NFC", text).lower().translate(_GLYPHS)).strip()
    for form, meant in _FORMS:
        tidy = form.sub(meant, tidy)
    body = _ENDING.sub("", tidy)
    found = _MARGIN.fullmatch(body)
    if found is None:
        return _without_amount(body)
    return _with_amount(found.groupdict(), is_estimated=_ESTIMATED.search(tidy, len(body)) is not None)


def _without_amount(body: str) -> Margin:
    if _DEAD_HEAT.fullmatch(body):
        return Margin("dead_heat")
    if _DENIED.search(body) or not _CAUTION.search(body):
        return _UNKNOWN
    return Margin("under_caution")


def _with_amount(found: _Found, *, is_estimated: bool) -> Margin:
    qualifiers = {word.lastgroup for word in _QUALIFIER.finditer(found["qualifiers"] or "")}
    numbers = [read(words) for group, read in _READERS.items() if (words := found[group])]
    unit = _unit(found, numbers)
    if found["vague"] or "less" in qualifiers:
        return _UNKNOWN if unit in {None, "minutes", "seconds"} else Margin(_kind(unit), unit=unit)
    total = _total(found, numbers, unit)
    if total is None or not 0 < total[0].value <= _LARGEST_VALUE:
        return _UNKNOWN
    amount, unit = total
    value = amount.value.quantize(_PLACES)
    is_time = unit == "seconds"
    is_more = "more" in qualifiers or bool(found["plus"] or found["late_plus"])
    is_rounded = is_estimated or "about" in qualifiers or bool(found["couple"]) or (is_time and amount.is_rounded)
    return Margin(
        kind=_kind(unit),
        value=value,
        unit=unit,
        seconds=value if is_time else None,
        decimals=amount.decimals if is_time else None,
        is_lower_bound=is_more or (unit == "laps" and _has_rest(found)),
        is_approximate=is_rounded or (is_more and unit != "laps"),
    )


def _kind(unit: str | None) -> str:
    return _KINDS.get(unit or "", "distance")


def _unit(found: _Found, numbers: list[_Amount | None]) -> str | None:
    """Return the unit; seconds for a bare number and for bare tenths, None for other bare words."""
    if found["unit"]:
        return _UNITS[found["unit"]]
    is_bare_figure = found["figures"] is not None and len(numbers) == 1
    is_bare_part = "/" not in (found["part"] or "/") and any(number and number.decimals for number in numbers)
    return "seconds" if is_bare_figure or is_bare_part else None


def _total(found: _Found, numbers: list[_Amount | None], unit: str | None) -> tuple[_Amount, str] | None:
    """Add up the amounts; None where one is unknown or has no unit, or the one after the unit is not a smaller one."""
    known = [number for number in numbers if number is not None]
    has_odd_comma = "," in (found["figures"] or "") and unit not in {"seconds", "minutes"}
    if unit is None or has_odd_comma or len(known) < len(numbers):
        return None
    values, decimals, rounded = zip(*known, strict=True)
    first = _Amount(sum(values, Decimal()), max(decimals), any(rounded))
    rest_unit = _UNITS.get(found["rest_unit"] or found["rest_count_unit"] or "")
    if not _has_rest(found) and unit != "minutes":
        return first, unit
    if unit == "laps":
        return None if rest_unit in {None, "laps"} else (first, unit)
    return _add_smaller(first, unit, _rest(found), rest_unit)


def _has_rest(found: _Found) -> bool:
    return bool(found["rest"] or found["rest_count"])


def _rest(found: _Found) -> _Amount | None:
    return _count(found["rest_count"]) if found["rest_count"] else _figures(found["rest"] or "0")


def _add_smaller(first: _Amount, unit: str, rest: _Amount | None, rest_unit: str | None) -> tuple[_Amount, str] | None:
    smaller, size = _SMALLER.get(unit, ("", 0))
    if unit == "minutes":
        rest_unit = rest_unit or "seconds"
    if rest is None or rest.value >= size or rest_unit != smaller:
        return None
    decimals = rest.decimals or first.decimals
    return _Amount(first.value * size + rest.value, decimals, first.is_rounded or rest.is_rounded), smaller


def _figures(text: str) -> _Amount | None:
    """Read `0.330` or `0,330`; None for more than four decimals that count, and for what may be thousands."""
    whole, _, places = text.replace(",", ".").partition(".")
    value = Decimal(f"{whole or 0}.{places[:4] or 0}")
    if places[4:].strip("0") or ("," in text and len(places) == 3 and value >= 60):
        return None
    return _Amount(value, len(places[:4]))


def _count(words: str) -> _Amount:
    """Read `a`, `nineteen`, `fifty three`, `two hundred`."""
    number = sum(_NUMBERS[word] for word in words.replace("hundred", "").split())
    return _Amount(Decimal(number * 100 if "hundred" in words else number), is_rounded=True)


def _couple(_words: str) -> _Amount:
    return _Amount(Decimal(2), is_rounded=True)


def _part(words: str) -> _Amount | None:
    """Read `7/10ths`, `half`, `three quarters`, `94 hundredths`; None for what four decimals cannot hold."""
    top, _, bottom = words.rpartition("/" if "/" in words else " ")
    size = _PARTS.get(bottom) or int(bottom.removesuffix("ths").removesuffix("th"))
    over = int(top) if top.isdecimal() else int(_count(top or "a").value)
    if not 0 < over < size or over * 10_000 % size:
        return None
    return _Amount(Decimal(over) / size, _DECIMALS.get(size, 0), is_rounded=size < 100)


_READERS: dict[str, Callable[[str], _Amount | None]] = {
    "figures": _figures,
    "count": _count,
    "couple": _couple,
    **dict.fromkeys(("part", "joined", "and_part", "late_part"), _part),
}
