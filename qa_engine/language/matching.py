"""The matching of the engine in one place: phrases, company names and self-introductions in heard words."""

from __future__ import annotations

from qa_engine.language.company_search import find_company
from qa_engine.language.hits import MATCH_AT, NEAR_MISS_AT, NameHit, PhraseHit
from qa_engine.language.own_name_search import find_own_name
from qa_engine.language.phrase_search import find_any, find_phrase
from qa_engine.language.token_text import TokenText

__all__ = [
    "MATCH_AT",
    "NEAR_MISS_AT",
    "NameHit",
    "PhraseHit",
    "TokenText",
    "find_any",
    "find_company",
    "find_own_name",
    "find_phrase",
]
