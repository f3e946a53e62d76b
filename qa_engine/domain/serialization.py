"""Domain values as JSON bytes and back, exactly: what was saved reads back equal, and equal values give equal bytes.

Keys stand in the order of the fields. Unknown keys are ignored and missing ones take the field's default, so that a
value stored before a field was added still reads.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from functools import cache
from typing import Any, TypeVar, cast

import msgspec

__all__ = ["from_json", "to_json"]

T = TypeVar("T")


def to_json(value: object) -> bytes:
    """A domain value (dataclasses, tuples, numbers, text, dates) as UTF-8 JSON on one line.

    Raises ValueError, naming the place, for a number that is not finite and for text that is not Unicode (a file name
    with undecodable bytes).
    """
    plain = msgspec.to_builtins(value)
    try:
        return json.dumps(plain, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()
    except ValueError as error:  # includes UnicodeEncodeError
        places = "; ".join(_unfit(plain, type(value).__name__)) or str(error)
        raise ValueError(f"cannot be written as JSON: {places}") from error


def from_json(kind: type[T], data: bytes) -> T:
    """The value of type `kind` in `data`; raises ValueError where it is not one."""
    try:
        value: T = _decoder(cast(Any, kind)).decode(data)
    except msgspec.MsgspecError as error:
        raise ValueError(f"not a stored {getattr(kind, '__name__', kind)}: {error}") from error
    return value


@cache
def _decoder(kind: Any) -> msgspec.json.Decoder[Any]:
    return msgspec.json.Decoder(kind)


def _unfit(plain: Any, place: str) -> Iterator[str]:
    """What JSON cannot hold, as ``Call.turns[3].start: nan``; the text itself is not told."""
    if isinstance(plain, float) and not math.isfinite(plain):
        yield f"{place}: {plain}"
    elif isinstance(plain, str) and any("\ud800" <= letter <= "\udfff" for letter in plain):
        yield f"{place}: text with bytes that are not UTF-8"
    elif isinstance(plain, dict):
        for key, item in plain.items():
            yield from _unfit(item, f"{place}.{key}")
    elif isinstance(plain, list | tuple):
        for index, item in enumerate(plain):
            yield from _unfit(item, f"{place}[{index}]")
