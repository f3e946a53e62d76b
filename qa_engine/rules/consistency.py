"""What a schema cannot see in a scorecard: double ids, weights that add up to nothing, phrases without words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from qa_engine.errors import Problem
from qa_engine.rules.check import Check
from qa_engine.rules.registry import CHECKS
from qa_engine.rules.schema import CRITERION_FIELDS, LANGUAGES
from qa_engine.rules.wording import phrase_problem
from qa_engine.rules.yaml_document import Document, Path, written_path

__all__ = ["consistency_problems", "read_options"]


def consistency_problems(document: Document, broken: frozenset[str]) -> Iterator[Problem]:
    """Problems of meaning in the parts that have the right form; `broken`: paths that have problems already."""
    card = document.value
    yield from _double_ids(document)
    yield from _weights(document)
    language = card.get("language")
    yield from _company(document, language if language in LANGUAGES else None)
    for path, criterion in criteria_of(card):
        written = written_path(path)
        if not any(problem.startswith(written) for problem in broken):
            yield from _criterion(document, path, criterion, language if language in LANGUAGES else None)


def criteria_of(card: Any) -> Iterator[tuple[Path, dict[str, Any]]]:
    """Every criterion that is a mapping, with its path."""
    for index, section in _mappings(card.get("sections")):
        for own_index, criterion in _mappings(section.get("criteria")):
            yield ("sections", index, "criteria", own_index), criterion


def _mappings(items: Any) -> Iterator[tuple[int, dict[str, Any]]]:
    for index, item in enumerate(items if isinstance(items, list) else []):
        if isinstance(item, dict):
            yield index, item


def _double_ids(document: Document) -> Iterator[Problem]:
    card = document.value
    sections = [(("sections", index), section) for index, section in _mappings(card.get("sections"))]
    managers = [(("managers", index), person) for index, person in _mappings(card.get("managers"))]
    for what, items in (("section", sections), ("criterion", list(criteria_of(card))), ("manager", managers)):
        first: dict[str, Path] = {}
        for path, item in items:
            own = item.get("id")
            if not isinstance(own, str):
                continue
            if own in first:
                line = document.values_at.get((*first[own], "id"), (0, 0))[0]
                yield document.problem((*path, "id"), f"the {what} id {own!r} is used twice (first on line {line})")
            first.setdefault(own, path)


def _weights(document: Document) -> Iterator[Problem]:
    weights = [criterion.get("weight") for _, criterion in criteria_of(document.value)]
    numbers = [weight for weight in weights if isinstance(weight, int | float) and not isinstance(weight, bool)]
    if numbers and len(numbers) == len(weights) and not any(numbers):
        yield document.problem(("sections",), "the weights add up to 0, so no call can have a score; give some weight")


def _company(document: Document, language: str | None) -> Iterator[Problem]:
    company = document.value.get("company")
    if language is None or not isinstance(company, dict):
        return
    also = company.get("also")
    names: list[tuple[Path, Any]] = [(("company", "name"), company.get("name"))]
    names += [(("company", "also", index), name) for index, name in enumerate(also if isinstance(also, list) else [])]
    for path, name in names:
        if isinstance(name, str) and name.strip() and (problem := phrase_problem(name, language)):
            yield document.problem(path, problem.replace("phrase", "name"))


def _criterion(document: Document, path: Path, criterion: dict[str, Any], language: str | None) -> Iterator[Problem]:
    check = CHECKS[criterion["check"]]
    options = read_options(check, criterion)
    for inner, message in check.needs(options):
        yield document.problem(_inner(path, inner), message)
    if language is not None:
        for inner, phrase in [*check.phrases(options), *_conditions(criterion)]:
            if problem := phrase_problem(phrase, language):
                yield document.problem(_inner(path, inner), problem)
    yield from _window(document, path, criterion)
    if criterion.get("examples") and not check.by_words:
        message = f"the check {check.name!r} does not go by words, so examples cannot be run; leave them out"
        yield document.problem((*path, "examples"), message, at_key=True)


def _window(document: Document, path: Path, criterion: dict[str, Any]) -> Iterator[Problem]:
    within = criterion.get("within", {})
    if {"first_seconds", "first_turns"} & set(within) and {"last_seconds", "last_turns"} & set(within):
        message = "asks for the beginning and the end of the call at once; keep one (first_... or last_...)"
        yield document.problem((*path, "within"), message, at_key=True)


def _conditions(criterion: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for name, phrases in criterion.get("applies_when", {}).items():
        if isinstance(phrases, str) and name != "direction":
            yield f"applies_when.{name}", phrases
        elif isinstance(phrases, list):
            yield from ((f"applies_when.{name}[{index}]", phrase) for index, phrase in enumerate(phrases))


def _inner(path: Path, inner: str) -> Path:
    """``steps[0].any_of[2]`` as a path below `path`."""
    parts: list[str | int] = []
    for part in inner.replace("[", ".[").split(".") if inner else []:
        parts.append(int(part[1:-1]) if part.startswith("[") and part[1:-1].isdecimal() else part)
    return (*path, *parts)


def read_options(check: Check, criterion: dict[str, Any]) -> Any:
    """The check's own options of a criterion whose form is right."""
    own = {name: value for name, value in criterion.items() if name not in CRITERION_FIELDS}
    return msgspec.convert(own, check.options)
