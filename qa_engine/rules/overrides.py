"""`--set path=value`: fields of a scorecard changed from outside, before it is validated."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from typing import Any

from qa_engine.errors import SettingsError
from qa_engine.rules.schema import CRITERION_FIELDS, scorecard_schema
from qa_engine.rules.yaml_document import Path, read_scalar

__all__ = ["apply_settings"]

_CLOSE_PATHS = 3


def apply_settings(card: dict[str, Any], settings: Mapping[str, str], *, file: str) -> tuple[Path, ...]:
    """Sets the values in `card`; gives the paths that were set. SettingsError for a path that is not there.

    A part of a path is a field, or the id (or number) of an item: ``sections.greeting.criteria.hello.weight``, for
    short ``criteria.hello.weight``; ``managers.101.name``. Setting ``company.name`` drops ``company.also``, the forms
    of the old name, unless that is set too.
    """
    known = dict(_known_paths(card))
    for written in settings:
        if written not in known:
            raise SettingsError(_unknown(written, list(known), file))
    if "company.name" in settings and "company.also" not in settings and isinstance(card.get("company"), dict):
        card["company"].pop("also", None)
    for written, value in settings.items():
        _set(card, known[written], _read(value, known[written]))
    return tuple(known[written] for written in settings)


def _unknown(written: str, known: list[str], file: str) -> str:
    close = difflib.get_close_matches(written, known, n=_CLOSE_PATHS, cutoff=0.5) or known[:_CLOSE_PATHS]
    return f"--set {written}: {file} has no such field; did you mean {', '.join(close)}?"


def _known_paths(card: dict[str, Any]) -> Iterator[tuple[str, Path]]:
    """Every path that may be set, as written and as it lies in the file."""
    top = scorecard_schema()["properties"]
    for name in top:
        if name not in ("scorecard", "sections", "managers", "company"):
            yield name, (name,)
    for name in top["company"]["properties"]:
        yield f"company.{name}", ("company", name)
    for label, path, _ in _items(card, ("managers",)):
        for name in top["managers"]["items"]["properties"]:
            yield f"managers.{label}.{name}", (*path, name)
    for label, path, section in _items(card, ("sections",)):
        yield f"sections.{label}.title", (*path, "title")
        for own_label, own_path, criterion in _items(section, (*path, "criteria")):
            for written, field in _criterion_paths(criterion):
                yield f"sections.{label}.criteria.{own_label}.{written}", (*own_path, *field)
                yield f"criteria.{own_label}.{written}", (*own_path, *field)


def _items(holder: Any, path: Path) -> Iterator[tuple[str, Path, Any]]:
    """The items of the list at the end of `path` (held by `holder`), each by its id and by its number."""
    items = holder.get(path[-1]) if isinstance(holder, dict) else None
    for index, item in enumerate(items if isinstance(items, list) else []):
        if isinstance(item, dict) and isinstance(item.get("id"), str):
            yield item["id"], (*path, index), item
        yield str(index), (*path, index), item


def _criterion_paths(criterion: Any) -> Iterator[tuple[str, Path]]:
    check = criterion.get("check") if isinstance(criterion, dict) else None
    schema = scorecard_schema()["$defs"].get(f"criterion_{check}")
    for name, field in (schema["properties"] if schema else CRITERION_FIELDS).items():
        yield name, (name,)
        for inner in field.get("properties", {}) if isinstance(field, dict) else {}:
            yield f"{name}.{inner}", (name, inner)


def _read(text: str, path: Path) -> Any:
    """A value as the file would have held it: lists as ``[a, b]``, numbers, true/false, else text."""
    if text.startswith("[") and text.endswith("]"):
        return [part.strip().strip("\"'") for part in text[1:-1].split(",") if part.strip()]
    if path[-1] == "also":
        return [part.strip() for part in text.split(",") if part.strip()]
    return text if path[-1] in ("name", "id", "title", "advice", "question") else read_scalar(text)


def _set(card: dict[str, Any], path: Path, value: Any) -> None:
    holder: Any = card
    for part in path[:-1]:
        if isinstance(part, str) and not isinstance(holder.get(part), dict | list):
            holder[part] = {}
        holder = holder[part]
    holder[path[-1]] = value
