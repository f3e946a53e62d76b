"""Points added up, and the sum written out so that anyone can redo it on paper (`DESIGN` 4)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from qa_engine.domain.evaluation import CriterionResult, Verdict
from qa_engine.rules.messages import CATALOGUE, number

__all__ = ["Score", "score_results"]


@dataclass(frozen=True, slots=True)
class Score:
    """The score of a call, 0..100 with one decimal, None when nothing could be judged; see `Evaluation`."""

    score: float | None
    without_fatal: float | None
    passed: bool | None
    fatal: tuple[str, ...]
    arithmetic: str


def score_results(results: Sequence[CriterionResult], *, pass_mark: float, language: str) -> Score:
    """100 times the points earned over the points that counted; 0 where a fatal criterion failed.

    A call passes from `pass_mark` on, compared with the score as shown (rounded once, to one decimal).
    """
    counted = [result for result in results if result.verdict.counts]
    total = sum(result.weight for result in counted)
    failed = [result for result in counted if result.fatal and result.verdict is Verdict.FAIL]
    fatal, titles = tuple(result.id for result in failed), tuple(result.title for result in failed)
    if total <= 0:
        nothing = CATALOGUE.say(language, "nothing_to_score")
        if not fatal:
            return Score(None, None, None, (), nothing)
        return Score(0.0, None, False, fatal, _sum(nothing, titles, language))
    value = round(100 * sum((result.share or 0.0) * result.weight for result in counted) / total, 1)
    score = 0.0 if fatal else value
    return Score(score, value, score >= pass_mark, fatal, _sum(_written(counted, total, value), titles, language))


def _written(counted: Sequence[CriterionResult], total: float, value: float) -> str:
    terms = " + ".join(f"{number(result.weight, 2)}·{number(result.share or 0.0, 3)}" for result in counted)
    return f"({terms}) / {number(total, 2)} × 100 = {number(value)}"


def _sum(written: str, titles: tuple[str, ...], language: str) -> str:
    """The sum, and which fatal criteria make it 0."""
    if not titles:
        return written
    return f"{written}; {CATALOGUE.say(language, 'fatal_failed', titles=', '.join(titles))}"
