"""What is judged where it is not sure who spoke, where only one party was recorded, and of a second manager."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from rule_cards import card

from builders import call, events_for, timings
from qa_engine.domain.audio_event import ChannelRelation
from qa_engine.domain.call import Call
from qa_engine.domain.conversation import Interruption, Interruptions, Monologues, Pace, Talk
from qa_engine.domain.evaluation import CriterionResult, Verdict
from qa_engine.domain.spans import Span
from qa_engine.domain.timings import Timings, Transfer
from qa_engine.domain.transcript import Role
from qa_engine.rules.evaluate import evaluate

LINES = (
    "1 manager: good morning sunny garden emma speaking",
    "8 customer: hello how can i help i was never asked",
    "14 manager: you are being stupid you know",
    "20 customer: i am very angry about this",
    "26 manager: well that happens",
)
INSULT = {"check": "phrase", "none_of": ["you are being stupid"]}
OFFER = {"check": "phrase", "any_of": ["how can i help"]}
SORRY = {"check": "phrase", "any_of": ["i am sorry"], "applies_when": {"said_by_customer": ["very angry"]}}
RATIO = {"check": "talk", "measure": "talk_ratio", "at_most": 0.6}

Judge = Callable[..., CriterionResult]


@pytest.fixture
def judge(tmp_path: Path) -> Judge:
    return lambda made, **criterion: evaluate(made, card(tmp_path, criterion)).criteria[0]


def mono(*, sure: dict[int, float] | None = None, **options: object) -> Call:
    """The call in a mix, the diarizer sure of every turn but of those in `sure`."""
    made = call(*LINES, **options)  # type: ignore[arg-type]
    turns = tuple(replace(turn, speaker_confidence=(sure or {}).get(i, 0.97)) for i, turn in enumerate(made.turns))
    return replace(made, turns=turns, events=events_for(turns, made.duration, relation=ChannelRelation.MONO))


def test_an_offence_in_a_doubtful_voice_goes_to_a_person(judge: Judge) -> None:
    assert judge(mono(), **INSULT).verdict is Verdict.FAIL
    result = judge(mono(sure={2: 0.6}), **INSULT)
    assert result.verdict is Verdict.REVIEW
    assert "told from the other one with 60 % only" in result.reason


def test_what_the_other_party_said_in_a_doubtful_voice_may_be_the_managers(judge: Judge) -> None:
    assert judge(mono(), **OFFER).verdict is Verdict.FAIL
    result = judge(mono(sure={1: 0.6}), **OFFER)
    assert result.verdict is Verdict.REVIEW
    assert "how can i help" in result.reason


def test_doubt_elsewhere_in_the_call_excuses_nothing(judge: Judge) -> None:
    assert judge(mono(sure={3: 0.6}), **INSULT).verdict is Verdict.FAIL
    assert judge(mono(sure={3: 0.6}), **OFFER).verdict is Verdict.FAIL


def test_a_criterion_asked_because_of_a_doubtful_voice_fails_nobody(judge: Judge) -> None:
    assert judge(mono(), **SORRY).verdict is Verdict.FAIL
    result = judge(mono(sure={3: 0.6}), **SORRY)
    assert result.verdict is Verdict.REVIEW
    assert "very angry" in result.reason


def talking(ratio: float, length: float = 60.0) -> Timings:
    return timings(length, talk=Talk(100 * ratio, 100 * (1 - ratio), 0.0, 10.0, True, "audio+words"))


def test_doubtful_turns_widen_the_talk_ratio(judge: Judge) -> None:
    assert judge(mono(times=talking(0.7)), **RATIO).verdict is Verdict.FAIL
    assert judge(mono(times=talking(0.7), sure={3: 0.6}), **RATIO).verdict is Verdict.REVIEW
    assert judge(mono(times=talking(0.95), sure={3: 0.6}), **RATIO).verdict is Verdict.FAIL


def test_a_monologue_in_a_doubtful_voice_goes_to_a_person(judge: Judge) -> None:
    criterion = {"check": "talk", "measure": "monologue_longest", "at_most": 1}
    times = replace(timings(60.0), monologues=Monologues(Span(14.0, 16.4), None, True, "audio+words"))
    assert judge(mono(times=times), **criterion).verdict is Verdict.FAIL
    assert judge(mono(times=times, sure={2: 0.6}), **criterion).verdict is Verdict.REVIEW


FIGURES = (
    RATIO,
    {"check": "talk", "measure": "interruptions", "at_most": 0},
    {"check": "talk", "measure": "monologue_longest", "at_most": 5},
    {"check": "talk", "measure": "words_per_minute", "at_most": 120},
)


@pytest.mark.parametrize("criterion", FIGURES, ids=lambda one: one["measure"])
def test_figures_of_the_manager_go_to_a_person_where_it_is_not_sure_who_he_is(judge: Judge, criterion) -> None:
    times = replace(
        talking(0.9),
        interruptions=Interruptions(2, 0, moments=(Interruption(5.0, Role.MANAGER, 1.0),)),
        monologues=Monologues(Span(1.0, 31.0), None, False, "audio"),
        pace=Pace(200.0, None, "audio"),
    )
    assert judge(call(*LINES, times=times), **criterion).verdict is Verdict.FAIL
    result = judge(call(*LINES, times=times, role_confidence=0.7), **criterion)
    assert result.verdict is Verdict.REVIEW
    assert "70 % sure" in result.reason


def one_side(times: Timings) -> Call:
    """Only the company's channel was recorded."""
    made = call(*(line for line in LINES if "manager" in line), times=times, role_confidence=0.7)
    return replace(made, events=events_for(made.turns, made.duration, relation=ChannelRelation.ONE_SIDED))


