"""A payload is what it always was, or the change is named; a new field is a notice."""

from __future__ import annotations

import json
from typing import Any, Literal

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nascar_warehouse.etl.documents import NOTHING, Ignored
from nascar_warehouse.etl.formats.json_payload import decode
from nascar_warehouse.warehouse.errors import SourceChanged


class Car(msgspec.Struct, forbid_unknown_fields=True):
    number: str
    laps: int
    speed: float | None = None


class Heat(msgspec.Struct, forbid_unknown_fields=True):
    kind: Literal[1, 2]
    cars: list[Car]
    flags: Ignored = NOTHING


class Day(msgspec.Struct, forbid_unknown_fields=True):
    held_on: str = msgspec.field(name="HeldOn")
    heats: list[Heat]


CAR: dict[str, Any] = {"number": "5", "laps": 268, "speed": 126.481}


def day(*cars: object, kind: object = 1, **more: object) -> dict[str, Any]:
    """A day of one heat."""
    return {"HeldOn": "2024-05-05", "heats": [{"kind": kind, "cars": [*cars] or [CAR], "flags": [{"lap": 1}]}]} | more


def dump(value: object) -> bytes:
    return json.dumps(value).encode()


def problem(content: object) -> str:
    """What is said of content that is refused."""
    with pytest.raises(SourceChanged) as refusal:
        decode(content if isinstance(content, bytes) else dump(content), Day)
    return refusal.value.problem


def test_what_was_always_there_is_decoded_without_a_notice() -> None:
    decoded, notices = decode(dump(day()), Day)
    assert ([Car("5", 268, 126.481)], []) == (decoded.heats[0].cars, notices)


def test_a_byte_order_mark_says_nothing() -> None:
    assert decode(dump(day()), Day) == decode(b"\xef\xbb\xbf" + dump(day()), Day)
    assert ["$.Surprise"] == decode(b"\xef\xbb\xbf" + dump(day(Surprise=1)), Day)[1]


def test_a_field_with_a_default_may_be_missing() -> None:
    decoded, _ = decode(dump(day({"number": "5", "laps": 268})), Day)
    assert Car("5", 268) == decoded.heats[0].cars[0]


def test_a_missing_field_is_named_with_its_path() -> None:
    assert "unexpected content: Object missing required field `laps` - at `$.heats[0].cars[1]`" == problem(
        day(CAR, {"number": "17"})
    )


def test_a_missing_field_is_named_as_the_source_spells_it() -> None:
    assert "unexpected content: Object missing required field `HeldOn`" == problem({"heats": []})


@pytest.mark.parametrize(
    ("car", "path"),
    [
        (CAR | {"laps": "268"}, "cars[0].laps"),
        (CAR | {"laps": 268.5}, "cars[0].laps"),
        (CAR | {"laps": True}, "cars[0].laps"),
        (CAR | {"laps": None}, "cars[0].laps"),
        (CAR | {"number": 5}, "cars[0].number"),
        (CAR | {"speed": "fast"}, "cars[0].speed"),
        ("5", "cars[0]"),
        ([CAR], "cars[0]"),
    ],
)
def test_another_type_is_named_with_its_path(car: object, path: str) -> None:
    assert problem(day(car)).endswith(f"- at `$.heats[0].{path}`")


def test_a_value_outside_a_closed_list_is_named_with_its_path() -> None:
    assert "unexpected content: Invalid enum value 3 - at `$.heats[0].kind`" == problem(day(kind=3))


def test_null_is_no_document() -> None:
    assert "unexpected content: Expected `object`, got `null`" == problem(b"null")


@pytest.mark.parametrize("content", [b"", b"   ", b"<html></html>", b"{,}", dump(day())[:-1], dump(day()) + b"]"])
def test_what_is_no_json_is_said_to_be_broken(content: bytes) -> None:
    assert problem(content).startswith("is not whole JSON")


def test_json_cut_off_after_a_new_field_is_said_to_be_broken() -> None:
    cut = dump({"surprise": 1} | day())[:-1]
    assert problem(cut).startswith("is not whole JSON")


def test_json_cut_off_anywhere_is_refused() -> None:
    whole = dump({"surprise": [1]} | day())
    for length in range(len(whole)):
        with pytest.raises(SourceChanged):
            decode(whole[:length], Day)


def test_advice_comes_with_every_refusal() -> None:
    with pytest.raises(SourceChanged) as refusal:
        decode(b"null", Day)
    assert "" != refusal.value.advice


