"""Turns: what one party says before the other takes over."""

from __future__ import annotations

from collections.abc import Sequence

from qa_engine.domain.spans import Span
from qa_engine.domain.transcript import Role, Turn, Utterance

__all__ = ["build_turns"]

SAME_TURN_PAUSE = (
    1.5  # seconds; a pause inside a turn is seldom longer (Jefferson's "standard maximum silence": about 1 s)
)


def build_turns(utterances: Sequence[tuple[Role, Utterance]]) -> tuple[Turn, ...]:
    """Turns in time order: utterances of one speaker at most 1.5 s apart are one turn, unless another spoke between.

    Words of others *during* an utterance (talk-over on two channels) do not break its turn.
    """
    ordered = sorted(utterances, key=lambda pair: (pair[1].start, pair[1].end, pair[0], pair[1].speaker))
    gatherings: list[list[tuple[Role, Utterance]]] = []
    last: dict[tuple[Role, str], list[tuple[Role, Utterance]]] = {}
    for role, utterance in ordered:
        open_turn = last.get((role, utterance.speaker))
        if open_turn is not None and _continues(open_turn[-1][1], utterance, ordered):
            open_turn.append((role, utterance))
        else:
            last[(role, utterance.speaker)] = open_turn = [(role, utterance)]
            gatherings.append(open_turn)
    return tuple(_turn(gathering) for gathering in gatherings)


def _continues(before: Utterance, after: Utterance, ordered: Sequence[tuple[Role, Utterance]]) -> bool:
    if after.start - before.end > SAME_TURN_PAUSE:
        return False
    return not any(_speaks_between(other, before, after) for _, other in ordered)


def _speaks_between(other: Utterance, before: Utterance, after: Utterance) -> bool:
    gap = Span(min(before.end, after.start), after.start)
    return other.speaker != before.speaker and other.span.overlap(gap) > 0


def _turn(gathering: Sequence[tuple[Role, Utterance]]) -> Turn:
    role, first = gathering[0]
    words = tuple(word for _, utterance in gathering for word in utterance.words)
    end = max(utterance.end for _, utterance in gathering)
    told = [utterance.speaker_confidence for _, utterance in gathering]
    least = min((confidence for confidence in told if confidence is not None), default=None)
    return Turn(role, first.start, end, words, first.speaker, first.channel, least)
