"""The network of Silero VAD v6 (MIT) on samples of 8 kHz, as large matrix products over many hops at once.

The ONNX file wants 16 kHz, one window after the other, and spends three quarters of its time in convolutions over four
frames. Here the same weights give the same probabilities (a test holds the two together) at a third of the cost: the
filter that doubles the rate is folded into the transform, and the recurrent layer hears many windows side by side.

    hop of 256 samples -> 4 frames of a 256-point transform at 16 kHz -> magnitudes -> 4 convolutions -> 1 vector
    vectors of a window -> LSTM with 128 cells -> probability per hop
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from qa_engine.audio.grid import HOP

__all__ = ["REACH_AFTER", "REACH_BEFORE", "SileroNetwork", "build_network"]

Array = NDArray[np.float32]

CELLS = 128  # of the recurrent layer
NUM_TAPS = 32  # of the half-sample filter that doubles the rate
CONTEXT = 64  # samples at 16 kHz before the hop that the model hears with it
FRAME, FRAME_HOP, NUM_FRAMES = 256, 128, 4  # of the transform, samples at 16 kHz
REFLECTED = 64  # samples at 16 kHz behind the hop that the model makes up by reflection
REACH_BEFORE = CONTEXT // 2 + NUM_TAPS // 2 - 1  # samples at 8 kHz that a hop needs before its own
REACH_AFTER = NUM_TAPS // 2
HALF = np.float32(0.5)
BATCH = 256  # hops encoded at once: what they need stays in the processor's cache


@dataclass(frozen=True, slots=True, eq=False)
class SileroNetwork:
    """The weights, in the shapes that the products want."""

    bases: tuple[Array, ...]  # per frame, shape (sample, 2 * bin): real parts, then imaginary ones
    convolutions: tuple[_Convolution, ...]
    into_gates: Array  # shape (feature, 4 * cell): input, output, forget gate, candidate
    between: Array  # shape (cell, 4 * cell)
    gate_bias: Array
    out: Array  # shape (cell,)
    out_bias: float

    def encode(self, samples: Array) -> Array:
        """What the recurrent layer gets, shape ``(hop, 4 * cell)``, from `samples` of shape ``(time,)`` at 8 kHz.

        The samples are whole hops with `REACH_BEFORE` samples in front and `REACH_AFTER` behind them.
        """
        rows = np.lib.stride_tricks.sliding_window_view(samples, REACH_BEFORE + HOP + REACH_AFTER)[::HOP]
        parts = [self._encode(rows[first : first + BATCH]) for first in range(0, len(rows), BATCH)]
        return np.concatenate(parts)

    def listen(self, gates: Array, windows: Sequence[range]) -> list[Array]:
        """Probability of speech per hop of each of the `windows` over `gates`; each is heard with a fresh state."""
        order = sorted(range(len(windows)), key=lambda index: -len(windows[index]))
        starts = np.array([windows[index].start for index in order])
        lengths = np.array([len(windows[index]) for index in order])
        hidden = np.zeros((len(windows), int(lengths.max(initial=0)), CELLS), dtype=np.float32)
        state, cell = np.zeros((2, len(windows), CELLS), dtype=np.float32)
        for step in range(hidden.shape[1]):
            active = int(np.searchsorted(-lengths, -step, side="left"))  # the windows that are longer than this
            state, cell = self._step(gates[starts[:active] + step], state[:active], cell[:active])
            hidden[:active, step] = state
        speech = _sigmoid(np.maximum(hidden, 0) @ self.out + self.out_bias)
        heard = {index: speech[row, : lengths[row]] for row, index in enumerate(order)}
        return [heard[index] for index in range(len(windows))]

    def _encode(self, rows: Array) -> Array:
        frames = [
            _magnitudes(rows[:, index * FRAME_HOP // 2 :][:, : len(basis)] @ basis)
            for index, basis in enumerate(self.bases)
        ]
        for convolution in self.convolutions:
            frames = convolution.run(frames)
        return np.asarray(frames[0] @ self.into_gates + self.gate_bias, dtype=np.float32)

    def _step(self, gates: Array, state: Array, cell: Array) -> tuple[Array, Array]:
        """State and cell after one more hop; the weights of the three gates are halved, since they are sigmoids."""
        squashed: Array = np.tanh(gates + state @ self.between)
        opened: Array = squashed[:, : 3 * CELLS] * HALF + HALF
        let_in, let_out, keep = opened[:, :CELLS], opened[:, CELLS : 2 * CELLS], opened[:, 2 * CELLS :]
        cell = keep * cell + let_in * squashed[:, 3 * CELLS :]
        return let_out * np.tanh(cell), cell


@dataclass(frozen=True, slots=True, eq=False)
class _Convolution:
    """A convolution over frames, three taps, one frame of zeros at either end, and what is below zero cut off."""

    taps: Array  # shape (3, feature in, feature out)
    bias: Array
    stride: int

    def run(self, frames: Sequence[Array]) -> list[Array]:
        return [self._at(frames, index) for index in range(0, len(frames), self.stride)]

    def _at(self, frames: Sequence[Array], index: int) -> Array:
        total = self.bias
        for offset, tap in zip((-1, 0, 1), self.taps, strict=True):
            if 0 <= index + offset < len(frames):
                total = total + frames[index + offset] @ tap
        return np.maximum(total, 0)


def build_network(weights: Mapping[str, Array]) -> SileroNetwork:
    """The network from the tensors of the ONNX file; raises KeyError or ValueError where they are of another model."""
    basis = weights["encoder.feature_extractor.forward_basis_buffer"].reshape(-1, FRAME).astype(np.float64)
    halves = np.repeat((0.5, 1.0), (3 * CELLS, CELLS)).astype(np.float32)
    biases = weights["onnx::LSTM_211"].reshape(2, 4 * CELLS)
    return SileroNetwork(
        bases=tuple((basis @ _frame_of(index)).T.astype(np.float32) for index in range(NUM_FRAMES)),
        convolutions=tuple(_convolution(weights, index, stride) for index, stride in enumerate((1, 2, 2, 1))),
        into_gates=_gate_order(weights["onnx::LSTM_209"]) * halves,
        between=_gate_order(weights["onnx::LSTM_210"]) * halves,
        gate_bias=biases.sum(axis=0) * halves,
        out=weights["decoder.conv1d.weight"].reshape(CELLS),
        out_bias=float(weights["decoder.conv1d.bias"].reshape(())),
    )


def _convolution(weights: Mapping[str, Array], index: int, stride: int) -> _Convolution:
    name = f"encoder.conv_layers.{index}"
    taps = np.ascontiguousarray(weights[f"{name}.weight"].transpose(2, 1, 0))
    return _Convolution(taps, weights[f"{name}.bias"], stride)


def _gate_order(weight: Array) -> Array:
    return np.ascontiguousarray(weight.reshape(4 * CELLS, CELLS).T)


def _frame_of(index: int) -> NDArray[np.float64]:
    """Matrix from samples at 8 kHz (from where the frame begins) to frame `index` at 16 kHz, reflection done."""
    first, end = index * FRAME_HOP, CONTEXT + 2 * HOP
    places = np.arange(first, first + FRAME)
    places = np.where(places < end, places, 2 * (end - 1) - places) - first
    assert places.max() < FRAME and places.min() >= 0
    size = min(first + FRAME, end) - first
    return _doubling(size)[places]


def _doubling(size: int) -> NDArray[np.float64]:
    """Matrix that gives `size` samples at twice the rate; those in between come from a windowed sinc."""
    offsets = np.arange(NUM_TAPS) - NUM_TAPS / 2 + 0.5
    taps = np.sinc(offsets) * np.kaiser(NUM_TAPS, 6.0)
    matrix = np.zeros((size, size // 2 + NUM_TAPS - 1))
    for row in range(size):
        if row % 2 == 0:
            matrix[row, row // 2 + NUM_TAPS // 2 - 1] = 1.0
        else:
            matrix[row, row // 2 : row // 2 + NUM_TAPS] = taps / taps.sum()
    return matrix


def _magnitudes(spectrum: Array) -> Array:
    real, imaginary = np.split(spectrum, 2, axis=1)
    return np.asarray(np.sqrt(real * real + imaginary * imaginary))


def _sigmoid(values: Array) -> Array:
    return np.asarray(np.tanh(values * HALF) * HALF + HALF)


assert NUM_FRAMES * FRAME_HOP + FRAME - FRAME_HOP == CONTEXT + 2 * HOP + REFLECTED
