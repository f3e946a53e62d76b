"""What is asked of the first manager of a call that another one took over."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from rule_cards import card

from builders import call, hold, timings
from qa_engine.domain.evaluation import CriterionResult, Verdict
from qa_engine.domain.timings import Timings, Transfer
from qa_engine.domain.transcript import Role
from qa_engine.rules.evaluate import evaluate

LINES = (
    "1 manager: good morning sunny garden emma speaking how can i help",
    "8 customer: hello i have a question about my invoice",
    "14 manager: i will put you through to billing please hold the line",
    "41 manager: hello my name is oliver how can i help you with that",
    "50 customer: the name of my company is wrong",
    "56 manager: it is corrected now you are being stupid",
)
DURATION = 62.0
TRANSFER = Transfer(41.0, True, "audio+words")
FAREWELL = {"check": "phrase", "within": {"last_seconds": 30}, "any_of": ["lexicon:farewell"]}
MANNERS = {
    "check": "script",
    "steps": [
        {"title": "ask to wait", "place": "before_hold", "any_of": ["lexicon:please_hold"]},
        {"title": "thank for waiting", "place": "after_hold", "any_of": ["lexicon:thanks_for_holding"]},
    ],
}

Judge = Callable[..., CriterionResult]


def handed_over() -> Timings:
    return timings(DURATION, holds=[hold(20, 40, during_transfer=True)], transfers=[TRANSFER])


def kept() -> Timings:
    return timings(DURATION, holds=[hold(20, 40)])


@pytest.fixture
def judge(tmp_path: Path) -> Judge:
    def judged(times: Timings, **criterion: object) -> CriterionResult:
        made = call(*LINES, times=times, duration=DURATION)
        return evaluate(made, card(tmp_path, criterion)).criteria[0]

    return judged


def test_the_end_of_the_call_belongs_to_whoever_closes_it(judge: Judge) -> None:
    result = judge(handed_over(), **FAREWELL)
    assert (result.verdict, result.source) == (Verdict.NOT_APPLICABLE, "audio+words")
    assert result.reason == "Not asked: another manager took the call at 0:41."
    assert result.evidence[0].start == 41.0
    assert judge(kept(), **FAREWELL).verdict is Verdict.FAIL


def test_the_last_turns_are_the_end_of_the_call_too(judge: Judge) -> None:
    criterion = {**FAREWELL, "within": {"last_turns": 2}}
    assert judge(handed_over(), **criterion).verdict is Verdict.NOT_APPLICABLE


def test_the_beginning_is_asked_of_the_first_manager(judge: Judge) -> None:
    hello = {"check": "phrase", "within": {"first_seconds": 20}, "any_of": ["lexicon:greeting"]}
    assert judge(handed_over(), **hello).verdict is Verdict.PASS


def test_what_the_customer_says_at_the_end_is_judged_as_before(judge: Judge) -> None:
    criterion = {**FAREWELL, "said_by": Role.CUSTOMER.value}
    assert judge(handed_over(), **criterion).verdict is Verdict.FAIL


def test_who_handed_the_call_over_need_not_thank_for_waiting(judge: Judge) -> None:
    result = judge(handed_over(), **MANNERS)
    assert (result.verdict, result.reason) == (Verdict.PASS, "Steps done: 1 of 1.")
    assert judge(kept(), **MANNERS).verdict is Verdict.PARTIAL


def test_thanks_are_still_asked_after_the_other_holds(judge: Judge) -> None:
    holds = [hold(20, 40, during_transfer=True), hold(46, 49)]
    result = judge(replace(handed_over(), holds=tuple(holds)), **MANNERS)
    assert "thank for waiting" in result.reason


def test_manners_of_nothing_but_a_hand_over_are_not_asked(judge: Judge) -> None:
    result = judge(handed_over(), check="script", steps=[MANNERS["steps"][1]])
    assert result.verdict is Verdict.NOT_APPLICABLE
    assert "another manager took the call" in result.reason


def test_words_of_the_second_manager_go_to_a_person_and_not_against_the_first(judge: Judge) -> None:
    unwanted = {"check": "phrase", "none_of": ["you are being stupid"]}
    assert judge(kept(), **unwanted).verdict is Verdict.FAIL
    result = judge(handed_over(), **unwanted)
    assert result.verdict is Verdict.REVIEW
    assert "after another manager took the call at 0:41" in result.reason
