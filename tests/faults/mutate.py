"""Documents of the feed with something wrong in them, made from whole ones by chance; the same seed makes the same."""

from __future__ import annotations

import copy
import json
import random
from collections.abc import Callable, Iterator
from typing import Any

TEXTS = (
    *("", " ", "0", "-1", "1", "11", "12", ".138", "0.0004", "1e400", "NaN", "9" * 300, "Caution", "under", "1 lap"),
    *("3 laps", "half a car length", "-0.5", "0.100", "100.000", "1:00:00", "99:99:99", "-1:00:00", "9999999999:00:00"),
    *("2021-02-30T00:00:00", "2021-05-05", "0001-01-01T00:00:00", "9999-12-31T00:00:00", "2020-12-31T23:59:59"),
    *(
        "Running",
        "Accident",
        "running",
        "Competition",
        "Ann Winner",
        "ann winner",
        "Ann Winner Jr.",
        "Núñez",
        "李",
        "-",
    ),
    *("'; DROP TABLE core.races; --", '"', "\\", "\x00", "\u202e", "\ud800", "a\nb", "x" * 5_000, "[]", "null", "07"),
)
NUMBERS = (
    *(-(2**63), -(2**31) - 1, -(2**31), -1, 0, 1, 2, 3, 4, 7, 40, 60, 99, 100, 101, 1_000, 9_001, 9_999, 329_805),
    *(
        2**31 - 1,
        2**31,
        2**63,
        10**30,
        -0.5,
        -0.0,
        0.5,
        1e-9,
        1.5,
        99.5,
        9_999.0,
        1e9,
        1e308,
        float("nan"),
        float("inf"),
    ),
)
OTHERS: tuple[Any, ...] = (None, True, False, [], {}, [[]], [None], {"a": 1}, [1, "1"], *TEXTS, *NUMBERS)

Place = tuple[Any, ...]


def mutate(payload: Any, chance: random.Random) -> tuple[bytes, str]:
    """A copy with one to three things wrong, as bytes, and what they are."""
    broken = copy.deepcopy(payload)
    done = [_STEPS[chance.choice(list(_STEPS))](broken, chance) for _ in range(chance.choice((1, 1, 1, 2, 3)))]
    content = json.dumps(broken).encode()
    if chance.random() < 0.05:
        content, how = _spoil_bytes(content, chance)
        done.append(how)
    return content, "; ".join(done)


def _places(value: Any, place: Place = ()) -> Iterator[Place]:
    """Where something is that can be changed: every member of an object or a list, at any depth."""
    names = value.keys() if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
    for name in names:
        yield (*place, name)
        yield from _places(value[name], (*place, name))


def _pick(payload: Any, chance: random.Random, fits: Callable[[Any], bool] = lambda _: True) -> Place | None:
    """A place, each name with the same chance however many rows have it."""
    kinds: dict[Place, list[Place]] = {}
    for place in _places(payload):
        if fits(_at(payload, place)):
            kinds.setdefault(tuple("[]" if isinstance(part, int) else part for part in place), []).append(place)
    return chance.choice(kinds[chance.choice(list(kinds))]) if kinds else None


def _at(payload: Any, place: Place) -> Any:
    for name in place:
        payload = payload[name]
    return payload


def _put(payload: Any, place: Place, value: Any) -> None:
    _at(payload, place[:-1])[place[-1]] = value


def _shown(place: Place) -> str:
    return ".".join(map(str, place))


def _drop(payload: Any, chance: random.Random) -> str:
    place = _pick(payload, chance)
    if place is None:
        return "nothing to drop"
    del _at(payload, place[:-1])[place[-1]]
    return f"without {_shown(place)}"


def _replace(payload: Any, chance: random.Random, values: tuple[Any, ...], fits: Callable[[Any], bool]) -> str:
    place, value = _pick(payload, chance, fits), copy.deepcopy(chance.choice(values))
    if place is None:
        return "nothing to replace"
    _put(payload, place, value)
    return f"{_shown(place)} is {value!r:.40}"


def _change_type(payload: Any, chance: random.Random) -> str:
    return _replace(payload, chance, OTHERS, lambda _: True)


def _change_text(payload: Any, chance: random.Random) -> str:
    return _replace(payload, chance, TEXTS, lambda value: isinstance(value, str))


def _change_number(payload: Any, chance: random.Random) -> str:
    return _replace(payload, chance, NUMBERS, lambda value: isinstance(value, int | float))


def _swap(payload: Any, chance: random.Random) -> str:
    """Two texts, or two numbers, change places."""
    kind = chance.choice((str, int))
    places = [_pick(payload, chance, lambda value: isinstance(value, kind)) for _ in range(2)]
    one, other = places
    if one is None or other is None:
        return "nothing to swap"
    first, second = _at(payload, one), _at(payload, other)
    _put(payload, one, second)
    _put(payload, other, first)
    return f"{_shown(one)} and {_shown(other)} have changed places"


def _wrap(payload: Any, chance: random.Random) -> str:
    place = _pick(payload, chance)
    if place is None:
        return "nothing to wrap"
    value = _at(payload, place)
    _put(payload, place, [value] if chance.random() < 0.5 else {str(place[-1]): value})
    return f"{_shown(place)} is one deeper"


def _unwrap(payload: Any, chance: random.Random) -> str:
    place = _pick(payload, chance, lambda value: isinstance(value, list | dict) and bool(value))
    if place is None:
        return "nothing to unwrap"
    value = _at(payload, place)
    _put(payload, place, value[0] if isinstance(value, list) else next(iter(value.values())))
    return f"{_shown(place)} is one less deep"


def _repeat(payload: Any, chance: random.Random) -> str:
    place = _pick(payload, chance, lambda value: isinstance(value, list) and bool(value))
    if place is None:
        return "nothing to repeat"
    rows = _at(payload, place)
    rows.append(copy.deepcopy(chance.choice(rows)))
    return f"a row of {_shown(place)} is there twice"


def _shuffle(payload: Any, chance: random.Random) -> str:
    place = _pick(payload, chance, lambda value: isinstance(value, list) and len(value) > 1)
    if place is None:
        return "nothing to shuffle"
    chance.shuffle(_at(payload, place))
    return f"{_shown(place)} is in another order"


def _add(payload: Any, chance: random.Random) -> str:
    place = _pick(payload, chance, lambda value: isinstance(value, dict))
    value = copy.deepcopy(chance.choice(OTHERS))
    (_at(payload, place) if place else payload)["brand_new"] = value
    return f"{_shown(place or ())}.brand_new is {value!r:.40}"


def _spoil_bytes(content: bytes, chance: random.Random) -> tuple[bytes, str]:
    at = chance.randrange(len(content))
    if chance.random() < 0.5:
        return content[:at], f"cut after {at} bytes"
    return content[:at] + bytes([chance.randrange(256)]) + content[at + 1 :], f"another byte at {at}"


_STEPS: dict[str, Callable[[Any, random.Random], str]] = {
    "drop": _drop,
    "type": _change_type,
    "text": _change_text,
    "number": _change_number,
    "swap": _swap,
    "wrap": _wrap,
    "unwrap": _unwrap,
    "repeat": _repeat,
    "shuffle": _shuffle,
    "add": _add,
}
