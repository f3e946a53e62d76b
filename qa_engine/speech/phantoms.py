"""Phantoms: what a recogniser wrote though nobody said it, kept apart from speech with the reason.

Whisper learnt from subtitles of videos, and on noise it writes what such files hold: credits, the closing words of a
channel, "thank you". What nobody says on the phone is always left out. What people do say is left out only where an
utterance says nothing else and something more speaks against speech: the model's own doubt, a level of noise, or a long
clip with hardly a word in it. Nothing is lost: the words come back with `Utterance.left_out`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from statistics import fmean

from rapidfuzz import fuzz

from qa_engine.domain.transcript import Utterance, Word
from qa_engine.language.lexicons import load_lines
from qa_engine.speech.loops import loop_free

__all__ = ["REASONS", "Evidence", "mean_probability", "sift_words"]

CREDIT = "subtitle credit, not speech"
CLOSING = "stock phrase of videos, not speech"
COURTESY = "written without speech"
LABEL = "label of a sound"
READ_BACK = "the list of names read back"
NO_SPEECH = "no speech"
LOOP = "repeated more often than people do"
TOO_FAST = "faster than anybody speaks"
REASONS = (CREDIT, CLOSING, COURTESY, LABEL, READ_BACK, NO_SPEECH, LOOP, TOO_FAST)

LISTS_OF = ("ru", "en")  # all of them whatever the language: Whisper writes English credits in Russian calls
NO_SPEECH_ABOVE = 0.6  # openai/whisper transcribe.py, no_speech_threshold
LOGPROB_BELOW = -1.0  # openai/whisper transcribe.py, logprob_threshold
PROBABILITY_BELOW = 0.35  # mean of an utterance's words; faster-whisper calls a word under 0.15 an anomaly
LEVEL_BELOW = -50.0  # dBFS of the loudest parts; speech on a phone line lies 20 dB and more above it
SPARSE_FROM, SPARSE_RATE = 3.0, 0.4  # a clip of so many seconds with fewer words per second: the voice said more
WORDS_PER_SECOND = 8.0  # nobody speaks faster; quick speech has 5, and the clip's padding is counted in
LEAST_FAST_WORDS = 8  # a few short words do come in half a second ("да да да да")
LETTERS_PER_SECOND, LEAST_FAST_LETTERS = 40.0, 60  # quick speech has 20 a second
SPELLING = 80.0  # similarity of two words of a credit, 0..100: names and verbs come misspelt
LONGEST_NAME = 4  # words that `*` stands for
NAMES_READ_BACK = 3  # names of the prompt in a row; a manager says two (company and own name) in a greeting
SENTENCE_END = re.compile(r"[.!?…]+[\"'»”)]*$")
BRACKETED = re.compile(r"^[\[(*♪].*[\])*♪]$")
NOT_WORD = re.compile(r"[^\w']+|_")


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is known of a clip besides its words: seconds, Whisper's own doubt, level in dBFS; None: not known.

    `no_speech` is the probability 0..1 of Whisper's no-speech token, `mean_logprob` that of its tokens (log e).
    """

    duration: float
    no_speech: float | None = None
    mean_logprob: float | None = None
    level_db: float | None = None


def sift_words(words: Sequence[Word], evidence: Evidence, *, hotwords: Sequence[str] = ()) -> tuple[Utterance, ...]:
    """The words of one clip as utterances in order of time: what was said, and what is left out with its reason.

    `hotwords` are the names given to the recogniser as its prompt.
    """
    if not words:
        return ()
    whole = _whole_clip(words, evidence)
    if whole:
        return (_utterance(words, whole),)
    kept_at = loop_free([word.text for word in words])
    kept = [words[at] for at in kept_at]
    loops = [words[first + 1 : end] for first, end in pairwise((-1, *kept_at, len(words))) if end - first > 1]
    doubtful = bool(loops) or _is_doubtful(kept, evidence)
    reasons = _reasons(kept, doubtful=doubtful, hotwords=hotwords)
    phantoms = [_utterance(part, reason) for part, reason in _stretches(kept, reasons)]
    return tuple(sorted((*phantoms, *(_utterance(run, LOOP) for run in loops)), key=lambda one: (one.start, one.end)))


def mean_probability(words: Sequence[Word]) -> float | None:
    """Mean of the words' probabilities, None without any."""
    known = [word.probability for word in words if word.probability is not None]
    return fmean(known) if known else None


def _utterance(words: Sequence[Word], reason: str) -> Utterance:
    return Utterance(words[0].start, max(word.end for word in words), tuple(words), left_out=reason)


def _whole_clip(words: Sequence[Word], evidence: Evidence) -> str:
    """Why nothing of the clip was said, "" where that cannot be told at once."""
    silent = evidence.no_speech is not None and evidence.no_speech > NO_SPEECH_ABOVE
    unsure = evidence.mean_logprob is not None and evidence.mean_logprob < LOGPROB_BELOW
    if silent and unsure:  # the rule by which openai/whisper skips a window
        return NO_SPEECH
    too_many = max(LEAST_FAST_WORDS, WORDS_PER_SECOND * evidence.duration)
    too_long = max(LEAST_FAST_LETTERS, LETTERS_PER_SECOND * evidence.duration)
    num_letters = sum(len(word.text) for word in words)
    return TOO_FAST if len(words) > too_many or num_letters > too_long else ""


