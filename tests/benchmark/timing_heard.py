"""What the engine, and what a user would pick instead, hear in a recording."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.signal import resample_poly
from timing_calls import Truth
from timing_cases import Case

from qa_engine.audio.decoding import decode_blocks
from qa_engine.audio.detection import detect_events
from qa_engine.domain.spans import Span, invert_spans, merge_spans
from qa_engine.domain.waveform import Waveform
from qa_engine.timings.answer import all_speech, measure_answer
from qa_engine.timings.measuring import measure_timings

__all__ = ["BASELINES", "ENGINE", "ENGINE_WORDS", "Cost", "Heard", "baselines", "engine", "warm_up"]

ENGINE = "engine"  # sound alone
ENGINE_WORDS = "with words"  # the same sound, the true turns beside it
BASELINES = ("energy VAD", "Silero once", "librosa split", "CDR")
RATE = 8000
LONG_PAUSE = 6.0  # seconds: the baselines take such a pause for a hold


@dataclass(frozen=True, slots=True)
class Heard:
    """The times that a method gives; None where it cannot tell. Holds are (start, end, kind)."""

    answered_at: float | None = None
    uncertainty: float = 0.0
    ring_seconds: float | None = None
    rings: int | None = None
    tone: str = ""
    holds: tuple[tuple[float, float, str], ...] | None = None
    transfers: tuple[tuple[float, bool | None], ...] | None = None
    speech: tuple[Span, ...] | None = None


def warm_up() -> None:
    """Load the libraries and the voice detector, so that the first call costs what any other does."""
    sound = np.random.default_rng(0).standard_normal((1, 2 * RATE)).astype(np.float32) * 0.1
    detect_events(lambda: [Waveform(sound, RATE)])


@dataclass
class Cost:
    """Process seconds by stage, and seconds of sound."""

    sound: float = 0.0
    decoding: float = 0.0
    analysis: float = 0.0
    timings: float = 0.0


def engine(case: Case, file: Path, truth: Truth, cost: Cost) -> dict[str, Heard]:
    """The engine's times from the sound alone, and with the true turns as its transcript."""
    started = time.process_time()
    for _ in decode_blocks(file, sample_rate=RATE):
        pass
    decoded = time.process_time()
    events = detect_events(lambda: decode_blocks(file, sample_rate=RATE))
    analysed = time.process_time()
    heard = {}
    for name, turns in ((ENGINE, []), (ENGINE_WORDS, truth.turns)):
        answer = measure_answer(events, None)
        found = measure_timings(events, turns, answer, language=case.language, duration=events.duration)
        ringing = found.ringing
        heard[name] = Heard(
            answered_at=found.answered_at,
            uncertainty=ringing.uncertainty or 0.0,
            ring_seconds=ringing.seconds,
            rings=ringing.rings or 0,
            tone=ringing.tone,
            holds=tuple((hold.start, hold.end, str(hold.kind)) for hold in found.holds),
            transfers=tuple((one.at, one.announced) for one in found.transfers) if turns else None,
            speech=all_speech(events),
        )
    cost.sound += events.duration
    cost.decoding += decoded - started
    cost.analysis += analysed - decoded
    cost.timings += (time.process_time() - analysed) / 2
    return heard


def baselines(file: Path, truth: Truth, seed: int) -> dict[str, Heard]:
    """What simpler means give."""
    mix = np.concatenate([block.samples.mean(axis=0) for block in decode_blocks(file, sample_rate=RATE)])
    return {
        "energy VAD": _from_speech(_energy_vad(mix), len(mix) / RATE),
        "Silero once": _from_speech(_silero(mix), len(mix) / RATE),
        "librosa split": _from_speech(_split(mix), len(mix) / RATE),
        "CDR": _call_record(truth, seed),
    }


def _from_speech(speech: Sequence[Span], duration: float) -> Heard:
    """The first speech is the answer; long pauses after it are holds."""
    if not speech:
        return Heard(holds=(), speech=())
    talk = Span(speech[0].start, speech[-1].end)
    pauses = [pause for pause in invert_spans(speech, talk) if pause.duration >= LONG_PAUSE]
    return Heard(
        answered_at=speech[0].start,
        ring_seconds=speech[0].start,
        holds=tuple((pause.start, pause.end, "silence") for pause in pauses),
        speech=tuple(speech),
    )


def _energy_vad(mix: NDArray[np.float32]) -> tuple[Span, ...]:
    """Frames of 30 ms louder than the noise floor by 10 dB, pauses of 0.3 s bridged."""
    frames = mix[: len(mix) // 240 * 240].reshape(-1, 240)
    levels = 10 * np.log10((frames.astype(np.float64) ** 2).mean(axis=1) + 1e-10)
    loud = levels > max(float(np.percentile(levels, 10)) + 10, -55.0)
    edges = np.flatnonzero(np.diff(np.concatenate([[0], loud.astype(np.int8), [0]])))
    spans = [Span(a * 0.03, b * 0.03) for a, b in zip(edges[::2], edges[1::2], strict=True)]
    return tuple(span for span in merge_spans(spans, gap=0.3) if span.duration >= 0.15)


def _silero(mix: NDArray[np.float32]) -> tuple[Span, ...]:
    """Silero VAD as faster-whisper runs it, once over the whole recording."""
    from faster_whisper.vad import VadOptions, get_speech_timestamps

    fast = resample_poly(mix, 2, 1).astype(np.float32)
    options = VadOptions(min_silence_duration_ms=300, speech_pad_ms=30)
    return tuple(Span(s["start"] / 16000, s["end"] / 16000) for s in get_speech_timestamps(fast, options))


def _split(mix: NDArray[np.float32]) -> tuple[Span, ...]:
    """`librosa.effects.split` with 30 dB under the peak."""
    import librosa

    spans = librosa.effects.split(mix, top_db=30, frame_length=512, hop_length=128)
    return merge_spans((Span(a / RATE, b / RATE) for a, b in spans), gap=0.3)


def _call_record(truth: Truth, seed: int) -> Heard:
    """`duration - billsec` in whole seconds; half of the dialplans answer before Dial, and then it is 0."""
    if truth.answered_at is None or truth.ring_start is None:
        return Heard()
    begun = truth.ring_start
    rang = 0.0 if seed % 2 else float(int(truth.duration - begun) - int(truth.duration - truth.answered_at))
    return Heard(answered_at=begun + rang, ring_seconds=rang)
