"""Who of the scorecard's managers is on the call: by phone extension, by name, by what he called himself."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from qa_engine.domain.call_identity import CallIdentity
from qa_engine.domain.scorecard import Person
from qa_engine.language import Language, get_language
from qa_engine.language.languages import LANGUAGES
from qa_engine.language.scripts import romanize, sound_key

__all__ = ["is_other_name", "manager_name"]

SOUNDS_ALIKE = 80.0  # similarity of the letters, 0..100, where the consonants sound the same: "Екатирина", "Elisabeth"
SPELT_OUT = 4  # letters a name has at least to be known again misspelt: "Яна" and "Ян" are two people


def manager_name(identity: CallIdentity, stated_name: str, roster: Sequence[Person], language: str) -> str:
    """The name shown in reports.

    The phone system's word (extension or name) goes before the name that was said: names are misheard and shared,
    extensions are not. A name that was said names somebody of the roster where the phone system says nothing, or where
    the roster gives that person no extension. Without either, "". Where the two disagree the name that was said is
    kept beside it (`RoleAssignment.stated_name`) and shown (`is_other_name`).
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
    rules = get_language(language)
    for is_same in (_is_form, _is_spelling, _is_misspelling):
        named = [
            person for person in roster if any(is_same(given, name, rules) for name in (person.name, *person.also))
        ]
        if named:
            return named[0] if len(named) == 1 else None  # two Annas: the name alone does not tell which
    return None


def is_other_name(shown: str, stated: str, language: str) -> bool:
    """Whether the name that was said is another one than the name shown: both are known and do not fit together."""
    if not shown or not stated or language not in LANGUAGES:
        return False
    rules = get_language(language)
    is_same = (_is_form, _is_spelling, _is_misspelling)
    return not any(same(*pair, rules) for same in is_same for pair in ((stated, shown), (shown, stated)))


def _is_form(given: str, name: str, rules: Language) -> bool:
    """Whether every word given is a form of the name: a case, a diminutive, the other alphabet, the surname."""
    said = rules.tokens(given)
    forms = rules.name_forms(name)
    return bool(said) and (set(said) <= forms or " ".join(said) in forms)


def _is_spelling(given: str, name: str, rules: Language) -> bool:
    """Whether it is the same first name written otherwise ("Sergei", "Sergey"), with no other surname."""
    full = rules.names.lookup
    return _each_fits(given, name, rules, lambda token, part: not set(full(token)).isdisjoint(full(part)))


def _is_misspelling(given: str, name: str, rules: Language) -> bool:
    """Whether it sounds like the name and is no known other one."""
    return _each_fits(given, name, rules, lambda token, part: not rules.is_first_name(token) and _sounds(token, part))


def _each_fits(given: str, name: str, rules: Language, fits: Callable[[str, str], bool]) -> bool:
    """Whether every word given stands in the name or fits one of its words, the first name among them."""
    parts = rules.tokens(name)
    first = next((part for part in parts if rules.is_first_name(part)), parts[0] if parts else "")
    said = rules.tokens(given)
    told = [token for token in said if token == first or fits(token, first)]
    return bool(told) and all(token in told or token in parts or _sounds(token, parts[-1]) for token in said)


def _sounds(one: str, other: str) -> bool:
    from rapidfuzz import fuzz

    if min(len(one), len(other)) < SPELT_OUT or sound_key(one) != sound_key(other):
        return False
    return fuzz.ratio(romanize(one), romanize(other)) >= SOUNDS_ALIKE
