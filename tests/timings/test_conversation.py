"""Talk, overlap, dead air and interruptions from spans with known answers."""

from __future__ import annotations

import pytest

import builders
from qa_engine.domain.audio_event import Activity, AudioEvents, ChannelRelation
from qa_engine.domain.spans import Span
from qa_engine.domain.transcript import Turn
from qa_engine.timings.conversation import Voices, find_voices, measure_talk

Spans = tuple[tuple[float, float], ...]


def spans(pairs: Spans) -> tuple[Span, ...]:
    return tuple(Span(*pair) for pair in pairs)


def stereo(left: Spans, right: Spans) -> AudioEvents:
    activity = (Activity(0, spans(left), -20, -60), Activity(1, spans(right), -20, -60))
    return AudioEvents(60, 2, ChannelRelation.DISTINCT, activity)


def mono(speech: Spans) -> AudioEvents:
    return AudioEvents(60, 1, ChannelRelation.MONO, (Activity(None, spans(speech), -20, -60),))


def talking(manager: Spans, customer: Spans) -> Voices:
    both = (*spans(manager), *spans(customer))
    return Voices(spans(manager), spans(customer), tuple(sorted(both)), exact=True, source="audio")


SAID: tuple[Turn, ...] = builders.turns("0 manager: one two three four five", "4 customer: six seven eight nine ten")


def test_channels_get_their_roles_from_the_words() -> None:
    voices = find_voices(stereo(((4, 6),), ((0, 2),)), SAID, 0.0)
    assert voices is not None
    assert (voices.manager, voices.customer) == ((Span(0, 2),), (Span(4, 6),))
    assert (voices.exact, voices.source) == (True, "audio")


def test_mono_sounds_are_shared_out_by_the_words_as_an_estimate() -> None:
    voices = find_voices(mono(((0, 2), (4, 6))), SAID, 0.0)
    assert voices is not None
    assert (voices.manager, voices.customer) == ((Span(0, 2),), (Span(4, 6),))
    assert measure_talk(voices, ()).estimate
    assert measure_talk(voices, ()).source == "audio+words"


def test_transcript_alone_measures_words() -> None:
    voices = find_voices(None, SAID, 0.0)
    assert voices is not None
    talk = measure_talk(voices, ())
    assert (talk.manager, talk.customer, talk.silence) == (pytest.approx(2), pytest.approx(2), pytest.approx(2))
    assert (talk.estimate, talk.source) == (True, "words")


def test_nothing_to_hear_and_nothing_said_measures_nothing() -> None:
    assert find_voices(None, (), 0.0) is None


def test_speech_before_the_answer_does_not_count() -> None:
    voices = find_voices(stereo(((0, 6),), ((8, 10),)), builders.turns("0 manager: a b c d", "8 customer: e f"), 4.0)
    assert voices is not None
    assert voices.manager == (Span(4, 6),)


def test_talk_overlap_and_silence_add_up() -> None:
    talk = measure_talk(talking(((0, 10), (15, 20)), ((9, 12),)), ())
    assert (talk.manager, talk.customer, talk.overlap, talk.silence) == (15, 3, 1, 3)


def test_holds_are_no_silence() -> None:
    assert measure_talk(talking(((0, 10),), ((30, 40),)), [Span(12, 28)]).silence == 4
