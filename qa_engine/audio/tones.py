"""Steady tones: where a channel carries nothing but one or two sines, with their frequencies and exact edges."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from qa_engine.audio.frames import Tracks
from qa_engine.audio.grid import FINE_HOP, HOP_SECONDS, SAMPLE_RATE
from qa_engine.domain.spans import Span

__all__ = ["LOUD_DB", "STEADY_PURITY", "Tone", "find_ring_tones", "find_steady_tones", "runs_of"]

FINE_SECONDS = FINE_HOP / SAMPLE_RATE
# Share of the energy in the tone. TELEPHONY 1.4 suggests 0.8 for a clean line; a line at 10 dB above noise gives 0.75
# in the band above 200 Hz, and cadence is asked for besides.
PURITY = 0.7
STEADY_PURITY = 0.85  # of tones anywhere: in a wider band more of a voice looks like one
VOICE = 0.5  # tones never made the voice detector say more than 0.32 (TELEPHONY 4.2)
FLAT_DB = 2.0  # codecs and noise at 20 dB make a flat tone waver by up to 1 dB
FLAT_HOPS = 2  # hops, 64 ms, of one level: a tone modulated by 15 Hz (Japan) swells and fades within
RING_HZ = (360, 512)  # South Africa 367+433, Switzerland's second tone 500 (TELEPHONY 1.3)
LOUD_DB = -60.0  # quieter tones are no call-progress tones (Order 133: -5 to -15 dB; recordings lose up to 30 dB)
SHORTEST = 0.12  # seconds of tone that count, half a frame below the shortest congestion tone (0.15 s)
FEWEST_HOPS = 3  # a window of 128 ms sees a tone of 0.12 s in as many
HALF_AMPLITUDE = 0.25  # of power: where the envelope crosses it is the edge of a tone
SECOND_DB = -12.0  # a second peak weaker than that is noise, not the other half of a dual tone
LEFTOVER_DB, LEFTOVER_HZ = -9.5, 40.0  # so weak and so near it is a side of the first one: a modulated tone
WANDER_HZ = 8.0  # a bin of the spectrum: notes and voices glide further
PARTLY_DB = 3.5  # half a hop of tone
TOUCH = 0.05  # seconds between two parts of one tone
EDGE_SEARCH = 0.2  # seconds around the coarse edge in which the exact one lies


@dataclass(frozen=True, slots=True)
class Tone:
    """A stretch of steady tone; `frequencies` in Hz, ascending, one or two; `level_db` relative to full scale.

    `wavering_db` is the standard deviation of its level (a network's tone is flat, a voice is not); `voice` the mean
    probability of speech.
    """

    start: float
    end: float
    frequencies: tuple[int, ...]
    level_db: float
    purity: float
    wavering_db: float
    voice: float

    @property
    def span(self) -> Span:
        """Its time."""
        return Span(self.start, self.end)

    @property
    def on(self) -> float:
        """Length in seconds."""
        return self.end - self.start


def runs_of(mask: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Runs of True as (first, behind the last)."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], mask.astype(np.int8), [0]])))
    return list(zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True))


def find_ring_tones(tracks: Tracks, channel: int) -> list[Tone]:
    """Tones in the band of ringback (360 to 512 Hz, single or dual), edges to about 10 ms, in time order."""
    share = _ring_share(tracks, channel)
    mask = (share >= PURITY) & (tracks.level_db[channel] > LOUD_DB)
    runs = [run for run in runs_of(mask) if run[1] - run[0] >= FEWEST_HOPS]
    tones = [_ring_tone(tracks, channel, run, share) for run in runs]
    return [tone for tone in _join(tones) if tone.on >= SHORTEST and _is_network_tone(tone)]


def find_steady_tones(tracks: Tracks, channel: int) -> list[Tone]:
    """Tones anywhere in the telephone band, edges to about 30 ms, in time order."""
    share = tracks.spectrum.peak_share[channel]
    mask = (share >= STEADY_PURITY) & (tracks.level_db[channel] > LOUD_DB)
    runs = [_trim(tracks.level_db[channel], *run) for run in runs_of(mask) if run[1] - run[0] >= FEWEST_HOPS]
    spans = [(first * HOP_SECONDS, min(last * HOP_SECONDS, tracks.duration)) for first, last in runs]
    tones = [_tone(tracks, channel, run, span, share) for run, span in zip(runs, spans, strict=True)]
    return [tone for tone in tones if tone.on >= SHORTEST and tone.frequencies]


def _trim(level: NDArray[np.float32], first: int, last: int) -> tuple[int, int]:
    """A run without the hops at its ends that only the window, not the tone, reaches into."""
    floor = _median(level[first:last]) - PARTLY_DB
    loud = np.flatnonzero(level[first:last] >= floor)
    return first + int(loud[0]), first + int(loud[-1]) + 1


def _ring_share(tracks: Tracks, channel: int) -> NDArray[np.float32]:
    """Share of the energy that is in the ringback band, or in two clear peaks where one is at the edge of it."""
    spectrum = tracks.spectrum
    low, high = RING_HZ
    peaks = np.stack([spectrum.first_hz[channel], spectrum.second_hz[channel]])
    clear = ((peaks >= low) & (peaks <= high)).all(axis=0) & (spectrum.peak_share[channel] >= STEADY_PURITY)
    return np.asarray(np.where(clear, spectrum.peak_share[channel], spectrum.ring_share[channel]), dtype=np.float32)


def _ring_tone(tracks: Tracks, channel: int, run: tuple[int, int], share: NDArray[np.float32]) -> Tone:
    span = _edges(tracks.envelope[channel], run[0] * HOP_SECONDS, run[1] * HOP_SECONDS, tracks.duration)
    return _tone(tracks, channel, run, span, share)


def _tone(
    tracks: Tracks, channel: int, run: tuple[int, int], edges: tuple[float, float], share: NDArray[np.float32]
) -> Tone:
    inside = slice(*run)
    return Tone(
        start=edges[0],
        end=edges[1],
        frequencies=_frequencies(tracks, channel, *run),
        level_db=_median(tracks.level_db[channel, inside]),
        purity=float(np.mean(share[inside])),
        wavering_db=_wavering(tracks.level_db[channel], *edges),
        voice=float(np.mean(tracks.voice[channel, inside])),
    )


def _wavering(level: NDArray[np.float32], start: float, end: float) -> float:
    """Standard deviation of the level of 64 ms over the hops well inside, dB; 0 where there are none."""
    inside = level[int(np.ceil(start / HOP_SECONDS)) + 1 : int(end / HOP_SECONDS) - 1]
    if inside.size < FLAT_HOPS:
        return 0.0
    power = np.convolve(10 ** (inside / 10), np.ones(FLAT_HOPS) / FLAT_HOPS, mode="valid")
    return float(np.std(10 * np.log10(power)))


def _is_network_tone(tone: Tone) -> bool:
    low, high = RING_HZ
    return tone.wavering_db <= FLAT_DB and tone.voice < VOICE and all(low <= hz <= high for hz in tone.frequencies)


def _edges(envelope: NDArray[np.float32], start: float, end: float, duration: float) -> tuple[float, float]:
    """Where the envelope crosses half the tone's amplitude next to the coarse edges, seconds."""
    first, last = (round(second / FINE_SECONDS) for second in (start, end))
    reach = round(EDGE_SEARCH / FINE_SECONDS)
    origin = max(0, first - reach)
    near = envelope[origin : last + reach]
    first, last = first - origin, min(last - origin, len(near))
    loud = near >= HALF_AMPLITUDE * _median(near[first : max(last, first + 1)])
    while first > 0 and loud[first - 1]:
        first -= 1
    while first < last - 1 and not loud[first]:
        first += 1
    while last < len(loud) and loud[last]:
        last += 1
    while last > first + 1 and not loud[last - 1]:
        last -= 1
    return (origin + first) * FINE_SECONDS, min((origin + last) * FINE_SECONDS, duration)


def _frequencies(tracks: Tracks, channel: int, first: int, last: int) -> tuple[int, ...]:
    """One or two median frequencies of the run, () where they wander: the middle of the run counts, not its edges."""
    trim = min(2, (last - first - 1) // 2)
    inside = slice(first + trim, max(last - trim, first + trim + 1))
    spectrum = tracks.spectrum
    ones, twos = spectrum.first_hz[channel, inside], spectrum.second_hz[channel, inside]
    second_db = _median(spectrum.second_db[channel, inside])
    distance = _median(np.abs(ones - twos))
    if second_db > SECOND_DB and not (second_db < LEFTOVER_DB and distance < LEFTOVER_HZ):
        dual = _steady(np.minimum(ones, twos)), _steady(np.maximum(ones, twos))
        if None not in dual:
            return tuple(sorted({hz for hz in dual if hz is not None}))
    single = _steady(ones)
    return () if single is None else (single,)


def _steady(hz: NDArray[np.float32]) -> int | None:
    """The median frequency, None where it wanders."""
    middle = _median(hz)
    return round(middle) if _median(np.abs(hz - middle)) <= WANDER_HZ else None


def _median(values: NDArray[np.float32]) -> float:
    """The median; `numpy.median` takes ten times as long for the few values of a tone."""
    ordered = np.sort(values)
    return float((ordered[(len(ordered) - 1) // 2] + ordered[len(ordered) // 2]) / 2)


def _join(tones: list[Tone]) -> list[Tone]:
    """Tones that touch after their edges were found are one."""
    joined: list[Tone] = []
    for tone in tones:
        if joined and tone.start - joined[-1].end < TOUCH:
            longer = max(joined[-1], tone, key=lambda each: each.on)
            joined[-1] = replace(longer, start=joined[-1].start, end=tone.end)
        else:
            joined.append(tone)
    return joined
