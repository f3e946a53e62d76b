"""Voices that are no people: announcements of a queue, menus, voice mail, by the phrases only machines say."""

from __future__ import annotations

from itertools import accumulate

from qa_engine.language.matching import MATCH_AT, PhraseHit, find_any
from qa_engine.speech.role_evidence import LabelSpeech

__all__ = ["machine_flags"]

LABEL_SHARE = 0.3  # of a label's words: announcements are little else than such phrases
UTTERANCE_PHRASES = 2  # different ones in a single utterance, on a channel where a person speaks as well


def machine_flags(speech: LabelSpeech) -> list[bool]:
    """Per utterance of a label, whether a machine says it: all of them where the whole label is a machine."""
    hits = [hit for hit in find_any(speech.whole, speech.language.lexicon("busy_ivr")) if hit.similarity >= MATCH_AT]
    if not hits:
        return [False] * len(speech.utterances)
    covered = {index for hit in hits for index in range(hit.first_word, hit.last_word + 1)}
    if len(covered) >= LABEL_SHARE * len(speech.words) and not _is_person(speech):
        return [True] * len(speech.utterances)
    ends = accumulate(len(utterance.words) for utterance in speech.utterances)
    return [_is_announcement(hits, end - len(own.words), end) for own, end in zip(speech.utterances, ends, strict=True)]


def _is_person(speech: LabelSpeech) -> bool:
    """Machines name the company too, but they give no name of their own and do not ask how to help."""
    offers = find_any(speech.opening, speech.language.lexicon("offer_help"))
    return speech.own_name is not None or any(hit.similarity >= MATCH_AT for hit in offers)


def _is_announcement(hits: list[PhraseHit], first: int, after: int) -> bool:
    phrases = {hit.phrase for hit in hits if first <= hit.first_word < after}
    return len(phrases) >= UTTERANCE_PHRASES
