"""Short tones that come back: fax and modem calling, call waiting, the beep of a recorder or of a hold."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from statistics import median

from qa_engine.audio.signals import name_beeps
from qa_engine.audio.tones import Tone
from qa_engine.domain.audio_event import EventKind, SoundEvent

__all__ = ["find_beeps"]

ON = (0.12, 0.75)  # seconds
CYCLE = (1.5, 65.0)  # seconds from beep to beep: a modem calls every 2 s, recorders beep every 15 or 60 s
FLAT_DB = 1.0
VOICE = 0.3  # the voice detector says less than this on average
PURITY = 0.9
SAME_HZ, SAME_LEVEL_DB = 10, 3.0
SAME_ON, SAME_CYCLE = 0.07, 0.1  # seconds: edges are known to 30 ms
DRIFT = 0.02  # how far a cycle may differ besides, as a share
FEWEST = 3
FEWEST_KNOWN = 2  # of those whose frequency and cadence are a signal's
KNOWN = ("recording", "fax", "modem")
UNHEARD = 3  # beeps in a row that speech may cover


def find_beeps(tones: Sequence[Tone], side: int | None) -> tuple[SoundEvent, ...]:
    """Those of the `tones` of one `side` that come back in a steady cycle, one event each in time order."""
    free = [tone for tone in tones if _is_beep(tone)]
    found: list[SoundEvent] = []
    while free:
        series = _series(free)
        name = _name(series) if len(series) > 1 else ""
        if len(series) >= (FEWEST_KNOWN if name.startswith(KNOWN) else FEWEST):
            found += [SoundEvent(EventKind.TONE, round(t.start, 3), round(t.end, 3), side, 1.0, name) for t in series]
            free = [tone for tone in free if tone not in series]
        else:
            free = free[1:]
    return tuple(sorted(found, key=lambda event: event.start))


def _is_beep(tone: Tone) -> bool:
    flat = tone.wavering_db <= FLAT_DB and tone.purity >= PURITY
    return ON[0] <= tone.on <= ON[1] and flat and tone.voice < VOICE


def _series(tones: Sequence[Tone]) -> list[Tone]:
    """The first tone and those like it that follow in steps of one cycle, or a few where some were not heard.

    One that is like it and out of step ends the series: such tones come back by chance.
    """
    like = [tone for tone in tones[1:] if _is_like(tones[0], tone)]
    series = [tones[0]]
    for tone in like:
        step = tone.start - series[-1].start
        if not (CYCLE[0] <= step <= CYCLE[1] if len(series) == 1 else _is_multiple(step, _cycle(series))):
            break
        series.append(tone)
    return series


def _is_like(one: Tone, two: Tone) -> bool:
    if len(one.frequencies) != len(two.frequencies) or abs(one.level_db - two.level_db) > SAME_LEVEL_DB:
        return False
    near = max(abs(a - b) for a, b in zip(one.frequencies, two.frequencies, strict=True)) <= SAME_HZ
    return near and abs(one.on - two.on) <= SAME_ON


def _is_multiple(step: float, cycle: float) -> bool:
    count = round(step / cycle)
    return 1 <= count <= UNHEARD + 1 and abs(step - count * cycle) <= SAME_CYCLE + DRIFT * step


def _cycle(series: Sequence[Tone]) -> float:
    return min(two.start - one.start for one, two in pairwise(series))


def _name(series: Sequence[Tone]) -> str:
    hz = [round(median(tone.frequencies[i] for tone in series)) for i in range(len(series[0].frequencies))]
    return name_beeps(hz, median(tone.on for tone in series), _cycle(series))
