"""Found times against true ones, and the rows of the table."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from math import sqrt

import numpy as np
from timing_cadences import CADENCES
from timing_calls import TrueHold, Truth
from timing_cases import Case
from timing_heard import ENGINE, ENGINE_WORDS, Heard

from qa_engine.domain.spans import Span, intersect_spans, merge_spans, subtract_spans, total_duration

__all__ = [
    "NEAR",
    "Outcome",
    "answer_error",
    "complaints",
    "f1_interval",
    "false_speech",
    "is_answer_good",
    "matches",
    "quantiles",
    "recall_after",
    "ring_cycle_error",
    "ring_seconds_error",
    "shares",
    "wilson",
]

NEAR = 0.3  # seconds between the found answer and the true one (the goal of DESIGN 8)
COLLAR = 1.0  # seconds, at the start and at the end of a hold (DESIGN 8)
FIRST_SPEECH = 5.0  # seconds after a boundary


@dataclass(frozen=True, slots=True)
class Outcome:
    """A case, what is true, and what each method heard."""

    case: Case
    truth: Truth
    heard: dict[str, Heard]


def wilson(hits: int, of: int) -> tuple[float, float]:
    """The 95 % interval of a share (E. B. Wilson, 1927)."""
    if not of:
        return 0.0, 1.0
    z, p = 1.96, hits / of
    middle, half = p + z * z / (2 * of), z * sqrt(p * (1 - p) / of + z * z / (4 * of * of))
    return max(0.0, (middle - half) / (1 + z * z / of)), min(1.0, (middle + half) / (1 + z * z / of))


def f1_interval(outcomes: Sequence[Outcome], method: str) -> tuple[float, float, float]:
    """F1 of the holds and its 95 % interval by bootstrap over calls (B. Efron, 1979; 1000 draws, always the same)."""
    counts = np.array([_hold_counts(one, method) for one in outcomes]).reshape(-1, 3)
    rng = np.random.default_rng(1)
    draws = [counts[rng.integers(len(counts), size=len(counts))].sum(axis=0) for _ in range(1000)]
    low, high = np.percentile([_f1(*draw) for draw in draws], (2.5, 97.5))
    return _f1(*counts.sum(axis=0)), float(low), float(high)


def _hold_counts(outcome: Outcome, method: str) -> tuple[int, int, int]:
    """Matched, found and true holds."""
    found = outcome.heard[method].holds or ()
    return len(matches(outcome.truth.holds, found)), len(found), len(outcome.truth.holds)


def _f1(matched: int, found: int, true: int) -> float:
    return 2 * matched / (found + true) if found + true else 1.0


def answer_error(outcome: Outcome, method: str) -> float | None:
    """Seconds between the found answer and the true one; None where the call has no wait before the answer."""
    true = outcome.truth.answered_at
    if true is None:
        return None
    found = outcome.heard[method].answered_at
    return float("inf") if found is None else abs(found - true)


def is_answer_good(outcome: Outcome, method: str) -> bool | None:
    """Within 0.3 s, or within the stated uncertainty where the answer falls in the silent part."""
    error = answer_error(outcome, method)
    if error is None:
        return None
    allowed = outcome.heard[method].uncertainty + 0.02 if outcome.truth.in_pause else 0.0
    return error <= max(NEAR, allowed)


def matches(true: Sequence[TrueHold], found: Sequence[tuple[float, float, str]]) -> list[tuple[int, int]]:
    """Pairs of true and found holds with start and end within the collar, each used once."""
    pairs: list[tuple[int, int]] = []
    for i, hold in enumerate(true):
        for j, (start, end, _) in enumerate(found):
            free = all(j != used for _, used in pairs)
            if free and abs(start - hold.start) <= COLLAR and abs(end - hold.end) <= COLLAR:
                pairs.append((i, j))
                break
    return pairs


def ring_cycle_error(outcome: Outcome, method: str) -> float | None:
    """Seconds between the cycle named in the tone (``425 Hz 1.0/4.0``) and the true one; None where not named."""
    numbers = re.search(r"Hz ([\d./]+)", outcome.heard[method].tone)
    if not outcome.truth.cadence or outcome.truth.in_series or numbers is None:
        return None
    found = sum(float(part) for part in numbers.group(1).split("/"))
    return abs(found - CADENCES[outcome.truth.cadence].cycle)


def ring_seconds_error(outcome: Outcome, method: str) -> float | None:
    """Seconds by which the length of the ringing is wrong; None where there is none or its beginning is cut off."""
    truth, found = outcome.truth, outcome.heard[method].ring_seconds
    if truth.ring_start is None or truth.answered_at is None or truth.mid_ring:
        return None
    return float("inf") if found is None else abs(found - (truth.answered_at - truth.ring_start))


def recall_after(outcome: Outcome, method: str, what: str) -> Iterable[tuple[float, float]]:
    """(heard, true) seconds of speech in the first 5 s after music, ringback or silence; of all speech for ``all``."""
    heard = outcome.heard[method].speech
    if heard is None:
        return
    speech = merge_spans(outcome.truth.speech)
    windows = [Span(at, at + FIRST_SPEECH) for kind, at in outcome.truth.resumed if kind == what]
    if what == "all":
        windows = [Span(0.0, outcome.truth.duration)]
    for window in windows:
        true = intersect_spans(speech, [window])
        yield total_duration(intersect_spans(true, merge_spans(heard))), total_duration(true)


def false_speech(outcome: Outcome, method: str) -> tuple[float, float]:
    """(called speech, all) seconds of ringing, music, silence and tones in which nobody speaks, machines neither."""
    truth, heard = outcome.truth, outcome.heard[method].speech
    waits = [Span(hold.start, hold.end) for hold in truth.holds]
    if truth.answered_at is not None and truth.ring_start is not None:
        waits.append(Span(truth.ring_start, truth.answered_at))
    nobody = subtract_spans(merge_spans(waits), [*truth.speech, *(turn.span.grow(0.2) for turn in truth.turns)])
    called = intersect_spans(nobody, merge_spans(heard or ()))
    return total_duration(called), total_duration(nobody)


def complaints(outcome: Outcome) -> list[str]:
    """What is wrong with the engine's times of a call, one line each."""
    truth, sound = outcome.truth, outcome.heard[ENGINE]
    lines = []
    error = answer_error(outcome, ENGINE)
    if error is not None and not is_answer_good(outcome, ENGINE):
        where = "in the pause" if truth.in_pause else "cuts the tone" if truth.cadence else "after the wait"
        lines.append(
            f"answer at {truth.answered_at:.2f} ({where}), found {_second(sound.answered_at)} ± {sound.uncertainty:.2f}"
        )
    if sound.rings != truth.rings:
        lines.append(f"rings {truth.rings} of {truth.cadence or 'none'}, found {sound.rings} ({sound.tone})")
    cycle = ring_cycle_error(outcome, ENGINE)
    if cycle is not None and cycle > 0.2 and truth.rings > 1:
        lines.append(f"cadence {truth.cadence}, found {sound.tone}")
    for name in (ENGINE, ENGINE_WORDS):
        lines += [f"{line} [{name}]" for line in _hold_complaints(truth, outcome.heard[name])]
    found = outcome.heard[ENGINE_WORDS].transfers or ()
    if truth.turns and [True for _ in truth.transfers] != [True for _ in found]:
        lines.append(f"transfers {[(round(t.at, 1), t.announced) for t in truth.transfers]}, found {list(found)}")
    for what in ("music", "ringback", "silence"):
        for got, of in recall_after(outcome, ENGINE, what):
            if got < 0.8 * of:
                lines.append(f"speech after {what}: {got:.1f} of {of:.1f} s heard")
    return lines


