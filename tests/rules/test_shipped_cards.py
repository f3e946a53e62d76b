"""The scorecards that come with the engine."""

from __future__ import annotations

from pathlib import Path

import pytest

from builders import call, hold, ringing, timings
from qa_engine.domain.evaluation import Verdict
from qa_engine.domain.timings import Interruptions, Transfer
from qa_engine.rules.evaluate import evaluate
from qa_engine.rules.examples import run_examples
from qa_engine.rules.loading import load_scorecard

CARDS = Path(__file__).resolve().parents[2] / "scorecards"
EN = load_scorecard(CARDS / "phone_en.yaml")
RU = load_scorecard(CARDS / "phone_ru.yaml")
BOTH = pytest.mark.parametrize("scorecard", [EN, RU], ids=["en", "ru"])
IDS = {
    *("hello", "company", "own_name", "offer_help", "script", "politeness", "apology", "anything_else"),
    *("hold_manners", "farewell", "answer_speed", "transfers", "transfer_hold", "dead_air", "interruptions"),
    *("promise", "product_knowledge"),
}
BY_A_PERSON = {"promise", "product_knowledge"}


@BOTH
def test_it_has_the_agreed_criteria(scorecard):
    assert {one.id for one in scorecard.criteria} == IDS
    assert {one.id for one in scorecard.criteria if one.section == "greeting"} == {
        *("hello", "company", "own_name", "offer_help")
    }
    assert [one.id for one in scorecard.criteria if one.fatal] == ["politeness"]


@BOTH
def test_what_the_engine_answers_itself_adds_up_to_a_hundred(scorecard):
    assert sum(one.weight for one in scorecard.criteria if one.id not in BY_A_PERSON) == 100


@BOTH
def test_its_examples_come_out_as_it_says(scorecard):
    wrong = [outcome for outcome in run_examples(scorecard) if not outcome.is_right]
    assert not wrong


@BOTH
def test_every_criterion_that_goes_by_words_has_two_examples_of_each_kind(scorecard):
    for one in scorecard.criteria:
        if one.check in ("phrase", "company_name", "own_name", "forbidden") or one.id == "script":
            assert min(len(one.examples.passing), len(one.examples.failing)) >= 2, one.id


@BOTH
def test_every_criterion_advises(scorecard):
    assert all(len(one.advice) > 30 for one in scorecard.criteria)


def test_both_cards_weigh_alike():
    assert {one.id: (one.weight, one.check) for one in EN.criteria} == {
        one.id: (one.weight, one.check) for one in RU.criteria
    }


GOOD = {
    "en": (
        "manager: good morning sunny garden emma speaking how can i help you",
        "customer: hello i would like to order some roses",
        "manager: of course which colour would you like",
        "customer: red ones",
        "manager: just to confirm ten red roses they will be delivered on monday",
        "customer: great",
        "manager: is there anything else i can help you with",
        "customer: no thank you",
        "manager: thank you for calling have a lovely day goodbye",
    ),
    "ru": (
        "manager: добрый день магазин ромашка меня зовут анна чем могу помочь",
        "customer: здравствуйте хочу заказать розы",
        "manager: конечно какого цвета вам нужны розы",
        "customer: красные",
        "manager: давайте проверим десять красных роз доставим в понедельник",
        "customer: отлично",
        "manager: остались ли у вас ещё вопросы",
        "customer: нет спасибо",
        "manager: спасибо за звонок всего доброго до свидания",
    ),
}
BAD = {
    "en": ("manager: yes", "customer: my vase arrived broken", "manager: it's your own fault", "customer: what"),
    "ru": ("manager: да", "customer: ваза не работает верните деньги", "manager: вы сами виноваты", "customer: что"),
}


@BOTH
def test_a_model_call_gets_everything(scorecard):
    times = timings(60.0, ringing=ringing(8.0), interruptions=Interruptions(0, 0))
    found = evaluate(call(*GOOD[scorecard.language], language=scorecard.language, times=times), scorecard)
    not_passed = {one.id: (one.verdict, one.reason) for one in found.criteria if one.verdict is not Verdict.PASS}
    assert not_passed.keys() == {"apology", "transfer_hold", "hold_manners", *BY_A_PERSON}, not_passed
    assert (found.score, found.passed, found.fatal) == (100.0, True, ())


@BOTH
def test_a_bad_call_loses_what_it_should(scorecard):
    found = evaluate(call(*BAD[scorecard.language], language=scorecard.language), scorecard)
    failed = {one.id for one in found.criteria if one.verdict is Verdict.FAIL}
    assert {"hello", "company", "own_name", "offer_help", "politeness", "apology", "anything_else"} <= failed
    assert (found.score, found.fatal) == (0.0, ("politeness",))


@BOTH
def test_an_unrelated_call_is_not_asked_for_the_order_script(scorecard):
    lines = {"en": "customer: what are your opening hours", "ru": "customer: до скольки вы работаете"}
    found = evaluate(call("manager: x", lines[scorecard.language], language=scorecard.language), scorecard)
    verdicts = {one.id: one.verdict for one in found.criteria}
    assert verdicts["script"] == verdicts["apology"] == verdicts["hold_manners"] == Verdict.NOT_APPLICABLE


@BOTH
def test_a_long_transfer_costs_points(scorecard):
    times = timings(200.0, holds=[hold(20, 95, during_transfer=True)], transfers=[Transfer(95.0, True, "audio")])
    lines = {"en": "manager: hello", "ru": "manager: добрый день"}
    found = evaluate(call(lines[scorecard.language], language=scorecard.language, times=times), scorecard)
    shares = {one.id: one.share for one in found.criteria}
    assert shares["transfers"] == pytest.approx(2 / 3)
    assert shares["transfer_hold"] == pytest.approx(0.25)
