"""Small builders of judged calls for the report tests, and a whole realistic audit in either language."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from qa_engine.domain.call import Call, RoleAssignment
from qa_engine.domain.call_identity import CallIdentity, Direction
from qa_engine.domain.evaluation import (
    CriterionResult,
    Evaluation,
    Evidence,
    EvidenceKind,
    FailedRecording,
    Verdict,
)
from qa_engine.domain.hearing import Engines
from qa_engine.domain.scorecard import Company, Criterion, Scorecard, Section
from qa_engine.domain.timings import Beginning, Ringing, Timings
from qa_engine.domain.transcript import Role
from qa_engine.reports.report import Report
from qa_engine.reports.summary import summarize

MORNING = datetime(2026, 11, 20, 10, 15)


def ringing(seconds: float | None = 9.0, why: str = "the recording starts at the answer") -> Ringing:
    if seconds is None:
        return Ringing(measured=False, why=why)
    return Ringing(True, "", 0.4, 0.4 + seconds, 2, seconds, 0.1, "425 Hz 1.0/4.0", "audio")


def make_call(number: int = 1, manager: str = "Emma Clark", **changes) -> Call:
    path = changes.get("path", f"day/external-101-4955550{number:03}-20261120-101502-1763622902.{number}.wav")
    started_at = changes.get("started_at", MORNING + timedelta(minutes=number))
    identity = CallIdentity(manager, f"4955550{number:03}", started_at, Direction.INBOUND, source="file name")
    timings = changes.get("timings") or Timings(
        183.4, Beginning.BEFORE_ANSWER, changes.get("ringing") or ringing(), answered_at=9.4
    )
    return Call(
        call_id=f"{number:016x}",
        sha256=f"{number:064x}",
        path=path,
        language="en",
        duration=183.4,
        manager=manager,
        identity=identity,
        turns=(),
        events=None,
        timings=timings,
        roles=RoleAssignment(0.97, "greeting"),
        engines=Engines("moonshine:tiny-en 0.0.73", "channels"),
    )


def match(quote: str, start: float = 0.6, *, role: Role | None = Role.MANAGER, similarity: float = 100.0) -> Evidence:
    return Evidence(EvidenceKind.MATCH, quote, start, start + 1.25, role, similarity)


def result(id_: str, verdict: Verdict | str = Verdict.PASS, *evidence: Evidence, **changes) -> CriterionResult:
    verdict = Verdict(verdict)
    shares = {Verdict.PASS: 1.0, Verdict.PARTIAL: 0.5, Verdict.FAIL: 0.0}
    return CriterionResult(
        id=id_,
        title=changes.get("title", id_.title()),
        section=changes.get("section", "greeting"),
        weight=changes.get("weight", 10.0),
        verdict=verdict,
        share=changes.get("share", shares.get(verdict)),
        reason=changes.get("reason", "because"),
        evidence=evidence,
        fatal=changes.get("fatal", False),
        advice=changes.get("advice", ""),
    )


def judge(call: Call, *results: CriterionResult, version: str = "sha256:1", pass_mark: float = 80.0) -> Evaluation:
    counted = [one for one in results if one.verdict.counts]
    possible = sum(one.weight for one in counted)
    earned = sum(one.weight * one.share for one in counted)
    without = 100 * earned / possible if possible else None
    fatal = tuple(one.id for one in counted if one.fatal and one.verdict is Verdict.FAIL)
    score = 0.0 if fatal else without
    return Evaluation(
        call_id=call.call_id,
        scorecard_id="card",
        scorecard_version=version,
        pass_mark=pass_mark,
        score=score,
        score_without_fatal=without,
        passed=None if score is None else score >= pass_mark,
        fatal=fatal,
        criteria=results,
        arithmetic=f"100 × {earned:g} / {possible:g} = {without:.1f}" if possible else "nothing could be judged",
    )


def make_card(
    *ids: str, language: str = "en", company: str = "Sunny Garden", title: str = "Incoming call"
) -> Scorecard:
    criteria = tuple(Criterion(id_, id_.title(), "greeting", 10.0, "phrase", None) for id_ in ids)
    return Scorecard(
        "card", title, language, Company(company), (), 80.0, (Section("greeting", "Greeting", criteria),), "sha256:1"
    )


def judged_call(number: int, manager: str, *results: CriterionResult, **changes) -> tuple[Call, Evaluation]:
    call = make_call(number, manager, **changes)
    return call, judge(call, *results)


def report_on(
    *judged: tuple[Call, Evaluation], failures: Sequence[FailedRecording] = (), card=None, period=""
) -> Report:
    card = card or make_card("hello", "company", "own_name", "script")
    return summarize(judged, failures, card, period=period)
