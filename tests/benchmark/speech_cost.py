"""Parts `overhead`, `memory`, `repeat`: the price of the recipe over the bare recogniser; the same result twice."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from speech_bench import Bench
from speech_engines import RANDOM, Engine, Overheard
from speech_table import Row
from timing_line import Line, record
from timing_sound import ROOT, Samples

from qa_engine.audio.decoding import decode_blocks
from qa_engine.audio.detection import detect_events
from qa_engine.recognition import Listening, recognise
from qa_engine.telephony.file_names import file_names

__all__ = ["memory", "overhead", "repeat"]

RATE = 8000
CALLS = 3  # of which the overhead is measured
SHORT = ("Hello.", "Good morning.", "Yes, please.", "Thank you.", "One moment.", "Goodbye.")
EARLY = 10  # files before the first look at the memory
MONO_EVERY = 10  # one file in so many is mono, so that the diarizer is held too


# --- time -------------------------------------------------------------------------------------------------------------


def overhead(bench: Bench) -> Iterator[Row]:
    """Time of the recognition stage over that of the bare library on the very clips it was given, in turn."""
    for engine, name in _variants(bench):
        language = engine.languages[0] if engine.languages else "en"
        calls = bench.made(language, min(CALLS, bench.sizes.stereo), "manager-left", "manager-right")
        calls = calls or [call for call in bench.days(language) if call.stereo]
        if not calls:
            continue
        measured = _times(engine, [call.path for call in calls], language, bench.sizes.repeats)
        wall, cpu = measured.over(0), measured.over(1)
        values = {"over the bare one, CPU": float(np.median(cpu)), "wall": float(np.median(wall))}
        notes = {"wall": wall.tolist(), "CPU": cpu.tolist()}
        interval = (float(cpu.min()), float(cpu.max()))
        yield Row("overhead", f"{name}, median [range]", len(cpu), "repeats", values, "%", "<= 5 %", interval, notes)
        speeds = dict(zip(("of real time, CPU", "bare"), measured.speeds, strict=True))
        yield Row("overhead", f"{name}, speed", round(measured.fed), "s", speeds, "x")


@dataclass(frozen=True, slots=True)
class Times:
    """Seconds (wall, CPU) of the stage and of the bare library per repeat; `fed`: seconds of sound per repeat."""

    stages: NDArray[np.float64]
    bares: NDArray[np.float64]
    fed: float

    def over(self, clock: int) -> NDArray[np.float64]:
        """What the stage takes more than the library, as a share, per repeat."""
        return np.asarray(self.stages[:, clock] / self.bares[:, clock] - 1)

    @property
    def speeds(self) -> tuple[float, float]:
        """Seconds of clips per CPU second, of the stage and of the library."""
        return float(self.fed / np.median(self.stages[:, 1])), float(self.fed / np.median(self.bares[:, 1]))


def _variants(bench: Bench) -> Iterator[tuple[Engine, str]]:
    """Every engine as it is, and moonshine with one hearing: more than one is asked for, not lost."""
    for engine in bench.engines:
        yield engine, engine.name
        if engine.folder is None:
            from qa_engine.speech.moonshine_transcriber import MoonshineTranscriber

            once = Engine(engine.name, engine.languages, engine.models, engine.kept, engine.diarizer_name)
            once.transcriber = MoonshineTranscriber(hearings=1)
            yield once, f"{engine.name}, one hearing"


def _times(engine: Engine, paths: Sequence[Path], language: str, repeats: int) -> Times:
    listening = Listening(language, False, file_names("auto"))
    heard = [(path, detect_events(partial(decode_blocks, path, sample_rate=RATE))) for path in paths]
    noted = Overheard(engine, diarizing=False)
    for path, events in heard:  # also loads the model
        recognise(path, events, noted.ears(), listening)
    engine.bare_clips(*noted.given[0])
    stages, bares = [], []
    for _ in range(repeats):
        started = _clocks()
        for path, events in heard:
            recognise(path, events, Overheard(engine, diarizing=False).ears(), listening)
        between = _clocks()
        for waveform, request in noted.given:
            engine.bare_clips(waveform, request)
        stages.append(between - started)
        bares.append(_clocks() - between)
    fed = sum(span.duration for _, request in noted.given for span in request.spans)
    return Times(np.array(stages), np.array(bares), fed)


def _clocks() -> NDArray[np.float64]:
    return np.array([time.perf_counter(), time.process_time()])


# --- memory -----------------------------------------------------------------------------------------------------------


def memory(bench: Bench) -> Iterator[Row]:
    """Resident memory of one process after ten files and after all of them, the random Whisper and moonshine."""
    files = _short_calls(bench)
    names = [engine.name for engine in bench.engines if engine.folder is None or engine.name == RANDOM]
    for name in names:
        command = [sys.executable, str(Path(__file__)), str(bench.cache), name, *map(str, files)]
        told = json.loads(_run(command))
        early, late = told[min(EARLY, len(told)) - 1], told[-1]
        values = {f"after {EARLY}": early, f"after {len(told)}": late, "growth": late - early}
        yield Row("memory", f"resident memory, {name}", len(told), "files", values, "MB", "flat", notes={"all": told})


def _short_calls(bench: Bench) -> list[Path]:
    """Calls of some four seconds, all different."""
    rng = np.random.default_rng(5)
    phrases = [bench.studio.phrase("en", text, voice=index % 2) for index, text in enumerate(SHORT)]
    folder = bench.folder("short")
    return [_short_call(phrases, rng, folder / f"{index:03d}", index) for index in range(bench.sizes.files)]


def _short_call(phrases: Sequence[Samples], rng: np.random.Generator, path: Path, index: int) -> Path:
    first, second = (phrases[int(i)] for i in rng.permutation(len(phrases))[:2])
    gap = round(RATE * float(rng.uniform(0.4, 0.8)))
    manager, customer = rng.standard_normal((2, len(first) + len(second) + 2 * gap)) * 10 ** (-60 / 20)
    manager[gap : gap + len(first)] += first
    customer[gap + len(first) : gap + len(first) + len(second)] += second
    return record(manager, customer, Line(layout="mono" if index % MONO_EVERY == 5 else "manager-left"), path)


def _hear_all(cache: Path, name: str, files: Sequence[Path]) -> list[float]:
    """Resident megabytes after each file, heard one after the other in this process, nothing looked up."""
    from speech_engines import find_engines

    engine = next(one for one in find_engines(cache, cache, diarizer="moonshine") if one.name == name)
    resident = []
    for file in files:
        engine.hear_anew(file, "en")
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
        resident.append(round(pages * os.sysconf("SC_PAGE_SIZE") / 2**20, 1))
    return resident


# --- the same bytes ---------------------------------------------------------------------------------------------------


def repeat(bench: Bench) -> Iterator[Row]:
    """Whether two fresh processes write the same transcript of the same call, byte for byte."""
    for engine, language in bench.hearers():
        for layout in ("manager-left", "mono"):
            calls = bench.made(language, min(2, bench.sizes.mono), layout)
            same = [len({_transcribed(engine, call.path, language) for _ in range(2)}) == 1 for call in calls]
            if same:
                values = {engine.name: sum(same) / len(same)}
                what = f"{'stereo' if layout != 'mono' else 'mono'} {language}: identical bytes in two processes"
                yield Row("repeat", what, len(same), "calls", values, "%", "100 %")


def _transcribed(engine: Engine, path: Path, language: str) -> str:
    wanted = f"whisper:{engine.folder}" if engine.folder else engine.name
    command = [sys.executable, "-m", "qa_engine", "transcribe", str(path), "--format", "json"]
    return _run([*command, "--transcriber", wanted, "--diarizer", engine.diarizer_name, "--language", language])


def _run(command: Sequence[str]) -> str:
    """What the command prints; what it complains of is shown. Raises CalledProcessError."""
    path = os.pathsep.join([str(ROOT), str(Path(__file__).parent)])
    environment = {**os.environ, "PYTHONPATH": path, "OMP_NUM_THREADS": "1"}
    return subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=True, cwd=ROOT).stdout


if __name__ == "__main__":
    sys.stdout.write(json.dumps(_hear_all(Path(sys.argv[1]), sys.argv[2], [Path(one) for one in sys.argv[3:]])))
