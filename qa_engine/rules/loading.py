"""Reads scorecard files (`DESIGN` 4) into a Scorecard, or tells everything that is wrong with one at once."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from qa_engine.domain.scorecard import AppliesWhen, Company, Criterion, Examples, Person, Scorecard, Section, Window
from qa_engine.domain.transcript import Role
from qa_engine.errors import Problem, ScorecardError
from qa_engine.rules.consistency import consistency_problems, read_options
from qa_engine.rules.overrides import apply_settings
from qa_engine.rules.registry import CHECKS
from qa_engine.rules.validation import schema_problems
from qa_engine.rules.yaml_document import MAX_BYTES, Document, read_document, written_path

__all__ = ["load_scorecard", "restore_scorecard"]


def load_scorecard(path: Path, *, settings: Mapping[str, str] | None = None) -> Scorecard:
    """The scorecard in a YAML file, with `settings` (dotted path -> value) applied before it is checked.

    Raises ScorecardError with all problems of the file, SettingsError for a setting that fits no field.
    """
    document = read_document(_read(path))
    if document.problems and document.value is None:
        raise ScorecardError(path, tuple(document.problems))
    if not isinstance(document.value, dict):
        raise ScorecardError(path, (Problem("the file must begin with fields such as `scorecard: 1`", 1, 1),))
    changed = apply_settings(document.value, settings or {}, file=str(path))
    problems = _problems(document, {written_path(one) for one in changed})
    if problems:
        raise ScorecardError(path, problems)
    return _scorecard(document.value)


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(MAX_BYTES + 1)
    except OSError as error:
        raise ScorecardError(path, (Problem(f"cannot be read: {error.strerror or error}"),)) from error


def _problems(document: Document, changed: set[str]) -> tuple[Problem, ...]:
    problems = [*document.problems, *schema_problems(document)]
    problems += consistency_problems(document, frozenset(problem.path for problem in problems if problem.path))
    told = [_from_setting(problem) if problem.path in changed else problem for problem in problems]
    return tuple(sorted(told, key=lambda problem: (problem.line, problem.column)))


def _from_setting(problem: Problem) -> Problem:
    """A value that came from outside stands on no line of the file."""
    return Problem(f"{problem.message} (given by --set)", 0, 0, problem.path)


def restore_scorecard(document: str) -> Scorecard:
    """The scorecard in a kept `Scorecard.document`: checked when it was loaded, so read without checking again."""
    return _scorecard(json.loads(document))


def _scorecard(card: dict[str, Any]) -> Scorecard:
    document = json.dumps(card, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return Scorecard(
        card["id"],
        card["title"],
        card["language"],
        Company(card["company"]["name"], tuple(card["company"].get("also", ()))),
        tuple(Person(one["name"], one.get("id", ""), tuple(one.get("also", ()))) for one in card.get("managers", ())),
        float(card["pass_mark"]),
        tuple(
            Section(
                section["id"], section["title"], tuple(_criterion(one, section["id"]) for one in section["criteria"])
            )
            for section in card["sections"]
        ),
        version="sha256:" + hashlib.sha256(document.encode()).hexdigest(),
        document=document,
    )


def _criterion(card: dict[str, Any], section: str) -> Criterion:
    examples = card.get("examples", {})
    return Criterion(
        card["id"],
        card["title"],
        section,
        float(card["weight"]),
        card["check"],
        read_options(CHECKS[card["check"]], card),
        card.get("fatal", False),
        Role(card.get("said_by", Role.MANAGER)),
        Window(**card.get("within", {})),
        _applies_when(card.get("applies_when", {})),
        card.get("advice", "").strip(),
        Examples(tuple(examples.get("pass", ())), tuple(examples.get("fail", ()))),
    )


def _applies_when(card: dict[str, Any]) -> AppliesWhen:
    conditions: dict[str, Any] = {name: _phrases(value) if "said_by" in name else value for name, value in card.items()}
    return AppliesWhen(**conditions)


def _phrases(value: str | list[str]) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value)
