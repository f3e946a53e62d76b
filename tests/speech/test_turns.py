from qa_engine.domain.transcript import Role, Utterance, Word
from qa_engine.speech.turns import build_turns


def said(speaker: str, start: float, end: float, text: str = "well") -> Utterance:
    return Utterance(start, end, (Word(text, start, end),), speaker)


def manager(start: float, end: float, text: str = "well") -> tuple[Role, Utterance]:
    return Role.MANAGER, said("m", start, end, text)


def customer(start: float, end: float, text: str = "well") -> tuple[Role, Utterance]:
    return Role.CUSTOMER, said("c", start, end, text)


def test_no_utterances_make_no_turns():
    assert build_turns([]) == ()


def test_a_short_pause_does_not_end_a_turn():
    (turn,) = build_turns([manager(0.0, 1.0, "good"), manager(2.0, 3.0, "morning")])
    assert (turn.text, turn.start, turn.end) == ("good morning", 0.0, 3.0)


def test_a_long_pause_ends_a_turn():
    assert len(build_turns([manager(0.0, 1.0), manager(3.0, 4.0)])) == 2


def test_the_other_party_between_ends_a_turn():
    turns = build_turns([manager(0.0, 1.0), customer(1.1, 1.5), manager(1.6, 2.0)])
    assert [turn.role for turn in turns] == [Role.MANAGER, Role.CUSTOMER, Role.MANAGER]


def test_talking_over_does_not_break_the_turn_of_the_speaker():
    turns = build_turns([manager(0.0, 5.0), customer(2.0, 2.4), manager(5.2, 6.0)])
    assert [(turn.role, turn.start, turn.end) for turn in turns] == [
        (Role.MANAGER, 0.0, 6.0),
        (Role.CUSTOMER, 2.0, 2.4),
    ]


def test_two_managers_keep_their_own_turns():
    first, second = said("speaker 0", 0.0, 1.0), said("speaker 2", 1.2, 2.0)
    assert len(build_turns([(Role.MANAGER, first), (Role.MANAGER, second)])) == 2


def test_a_turn_is_as_sure_as_its_least_sure_utterance():
    sure, less = (
        Utterance(at, at + 1.0, (Word("well", at, at + 1.0),), "speaker 0", speaker_confidence=confidence)
        for at, confidence in ((0.0, 0.9), (1.2, 0.6))
    )
    (turn,) = build_turns([(Role.MANAGER, sure), (Role.MANAGER, less)])
    assert turn.speaker_confidence == 0.6


def test_where_nobody_asked_who_speaks_a_turn_has_no_doubt():
    (turn,) = build_turns([manager(0.0, 1.0)])
    assert turn.speaker_confidence is None


def test_turns_come_in_time_order():
    turns = build_turns([customer(4.0, 5.0), manager(0.0, 1.0)])
    assert [turn.start for turn in turns] == [0.0, 4.0]