def test_a_new_field_is_noticed_with_its_path() -> None:
    _, notices = decode(dump(day(Surprise=1)), Day)
    assert ["$.Surprise"] == notices


def test_a_new_field_leaves_the_known_ones_as_they_were() -> None:
    decoded, _ = decode(dump(day(CAR | {"colour": "blue"}, Surprise=1)), Day)
    assert decode(dump(day()), Day)[0].heats[0].cars == decoded.heats[0].cars


def test_a_new_field_of_many_items_is_noticed_once() -> None:
    cars = [CAR | {"colour": colour} for colour in ("blue", "red", "green")]
    _, notices = decode(dump(day(*cars)), Day)
    assert ["$.heats[].cars[].colour"] == notices


def test_new_fields_in_several_places_are_noticed_in_order() -> None:
    payload = day(CAR | {"colour": 1, "bonus": 2}, weather={"rain": True})
    payload["heats"][0]["new"] = None
    _, notices = decode(dump(payload), Day)
    assert ["$.heats[].cars[].bonus", "$.heats[].cars[].colour", "$.heats[].new", "$.weather"] == notices


def test_what_is_inside_an_ignored_field_is_nobodys_concern() -> None:
    payload = day()
    payload["heats"][0]["flags"] = {"anything": [1, {"at": "all"}]}
    assert [] == decode(dump(payload), Day)[1]


def test_a_new_field_does_not_hide_a_missing_one() -> None:
    assert "unexpected content: Object missing required field `laps` - at `$.heats[0].cars[0]`" == problem(
        {"surprise": 1} | day({"number": "5"})
    )


@pytest.mark.parametrize("number", ["1e999", "9" * 5000])
def test_a_number_beyond_all_bounds_in_a_new_field_is_a_change_of_the_source(number: str) -> None:
    content = b'{"surprise": %b, ' % number.encode() + dump(day())[1:]
    assert problem(content).startswith(("unexpected content", "is not whole JSON"))


def test_a_name_that_is_not_utf_8_is_a_change_of_the_source() -> None:
    content = b'{"\xff": 1, ' + dump(day())[1:]
    assert problem(content).startswith("is not whole JSON")


@pytest.mark.parametrize("field", [b"surprise", b"heats"])
def test_lists_in_lists_without_end_are_a_change_of_the_source(field: bytes) -> None:
    content = b'{"HeldOn": "", "%b": ' % field + b"[" * 100_000 + b"]" * 100_000 + b"}"
    assert problem(content).startswith(("unexpected content", "is not whole JSON"))


def test_an_ignored_field_nested_without_end_is_a_change_of_the_source() -> None:
    deep = b"[" * 100_000 + b"]" * 100_000
    content = b'{"HeldOn": "", "heats": [{"kind": 1, "cars": [], "flags": %b}]}' % deep
    assert problem(content).startswith(("unexpected content", "is not whole JSON"))


NAMES = st.sampled_from(["HeldOn", "heats", "kind", "cars", "flags", "number", "laps", "speed"]) | st.text(max_size=3)
SCALARS = (
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=5)
)
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(NAMES, inner, max_size=6), max_leaves=20
)
CARS = st.fixed_dictionaries(
    {"number": st.text(max_size=3) | VALUES, "laps": st.integers() | VALUES}, optional={"speed": VALUES, "x": VALUES}
)
DAYS = st.fixed_dictionaries(
    {"HeldOn": st.text(max_size=3)},
    optional={
        "heats": st.lists(
            st.fixed_dictionaries({"kind": st.integers(1, 3), "cars": st.lists(CARS, max_size=3)}), max_size=2
        ),
        "y": VALUES,
    },
)


def decode_or_refuse(content: bytes) -> type:
    try:
        return type(decode(content, Day)[0])
    except SourceChanged:
        return SourceChanged


@given(VALUES | DAYS)
def test_any_json_is_decoded_or_a_change_of_the_source(value: object) -> None:
    assert decode_or_refuse(dump(value)) in {Day, SourceChanged}


@given(DAYS, st.data())
def test_any_broken_json_is_decoded_or_a_change_of_the_source(value: object, data: st.DataObject) -> None:
    content = bytearray(dump(value))
    content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    assert decode_or_refuse(bytes(content)) in {Day, SourceChanged}


@given(st.binary())
def test_any_bytes_are_decoded_or_a_change_of_the_source(content: bytes) -> None:
    assert decode_or_refuse(content) in {Day, SourceChanged}