def _is_doubtful(words: Sequence[Word], evidence: Evidence) -> bool:
    """Whether something besides the words speaks against speech."""
    probability = mean_probability(words)
    return (
        (evidence.no_speech is not None and evidence.no_speech > NO_SPEECH_ABOVE)
        or (evidence.mean_logprob is not None and evidence.mean_logprob < LOGPROB_BELOW)
        or (evidence.level_db is not None and evidence.level_db < LEVEL_BELOW)
        or (probability is not None and probability < PROBABILITY_BELOW)
        or (evidence.duration >= SPARSE_FROM and len(words) < SPARSE_RATE * evidence.duration)
    )


# --- sentences --------------------------------------------------------------------------------------------------------


def _reasons(words: Sequence[Word], *, doubtful: bool, hotwords: Sequence[str]) -> list[str]:
    """For each word why it is left out, "" for speech."""
    sentences = list(_sentences(words))
    kinds = [_kind(sentence) for sentence in sentences]
    if _is_read_back(words, hotwords, least=2 if doubtful else NAMES_READ_BACK):
        return [READ_BACK] * len(words)
    alone = all(kinds)
    reasons: list[str] = []
    for sentence, kind in zip(sentences, kinds, strict=True):
        out = _is_out(kind, sentence, alone=alone, doubtful=doubtful)
        reasons += [kind if out else ""] * len(sentence)
    return _with_credit_at_end(words, reasons)


def _is_out(kind: str, sentence: Sequence[Word], *, alone: bool, doubtful: bool) -> bool:
    """`alone`: the utterance holds nothing but such sentences."""
    if kind == CLOSING:
        probability = mean_probability(sentence)
        return alone or (probability is not None and probability < PROBABILITY_BELOW)
    if kind == COURTESY:
        return alone and doubtful
    return bool(kind)


def _sentences(words: Sequence[Word]) -> Iterator[Sequence[Word]]:
    first = 0
    for at, word in enumerate(words):
        is_initial = len(word.text.rstrip(".")) == 1 and word.text.endswith(".")
        if at + 1 == len(words) or (SENTENCE_END.search(word.text) and not is_initial):
            yield words[first : at + 1]
            first = at + 1


def _kind(sentence: Sequence[Word]) -> str:
    text = " ".join(word.text for word in sentence)
    if BRACKETED.match(text):
        return LABEL
    plain = _plain(text)
    if any(_is_credit(plain, pattern) for pattern in _credits()):
        return CREDIT
    return next((kind for kind in (CLOSING, COURTESY) if plain in _phrases(kind)), "")


def _plain(text: str) -> tuple[str, ...]:
    return tuple(NOT_WORD.sub(" ", text.lower().replace("ё", "е").replace("’", "'")).split())


def _is_credit(plain: Sequence[str], pattern: Sequence[str]) -> bool:
    """Whether the words are the credit, each spelt nearly alike; `*` takes one to four of them."""
    if not plain or not pattern:
        return not plain and not pattern
    if pattern[0] == "*":
        return any(_is_credit(plain[size:], pattern[1:]) for size in range(1, min(LONGEST_NAME, len(plain)) + 1))
    return fuzz.ratio(plain[0], pattern[0]) >= SPELLING and _is_credit(plain[1:], pattern[1:])


def _with_credit_at_end(words: Sequence[Word], reasons: list[str]) -> list[str]:
    """Also a credit that hangs on the last sentence without a full stop; it begins with a capital all the same."""
    plain = [" ".join(_plain(word.text)) for word in words]
    for at in range(max(0, len(words) - LONGEST_NAME - 3), len(words)):
        tail = " ".join(plain[at:]).split()
        is_begun = words[at].text[:1].isupper() and not any(reasons[at:])
        if is_begun and len(tail) > 1 and any(_is_credit(tail, pattern) for pattern in _credits()):
            return [*reasons[:at], *[CREDIT] * (len(words) - at)]
    return reasons


def _is_read_back(words: Sequence[Word], hotwords: Sequence[str], *, least: int) -> bool:
    """Whether the utterance is nothing but names of the prompt in its order, `least` or more of them."""
    said = _plain(" ".join(word.text for word in words))
    names = [plain for name in hotwords if (plain := _plain(name))]
    return any(_names_in_a_row(said, names[first:]) >= least for first in range(len(names)) if said)


def _names_in_a_row(said: Sequence[str], names: Sequence[tuple[str, ...]]) -> int:
    """How many of the names, from the first on, the words are; 0 where they are anything else."""
    at = 0
    for count, name in enumerate(names, start=1):
        if tuple(said[at : at + len(name)]) != name:
            return 0
        at += len(name)
        if at == len(said):
            return count
    return 0


# --- lists ------------------------------------------------------------------------------------------------------------


@cache
def _credits() -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(line.split()) for line in _lines("invented_credits"))


@cache
def _phrases(kind: str) -> frozenset[tuple[str, ...]]:
    name = {CLOSING: "invented_closings", COURTESY: "invented_courtesies"}[kind]
    return frozenset(_plain(line) for line in _lines(name))


def _lines(name: str) -> Iterable[str]:
    return (line for code in LISTS_OF for line in load_lines(code, name))


# --- stretches --------------------------------------------------------------------------------------------------------


def _stretches(words: Sequence[Word], reasons: Sequence[str]) -> Iterator[tuple[Sequence[Word], str]]:
    """Neighbouring words with the same reason together."""
    first = 0
    for at in range(1, len(words) + 1):
        if at == len(words) or reasons[at] != reasons[first]:
            yield words[first:at], reasons[first]
            first = at
