"""Repeated stretches become music or announcements, and are no speech any more."""

from __future__ import annotations

from qa_engine.audio.known_sounds import REPEATED, add_repeats
from qa_engine.domain.audio_event import Activity, AudioEvents, ChannelRelation, EventKind, SoundEvent
from qa_engine.domain.spans import Span


def events(*speech: tuple[float, float], sounds: tuple[SoundEvent, ...] = ()) -> AudioEvents:
    spans = tuple(Span(*each) for each in speech)
    return AudioEvents(60.0, 1, ChannelRelation.MONO, (Activity(None, spans, -20.0, -60.0),), sounds=sounds)


def test_a_spoken_stretch_is_an_announcement():
    (sound,) = add_repeats(events((0, 5), (20, 28)), [Span(20, 29)]).sounds
    assert (sound.kind, sound.start, sound.end, sound.detail) == (EventKind.ANNOUNCEMENT, 20, 29, REPEATED)


def test_a_stretch_with_little_speech_is_music():
    (sound,) = add_repeats(events((0, 5), (22, 24)), [Span(20, 40)]).sounds
    assert sound.kind is EventKind.MUSIC


def test_speech_inside_is_taken_out_of_the_activity():
    heard = add_repeats(events((0, 5), (18, 28)), [Span(20, 29)])
    assert heard.activity[0].speech == (Span(0, 5), Span(18, 20))


def test_what_has_a_name_already_keeps_it():
    known = SoundEvent(EventKind.MUSIC, 20, 40)
    assert add_repeats(events((0, 5), sounds=(known,)), [Span(21, 40)]).sounds == (known,)


def test_the_rest_of_a_longer_repeat_is_named_too():
    known = SoundEvent(EventKind.MUSIC, 20, 30)
    found = add_repeats(events((0, 5), (31, 39), sounds=(known,)), [Span(20, 40)]).sounds
    assert [(sound.kind, sound.start, sound.end) for sound in found] == [
        (EventKind.MUSIC, 20, 30),
        (EventKind.ANNOUNCEMENT, 30, 40),
    ]


def test_nothing_reaches_beyond_the_recording():
    (sound,) = add_repeats(events((0, 5)), [Span(50, 70)]).sounds
    assert sound.end == 60.0
    assert not add_repeats(events((0, 5)), [Span(61, 70)]).sounds


def test_without_repeats_nothing_changes():
    heard = events((0, 5))
    assert add_repeats(heard, []) is heard
