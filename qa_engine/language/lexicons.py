"""Lexicons: phrases by name, read from the data files beside this module.

A file holds one phrase per line; `#` begins a comment, which names where the phrases come from. First-name files hold
``name: diminutive diminutive`` per line.
"""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files

__all__ = ["LEXICON_NAMES", "load_lines", "load_phrases"]

LEXICON_NAMES: tuple[str, ...] = (
    "greeting",
    "farewell",
    "thanks",
    "apology",
    "offer_help",
    "anything_else",
    "please_hold",
    "thanks_for_holding",
    "transfer",
    "transfer_failed",
    "recorded_notice",
    "back_channel",
    "own_name_intro",
    "busy_ivr",
    "offence_familiarity",
    "offence_indifference",
    "offence_judging",
    "offence_blaming",
    "offence_insult",
    "offence_brushing_off",
)


@lru_cache(maxsize=128)
def load_lines(code: str, name: str) -> tuple[str, ...]:
    """The lines of a data file without comments and blank lines."""
    text = (files("qa_engine.language") / "data" / code / f"{name}.txt").read_text(encoding="utf-8")
    lines = (line.partition("#")[0].strip() for line in text.splitlines())
    return tuple(line for line in lines if line)


def load_phrases(code: str, name: str) -> tuple[str, ...]:
    """The phrases of a lexicon; KeyError with the known names for an unknown one."""
    if name not in LEXICON_NAMES:
        raise KeyError(f"unknown lexicon {name!r}; known: {', '.join(LEXICON_NAMES)}")
    return load_lines(code, name)
