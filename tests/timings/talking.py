"""Who speaks when, built by hand: two parties on two channels, with or without their words."""

from __future__ import annotations

from collections.abc import Sequence

import builders
from qa_engine.domain.spans import Span
from qa_engine.domain.timings import Courtesy
from qa_engine.domain.transcript import Turn
from qa_engine.timings.back_channels import without_back_channels
from qa_engine.timings.conversation import Voices, find_voices
from qa_engine.timings.courtesies import Listener
from qa_engine.timings.spoken import SpokenWords

Spans = tuple[tuple[float, float], ...]


def spans(pairs: Spans) -> tuple[Span, ...]:
    return tuple(Span(*pair) for pair in pairs)


def talking(manager: Spans, customer: Spans, *, exact: bool = True) -> Voices:
    both = (*spans(manager), *spans(customer))
    return Voices(spans(manager), spans(customer), tuple(sorted(both)), exact=exact, source="audio")


def turns_taken(manager: Spans, customer: Spans, *lines: str, language: str = "en") -> Voices:
    """The same without the listening noises; `lines` are the words where these are known."""
    return without_back_channels(talking(manager, customer), spoken(*lines, language=language))


def spoken(*lines: str, language: str = "en", probability: float | None = 0.95) -> SpokenWords:
    return SpokenWords(builders.turns(*lines, probability=probability), language)


def listener(*lines: str, language: str = "en", probability: float | None = 0.95) -> Listener:
    """Hears the words of the lines, and no other speech, in a mix of both."""
    return listener_to(builders.turns(*lines, probability=probability), language=language)


def listener_to(turns: Sequence[Turn], *, language: str = "en") -> Listener:
    return Listener(SpokenWords(turns, language), find_voices(None, turns, 0.0))


def told(courtesy: Courtesy | None) -> tuple[bool | None, str]:
    """What a courtesy says: yes or no, and the words or the reason."""
    assert courtesy is not None
    return courtesy.said, courtesy.quote.text if courtesy.quote else courtesy.why
