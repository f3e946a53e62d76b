"""Many judged calls summed up per manager, in one pass: of each call only its evaluation and outer facts are kept."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from qa_engine.domain.call import Call
from qa_engine.domain.call_identity import Direction
from qa_engine.domain.evaluation import Evaluation, FailedRecording, Verdict
from qa_engine.domain.scorecard import Scorecard
from qa_engine.language.whys import say_why
from qa_engine.reports.criteria import CriterionTally, strengths_of, weaknesses_of
from qa_engine.reports.figures import Rate, mean_of, rate_of
from qa_engine.reports.quotes import quote_of
from qa_engine.reports.report import (
    AnswerSpeed,
    CallRow,
    CriterionSummary,
    Exemplar,
    ManagerReport,
    Quote,
    Report,
    ReviewItem,
    Totals,
)

__all__ = [
    "AnswerSpeed",
    "CallRow",
    "CriterionSummary",
    "Exemplar",
    "ManagerReport",
    "Quote",
    "Report",
    "ReviewItem",
    "Totals",
    "summarize",
]

GREETING = ("hello", "company", "own_name")
RULES = "script"
POLITENESS = "politeness"
"""Criterion ids that every shipped scorecard has; a card without them leaves the column empty."""

CALLED_OUT = "the company called: how long it rings is up to the customer"
"""Why an outbound call has no speed of answer."""

LEAST_EXEMPLARY = 3
"""Judged calls before a manager is shown to others as an example: fewer may be luck."""


def summarize(
    judged: Iterable[tuple[Call, Evaluation]],
    failures: Sequence[FailedRecording],
    scorecard: Scorecard,
    *,
    period: str = "",
) -> Report:
    """The report on `judged` calls and unreadable recordings; independent of their order.

    `period` is shown as given; without one, renderers show the dates of the calls.
    """
    tallies: defaultdict[str, _ManagerTally] = defaultdict(lambda: _ManagerTally(scorecard))
    for call, evaluation in judged:
        tallies[call.manager].add(call, evaluation)
    managers = tuple(tallies[name].report(name) for name in sorted(tallies, key=_unknown_last))
    rows = [row for manager in managers for row in manager.calls]
    times = sorted((row.started_at for row in rows if row.started_at), key=_wall_clock)
    return Report(
        scorecard_id=scorecard.id,
        scorecard_version=scorecard.version,
        title=scorecard.title,
        company=scorecard.company.name,
        language=scorecard.language,
        pass_mark=scorecard.pass_mark,
        period=period,
        first=times[0] if times else None,
        last=times[-1] if times else None,
        totals=_totals(rows, failures, scorecard, speed=_joined_speed(tallies.values())),
        managers=managers,
        exemplars=_exemplars(managers),
        failures=tuple(sorted(map(_told, failures), key=lambda failed: (failed.path, failed.kind, failed.message))),
    )


class _ManagerTally:
    """Running counts of one manager."""

    def __init__(self, scorecard: Scorecard) -> None:
        self._language = scorecard.language
        self._rows: list[CallRow] = []
        self._criteria = {criterion.id: CriterionTally.of_criterion(criterion) for criterion in scorecard.criteria}
        self.speed = _SpeedTally()

    def add(self, call: Call, evaluation: Evaluation) -> None:
        row = _row(call, evaluation, self._language)
        self._rows.append(row)
        self.speed.add(row, call)
        for result in evaluation.criteria:
            tally = self._criteria.get(result.id)
            if tally is None:
                tally = self._criteria[result.id] = CriterionTally.of_result(result)
            tally.add(result, row)

    def report(self, name: str) -> ManagerReport:
        rows = tuple(sorted(self._rows, key=_by_time))
        criteria = tuple(tally.summary() for tally in self._criteria.values())
        politeness = next((criterion for criterion in criteria if criterion.id == POLITENESS), None)
        return ManagerReport(
            name=name,
            num_calls=len(rows),
            num_scored=sum(row.evaluation.score is not None for row in rows),
            score=mean_of(_scores(rows), most=100.0),
            passed=_passed(rows),
            speed=self.speed.summary(),
            greeting=_all_said(rows, GREETING),
            rules=_all_said(rows, (RULES,)),
            num_impolite=politeness.num_fail if politeness else 0,
            num_fatal=sum(bool(row.evaluation.fatal) for row in rows),
            num_review=sum(result.is_open for row in rows for result in row.evaluation.criteria),
            review_percent=_review_percent(rows),
            criteria=criteria,
            strengths=strengths_of(criteria),
            to_improve=weaknesses_of(criteria),
            to_review=tuple(item for row in rows for item in _review_items(row)),
            calls=rows,
        )


class _SpeedTally:
    """Running list of measured answers and of the reasons for the others."""

    def __init__(self) -> None:
        self.seconds: list[float] = []
        self.uncertainties: list[float] = []
        self.reasons: defaultdict[str, int] = defaultdict(int)

    def add(self, row: CallRow, call: Call) -> None:
        if row.answer_seconds is None:
            self.reasons[row.answer_why] += 1
            return
        self.seconds.append(row.answer_seconds)
        self.uncertainties.append(call.timings.ringing.uncertainty or 0.0)

    def join(self, other: _SpeedTally) -> None:
        self.seconds += other.seconds
        self.uncertainties += other.uncertainties
        for reason, num in other.reasons.items():
            self.reasons[reason] += num

    def summary(self) -> AnswerSpeed:
        reasons = sorted(self.reasons.items(), key=lambda item: (-item[1], item[0]))
        return AnswerSpeed(
            mean=mean_of(sorted(self.seconds)),
            uncertainty=mean_of(sorted(self.uncertainties)).value,
            num_not_measured=sum(self.reasons.values()),
            reasons=tuple(reasons),
        )


def _told(failed: FailedRecording) -> FailedRecording:
    """The failure without the path in its message: reports show it beside."""
    return replace(failed, message=failed.message.removeprefix(f"{failed.path}: "))


def _row(call: Call, evaluation: Evaluation, language: str) -> CallRow:
    ringing, called_out = call.timings.ringing, call.identity.direction is Direction.OUTBOUND
    return CallRow(
        call_id=call.call_id,
        recording=call.path,
        started_at=call.identity.started_at,
        customer=call.identity.customer,
        direction=call.identity.direction.value,
        duration=call.duration,
        answer_seconds=ringing.seconds if ringing.measured and not called_out else None,
        answer_why=say_why(CALLED_OUT if called_out else ringing.why, language),
        evaluation=evaluation,
    )


def _totals(
    rows: Sequence[CallRow], failures: Sequence[FailedRecording], scorecard: Scorecard, *, speed: AnswerSpeed
) -> Totals:
    return Totals(
        num_recordings=len(rows) + len(failures),
        num_calls=len(rows),
        num_scored=sum(row.evaluation.score is not None for row in rows),
        num_unreadable=len(failures),
        num_calls_to_review=sum(any(_review_items(row)) for row in rows),
        num_fatal=sum(bool(row.evaluation.fatal) for row in rows),
        num_other_version=sum(row.evaluation.scorecard_version != scorecard.version for row in rows),
        score=mean_of(_scores(rows), most=100.0),
        passed=_passed(rows),
        speed=speed,
        review_percent=_review_percent(rows),
    )


def _joined_speed(tallies: Iterable[_ManagerTally]) -> AnswerSpeed:
    joined = _SpeedTally()
    for tally in tallies:
        joined.join(tally.speed)
    return joined.summary()


def _scores(rows: Sequence[CallRow]) -> list[float]:
    return [row.evaluation.score for row in rows if row.evaluation.score is not None]


def _passed(rows: Sequence[CallRow]) -> Rate:
    answers = [row.evaluation.passed for row in rows if row.evaluation.passed is not None]
    return rate_of(sum(answers), len(answers))


def _all_said(rows: Sequence[CallRow], ids: Sequence[str]) -> Rate:
    """Calls on which every one of `ids` passed, of those on which every one was judged."""
    verdicts = [{result.id: result.verdict for result in row.evaluation.criteria} for row in rows]
    judged = [found for found in verdicts if all(id_ in found and found[id_].counts for id_ in ids)]
    return rate_of(sum(all(found[id_] is Verdict.PASS for id_ in ids) for found in judged), len(judged))


def _review_percent(rows: Sequence[CallRow]) -> float | None:
    """The share of verdicts left to a person, of those that were judged or left to one."""
    results = [result for row in rows for result in row.evaluation.criteria]
    num_review = sum(result.is_open for result in results)
    num_asked = num_review + sum(result.verdict.counts for result in results)
    return 100 * num_review / num_asked if num_asked else None


def _review_items(row: CallRow) -> Iterable[ReviewItem]:
    for result in row.evaluation.criteria:
        if result.is_open:
            quote = quote_of(result, row)
            yield ReviewItem(
                row.call_id,
                row.recording,
                row.customer,
                row.started_at,
                result.id,
                result.title,
                result.reason,
                quote.start,
                quote.text,
            )


def _exemplars(managers: Sequence[ManagerReport]) -> tuple[Exemplar, ...]:
    """Per criterion the known manager with the surest pass rate among those who have words to show."""
    best: dict[str, Exemplar] = {}
    for manager in managers:
        for criterion in manager.strengths if manager.name else ():
            found = best.get(criterion.id)
            surer = found is None or (criterion.rate.low or 0) > (found.rate.low or 0)
            if surer and criterion.best and criterion.rate.num_judged >= LEAST_EXEMPLARY:
                best[criterion.id] = Exemplar(criterion.id, manager.name, criterion.best[0], criterion.rate)
    return tuple(best[id_] for id_ in sorted(best))


def _unknown_last(name: str) -> tuple[bool, str, str]:
    return (not name, name.casefold(), name)


def _wall_clock(moment: datetime) -> datetime:
    """The time as the office clock showed it: sources with and without a time zone can be compared."""
    return moment.replace(tzinfo=None)


def _by_time(row: CallRow) -> tuple[datetime, str, str]:
    return (_wall_clock(row.started_at) if row.started_at else datetime.max, row.recording, row.call_id)
