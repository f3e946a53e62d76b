"""`transcribe`: what is told beside the transcript."""

import pytest

from cli.running import run
from qa_engine.domain.call_identity import CallIdentity
from qa_engine.domain.hearing import Engines, Hearing
from qa_engine.domain.transcript import Utterance, Word


@pytest.fixture
def heard(monkeypatch):
    """Has the command hear what the test says."""

    def set_heard(said=(), left_out=()):
        hearing = Hearing(
            "0" * 64,
            "a.wav",
            60.0,
            "en",
            tuple(said),
            None,
            Engines("fake", "channels"),
            CallIdentity(),
            left_out=tuple(left_out),
        )
        monkeypatch.setattr("qa_engine.wiring.make_hearer", lambda settings, card: lambda source: hearing)

    return set_heard


def echo(at: float, text: str) -> Utterance:
    return Utterance(at, at + 1.0, (Word(text, at, at + 1.0),), left_out="the other side's voice")


def test_what_is_left_out_is_told_with_its_reason(capsys, heard):
    heard(left_out=[echo(9.4, "hello")])
    assert "left out at 9.4 s: 'hello' (the other side's voice)" in run(capsys, "transcribe", "a.wav").err


def test_of_much_that_is_left_out_the_first_twenty_are_told_and_the_rest_counted(capsys, heard):
    heard(left_out=[echo(float(at), "f" * 500) for at in range(50)])
    told = run(capsys, "transcribe", "a.wav").err.splitlines()
    assert sum(line.startswith("left out at") for line in told) == 20
    assert max(len(line) for line in told) < 150
    assert any(line.startswith("and 30 more") for line in told)


def test_verbose_tells_all_that_is_left_out_in_full(capsys, heard):
    heard(left_out=[echo(float(at), "f" * 500) for at in range(50)])
    told = run(capsys, "-v", "transcribe", "a.wav").err
    assert told.count("left out at") == 50
    assert told.count("f" * 500) == 50


def test_a_transcript_without_a_word_is_told_and_is_empty(capsys, heard):
    heard()
    ran = run(capsys, "transcribe", "a.wav")
    assert (ran.code, ran.out) == (0, "")
    assert "a.wav: no word was understood" in ran.err
