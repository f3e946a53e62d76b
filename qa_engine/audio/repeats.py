"""What repeats in several calls of a day is played by the phone system: hold music, announcements, not conversation.

Two calls share a stretch where many of their landmarks are equal at one and the same distance in time. What one call
shares with at least two others is learned, and then looked for in all of them (TELEPHONY 4.5).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from qa_engine.audio.landmarks import FRAME_SECONDS, Landmarks
from qa_engine.domain.spans import Span, merge_spans

__all__ = ["find_repeats"]

OTHERS = 2  # calls besides the own one: what is heard in three calls
SHORTEST = 6.0  # seconds (TELEPHONY 4.5); shorter sentences are said alike by chance of a synthetic voice
FEWEST = 10  # equal landmarks at one distance; chance alone makes 2 or 3
PER_SECOND = 0.8  # equal landmarks per second of a stretch; codecs and noise leave about a fifth of some 12
GAP = 3.0  # seconds without an equal landmark that end a stretch
EDGE = 0.3  # seconds that a stretch goes on before its first and behind its last landmark, about their distance
GROUP = 60  # calls compared each with each; more are taken in groups, so that work grows with the calls, not squared
MOST_EQUAL = 4 * GROUP  # landmarks of one value in a group; commoner ones say nothing
MOST_LEARNED = 200  # stretches kept to be looked for in the other groups
SAME = 0.5  # share of a stretch that another learned one must cover to stand for it


@dataclass(frozen=True, slots=True)
class _Shared:
    """A stretch of the call `one` that `other` has too, in seconds of `one`."""

    one: int
    other: int
    span: Span


def find_repeats(calls: Sequence[Landmarks]) -> tuple[tuple[Span, ...], ...]:
    """For each call the stretches of at least 6 s, in seconds, that at least two others of `calls` hold too."""
    learned: list[Landmarks] = []
    found: list[list[Span]] = [[] for _ in calls]
    groups = [range(first, min(first + GROUP, len(calls))) for first in range(0, len(calls), GROUP)]
    for group in groups:
        for index, spans in _learn([calls[i] for i in group]).items():
            found[group[index]] += spans
            learned += _new_ones(calls[group[index]], spans, learned)
    if len(groups) > 1:
        for call, known in zip(calls, found, strict=True):
            known.extend(_known_in(call, learned))
    return tuple(_tidy(spans) for spans in found)


def _learn(calls: Sequence[Landmarks]) -> dict[int, list[Span]]:
    """Stretches by call that at least `OTHERS` further calls share."""
    sharing: dict[int, list[_Shared]] = {}
    for shared in _compare(calls):
        sharing.setdefault(shared.one, []).append(shared)
    covered = {one: _covered(each) for one, each in sharing.items()}
    return {one: spans for one, spans in sorted(covered.items()) if spans}


def _covered(sharing: Sequence[_Shared]) -> list[Span]:
    """Where the stretches of at least `OTHERS` different calls lie over each other."""
    last = max(shared.span.end for shared in sharing)
    counts = np.zeros(round(last / FRAME_SECONDS) + 2, dtype=np.int16)
    for other in sorted({shared.other for shared in sharing}):
        for span in merge_spans(shared.span for shared in sharing if shared.other == other):
            counts[round(span.start / FRAME_SECONDS) : round(span.end / FRAME_SECONDS)] += 1
    edges = np.flatnonzero(np.diff(np.concatenate([[0], (counts >= OTHERS).astype(np.int8), [0]])))
    runs = zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True)
    return list(_tidy([Span(first * FRAME_SECONDS, last * FRAME_SECONDS) for first, last in runs]))


def _tidy(spans: Sequence[Span]) -> tuple[Span, ...]:
    joined = merge_spans(spans, gap=GAP)
    return tuple(Span(round(s.start, 3), round(s.end, 3)) for s in joined if s.duration >= SHORTEST)


def _compare(calls: Sequence[Landmarks]) -> list[_Shared]:
    """All stretches that any two of the calls share, each from both sides."""
    values = np.concatenate([call.values for call in calls]) if calls else np.zeros(0, np.uint32)
    if not values.size:
        return []
    owner = np.concatenate([np.full(len(call.values), i, dtype=np.int64) for i, call in enumerate(calls)])
    frame = np.concatenate([call.frames.astype(np.int64) for call in calls])
    order = np.lexsort((frame, owner, values))
    pairs = _equal_pairs(values[order], owner[order])
    one, two = order[pairs[0]], order[pairs[1]]
    return _stretches(owner, frame, one, two)


def _equal_pairs(values: NDArray[np.uint32], owner: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Positions of equal values of different owners; `values` is sorted."""
    first = np.searchsorted(values, values, side="left")
    common = np.searchsorted(values, values, side="right") - first <= MOST_EQUAL
    ones, twos = [], []
    for step in range(1, MOST_EQUAL):
        if step >= len(values):
            break
        equal = (values[step:] == values[:-step]) & common[:-step]
        if not equal.any():
            break
        at = np.flatnonzero(equal & (owner[step:] != owner[:-step]))
        ones.append(at)
        twos.append(at + step)
    if not ones:
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    return np.concatenate(ones), np.concatenate(twos)


