"""Who of the scorecard's managers is on the call: by phone extension, by name, by what he called himself."""

from __future__ import annotations

from collections.abc import Sequence

from qa_engine.domain.call_identity import CallIdentity
from qa_engine.domain.scorecard import Person
from qa_engine.language import get_language

__all__ = ["manager_name"]


def manager_name(identity: CallIdentity, stated_name: str, roster: Sequence[Person], language: str) -> str:
    """The name shown in reports.

    The phone system's word (extension or name) goes before the name that was said: names are misheard and shared,
    extensions are not. A name that was said names somebody of the roster where the phone system says nothing, or where
    the roster gives that person no extension. Without either, "".
    """
    recorded, stated = _find(identity.manager, roster, language), _find(stated_name, roster, language)
    if recorded is not None:
        return recorded.name
    if stated is not None and not (identity.manager and stated.id):
        return stated.name
    return identity.manager or stated_name


def _find(given: str, roster: Sequence[Person], language: str) -> Person | None:
    if not given:
        return None
    for person in roster:
        if person.id == given:
            return person
    named = [person for person in roster if _same_name(given, person, language)]
    return named[0] if len(named) == 1 else None  # two Annas: the name alone does not tell which


def _same_name(given: str, person: Person, language: str) -> bool:
    rules = get_language(language)
    said = set(rules.tokens(given))
    forms = [rules.name_forms(form) for form in (person.name, *person.also)]
    return bool(said) and any(said <= known for known in forms)
