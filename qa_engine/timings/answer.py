"""When the call was answered, and how long it rang before.

The answer cuts the ringing, so it lies behind the last tone and before the first word and the next tone that did not
come any more (TELEPHONY 1.6). Inside these bounds the line tells more: a cut tone, or the step in the background noise
when the line opens.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from qa_engine.domain.audio_event import AudioEvents, ChannelRelation, EventKind, Ringback, SoundEvent
from qa_engine.domain.spans import Span, intersect_spans, merge_spans, subtract_spans, total_duration
from qa_engine.domain.timings import Beginning, Ringing
from qa_engine.domain.transcript import Role, Utterance

__all__ = ["Answer", "all_speech", "measure_answer", "ringing_before_answer"]

WHY_NO_SOUND = "no sound: only a transcript was given"
WHY_AT_ANSWER = "the recording starts at the answer"
WHY_MID_CALL = "the recording starts in the middle of the call"
WHY_MUSIC = "music is played instead of ringing tones"
WHY_SILENT = "the recording starts with silence instead of ringing tones"
WHY_UNANSWERED = "nobody answers: no speech follows the ringing"
WHY_NO_SPEECH = "there is no speech in the recording"
WHY_MID_RING = "the recording starts inside a ring: it rang for longer than was recorded"

STEP = 0.05  # seconds to which the edge of a tone is known
OPENING = 0.1  # seconds to which a step of the background is known
LONE_CYCLE = 1.2  # the cycle of one ring alone is a guess: where 5 s are likely, 6 s are possible (TELEPHONY 1.3)
FIRST_WORDS_AFTER = 0.5  # seconds from picking up to the first word, a common value; used only inside the bounds
SPEECH_ITSELF = 0.15  # seconds: a change so near the first word is the word
MID_CALL = 0.15  # seconds: speech by then was going on before the recording began
LEADING = 1.0  # seconds: music or silence that begins by then is there from the beginning
# Speech before the ringing is an announcement while only one party speaks; where nobody can tell the parties of a mono
# mix, while it is not longer than this: greetings of machines take 5 to 10 s, and so do the fastest transfers.
ANNOUNCEMENT_SECONDS = 10.0
LONGEST_ANNOUNCEMENT = 60.0  # seconds of speech, whoever speaks, that are no announcement any more
PARTY_SECONDS = 1.0  # a channel, or a speaker, with more speech than this takes part
SERIES_GAP = 12.0  # seconds between two series of rings that are still one wait (a second device rings)
LEAD_ENDS = 2.0  # seconds from the end of the music to the first word, within which that end is the answer


@dataclass(frozen=True, slots=True)
class Answer:
    """The ringing, the second of the answer (None: unknown, or none came), where in the call the recording begins.

    `rings` are those that the caller waits through; all others come after the answer.
    """

    ringing: Ringing
    answered_at: float | None
    beginning: Beginning
    rings: tuple[Ringback, ...] = ()


def measure_answer(events: AudioEvents | None, first_word: float | None, *, said: Sequence[Utterance] = ()) -> Answer:
    """When the call was answered; `first_word` (seconds) is used where no speech sounds were found.

    `said`, with its speakers, tells in a mono mix whether a machine or two people spoke before it rang.
    """
    if events is None:
        return Answer(Ringing(measured=False, why=WHY_NO_SOUND), first_word, Beginning.UNKNOWN)
    speech = all_speech(events)
    rings = ringing_before_answer(events, said)
    if rings:
        return _after_ringing(events, rings, _first_start(speech, rings[-1].end - STEP, first_word))
    first = _first_start(speech, 0.0, first_word)
    if first is None:
        return Answer(Ringing(measured=False, why=WHY_NO_SPEECH), None, Beginning.UNKNOWN)
    return _without_ringing(events, first)


def all_speech(events: AudioEvents) -> tuple[Span, ...]:
    """Speech of any channel, merged."""
    return merge_spans(span for activity in events.activity for span in activity.speech)


def ringing_before_answer(events: AudioEvents, said: Sequence[Utterance] = ()) -> tuple[Ringback, ...]:
    """The rings that the caller waits through, () where the first ring comes after the conversation has begun."""
    series: list[Ringback] = []
    for ring in sorted(events.ringbacks, key=lambda each: each.start):
        if not series and _is_conversation(events, said, Span(0.0, ring.start)):
            return ()
        if series and not _continues(events, said, series[-1], ring):
            break
        series.append(ring)
    return tuple(series)


def _is_conversation(events: AudioEvents, said: Sequence[Utterance], within: Span) -> bool:
    """Whether two parties speak inside `within`; in mono by the speakers of `said`, or by how long there is speech."""
    sides = [_inside(each.speech, events, within) for each in events.activity]
    spoken = total_duration(merge_spans(span for spans in sides for span in spans))
    if events.relation is ChannelRelation.DISTINCT:
        return all(total_duration(spans) >= PARTY_SECONDS for spans in sides)
    speakers = {one.speaker for one in said if one.speaker not in {"", Role.IVR}}
    shares = [total_duration(_inside([o.span for o in said if o.speaker == s], events, within)) for s in speakers]
    if len({one.speaker for one in said}) < 2 or not speakers:  # nobody tells them apart
        return spoken > ANNOUNCEMENT_SECONDS
    return sum(share >= PARTY_SECONDS for share in shares) > 1 or spoken > LONGEST_ANNOUNCEMENT


def _inside(speech: Sequence[Span], events: AudioEvents, within: Span) -> list[Span]:
    """The parts of `speech` inside `within` that are no known announcement."""
    known = [sound.span for sound in events.sounds if sound.kind is EventKind.ANNOUNCEMENT]
    return list(subtract_spans(intersect_spans(speech, [within]), known))


def _continues(events: AudioEvents, said: Sequence[Utterance], last: Ringback, ring: Ringback) -> bool:
    """Whether `ring` belongs to the same wait: soon after the last ring or its music, and nobody has spoken between.

    On two channels an announcement between is known by its one side.
    """
    between = Span(last.end + STEP, max(ring.start, last.end + STEP))
    filled = [sound.span for sound in events.sounds if sound.kind in {EventKind.MUSIC, EventKind.ANNOUNCEMENT}]
    gap = total_duration(subtract_spans([between], [*filled, *_inside(all_speech(events), events, between)]))
    if gap > SERIES_GAP:
        return False
    if events.relation is ChannelRelation.DISTINCT:
        return not _is_conversation(events, said, between)
    return not _inside(all_speech(events), events, between)


def _first_start(speech: Sequence[Span], after: float, first_word: float | None) -> float | None:
    for span in speech:
        if span.end > after + STEP:
            return max(span.start, after)
    return first_word if not speech and first_word is not None and first_word >= after else None


def _after_ringing(events: AudioEvents, rings: Sequence[Ringback], first_speech: float | None) -> Answer:
    last = max(rings, key=lambda each: each.end)
    if first_speech is None:
        return Answer(Ringing(measured=False, why=WHY_UNANSWERED), None, Beginning.BEFORE_ANSWER, tuple(rings))
    earliest = _end_of_waiting(events, last.end, first_speech)
    latest = max(earliest, first_speech)
    if earliest == last.end:
        next_tone = max(earliest, _next_tone(last))
        is_noise = not last.cut and first_speech - last.end < STEP  # the tone ended by itself, so it is no word
        latest = next_tone if is_noise else min(latest, next_tone)
    answered, uncertainty = _estimate(last, earliest, latest, first_speech)
    lost = rings[0].cycle if rings[0].starts_mid_ring else 0.0
    ringing = Ringing(
        measured=True,
        why=WHY_MID_RING if lost else "",
        start=rings[0].start,
        end=answered,
        rings=_count(rings),
        seconds=round(answered - rings[0].start, 3),
        uncertainty=round(uncertainty + lost, 3),
        tone=rings[0].tone,
        source="audio",
    )
    return Answer(ringing, answered, Beginning.BEFORE_ANSWER, tuple(rings))


def _next_tone(ring: Ringback) -> float:
    """The second at which the next tone would have begun."""
    begun = ring.end if ring.cut else ring.end - ring.on
    return begun + (ring.cycle if ring.rings > 1 else LONE_CYCLE * ring.cycle)


def _estimate(last: Ringback, earliest: float, latest: float, first_speech: float) -> tuple[float, float]:
    """The likeliest second between the bounds and how far the further bound is; a sign of the line makes it exact."""
    if last.cut and earliest == last.end:
        return round(earliest, 3), STEP
    if last.opened is not None and earliest - STEP <= last.opened <= min(latest + STEP, first_speech - SPEECH_ITSELF):
        return round(min(max(last.opened, earliest), latest), 3), OPENING
    half = (latest - earliest) / 2  # where the first word comes long after the answer it tells nothing
    likeliest = max(earliest, latest - FIRST_WORDS_AFTER) if latest == first_speech else earliest + half
    return round(likeliest, 3), round(max(likeliest - earliest, latest - likeliest, OPENING), 3)


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
    """The answer is the end of the music or silence, unless the first word comes long after it."""
    end = max(sound.end for sound in sounds)
    return round(min(end, first_speech) if first_speech - end <= LEAD_ENDS else first_speech - FIRST_WORDS_AFTER, 3)
