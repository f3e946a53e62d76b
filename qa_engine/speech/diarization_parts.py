"""Who speaks when in a recording of any length: long ones in parts that overlap, so that memory stays that of one part.

Up to `LONGEST` a recording is heard in one piece. From longer ones the long pauses are taken out first (a hold of half
an hour must not part two people from their voices before it); what is left is heard in parts. A diarizer numbers the
voices anew each time, so two parts share two minutes of speech: whose labels fall together there are one person.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import count

import numpy as np

from qa_engine.domain.spans import Span, intersect_spans, merge_spans, total_duration
from qa_engine.domain.waveform import Waveform
from qa_engine.speech.clips import MAX_CLIP
from qa_engine.speech.feeding import feed_clips
from qa_engine.speech.protocols import Diarizer, SpeakerSpan
from qa_engine.speech.speaker_spans import tidy_speaker_spans

__all__ = ["LONGEST", "diarize_in_parts"]

# Seconds of a part. The embedded diarizer holds five copies of what it hears (20 minutes: 465 MB with ours, measured),
# so that this is 270 MB; most calls are shorter.
LONGEST = 600.0
SHARED = 120.0  # seconds of speech that two parts have in common: both parties speak within it
LEAST_COMMON = 1.0  # seconds that two labels must have in common to be one person
KEPT_PAUSE = 1.0  # seconds; shorter pauses stay as they were recorded, longer ones become this long

Clips = tuple[Span, ...]


def diarize_in_parts(blocks: Iterable[Waveform], clips: Clips, diarizer: Diarizer) -> tuple[SpeakerSpan, ...]:
    """Speaker spans inside `clips`, sorted and exclusive, labels ``speaker 0`` ... by first appearance.

    `blocks` are consecutive mono waveforms from the beginning; `clips` are sorted, disjoint, seconds of the recording.
    """
    if not clips:
        return ()
    if clips[-1].end - clips[0].start <= LONGEST:
        return next((diarizer.diarize(sound, part) for sound, part in _feed(blocks, [clips])), ())
    places = tuple(_places(clips))
    parts = tuple(_plan_parts(tuple(place.clip for place in places)))
    heard = [diarizer.diarize(sound, part) for sound, part in _feed(_without_pauses(blocks, places), parts)]
    joined: list[SpeakerSpan] = []
    fresh = (f"voice {number}" for number in count())
    for index, spans in enumerate(heard):
        shared = intersect_spans(parts[index - 1], parts[index]) if index else ()
        joined = _linked(joined, spans, shared, fresh)
    return tidy_speaker_spans(_placed_back(joined, places), clips)


@dataclass(frozen=True, slots=True)
class _Place:
    """A clip where it lies once the long pauses are out, and the `sound` of the recording that belongs there.

    The sound reaches up to the next clip where that is near, else up to the end of the clip, followed by silence.
    """

    clip: Span
    sound: Span
    next_start: float


def _places(clips: Clips) -> Iterator[_Place]:
    at = 0.0
    for clip, following in zip(clips, (*clips[1:], None), strict=True):
        near = following is not None and following.start - clip.end <= KEPT_PAUSE
        sound = Span(clip.start, following.start) if following is not None and near else clip
        next_start = at + sound.duration + (0.0 if near else KEPT_PAUSE)
        yield _Place(Span(at, at + clip.duration), sound, next_start)
        at = next_start


def _without_pauses(blocks: Iterable[Waveform], places: Sequence[_Place]) -> Iterator[Waveform]:
    """The sound of the places as blocks that follow each other."""
    waiting = iter(places)
    for waveform, sounds in feed_clips(blocks, tuple(place.sound for place in places)):
        rate = waveform.sample_rate
        for sound, place in zip(sounds, waiting, strict=False):
            first, end = (round(second * rate) for second in (place.clip.start, place.next_start))
            samples = waveform.crop(sound).samples[:, : end - first]
            padded = np.pad(samples, ((0, 0), (0, end - first - samples.shape[1])))
            yield Waveform(padded, rate, first / rate)


def _placed_back(spans: Iterable[SpeakerSpan], places: Sequence[_Place]) -> Iterator[SpeakerSpan]:
    """Spans (each inside a clip) in seconds of the recording."""
    starts = [place.clip.start for place in places]
    for span in spans:
        place = places[bisect_right(starts, (span.start + span.end) / 2) - 1]
        later = place.sound.start - place.clip.start
        yield replace(span, start=span.start + later, end=span.end + later)


def _plan_parts(clips: Clips) -> Iterator[Clips]:
    """Runs of clips of about equal length, at most `LONGEST`, each beginning with the last clips of the one before."""
    longest = _even_length(clips)
    first, end = 0, 0
    while end < len(clips):
        end += 1
        while end < len(clips) and clips[end].end - clips[first].start <= longest:
            end += 1
        yield clips[first:end]
        first = _first_shared(clips, first, end)


def _even_length(clips: Clips) -> float:
    """Length of the parts, so that the last one is not a remainder in which hardly anybody speaks."""
    seconds = clips[-1].end - clips[0].start
    shared = SHARED * seconds / total_duration(clips) + MAX_CLIP  # with the pauses in it, and the clip that goes over
    num_parts = math.ceil((seconds - shared) / (LONGEST - shared - MAX_CLIP))
    return min(LONGEST, (seconds + (num_parts - 1) * shared) / num_parts + MAX_CLIP)


def _first_shared(clips: Clips, first: int, end: int) -> int:
    """The index of the clip with which the part behind ``clips[first:end]`` begins."""
    index = end
    while index > first + 1 and total_duration(clips[index:end]) < SHARED:
        index -= 1
    return index


def _feed(blocks: Iterable[Waveform], parts: Sequence[Clips]) -> Iterator[tuple[Waveform, Clips]]:
    """Each part with its sound; nothing is held but what it and the next part need."""
    held: list[Waveform] = []
    waiting = list(parts)
    for block in blocks:
        if block.span.end > waiting[0][0].start:
            held.append(block)
        while waiting[0][-1].end <= block.span.end:
            part = waiting.pop(0)
            sound = _sound_of(held, part)
            held = [one for one in held if waiting and one.span.end > waiting[0][0].start]
            yield sound, part
            if not waiting:
                return
    for part in waiting:  # its last clip reaches past the end
        if held and held[-1].span.end > part[0].start:
            yield _sound_of(held, part), part


def _sound_of(held: Sequence[Waveform], part: Clips) -> Waveform:
    whole = Span(part[0].start, part[-1].end)
    cropped = [one.crop(whole) for one in held if one.span.overlap(whole)]
    return replace(cropped[0], samples=np.concatenate([one.samples for one in cropped], axis=1))


def _linked(
    joined: Sequence[SpeakerSpan], spans: Sequence[SpeakerSpan], shared: Clips, fresh: Iterator[str]
) -> list[SpeakerSpan]:
    """`joined` up to the middle of what both heard, then `spans` under the labels of `joined`."""
    border = _middle(shared)
    same = _same_people(_voices(joined, shared), _voices(spans, shared))
    for label in {span.speaker: None for span in spans}:
        if label not in same:
            same[label] = next(fresh)
    renamed = (replace(span, speaker=same[span.speaker]) for span in spans)
    return [*_cut(joined, end=border), *_cut(renamed, start=border)]


def _middle(shared: Clips) -> float:
    """The end of the clip in the middle of the shared speech: no clip is torn."""
    half = total_duration(shared) / 2
    return next((clip.end for i, clip in enumerate(shared) if total_duration(shared[: i + 1]) >= half), 0.0)


def _voices(spans: Iterable[SpeakerSpan], shared: Clips) -> dict[str, Clips]:
    """Where each label speaks within the shared clips, () for one that does not."""
    places: dict[str, list[Span]] = {}
    for span in spans:
        places.setdefault(span.speaker, []).append(Span(span.start, span.end))
    return {label: intersect_spans(merge_spans(own), shared) for label, own in places.items()}


def _same_people(known: dict[str, Clips], new: dict[str, Clips]) -> dict[str, str]:
    """New label -> known label: most seconds in common first; one that is left over on either side is one person."""
    common = {(a, b): total_duration(intersect_spans(known[a], new[b])) for a in known for b in new}
    same: dict[str, str] = {}
    for one, other in sorted(common, key=lambda pair: -common[pair]):
        if common[one, other] >= LEAST_COMMON and other not in same and one not in same.values():
            same[other] = one
    left = [label for label in known if label not in same.values()], [label for label in new if label not in same]
    if same and [len(side) for side in left] == [1, 1]:
        same[left[1][0]] = left[0][0]
    return same


def _cut(spans: Iterable[SpeakerSpan], *, start: float = 0.0, end: float = math.inf) -> list[SpeakerSpan]:
    """The spans between two seconds."""
    inside = (replace(span, start=max(span.start, start), end=min(span.end, end)) for span in spans)
    return [span for span in inside if span.start < span.end]
