"""How much memory a long recording takes: peaks of one process, above what it needs for a short one.

    python tests/benchmark/memory.py [--hours 8] [--diarizer]

A sample call is repeated into a wav file of that length (8 hours, two channels: 0.9 GB of disk, deleted afterwards).
`analysis` is what `qa-engine timings` does; `recognition` is the way of the sound to the speech engines and what is
held for them, without the engines' own weights and work. With --diarizer the embedded one hears the recording (slow:
a quarter of its length).
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
import wave
from collections.abc import Callable
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[2]
DAY = ROOT / "samples" / "day_en"
SAMPLES = {
    1: DAY / "external-102-01632960139-20261120-112009-1795173609.19.wav",
    2: DAY / "external-103-01632960125-20261120-104217-1795171337.11.flac",
}
RATE = 8000
GOAL_MB = 300


def repeat(sample: Path, target: Path, hours: float) -> None:
    """Writes the sample over and over, 16 bits at 8 kHz, until the file is that long."""
    from qa_engine.audio.decoding import decode

    samples = decode(sample, sample_rate=RATE).samples
    frames = (np.clip(samples.T, -1, 1) * 32767).astype("<i2").tobytes()
    with wave.open(str(target), "wb") as file:
        file.setnchannels(len(samples))
        file.setsampwidth(2)
        file.setframerate(RATE)
        for _ in range(int(np.ceil(hours * 3600 * RATE / samples.shape[1]))):
            file.writeframesraw(frames)


def analysis(path: Path) -> None:
    """The measured times."""
    from qa_engine.pipeline import listen_for_times

    listen_for_times(path, None, "en")


def recognition(path: Path) -> None:
    """Clips and parts as the speech engines get them."""
    _recognise(path, _Nobody)


def diarization(path: Path) -> None:
    """The same with the embedded diarizer."""
    from qa_engine.speech.moonshine_diarizer import MoonshineDiarizer

    _recognise(path, MoonshineDiarizer)


class _Nobody:
    """Takes what a diarizer takes, lays it out as one does, and knows nobody."""

    name = "nobody"

    def diarize(self, waveform, spans):
        from qa_engine.speech.speech_track import lay_track

        lay_track(waveform, spans, sample_rate=16_000)
        return ()


def _recognise(path: Path, diarizer: Callable[[], object]) -> None:
    from fakes import FakeTranscriber
    from qa_engine.domain.audio_event import Activity, AudioEvents, ChannelRelation
    from qa_engine.domain.spans import Span
    from qa_engine.recognition import Ears, Listening, recognise
    from qa_engine.telephony.file_names import file_names

    with wave.open(str(path)) as file:
        seconds, num_channels = file.getnframes() / RATE, file.getnchannels()
    talk = tuple(Span(float(at), min(float(at) + 7.0, seconds)) for at in np.arange(0.0, seconds - 1.0, 8.0))
    distinct = num_channels == 2
    events = AudioEvents(
        duration=seconds,
        num_channels=num_channels,
        relation=ChannelRelation.DISTINCT if distinct else ChannelRelation.MONO,
        activity=tuple(Activity(side, talk, -20.0, -60.0) for side in ((0, 1) if distinct else (None,))),
    )
    ears = Ears(lambda _: FakeTranscriber(), diarizer)
    recognise(path, events, ears, Listening("en", False, file_names("auto")))


WORK = {"analysis": analysis, "recognition": recognition, "diarization": diarization}


def peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def child(work: str, short: Path, long: Path) -> None:
    """In a process of its own: the peak of a short recording, then that of the long one."""
    WORK[work](short)
    before = peak_mb()
    started = time.process_time()
    WORK[work](long)
    seconds = time.process_time() - started
    sys.stdout.write(json.dumps({"before": before, "peak": peak_mb(), "seconds": seconds}))


def measure(work: str, short: Path, long: Path) -> dict[str, float]:
    paths = os.pathsep.join([str(ROOT), str(ROOT / "tests")])
    environment = {**os.environ, "PYTHONPATH": paths, "OMP_NUM_THREADS": "1"}
    command = [sys.executable, __file__, "--child", work, str(short), str(long)]
    told = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    return dict(json.loads(told.stdout))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--hours", type=float, default=1.0)
    parser.add_argument("--diarizer", action="store_true")
    parser.add_argument("--child", nargs=3, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child:
        child(options.child[0], *map(Path, options.child[1:]))
        return
    with tempfile.TemporaryDirectory() as folder:
        for num_channels, sample in SAMPLES.items():
            short, long = Path(folder) / "short.wav", Path(folder) / "long.wav"
            repeat(sample, short, 0.005)
            repeat(sample, long, options.hours)
            extra = ["diarization"] if options.diarizer and num_channels == 1 else []
            for work in ("analysis", "recognition", *extra):
                told = measure(work, short, long)
                print(
                    f"{work}, {options.hours:g} h, {num_channels} channel(s): {told['before']:5.0f} MB for a short "
                    f"call, {told['peak'] - told['before']:5.0f} more   goal {GOAL_MB}   "
                    f"{options.hours * 3600 / told['seconds']:5.0f} x real time (CPU)",
                    flush=True,
                )


if __name__ == "__main__":
    main()
