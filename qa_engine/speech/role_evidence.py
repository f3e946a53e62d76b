"""What speaks for a speaker label being the manager: each piece a log-odds, added up.

The weights are judgement, checked on the 20 Harper Valley calls and the real recordings beside the project, not
fitted: too few calls for that. A piece heard unclearly (between a near miss and a match) counts half.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from qa_engine.domain.spans import Span
from qa_engine.domain.transcript import Utterance
from qa_engine.language import Language, get_language
from qa_engine.language.matching import (
    MATCH_AT,
    NEAR_MISS_AT,
    NameHit,
    PhraseHit,
    TokenText,
    find_any,
    find_company,
    find_own_name,
)
from qa_engine.speech.role_phrases import ASKING, CUSTOMER_PHRASES, MANAGER_PHRASES, PRONOUNS_OF, THANKS_FOR_CALLING

__all__ = ["Evidence", "LabelSpeech", "RoleHints", "stated_name", "weigh_label"]

CHANNEL_SETTING = 6.0  # the person who set it knows the installation; only words to the contrary in plenty outweigh it
OFFER_OF_HELP = 3.0
THANKS_FOR_THE_CALL = 3.0
COMPANY = 2.0  # customers name it too ("is this Sunny Garden?"), so not more
COMPANY_ASKED_FOR = -2.0  # "is this Sunny Garden?" is said by who calls
ROSTER_NAME = 2.0
OWN_NAME = 1.0  # customers introduce themselves too
SPOKE_FIRST = 0.4  # alone this is a confidence of 0.6: who answers speaks first, but not when the manager called
LEXICON_WEIGHTS = {"anything_else": 2.5, "thanks_for_holding": 2.0, "please_hold": 1.5, "transfer": 1.5}
LEXICON_REASONS = {
    "anything_else": "anything else",
    "thanks_for_holding": "thanks for holding",
    "please_hold": "asked to wait",
    "transfer": "transfer",
}
MANAGER_PHRASE, CUSTOMER_PHRASE = 1.0, -1.5
INTRODUCED_AT_MOST = 4.0  # in a mix all of a greeting hangs on the label of one turn, which may be the wrong one
PRONOUNS = 1.5  # per e-fold of "we, our, your" over "me, my": customers speak of their own things, managers of "yours"
PRONOUNS_AT_MOST = 2.5
MOST_PHRASES = 3  # phrases of one kind that count: one person may say the same thing ten times

OPENING_WORDS = 60  # of a label: where people say who they are
COMPANY_WORDS = 25  # of a label: later on the company is talked about, not introduced
UNCLEAR_AT = (MATCH_AT + NEAR_MISS_AT) / 2
SIDES = {"left": 0, "right": 1}


@dataclass(frozen=True, slots=True)
class RoleHints:
    """What helps to tell the manager: names of the company and of managers, `manager_channel` (auto, left or right).

    `machines` are stretches in which a known announcement plays.
    """

    language: str
    company: tuple[str, ...] = ()
    managers: tuple[str, ...] = ()
    manager_channel: str = "auto"
    answered_at: float | None = None
    machines: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Evidence:
    """Log-odds of being the manager; `reasons` speak for it, `against` against it.

    `introduced`: company, own name or an offer of help was heard.
    """

    log_odds: float
    reasons: tuple[str, ...]
    against: tuple[str, ...]
    introduced: bool


@dataclass(frozen=True)
class LabelSpeech:
    """The words of one speaker label, in time order, ready for searching."""

    utterances: Sequence[Utterance]
    hints: RoleHints

    @cached_property
    def language(self) -> Language:
        """Rules of the call's language."""
        return get_language(self.hints.language)

    @cached_property
    def words(self) -> tuple[str, ...]:
        """All words."""
        return tuple(word.text for utterance in self.utterances for word in utterance.words)

    @cached_property
    def whole(self) -> TokenText:
        """All words as text to search in."""
        return TokenText.from_words(self.language, self.words)

    @cached_property
    def opening(self) -> TokenText:
        """The first words as text to search in."""
        if len(self.words) <= OPENING_WORDS:
            return self.whole
        return TokenText.from_words(self.language, self.words[:OPENING_WORDS])

    @cached_property
    def own_name(self) -> NameHit | None:
        """How the speaker called himself in the opening."""
        roster = [name for name in self.hints.managers if name]
        hits = find_own_name(self.opening, roster=roster)
        return next((hit for hit in hits if hit.similarity >= MATCH_AT), None)


@dataclass(frozen=True, slots=True)
class _Piece:
    log_odds: float
    reason: str
    introduction: bool = False


def stated_name(speech: LabelSpeech) -> str:
    """The name the speaker gave himself, "" without one."""
    return speech.own_name.name if speech.own_name else ""


