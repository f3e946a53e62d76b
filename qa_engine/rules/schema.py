"""The JSON Schema of scorecard files: made from the checks' options, used by editors and by the loader alike."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Final

import msgspec

from qa_engine.domain.call_identity import Direction
from qa_engine.domain.transcript import Role
from qa_engine.rules.registry import CHECKS

__all__ = ["CRITERION_FIELDS", "FORMAT_VERSION", "LANGUAGES", "scorecard_schema"]

FORMAT_VERSION: Final = 1
LANGUAGES: Final = ("ru", "en")
_ID: Final = {"type": "string", "pattern": "^[a-z][a-z0-9_]{0,63}$"}
_TEXT: Final = {"type": "string", "pattern": r"\S"}
_PHRASES: Final = {
    "anyOf": [_TEXT, {"type": "array", "items": _TEXT, "minItems": 1}],
    "description": "a phrase or a list of phrases; lexicon:NAME for a ready-made list",
}
_LIST: Final = {"type": "array", "items": _TEXT}


def _object(properties: dict[str, Any], *required: str, **more: Any) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": list(required),
        "additionalProperties": False,
        **more,
    }


_WINDOW: Final = _object(
    {
        "first_seconds": {"type": "number", "exclusiveMinimum": 0, "description": "seconds after the answer"},
        "last_seconds": {"type": "number", "exclusiveMinimum": 0, "description": "seconds before the last word"},
        "first_turns": {"type": "integer", "minimum": 1, "description": "first turns of the speaker asked about"},
        "last_turns": {"type": "integer", "minimum": 1, "description": "last turns of the speaker asked about"},
    },
    minProperties=1,
    description="where in the call to look",
)
_APPLIES_WHEN: Final = _object(
    {
        "said_by_customer": _PHRASES,
        "said_by_manager": _PHRASES,
        "not_said_by_customer": _PHRASES,
        "not_said_by_manager": _PHRASES,
        "direction": {"enum": [item.value for item in Direction if item is not Direction.UNKNOWN]},
        "has_transfer": {"type": "boolean"},
        "has_hold": {"type": "boolean"},
    },
    minProperties=1,
    description="when the criterion is asked at all; every condition given must hold",
)
CRITERION_FIELDS: Final[dict[str, Any]] = {
    "id": {**_ID, "description": "stable, never used again for something else"},
    "title": _TEXT,
    "weight": {"type": "number", "minimum": 0, "maximum": 1000, "description": "points of the criterion"},
    "fatal": {"type": "boolean", "description": "a fail makes the score of the call 0"},
    "check": {"enum": sorted(CHECKS), "description": "how it is judged"},
    "said_by": {
        "enum": [Role.MANAGER.value, Role.CUSTOMER.value, Role.SECOND_MANAGER.value],
        "description": "whose words; manager unless said. second_manager: who took the call over, where somebody did",
    },
    "within": _WINDOW,
    "applies_when": _APPLIES_WHEN,
    "advice": {"type": "string", "description": "what to tell a manager who fails it"},
    "examples": _object({"pass": _LIST, "fail": _LIST}, description="what must and must not pass"),
}
"""The fields that every criterion has, whatever its check."""

_PERSON: Final = _object({"id": {"type": "string"}, "name": _TEXT, "also": _LIST}, "name")


@lru_cache(maxsize=1)
def _built() -> dict[str, Any]:
    options, shared = _options()
    names = {name: f"criterion_{name}" for name in sorted(CHECKS)}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "QA scorecard",
        **_object(
            {
                "scorecard": {"const": FORMAT_VERSION, "description": "version of the file format"},
                "id": _ID,
                "title": _TEXT,
                "language": {"enum": list(LANGUAGES)},
                "company": _object({"name": _TEXT, "also": _LIST}, "name"),
                "managers": {"type": "array", "items": _PERSON},
                "pass_mark": {"type": "number", "minimum": 0, "maximum": 100},
                "sections": {"type": "array", "items": {"$ref": "#/$defs/section"}, "minItems": 1},
            },
            *("scorecard", "id", "title", "language", "company", "pass_mark", "sections"),
        ),
        "$defs": {
            "section": _object(
                {
                    "id": _ID,
                    "title": _TEXT,
                    "criteria": {"type": "array", "items": {"$ref": "#/$defs/criterion"}, "minItems": 1},
                },
                *("id", "title", "criteria"),
            ),
            "criterion": _any_criterion(names),
            **{name: _criterion(check, options[check]) for check, name in names.items()},
            **shared,
        },
    }


def scorecard_schema() -> dict[str, Any]:
    """JSON Schema (draft 2020-12) of version 1, with the options of every check; a copy of one's own."""
    copy: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(_built()))
    return copy


def _any_criterion(names: dict[str, str]) -> dict[str, Any]:
    """Chosen by `check`, so that the problems told are those of the check that was meant."""
    return {
        "type": "object",
        "required": ["check"],
        "properties": {"check": CRITERION_FIELDS["check"]},
        "allOf": [
            {
                "if": {"properties": {"check": {"const": check}}, "required": ["check"]},
                "then": {"$ref": f"#/$defs/{name}"},
            }
            for check, name in names.items()
        ],
    }


def _criterion(check: str, options: dict[str, Any]) -> dict[str, Any]:
    own = {
        name: {key: value for key, value in field.items() if key != "default"}
        for name, field in options["properties"].items()
    }
    return _object(
        {**CRITERION_FIELDS, "check": {"const": check}, **own},
        *("id", "title", "weight", "check", *options.get("required", ())),
        description=CHECKS[check].manual.partition("\n")[0],
    )


def _options() -> tuple[dict[str, dict[str, Any]], dict[str, Any]]:
    """Schema of each check's options by check, and the named parts they share."""
    names = sorted(CHECKS)
    found, parts = msgspec.json.schema_components(
        [CHECKS[name].options for name in names], ref_template="#/$defs/{name}"
    )
    schemas: dict[str, dict[str, Any]] = {}
    for name, schema in zip(names, found, strict=True):
        schemas[name] = parts[schema["$ref"].rpartition("/")[2]] if "$ref" in schema else schema
    used = {key: _strict(part) for key, part in parts.items() if all(part is not schema for schema in schemas.values())}
    return schemas, used


def _strict(part: dict[str, Any]) -> dict[str, Any]:
    return {**part, "additionalProperties": False} if part.get("type") == "object" else part
