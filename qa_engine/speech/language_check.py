"""Whether what a recogniser of one language wrote can be a call in that language.

A recogniser that knows only English hears a Russian call as fluent English ("the first thing is that the first thing
is to be able to do it"), and a manager must not be judged on that. Two signs, added up as a logit:

- the words: how many belong to talk between two people, how many are no common words, how many stand in loops, how
  many are "the" and "of". They count in full from 60 words on, so a short recording is hardly ever stopped;
- where the words leave doubt, agreement: speech played 5 % slower is heard alike by a recogniser that understands it,
  and gives another story where it invents.

Weights were fitted on the ``tune`` half of `tests/benchmark/language_check.py`; its table shows the ``test`` half.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from qa_engine.domain.spans import Span, total_duration
from qa_engine.domain.transcript import Utterance
from qa_engine.domain.waveform import Waveform
from qa_engine.language.lexicons import load_lines
from qa_engine.speech.protocols import SpeechRequest, Transcriber

__all__ = ["LanguageJudgement", "check_language", "hear_again", "judge_language", "measure_agreement"]

MIN_SPEECH_SECONDS = 6.0  # less speech, and nothing can be told
MIN_WORDS = 8  # fewer words, and nothing can be told

PRIOR = 3.0  # logit; a recording is nearly always in the language it is said to be in
FULL_WEIGHT_AT = 60  # words; twenty seconds of talk weigh as much as an hour, since a wrong register stays wrong
BASE = -3.7
TALK_WEIGHT = 20.0  # times the share of words people say to each other
UNKNOWN_WEIGHT = -13.0  # times the share of letters in words that are not common
LOOP_WEIGHT = -21.0  # times the share of words inside loops
THE_OF_WEIGHT = -13.0  # times the share of "the" and "of", which written text, and invented text, is full of
AGREEMENT_WEIGHT = 12.0  # times the share of words heard alike twice, above or below ...
AGREEMENT_MIDDLE = 0.5  # ... half of them

LOOP_SIZE = 4  # words; shorter repeats ("thank you very", "I don't know") are normal in talk
LOOP_REACH = 25  # words; a recogniser's loop turns at once, a phrase of a form comes back later
MOST_LOOPS = 0.25  # share; more counts no more, or an announcement heard over and over in a queue would stop a call

SILENT_SPEECH_SECONDS = 20.0  # in so much speech ...
SILENT_WORDS_PER_SECOND = 0.4  # ... a language that is understood gives more words than this (calls: 2 to 5)
SILENT_CONFIDENCE = 0.8  # not more: it may be music or noise taken for speech

AGAIN_PACE = 0.95  # of the speed; enough for an invented text to change, too little to hurt understanding
AGAIN_SECONDS = 30.0  # of speech heard again: about 60 words, and 3 s of one core
HOPELESS_LOGIT = -8.0  # below, agreement is not asked: loops are heard alike twice

_EDGES = ".,?!;:\"'()[]-…"
_CLITIC = re.compile(r"(?:'s|'m|'ll|'re|'ve|'d|n't|')$")
_ENDINGS = (
    ("ies", "y"),
    ("ied", "y"),
    ("es", ""),
    ("s", ""),
    ("ed", ""),
    ("ed", "e"),
    ("ing", ""),
    ("ing", "e"),
    ("ly", ""),
    ("er", ""),
)
_SHORTEST_STEM = 3  # letters


@dataclass(frozen=True, slots=True)
class LanguageJudgement:
    """Whether the words may be in the language; `confidence` 0..1 in that answer; `why`: figures, no words of the call.

    `doubtful`: the words speak against the language, but not beyond doubt, and nothing was heard again yet.
    """

    plausible: bool
    confidence: float
    why: str
    doubtful: bool = False


def check_language(
    transcriber: Transcriber, waveform: Waveform, request: SpeechRequest, heard: Sequence[Utterance]
) -> LanguageJudgement:
    """Judges the utterances `heard` in the request's spans; in doubt, up to 30 s of them are recognised once more."""
    words = [word.text for utterance in heard for word in utterance.words]
    seconds = total_duration(request.spans)
    judgement = judge_language(words, speech_seconds=seconds, language=request.language)
    if not judgement.doubtful:
        return judgement
    spans = _longest(request.spans, seconds=AGAIN_SECONDS)
    first = [word.text for span in spans for item in heard if span.contains(item.span.middle) for word in item.words]
    second = hear_again(transcriber, waveform, SpeechRequest(spans, request.language, request.hotwords))
    agreement = measure_agreement(first, second)
    return judge_language(words, speech_seconds=seconds, language=request.language, agreement=agreement)


def judge_language(
    words: Sequence[str], *, speech_seconds: float, language: str, agreement: float | None = None
) -> LanguageJudgement:
    """Whether `words`, recognised as `language` in `speech_seconds` of detected speech, can be a call in it.

    `agreement` is the share 0..1 of words heard alike a second time (`measure_agreement`), None without one.
    Languages without a list of common words (all but ``en``), and recordings with too little speech to tell, are
    plausible with confidence 0.
    """
    if language != "en":
        return LanguageJudgement(True, 0.0, f"no word list for {language or 'an unknown language'}")
    if speech_seconds < MIN_SPEECH_SECONDS:
        return LanguageJudgement(True, 0.0, f"only {speech_seconds:.1f} s of speech")
    if speech_seconds >= SILENT_SPEECH_SECONDS and len(words) < SILENT_WORDS_PER_SECOND * speech_seconds:
        return LanguageJudgement(
            False, SILENT_CONFIDENCE, f"only {len(words)} words in {speech_seconds:.0f} s of speech"
        )
    traits = _traits_of(words)
    if traits.num_words < MIN_WORDS:
        return LanguageJudgement(True, 0.0, f"only {traits.num_words} words")
    return _weigh(traits, agreement)