@pytest.mark.parametrize("measure", ["talk_ratio", "dead_air_longest", "dead_air", "silence_share", "interruptions"])
def test_nothing_between_two_parties_is_measured_where_one_was_recorded(judge: Judge, measure: str) -> None:
    times = replace(talking(1.0), dead_air=(Span(4.0, 14.0),), interruptions=Interruptions(0, 0))
    result = judge(one_side(times), check="talk", measure=measure, at_most=0.1)
    assert result.verdict is Verdict.NOT_MEASURED
    assert "Only one party is heard" in result.reason


def test_words_of_a_party_that_was_not_recorded_fail_nobody(judge: Judge) -> None:
    made = one_side(talking(1.0))
    assert judge(made, check="phrase", said_by="customer", any_of=["thank you"]).verdict is Verdict.REVIEW
    assert judge(made, **SORRY).verdict is Verdict.REVIEW
    assert judge(made, check="phrase", any_of=["goodbye"]).verdict is Verdict.REVIEW


HANDED = (
    "1 manager: good morning sunny garden emma speaking",
    "8 customer: hello i have a question about my invoice",
    "14 manager: i will put you through to billing please hold the line",
    "41 second_manager: hello my name is oliver you are being stupid",
    "50 customer: the name of my company is wrong thank you goodbye",
    "56 second_manager: goodbye have a nice day",
)


def handed_over(*, measured: bool = True) -> Call:
    transfers = [Transfer(41.0, True, "audio+words")] if measured else []
    return call(*HANDED, times=timings(62.0, transfers=transfers), duration=62.0)


def test_words_of_the_second_manager_are_not_the_first_ones(judge: Judge) -> None:
    assert judge(handed_over(), **INSULT).verdict is Verdict.PASS
    assert judge(handed_over(), check="phrase", any_of=["have a nice day"]).verdict is Verdict.FAIL


def test_the_second_manager_may_be_asked_for_himself(judge: Judge) -> None:
    result = judge(handed_over(), **INSULT, said_by="second_manager")
    assert (result.verdict, result.evidence[0].role) == (Verdict.FAIL, Role.SECOND_MANAGER)


def test_nobody_is_asked_for_a_second_manager_where_there_is_none(judge: Judge) -> None:
    result = judge(mono(), check="phrase", said_by="second_manager", any_of=["hello"])
    assert (result.verdict, result.reason) == (Verdict.NOT_APPLICABLE, "Not asked: nobody took the call over.")


def test_the_customer_is_judged_over_the_whole_call(judge: Judge) -> None:
    assert judge(handed_over(), check="phrase", said_by="customer", any_of=["goodbye"]).verdict is Verdict.PASS


def test_the_farewell_is_the_second_managers_even_where_no_transfer_was_heard(judge: Judge) -> None:
    farewell = {"check": "phrase", "within": {"last_seconds": 30}, "any_of": ["goodbye"]}
    result = judge(handed_over(measured=False), **farewell)
    assert (result.verdict, result.source) == (Verdict.NOT_APPLICABLE, "words")


def test_a_second_voice_alone_fails_nobody_for_what_it_said(judge: Judge) -> None:
    made = handed_over(measured=False)
    mixed = replace(made, events=events_for(made.turns, made.duration, relation=ChannelRelation.MONO))
    assert judge(mixed, check="phrase", any_of=["have a nice day"]).verdict is Verdict.REVIEW
    assert judge(made, check="phrase", any_of=["have a nice day"]).verdict is Verdict.FAIL  # the transcript says who
