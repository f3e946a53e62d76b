"""Make the training speech of the demo model: sentences, then voices, then what telephone codecs do to them.

    python make_speech.py WORK espeak|festival|codecs

Needs espeak-ng, festival with festvox-ru, sox and ffmpeg, and the package wordfreq (its list of common words).
"""

from __future__ import annotations

import random
import re
import subprocess
import sys
from pathlib import Path

from sentences import domain_words, load_templates, sample_lines, training_sentences, word_salad
from speaking import missing_programs, say_with_espeak, say_with_festival

HERE = Path(__file__).resolve().parent
SEED = 20261122
ESPEAK, FESTIVAL = 15_000, 5_000  # sentences from templates; a third as many of random words come on top
COMMON_WORDS = 2500
CODECS = {"gsm": ("-c:a", "libgsm_ms", "-f", "wav"), "mp3": ("-c:a", "libmp3lame", "-b:a", "32k", "-f", "mp3")}
RAW = ("-f", "s16le", "-ar", "8000", "-ac", "1")


def make_sentences(count: int, seed: int) -> list[str]:
    """Fillings of the templates, and a third as many of random words (half of the domain, half common ones)."""
    rng = random.Random(seed)
    templates = load_templates(HERE / "templates.yaml")
    avoid = sample_lines(HERE.parents[2] / "samples" / "dialogues_ru.yaml")
    salad = word_salad([*domain_words(templates) * 2, *common_words()], count // 3, rng)
    texts = training_sentences(templates, count, rng, avoid) + salad
    rng.shuffle(texts)
    return texts


def common_words() -> list[str]:
    """The most frequent Russian words."""
    from wordfreq import top_n_list

    return [word for word in top_n_list("ru", COMMON_WORDS) if re.fullmatch("[а-яё]+", word)]


def through_codecs(work: Path) -> None:
    """``x.raw`` -> ``x.gsm.raw`` and ``x.mp3.raw``, sample for sample."""
    for raw in sorted(work.glob("*.raw")):
        if raw.name.count(".") > 1:
            continue
        for codec, options in CODECS.items():
            coded, back = work / f"coded.{codec}", raw.with_suffix(f".{codec}.part")
            head = ["ffmpeg", "-y", "-loglevel", "error"]
            subprocess.run([*head, *RAW, "-i", str(raw), *options, str(coded)], check=True)
            subprocess.run([*head, "-i", str(coded), *RAW, str(back)], check=True)
            coded.unlink()
            back.replace(raw.with_suffix(f".{codec}.raw"))


def main() -> None:
    """Do one of the three steps."""
    work, step = Path(sys.argv[1]), sys.argv[2]
    work.mkdir(parents=True, exist_ok=True)
    if missing_programs():
        raise SystemExit(f"missing: {', '.join(missing_programs())}")
    if step == "espeak":
        say_with_espeak(make_sentences(ESPEAK, SEED), work, SEED)
    elif step == "festival":
        say_with_festival(make_sentences(FESTIVAL, SEED + 1), work, SEED + 1)
    else:
        through_codecs(work)


if __name__ == "__main__":
    main()
