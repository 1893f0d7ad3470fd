"""Typed JSON payloads: what must be there is, and what is new is noticed without being fatal."""

from __future__ import annotations

import codecs
import functools
import typing
from collections.abc import Hashable
from typing import Any, TypeVar

import msgspec

from nascar_warehouse.warehouse.errors import SourceChanged

# What a decoder makes of bytes that no program should have sent: cut off, not UTF-8, nested without end.
_NOT_JSON = (msgspec.DecodeError, msgspec.EncodeError, RecursionError, UnicodeError, OverflowError)

_Shape = TypeVar("_Shape")

_ADVICE = "compare the document with its shape in etl/sources; if the change is permanent, adapt that and its test"


def decode(content: bytes, shape: type[_Shape]) -> tuple[_Shape, list[str]]:
    """Decode JSON into `shape`, whose structs forbid unknown fields; returns it with the paths of fields that are new.

    A missing field, another type or a value outside a closed list raises `SourceChanged` with the path of the field. A
    byte order mark, which some servers write before the text, says nothing.
    """
    content = content.removeprefix(codecs.BOM_UTF8)
    try:
        return _decode(content, shape), []
    except msgspec.ValidationError as error:
        if "unknown field" not in str(error):
            raise _unexpected(error) from error
    except _NOT_JSON as error:
        raise _broken(error) from error
    try:
        known, new_fields = _without_new_fields(content, shape)
        return _decode(known, shape), new_fields
    except msgspec.ValidationError as error:
        raise _unexpected(error) from error
    except _NOT_JSON as error:
        raise _broken(error) from error


def is_null(content: bytes) -> bool:
    """Whether the body is `null`: a document that has nothing in it yet."""
    return content.removeprefix(codecs.BOM_UTF8).strip() == b"null"


def _unexpected(error: Exception) -> SourceChanged:
    return SourceChanged(f"unexpected content: {error}", _ADVICE)


def _broken(error: Exception) -> SourceChanged:
    return SourceChanged(f"is not whole JSON: {error}", "fetch it again later; if it stays so, look at the document")


def _decode(content: bytes, shape: type[_Shape]) -> _Shape:
    value: _Shape = _decoder(typing.cast("Hashable", shape)).decode(content)
    return value


@functools.cache
def _decoder(shape: Hashable) -> msgspec.json.Decoder[Any]:
    return msgspec.json.Decoder(typing.cast("type[Any]", shape))


def _without_new_fields(content: bytes, shape: type[Any]) -> tuple[bytes, list[str]]:
    value = msgspec.json.decode(content)
    found: set[str] = set()
    _prune(value, shape, "$", found)
    return msgspec.json.encode(value), sorted(found)


def _prune(value: Any, shape: Any, path: str, found: set[str]) -> None:
    if isinstance(value, list) and typing.get_origin(shape) is list:
        for item in value:
            _prune(item, typing.get_args(shape)[0], f"{path}[]", found)
    elif isinstance(value, dict) and isinstance(shape, type) and issubclass(shape, msgspec.Struct):
        known = {f.encode_name: f.type for f in msgspec.structs.fields(shape)}
        for name in [name for name in value if name not in known]:
            found.add(f"{path}.{name}")
            del value[name]
        for name, inner in value.items():
            _prune(inner, known[name], f"{path}.{name}", found)
