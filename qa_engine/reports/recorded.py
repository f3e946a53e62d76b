"""Answer times by sound and by the phone system's records, side by side, and how many of them agree."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from qa_engine.domain.call import Call
from qa_engine.reports.figures import Rate, rate_of

__all__ = ["AGREE", "AnswerComparison", "Answers", "compare_answers"]

AGREE = 1.0  # seconds: the step of most phone systems' clocks


@dataclass(frozen=True, slots=True)
class AnswerComparison:
    """The ring time of one call in seconds by both sources; None where a source does not tell it."""

    call_id: str
    started_at: datetime | None
    manager: str
    audio: float | None
    uncertainty: float | None
    records: float | None
    difference: float | None
    counts: str
    why: str
    system: str
    matched_by: str

    @property
    def agrees(self) -> bool | None:
        """Whether both are within a second; None where one of them is not known."""
        return None if self.difference is None else abs(self.difference) <= AGREE


@dataclass(frozen=True, slots=True)
class Answers:
    """All calls of a period: those with a record, and the share in which both figures agree."""

    num_calls: int
    rows: tuple[AnswerComparison, ...]
    agreement: Rate


def compare_answers(calls: Iterable[Call]) -> Answers:
    """Answer times of the calls that have a record, in the order of the calls."""
    num_calls, rows = 0, []
    for call in calls:
        num_calls += 1
        row = _row(call)
        if row is not None:
            rows.append(row)
    both = [row.agrees for row in rows if row.agrees is not None]
    return Answers(num_calls, tuple(rows), rate_of(sum(both), len(both)))


def _row(call: Call) -> AnswerComparison | None:
    recorded = call.timings.recorded
    compared = [each for each in recorded.comparisons if each.measure == "ring_seconds"] if recorded else []
    if recorded is None or not compared:
        return None
    (ring,) = compared
    heard = ring.audio is not None and ring.counts == "audio"
    return AnswerComparison(
        call.call_id,
        call.identity.started_at,
        call.manager,
        ring.audio,
        call.timings.ringing.uncertainty if heard else None,
        ring.records,
        ring.difference,
        ring.counts,
        ring.why,
        recorded.system,
        recorded.matched_by,
    )
