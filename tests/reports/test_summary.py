from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from report_builders import MORNING, judge, judged_call, make_call, make_card, match, report_on, result, ringing
from sample_audit import sample_report

from qa_engine.domain.call_identity import Direction
from qa_engine.domain.evaluation import Evidence, EvidenceKind, FailedRecording, Verdict
from qa_engine.domain.transcript import Role
from qa_engine.reports.summary import summarize


def criterion(report, id_, manager=0):
    return next(one for one in report.managers[manager].criteria if one.id == id_)


def nine_calls(*verdicts):
    return [judged_call(number, "Emma", result("hello", verdict)) for number, verdict in enumerate(verdicts)]


def test_rate_counts_pass_partial_and_fail_only():
    report = report_on(*nine_calls("pass", "pass", "partial", "fail", "review", "not_applicable", "not_measured"))
    hello = criterion(report, "hello")
    assert (hello.rate.num_pass, hello.rate.num_judged) == (2, 4)
    assert (hello.num_review, hello.num_not_applicable, hello.num_not_measured) == (1, 1, 1)


def test_partial_points_count_in_what_was_earned_and_lost():
    hello = criterion(report_on(*nine_calls("pass", "partial", "fail")), "hello")
    assert hello.earned == pytest.approx(50)  # (1 + 0.5 + 0) / 3
    assert hello.lost_points == pytest.approx(15)  # 0 + 5 + 10


def test_share_of_reviews_is_of_the_verdicts_asked_for():
    report = report_on(*nine_calls("pass", "pass", "fail", "review", "not_applicable"))
    assert criterion(report, "hello").review_percent == pytest.approx(25)
    assert report.managers[0].review_percent == pytest.approx(25)


def test_manager_figures_by_hand():
    report = report_on(
        judged_call(1, "Emma", result("hello"), result("script"), ringing=ringing(6)),
        judged_call(2, "Emma", result("hello"), result("script", "fail"), ringing=ringing(10)),
        judged_call(3, "Emma", result("hello", "review"), ringing=ringing(None, "starts at the answer")),
    )
    emma = report.managers[0]
    assert (emma.num_calls, emma.num_scored) == (3, 2)
    assert emma.score.value == pytest.approx(75)  # (100 + 50) / 2
    assert (emma.passed.num_pass, emma.passed.num_judged) == (1, 2)
    assert (emma.speed.mean.value, emma.speed.mean.num) == (8, 2)
    assert emma.speed.uncertainty == pytest.approx(0.1)
    assert emma.speed.reasons == (("starts at the answer", 1),)
    assert (emma.rules.num_pass, emma.rules.num_judged) == (1, 2)


def test_greeting_needs_hello_company_and_own_name_on_the_same_call():
    report = report_on(
        judged_call(1, "Emma", result("hello"), result("company"), result("own_name")),
        judged_call(2, "Emma", result("hello"), result("company", "partial"), result("own_name")),
        judged_call(3, "Emma", result("hello"), result("company"), result("own_name", "review")),
    )
    assert (report.managers[0].greeting.num_pass, report.managers[0].greeting.num_judged) == (1, 2)


def test_card_without_a_greeting_leaves_the_column_empty():
    report = report_on(judged_call(1, "Emma", result("mood")), card=make_card("mood"))
    assert report.managers[0].greeting.percent is None


def test_managers_are_sorted_and_the_unknown_one_is_last():
    report = report_on(*(judged_call(number, name, result("hello")) for number, name in enumerate(["", "Zoe", "adam"])))
    assert [manager.name for manager in report.managers] == ["adam", "Zoe", ""]


def test_what_costs_most_comes_first_and_fatal_before_all():
    report = report_on(
        judged_call(
            1,
            "Emma",
            result("hello", "fail", weight=5.0),
            result("company", "fail", weight=20.0),
            result("script", "fail", weight=1.0, fatal=True),
        ),
        card=make_card(),
    )
    assert [one.id for one in report.managers[0].to_improve] == ["script", "company", "hello"]


def test_strength_is_never_also_a_weakness():
    calls = [judged_call(number, "Emma", result("hello", "fail" if number == 0 else "pass")) for number in range(10)]
    emma = report_on(*calls).managers[0]
    assert [one.id for one in emma.strengths] == ["hello"]
    assert emma.to_improve == ()


def test_failed_fatal_criterion_is_no_strength_however_rare():
    calls = [
        judged_call(number, "Emma", result("polite", "fail" if number == 0 else "pass", fatal=True))
        for number in range(20)
    ]
    emma = report_on(*calls, card=make_card()).managers[0]
    assert emma.strengths == ()
    assert [one.id for one in emma.to_improve] == ["polite"]
    assert emma.num_fatal == 1


def test_worst_quotes_are_the_managers_words_with_their_second():
    customer = Evidence(EvidenceKind.MATCH, "you are late", 3.0, 4.0, Role.CUSTOMER, 100.0)
    report = report_on(judged_call(1, "Emma", result("script", "fail", customer, match("so what", 7.5), reason="rude")))
    quote = criterion(report, "script").worst[0]
    assert (quote.text, quote.start, quote.role, quote.reason) == ("so what", 7.5, Role.MANAGER, "rude")
    assert quote.call_id == f"{1:016x}"


