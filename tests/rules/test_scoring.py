from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa_engine.domain.evaluation import CriterionResult, Verdict
from qa_engine.rules.scoring import score_results

WORSE = [Verdict.PASS, Verdict.PARTIAL, Verdict.FAIL]


def result(verdict: Verdict, weight: float = 10, share: float | None = None, *, fatal: bool = False, id: str = "one"):
    shares = {Verdict.PASS: 1.0, Verdict.FAIL: 0.0, Verdict.PARTIAL: 0.5 if share is None else share}
    return CriterionResult(id, id, "all", weight, verdict, shares.get(verdict), "", (), fatal)


def score(*results: CriterionResult, pass_mark: float = 80):
    return score_results(results, pass_mark=pass_mark, language="en")


def test_the_sum_is_written_out_so_that_anyone_can_redo_it():
    found = score(result(Verdict.PASS, 10), result(Verdict.PARTIAL, 15, 0.5), result(Verdict.FAIL, 5))
    assert found.score == 58.3
    assert found.arithmetic == "(10·1 + 15·0.5 + 5·0) / 30 × 100 = 58.3"


def test_what_does_not_count_leaves_the_sum():
    found = score(
        result(Verdict.PASS), result(Verdict.REVIEW), result(Verdict.NOT_APPLICABLE), result(Verdict.NOT_MEASURED)
    )
    assert (found.score, found.arithmetic) == (100.0, "(10·1) / 10 × 100 = 100")


def test_nothing_judged_has_no_score():
    found = score(result(Verdict.REVIEW))
    assert (found.score, found.passed, found.without_fatal) == (None, None, None)


def test_a_fatal_failure_makes_the_score_zero_and_says_so():
    found = score(result(Verdict.PASS, 30), result(Verdict.FAIL, 10, fatal=True, id="politeness"))
    assert (found.score, found.without_fatal, found.passed, found.fatal) == (0.0, 75.0, False, ("politeness",))
    assert found.arithmetic.endswith("= 75; fatal: “politeness”, so the score is 0")


def test_a_fatal_criterion_in_review_is_not_fatal():
    found = score(result(Verdict.PASS, 30), result(Verdict.REVIEW, 10, fatal=True))
    assert (found.score, found.fatal) == (100.0, ())


def test_a_fatal_failure_without_weight_still_counts():
    found = score(result(Verdict.FAIL, 0, fatal=True))
    assert (found.score, found.passed, found.fatal) == (0.0, False, ("one",))


@pytest.mark.parametrize(("weights", "passed"), [((8, 2), True), ((79, 21), False)])
def test_a_call_passes_from_the_mark_on(weights: tuple[float, float], passed: bool):
    assert score(result(Verdict.PASS, weights[0]), result(Verdict.FAIL, weights[1])).passed is passed


results = st.lists(
    st.builds(
        result,
        st.sampled_from(list(Verdict)),
        st.floats(0, 1000),
        st.floats(0, 1),
        fatal=st.booleans(),
    ),
    min_size=1,
    max_size=12,
)


@given(results)
def test_a_score_lies_between_0_and_100(made: list[CriterionResult]):
    found = score(*made)
    assert found.score is None or 0 <= found.score <= 100


@given(results, st.data())
def test_a_worse_verdict_never_raises_the_score(made: list[CriterionResult], data: st.DataObject):
    counted = [at for at, one in enumerate(made) if one.verdict.counts]
    if not counted:
        return
    at = data.draw(st.sampled_from(counted))
    share = data.draw(st.floats(0, made[at].share or 0.0))
    verdict = Verdict.FAIL if share == 0 else Verdict.PARTIAL
    worse = [*made[:at], replace(made[at], verdict=verdict, share=share), *made[at + 1 :]]
    before, after = score(*made).score, score(*worse).score
    assert before is None or (after is not None and after <= before)
