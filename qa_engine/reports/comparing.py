"""Two periods side by side: what changed, and whether it is more than the chance of which calls were checked."""

from __future__ import annotations

from dataclasses import replace

from qa_engine.reports.figures import difference_of_means, difference_of_rates
from qa_engine.reports.report import Comparison, CriterionChange, ManagerChange, ManagerReport, Report

__all__ = ["compare"]


def compare(report: Report, before: Report) -> Report:
    """`report` with its comparison to the earlier report `before`; every format then shows it."""
    earlier = {manager.name: manager for manager in before.managers}
    both = [(manager, earlier[manager.name]) for manager in report.managers if manager.name in earlier]
    comparison = Comparison(
        period=before.period,
        first=before.first,
        last=before.last,
        same_scorecard=before.scorecard_version == report.scorecard_version,
        managers=tuple(_manager_change(now, then) for now, then in both),
    )
    return replace(report, comparison=comparison)


def _manager_change(now: ManagerReport, before: ManagerReport) -> ManagerChange:
    difference = difference_of_means(now.score, before.score)
    return ManagerChange(now.name, now.score, before.score, difference, _criterion_changes(now, before))


def _criterion_changes(now: ManagerReport, before: ManagerReport) -> tuple[CriterionChange, ...]:
    earlier = {criterion.id: criterion.rate for criterion in before.criteria if criterion.rate.num_judged}
    return tuple(
        CriterionChange(
            criterion.id,
            criterion.title,
            criterion.rate,
            earlier[criterion.id],
            difference_of_rates(criterion.rate, earlier[criterion.id]),
        )
        for criterion in now.criteria
        if criterion.rate.num_judged and criterion.id in earlier
    )
