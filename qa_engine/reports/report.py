"""The report as values: totals, a part per manager, each verdict's evidence; what every format draws from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from qa_engine.domain.evaluation import Evaluation, EvidenceKind, FailedRecording
from qa_engine.domain.transcript import Role
from qa_engine.reports.figures import Difference, Mean, Rate

__all__ = [
    "AnswerSpeed",
    "CallRow",
    "Comparison",
    "CriterionChange",
    "CriterionSummary",
    "Exemplar",
    "ManagerChange",
    "ManagerReport",
    "Quote",
    "Report",
    "ReviewItem",
    "Totals",
]


@dataclass(frozen=True, slots=True)
class Quote:
    """What was said (or the nearest thing, or where was looked), at `start`..`end` seconds of a recording.

    `text` "" where nothing was said; then `reason` tells what was found.
    """

    call_id: str
    recording: str
    customer: str
    started_at: datetime | None
    start: float | None
    end: float | None
    text: str
    role: Role | None
    kind: EvidenceKind | None
    reason: str


@dataclass(frozen=True, slots=True)
class CriterionSummary:
    """One criterion over a manager's calls; rates over pass, partial and fail only.

    `earned` is the mean share of the weight in percent (partial points count), `lost_points` the weight lost in all,
    `review_percent` the share of calls on which the engine could not tell, of those where it was asked to.
    """

    id: str
    title: str
    section: str
    weight: float
    fatal: bool
    advice: str
    num_pass: int
    num_partial: int
    num_fail: int
    num_review: int
    num_not_applicable: int
    num_not_measured: int
    rate: Rate
    earned: float | None
    lost_points: float
    review_percent: float | None
    best: tuple[Quote, ...]
    worst: tuple[Quote, ...]


@dataclass(frozen=True, slots=True)
class AnswerSpeed:
    """Seconds from the first ring to the answer; `reasons`: why it was not measured on the other calls, with counts.

    `uncertainty` is the mean ± of one measurement in seconds, None where nothing was measured.
    """

    mean: Mean
    uncertainty: float | None
    num_not_measured: int
    reasons: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class ReviewItem:
    """A verdict that only a person can give; `start` None where no second can be named."""

    call_id: str
    recording: str
    customer: str
    started_at: datetime | None
    criterion: str
    title: str
    reason: str
    start: float | None
    quote: str


@dataclass(frozen=True, slots=True)
class CallRow:
    """A call of the report with its whole evaluation (verdicts, evidence, the sum); its words are left behind."""

    call_id: str
    recording: str
    started_at: datetime | None
    customer: str
    direction: str
    duration: float
    answer_seconds: float | None
    answer_why: str
    evaluation: Evaluation

    @property
    def fatal_titles(self) -> tuple[str, ...]:
        """The titles of the fatal criteria that failed."""
        return tuple(result.title for result in self.evaluation.criteria if result.id in self.evaluation.fatal)


@dataclass(frozen=True, slots=True)
class ManagerReport:
    """One manager; `name` "" where nobody knows who it was.

    `greeting`: calls with hello, company and own name all said. `rules`: calls that followed the script; both empty
    rates where the scorecard does not ask. `to_improve` begins with what costs most, `strengths` with the surest.
    """

    name: str
    num_calls: int
    num_scored: int
    score: Mean
    passed: Rate
    speed: AnswerSpeed
    greeting: Rate
    rules: Rate
    num_impolite: int
    num_fatal: int
    num_review: int
    review_percent: float | None
    criteria: tuple[CriterionSummary, ...]
    strengths: tuple[CriterionSummary, ...]
    to_improve: tuple[CriterionSummary, ...]
    to_review: tuple[ReviewItem, ...]
    calls: tuple[CallRow, ...]


@dataclass(frozen=True, slots=True)
class Exemplar:
    """The manager who does a criterion most surely right, with his words: he shows the others how."""

    criterion: str
    manager: str
    quote: Quote
    rate: Rate


@dataclass(frozen=True, slots=True)
class CriterionChange:
    """The pass rate of a criterion in two periods; `difference` in percentage points."""

    id: str
    title: str
    now: Rate
    before: Rate
    difference: Difference


@dataclass(frozen=True, slots=True)
class ManagerChange:
    """A manager in two periods; `criteria` holds those judged in both."""

    name: str
    now: Mean
    before: Mean
    difference: Difference
    criteria: tuple[CriterionChange, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """The report against an earlier one (`period`, `first`, `last` as in a Report); managers who are in both.

    `same_scorecard` False: the versions of the scorecard differ, so a change may be the scorecard's.
    """

    period: str
    first: datetime | None
    last: datetime | None
    same_scorecard: bool
    managers: tuple[ManagerChange, ...]


@dataclass(frozen=True, slots=True)
class Totals:
    """The whole audit: recordings = calls + those that could not be read.

    `num_other_version`: calls judged with another version of the scorecard than the one of the report.
    """

    num_recordings: int
    num_calls: int
    num_scored: int
    num_unreadable: int
    num_calls_to_review: int
    num_fatal: int
    num_other_version: int
    score: Mean
    passed: Rate
    speed: AnswerSpeed
    review_percent: float | None


@dataclass(frozen=True, slots=True)
class Report:
    """An audit: what was asked, of whom, what came out; managers by name, the unknown one last.

    `period` is what the reader asked for ("" for none); `first` and `last` are the times of the earliest and the
    latest call, None where no call has one.
    """

    scorecard_id: str
    scorecard_version: str
    title: str
    company: str
    language: str
    pass_mark: float
    period: str
    first: datetime | None
    last: datetime | None
    totals: Totals
    managers: tuple[ManagerReport, ...]
    exemplars: tuple[Exemplar, ...]
    failures: tuple[FailedRecording, ...]
    comparison: Comparison | None = None

    def exemplar(self, criterion: str, *, besides: str) -> Exemplar | None:
        """Who shows how `criterion` is done, unless that is the manager `besides` himself."""
        found = (one for one in self.exemplars if one.criterion == criterion and one.manager != besides)
        return next(found, None)
