from dataclasses import dataclass, field

import numpy as np
import pytest

from qa_engine.domain.spans import Span
from qa_engine.domain.waveform import Waveform
from qa_engine.speech.whisper_clips import SAMPLE_RATE, WINDOW, batches, heard_clips, lay_out

RATE = 8000
FRAMES_PER_SECOND = 100


@dataclass
class Piece:
    """A word as faster-whisper gives it."""

    word: str
    start: float
    end: float
    probability: float = 0.9


@dataclass
class Segment:
    """A segment as faster-whisper gives it; `seek` in frames of 10 ms."""

    seek: int
    text: str = ""
    words: list[Piece] | None = field(default_factory=list)
    no_speech_prob: float = 0.01
    avg_logprob: float = -0.5


def tone(seconds, *, start=0.0, level=0.1):
    samples = level * np.sin(2 * np.pi * 440 * np.arange(round(seconds * RATE)) / RATE)
    return Waveform(samples[None].astype(np.float32), RATE, start)


def test_batches_keep_the_order_and_the_size():
    spans = [Span(at * 10.0, at * 10.0 + 5.0) for at in range(5)]
    assert [len(batch) for batch in batches(spans, 2)] == [2, 2, 1]
    assert [span for batch in batches(spans, 2) for span in batch] == spans


def test_no_batch_holds_more_sound_than_the_window():
    spans = [Span(at * 30.0, at * 30.0 + 28.0) for at in range(100)]
    sheets = [sum(span.duration + 4.0 for span in batch) for batch in batches(spans, 64)]
    assert max(sheets) <= WINDOW
    assert len(sheets) == 6


def test_clips_lie_at_whole_seconds_and_nothing_else_is_on_the_sheet():
    sheet = lay_out(tone(20.0, start=100.0), [Span(101.0, 103.5), Span(110.0, 111.0)])
    assert [slot.start for slot in sheet.slots] == [3, 9]
    inside = np.zeros(sheet.samples.size, bool)
    for slot in sheet.slots:
        assert np.abs(sheet.sound(slot)).max() == pytest.approx(0.1, rel=0.1)
        inside[slot.start * SAMPLE_RATE : slot.start * SAMPLE_RATE + slot.num_samples] = True
    assert not sheet.samples[~inside].any()


def test_the_decoder_is_told_the_clips_to_the_sample():
    sheet = lay_out(tone(20.0), [Span(1.0, 3.337), Span(7.77, 9.0)])
    cut = [{name: int(second * SAMPLE_RATE) for name, second in one.items()} for one in sheet.clip_timestamps]
    assert [one["end"] - one["start"] for one in cut] == [slot.num_samples for slot in sheet.slots]
    assert [one["start"] for one in cut] == [slot.start * SAMPLE_RATE for slot in sheet.slots]


def test_a_clip_without_sound_is_not_on_the_sheet():
    assert [slot.clip for slot in lay_out(tone(5.0), [Span(1.0, 2.0), Span(7.0, 8.0)]).slots] == [Span(1.0, 2.0)]


def test_words_get_their_time_in_the_recording_and_never_pass_the_clips_end():
    sheet = lay_out(tone(20.0, start=100.0), [Span(101.0, 103.0), Span(110.0, 111.0)])
    segments = [
        Segment(300, words=[Piece(" Добрый", 3.2, 3.6), Piece(" день", 3.6, 5.9)]),
        Segment(800, words=[Piece(" да", 8.1, 8.5)]),
    ]
    first, second = heard_clips(segments, sheet, FRAMES_PER_SECOND)
    assert [(word.text, word.start, word.end) for word in first.words] == [
        ("Добрый", 101.2, 101.6),
        ("день", 101.6, 103.0),
    ]
    assert [(word.text, word.start, word.end) for word in second.words] == [("да", 110.1, 110.5)]


def test_a_clip_that_nothing_was_written_for_comes_back_empty():
    sheet = lay_out(tone(5.0), [Span(1.0, 2.0)])
    (heard,) = heard_clips([], sheet, FRAMES_PER_SECOND)
    assert (heard.words, heard.evidence.no_speech) == ((), None)


def test_words_without_times_are_spread_over_the_voice_and_marked():
    samples = np.concatenate([tone(1.0).samples, np.zeros((1, RATE), np.float32), tone(1.0).samples], axis=1)
    sheet = lay_out(Waveform(samples, RATE, 50.0), [Span(50.0, 53.0)])
    (heard,) = heard_clips([Segment(300, " abcd efgh", None)], sheet, FRAMES_PER_SECOND)
    first, second = heard.words
    assert first.interpolated
    assert second.interpolated
    assert (first.start, first.end) == pytest.approx((50.0, 51.0), abs=0.1)
    assert (second.start, second.end) == pytest.approx((52.0, 53.0), abs=0.1)
    assert first.probability == pytest.approx(0.6065, abs=0.001)  # e ** -0.5


def test_the_level_of_a_clip_is_that_of_its_loud_parts():
    samples = np.concatenate([tone(1.0, level=1.0).samples, np.zeros((1, 3 * RATE), np.float32)], axis=1)
    sheet = lay_out(Waveform(samples, RATE), [Span(0.0, 4.0), Span(2.0, 3.0)])
    loud, silent = heard_clips([], sheet, FRAMES_PER_SECOND)
    assert loud.evidence.level_db == pytest.approx(-3.0, abs=0.3)  # a sine of full scale
    assert silent.evidence.level_db < -100.0


def test_a_word_with_a_hyphen_is_one_word():
    sheet = lay_out(tone(20.0), [Span(1.0, 4.0)])
    pieces = [
        Piece(" чем", 3.1, 3.4),
        Piece("-нибудь", 3.4, 4.0, 0.7),
        Piece(" помочь", 4.1, 4.6),
        Piece(" -", 4.6, 4.7),
    ]
    (heard,) = heard_clips([Segment(300, words=pieces)], sheet, FRAMES_PER_SECOND)
    assert [(word.text, word.probability) for word in heard.words] == [("чем-нибудь", 0.7), ("помочь", 0.9), ("-", 0.9)]
    assert (heard.words[0].start, heard.words[0].end) == pytest.approx((1.1, 2.0), abs=0.01)
