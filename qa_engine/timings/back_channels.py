"""Listening noises ("угу", "uh-huh"): speech that takes no turn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from qa_engine.domain.spans import Span, merge_spans
from qa_engine.domain.transcript import Role
from qa_engine.timings.conversation import WORD_GAP, Voices
from qa_engine.timings.spoken import SpokenWords

__all__ = ["BACK_CHANNEL", "without_back_channels"]

BACK_CHANNEL = 1.0  # seconds; shorter speech of unknown words is a listening noise (TELEPHONY 5)
LONGEST = 2.5  # seconds that listening noises in a row ("да да, понятно, угу") last at most; longer: words were missed
COLLAR = 0.15  # seconds by which the middle of a word may lie outside the sound it belongs to


def without_back_channels(voices: Voices, spoken: SpokenWords) -> Voices:
    """The speech of both parties that takes a turn: by its words where these are known, else by its length.

    Pauses inside a sentence are closed: who begins with a short word and goes on has begun with that word.
    """
    manager, customer, second = (
        _Noises(spoken, role).left_out_of(merge_spans(voices.of(role), gap=WORD_GAP))
        for role in (Role.MANAGER, Role.CUSTOMER, Role.SECOND_MANAGER)
    )
    return replace(voices, manager=manager, customer=customer, second_manager=second)


class _Noises:
    """The words of one role by their time, and which of them are listening noises."""

    def __init__(self, spoken: SpokenWords, role: Role) -> None:
        noises = {
            (id(said.turn), index)
            for said in spoken.find("back_channel")
            if said.certain and said.turn.role is role
            for index in range(said.first, said.last + 1)
        }
        words = [
            ((word.start + word.end) / 2, (id(turn), index) in noises or not spoken.means(word))
            for turn in spoken.turns
            if turn.role is role
            for index, word in enumerate(turn.words)
        ]
        words.sort()
        self._middles: NDArray[np.float64] = np.array([middle for middle, _ in words])
        self._noise: NDArray[np.bool_] = np.array([is_noise for _, is_noise in words], dtype=np.bool_)

    def left_out_of(self, stretches: Sequence[Span]) -> tuple[Span, ...]:
        """The stretches that are more than a listening noise."""
        return tuple(stretch for stretch in stretches if not self._is_noise(stretch))

    def _is_noise(self, stretch: Span) -> bool:
        first = np.searchsorted(self._middles, stretch.start - COLLAR)
        after = np.searchsorted(self._middles, stretch.end + COLLAR, side="right")
        if after > first:
            return stretch.duration <= LONGEST and bool(self._noise[first:after].all())
        return stretch.duration < BACK_CHANNEL
