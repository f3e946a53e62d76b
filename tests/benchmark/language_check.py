"""How well a call in a language the recogniser does not know is noticed: `python tests/benchmark/language_check.py`.

Calls of 30-60 s in several languages are sent through a telephone line, heard by the embedded English recogniser and
judged. Those made of half of the voices and sentences are ``tune`` (weights were fitted on them), the others ``test``.
What was heard is kept in ``--cache``, so a second run only judges.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from language_check_voices import RATE, Call, Samples, all_calls, missing_voices, through_telephone

from qa_engine.domain.spans import Span, total_duration
from qa_engine.domain.waveform import Waveform
from qa_engine.speech.clips import plan_clips
from qa_engine.speech.language_check import LanguageJudgement, hear_again, judge_language, measure_agreement
from qa_engine.speech.moonshine_library import MoonshineLibrary
from qa_engine.speech.moonshine_transcriber import MoonshineTranscriber
from qa_engine.speech.protocols import SpeechRequest

# clips: as the engine does it; noisy: with white noise 15 dB below the speech; whole: the library's own segments
AGAIN = {"clips": "clips-again", "noisy": "noisy-again", "whole": ""}
LONG_SECONDS = 15.0  # of speech; a call of 30 s has about as much


@dataclass(frozen=True, slots=True)
class Heard:
    """What the recogniser made of a call."""

    name: str
    language: str
    source: str
    part: str
    way: str
    words: list[str]
    speech_seconds: float


class Ears:
    """The embedded recogniser, with a cache of what it heard."""

    def __init__(self, cache: Path) -> None:
        self.cache = cache
        self.engine = MoonshineTranscriber()
        self.engine = MoonshineLibrary({"return_audio_data": "false"})

    def hear(self, call: Call, way: str) -> Heard:
        file = self.cache / f"{call.name}.{way}.json"
        if not file.exists():
            words, seconds = self._listen(through_telephone(call.sound()), way)
            heard = Heard(call.name, call.language, call.source, call.part, way, words, seconds)
            file.write_text(json.dumps(asdict(heard), ensure_ascii=False), encoding="utf-8")
        return Heard(**json.loads(file.read_text(encoding="utf-8")))

    def _listen(self, samples: Samples, way: str) -> tuple[list[str], float]:
        if way.startswith("noisy"):
            samples = with_noise(samples, snr_db=15.0)
        spans = speech_spans(samples)
        seconds = total_duration(spans)
        if way == "whole":
            return [word for line in self.engine.lines(samples) for word in line.text.split()], seconds
        waveform = Waveform(samples[np.newaxis, :], RATE)
        request = SpeechRequest(plan_clips(spans, (), duration=waveform.duration), "en")
        if way.endswith("again"):
            return list(hear_again(self.engine, waveform, request)), seconds
        return [
            word.text for utterance in self.engine.transcribe(waveform, request) for word in utterance.words
        ], seconds


def with_noise(samples: Samples, *, snr_db: float) -> Samples:
    """`samples` with white noise, the same on every run."""
    level = float(np.sqrt(np.mean(samples**2))) * 10 ** (-snr_db / 20)
    noise = np.random.default_rng(7).standard_normal(samples.size).astype(np.float32)
    return samples + level * noise


def speech_spans(samples: Samples) -> tuple[Span, ...]:
    """Where Silero's voice activity detection hears speech."""
    from faster_whisper.vad import VadOptions, get_speech_timestamps

    options = VadOptions(min_silence_duration_ms=300, speech_pad_ms=30, min_speech_duration_ms=150)
    found = get_speech_timestamps(samples, options)
    return tuple(Span(piece["start"] / RATE, piece["end"] / RATE) for piece in found)


@dataclass(frozen=True, slots=True)
class Row:
    """A call judged by its words alone, and by a second hearing too where the words leave doubt."""

    heard: Heard
    by_words: LanguageJudgement
    judged: LanguageJudgement
    agreement: float | None


def judge(ears: Ears, call: Call, way: str) -> Row:
    heard = ears.hear(call, way)
    by_words = judge_language(heard.words, speech_seconds=heard.speech_seconds, language="en")
    if not by_words.doubtful or way == "whole":
        return Row(heard, by_words, by_words, None)
    again = ears.hear(call, AGAIN[way])
    agreement = measure_agreement(heard.words, again.words)
    judged = judge_language(heard.words, speech_seconds=heard.speech_seconds, language="en", agreement=agreement)
    return Row(heard, by_words, judged, agreement)


def table(rows: list[Row], part: str, way: str) -> Iterator[str]:
    """One line per language and source, then the two figures that count, for calls with 15 s of speech or more."""
    yield f"\n{part} / {way}"
    yield f"{'':12} {'calls':>6} {'too short':>10} {'stopped by words':>17} {'stopped':>8} {'doubtful':>9}"
    chosen = [row for row in rows if (row.heard.part, row.heard.way) == (part, way)]
    for key in sorted(
        {(row.heard.language, row.heard.source) for row in chosen}, key=lambda key: (key[0] != "en", key)
    ):
        group = [row for row in chosen if (row.heard.language, row.heard.source) == key]
        long = [row for row in group if is_long(row)]
        counts = [sum(not row.by_words.plausible for row in long), sum(not row.judged.plausible for row in long)]
        doubtful = sum(row.by_words.doubtful for row in long)
        yield f"{' '.join(key):12} {len(long):6} {len(group) - len(long):10} {counts[0]:17} {counts[1]:8} {doubtful:9}"
    for name, is_english in (("English stopped (false alarms)", True), ("other languages noticed", False)):
        group = [row for row in chosen if is_long(row) and (row.heard.language == "en") is is_english]
        yield f"{name}: {sum(not row.judged.plausible for row in group)} of {len(group)}"


def is_long(row: Row) -> bool:
    return row.heard.speech_seconds >= LONG_SECONDS


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--parts", nargs="+", choices=("tune", "test"), default=["test"])
    parser.add_argument("--ways", nargs="+", choices=tuple(AGAIN), default=["clips"])
    parser.add_argument("--sources", nargs="+", default=[], help="people, prompts, espeak, flite, festival")
    parser.add_argument("--cache", type=Path, default=Path(tempfile.gettempdir()) / "qa-engine-language-check")
    options = parser.parse_args()
    options.cache.mkdir(parents=True, exist_ok=True)
    for lacking in missing_voices():
        print(f"skipped: {lacking} is not installed", file=sys.stderr)
    calls = [call for call in all_calls() if call.part in options.parts]
    calls = [call for call in calls if not options.sources or call.source in options.sources]
    ears, rows = Ears(options.cache), []
    for call in calls:
        for way in options.ways:
            rows.append(judge(ears, call, way))
            print(describe(rows[-1]), flush=True)
    for part in options.parts:
        for way in options.ways:
            print("\n".join(table(rows, part, way)))
    return 0


def describe(row: Row) -> str:
    heard = row.heard
    verdict = "ok" if row.judged.plausible else "STOP"
    mistake = " <-- wrong" if row.judged.plausible != (heard.language == "en") else ""
    rate = len(heard.words) / max(heard.speech_seconds, 0.1)
    return (
        f"{heard.part} {heard.way:6} {heard.name:30} {heard.speech_seconds:5.1f} s {rate:4.1f} words/s "
        f"{verdict:4} {row.judged.confidence:.3f} {row.judged.why}{mistake}"
    )


if __name__ == "__main__":
    sys.exit(main())
