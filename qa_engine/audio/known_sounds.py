"""What other calls of the day hold too, put into the sounds of a call: hold music, or a machine's announcement."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from qa_engine.domain.audio_event import Activity, AudioEvents, EventKind, SoundEvent
from qa_engine.domain.spans import Span, intersect_spans, merge_spans, subtract_spans, total_duration

__all__ = ["REPEATED", "add_repeats"]

REPEATED = "heard in several calls"  # the `detail` of such a sound
LEAST = 2.0  # seconds of a repeated stretch that nothing else has named yet
SPOKEN = 0.4  # share of a stretch that sounds like speech; sung music reaches a third


def add_repeats(events: AudioEvents, repeats: Sequence[Span]) -> AudioEvents:
    """The events with `repeats` (seconds of the recording) as music or announcements, and no speech inside them."""
    if not repeats:
        return events
    new = tuple(_named(span, events) for span in _unnamed(events, repeats))
    played = merge_spans([*repeats])
    activity = tuple(_without(each, played) for each in events.activity)
    sounds = tuple(sorted((*events.sounds, *new), key=lambda sound: (sound.start, sound.end)))
    return replace(events, activity=activity, sounds=sounds)


def _unnamed(events: AudioEvents, repeats: Sequence[Span]) -> Iterable[Span]:
    """The parts of the repeats that are no ring, tone, music or silence already."""
    inside = (Span(max(0.0, s.start), min(s.end, events.duration)) for s in repeats if s.start < events.duration)
    return (span for span in subtract_spans(merge_spans(inside), events.not_speech) if span.duration >= LEAST)


def _named(span: Span, events: AudioEvents) -> SoundEvent:
    speech = merge_spans(each for activity in events.activity for each in activity.speech)
    spoken = total_duration(intersect_spans([span], speech)) / span.duration
    kind = EventKind.ANNOUNCEMENT if spoken >= SPOKEN else EventKind.MUSIC
    return SoundEvent(kind, round(span.start, 3), round(span.end, 3), detail=REPEATED)


def _without(activity: Activity, played: Sequence[Span]) -> Activity:
    return replace(activity, speech=subtract_spans(activity.speech, played))
