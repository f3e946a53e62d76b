"""How fast: analysis of sound, judging, search, on the sample days; one process, one core.

    python tests/benchmark/speed.py [--calls 300]

Ratios of one run on one machine: what matters is their order, these machines are noisy.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from dataclasses import replace
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")

from qa_engine.audio.decoding import decode_blocks
from qa_engine.audio.detection import detect_events
from qa_engine.pipeline import Ears, Listening, Source, hear, understand
from qa_engine.rules.evaluate import evaluate
from qa_engine.rules.loading import load_scorecard
from qa_engine.store.store import Store
from qa_engine.telephony.file_names import file_names

ROOT = Path(__file__).resolve().parents[2]
DAY = ROOT / "samples" / "day_ru"
TRANSCRIPTS = ROOT / "samples" / "transcripts_ru"
CARD = ROOT / "scorecards" / "phone_ru.yaml"


def no_engine(*_: object) -> object:
    raise AssertionError("the written transcripts are used")


def analysis() -> None:
    """Decoding, tones, music, silence, voices: seconds of sound per second of work."""
    for channels in (1, 2):
        seconds = work = 0.0
        for path in sorted((ROOT / "samples").glob("day_*/*.*")):
            if path.suffix not in {".wav", ".mp3", ".flac", ".ogg"} or path.stat().st_size < 1000:
                continue
            started = time.process_time()
            events = detect_events(lambda path=path: decode_blocks(path, sample_rate=8000))
            if events.num_channels == channels:
                seconds += events.duration
                work += time.process_time() - started
        print(f"audio analysis, {channels} channel(s): {seconds / work:7.0f} x real time (CPU)   goal 200")


def judging(num_calls: int) -> None:
    """Roles, times and verdicts of stored hearings, as `score` does after a changed scorecard."""
    card = load_scorecard(CARD)
    listening = Listening("ru", False, file_names("auto"))
    sources = [
        Source(path, (TRANSCRIPTS / path.name).with_suffix(".json"))
        for path in sorted(DAY.glob("*.*"))
        if is_sound(path)
    ]
    hearings = [hear(source, Ears(no_engine, no_engine), listening) for source in sources]
    calls = [understand(hearing, card) for hearing in hearings]
    turns = sum(len(call.turns) for call in calls) / len(calls)
    started = time.process_time()
    for index in range(num_calls):
        understand(hearings[index % len(hearings)], card)
    print(f"roles and times: {num_calls / (time.process_time() - started):7.0f} calls/s (CPU), {turns:.0f} turns each")
    started = time.process_time()
    for index in range(num_calls):
        evaluate(calls[index % len(calls)], card)
    print(f"verdicts:        {num_calls / (time.process_time() - started):7.0f} calls/s (CPU)   goal 500")
    with tempfile.TemporaryDirectory() as folder, Store.open(str(Path(folder) / "qa.db")) as store:
        started = time.process_time()
        for index in range(num_calls):
            call = calls[index % len(calls)]
            store.save_call(replace(call, sha256=f"{index:064x}", call_id=f"{index}"))
        print(f"storing:         {num_calls / (time.process_time() - started):7.0f} calls/s (CPU)")
        started = time.process_time()
        total = store.search("возврат OR доставка").total
        milliseconds = 1000 * (time.process_time() - started)
        print(f"search:          {milliseconds:7.1f} ms (CPU), {total} hits in {num_calls} calls")


def is_sound(path: Path) -> bool:
    return path.suffix in {".wav", ".mp3"}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--calls", type=int, default=300)
    analysis()
    judging(parser.parse_args().calls)


if __name__ == "__main__":
    main()
