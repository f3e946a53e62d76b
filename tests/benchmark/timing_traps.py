"""Calls without any hold and without any ring that tempt a detector to hear one."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy.signal import butter, sosfilt
from timing_cadences import RATE
from timing_calls import Tape
from timing_sound import Samples

__all__ = ["TRAPS"]


def quiet_customer(tape: Tape) -> None:
    """The customer is 25 dB below the manager and has much to say."""
    _begin(tape)
    for _ in range(2):
        tape.say("manager")
        tape.rest(0.5)
        tape.talk(12.0, who=("customer", "customer"), db=-45.0)
    tape.talk(6.0)


def typing(tape: Tape) -> None:
    """A long pause: the manager types, the room is heard."""
    _begin(tape)
    tape.talk(6.0)
    for _ in range(2):
        keys = np.zeros(round(tape.between(9.0, 16.0) * RATE))
        at = 0.5
        while at < len(keys) / RATE - 0.5:
            click = tape.rng.standard_normal(160) * np.exp(-np.arange(160) / 30.0) * 10 ** (tape.between(-34, -26) / 20)
            keys[round(at * RATE) :][:160] += click
            at += tape.between(0.09, 0.5)
        tape.at = tape.lay("manager", keys)
        tape.talk(6.0)


def room_pause(tape: Tape) -> None:
    """Nobody speaks for long, but the line stays open: dead air, not a hold."""
    _begin(tape, room_db=-50.0)
    for _ in range(2):
        tape.talk(7.0)
        tape.rest(tape.between(7.0, 14.0))
    tape.talk(6.0)


def radio(tape: Tape) -> None:
    """A radio plays behind the customer all the time, 20 to 30 dB below the talk."""
    _begin(tape)
    _behind(tape, lambda seconds: _looped(tape, seconds), db=tape.between(-50.0, -40.0))


def television(tape: Tape) -> None:
    """Other voices behind the customer, 20 to 28 dB below the talk."""
    _begin(tape)
    _behind(tape, lambda seconds: _voices(tape, seconds), db=tape.between(-48.0, -40.0))


def traffic(tape: Tape) -> None:
    """A street: deep noise that swells as cars go by."""
    _begin(tape)
    _behind(tape, lambda seconds: _street(tape, seconds), db=tape.between(-42.0, -32.0))


def humming(tape: Tape) -> None:
    """The manager hums to himself for some seconds while he looks something up."""
    _begin(tape)
    tape.talk(7.0)
    tape.rest(0.6)
    seconds = tape.between(3.0, 5.0)
    tape.at = tape.lay("manager", _hum(tape, seconds) * 10 ** (tape.between(-34.0, -26.0) / 20))
    tape.rest(0.6)
    tape.talk(9.0)


def fan(tape: Tape) -> None:
    """A fan: steady noise with a hum of 100 and 300 Hz in it."""
    _begin(tape)
    t = np.arange(60 * RATE) / RATE
    hum = 0.4 * np.sin(2 * np.pi * 300 * t) + 0.2 * np.sin(2 * np.pi * 400 * t)
    noise = tape.rng.standard_normal(len(t))
    _behind(tape, lambda seconds: (noise + hum)[: round(seconds * RATE)], db=tape.between(-48.0, -40.0))


def _begin(tape: Tape, *, room_db: float | None = None) -> None:
    tape.open_line(0.0, db=room_db)
    tape.rest(tape.between(0.2, 0.8))


def _behind(tape: Tape, make: Callable[[float], Samples], *, db: float) -> None:
    """A talk with pauses of up to four seconds, and a sound behind the customer through all of it."""
    for _ in range(4):
        tape.talk(7.0)
        tape.rest(tape.between(1.0, 4.0))
    sound = make(tape.at)
    tape.lay("customer", sound / np.sqrt(np.mean(sound**2)) * 10 ** (db / 20), at=0.0)


def _looped(tape: Tape, seconds: float) -> Samples:
    tune = tape.material.tune(tape.rng, min(seconds, 20.0))
    return np.tile(tune, int(np.ceil(seconds * RATE / len(tune))))[: round(seconds * RATE)]


def _voices(tape: Tape, seconds: float) -> Samples:
    parts: list[Samples] = []
    while sum(map(len, parts)) < seconds * RATE:
        sentence = tape.material.sentence(tape.rng, tape.language)
        parts += [tape.colleague.phrase(tape.rng, sentence, tape.material.cache).samples, np.zeros(RATE // 4)]
    return np.concatenate(parts)[: round(seconds * RATE)]


def _street(tape: Tape, seconds: float) -> Samples:
    size = round(seconds * RATE)
    deep = sosfilt(butter(1, 400.0, fs=RATE, output="sos"), tape.rng.standard_normal(size))
    t = np.arange(size) / RATE
    swell = np.full(size, 0.3)
    for _ in range(int(seconds / 5) + 1):
        swell += np.exp(-(((t - tape.between(0, seconds)) / tape.between(0.8, 2.0)) ** 2))
    return np.asarray(deep * swell)


def _hum(tape: Tape, seconds: float) -> Samples:
    """A closed-mouth tune: one gliding voice of few partials with vibrato, notes of half a second."""
    t = np.arange(round(seconds * RATE)) / RATE
    notes = tape.rng.choice([0, 2, 4, 5, 7], int(seconds / 0.5) + 2)
    semitones = np.interp(t, np.arange(len(notes)) * 0.5, notes) + 0.3 * np.sin(2 * np.pi * 5.5 * t)
    phase = 2 * np.pi * np.cumsum(140.0 * 2 ** (semitones / 12)) / RATE
    sound = sum((np.sin(k * phase) / k**1.5 for k in range(1, 8)), np.zeros(len(t)))
    return np.asarray(sound / np.sqrt(np.mean(sound**2)) * np.clip(np.minimum(t, seconds - t) / 0.1, 0, 1))


TRAPS: dict[str, Callable[[Tape], None]] = {
    "quiet-customer": quiet_customer,
    "typing": typing,
    "room-pause": room_pause,
    "radio": radio,
    "television": television,
    "traffic": traffic,
    "humming": humming,
    "fan": fan,
}
