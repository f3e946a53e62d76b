"""Words, speakers and roles measured on calls of known truth, beside the bare recognisers on the same files.

    python tests/benchmark/speech.py [--part NAME ...] [--set test|tuning] [--quick] [--json FILE]

Parts: words, word_times, invented, diarization, roles, overhead, memory, repeat; each takes minutes and prints its
rows as they are done. Engines: moonshine on English, every whole model under `--models`, and a Whisper of random
numbers that understands nothing (it shows what is fed to a recogniser, and what the way there costs). `--calls N` and
`--mono-calls N` set how many calls there are of each kind. Made calls and hearings are kept in `--cache`; a hearing is
made anew when the engine's code changes. The two sets share no script, voice or music; tuning looks at the ``tuning``
set only.
"""

from __future__ import annotations

import argparse
import json
import os
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")

from speech_bench import Bench, Sizes
from speech_cost import memory, overhead, repeat
from speech_engines import find_engines
from speech_parties import diarization, roles
from speech_table import Row, as_json, as_text
from speech_words import invented, word_times, words
from timing_sound import ROOT

PARTS: dict[str, Callable[[Bench], Iterator[Row]]] = {
    "words": words,
    "word_times": word_times,
    "invented": invented,
    "diarization": diarization,
    "roles": roles,
    "overhead": overhead,
    "memory": memory,
    "repeat": repeat,
}


def main() -> None:
    chosen = _arguments()
    bench = _bench(chosen)
    print(f"set {bench.part}; engines: {', '.join(engine.name for engine in bench.engines)}")
    for what in bench.material.missing:
        if what.startswith("music"):
            print(f"not on this machine: {what}")
    rows = []
    for name in chosen.part or PARTS:
        started = time.perf_counter()
        for row in PARTS[name](bench):
            rows.append(as_json(row))
            print(as_text(row), flush=True)
        print(f"{name:<12}took {time.perf_counter() - started:.0f} s", flush=True)
    if chosen.json:
        chosen.json.write_text(json.dumps(rows, ensure_ascii=False, indent=1), encoding="utf-8")


def _bench(chosen: argparse.Namespace) -> Bench:
    sizes = Sizes.quick() if chosen.quick else Sizes()
    if chosen.calls:
        sizes = replace(sizes, stereo=chosen.calls)
    if chosen.mono_calls:
        sizes = replace(sizes, mono=chosen.mono_calls)
    sizes = replace(sizes, bare_diarizer=chosen.bare_diarizer)
    chosen.cache.mkdir(parents=True, exist_ok=True)
    engines = tuple(find_engines(chosen.models, chosen.cache, diarizer=chosen.diarizer))
    if chosen.engine:
        engines = tuple(engine for engine in engines if engine.name in chosen.engine)
    return Bench(chosen.set, sizes, chosen.cache, engines, (Path("/"), *chosen.root))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--part", nargs="+", choices=tuple(PARTS), help="only these (default: all of them)")
    parser.add_argument("--set", choices=("tuning", "test"), default="test")
    parser.add_argument("--quick", action="store_true", help="a little of everything, to see that it runs")
    parser.add_argument("--calls", type=int, help="made calls with two channels")
    parser.add_argument("--mono-calls", type=int, help="mono calls of each kind: made, of the day, mixes of the day")
    parser.add_argument("--bare-diarizer", action="store_true", help="also on made calls: twice their length")
    parser.add_argument("--engine", nargs="+", help="only these recognisers, by the names printed in the first line")
    parser.add_argument("--diarizer", choices=("moonshine", "pyannote"), default="moonshine")
    parser.add_argument("--models", type=Path, default=ROOT / "models")
    parser.add_argument("--json", type=Path, help="a file for the rows")
    parser.add_argument("--cache", type=Path, default=Path(tempfile.gettempdir()) / "qa-engine-speech")
    parser.add_argument("--root", type=Path, action="append", default=[], help="where Debian packages are unpacked")
    return parser.parse_args()


if __name__ == "__main__":
    main()
