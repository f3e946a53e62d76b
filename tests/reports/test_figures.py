from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa_engine.reports.figures import mean_of, rate_of, wilson_interval


def test_seven_of_nine_is_anything_from_45_to_94_percent():
    rate = rate_of(7, 9)
    assert rate.percent == pytest.approx(77.78, abs=0.01)
    assert (rate.low, rate.high) == (pytest.approx(45.26, abs=0.01), pytest.approx(93.68, abs=0.01))


def test_nothing_judged_has_no_rate():
    assert rate_of(0, 0).percent is None


def test_mean_has_the_student_interval():
    # 4, 5, 9: mean 6, sd 2.6458, t(2) 4.303: 6 ± 6.573
    mean = mean_of([4, 5, 9])
    assert (mean.value, mean.num, mean.lowest, mean.highest) == (6, 3, 4, 9)
    assert mean.high == pytest.approx(12.573, abs=0.001)
    assert mean.low == 0  # cut: seconds are never below 0


def test_interval_of_a_score_never_leaves_the_scale():
    mean = mean_of([60, 100, 100], most=100)
    assert mean.high == 100


@pytest.mark.parametrize("values", [[], [80.0], [80.0, 90.0], [90.0, 90.0, 90.0]])
def test_too_few_or_equal_values_promise_no_interval(values):
    mean = mean_of(values)
    assert mean.low is None
    assert mean.num == len(values)


def test_many_values_use_the_normal_distribution():
    mean = mean_of([0.0, 100.0] * 50)
    assert mean.high - mean.low == pytest.approx(2 * 1.96 * 50.2519 / 10, abs=0.01)


@given(st.integers(1, 400).flatmap(lambda num: st.tuples(st.integers(0, num), st.just(num))))
def test_interval_holds_the_share_and_stays_within_bounds(counts):
    num_pass, num = counts
    low, high = wilson_interval(num_pass, num)
    assert 0 <= low <= num_pass / num + 1e-12
    assert num_pass / num - 1e-12 <= high <= 1
