"""The little that the plain values of the domain work out by themselves."""

import pytest

from qa_engine.domain.audio_event import AudioEvents, ChannelRelation, EventKind, Ringback, SoundEvent
from qa_engine.domain.call import Call, RoleAssignment
from qa_engine.domain.call_identity import CallIdentity
from qa_engine.domain.evaluation import Verdict
from qa_engine.domain.hearing import Engines
from qa_engine.domain.scorecard import Company, Criterion, Scorecard, Section
from qa_engine.domain.spans import Span
from qa_engine.domain.timings import Beginning, Hold, HoldKind, Ringing, Timings
from qa_engine.domain.transcript import Role, Turn, Utterance, Word

WORDS = (Word("добрый", 0.5, 0.8), Word("день", 0.9, 1.2))


@pytest.mark.parametrize("verdict", list(Verdict))
def test_only_pass_partial_and_fail_count(verdict):
    assert verdict.counts is (verdict.value in {"pass", "partial", "fail"})


@pytest.mark.parametrize("made", [Utterance(0.5, 1.2, WORDS), Turn(Role.MANAGER, 0.5, 1.2, WORDS)])
def test_words_make_a_text_and_a_span(made):
    assert (made.text, made.span) == ("добрый день", Span(0.5, 1.2))


def test_a_hold_knows_its_length():
    hold = Hold(61.5, 84.0, HoldKind.MUSIC, True, "audio")
    assert (hold.seconds, hold.span) == (22.5, Span(61.5, 84.0))


def test_rings_and_sounds_are_not_speech():
    ring = Ringback(0.0, 9.0, 2, "425 Hz 1.0/4.0", 5.0, 1.0)
    music = SoundEvent(EventKind.MUSIC, 20.0, 30.0, channel=1)
    events = AudioEvents(60.0, 2, ChannelRelation.DISTINCT, (), (ring,), (music,))
    assert events.not_speech == (Span(0.0, 9.0), Span(20.0, 30.0))


def test_the_turns_of_a_role_keep_their_order():
    turns = tuple(Turn(role, at, at + 1, ()) for at, role in enumerate([Role.MANAGER, Role.CUSTOMER, Role.MANAGER]))
    timings = Timings(3.0, Beginning.UNKNOWN, Ringing(False), None)
    call = Call(
        "1", "f", "a.wav", "ru", 3.0, "", CallIdentity(), turns, None, timings, RoleAssignment(0.0, ""), Engines("", "")
    )
    assert call.turns_of(Role.MANAGER) == (turns[0], turns[2])
    assert call.turns_of(Role.IVR) == ()


def test_criteria_come_in_the_order_of_the_file():
    def section(name, *ids):
        return Section(name, name, tuple(Criterion(one, one, name, 1, "phrase", None) for one in ids))

    sections = (section("greeting", "hello", "company"), section("end", "farewell"))
    card = Scorecard("x", "X", "ru", Company("Ромашка"), (), 80, sections)
    assert [criterion.id for criterion in card.criteria] == ["hello", "company", "farewell"]
