"""Word error of the demo model on sentences it never heard: python evaluate.py WORK FOLDER.

Three sets: new fillings of known templates, templates held out from training, and random words. New renderings by all
voices, one sentence a window, through the line's noise; greedy and beam 5 by faster-whisper, as the engine decodes.
The word error on the sample day is printed by ``tests/benchmark/speech.py --part words``, through the whole engine.
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jiwer
import numpy as np
from faster_whisper import WhisperModel
from scipy.signal import resample_poly

from make_speech import ESPEAK, FESTIVAL, HERE, SEED, common_words, make_sentences
from sentences import domain_words, fill, load_templates, sample_lines, word_salad
from speaking import say_with_espeak, say_with_festival
from vocabulary import ALPHABET

COUNT = 30  # sentences of a set, each by espeak-ng's voices once and by festival's at three pitches
NOISE_DB = -47.0
EVALUATION_SEED = 77


def make_sets() -> dict[str, list[str]]:
    """Sentences by set; none of them was trained on, nor is a line of the sample day."""
    rng = random.Random(EVALUATION_SEED)
    templates = load_templates(HERE / "templates.yaml")
    known = {*make_sentences(ESPEAK, SEED), *make_sentences(FESTIVAL, SEED + 1)}
    known |= sample_lines(HERE.parents[2] / "samples" / "dialogues_ru.yaml")
    with_slots = [template for template in templates.templates if "{" in template]
    fillings = (fill(rng.choice(with_slots), templates.slots, rng) for _ in range(100_000))
    held_out = (fill(templates.held_out[at % len(templates.held_out)], templates.slots, rng) for at in range(2 * COUNT))
    salad = word_salad([*domain_words(templates) * 2, *common_words()], COUNT, rng)
    return {
        "new fillings": _take(fillings, known),
        "held-out templates": _take(held_out, known),
        "random words": _take(iter(salad), known),
    }


def _take(texts: Iterator[str], known: set[str]) -> list[str]:
    taken: list[str] = []
    for text in texts:
        if text not in known and text not in taken:
            taken.append(text)
        if len(taken) == COUNT:
            break
    return taken


def plain(text: str) -> str:
    """Letters and spaces only, so that marks do not count."""
    return " ".join("".join(c if c in ALPHABET else " " for c in text.lower().replace("ё", "е")).split())


def said(folder: Path) -> Iterator[tuple[str, str, np.ndarray[Any, Any]]]:
    """(voice, text, 16 kHz samples) of a set."""
    rng = np.random.default_rng(EVALUATION_SEED)
    for index in sorted(folder.glob("*.json")):
        track = np.fromfile(index.with_suffix(".raw"), dtype="<i2")
        for one in json.loads(index.read_text(encoding="utf-8")):
            samples = np.pad(track[one["first"] : one["last"]] / 32768.0, (1600, 1600))
            noisy = samples + rng.standard_normal(len(samples)) * 10 ** (NOISE_DB / 20)
            yield one["voice"], one["text"], resample_poly(noisy, 2, 1).astype(np.float32)


def main() -> None:
    """Print a row per set and decoding."""
    parser = argparse.ArgumentParser()
    parser.add_argument("work", type=Path)
    parser.add_argument("folder", type=Path)
    chosen = parser.parse_args()
    model = WhisperModel(str(chosen.folder), device="cpu", compute_type="int8", cpu_threads=1)
    for name, texts in make_sets().items():
        folder = chosen.work / "evaluation" / name.replace(" ", "-")
        if not (folder / "festival-low.json").exists():
            folder.mkdir(parents=True, exist_ok=True)
            say_with_espeak(texts, folder, EVALUATION_SEED)
            say_with_festival(texts, folder, EVALUATION_SEED)
        for beam in (1, 5):
            pairs = [(voice, plain(text), _heard(model, samples, beam)) for voice, text, samples in said(folder)]
            row: dict[str, Any] = {"set": name, "beam": beam, "sentences": len(pairs), "all": _wer(pairs)}
            row |= {voice: _wer([p for p in pairs if p[0] == voice]) for voice in sorted({p[0] for p in pairs})}
            print(json.dumps(row, ensure_ascii=False), flush=True)


def _heard(model: WhisperModel, samples: np.ndarray[Any, Any], beam: int) -> str:
    segments, _ = model.transcribe(
        samples, language="ru", beam_size=beam, temperature=0.0, condition_on_previous_text=False
    )
    return plain(" ".join(segment.text for segment in segments))


def _wer(pairs: list[tuple[str, str, str]]) -> float:
    return round(float(jiwer.wer([pair[1] for pair in pairs], [pair[2] for pair in pairs])), 3)


if __name__ == "__main__":
    main()
