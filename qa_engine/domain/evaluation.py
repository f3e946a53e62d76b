"""The result of a scorecard on one call: a verdict per criterion, each with its evidence."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from qa_engine.domain.transcript import Role

__all__ = ["BY_PERSON", "CriterionResult", "Evaluation", "Evidence", "EvidenceKind", "FailedRecording", "Verdict"]


BY_PERSON = "a person"  # the source of a verdict that no engine gives


class Verdict(StrEnum):
    """The answer to one criterion; only the first three count in the score."""

    PASS = "pass"
    PARTIAL = "partial"
    FAIL = "fail"
    NOT_APPLICABLE = "not_applicable"
    NOT_MEASURED = "not_measured"
    REVIEW = "review"  # cannot tell: a person decides

    @property
    def counts(self) -> bool:
        """Whether it enters the score."""
        return self in (Verdict.PASS, Verdict.PARTIAL, Verdict.FAIL)


class EvidenceKind(StrEnum):
    """What backs a verdict."""

    MATCH = "match"  # the words
    NEAR_MISS = "near_miss"  # the closest thing said
    SEARCHED = "searched"  # where was looked, and how well it was heard
    EVENT = "event"  # a sound or a record


@dataclass(frozen=True, slots=True)
class Evidence:
    """Words (or an event) with their seconds; `similarity` 0..100 for matches and near misses."""

    kind: EvidenceKind
    quote: str
    start: float
    end: float
    role: Role | None = None
    similarity: float | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class CriterionResult:
    """One criterion judged; `share` is the part of the weight that was earned, 0..1, None unless the verdict counts."""

    id: str
    title: str
    section: str
    weight: float
    verdict: Verdict
    share: float | None
    reason: str
    evidence: tuple[Evidence, ...] = ()
    fatal: bool = False
    advice: str = ""
    source: str = "words"  # words, audio, records, a person

    @property
    def is_open(self) -> bool:
        """Whether the engine could not tell; a question that only a person can answer anyway is none of these."""
        return self.verdict is Verdict.REVIEW and self.source != BY_PERSON


@dataclass(frozen=True, slots=True)
class Evaluation:
    """A judged call; `score` 0..100, None when nothing could be judged.

    `score_without_fatal` is what it would have been had no fatal criterion failed; `fatal` lists the ids that did.
    `arithmetic` is the sum written out, so that anyone can redo it on paper.
    """

    call_id: str
    scorecard_id: str
    scorecard_version: str
    pass_mark: float
    score: float | None
    score_without_fatal: float | None
    passed: bool | None
    fatal: tuple[str, ...]
    criteria: tuple[CriterionResult, ...]
    arithmetic: str
    engine_version: str = ""


@dataclass(frozen=True, slots=True)
class FailedRecording:
    """A recording that could not be scored; kept and shown in every report until it can."""

    path: str
    kind: str
    message: str
    sha256: str = ""
