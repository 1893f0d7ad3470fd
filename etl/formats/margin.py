"""The text of a margin of victory → kind, value, unit, seconds, decimals (polars expressions).

Sources print the margin as free text. Until May 1993 it was judged or timed by hand and told in laps, car
lengths, feet, inches or seconds of a stopwatch; from Sears Point on 1993-05-16 (Bodine by 0.53) it is
electronic, with two decimals, then three. The rules, and what each rests on:

- Zero is unknown, never 0: the league's feed stores `0` for "not recorded" as well as for the .0004 of
  Daytona, 2018-02-17, second series. Negative and absurd numbers (above 9999.9999) are unknown too.
- At most four decimals: that .0004 is the finest margin known, so further digits are a float's noise, and
  rounding them would invent ties. Zeros after the fourth decimal are padding: tolerated, not counted.
- Under caution there is no margin, whatever number stands beside the words: the field was frozen, nobody
  raced to the line. `under` alone is the feed's own short form. Words that deny it ("no caution") leave the
  margin unknown.
- "1 lap +", "more than", "over", "at least", "plus" state a lower bound. So do laps and a rest ("1 lap, 25
  seconds"): a lap is no fixed number of seconds. "1:02.3" and "2 feet 3 inches" are sums: 62.3 seconds,
  27 inches.
- "several car lengths" and "less than a lap" tell a unit but no value: an upper bound is not a margin. A time
  is nothing without its seconds, so "less than a second" is unknown.
- A bare number is seconds, as the feed and the record lists print it. A comma before the last one to four
  digits of seconds is a decimal comma; with another unit ("1,500 feet") it may mean two things: unknown.
- A nose, fender or bumper has no agreed length: unknown. So is a fraction that four decimals cannot hold
  (1/3).
- "about", "est.", "won by" before a margin, and `*`, dots or `[3]` after it, change nothing.
- Only ASCII digits are digits. A text above 200 bytes is prose, not a margin.
"""

from collections.abc import Iterable

import polars as pl

MARGIN_KINDS = ("time", "laps", "car_lengths", "distance", "under_caution", "dead_heat", "unknown")

_LONGEST_TEXT = 200
_VALUE = pl.Decimal(12, 4)
_LARGEST_VALUE = pl.lit("9999.9999").cast(_VALUE)

_SPELLINGS = {
    "minutes": ("min", "mins", "minute", "minutes"),
    "seconds": ("s", "sec", "secs", "second", "seconds"),
    "laps": ("lap", "laps"),
    "car_lengths": (
        "length",
        "lengths",
        "car length",
        "car lengths",
        "car's length",
        "carlength",
        "carlengths",
    ),
    "inches": ("in", "inch", "inches", '"', "\u2033", "\u201d"),
    "feet": ("ft", "foot", "feet", "'", "\u2032", "\u2019"),
    "yards": ("yd", "yds", "yard", "yards"),
    "miles": ("mi", "mile", "miles"),
}
_UNITS = {spelling: unit for unit, spellings in _SPELLINGS.items() for spelling in spellings}
_DISTANCES = ("inches", "feet", "yards", "miles")

