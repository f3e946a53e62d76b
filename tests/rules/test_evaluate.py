from __future__ import annotations

import logging
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rule_cards import card

from builders import call, hold, timings
from qa_engine.domain.call_identity import Direction
from qa_engine.domain.evaluation import EvidenceKind, Verdict
from qa_engine.domain.timings import Transfer
from qa_engine.rules.evaluate import evaluate
from qa_engine.rules.loading import load_scorecard
from qa_engine.rules.registry import CHECKS

ROOT = Path(__file__).resolve().parents[2]
HELLO = {"check": "phrase", "any_of": ["hello"], "id": "hello"}
SORRY = {"check": "phrase", "any_of": ["i am sorry"]}


def test_an_evaluation_carries_the_card_and_the_call(tmp_path: Path):
    scorecard = card(tmp_path, HELLO)
    found = evaluate(call("manager: hello", call_id="abc"), scorecard)
    assert (found.call_id, found.scorecard_id, found.scorecard_version) == ("abc", "card", scorecard.version)
    assert (found.score, found.passed, found.pass_mark) == (100.0, True, 80.0)


def test_the_same_call_gives_the_same_evaluation(tmp_path: Path):
    scorecard = load_scorecard(ROOT / "scorecards" / "phone_en.yaml")
    made = call("manager: hello sunny garden", "customer: i would like to order roses")
    assert evaluate(made, scorecard) == evaluate(made, scorecard)


def test_a_check_that_crashes_becomes_a_review_and_the_rest_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    def crash(_: object):
        raise ZeroDivisionError("secret words of the call")

    scorecard = card(tmp_path, {"check": "own_name", "id": "broken"}, HELLO)
    monkeypatch.setattr(
        "qa_engine.rules.evaluate.CHECKS", {**CHECKS, "own_name": replace(CHECKS["own_name"], judge=crash)}
    )
    with caplog.at_level(logging.ERROR):
        broken, hello = evaluate(call("manager: hello", call_id="abc"), scorecard).criteria
    assert (broken.verdict, hello.verdict) == (Verdict.REVIEW, Verdict.PASS)
    assert "ZeroDivisionError" in broken.reason
    assert "broken" in caplog.text and "abc" in caplog.text
    assert "secret" not in caplog.text


@pytest.mark.parametrize(
    ("when", "lines", "asked"),
    [
        ({"said_by_customer": "it is broken"}, ("manager: i am sorry", "customer: it is broken"), True),
        ({"said_by_customer": "it is broken"}, ("manager: i am sorry it is broken", "customer: oh"), False),
        ({"said_by_customer": ["a refund", "it is broken"]}, ("manager: i am sorry", "customer: a refund"), True),
        ({"said_by_manager": ["i see"]}, ("manager: i see i am sorry",), True),
        ({"not_said_by_customer": ["it is broken"]}, ("manager: i am sorry", "customer: it is broken"), False),
        ({"not_said_by_manager": ["i see"]}, ("manager: i am sorry",), True),
        ({"direction": "inbound"}, ("manager: i am sorry",), True),
        ({"direction": "outbound"}, ("manager: i am sorry",), False),
        ({"has_hold": True}, ("manager: i am sorry",), False),
        ({"has_hold": False, "has_transfer": False}, ("manager: i am sorry",), True),
        ({"direction": "inbound", "has_transfer": True}, ("manager: i am sorry",), False),
    ],
)
def test_a_criterion_is_asked_only_when_every_condition_holds(tmp_path: Path, when, lines, asked: bool):
    result = evaluate(call(*lines), card(tmp_path, {**SORRY, "applies_when": when})).criteria[0]
    assert result.verdict is (Verdict.PASS if asked else Verdict.NOT_APPLICABLE), result.reason


def test_a_hold_and_a_transfer_are_seen_by_the_conditions(tmp_path: Path):
    times = timings(60.0, holds=[hold(10, 20)], transfers=[Transfer(20.0, True, "audio")])
    criterion = {**SORRY, "applies_when": {"has_hold": True, "has_transfer": True}}
    assert evaluate(call("manager: i am sorry", times=times), card(tmp_path, criterion)).criteria[0].verdict == "pass"


def test_a_condition_that_cannot_be_told_is_not_measured(tmp_path: Path):
    silent = timings(60.0, holds_measured=False)
    for when in ({"has_hold": True}, {"has_transfer": False}):
        made = call("manager: i am sorry", times=silent)
        result = evaluate(made, card(tmp_path, {**SORRY, "applies_when": when})).criteria[0]
        assert (result.verdict, result.share) == (Verdict.NOT_MEASURED, None)
    unknown = call("manager: i am sorry", direction=Direction.UNKNOWN)
    result = evaluate(unknown, card(tmp_path, {**SORRY, "applies_when": {"direction": "inbound"}})).criteria[0]
    assert result.verdict is Verdict.NOT_MEASURED


EN = load_scorecard(ROOT / "scorecards" / "phone_en.yaml")
RU = load_scorecard(ROOT / "scorecards" / "phone_ru.yaml")
SPEECH = {
    "en": "hello sunny garden emma speaking how can i help would like to order roses sorry it's your own fault not my "
    "problem thank you for calling goodbye is there anything else one moment please noise said you i'll call back",
    "ru": "добрый день магазин ромашка меня зовут анна чем могу помочь хочу заказать розы извините вы сами виноваты не "
    "мои проблемы спасибо за звонок до свидания остались вопросы минуту вы сказали что я перезвоню",
}


def dialogues(language: str):
    said = st.lists(st.sampled_from(SPEECH[language].split()), min_size=1, max_size=12).map(" ".join)
    line = st.tuples(st.sampled_from(["manager", "customer", "ivr"]), said).map(": ".join)
    return st.lists(line, max_size=8).map(lambda lines: (language, lines))


@settings(deadline=None, max_examples=60)
@given(st.one_of(dialogues("en"), dialogues("ru")), st.sampled_from([0.5, 0.95]), st.sampled_from([0.6, 0.97]))
def test_every_quote_stands_in_the_transcript_at_its_seconds(made, probability: float, confidence: float):
    language, lines = made
    heard = call(*lines, language=language, probability=probability, role_confidence=confidence)
    found = evaluate(heard, RU if language == "ru" else EN)
    assert found.score is None or 0 <= found.score <= 100
    for result in found.criteria:
        assert result.reason
        assert result.verdict is not Verdict.FAIL or result.evidence
        for item in result.evidence:
            assert item.start <= item.end
            if item.quote:
                inside = [
                    word.text
                    for turn in heard.turns_of(item.role)
                    for word in turn.words
                    if word.end >= item.start and word.start <= item.end
                ]
                assert f" {item.quote} " in f" {' '.join(inside)} "
            else:
                assert item.kind in (EvidenceKind.EVENT, EvidenceKind.SEARCHED)
