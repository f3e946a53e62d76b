from __future__ import annotations

import json
from datetime import timedelta

import pytest
from report_builders import MORNING, judged_call, report_on, result

from qa_engine.reports.comparing import compare
from qa_engine.reports.figures import Difference, difference_of_means, difference_of_rates, mean_of, rate_of
from qa_engine.reports.formats import as_html, as_json, as_text
from qa_engine.reports.wording import Wording


def month(num_pass, num, *, manager="Emma", days=0):
    return report_on(
        *(
            judged_call(
                number,
                manager,
                result("hello", "pass" if number < num_pass else "fail"),
                result("company", "pass" if number % 2 else "fail"),
                started_at=MORNING + timedelta(days=days),
            )
            for number in range(num)
        )
    )


def test_interval_of_a_change_of_rates_is_newcombes():
    # 56/70 against 48/80: 20 points, 5.2 to 33.4 (Newcombe 1998, table II, method 10)
    change = difference_of_rates(rate_of(56, 70), rate_of(48, 80))
    assert change.value == pytest.approx(20.0)
    assert (change.low, change.high) == (pytest.approx(5.24, abs=0.01), pytest.approx(33.39, abs=0.01))
    assert change.is_clear


def test_interval_of_a_change_of_means_is_welchs():
    # 3, 4, 5 against 0, 2, 4: 2 ± t(2) · sqrt(1/3 + 4/3); 2.94 degrees of freedom, counted as 2
    change = difference_of_means(mean_of([3, 4, 5]), mean_of([0, 2, 4]))
    assert change.value == pytest.approx(2)
    assert change.high - 2 == pytest.approx(4.303 * (5 / 3) ** 0.5, abs=0.001)
    assert not change.is_clear


def test_too_few_calls_promise_nothing():
    change = difference_of_means(mean_of([100, 100]), mean_of([0, 0, 0]))
    assert not change.is_clear
    assert Wording("en").change(change) == "too few calls to tell"
    assert difference_of_rates(rate_of(0, 0), rate_of(1, 2)) == Difference()


def test_manager_is_compared_with_himself():
    compared = compare(month(18, 20), month(4, 20, days=-30)).comparison
    hello = compared.managers[0].criteria[0]
    assert (hello.now.num_pass, hello.before.num_pass) == (18, 4)
    assert hello.difference.is_clear
    assert not compared.managers[0].criteria[1].difference.is_clear
    assert compared.managers[0].difference.value == pytest.approx(35)  # 70 against 35


def test_manager_who_is_new_is_not_compared():
    assert compare(month(1, 2, manager="New"), month(1, 2)).comparison.managers == ()


@pytest.mark.parametrize(
    ("difference", "words"),
    [
        (Difference(12.0, 3.0, 21.0), "+12 points, better"),
        (Difference(-3.25, -6.0, -1.0), "−3.2 points, worse"),
        (Difference(5.0, -1.0, 11.0), "+5 points, no clear change"),
    ],
)
def test_change_in_words(difference, words):
    assert Wording("en").change(difference) == words


def test_comparison_is_in_every_format_for_reading():
    report = compare(month(18, 20), month(4, 20, days=-30))
    text = as_text.render_plain(report)
    assert "Compared with 21 October 2026" in text
    assert "Emma: 35 → 70, +35 points, better" in text
    page = as_html.render(report)
    assert "20% → 90%" in page
    assert json.loads(as_json.render(report))["comparison"]["managers"][0]["difference"]["value"] == 35


def test_report_alone_has_no_comparison():
    assert "Compared" not in as_html.render(month(1, 2))
