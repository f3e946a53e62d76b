"""The ring tones of every country in TELEPHONY 1.3, as data, and their sound.

Left out are the two that no recording holds: 25 Hz (Turkmenistan) and 133 Hz (India, the second choice) lie below the
telephone band of 300-3400 Hz.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["CADENCES", "RATE", "Cadence", "ring_sound", "tone"]

RATE = 8000  # Hz
RAMP = 0.004  # seconds: tones do not begin with a click
Samples = NDArray[np.float64]

# Asterisk's notation: Hz/seconds, a+b two tones, a*b a modulated by b, 0 a pause. Patterns that several countries share
# stand under the first of them (425/1 0/4 is also ee it nl ch pl cz sk ro bg gr no fi dk mx br ua kz).
TABLE = """
ru            425/1.0 0/4.0
ru_equipment  425/0.8 0/3.2
de_first      425/0.25 0/4.0 425/1.0 0/4.0 425/1.0 0/4.0
de_half       425/0.5 0/4.0 425/1.0 0/4.0 425/1.0 0/4.0
de_long       450/1.0 0/9.0
de_five       425/1.0 0/5.0
fr            440/1.5 0/3.5
es            425/1.5 0/3.0
be            425/1.0 0/3.0
be_450        450/1.0 0/3.0
at            420/1.0 0/5.0
at_450        450/1.0 0/5.0
ch_500        500/1.0 0/4.0
hu            425/1.25 0/3.75
hu_short      425/1.2 0/3.7
ro            475+425/1.85 0/4.15
ro_low        384+416/2.0 0/4.0
bg_long       425/1.0 0/9.0
bg_183        425/1.83 0/3.0
pt_400        400/1.0 0/5.0
se_long       400/1.0 0/9.0
no_400        400/1.0 0/3.0
uk            400+450/0.4 0/0.2 400+450/0.4 0/2.0
uk_375        375+425/0.4 0/0.2 375+425/0.4 0/2.0
uk_383        383.33+416.67/0.4 0/0.2 383.33+416.67/0.4 0/2.0
ie            400/0.4 0/0.2 400/0.4 0/2.0
ie_450        450/0.4 0/0.2 450/0.4 0/2.0
us            440+480/2.0 0/4.0
us_old        380+460/2.0 0/4.0
us_pbx        440+480/1.0 0/3.0
au            413+438/0.4 0/0.2 413+438/0.4 0/2.0
au_383        383+417/0.4 0/0.2 383+417/0.4 0/2.0
cn            450/1.0 0/4.0
hk            440+480/0.4 0/0.2 440+480/0.4 0/3.0
jp_am         400*15/1.0 0/2.0
jp            384+416/1.0 0/2.0
jp_380        380+420/1.0 0/2.0
kr            440+480/1.0 0/2.0
in_am         400*25/0.4 0/0.2 400*25/0.4 0/2.0
in            375+425/0.4 0/0.2 375+425/0.4 0/2.6
sg_am         425*24/0.4 0/0.2 425*24/0.4 0/2.0
sg            401+449/0.4 0/0.2 401+449/0.4 0/2.0
il            414/1.0 0/3.0
il_400        400/1.0 0/3.0
il_440        440/1.0 0/3.0
tr            450/2.0 0/4.0
ae            425/0.4 0/0.2 425/0.4 0/2.0
sa            425/1.2 0/4.6
eg            375+475/2.0 0/1.0
za_am         400*33/0.4 0/0.2 400*33/0.4 0/2.0
za            367+433/0.4 0/0.2 367+433/0.4 0/2.0
"""


@dataclass(frozen=True, slots=True)
class Cadence:
    """One ring after the other: `rings` are lists of (tone, on, off), gone through in turn."""

    name: str
    rings: tuple[tuple[tuple[str, float, float], ...], ...]

    def ring(self, index: int) -> tuple[tuple[str, float, float], ...]:
        """The tones of ring number `index`; the last rings of an uneven pattern repeat."""
        return self.rings[min(index, len(self.rings) - 1)]

    def length(self, index: int) -> float:
        """Seconds from the beginning of ring `index` to that of the next one."""
        return sum(on + off for _, on, off in self.ring(index))

    def sounding(self, index: int) -> float:
        """Seconds from the beginning of ring `index` to the end of its last tone."""
        return self.length(index) - self.ring(index)[-1][2]

    @property
    def cycle(self) -> float:
        """Seconds of a usual ring and its pause."""
        return self.length(len(self.rings) - 1)


def _parse(line: str) -> Cadence:
    name, *parts = line.split()
    steps = [part.split("/") for part in parts]
    tones = [(on[0], float(on[1]), float(off[1])) for on, off in zip(steps[::2], steps[1::2], strict=True)]
    if len(tones) == 2 and tones[0][2] < 1.0:  # two short tones are one ring
        return Cadence(name, (tuple(tones),))
    return Cadence(name, tuple((tone,) for tone in tones))


CADENCES = {cadence.name: cadence for cadence in map(_parse, TABLE.strip().splitlines())}


def tone(spec: str, seconds: float) -> Samples:
    """A tone of `spec` with an RMS of 1, its edges rounded off."""
    t = np.arange(round(seconds * RATE)) / RATE
    if "*" in spec:
        carrier, modulation = (float(part) for part in spec.split("*"))
        sound = np.sin(2 * np.pi * carrier * t) * (1 + 0.9 * np.sin(2 * np.pi * modulation * t))
    else:
        sound = np.sum([np.sin(2 * np.pi * float(hz) * t) for hz in spec.split("+")], axis=0)
    edges = np.minimum(1, np.minimum(t, seconds - t) / RAMP)
    return np.asarray(sound / max(np.sqrt(np.mean(sound**2)), 1e-9) * np.clip(edges, 0, 1))


def ring_sound(cadence: Cadence, index: int) -> Samples:
    """Ring number `index` with the pause behind it."""
    parts = [[tone(spec, on), np.zeros(round(off * RATE))] for spec, on, off in cadence.ring(index)]
    return np.concatenate([sound for pair in parts for sound in pair])
