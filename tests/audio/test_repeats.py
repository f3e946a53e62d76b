"""What a phone system plays in several calls is found in each of them; what people say is not."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from qa_engine.audio.landmarks import Landmarks, find_landmarks
from qa_engine.audio.repeats import find_repeats
from qa_engine.domain.spans import Span
from sounds import Samples, blocks, join, mu_law, music, noise, silence, telephone_band, voice


def over_a_line(samples: Samples, *, gain: float = 1.0, seed: int = 0) -> Samples:
    """As it comes out of a telephone line: band-limited, G.711, 25 to 30 dB above noise."""
    return mu_law(telephone_band(samples * gain)) + noise(len(samples) / 8000, db=-48, seed=seed)[: len(samples)]


def landmarks(samples: Samples) -> Landmarks:
    return find_landmarks(blocks(samples)())


@cache
def talk(seed: int, seconds: float = 15.0) -> Samples:
    return voice(seconds, pitch=90 + 17 * (seed % 9), seed=seed)


@cache
def tune() -> Samples:
    return music(20, seed=7)


def day_with(played: Samples, *, before: tuple[float, ...] = (15.0, 12.37, 9.11)) -> list[Landmarks]:
    """Three calls that hold the same sound at other places, levels and noises, and one without."""
    calls = [
        over_a_line(join(talk(i, seconds), played, talk(20 + i)), gain=0.4 + 0.2 * i, seed=i)
        for i, seconds in enumerate(before)
    ]
    return [landmarks(call) for call in (*calls, over_a_line(talk(40, 30.0)))]


def test_a_tune_of_three_calls_is_found_in_each_of_them():
    found = find_repeats(day_with(tune()))
    for spans, start in zip(found, (15.0, 12.37, 9.11), strict=False):
        assert len(spans) == 1
        assert spans[0].start == pytest.approx(start, abs=1.0)
        assert spans[0].end == pytest.approx(start + 20, abs=1.0)


def test_a_call_without_the_tune_shares_nothing():
    assert find_repeats(day_with(tune()))[3] == ()


def test_an_announcement_is_found_like_a_tune():
    found = find_repeats(day_with(talk(60, 8.0)))
    assert [len(spans) for spans in found] == [1, 1, 1, 0]


def test_what_only_two_calls_share_is_not_learned():
    assert not any(find_repeats(day_with(tune())[1:]))


def test_different_people_share_nothing():
    calls = [landmarks(over_a_line(talk(70 + i, 40.0), seed=i)) for i in range(6)]
    assert not any(find_repeats(calls))


def test_the_same_room_noise_and_silence_are_no_tune():
    calls = [landmarks(join(silence(10), noise(20, db=-50, seed=i), talk(80 + i))) for i in range(4)]
    assert not any(find_repeats(calls))


def test_a_short_phrase_of_three_calls_is_not_learned():
    assert not any(find_repeats(day_with(talk(61, 4.0))))


def test_no_calls_and_empty_calls_share_nothing():
    empty = landmarks(silence(1))
    assert find_repeats([]) == ()
    assert find_repeats([empty, empty, empty]) == ((), (), ())


def test_what_one_group_of_calls_learned_is_found_in_the_next(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("qa_engine.audio.repeats.GROUP", 4)
    late = landmarks(over_a_line(join(talk(90), tune()), seed=9))
    found = find_repeats([*day_with(tune()), late])
    assert len(found[4]) == 1
    assert found[4][0].start == pytest.approx(15.0, abs=1.0)


def test_blocks_of_any_length_give_the_same_landmarks():
    samples = join(talk(1), tune())
    whole = landmarks(samples)
    pieces = find_landmarks(blocks(samples, block_seconds=3.0)())
    assert np.array_equal(whole.values, pieces.values)
    assert np.array_equal(whole.frames, pieces.frames)


def test_kept_landmarks_read_back_equal_and_damaged_ones_are_none():
    made = landmarks(talk(1))
    read = Landmarks.from_bytes(made.to_bytes())
    assert np.array_equal(made.values, read.values)
    assert np.array_equal(made.frames, read.frames)
    assert not len(Landmarks.from_bytes(b"").values)
    assert not len(Landmarks.from_bytes(b"damaged").values)


def test_another_rate_is_refused():
    from qa_engine.domain.waveform import Waveform

    with pytest.raises(ValueError, match="8000 Hz"):
        find_landmarks([Waveform(np.zeros((1, 1600), np.float32), 16000)])


def test_a_span_begins_inside_the_recording():
    starts = [span.start for spans in find_repeats(day_with(tune(), before=(0.2, 0.2, 0.2))) for span in spans]
    assert starts
    assert min(starts) >= 0.0
    assert all(isinstance(span, Span) for spans in find_repeats(day_with(tune())) for span in spans)
