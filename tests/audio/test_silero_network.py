"""The voice detector's network against the same file run by onnxruntime, and files that are something else."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import sounds
from qa_engine.audio.grid import HOP
from qa_engine.audio.onnx_weights import read_weights
from qa_engine.audio.silero_network import NUM_TAPS, SileroNetwork, build_network
from qa_engine.audio.silero_voice import LEAD, WINDOW, _around, _model_file, _network, hear_voice, voice_probabilities
from qa_engine.errors import WeightsError

CHUNK, CONTEXT, STATE = 512, 64, 128  # of the ONNX file: samples at 16 kHz, samples before them, size of the state


@pytest.fixture(scope="module")
def network() -> SileroNetwork:
    return build_network(read_weights(_model_file()))


def by_onnxruntime(samples: sounds.Samples) -> sounds.Samples:
    """Probabilities per hop, heard in one go at 16 kHz as the makers of the model do it."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.log_severity_level = 4
    session = onnxruntime.InferenceSession(str(_model_file()), options, providers=["CPUExecutionProvider"])
    fast = np.concatenate([np.zeros(CONTEXT, dtype=np.float32), at_twice_the_rate(samples)])
    chunks = np.lib.stride_tricks.sliding_window_view(fast, CONTEXT + CHUNK)[::CHUNK]
    state = np.zeros((1, 1, STATE), dtype=np.float32)
    probabilities, *_ = session.run(None, {"input": np.ascontiguousarray(chunks), "h": state, "c": state})
    return np.asarray(probabilities)


def at_twice_the_rate(samples: sounds.Samples) -> sounds.Samples:
    offsets = np.arange(NUM_TAPS) - NUM_TAPS / 2 + 0.5
    taps = np.sinc(offsets) * np.kaiser(NUM_TAPS, 6.0)
    doubled = np.empty(2 * len(samples), dtype=np.float32)
    doubled[::2] = samples
    doubled[1::2] = np.convolve(samples, taps / taps.sum())[NUM_TAPS // 2 :][: len(samples)]
    return doubled


def whole_hops(samples: sounds.Samples) -> sounds.Samples:
    return samples[: len(samples) // HOP * HOP]


@pytest.mark.parametrize(
    "samples",
    [
        sounds.voice(12, pitch=95, seed=1),
        sounds.voice(12, pitch=210, seed=2, db=-35) + sounds.noise(12, db=-55),
        sounds.music(8),
        sounds.ringback("us", 8.0),
        sounds.noise(4, db=-20),
        sounds.silence(2),
    ],
    ids=["low voice", "high voice in noise", "music", "ringback", "noise", "silence"],
)
def test_probabilities_are_those_of_onnxruntime(network: SileroNetwork, samples: sounds.Samples) -> None:
    # Before the first sample there are zeros at 8 kHz here and at 16 kHz there; in silence that is the same.
    samples = whole_hops(sounds.join(sounds.silence(4 * HOP / sounds.RATE), samples))
    gates = network.encode(_around(samples, range(len(samples) // HOP)))
    (heard,) = network.listen(gates, [range(len(gates))])
    assert np.abs(heard - by_onnxruntime(samples)).max() < 0.005


def test_windows_heard_side_by_side_are_heard_as_one_by_one(network: SileroNetwork) -> None:
    samples = whole_hops(sounds.voice(10, pitch=120))
    gates = network.encode(_around(samples, range(len(samples) // HOP)))
    windows = [range(0, 40), range(100, 290), range(30, 31), range(200, 260)]
    together = network.listen(gates, windows)
    assert [len(track) for track in together] == [40, 190, 1, 60]
    for window, track in zip(windows, together, strict=True):
        (alone,) = network.listen(gates, [window])
        assert np.abs(track - alone).max() < 1e-4


def test_a_channel_is_heard_the_same_beside_another_one() -> None:
    one, other = (whole_hops(sounds.voice(8, pitch=pitch, seed=3)) for pitch in (95, 180))
    level = np.zeros((2, len(one) // HOP), dtype=np.float32)
    both = hear_voice(np.stack([one, other]), level)
    for track, alone in zip(both, (one, other), strict=True):
        assert np.abs(track - hear_voice(alone[None], level[:1])[0]).max() < 1e-3


def test_every_hop_is_heard_in_two_windows_however_long_the_stretch() -> None:
    for num_hops in (1, WINDOW // 2, WINDOW, WINDOW + 1, 3 * WINDOW + LEAD):
        samples = whole_hops(sounds.voice(num_hops * HOP / sounds.RATE + 0.1, pitch=95))[: num_hops * HOP]
        assert voice_probabilities(samples).shape == (num_hops,)
        assert voice_probabilities(samples).min() > 0


def test_another_kind_of_file_is_told_as_such(tmp_path: Path) -> None:
    file = tmp_path / "silero.onnx"
    file.write_text("version https://git-lfs.github.com/spec/v1\n")
    with pytest.raises(WeightsError, match=r"silero\.onnx: not an ONNX file .*install"):
        read_weights(file)


def test_a_file_that_breaks_off_is_told_as_such(tmp_path: Path) -> None:
    file = tmp_path / "half.onnx"
    file.write_bytes(_model_file().read_bytes()[:50_000])
    with pytest.raises(WeightsError, match=r"half\.onnx: not an ONNX file \(it breaks off\)"):
        read_weights(file)


def test_weights_of_another_model_name_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("qa_engine.audio.silero_voice.read_weights", lambda _: {})
    _network.cache_clear()
    try:
        with pytest.raises(WeightsError, match=r"forward_basis_buffer.*faster-whisper"):
            voice_probabilities(sounds.noise(1.0))
    finally:
        _network.cache_clear()
