"""Judges a call by a scorecard: every criterion gets a verdict with evidence, then the points are added up."""

from __future__ import annotations

import logging

from qa_engine import __version__
from qa_engine.domain.call import Call
from qa_engine.domain.evaluation import CriterionResult, Evaluation, Verdict
from qa_engine.domain.scorecard import Criterion, Scorecard
from qa_engine.language import get_language
from qa_engine.rules.applies import doubt_of_conditions, why_not
from qa_engine.rules.call_view import CallView
from qa_engine.rules.check import Outcome, Question
from qa_engine.rules.registry import CHECKS
from qa_engine.rules.scoring import score_results

__all__ = ["evaluate", "judge_criterion"]

_LOG = logging.getLogger(__name__)

_SHARES = {Verdict.PASS: 1.0, Verdict.FAIL: 0.0}


def evaluate(call: Call, scorecard: Scorecard) -> Evaluation:
    """The scorecard's answers for one call. Never raises for a check that fails: that criterion becomes `review`."""
    view = CallView(call, get_language(scorecard.language))
    results = tuple(judge_criterion(view, criterion, scorecard) for criterion in scorecard.criteria)
    score = score_results(results, pass_mark=scorecard.pass_mark, language=scorecard.language)
    return Evaluation(
        call.call_id,
        scorecard.id,
        scorecard.version,
        scorecard.pass_mark,
        score.score,
        score.without_fatal,
        score.passed,
        score.fatal,
        results,
        score.arithmetic,
        __version__,
    )


def judge_criterion(view: CallView, criterion: Criterion, scorecard: Scorecard) -> CriterionResult:
    """One criterion of one call."""
    question = Question(view, criterion, scorecard)
    try:
        outcome = why_not(question) or _with_doubt(question, CHECKS[criterion.check].judge(question))
    except Exception as error:  # the one place where a check may stop: the rest of the scorecard goes on
        outcome = _crashed(question, error)
    return _result(criterion, outcome)


def _with_doubt(question: Question, outcome: Outcome) -> Outcome:
    """A person decides instead of points lost, where it is not sure that the criterion is asked of this call."""
    doubt = doubt_of_conditions(question) if outcome.verdict in (Verdict.FAIL, Verdict.PARTIAL) else ""
    return Outcome(Verdict.REVIEW, doubt, outcome.evidence, source=outcome.source) if doubt else outcome


def _crashed(question: Question, error: Exception) -> Outcome:
    """A person decides. Logged without the error's text, which may hold words of the call."""
    kind = type(error).__name__
    _LOG.error(
        "check %s of criterion %s failed on call %s: %s in %s",
        question.criterion.check,
        question.criterion.id,
        question.call.call_id,
        kind,
        _where(error),
    )
    return Outcome(Verdict.REVIEW, question.say("crashed", cause=kind))


def _where(error: Exception) -> str:
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return "?" if trace is None else f"{trace.tb_frame.f_globals.get('__name__', '?')}:{trace.tb_lineno}"


def _result(criterion: Criterion, outcome: Outcome) -> CriterionResult:
    share = _SHARES.get(outcome.verdict, outcome.share if outcome.verdict.counts else None)
    return CriterionResult(
        criterion.id,
        criterion.title,
        criterion.section,
        criterion.weight,
        outcome.verdict,
        share,
        outcome.reason,
        outcome.evidence,
        criterion.fatal,
        criterion.advice,
        outcome.source,
    )