def _stretches(
    owner: NDArray[np.int64], frame: NDArray[np.int64], one: NDArray[np.int64], two: NDArray[np.int64]
) -> list[_Shared]:
    """Stretches in which the pairs (`one`, `two`) of equal landmarks keep one distance in time."""
    if not one.size:
        return []
    distance = frame[two] - frame[one]
    order = np.lexsort((frame[one], distance, owner[two], owner[one]))
    one, two, distance = one[order], two[order], distance[order]
    key = np.stack([owner[one], owner[two], distance])
    borders = np.flatnonzero(np.any(np.diff(key, axis=1), axis=0)) + 1
    starts = np.concatenate([[0], borders]).astype(np.int64)
    ends = np.concatenate([borders, [len(one)]]).astype(np.int64)
    return [
        shared
        for first, last in _with_neighbours(key, starts, ends)
        for shared in _split(owner, frame, one[first:last], two[first:last])
    ]


def _with_neighbours(
    key: NDArray[np.int64], starts: NDArray[np.int64], ends: NDArray[np.int64]
) -> list[tuple[int, int]]:
    """Ranges of pairs of one distance and of the next one (a frame more: the grids of two files lie differently)."""
    groups = key[:, starts]
    follows = np.zeros(len(starts), dtype=np.bool_)
    follows[:-1] = (groups[0, 1:] == groups[0, :-1]) & (groups[1, 1:] == groups[1, :-1])
    follows[:-1] &= groups[2, 1:] - groups[2, :-1] == 1
    ends_both = np.where(follows, np.append(ends[1:], ends[-1:]), ends)
    enough = np.flatnonzero(ends_both - starts >= FEWEST)
    return [(int(starts[i]), int(ends_both[i])) for i in enough]


def _split(
    owner: NDArray[np.int64], frame: NDArray[np.int64], one: NDArray[np.int64], two: NDArray[np.int64]
) -> list[_Shared]:
    """The stretches of one pair of calls at one distance, told from both sides."""
    order = np.argsort(frame[one], kind="stable")
    one, two = one[order], two[order]
    cuts = np.flatnonzero(np.diff(frame[one]) * FRAME_SECONDS > GAP) + 1
    found: list[_Shared] = []
    for part_one, part_two in zip(np.split(one, cuts), np.split(two, cuts), strict=True):
        here, there = _span_of(frame[part_one]), _span_of(frame[part_two])
        enough = len(part_one) >= max(FEWEST, PER_SECOND * here.duration)
        if enough and here.duration >= SHORTEST:
            a, b = int(owner[part_one[0]]), int(owner[part_two[0]])
            found += [_Shared(a, b, here), _Shared(b, a, there)]
    return found


def _span_of(frames: NDArray[np.int64]) -> Span:
    start, end = int(frames.min()) * FRAME_SECONDS, (int(frames.max()) + 1) * FRAME_SECONDS
    return Span(max(0.0, start - EDGE), end + EDGE)


def _new_ones(call: Landmarks, spans: Sequence[Span], learned: Sequence[Landmarks]) -> list[Landmarks]:
    """The stretches of a call as landmarks of their own, those left out that are learned already."""
    new: list[Landmarks] = []
    for span in spans:
        own = _cut(call, span)
        known = sum(each.duration for each in _known_in(own, [*learned, *new]))
        if len(learned) + len(new) < MOST_LEARNED and known < SAME * span.duration:
            new.append(own)
    return new


def _cut(call: Landmarks, span: Span) -> Landmarks:
    first, last = (round(second / FRAME_SECONDS) for second in (span.start, span.end))
    inside = (call.frames >= first) & (call.frames < last)
    return Landmarks(call.values[inside], (call.frames[inside] - np.uint32(first)).astype(np.uint32))


def _known_in(call: Landmarks, learned: Sequence[Landmarks]) -> list[Span]:
    """Stretches of the call that any of the learned ones holds."""
    spans = [shared.span for each in learned for shared in _compare([call, each]) if shared.one == 0]
    return list(_tidy(spans))
