"""Beginnings of calls: ringing of every kind, and calls without any."""

from __future__ import annotations

from collections.abc import Callable

from timing_cadences import CADENCES
from timing_calls import Tape

__all__ = ["RING_SCENES"]

LONGEST = 42.0  # seconds of ringing at most
USUAL = ("ru", "ru_equipment", "us", "uk", "fr", "es", "us_pbx")


def cadence_ring(tape: Tape, *, cadence: str) -> None:
    """A pause, 1 to 8 rings, the answer in the tone or in the pause, a short talk."""
    tape.rest(tape.between(0.0, 2.0))
    _ring(tape, cadence)
    _conversation(tape)


def mid_ring(tape: Tape) -> None:
    """The recording begins inside the first tone."""
    cadence = _any(tape)
    on = CADENCES[cadence].ring(0)[0][1]
    _ring(tape, cadence, at_least=2)
    lost = tape.between(0.2, max(0.25, on - 0.25))
    tape.drop_beginning(lost)
    tape.truth.mid_ring, tape.truth.ring_start = True, 0.0
    tape.truth.answered_at = tape.at
    _conversation(tape)


def ivr_ring(tape: Tape) -> None:
    """A machine speaks before it rings; that is no part of the ringing."""
    prompt = tape.material.prompt(tape.rng)
    tape.rest(tape.between(0.1, 0.8))
    tape.announce(prompt, tape.at)
    tape.at = tape.lay("manager", prompt)
    tape.rest(tape.between(0.3, 1.5))
    _ring(tape, _any(tape))
    _conversation(tape)


def two_series(tape: Tape) -> None:
    """It rings, and some seconds later a second telephone rings; both are the caller's wait."""
    cadence = _any(tape)
    tape.rest(0.5)
    first = tape.at
    tape.ring(cadence, 2, answer="pause", db=tape.ring_db())
    tape.rest(tape.between(2.0, 4.0))
    _ring(tape, cadence)
    tape.truth.ring_start = first
    tape.truth.rings += 2
    tape.truth.in_series = True
    _conversation(tape)


def at_answer(tape: Tape) -> None:
    """The recording begins when the telephone is picked up."""
    tape.open_line(0.0)
    tape.rest(tape.between(0.3, 1.5))
    tape.talk(15.0)


def mid_call(tape: Tape) -> None:
    """The recording begins in the middle of a word."""
    tape.open_line(0.0)
    tape.talk(12.0)
    tape.drop_beginning(tape.between(0.3, 0.5))


def ivr_only(tape: Tape) -> None:
    """A machine speaks, then a person answers without any ringing."""
    tape.rest(0.3)
    prompt = tape.material.prompt(tape.rng)
    tape.announce(prompt, tape.at)
    tape.at = tape.lay("manager", prompt)
    tape.open_line(tape.at)
    tape.rest(tape.between(0.5, 1.5))
    tape.talk(12.0)


def silence_first(tape: Tape) -> None:
    """Nothing is heard for some seconds (a 180 without sound), then the line opens."""
    tape.rest(tape.between(3.0, 9.0))
    tape.open_line(tape.at)
    tape.truth.answered_at = tape.at
    tape.resume_after("silence")
    tape.rest(tape.between(0.2, 1.0))
    tape.talk(12.0)


def music_instead(tape: Tape) -> None:
    """The network plays music to the caller in place of a ring; it stops at the answer."""
    seconds = tape.between(8.0, 25.0)
    tune = tape.material.tune(tape.rng, seconds)
    tape.rest(tape.between(0.0, 0.5))
    tape.at = tape.lay("both", tune * 10 ** (tape.music_db() / 20))
    tape.open_line(tape.at)
    tape.truth.answered_at = tape.at
    tape.resume_after("music")
    tape.rest(tape.between(0.2, 1.0))
    tape.talk(10.0)


def _any(tape: Tape) -> str:
    return USUAL[int(tape.rng.integers(len(USUAL)))]


def _ring(tape: Tape, cadence: str, *, at_least: int = 1) -> None:
    table = CADENCES[cadence]
    most = max(at_least, min(8, int(LONGEST / table.cycle)))
    rings = int(tape.rng.integers(at_least, most + 1))
    answer = "cuts" if tape.rng.random() < 0.5 else "pause"
    tape.truth.cadence, tape.truth.rings, tape.truth.ring_start = cadence, rings, tape.at
    side = ("both", "manager", "customer")[int(tape.rng.integers(3))]
    tape.ring(cadence, rings, answer=answer, db=tape.ring_db(), side=side)
    tape.truth.answered_at, tape.truth.in_pause = tape.at, answer == "pause"


def _conversation(tape: Tape) -> None:
    """The line opens with a step in the noise in two of three calls; then somebody speaks."""
    tape.open_line(tape.at if tape.rng.random() < 0.67 else 0.0)
    tape.rest(tape.between(0.2, 1.4))
    tape.talk(tape.between(6.0, 10.0))


RING_SCENES: dict[str, Callable[..., None]] = {
    "cadence": cadence_ring,
    "mid-ring": mid_ring,
    "ivr-ring": ivr_ring,
    "two-series": two_series,
    "at-answer": at_answer,
    "mid-call": mid_call,
    "ivr-only": ivr_only,
    "silence-first": silence_first,
    "music": music_instead,
}
