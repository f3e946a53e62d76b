"""When the call was answered, and how long it rang before.

The answer cuts the ringing, so it lies behind the last tone and before the first word and the next tone that did not
come any more (TELEPHONY 1.6). Inside these bounds the line tells more: a cut tone, or the step in the background noise
when the line opens.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from qa_engine.domain.audio_event import AudioEvents, ChannelRelation, EventKind, Ringback, SoundEvent
from qa_engine.domain.spans import Span, merge_spans, total_duration
from qa_engine.domain.timings import Beginning, Ringing

__all__ = ["Answer", "all_speech", "measure_answer", "ringing_before_answer"]

WHY_NO_SOUND = "no sound: only a transcript was given"
WHY_AT_ANSWER = "the recording starts at the answer"
WHY_MID_CALL = "the recording starts in the middle of the call"
WHY_MUSIC = "music is played instead of ringing tones"
WHY_SILENT = "the recording starts with silence instead of ringing tones"
WHY_UNANSWERED = "nobody answers: no speech follows the ringing"
WHY_NO_SPEECH = "there is no speech in the recording"

STEP = 0.05  # seconds to which the edge of a tone is known
FIRST_WORDS_AFTER = 0.5  # seconds from picking up to the first word, a common value; used only inside the bounds
SPEECH_ITSELF = 0.15  # seconds: a change so near the first word is the word
MID_CALL = 0.15  # seconds: speech by then was going on before the recording began
LEADING = 1.0  # seconds: music or silence that begins by then is there from the beginning
# Speech before the ringing is an announcement while only one party speaks, and not longer than this.
ANNOUNCEMENT_SECONDS = 12.0
PARTY_SECONDS = 1.0  # a channel with more speech than this takes part
SERIES_GAP = 12.0  # seconds between two series of rings that are still one wait (a second device rings)


@dataclass(frozen=True, slots=True)
class Answer:
    """The ringing, the second of the answer (None: unknown, or none came), where in the call the recording begins."""

    ringing: Ringing
    answered_at: float | None
    beginning: Beginning


def measure_answer(events: AudioEvents | None, first_word: float | None) -> Answer:
    """When the call was answered; `first_word` (seconds) is used where no speech sounds were found."""
    if events is None:
        return Answer(Ringing(measured=False, why=WHY_NO_SOUND), first_word, Beginning.UNKNOWN)
    speech = all_speech(events)
    rings = ringing_before_answer(events)
    if rings:
        return _after_ringing(events, rings, _first_start(speech, rings[-1].end - STEP, first_word))
    first = _first_start(speech, 0.0, first_word)
    if first is None:
        return Answer(Ringing(measured=False, why=WHY_NO_SPEECH), None, Beginning.UNKNOWN)
    return _without_ringing(events, first)


def all_speech(events: AudioEvents) -> tuple[Span, ...]:
    """Speech of any channel, merged."""
    return merge_spans(span for activity in events.activity for span in activity.speech)


def ringing_before_answer(events: AudioEvents) -> tuple[Ringback, ...]:
    """The rings that the caller waits through, () where the first ring comes after the conversation has begun."""
    series: list[Ringback] = []
    for ring in sorted(events.ringbacks, key=lambda each: each.start):
        if not series and _is_conversation_before(events, ring.start):
            return ()
        if series and not _continues(events, series[-1], ring):
            break
        series.append(ring)
    return tuple(series)


def _is_conversation_before(events: AudioEvents, second: float) -> bool:
    """Whether two parties have spoken before `second` (in mono: more than an announcement takes)."""
    before = [[Span(s.start, min(s.end, second)) for s in each.speech if s.start < second] for each in events.activity]
    if events.relation is ChannelRelation.DISTINCT:
        return all(total_duration(spans) >= PARTY_SECONDS for spans in before)
    return total_duration(span for spans in before for span in spans) > ANNOUNCEMENT_SECONDS


def _continues(events: AudioEvents, last: Ringback, ring: Ringback) -> bool:
    """Whether `ring` belongs to the same wait: soon after the last ring, no speech between."""
    spoken = any(span.start < ring.start and span.end > last.end + STEP for span in all_speech(events))
    return ring.start - last.end <= SERIES_GAP and not spoken


def _first_start(speech: Sequence[Span], after: float, first_word: float | None) -> float | None:
    for span in speech:
        if span.end > after + STEP:
            return max(span.start, after)
    return first_word if not speech and first_word is not None and first_word >= after else None


def _after_ringing(events: AudioEvents, rings: Sequence[Ringback], first_speech: float | None) -> Answer:
    last = max(rings, key=lambda each: each.end)
    if first_speech is None:
        return Answer(Ringing(measured=False, why=WHY_UNANSWERED), None, Beginning.BEFORE_ANSWER)
    earliest = _end_of_waiting(events, last.end, first_speech)
    latest = max(earliest, first_speech)
    if earliest == last.end:
        latest = min(latest, max(earliest, last.end - _last_on(last) + last.cycle))
    answered, uncertainty = _estimate(last, earliest, latest, first_speech)
    ringing = Ringing(
        measured=True,
        start=rings[0].start,
        end=answered,
        rings=_count(rings),
        seconds=round(answered - rings[0].start, 3),
        uncertainty=uncertainty,
        tone=rings[0].tone,
        source="audio",
    )
    return Answer(ringing, answered, Beginning.BEFORE_ANSWER)


def _last_on(ring: Ringback) -> float:
    """Seconds the last tone lasted as far as it matters: a whole ring where it was not cut."""
    return 0.0 if ring.cut else ring.on


def _estimate(last: Ringback, earliest: float, latest: float, first_speech: float) -> tuple[float, float]:
    """The likeliest second between the bounds and half their distance; a sign of the line itself makes it exact."""
    if last.cut and earliest == last.end:
        return round(earliest, 3), STEP
    if last.opened is not None and earliest - STEP <= last.opened <= min(latest + STEP, first_speech - SPEECH_ITSELF):
        return round(min(max(last.opened, earliest), latest), 3), STEP
    half = round((latest - earliest) / 2, 3)
    if latest < first_speech:  # the first word comes long after: it tells nothing
        return round(earliest + half, 3), max(half, STEP)
    return round(max(earliest, latest - FIRST_WORDS_AFTER), 3), max(half, STEP)


def _count(rings: Sequence[Ringback]) -> int:
    """Rings heard; series that sound at the same time on two channels count once."""
    count = 0
    end = -1.0
    for ring in rings:
        if ring.start >= end:
            count += ring.rings
        end = max(end, ring.end)
    return count


def _end_of_waiting(events: AudioEvents, ring_end: float, first_speech: float) -> float:
    """The end of the last tone, or of the queue's music that follows it before anybody speaks."""
    music = [s.end for s in events.sounds if s.kind is EventKind.MUSIC and ring_end <= s.start < first_speech]
    return min(max([ring_end, *music]), first_speech)


def _without_ringing(events: AudioEvents, first_speech: float) -> Answer:
    leading = [s for s in events.sounds if s.start <= LEADING and s.end <= first_speech + STEP]
    for kind, why in ((EventKind.MUSIC, WHY_MUSIC), (EventKind.SILENCE, WHY_SILENT)):
        found = [sound for sound in leading if sound.kind is kind]
        if found:
            return Answer(Ringing(measured=False, why=why), _after_lead(found, first_speech), Beginning.BEFORE_ANSWER)
    if first_speech <= MID_CALL:
        return Answer(Ringing(measured=False, why=WHY_MID_CALL), 0.0, Beginning.MID_CALL)
    return Answer(Ringing(measured=False, why=WHY_AT_ANSWER), 0.0, Beginning.AT_ANSWER)


def _after_lead(sounds: Sequence[SoundEvent], first_speech: float) -> float:
    end = max(sound.end for sound in sounds)
    return round(min(max(end, first_speech - FIRST_WORDS_AFTER), first_speech), 3)
