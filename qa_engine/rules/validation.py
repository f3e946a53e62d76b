"""What is wrong with a scorecard file, all of it at once, told to people with the line."""

from __future__ import annotations

import difflib
import json
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from typing import Any, Final

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

from qa_engine.errors import Problem
from qa_engine.rules.schema import FORMAT_VERSION, scorecard_schema
from qa_engine.rules.yaml_document import Document, Path

__all__ = ["did_you_mean", "schema_problems"]

_KINDS: Final[Mapping[str, str]] = {
    "string": "text",
    "number": "a number",
    "integer": "a whole number",
    "boolean": "true or false",
    "array": "a list",
    "object": "a mapping (name: value)",
    "null": "nothing",
}
_NO_OBJECT = "must be a mapping (name: value), found {found}"


def schema_problems(document: Document) -> Iterator[Problem]:
    """Problems of form: unknown and missing fields, wrong kinds of values."""
    seen: set[tuple[Path, str]] = set()
    for error in sorted(_validator().iter_errors(document.value), key=lambda error: [str(part) for part in error.path]):
        path: Path = tuple(error.absolute_path)
        for name, message in _TELL.get(str(error.validator), _as_told)(error):
            where = (*path, name) if name else path
            if (where, message) not in seen:
                seen.add((where, message))
                yield document.problem(where, message, at_key=bool(name))


@lru_cache(maxsize=1)
def _validator() -> Draft202012Validator:
    return Draft202012Validator(scorecard_schema())


def did_you_mean(found: str, known: list[str]) -> str:
    """``; did you mean "weight"?``, or what there is to choose from."""
    close = difflib.get_close_matches(found.casefold(), known, n=1, cutoff=0.6)
    return f'; did you mean "{close[0]}"?' if close else f"; possible: {', '.join(known)}"


def _kind(value: Any) -> str:
    for kind, name in ((bool, "boolean"), (str, "string"), (int | float, "number"), (list, "array"), (dict, "object")):
        if isinstance(value, kind):
            shown = (
                f" ({json.dumps(value, ensure_ascii=False)[:40]})" if name in ("boolean", "string", "number") else ""
            )
            return _KINDS[name] + shown
    return _KINDS["null"]


def _as_told(error: ValidationError) -> Iterator[tuple[str, str]]:
    yield "", str(error.message)


def _unknown(error: ValidationError) -> Iterator[tuple[str, str]]:
    known = list(error.schema["properties"])  # type: ignore[index]
    for name in error.instance:  # type: ignore[union-attr]
        if name not in known:
            yield str(name), f"unknown field {name!r}" + did_you_mean(str(name), known)


def _missing(error: ValidationError) -> Iterator[tuple[str, str]]:
    for name in error.validator_value:  # type: ignore[union-attr]
        if name not in error.instance:  # type: ignore[operator]
            yield "", f"{name!r} is missing"


def _type(error: ValidationError) -> Iterator[tuple[str, str]]:
    wanted = _KINDS[str(error.validator_value)]
    hint = (
        ': put it in quotes ("...")'
        if error.validator_value == "string" and isinstance(error.instance, int | float)
        else ""
    )
    yield "", f"must be {wanted}, found {_kind(error.instance)}{hint}"


def _choice(error: ValidationError) -> Iterator[tuple[str, str]]:
    choices = [str(choice) for choice in error.validator_value]  # type: ignore[union-attr]
    what = (
        f"unknown check {error.instance!r}"
        if list(error.path)[-1:] == ["check"]
        else f"{error.instance!r} is not known here"
    )
    yield "", what + did_you_mean(str(error.instance), choices)


def _const(error: ValidationError) -> Iterator[tuple[str, str]]:
    if list(error.absolute_path) == ["scorecard"]:
        yield "", f"must be {FORMAT_VERSION}, the version of the file format, found {error.instance!r}"
    else:
        yield "", f"must be {error.validator_value!r}, found {error.instance!r}"


def _text(error: ValidationError) -> Iterator[tuple[str, str]]:
    if error.validator_value == r"\S":
        yield "", "must not be empty"
    else:
        yield "", f"must be small Latin letters, digits and _ and begin with a letter, found {error.instance!r}"


def _bound(words: str) -> Callable[[ValidationError], Iterator[tuple[str, str]]]:
    def tell(error: ValidationError) -> Iterator[tuple[str, str]]:
        yield "", f"must be {words} {error.validator_value}, found {error.instance}"

    return tell


def _too_few(_: ValidationError) -> Iterator[tuple[str, str]]:
    yield "", "must not be empty"


def _alternatives(error: ValidationError) -> Iterator[tuple[str, str]]:
    """Of several allowed forms, the problem with the one that was meant; else their kinds."""
    deeper = [inner for inner in error.context or () if inner.validator != "type" or len(inner.path) > 0]
    if deeper:
        yield from _TELL.get(str(deeper[0].validator), _as_told)(deeper[0])
        return
    kinds = [_KINDS[choice["type"]] for choice in error.validator_value if choice.get("type") not in (None, "null")]  # type: ignore[union-attr]
    yield "", f"must be {' or '.join(kinds)}, found {_kind(error.instance)}"


_TELL: Final[Mapping[str, Callable[[ValidationError], Iterator[tuple[str, str]]]]] = {
    "additionalProperties": _unknown,
    "required": _missing,
    "type": _type,
    "enum": _choice,
    "const": _const,
    "pattern": _text,
    "minimum": _bound("at least"),
    "maximum": _bound("at most"),
    "exclusiveMinimum": _bound("more than"),
    "minItems": _too_few,
    "minLength": _too_few,
    "minProperties": _too_few,
    "anyOf": _alternatives,
}
