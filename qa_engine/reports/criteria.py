"""One criterion over many calls: counts, points lost, and which criteria are strengths or want work."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from qa_engine.domain.evaluation import CriterionResult, Verdict
from qa_engine.domain.scorecard import Criterion
from qa_engine.reports.figures import rate_of
from qa_engine.reports.quotes import QuoteShelf
from qa_engine.reports.report import CallRow, CriterionSummary

__all__ = ["CriterionTally", "strengths_of", "weaknesses_of"]

STRENGTH_PERCENT = 90.0
"""A strength is what goes right on nine calls of ten; below that there is something to work on."""

NUM_STRENGTHS = 5


@dataclass(slots=True)
class CriterionTally:
    """Running counts of one criterion."""

    id: str
    title: str
    section: str
    weight: float
    fatal: bool
    advice: str
    counts: Counter[Verdict] = field(default_factory=Counter)
    earned: float = 0.0
    lost_points: float = 0.0
    shelf: QuoteShelf = field(default_factory=QuoteShelf)

    @classmethod
    def of_criterion(cls, criterion: Criterion) -> CriterionTally:
        """An empty tally of a criterion of the scorecard."""
        section = criterion.section
        return cls(criterion.id, criterion.title, section, criterion.weight, criterion.fatal, criterion.advice)

    @classmethod
    def of_result(cls, result: CriterionResult) -> CriterionTally:
        """An empty tally of a criterion that only an older version of the scorecard had."""
        return cls(result.id, result.title, result.section, result.weight, result.fatal, result.advice)

    def add(self, result: CriterionResult, row: CallRow) -> None:
        """Count one verdict."""
        self.counts[result.verdict] += 1
        if result.verdict.counts:
            share = result.share or 0.0
            self.earned += share
            self.lost_points += result.weight * (1 - share)
        self.shelf.add(result, row)

    def summary(self) -> CriterionSummary:
        """The counts with their rates."""
        num_judged = sum(num for verdict, num in self.counts.items() if verdict.counts)
        num_review = self.counts[Verdict.REVIEW]
        num_asked = num_judged + num_review
        return CriterionSummary(
            id=self.id,
            title=self.title,
            section=self.section,
            weight=self.weight,
            fatal=self.fatal,
            advice=self.advice,
            num_pass=self.counts[Verdict.PASS],
            num_partial=self.counts[Verdict.PARTIAL],
            num_fail=self.counts[Verdict.FAIL],
            num_review=num_review,
            num_not_applicable=self.counts[Verdict.NOT_APPLICABLE],
            num_not_measured=self.counts[Verdict.NOT_MEASURED],
            rate=rate_of(self.counts[Verdict.PASS], num_judged),
            earned=round(100 * self.earned / num_judged, 6) if num_judged else None,
            lost_points=round(self.lost_points, 6),
            review_percent=100 * num_review / num_asked if num_asked else None,
            best=self.shelf.best,
            worst=self.shelf.worst,
        )


def strengths_of(criteria: Sequence[CriterionSummary]) -> tuple[CriterionSummary, ...]:
    """What goes right nearly always, the surest first (by the lower end of the interval), then the weightiest."""
    strong = [criterion for criterion in criteria if _is_strength(criterion)]
    return tuple(sorted(strong, key=lambda one: (-(one.rate.low or 0.0), -one.weight))[:NUM_STRENGTHS])


def weaknesses_of(criteria: Sequence[CriterionSummary]) -> tuple[CriterionSummary, ...]:
    """What lost points: failed fatal criteria first (they cost the whole call), then by points lost."""
    weak = [criterion for criterion in criteria if _is_weakness(criterion)]
    return tuple(sorted(weak, key=lambda one: (not (one.fatal and one.num_fail), -one.lost_points)))


def _is_strength(criterion: CriterionSummary) -> bool:
    often = criterion.rate.percent is not None and criterion.rate.percent >= STRENGTH_PERCENT
    return often and not (criterion.fatal and criterion.num_fail)


def _is_weakness(criterion: CriterionSummary) -> bool:
    loses = criterion.num_fail + criterion.num_partial > 0
    return loses and not _is_strength(criterion)