_ONES = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_TEENS = (
    *("ten", "eleven", "twelve", "thirteen", "fourteen"),
    *("fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
)
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_WORDS = {
    **dict.fromkeys(("a", "an"), "1"),
    **{word: str(number) for number, word in enumerate(_ONES + _TEENS, 1)},
    **{word: f"{ten}0" for ten, word in enumerate(_TENS, 2)},
    **{f"{tens} {ones}": f"{t}{o}" for t, tens in enumerate(_TENS, 2) for o, ones in enumerate(_ONES, 1)},
    **dict.fromkeys(("a hundred", "one hundred"), "100"),
}
_SPOKEN = {
    **dict.fromkeys(("half", "one half"), "0.5"),
    **dict.fromkeys(("quarter", "one quarter"), "0.25"),
    **dict.fromkeys(("three quarter", "three quarters"), "0.75"),
}
_GLYPHS = {"½": "0.5", "¼": "0.25", "¾": "0.75", "⅛": "0.125", "⅜": "0.375", "⅝": "0.625", "⅞": "0.875"}
_WRITTEN = {f"{n}/{d}": f"{n / d:.4f}" for d in (2, 4, 5, 8, 10, 16) for n in range(1, d)}
_FRACTIONS = _SPOKEN | _GLYPHS | _WRITTEN

_FILLERS = ("won", "by", "just", "only", "slightly", "well", "about", "around", "roughly")
_ESTIMATES = ("approx", "approximate", "approximately", "est", "estimated", "ca")
_MORE = ("more than", "better than", "greater than", "in excess of", "over", "at least", ">=?", "≥")
_LESS = (
    "less than",
    "fewer than",
    "under",
    "below",
    "up to",
    "within",
    "at most",
    "almost",
    "nearly",
    "<=?",
    "≤",
)
_PLUS = (r" ?\+", " plus", " or more", " or better")
_VAGUE = ("several", "few", "a few", "a couple of", "many", "multiple", "some")


def _any(alternatives: Iterable[str]) -> str:
    return f"(?:{'|'.join(alternatives)})"


def _number(name: str, point: str) -> str:
    """Return a regex: a number below 10000 as the group `name`, its decimals as `name`_decimals."""
    decimals = rf"(?P<{name}_decimals>[0-9]{{1,4}})0{{0,12}}"
    return rf"(?P<{name}>0{{0,12}}[0-9]{{0,4}}{point}{decimals}|0{{0,12}}[0-9]{{1,4}}\.?)"


_FILLER = rf"(?:{_any(_FILLERS + _ESTIMATES)}\b\.? ?|[~≈] ?)*"
_BOUND = rf"{_FILLER}(?:(?P<more>{_any(_MORE)}) ?|(?P<less>{_any(_LESS)}) ?)?\+? ?"
_FRACTION = rf"(?:{_any(_SPOKEN)}\b|{_any(_WRITTEN)}|{_any(_GLYPHS)})"
# "1 1/2" is one and a half, but "one half" is a half: only figures join a fraction without an "and".
_JOINED = rf"(?: (?P<written_part>{_any(_WRITTEN)})| ?(?P<glyph_part>{_any(_GLYPHS)}))?"
_FIGURES = rf"{_number('whole', '(?:[.]|(?P<comma>,))')}{_JOINED}"
_AND_PART = rf"(?: and (?:an? )?(?P<and_part>{_FRACTION})(?: of an?\b)?)?"
_WHOLE = rf"(?:{_FIGURES}|(?P<word>{_any(_WORDS)})\b){_AND_PART}"
_PART = rf"(?:an? )?(?P<part>{_FRACTION})(?: of)?(?: an?\b)?"
_AMOUNT = rf"(?:{_WHOLE}|{_PART}|(?P<vague>{_any(_VAGUE)}))(?P<plus>{_any(_PLUS)})?"
_REST = (
    rf"(?: and (?:an? )?(?P<late_part>{_FRACTION})|(?P<late_plus>{_any(_PLUS)})"
    rf"|(?:,| ?\+| and| plus)? ?{_number('rest', '[.]')}(?: ?(?P<rest_unit>{_any(_UNITS)})\.?)?)?"
)
_TAIL = rf"(?:[ .*†‡]|\[(?:[0-9]{{1,3}}|[a-z]|note [0-9]{{1,3}})\]|\({_any(_ESTIMATES)}\.?\))*$"
_TEXT = (
    rf"^ ?(?:{_BOUND}{_AMOUNT}(?: ?(?P<unit>{_any(_UNITS)})\.?{_REST})?{_TAIL}"
    rf"|(?P<dead_heat>(?:a )?(?:dead heat|tied?)){_TAIL}"
    r"|.*\b(?:no|not|without)\b.*$"
    rf"|(?P<under_caution>.*\b(?:caution|yellow|u\.?c)\b.*$|under{_TAIL}))"
)


def parse_margin(text: pl.Expr) -> pl.Expr:
    """Turn the text of a margin of victory, any strings and nulls, into a struct `margin`, a row for a row.

    No text is an error: what the rules of this module do not cover is unknown. The struct's fields:

    - margin_kind: one of MARGIN_KINDS, never null.
    - margin_value: Decimal(12, 4) above 0, in margin_unit; null where the text gives no number that counts.
    - margin_unit: seconds, laps, car_lengths, inches, feet, yards or miles; null where the kind has none.
    - margin_seconds: Decimal(9, 4), exact and above 0, for the kind time and for no other.
    - margin_decimals: Int8, digits printed after the point (0 to 4), for the kind time and for no other.
    - is_lower_bound: whether margin_value is the least that the margin was; never null.
    """
    # A struct hands each step's results on: outside a lazy query an expression used twice is computed twice.
    found = _tidied(text).str.extract_groups(_TEXT)
    summed = found.struct.eval(**_amounts()).struct.eval(**_sums())
    return summed.struct.eval(**_verdicts()).struct.eval(**_fields()).alias("margin")


def margins_of(texts: Iterable[str | None]) -> pl.DataFrame:
    """Return a row for each text: `margin_text` as given, then the fields of `parse_margin`."""
    frame = pl.DataFrame({"margin_text": list(texts)}, schema={"margin_text": pl.String})
    return frame.with_columns(parse_margin(pl.col("margin_text"))).unnest("margin")


def _tidied(text: pl.Expr) -> pl.Expr:
    """Return lower case, one space for each gap and each hyphen inside words, `1 min 02` for `1:02`."""
    known = text.cast(pl.String)
    short = pl.when(known.str.len_bytes() <= _LONGEST_TEXT).then(known).otherwise(pl.lit(""))
    tidy = short.str.to_lowercase().str.replace_all(r"[\s\x{200b}\x{feff}]+|\b[-\x{2010}-\x{2013}]\b", " ")
    return tidy.str.replace(r"^( ?\+?[0-9]{1,3}):([0-5][0-9])\b", "${1} min ${2}")


def _amounts() -> dict[str, pl.Expr]:
    """Turn the words and figures found into numbers, a unit and what they are worth."""
    figures = pl.field("whole").str.replace(",", ".", literal=True)
    whole = pl.coalesce(figures, _looked_up(pl.field("word"), _WORDS))
    part = pl.coalesce(pl.field(["part", "and_part", "written_part", "glyph_part", "late_part"]))
    is_bare = pl.field("unit").is_null() & pl.field("whole").is_not_null() & part.is_null()
    no_margin = pl.when(pl.field("under_caution").is_not_null()).then(pl.lit("under_caution"))
    return {
        "first": pl.sum_horizontal(_decimal(whole), _decimal(_looked_up(part, _FRACTIONS))),
        "second": _decimal(pl.field("rest")),
        "unit": pl.when(is_bare).then(pl.lit("seconds")).otherwise(_looked_up(pl.field("unit"), _UNITS)),
        "second_unit": pl.field("rest_unit"),
        "decimals": pl.coalesce(pl.field(["rest_decimals", "whole_decimals"])).str.len_bytes(),
        "has_comma": pl.field("comma").is_not_null(),
        "is_bounded": pl.any_horizontal(pl.field(["more", "plus", "late_plus"]).is_not_null()),
        "is_stated": pl.field("vague").is_null() & pl.field("less").is_null(),
        "no_margin": no_margin.when(pl.field("dead_heat").is_not_null()).then(pl.lit("dead_heat")),
    }


def _looked_up(words: pl.Expr, table: dict[str, str]) -> pl.Expr:
    return words.replace_strict(table, default=None, return_dtype=pl.String)


def _decimal(figures: pl.Expr) -> pl.Expr:
    return figures.cast(_VALUE, strict=False)


def _sums() -> dict[str, pl.Expr]:
    """Join an amount and the smaller one after it; what does not join has no value."""
    first, second = pl.field("first"), pl.field("second").fill_null(0)
    unit, second_unit = pl.field("unit"), pl.field("second_unit")
    in_seconds = (unit == "minutes") & second_unit.fill_null("s").is_in(_SPELLINGS["seconds"]) & (second < 60)
    in_inches = (unit == "feet") & second_unit.is_in(_SPELLINGS["inches"]) & (second < 12)
    laps_and_rest = (unit == "laps") & ~second_unit.is_in(_SPELLINGS["laps"])
    is_alone = pl.field("second").is_null() & (~pl.field("has_comma") | (unit == "seconds"))
    # Not `first * 60 + second`: polars 2.1 fuses that, and in struct.eval a fused product loses its fields.
    sums = (
        pl.when(in_seconds)
        .then(pl.sum_horizontal(first * 60, second))
        .when(in_inches)
        .then(pl.sum_horizontal(first * 12, second))
    )
    sum_unit = pl.when(unit == "minutes").then(pl.lit("seconds")).when(in_inches).then(pl.lit("inches"))
    return {
        "value": sums.when(is_alone | laps_and_rest).then(first),
        "unit": sum_unit.otherwise(unit),
        "decimals": pl.field("decimals"),
        "is_bounded": pl.field("is_bounded") | laps_and_rest.fill_null(False),
        "is_stated": pl.field("is_stated"),
        "no_margin": pl.field("no_margin"),
    }


def _verdicts() -> dict[str, pl.Expr]:
    """Keep a value that is stated, above 0 and not absurd, and the unit of a text that tells its kind."""
    value, unit, is_stated = pl.field("value"), pl.field("unit"), pl.field("is_stated")
    counts = is_stated & unit.is_not_null() & (value > 0) & (value <= _LARGEST_VALUE)
    return {
        "value": pl.when(counts).then(value).cast(_VALUE),
        "unit": pl.when(counts | (~is_stated & (unit != "seconds"))).then(unit),
        "decimals": pl.field("decimals"),
        "is_bounded": pl.field("is_bounded"),
        "no_margin": pl.field("no_margin"),
    }


def _fields() -> dict[str, pl.Expr]:
    value, unit, is_time = pl.field("value"), pl.field("unit"), pl.field("unit") == "seconds"
    kind = pl.when(is_time).then(pl.lit("time")).when(unit.is_in(_DISTANCES)).then(pl.lit("distance"))
    return {
        "margin_kind": kind.otherwise(pl.coalesce(unit, pl.field("no_margin"), pl.lit("unknown"))),
        "margin_value": value,
        "margin_unit": unit,
        "margin_seconds": pl.when(is_time).then(value).cast(pl.Decimal(9, 4)),
        "margin_decimals": pl.when(is_time).then(pl.field("decimals").fill_null(0)).cast(pl.Int8),
        "is_lower_bound": pl.field("is_bounded") & value.is_not_null(),
    }
