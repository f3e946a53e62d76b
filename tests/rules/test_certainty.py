"""Nobody is failed for what was not heard."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from rule_cards import card

from builders import call, events_for, timings, turns
from qa_engine.domain.audio_event import ChannelRelation
from qa_engine.domain.call import Call
from qa_engine.domain.evaluation import CriterionResult, EvidenceKind, Verdict
from qa_engine.domain.spans import Span
from qa_engine.domain.timings import Beginning
from qa_engine.domain.transcript import LEAKED, Utterance, Word
from qa_engine.rules.evaluate import evaluate

HELLO = {"check": "phrase", "within": {"first_seconds": 20}, "any_of": ["lexicon:greeting"]}
BYE = {"check": "phrase", "within": {"last_seconds": 30}, "any_of": ["lexicon:farewell"]}
RUDE = {"check": "forbidden", "categories": {"blame": ["it's your own fault"]}}


@pytest.fixture
def judge(tmp_path: Path):
    def judged(criterion: dict[str, object], made: Call) -> CriterionResult:
        return evaluate(made, card(tmp_path, criterion)).criteria[0]

    return judged


LINES = ("manager: yes sunny garden", "customer: i want roses")


def with_events(
    *lines: str, extra: tuple[Span, ...] = (), relation: ChannelRelation = ChannelRelation.DISTINCT
) -> Call:
    made = call(*lines, duration=30.0)
    said = tuple(replace(turn, channel=0 if turn.role == "manager" else 1) for turn in made.turns)
    if relation is not ChannelRelation.DISTINCT:
        said = made.turns
    return replace(made, turns=said, events=events_for(said, 30.0, relation=relation, extra=extra))


def test_absence_in_a_well_heard_place_is_a_fail_with_what_was_searched(judge):
    result = judge(HELLO, call(*LINES))
    assert result.verdict is Verdict.FAIL
    assert [(item.kind, item.quote) for item in result.evidence] == [(EvidenceKind.SEARCHED, "yes sunny garden")]
    assert "words heard: 3, certainty 95 %" in result.evidence[0].note


def test_a_recording_that_starts_in_the_middle_proves_nothing_about_the_greeting(judge):
    result = judge(HELLO, call(*LINES, times=timings(30.0, beginning=Beginning.MID_CALL)))
    assert result.verdict is Verdict.REVIEW
    assert "start after the beginning" in result.reason


def test_a_recording_that_starts_in_the_middle_still_proves_a_missing_farewell(judge):
    assert judge(BYE, call(*LINES, times=timings(30.0, beginning=Beginning.MID_CALL))).verdict is Verdict.FAIL


def test_a_customer_who_begins_with_his_matter_shows_a_late_start(judge):
    result = judge(HELLO, call("customer: yes so my order has not come", "manager: which one"))
    assert result.verdict is Verdict.REVIEW


def test_ringing_in_the_recording_proves_that_the_beginning_is_there(judge):
    times = timings(30.0, beginning=Beginning.BEFORE_ANSWER)
    made = call("customer: yes so my order has not come", "manager: which one", times=times)
    assert judge(HELLO, made).verdict is Verdict.FAIL


def test_words_that_the_recogniser_did_not_trust_prove_nothing(judge):
    result = judge(HELLO, call(*LINES, probability=0.4))
    assert result.verdict is Verdict.REVIEW
    assert "40 % surely (60 % needed)" in result.reason


def test_a_match_counts_however_uncertain_the_words(judge):
    assert judge(HELLO, call("manager: hello sunny garden", probability=0.4)).verdict is Verdict.PASS


def test_speech_without_words_in_the_window_proves_nothing(judge):
    result = judge(HELLO, with_events(*LINES, extra=(Span(5.0, 8.0),)))
    assert result.verdict is Verdict.REVIEW
    assert "speech without recognised words" in result.reason


def test_speech_without_words_elsewhere_does_not_matter(judge):
    assert judge(HELLO, with_events(*LINES, extra=(Span(25.0, 28.0),))).verdict is Verdict.FAIL


def test_well_covered_speech_proves_absence(judge):
    assert judge(HELLO, with_events(*LINES)).verdict is Verdict.FAIL


def test_a_recogniser_that_says_it_understood_nothing_proves_nothing(judge):
    made = call(*LINES)
    unheard = (Word("[unintelligible]", 0.5, 3.5), *made.turns[0].words)
    made = replace(made, turns=(replace(made.turns[0], words=unheard), *made.turns[1:]))
    assert judge(HELLO, made).verdict is Verdict.REVIEW


def test_unclear_roles_prove_nothing(judge):
    result = judge(HELLO, call(*LINES, role_confidence=0.6))
    assert result.verdict is Verdict.REVIEW
    assert "who is the manager (60 % sure)" in result.reason


def test_with_unclear_roles_the_words_of_the_other_party_are_cited(judge):
    result = judge(HELLO, call("manager: yes i want roses", "customer: hello sunny garden", role_confidence=0.6))
    assert result.verdict is Verdict.REVIEW
    assert any(item.quote == "hello" and item.role == "customer" for item in result.evidence)


def test_in_a_mono_recording_words_at_a_border_of_speakers_may_be_the_managers(judge):
    lines = ("customer: good morning", "1.4 manager: sunny garden emma")
    assert judge(HELLO, with_events(*lines, relation=ChannelRelation.MONO)).verdict is Verdict.REVIEW
    assert judge(HELLO, with_events(*lines)).verdict is Verdict.FAIL


def test_a_near_miss_is_shown_with_both_figures(judge):
    result = judge({"check": "phrase", "any_of": ["your order number"]}, call("manager: your older humber please"))
    assert result.verdict is Verdict.REVIEW
    assert "84 of 100, 85 needed" in result.reason
    assert result.evidence[0].kind is EvidenceKind.NEAR_MISS


def test_a_recording_cut_off_in_speech_proves_nothing_about_the_farewell(judge):
    result = judge(BYE, with_events(*LINES, extra=(Span(29.5, 29.95),)))
    assert result.verdict is Verdict.REVIEW
    assert "stops while somebody is still speaking" in result.reason


def test_a_call_in_another_language_proves_nothing(judge):
    assert judge(HELLO, replace(call(*LINES), language="ru")).verdict is Verdict.REVIEW


def test_the_machine_that_answers_first_does_not_use_up_the_window(judge):
    lines = ("ivr: your call may be recorded", "30 manager: hello sunny garden", "customer: hello")
    made = call(*lines)
    machine = replace(made.turns[0], end=29.0)
    assert judge(HELLO, replace(made, turns=(machine, *made.turns[1:]))).verdict is Verdict.PASS


def test_words_said_outside_the_window_are_shown(judge):
    result = judge(HELLO, call(*LINES, "60 manager: hello are you there"))
    assert result.verdict is Verdict.FAIL
    assert (result.evidence[0].kind, result.evidence[0].quote) == (EvidenceKind.NEAR_MISS, "hello")


def test_a_misheard_offence_accuses_nobody(judge):
    assert judge(RUDE, call("manager: it's your own vault")).verdict is not Verdict.FAIL


def test_an_offence_in_doubtful_words_is_for_a_person(judge):
    result = judge(RUDE, call("manager: it's your own fault", probability=0.4))
    assert result.verdict is Verdict.REVIEW
    assert "40 % only" in result.reason


MORE = {"check": "phrase", "any_of": ["is there anything else i can help you with"]}


def heard_with(line: str, doubtful: set[str]) -> Call:
    made = call(line)
    first = made.turns[0]
    words = tuple(replace(one, probability=0.63 if one.text in doubtful else 0.95) for one in first.words)
    return replace(made, turns=(replace(first, words=words),))


def test_a_remnant_of_a_phrase_beside_doubtful_words_proves_nothing(judge):
    line = "manager: my pleasure is that i think i'll second-help you with"
    result = judge(MORE, heard_with(line, {"i'll", "second-help"}))
    assert result.verdict is Verdict.REVIEW
    assert "help you with" in result.reason


def test_a_remnant_among_clear_words_is_no_trace(judge):
    line = "manager: my pleasure is that i think i'll second-help you with"
    assert judge(MORE, heard_with(line, set())).verdict is Verdict.FAIL


def test_doubtful_words_without_a_remnant_are_no_trace(judge):
    assert judge(MORE, heard_with("manager: thank you and goodbye then", {"and", "then"})).verdict is Verdict.FAIL


def test_one_doubtful_word_in_an_offence_is_enough_for_a_person(judge):
    made = call("manager: well it's your own fault sir")
    words = tuple(replace(one, probability=0.63 if one.text == "fault" else 0.95) for one in made.turns[0].words)
    result = judge(RUDE, replace(made, turns=(replace(made.turns[0], words=words),)))
    assert result.verdict is Verdict.REVIEW
    assert "63 % only" in result.reason


def test_an_offence_that_is_all_of_a_short_sound_is_for_a_person(judge):
    made = with_events("manager: it's your own fault", "customer: i want roses")
    first = made.turns[0]
    squeezed = tuple(replace(one, start=0.5 + i * 0.1, end=0.6 + i * 0.1) for i, one in enumerate(first.words))
    short = replace(first, words=squeezed, end=squeezed[-1].end)
    result = judge(RUDE, replace(made, turns=(short, *made.turns[1:])))
    assert result.verdict is Verdict.REVIEW
    assert "too little to be sure" in result.reason


def test_a_turn_of_nothing_but_noise_does_not_hide_an_offence(judge):
    made = with_events("manager: [noise]", "customer: i want roses", "manager: well sir it's your own fault you know")
    noise = replace(made.turns[0], end=made.turns[0].start + 0.3)
    assert judge(RUDE, replace(made, turns=(noise, *made.turns[1:]))).verdict is Verdict.FAIL


def test_an_offence_of_an_unclear_speaker_is_for_a_person(judge):
    assert judge(RUDE, call("manager: it's your own fault", role_confidence=0.6)).verdict is Verdict.REVIEW


def test_a_call_without_any_words_fails_nothing(judge):
    for criterion in (HELLO, BYE, RUDE, {"check": "company_name"}, {"check": "own_name"}):
        assert judge(criterion, call()).verdict is Verdict.REVIEW


def test_turns_in_the_builder_follow_each_other():
    first, second = turns("manager: a b", "customer: c")
    assert (first.start, first.end, second.start) == (0.5, 1.3, 1.9)


def test_the_end_of_a_short_call_is_not_its_opening(judge):
    made = call("manager: thank you for calling sunny garden", "customer: hi i want roses", "manager: all right noted")
    assert judge(BYE, made).verdict is not Verdict.PASS


def test_blaming_oneself_is_no_offence(judge):
    criterion = {"check": "forbidden", "categories": {"blame": ["are to blame"]}}
    assert judge(criterion, call("manager: it is not your fault we are to blame")).verdict is Verdict.PASS
    assert judge(criterion, call("manager: it is you who are to blame")).verdict is Verdict.FAIL


def test_i_before_another_offence_excuses_nothing(judge):
    criterion = {"check": "forbidden", "categories": {"indifference": ["have no time for you"]}}
    assert judge(criterion, call("manager: sorry but i have no time for you")).verdict is Verdict.FAIL


def test_without_a_known_customer_it_is_not_known_what_he_said(judge):
    asked = {**HELLO, "applies_when": {"said_by_customer": ["it is broken"]}}
    one_voice = call("manager: yes sunny garden it is broken", role_confidence=0.6)
    assert judge(asked, one_voice).verdict is Verdict.REVIEW
    assert judge(asked, call(*LINES)).verdict is Verdict.NOT_APPLICABLE


def left_out(text: str, at: float, channel: int | None, why: str = "written without speech") -> Utterance:
    words = tuple(Word(word, at + 0.2 * i, at + 0.2 * i + 0.2, 0.2) for i, word in enumerate(text.split()))
    return Utterance(at, words[-1].end, words, channel=channel, left_out=why)


def test_words_that_were_left_out_as_invented_may_be_what_is_missing(judge):
    made = with_events(*LINES)
    doubted = judge(BYE, replace(made, left_out=(left_out("goodbye", 3.0, 0),)))
    assert doubted.verdict is Verdict.REVIEW
    assert "left out" in doubted.reason
    assert judge(BYE, made).verdict is Verdict.FAIL


def test_words_left_out_on_the_other_side_or_elsewhere_are_no_doubt(judge):
    made = with_events(*LINES)
    assert judge(BYE, replace(made, left_out=(left_out("goodbye", 3.0, 1),))).verdict is Verdict.FAIL
    late = replace(made, left_out=(left_out("hello", 29.0, 0),))
    assert judge(HELLO, late).verdict is Verdict.FAIL


def test_a_few_words_said_at_once_are_a_doubt_and_a_long_echo_is_none(judge):
    made = with_events(*LINES)
    chorus = replace(made, left_out=(left_out("goodbye then", 3.0, 0, LEAKED),))
    assert judge(BYE, chorus).verdict is Verdict.REVIEW
    echo = replace(made, left_out=(left_out("i want twelve red roses and a vase", 2.0, 0, LEAKED),))
    assert judge(BYE, echo).verdict is Verdict.FAIL


def test_what_was_said_by_nobody_knows_whom_is_left_to_a_person(judge):
    said = call("manager: hello sunny garden", "customer: i want roses", role_confidence=0.6)
    result = judge(HELLO, said)
    assert result.verdict is Verdict.REVIEW
    assert "60 %" in result.reason
    assert result.evidence[0].quote == "hello"
    assert judge(HELLO, call("manager: hello sunny garden", "customer: i want roses")).verdict is Verdict.PASS


NAMED = {"check": "own_name", "within": {"first_seconds": 20}}
ROSTER = [{"id": "103", "name": "Emma Clark"}]


def in_one_channel(*lines: str, gap: float) -> Call:
    made = call(*lines, duration=30.0)
    first, second = made.turns
    moved = first.end + gap - second.start
    words = tuple(replace(word, start=word.start + moved, end=word.end + moved) for word in second.words)
    said = (first, replace(second, start=second.start + moved, end=second.end + moved, words=words))
    return replace(made, turns=said, events=events_for(said, 30.0, relation=ChannelRelation.MONO))


def test_a_managers_name_right_behind_a_diarizers_border_may_be_his_own(tmp_path):
    named = card(tmp_path, NAMED, managers=ROSTER)
    lines = ("manager: good morning sunny garden", "customer: emma good morning i want to complain")
    beside = evaluate(in_one_channel(*lines, gap=0.1), named).criteria[0]
    assert beside.verdict is Verdict.REVIEW
    assert any(item.quote == "emma" for item in beside.evidence)
    assert evaluate(in_one_channel(*lines, gap=4.0), named).criteria[0].verdict is Verdict.FAIL


def test_a_name_on_the_customers_own_channel_is_the_customers_word(tmp_path):
    apart = with_events("manager: good morning sunny garden", "customer: emma good morning i want to complain")
    assert evaluate(apart, card(tmp_path, NAMED, managers=ROSTER)).criteria[0].verdict is Verdict.FAIL


COMPANY = {"check": "company_name", "within": {"first_seconds": 20}}


def heard_as(word: str, chance: float) -> Call:
    made = call(f"manager: good morning {word} how can i help", "customer: i want roses")
    first, *rest = made.turns
    words = tuple(replace(one, probability=chance) if one.text == word else one for one in first.words)
    return replace(made, turns=(replace(first, words=words), *rest))


def test_a_strange_word_in_the_greeting_that_was_hardly_heard_may_be_the_company(judge):
    assert judge(COMPANY, heard_as("samovargun", 0.4)).verdict is Verdict.REVIEW
    assert judge(COMPANY, heard_as("samovargun", 0.95)).verdict is Verdict.FAIL
    assert judge(COMPANY, heard_as("and", 0.4)).verdict is Verdict.FAIL