def test_only_three_quotes_are_kept_the_most_costly_ones():
    calls = [
        judged_call(number, "Emma", result("script", "partial", match(f"words {number}"), share=number / 10))
        for number in range(9)
    ]
    worst = criterion(report_on(*calls), "script").worst
    assert [quote.text for quote in worst] == ["words 0", "words 1", "words 2"]


def test_best_quote_is_the_surest_match_of_the_manager():
    report = report_on(
        judged_call(1, "Emma", result("hello", "pass", match("good day", similarity=88))),
        judged_call(2, "Emma", result("hello", "pass", match("good morning", similarity=100))),
        judged_call(3, "Emma", result("hello", "pass", match("hi", role=Role.CUSTOMER))),
    )
    assert [quote.text for quote in criterion(report, "hello").best] == ["good morning", "good day"]


def test_review_items_name_reason_and_second():
    searched = Evidence(EvidenceKind.SEARCHED, "", 2.0, 20.0, Role.MANAGER)
    report = report_on(judged_call(1, "Emma", result("hello", "review", searched, reason="words too uncertain")))
    item = report.managers[0].to_review[0]
    assert (item.criterion, item.reason, item.start) == ("hello", "words too uncertain", 2.0)
    assert report.totals.num_calls_to_review == 1


def test_failures_are_part_of_the_audit():
    report = report_on(*nine_calls("pass"), failures=[FailedRecording("b.wav", "empty", "0 bytes")])
    assert (report.totals.num_recordings, report.totals.num_calls, report.totals.num_unreadable) == (2, 1, 1)


def test_calls_judged_with_another_version_are_counted():
    call = make_call(2)
    report = report_on(judged_call(1, "Emma", result("hello")), (call, judge(call, result("hello"), version="old")))
    assert report.totals.num_other_version == 1


def test_criterion_that_only_an_old_version_had_is_kept():
    report = report_on(judged_call(1, "Emma", result("gone", "fail")))
    assert criterion(report, "gone").num_fail == 1


def test_criterion_never_asked_is_shown_with_zeros():
    assert criterion(report_on(*nine_calls("pass")), "script").rate.num_judged == 0


def test_period_is_that_of_the_calls_with_and_without_a_time_zone():
    aware = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
    report = report_on(
        judged_call(1, "Emma", result("hello"), started_at=aware),
        judged_call(2, "Emma", result("hello"), started_at=MORNING - timedelta(days=3)),
        judged_call(3, "Emma", result("hello"), started_at=MORNING),
    )
    assert (report.first, report.last) == (MORNING - timedelta(days=3), aware)
    assert [row.started_at for row in report.managers[0].calls][-1] == aware


def test_no_calls_at_all_is_a_report_too():
    report = report_on()
    assert report.managers == ()
    assert report.totals.score.value is None


def test_order_of_the_calls_does_not_matter():
    calls = [
        judged_call(
            number,
            "Emma" if number % 3 else "",
            result("hello", ["pass", "fail", "partial"][number % 3], match(f"words {number}"), share=number / 7),
        )
        for number in range(7)
    ]
    shuffled = list(calls)
    random.Random(3).shuffle(shuffled)
    assert report_on(*calls) == report_on(*shuffled)


def test_calls_are_taken_one_at_a_time():
    alive = []

    def stream():
        for number in range(5):
            alive.append(number)
            yield judged_call(number, "Emma", result("hello"))

    assert summarize(stream(), (), make_card("hello")).totals.num_calls == len(alive) == 5


def test_example_for_others_is_a_known_manager_with_enough_calls():
    good = [judged_call(number, "Emma", result("hello", "pass", match("good day"))) for number in range(3)]
    lucky = [judged_call(10, "Adam", result("hello", "pass", match("hi")))]
    report = report_on(*good, *lucky, judged_call(11, "Zoe", result("hello", "fail")))
    example = report.exemplar("hello", besides="Zoe")
    assert (example.manager, example.quote.text) == ("Emma", "good day")
    assert report.exemplar("hello", besides="Emma") is None


def test_sample_audit_adds_up():
    totals = sample_report("en").totals
    assert (totals.num_recordings, totals.num_calls, totals.num_scored, totals.num_unreadable) == (14, 12, 11, 2)
    verdicts = [
        one.verdict
        for manager in sample_report("en").managers
        for row in manager.calls
        for one in row.evaluation.criteria
    ]
    num_review = sum(manager.num_review for manager in sample_report("en").managers)
    assert verdicts.count(Verdict.REVIEW) == num_review


def test_how_long_outbound_calls_ring_is_no_speed_of_answer():
    call, evaluation = judged_call(1, "Emma", result("hello"), ringing=ringing(40))
    outbound = replace(call, identity=replace(call.identity, direction=Direction.OUTBOUND))
    speed = report_on((outbound, evaluation)).managers[0].speed
    assert speed.mean.num == 0
    assert speed.reasons == (("the company called: how long it rings is up to the customer", 1),)
