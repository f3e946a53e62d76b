"""How long one party speaks without the other, and how fast."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from qa_engine.domain.conversation import Monologues, Pace
from qa_engine.domain.spans import Span, intersect_spans, merge_spans, subtract_spans, total_duration
from qa_engine.domain.transcript import Role
from qa_engine.timings.conversation import Voices, said_spans
from qa_engine.timings.spoken import SpokenWords

__all__ = ["measure_monologues", "measure_pace"]

BROKEN_BY = 5.0  # seconds of silence that end a monologue: dead air (TELEPHONY 5)
ENOUGH_SPEECH = 15.0  # seconds of own speech from which a pace is told: some 35 words, a tenth of error or less
ENOUGH_WORDS = 30
WORD_EDGE = 0.15  # seconds by which the middle of a word may lie outside the sound it belongs to


def measure_monologues(voices: Voices, turns: Voices, waiting: Sequence[Span]) -> Monologues:
    """The longest stretch of each party; `waiting`, dead air and a turn of the other party (`turns`) end it."""
    return Monologues(
        manager=_longest(voices.manager, merge_spans([*turns.customer, *waiting])),
        customer=_longest(voices.customer, merge_spans([*turns.company, *waiting])),
        estimate=not voices.exact,
        source=voices.source,
    )


def _longest(own: Sequence[Span], walls: Sequence[Span]) -> Span | None:
    """The longest run of `own` speech with no wall in it and no dead air; `walls` sorted and disjoint."""
    longest: Span | None = None
    run: Span | None = None
    wall = 0
    for piece in subtract_spans(own, walls):
        while wall < len(walls) and run is not None and walls[wall].end <= run.end:
            wall += 1
        walled = wall < len(walls) and walls[wall].start < piece.start
        goes_on = run is not None and not walled and piece.start - run.end < BROKEN_BY
        run = Span(run.start, piece.end) if run is not None and goes_on else piece
        if longest is None or run.duration > longest.duration:
            longest = run
    return None if longest is None else Span(round(longest.start, 3), round(longest.end, 3))


def measure_pace(voices: Voices, spoken: SpokenWords) -> Pace:
    """Words per minute of each party, over its speech in which words were recognised."""
    source = voices.source if "words" in voices.source else f"{voices.source}+words"
    return Pace(_pace(voices, spoken, Role.MANAGER), _pace(voices, spoken, Role.CUSTOMER), source)


def _pace(voices: Voices, spoken: SpokenWords, role: Role) -> float | None:
    heard = intersect_spans(voices.of(role), said_spans(spoken.turns, role, 0.0))
    seconds = total_duration(heard)
    words = [word for word in spoken.words_of(role) if spoken.means(word)]
    middles = np.sort(np.array([(word.start + word.end) / 2 for word in words]))
    around = merge_spans(span.grow(WORD_EDGE) for span in heard)
    edges = np.searchsorted(middles, [(span.start, span.end) for span in around]) if around else np.zeros((0, 2), int)
    count = int((edges[:, 1] - edges[:, 0]).sum())
    if seconds < ENOUGH_SPEECH or count < ENOUGH_WORDS:
        return None
    return round(60 * count / seconds, 1)
