"""Holds: how long the customer was left waiting after the answer, with what in his ear.

Music, a second ringing, beeps, a machine's announcement; and silence, which is a hold only where the line itself goes
silent for long or the manager asked to wait. Every other pause is dead air (TELEPHONY 4.4). A voice between two
pieces of music that nobody answers is an announcement, and all of it one hold (TELEPHONY 4.3).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise

from qa_engine.domain.audio_event import AudioEvents, EventKind, Ringback, SoundEvent
from qa_engine.domain.spans import Span, invert_spans, merge_spans, subtract_spans
from qa_engine.domain.timings import Hold, HoldKind
from qa_engine.domain.transcript import Role, Turn
from qa_engine.timings.answer import Answer, all_speech
from qa_engine.timings.cues import Cues
from qa_engine.timings.waits import ASKED_HOLD, Wait, find_wordless_waits, with_wordless_edges

__all__ = ["find_holds"]

SILENT_HOLD = 10.0  # seconds without any signal that are a hold by themselves
ASKED_BEFORE = 8.0  # seconds: the asking ends at most so long before the pause begins
JOIN_GAP = 3.0  # seconds between two sounds of waiting that are still one hold
TUNE_GAP = 12.0  # the same where nobody speaks, or one voice does: a pause, or an announcement, between two tunes
ANNOUNCEMENT = 2.0  # seconds; shorter machine turns are a word taken wrongly
EDGE = 0.5  # seconds by which a sound may begin before the answer and still be after it
ISLAND_GAP = 1.0  # seconds between the voice of an announcement and the music: machines leave no more
STRAY = 0.5  # seconds that a turn of words and the sound of the same speech may differ at either end
BESIDE = 0.2  # share of a silence of one channel in which the other may speak: the waiting customer mutters


def find_holds(events: AudioEvents, turns: Sequence[Turn], cues: Cues, answer: Answer) -> tuple[Hold, ...]:
    """Holds after the answer in time order; `during_transfer` is left False (see `transfers`)."""
    waits = [
        *(with_wordless_edges(tune, events, turns) for tune in _sounds(events, EventKind.MUSIC, HoldKind.MUSIC)),
        *_sounds(events, EventKind.ANNOUNCEMENT, HoldKind.ANNOUNCEMENT),
        *_ringings(events, answer.rings),
        *_silences(events, cues),
        *_one_sided(events, turns),
        *_announcements(turns),
        *find_wordless_waits(events, turns, (*cues.wait, *cues.transfer)),
    ]
    answered_at, spoken_at = answer.answered_at or 0.0, _first_spoken(events, turns)
    after = [
        wait
        for wait in waits
        if wait.span.start >= answered_at - EDGE
        and wait.span.duration > 0
        and not (wait.kind is HoldKind.ANNOUNCEMENT and wait.span.end <= spoken_at)
    ]
    talk = subtract_spans(_talk(events, turns, cues), _islands(events, turns))
    return tuple(_hold(wait) for wait in _join(sorted(after, key=lambda each: each.span), talk))


def _hold(wait: Wait) -> Hold:
    return Hold(
        round(wait.span.start, 3), round(wait.span.end, 3), wait.kind, during_transfer=False, source=wait.source
    )


def _sounds(events: AudioEvents, sound: EventKind, kind: HoldKind) -> Iterable[Wait]:
    return (Wait(span, kind, "audio") for span in merge_spans(_spans_of(events, sound)))


def _spans_of(events: AudioEvents, kind: EventKind) -> list[Span]:
    return [sound.span for sound in events.sounds if sound.kind is kind]


def _first_spoken(events: AudioEvents, turns: Sequence[Turn]) -> float:
    """When a person first speaks: what a machine says before that is its greeting, and no wait yet."""
    people = [turn.start for turn in turns if turn.role is not Role.IVR]
    return min(people or [span.start for span in all_speech(events)], default=0.0)


def _ringings(events: AudioEvents, first: Sequence[Ringback]) -> Iterable[Wait]:
    """Ringing that is not the `first`, before the answer: the customer waits for somebody else."""
    speech = all_speech(events)
    later = [ring for ring in events.ringbacks if ring not in first]
    return (Wait(Span(ring.start, _end_of_ringing(ring, speech)), HoldKind.TONE, "audio") for ring in later)


def _end_of_ringing(ring: Ringback, speech: Sequence[Span]) -> float:
    """When somebody answers it: where the line opens, or speech begins, or the next tone would have come."""
    if ring.cut or ring.opened is not None:
        return max(ring.end, ring.opened or ring.end)
    next_tone = max(ring.end, ring.end - ring.on + ring.cycle)
    return max(ring.end, min([next_tone, *(span.start for span in speech if span.start >= ring.end)]))


def _silences(events: AudioEvents, cues: Cues) -> Iterable[Wait]:
    """Silence of the line for long, with beeps in it or without, and pauses that the manager announced."""
    speech = all_speech(events)
    if not speech:
        return
    talk = Span(speech[0].start, speech[-1].end)
    every = [s for s in events.sounds if s.kind is EventKind.SILENCE and s.end <= talk.end + EDGE]
    silences = [silence for silence in every if silence.channel is None]
    for silence in silences:
        if silence.span.duration >= SILENT_HOLD:
            asked = _asked(silence.span, cues)
            yield Wait(silence.span, _kind_of(silence), "audio+words" if asked else "audio")
    for pause in invert_spans([*speech, *_other_sounds(events)], talk):
        whole = _with_silence(pause, [silence.span for silence in silences])
        silent = max((s for s in every if s.span.overlap(whole)), key=_length, default=None)
        if silent is not None and silent.span.duration >= ASKED_HOLD:
            whole = silent.span  # the line itself says when it began and ended
        if whole.duration >= ASKED_HOLD and _asked(whole, cues):
            yield Wait(whole, HoldKind.SILENCE if silent is None else _kind_of(silent), "audio+words")


def _kind_of(silence: SoundEvent) -> HoldKind:
    """Silence with beeps in it (`detail` tells of them) is a hold of kind tone."""
    return HoldKind.TONE if silence.detail else HoldKind.SILENCE


def _other_sounds(events: AudioEvents) -> tuple[Span, ...]:
    """Rings and sounds; not the silence of one channel, beside which the other goes on."""
    rings = [Span(ring.start, ring.end) for ring in events.ringbacks]
    sounds = [s.span for s in events.sounds if s.kind is not EventKind.SILENCE or s.channel is None]
    return merge_spans([*rings, *sounds])


def _one_sided(events: AudioEvents, turns: Sequence[Turn]) -> Iterable[Wait]:
    """The company's channel falls silent while the customer's room is still heard (TELEPHONY 4.4)."""
    speech = all_speech(events)
    company = _channels_of(Role.MANAGER, turns) | _channels_of(Role.SECOND_MANAGER, turns)
    customers = _channels_of(Role.CUSTOMER, turns) - company
    for sound in events.sounds:
        if sound.kind is not EventKind.SILENCE or sound.channel is None or sound.channel in customers:
            continue
        spoken = sum(sound.span.overlap(span) for span in speech)
        talk_follows = bool(speech) and speech[0].start < sound.start and sound.end < speech[-1].end
        if talk_follows and sound.span.duration >= SILENT_HOLD and spoken <= BESIDE * sound.span.duration:
            yield Wait(sound.span, HoldKind.SILENCE, "audio")


def _channels_of(role: Role, turns: Sequence[Turn]) -> set[int | None]:
    return {turn.channel for turn in turns if turn.role is role}


def _length(sound: SoundEvent) -> float:
    return sound.span.duration


def _with_silence(pause: Span, silences: Sequence[Span]) -> Span:
    """A pause with the silences of the line that touch it."""
    touching = [
        silence for silence in silences if silence.start <= pause.end + EDGE and silence.end >= pause.start - EDGE
    ]
    return Span(min([pause.start, *(s.start for s in touching)]), max([pause.end, *(s.end for s in touching)]))


def _asked(pause: Span, cues: Cues) -> bool:
    """Whether the manager asked to wait, or announced a transfer, shortly before the pause."""
    return any(pause.start - ASKED_BEFORE <= cue.end <= pause.start + 1.0 for cue in (*cues.wait, *cues.transfer))


def _announcements(turns: Sequence[Turn]) -> Iterable[Wait]:
    machine = [turn.span for turn in turns if turn.role is Role.IVR]
    return (
        Wait(s, HoldKind.ANNOUNCEMENT, "words") for s in merge_spans(machine, gap=1.0) if s.duration >= ANNOUNCEMENT
    )


def _talk(events: AudioEvents, turns: Sequence[Turn], cues: Cues) -> tuple[Span, ...]:
    """Speech that ends a wait: not that of machines."""
    machine = [turn.span for turn in turns if turn.role is Role.IVR] + list(cues.machine)
    free = subtract_spans(all_speech(events), [span.grow(STRAY) for span in machine])
    return tuple(span for span in free if span.duration >= 0.3)


def _islands(events: AudioEvents, turns: Sequence[Turn]) -> list[Span]:
    """Gaps between two pieces of music in which one voice speaks, at once and until the music goes on.

    Where words are known they say who spoke; the sound alone is asked only where there are none.
    """
    music = merge_spans(_spans_of(events, EventKind.MUSIC))
    gaps = [Span(one.end, two.start) for one, two in pairwise(music)]
    return [gap for gap in gaps if gap.duration <= TUNE_GAP and _is_one_voice(gap, events) and not _is_said(gap, turns)]


def _is_one_voice(gap: Span, events: AudioEvents) -> bool:
    voices = [[span for span in one.speech if span.overlap(gap)] for one in events.activity]
    speaking = [spans for spans in voices if spans]
    if len(speaking) != 1:
        return False
    first, last = speaking[0][0].start, speaking[0][-1].end
    return first - gap.start <= ISLAND_GAP and gap.end - last <= ISLAND_GAP


def _is_said(gap: Span, turns: Sequence[Turn]) -> bool:
    """Whether a person says something in the gap."""
    return any(turn.role is not Role.IVR and turn.span.overlap(gap) > STRAY for turn in turns)


def _join(waits: Sequence[Wait], talk: Sequence[Span]) -> list[Wait]:
    """Waits that follow each other with no talk between are one hold."""
    groups: list[list[Wait]] = []
    for wait in waits:
        if groups and _belong_together(_span_of(groups[-1]), wait.span, talk):
            groups[-1].append(wait)
        else:
            groups.append([wait])
    return [_whole(group) for group in groups]


def _whole(group: Sequence[Wait]) -> Wait:
    """One hold of the kind that lasts longest in all its parts together."""
    seconds = dict.fromkeys((wait.kind for wait in group), 0.0)
    for wait in group:
        seconds[wait.kind] += wait.span.duration
    sources = sorted({source for wait in group for source in wait.source.split("+")})
    return Wait(_span_of(group), max(seconds, key=lambda kind: seconds[kind]), "+".join(sources))


def _span_of(group: Sequence[Wait]) -> Span:
    return Span(group[0].span.start, max(wait.span.end for wait in group))


def _belong_together(one: Span, two: Span, talk: Sequence[Span]) -> bool:
    if two.start <= one.end:
        return True
    between = Span(one.end, two.start)
    spoken = sum(between.overlap(span) for span in talk)
    return between.duration <= (JOIN_GAP if spoken else TUNE_GAP) and spoken <= 0.3
