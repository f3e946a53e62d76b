"""Words, times, speakers and roles against what is true; each measure by its definition in the field."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

import jiwer
import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment
from timing_scores import wilson

from qa_engine.domain.spans import Span
from qa_engine.domain.transcript import Turn, Utterance, Word
from qa_engine.language.languages import get_language

__all__ = ["DiarizationError", "Labelled", "StartError", "WordErrors", "bootstrap", "diarization_error"]
__all__ += ["is_call_right", "quantile", "right_words", "start_errors", "wilson", "word_errors", "words_inside"]

STEP = 0.01  # seconds; the grid on which speakers are compared
NEAR = 0.5  # seconds beside a turn that still belong to it, where no other turn is nearer

Labelled = tuple[float, float, str]  # start, end, speaker


# --- words ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class WordErrors:
    """Errors of a text against what was said, and how many words were said."""

    said: int
    substituted: int
    left_out: int
    put_in: int

    @property
    def errors(self) -> int:
        """All of them; over `said` it is the word error rate."""
        return self.substituted + self.left_out + self.put_in


def word_errors(said: str, heard: str, language: str) -> WordErrors:
    """The errors by the best alignment of the normalised texts. Raises ValueError where nothing was said."""
    speech = get_language(language)
    reference = speech.normalize(said)
    if not reference:
        raise ValueError("a word error needs words that were said")
    found = jiwer.process_words(reference, speech.normalize(heard))
    return WordErrors(len(reference.split()), found.substitutions, found.deletions, found.insertions)


def bootstrap(errors: Sequence[float], sizes: Sequence[float]) -> tuple[float, float, float]:
    """Sum of `errors` over sum of `sizes` (one of each per call), with its 95 % interval by bootstrap over calls.

    B. Efron, 1979; 1000 draws, always the same.
    """
    counts = np.array([errors, sizes], dtype=np.float64)
    rng = np.random.default_rng(1)
    draws = counts[:, rng.integers(counts.shape[1], size=(1000, counts.shape[1]))].sum(axis=2)
    low, high = np.percentile(draws[0] / np.maximum(draws[1], 1e-9), (2.5, 97.5))
    return float(counts[0].sum() / max(counts[1].sum(), 1e-9)), float(low), float(high)


def words_inside(utterances: Iterable[Utterance], span: Span, *, whole: bool = False) -> int:
    """Words whose middle is in `span`; `whole`: those of utterances that lie in it, give or take half a second."""
    if whole:
        wide = span.grow(0.5)
        return sum(len(one.words) for one in utterances if wide.start <= one.start and one.end <= wide.end)
    return sum(span.start < (word.start + word.end) / 2 < span.end for one in utterances for word in one.words)


@dataclass(frozen=True, slots=True)
class StartError:
    """Seconds between the found and the true beginning of a word that was recognised."""

    seconds: float
    interpolated: bool


def start_errors(
    said: Sequence[Word], heard: Sequence[Word], language: str, *, only: Collection[float] | None = None
) -> list[StartError]:
    """Errors of the beginnings of all words that were heard right, by the best alignment of the normalised words.

    `only`: the true beginnings that count (None: all of them).
    """
    speech = get_language(language)
    true, found = (speech.tokenize([word.text for word in words]) for words in (said, heard))
    if not true.texts or not found.texts:
        return []
    aligned = jiwer.process_words(" ".join(true.texts), " ".join(found.texts)).alignments[0]
    pairs = [
        (said[true.firsts[chunk.ref_start_idx + i]], heard[found.firsts[chunk.hyp_start_idx + i]])
        for chunk in aligned
        if chunk.type == "equal"
        for i in range(chunk.ref_end_idx - chunk.ref_start_idx)
    ]
    return [
        StartError(abs(two.start - one.start), two.interpolated)
        for one, two in pairs
        if only is None or one.start in only
    ]


def quantile(values: Sequence[float], share: float) -> float:
    """The value that `share` of the others do not exceed; not a number without values."""
    return float(np.quantile(values, share)) if len(values) else float("nan")


# --- speakers ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class DiarizationError:
    """Seconds missed, falsely found, and given to the wrong speaker; `spoken` is what the rate is a share of."""

    missed: float
    invented: float
    confused: float
    spoken: float

    @property
    def seconds(self) -> float:
        """All errors together."""
        return self.missed + self.invented + self.confused


def diarization_error(truth: Sequence[Labelled], found: Sequence[Labelled], *, collar: float) -> DiarizationError:
    """The parts of the diarization error (NIST Rich Transcription, 2009: md-eval), overlapping speech included.

    `collar` seconds on either side of every true border are not judged (pyannote.metrics counts both sides together,
    so its ``collar=0.5`` is 0.25 here). Labels are matched one to one, so that most time agrees.
    """
    size = 1 + round(max((end for _, end, _ in (*truth, *found)), default=0.0) / STEP)
    true, heard = _grid(truth, size), _grid(found, size)
    judged = np.ones(size, dtype=bool)
    for border in (at for start, end, _ in truth for at in (start, end)):
        if collar:
            judged[max(0, round((border - collar) / STEP)) : round((border + collar) / STEP)] = False
    true, heard = true[:, judged], heard[:, judged]
    together = true.astype(np.float64) @ heard.T.astype(np.float64)
    right = together[linear_sum_assignment(together, maximize=True)].sum()
    num_true, num_heard = true.sum(axis=0), heard.sum(axis=0)
    return DiarizationError(
        missed=float(np.maximum(num_true - num_heard, 0).sum() * STEP),
        invented=float(np.maximum(num_heard - num_true, 0).sum() * STEP),
        confused=float((np.minimum(num_true, num_heard).sum() - right) * STEP),
        spoken=float(num_true.sum() * STEP),
    )


def _grid(spans: Sequence[Labelled], size: int) -> NDArray[np.int64]:
    """A row per speaker, 1 where he speaks."""
    labels = {label: row for row, label in enumerate(dict.fromkeys(label for _, _, label in spans))}
    grid = np.zeros((len(labels), size), dtype=np.int64)
    for start, end, label in spans:
        grid[labels[label], round(start / STEP) : round(end / STEP)] = 1
    return grid


# --- roles ------------------------------------------------------------------------------------------------------------


def _side(role: str) -> str:
    """A colleague is on the manager's side."""
    return "manager" if role.endswith("manager") else role


def right_words(truth: Sequence[Turn], found: Sequence[Turn]) -> dict[str, tuple[int, int]]:
    """Per true party the words with the right role, and all; words further than half a second from any turn are none.

    Which party a word belongs to is told by its time: the true turn around its middle, else the nearest one.
    """
    counts = {"manager": [0, 0], "customer": [0, 0]}
    for turn in found:
        for word in turn.words:
            middle = (word.start + word.end) / 2
            nearest = min(truth, key=lambda one: max(one.start - middle, middle - one.end, 0.0))
            side = _side(str(nearest.role))
            if side in counts and nearest.start - NEAR < middle < nearest.end + NEAR:
                counts[side][0] += _side(str(turn.role)) == side
                counts[side][1] += 1
    return {side: (right, of) for side, (right, of) in counts.items()}


def is_call_right(counts: dict[str, tuple[int, int]]) -> bool:
    """Whether most words of the manager are the manager's, and most of the customer's the customer's."""
    return all(right > of / 2 for right, of in counts.values() if of)