def weigh_label(speech: LabelSpeech, *, speaks_first: bool, two_channels: bool, whole: bool) -> Evidence:
    """What speaks for and against this label being the manager, from its opening or (`whole`) from all it says."""
    text = speech.whole if whole else speech.opening
    made = [*_fixed_pieces(speech, speaks_first, two_channels), *_opening_pieces(speech, text)]
    if whole:
        made += _later_pieces(speech, text)
    pieces = [piece for piece in made if piece.log_odds]
    introduced = sum(piece.log_odds for piece in pieces if piece.introduction)
    too_much = 0.0 if two_channels else max(0.0, introduced - INTRODUCED_AT_MOST)
    return Evidence(
        log_odds=sum(piece.log_odds for piece in pieces) - too_much,
        reasons=tuple(piece.reason for piece in pieces if piece.log_odds > 0),
        against=tuple(piece.reason for piece in pieces if piece.log_odds < 0),
        introduced=any(piece.introduction for piece in pieces),
    )


def _fixed_pieces(speech: LabelSpeech, speaks_first: bool, two_channels: bool) -> Iterator[_Piece]:
    side = SIDES.get(speech.hints.manager_channel)
    channel = speech.utterances[0].channel
    if two_channels and side is not None and channel is not None:
        yield _Piece(CHANNEL_SETTING if channel == side else -CHANNEL_SETTING, "channel setting")
    if speaks_first:
        yield _Piece(SPOKE_FIRST, "spoke first")


def _opening_pieces(speech: LabelSpeech, text: TokenText) -> Iterator[_Piece]:
    code = speech.hints.language
    offers = find_any(text, speech.language.lexicon("offer_help"))
    yield _Piece(OFFER_OF_HELP * _clarity(offers), "offer of help", introduction=True)
    thanks = find_any(text, THANKS_FOR_CALLING.get(code, ()))
    yield _Piece(THANKS_FOR_THE_CALL * _clarity(thanks), "thanks for calling", introduction=True)
    names = [name for name in speech.hints.company if name]
    companies = find_company(speech.opening, names, first=0, last=COMPANY_WORDS - 1) if names else ()
    asked = [hit for hit in companies if _is_asked_for(speech, hit)]
    named = [hit for hit in companies if hit not in asked]
    yield _Piece(COMPANY * _clarity(named), "company", introduction=True)
    yield _Piece(COMPANY_ASKED_FOR * _clarity(asked), "asked for the company")
    yield _name_piece(speech)
    wishes = find_any(text, CUSTOMER_PHRASES.get(code, ()))
    yield _Piece(CUSTOMER_PHRASE * _distinct(wishes), "customer's phrases")


def _is_asked_for(speech: LabelSpeech, hit: PhraseHit) -> bool:
    """Whether the company is asked for: "is this X", "am I through to X", "это X?", "я попал в X"."""
    before = speech.language.tokens(" ".join(speech.words[max(0, hit.first_word - 3) : hit.first_word]))
    asking, asking_with_mark = ASKING.get(speech.hints.language, ((), ()))
    marked = speech.words[hit.last_word].rstrip().endswith("?")
    openings = (*asking, *(asking_with_mark if marked else ()))
    return any(before[-len(opening) :] == opening for opening in openings)


def _later_pieces(speech: LabelSpeech, text: TokenText) -> Iterator[_Piece]:
    for name, weight in LEXICON_WEIGHTS.items():
        yield _Piece(weight * _clarity(find_any(text, speech.language.lexicon(name))), LEXICON_REASONS[name])
    offers = find_any(text, MANAGER_PHRASES.get(speech.hints.language, ()))
    yield _Piece(MANAGER_PHRASE * _distinct(offers), "manager's phrases")
    yield _pronoun_piece(speech, text)


def _pronoun_piece(speech: LabelSpeech, text: TokenText) -> _Piece:
    """Whose things are spoken of: "our technician", "your address", against "my bill"."""
    company, own = PRONOUNS_OF.get(speech.hints.language, (frozenset(), frozenset()))
    counted = [sum(token in words for token in text.texts) for words in (company, own)]
    leaning = PRONOUNS * math.log((counted[0] + 1) / (counted[1] + 1))
    return _Piece(max(-PRONOUNS_AT_MOST, min(PRONOUNS_AT_MOST, leaning)), "whose things are spoken of")


def _name_piece(speech: LabelSpeech) -> _Piece:
    if speech.own_name is None:
        return _Piece(0.0, "")
    roster = [name for name in speech.hints.managers if name]
    forms = {form for name in roster for form in speech.language.name_forms(name)}
    weight = ROSTER_NAME if speech.language.normalize(speech.own_name.name) in forms else OWN_NAME
    return _Piece(weight, "own name", introduction=True)


def _clarity(hits: Iterable[PhraseHit]) -> float:
    """1 for a match, half for something unclear, 0 for nothing."""
    best = max((hit.similarity for hit in hits), default=0.0)
    return 1.0 if best >= MATCH_AT else 0.5 if best >= UNCLEAR_AT else 0.0


def _distinct(hits: Iterable[PhraseHit]) -> int:
    """How many different phrases matched, up to `MOST_PHRASES`."""
    return min(MOST_PHRASES, len({hit.phrase for hit in hits if hit.similarity >= MATCH_AT}))
