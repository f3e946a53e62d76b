"""What leaked from one side into the other."""

from __future__ import annotations

import time

import numpy as np
import pytest

from qa_engine.audio.loudness import Loudness, measure_loudness
from qa_engine.domain.audio_event import Activity, AudioEvents, ChannelRelation
from qa_engine.domain.spans import Span
from qa_engine.domain.transcript import LEAKED, Utterance
from qa_engine.domain.waveform import Waveform
from qa_engine.speech.channel_parties import drop_bleed
from qa_engine.speech.word_times import spread_words


class FlatLevels:
    """Two channels, each with a level of its own in every span."""

    def __init__(self, *by_channel: float) -> None:
        self.by_channel = by_channel

    def level_db(self, channel: int, span: Span) -> float:
        return self.by_channel[channel]


def said(channel: int, start: float, text: str) -> Utterance:
    end = start + 0.4 * len(text.split())
    return Utterance(start, end, spread_words(text, Span(start, end)), f"channel {channel}", channel)


def events(left: tuple[Span, ...] = (Span(0, 60),), right: tuple[Span, ...] = (Span(0, 60),)) -> AudioEvents:
    sides = (Activity(0, left, -20, -60), Activity(1, right, -20, -60))
    return AudioEvents(60.0, 2, ChannelRelation.DISTINCT, sides)


def texts(utterances: tuple[Utterance, ...]) -> list[tuple[int | None, str]]:
    return [(one.channel, one.text) for one in utterances]


GREETING = "good morning sunny garden how can i help"


def test_the_weaker_copy_of_a_sentence_is_left_out_with_its_reason() -> None:
    heard = (said(0, 1.0, GREETING), said(1, 1.2, GREETING), said(1, 6.0, "hello i want roses"))
    kept, dropped = drop_bleed(heard, events(), lambda: FlatLevels(-20, -38))
    assert texts(kept) == [(0, GREETING), (1, "hello i want roses")]
    assert [(one.text, one.left_out) for one in dropped] == [(GREETING, LEAKED)]


def test_the_louder_side_keeps_its_words_whichever_it_is() -> None:
    kept, _ = drop_bleed((said(0, 1.0, GREETING), said(1, 1.1, GREETING)), events(), lambda: FlatLevels(-40, -22))
    assert texts(kept) == [(1, GREETING)]


def test_a_copy_that_was_misheard_is_a_copy() -> None:
    misheard = said(1, 1.2, "good morning sunny gardens how can i help")
    _, dropped = drop_bleed((said(0, 1.0, GREETING), misheard), events(), lambda: FlatLevels(-20, -38))
    assert texts(dropped) == [(1, misheard.text)]


def test_own_words_after_leaked_ones_stay() -> None:
    mixed = said(1, 1.2, GREETING + " yes hello roses please")
    kept, dropped = drop_bleed((said(0, 1.0, GREETING), mixed), events(), lambda: FlatLevels(-20, -38))
    assert texts(kept) == [(0, GREETING), (1, "yes hello roses please")]
    assert kept[1].start == mixed.words[len(GREETING.split())].start
    assert texts(dropped) == [(1, GREETING)]


@pytest.mark.parametrize("words", ["bye", "thank you bye", "до свидания"])
def test_a_farewell_that_both_say_at_once_stays_on_both_sides(words: str) -> None:
    heard = (said(0, 1.0, words), said(1, 1.2, words))
    kept, dropped = drop_bleed(heard, events(), lambda: FlatLevels(-20, -26))
    assert (kept, dropped) == (heard, ())


def test_a_short_word_far_below_the_other_side_leaked() -> None:
    _, dropped = drop_bleed((said(0, 1.0, "yes"), said(1, 1.1, "yes")), events(), lambda: FlatLevels(-20, -45))
    assert texts(dropped) == [(1, "yes")]


@pytest.mark.parametrize("words", ["yes", "до свидания"])
def test_a_farewell_on_a_quiet_line_stays_though_the_other_side_is_far_louder(words: str) -> None:
    sides = (Activity(0, (Span(0, 60),), -36, -70), Activity(1, (Span(0, 60),), -20, -60))
    quiet = AudioEvents(60.0, 2, ChannelRelation.DISTINCT, sides)
    heard = (said(0, 1.0, words), said(1, 1.1, words))
    assert drop_bleed(heard, quiet, lambda: FlatLevels(-37, -20)) == (heard, ())


def test_a_short_word_where_the_side_is_not_heard_to_speak_leaked() -> None:
    silent = events(right=(Span(20, 30),))
    _, dropped = drop_bleed((said(0, 1.0, "yes"), said(1, 1.1, "yes")), silent, lambda: FlatLevels(-20, -26))
    assert texts(dropped) == [(1, "yes")]


def test_the_same_words_a_second_later_are_said_again() -> None:
    heard = (said(0, 1.0, GREETING), said(1, 5.0, GREETING))
    assert drop_bleed(heard, events(), lambda: FlatLevels(-20, -38)) == (heard, ())


def test_copies_equally_loud_stay_and_leave_the_verdict_to_a_person() -> None:
    kept, dropped = drop_bleed((said(0, 1.0, GREETING), said(1, 1.2, GREETING)), events(), lambda: FlatLevels(-20, -20))
    assert dropped == ()
    assert [one.speaker_confidence for one in kept] == [0.5, 0.5]


def test_a_long_call_full_of_words_said_together_costs_no_time() -> None:
    starts = [4.0 * at for at in range(3600)]  # four hours
    speech = tuple(Span(start, start + 3.2) for start in starts)
    heard = tuple(said(channel, start, "yes") for start in starts for channel in (0, 1))
    begun = time.process_time()
    assert drop_bleed(heard, events(speech, speech), lambda: FlatLevels(-20, -26)) == (heard, ())
    assert time.process_time() - begun < 1  # seconds; four where every word looked through all speech


def test_loudness_is_not_measured_where_nothing_is_said_twice() -> None:
    def measured() -> Loudness:
        raise AssertionError("the recording was decoded again for nothing")

    heard = (said(0, 1.0, GREETING), said(1, 5.0, "hello i want roses"))
    assert drop_bleed(heard, events(), measured) == (heard, ())


def test_words_of_a_mix_are_left_alone() -> None:
    mono = Utterance(1.0, 2.0, spread_words("hello", Span(1, 2)), "speaker 0")
    assert drop_bleed((mono,), events(), lambda: FlatLevels(-20, -20)) == ((mono,), ())


@pytest.mark.parametrize("block", [800, 1000, 16_000])
def test_loudness_is_that_of_the_span_however_the_sound_is_cut(block: int) -> None:
    left = np.concatenate([np.full(8000, 0.1), np.full(8000, 0.01)]).astype(np.float32)
    samples = np.stack([left, np.zeros_like(left)])
    blocks = [Waveform(samples[:, at : at + block], 8000, at / 8000) for at in range(0, 16_000, block)]
    loudness = measure_loudness(blocks)
    assert loudness.level_db(0, Span(0.2, 0.8)) == pytest.approx(-20, abs=0.1)
    assert loudness.level_db(0, Span(1.2, 1.8)) == pytest.approx(-40, abs=0.1)
    assert loudness.level_db(1, Span(0.2, 0.8)) == pytest.approx(-120, abs=0.1)
    assert loudness.level_db(0, Span(9.0, 9.5)) == pytest.approx(-120, abs=0.1)
