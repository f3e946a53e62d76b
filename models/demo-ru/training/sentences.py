"""Sentences to train a tiny speech recogniser on: fillings of templates and random words."""

from __future__ import annotations

import random
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml

__all__ = ["Templates", "domain_words", "fill", "load_templates", "sample_lines", "training_sentences", "word_salad"]

MOST_REPEATS_FIXED = 12
MOST_REPEATS_FILLED = 2
FILL_ATTEMPTS = 40

_SLOT = re.compile(r"\{(\w+)\}")
_SENTENCE_START = re.compile(r"(?:^|(?<=[.!?] ))\w")
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+")
_WORD = re.compile(r"[а-яё]+(?:-[а-яё]+)*")
_QUOTES = str.maketrans("", "", "«»")
_SPEAKERS = ("m", "c", "m2")


@dataclass(frozen=True)
class Templates:
    """The templates of a language: what fills their slots, those to train on and those kept for checking."""

    slots: Mapping[str, tuple[str, ...]]
    templates: tuple[str, ...]
    held_out: tuple[str, ...]


def load_templates(path: Path) -> Templates:
    """Read a templates file; a ValueError names slots that a template uses but the file does not fill."""
    data = yaml.safe_load(path.read_text(encoding="utf-8"))
    slots = {str(name): tuple(str(filler) for filler in fillers) for name, fillers in data["slots"].items()}
    templates = tuple(str(template) for template in data["templates"])
    held_out = tuple(str(template) for template in data["held_out"])
    used = {name for template in (*templates, *held_out) for name in _SLOT.findall(template)}
    missing = sorted(name for name in used if not slots.get(name))
    if missing:
        raise ValueError(f"{path}: no fillers for {', '.join(missing)}")
    return Templates(slots, templates, held_out)


def fill(template: str, slots: Mapping[str, Sequence[str]], rng: random.Random) -> str:
    """Put a random filler into each slot; each sentence of the result starts with a capital."""
    text = _SLOT.sub(lambda slot: rng.choice(slots[slot.group(1)]), template)
    return _SENTENCE_START.sub(lambda letter: letter.group().upper(), text)


def sample_lines(path: Path) -> frozenset[str]:
    """What the speakers of a dialogues file say, without the quotation marks."""
    data = yaml.safe_load(path.read_text(encoding="utf-8"))
    lines = (line for call in data["calls"] for line in call["lines"])
    return frozenset(
        str(line[speaker]).translate(_QUOTES) for line in lines for speaker in _SPEAKERS if speaker in line
    )


def training_sentences(templates: Templates, count: int, rng: random.Random, avoid: frozenset[str]) -> list[str]:
    """Fill the templates evenly until there are `count` sentences, none of the filled ones a line to avoid.

    A template without slots may give its text up to 12 times, also when that is a line to avoid; a filling comes
    up to twice. A template that has nothing new to give is left out of the later rounds.
    """
    forbidden = avoid | {sentence for line in avoid for sentence in _SENTENCE_END.split(line)}
    times: dict[str, int] = {}
    sentences: list[str] = []
    live = list(dict.fromkeys(templates.templates))
    while live and len(sentences) < count:
        rng.shuffle(live)
        exhausted = set()
        for template in live[: count - len(sentences)]:
            text = _next_text(template, templates.slots, rng, forbidden, times)
            if text is None:
                exhausted.add(template)
            else:
                times[text] = times.get(text, 0) + 1
                sentences.append(text)
        live = [template for template in live if template not in exhausted]
    if len(sentences) < count:
        raise ValueError(f"the templates give {len(sentences)} sentences, {count} were asked for")
    return sentences


def word_salad(words: Sequence[str], count: int, rng: random.Random) -> list[str]:
    """Give `count` rows of 2 to 8 random words, written as sentences."""
    rows = []
    for _ in range(count):
        row = [rng.choice(words) for _ in range(rng.randint(2, 8))]
        if len(row) > 2 and rng.random() < 0.3:
            row[rng.randrange(len(row) - 1)] += ","
        text = " ".join(row)
        rows.append(text[0].upper() + text[1:] + ("?" if rng.random() < 0.15 else "."))
    return rows


def domain_words(templates: Templates) -> list[str]:
    """All words of the training templates and the slots, lower case and sorted."""
    texts = [_SLOT.sub(" ", template) for template in templates.templates]
    texts += [filler for fillers in templates.slots.values() for filler in fillers]
    return sorted({word for text in texts for word in _WORD.findall(text.lower())})


def _next_text(
    template: str,
    slots: Mapping[str, Sequence[str]],
    rng: random.Random,
    forbidden: frozenset[str],
    times: Mapping[str, int],
) -> str | None:
    """Give a text of the template that may still be used, or None."""
    if not _SLOT.search(template):
        return template if times.get(template, 0) < MOST_REPEATS_FIXED else None
    for _ in range(FILL_ATTEMPTS):
        text = fill(template, slots, rng)
        if text not in forbidden and times.get(text, 0) < MOST_REPEATS_FILLED:
            return text
    return None