def hear_again(transcriber: Transcriber, waveform: Waveform, request: SpeechRequest) -> tuple[str, ...]:
    """The words of the request's spans when the sound is played 5 % slower (and lower)."""
    sample_rate = round(waveform.sample_rate * AGAIN_PACE)
    pace = sample_rate / waveform.sample_rate
    slower = Waveform(waveform.samples, sample_rate, waveform.start / pace)
    spans = tuple(Span(span.start / pace, span.end / pace) for span in request.spans)
    heard = transcriber.transcribe(slower, SpeechRequest(spans, request.language, request.hotwords))
    return tuple(word.text for utterance in heard for word in utterance.words)


def measure_agreement(first: Sequence[str], second: Sequence[str]) -> float | None:
    """Share 0..1 of words alike and in the same order (1 - word edits / the longer length); None without words."""
    from rapidfuzz.distance import Levenshtein

    tokens = [list(filter(None, map(_token, words))) for words in (first, second)]
    return Levenshtein.normalized_similarity(*tokens) if any(tokens) else None


# --- weighing ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Traits:
    """Shares 0..1 of the words (`unknown`: of their letters); numbers and spelled letters are left out."""

    num_words: int
    talk: float
    unknown: float
    looped: float
    the_of: float


def _weigh(traits: _Traits, agreement: float | None) -> LanguageJudgement:
    evidence = BASE + TALK_WEIGHT * traits.talk + UNKNOWN_WEIGHT * traits.unknown
    evidence += LOOP_WEIGHT * min(traits.looped, MOST_LOOPS) + THE_OF_WEIGHT * traits.the_of
    why = (
        f"{traits.num_words} words: {traits.talk:.0%} conversation, {traits.unknown:.0%} unknown, "
        f"{traits.looped:.0%} in loops, {traits.the_of:.0%} the/of"
    )
    if agreement is not None:
        evidence += AGREEMENT_WEIGHT * (agreement - AGREEMENT_MIDDLE)
        why += f", {agreement:.0%} heard alike twice"
    logit = PRIOR + evidence * min(traits.num_words / FULL_WEIGHT_AT, 1.0)
    certainty = 1.0 / (1.0 + math.exp(-min(abs(logit), 50.0)))
    doubtful = agreement is None and HOPELESS_LOGIT < logit < PRIOR
    return LanguageJudgement(logit >= 0, round(certainty, 3), why, doubtful)


def _traits_of(words: Sequence[str]) -> _Traits:
    tokens = tuple(token for token in map(_token, words) if token and not _is_left_out(token))
    num_words = max(1, len(tokens))
    return _Traits(
        num_words=len(tokens),
        talk=sum(_base(token) in _words("conversation_words") for token in tokens) / num_words,
        unknown=sum(len(token) for token in tokens if not _is_common(token)) / max(1, sum(map(len, tokens))),
        looped=len(set(_looped(tokens))) / num_words,
        the_of=sum(token in ("the", "of") for token in tokens) / num_words,
    )


def _looped(tokens: Sequence[str]) -> Iterator[int]:
    """Indices of words in stretches that were said shortly before; one word over and over is no loop."""
    seen: dict[tuple[str, ...], int] = {}
    for index in range(len(tokens) - LOOP_SIZE + 1):
        stretch = tuple(tokens[index : index + LOOP_SIZE])
        if index - seen.get(stretch, -LOOP_REACH - 1) <= LOOP_REACH and len(set(stretch)) > 1:
            yield from range(index, index + LOOP_SIZE)
        seen[stretch] = index


# --- words ------------------------------------------------------------------------------------------------------------


def _token(word: str) -> str:
    return word.lower().replace("’", "'").strip(_EDGES)


def _base(token: str) -> str:
    return _CLITIC.sub("", token)


def _is_left_out(token: str) -> bool:
    """Digits, number words and spelled letters: they say nothing of the language."""
    is_spelled = len(token) == 1 and token not in "aio"
    return is_spelled or any(map(str.isdigit, token)) or token in _words("number_words")


def _is_common(token: str) -> bool:
    base = _base(token)
    parts = [part for part in base.split("-") if part]
    if len(parts) > 1:
        return all(map(_is_common, parts))
    return not base or _is_listed(base) or any(map(_is_listed, _stems(base)))


def _stems(token: str) -> Iterator[str]:
    for ending, instead in _ENDINGS:
        if token.endswith(ending) and len(token) - len(ending) >= _SHORTEST_STEM:
            yield token[: -len(ending)] + instead


def _is_listed(token: str) -> bool:
    return token in _words("common_words") or token in _words("conversation_words")


@cache
def _words(name: str) -> frozenset[str]:
    """The words of an English data file."""
    return frozenset(word for line in load_lines("en", name) for word in line.split())


# --- spans ------------------------------------------------------------------------------------------------------------


def _longest(spans: Sequence[Span], *, seconds: float) -> tuple[Span, ...]:
    """The longest spans, in order of time, just enough of them to hold `seconds`."""
    chosen: list[Span] = []
    for span in sorted(spans, key=lambda span: -span.duration):
        if total_duration(chosen) >= seconds:
            break
        chosen.append(span)
    return tuple(sorted(chosen, key=lambda span: span.start))
