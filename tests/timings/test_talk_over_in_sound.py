"""Interruptions laid out from real telephone speech, one party per channel, with known answers."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

import builders
import sounds
from qa_engine.audio.decoding import decode_blocks
from qa_engine.audio.detection import detect_events
from qa_engine.domain.spans import Span
from qa_engine.domain.timings import Timings
from qa_engine.domain.transcript import Role, Turn
from qa_engine.timings.answer import measure_answer
from qa_engine.timings.measuring import measure_timings

CALL = Path(__file__).resolve().parents[2].parent / "shared/data/recordings/auto_repair_stereo_manager_left.flac"
RATE = 8000
ROLES = (Role.MANAGER, Role.CUSTOMER)

pytestmark = [
    pytest.mark.shared,
    pytest.mark.slow,
    pytest.mark.skipif(not CALL.exists(), reason="the labelled recordings are not beside the project"),
]


@dataclass
class Laid:
    """Speech laid onto two channels, with the turns it makes and the interruptions in it: (second, by)."""

    samples: NDArray[np.float32]
    turns: list[Turn] = field(default_factory=list)
    cuts: list[tuple[float, Role]] = field(default_factory=list)

    def put(self, channel: int, at: float, speech: NDArray[np.float32], text: str = "") -> float:
        self.samples[channel, round(at * RATE) : round(at * RATE) + len(speech)] += speech
        length = len(speech) / RATE
        words = text or " ".join(["word"] * max(1, round(length / builders.SECONDS_PER_WORD)))
        self.turns.append(builders.turn(ROLES[channel], words, at, channel=channel))
        return at + length


def lay_out(seed: int, num_events: int) -> Laid:
    """In turn: somebody is cut short, a listening noise, a turn of one's own, and breaking in without success."""
    rng = np.random.default_rng(seed)
    whole = np.concatenate([block.samples for block in decode_blocks(CALL, sample_rate=RATE)], axis=1)
    heard = detect_events(lambda: decode_blocks(CALL, sample_rate=RATE)).activity
    parts = [[cut(whole[c], span) for span in heard[c].speech if 2.0 <= span.duration <= 8.0] for c in (0, 1)]
    noises = [[cut(whole[c], span) for span in heard[c].speech if 0.3 <= span.duration <= 0.8] for c in (0, 1)]
    laid = Laid(rng.normal(0, 1e-3, (2, 20 * num_events * RATE)).astype(np.float32))
    at = 1.0
    for event in range(num_events):
        first = int(rng.integers(2))
        one, two, noise = (
            some[int(rng.integers(len(some)))] for some in (parts[first], parts[1 - first], noises[1 - first])
        )
        end = laid.put(first, at, one)
        match event % 4:
            case 0:
                begins = end - float(rng.uniform(0.8, min(1.6, end - at - 0.6, len(two) / RATE - 0.6)))
                laid.cuts.append((begins, ROLES[1 - first]))
                at = laid.put(1 - first, begins, two)
            case 1:
                laid.put(1 - first, (at + end) / 2, noise, "yeah")
                at = end
            case 2:
                at = laid.put(1 - first, end + 0.3, two)
            case 3:
                if end - at > 3.0:
                    laid.put(1 - first, at + 0.6, two[: round(1.6 * RATE)])
                at = end
        at += 1.5
    laid.samples = laid.samples[:, : round((at + 1.0) * RATE)]
    laid.turns.sort(key=lambda turn: turn.start)
    return laid


def cut(channel: NDArray[np.float32], span: Span) -> NDArray[np.float32]:
    return channel[round(span.start * RATE) : round(span.end * RATE)]


def measured(laid: Laid) -> Timings:
    events = detect_events(sounds.blocks(laid.samples))
    answer = measure_answer(events, laid.turns[0].start)
    return measure_timings(events, laid.turns, answer, language="en", duration=events.duration)


@pytest.mark.parametrize("seed", [11, 12])
def test_who_cut_in_and_when_is_heard_in_the_sound(seed: int) -> None:
    laid = lay_out(seed, 40)
    interruptions = measured(laid).interruptions
    assert interruptions is not None
    found = [
        [moment for moment in interruptions.moments if moment.by is by and abs(moment.at - at) <= 0.2]
        for at, by in laid.cuts
    ]
    assert sum(map(bool, found)) >= 0.9 * len(laid.cuts)
    assert len(interruptions.moments) - sum(map(bool, found)) <= 1