def _hold_complaints(truth: Truth, heard: Heard) -> Iterable[str]:
    found = heard.holds or ()
    pairs = matches(truth.holds, found)
    for i, hold in enumerate(truth.holds):
        near = [j for k, j in pairs if k == i]
        overlap = [f for f in found if f[0] < hold.end and f[1] > hold.start]
        if not near:
            told = ", ".join(f"{f[0]:.1f}-{f[1]:.1f} {f[2]}" for f in overlap) or "nothing"
            yield f"hold {hold.start:.1f}-{hold.end:.1f} {hold.kind}, found {told}"
        elif found[near[0]][2] != hold.kind:
            yield f"hold {hold.start:.1f}-{hold.end:.1f} {hold.kind}, called {found[near[0]][2]}"
    for start, end, kind in found:
        if not any(start < hold.end and end > hold.start for hold in truth.holds):
            yield f"no hold, found {start:.1f}-{end:.1f} {kind}"


def _second(value: float | None) -> str:
    return "none" if value is None else f"{value:.2f}"


def shares(outcomes: Iterable[Outcome], judge: Callable[[Outcome], bool | None]) -> tuple[int, int]:
    """How many outcomes are good, of those that are judged."""
    judged = [good for good in map(judge, outcomes) if good is not None]
    return sum(judged), len(judged)


def quantiles(values: Sequence[float]) -> tuple[float, float]:
    """Median and 95th percentile; unknown counts as infinitely wrong."""
    if not values:
        return float("nan"), float("nan")
    ordered = np.sort(np.asarray(values))
    return float(ordered[len(ordered) // 2]), float(ordered[min(len(ordered) - 1, int(0.95 * len(ordered)))])
