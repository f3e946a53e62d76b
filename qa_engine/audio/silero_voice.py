"""Adapter of Silero VAD (MIT), the ONNX file inside the faster-whisper wheel, run with onnxruntime alone.

The model hears 16 kHz in chunks of 512 samples with the 64 samples before them as context, and carries a recurrent
state; that state is what music, tones and long noise spoil (TELEPHONY 4.2), so every call of `voice_probabilities`
begins with a fresh one, and a long stretch is heard in windows that each begin with a fresh one.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qa_engine.audio.grid import HOP, SAMPLE_RATE
from qa_engine.errors import WeightsError

__all__ = ["hear_voice", "voice_probabilities"]

MODEL_FILE = "silero_vad_v6.onnx"  # in faster-whisper 1.2 and later
CHUNK = 2 * HOP  # 512 samples at 16 kHz
CONTEXT = 64  # samples of the previous chunk that the model wants in front, fixed by its input shape
STATE = 128  # size of its recurrent state
# The state is thrown away this often; LEAD chunks are heard before the window to warm it up.
WINDOW = 125  # chunks, 4 s: so long, at most, is it deaf after music that nobody knew of
LEAD = 16  # chunks, 0.5 s
AUDIBLE_DB = -62.0  # hops below are not asked about: no recorder keeps speech so low
AROUND = 12  # hops, 0.4 s, around what is audible are heard too
NUM_TAPS = 32  # of the half-sample filter that doubles the rate


def voice_probabilities(samples: NDArray[np.float32]) -> NDArray[np.float32]:
    """Probability of speech per hop of 32 ms for 8 kHz samples of shape ``(time,)``; the last hop may be partial.

    Raises WeightsError where the model file or onnxruntime is missing.
    """
    if not samples.size:
        return np.zeros(0, dtype=np.float32)
    chunks = _chunks(samples)
    first = range(0, len(chunks), WINDOW)
    return np.concatenate([_hear(chunks[max(0, i - LEAD) : i + WINDOW])[min(i, LEAD) :] for i in first])


def hear_voice(samples: NDArray[np.float32], level_db: NDArray[np.float32]) -> NDArray[np.float32]:
    """`voice_probabilities` of what is loud enough for speech, 0 elsewhere; `level_db` is the level of each hop."""
    from scipy.ndimage import maximum_filter1d

    audible = maximum_filter1d((level_db > AUDIBLE_DB).astype(np.int8), 2 * AROUND + 1)
    edges = np.flatnonzero(np.diff(np.concatenate([[0], audible, [0]])))
    track = np.zeros(len(level_db), dtype=np.float32)
    for first, last in zip(edges[::2], edges[1::2], strict=True):
        track[first:last] = voice_probabilities(samples[first * HOP : last * HOP])
    return track


def _hear(chunks: NDArray[np.float32]) -> NDArray[np.float32]:
    state = np.zeros((1, 1, STATE), dtype=np.float32)
    probabilities, _, _ = _session().run(None, {"input": chunks, "h": state, "c": state})
    return np.asarray(probabilities, dtype=np.float32)


def _chunks(samples: NDArray[np.float32]) -> NDArray[np.float32]:
    """Rows of context and chunk at 16 kHz, shape ``(chunk, CONTEXT + CHUNK)``."""
    padded = np.pad(samples, (0, -len(samples) % HOP))
    fast = np.concatenate([np.zeros(CONTEXT, dtype=np.float32), _double_rate(padded)])
    rows = np.lib.stride_tricks.sliding_window_view(fast, CONTEXT + CHUNK)[::CHUNK]
    return np.ascontiguousarray(rows)


def _double_rate(samples: NDArray[np.float32]) -> NDArray[np.float32]:
    """Twice the rate by band-limited interpolation; the samples in between come from a windowed sinc."""
    doubled = np.empty(2 * len(samples), dtype=np.float32)
    doubled[::2] = samples
    between = np.convolve(samples, _half_sample_filter())[NUM_TAPS // 2 :]
    doubled[1::2] = between[: len(samples)]
    return doubled


@cache
def _half_sample_filter() -> NDArray[np.float32]:
    offsets = np.arange(NUM_TAPS) - NUM_TAPS / 2 + 0.5
    taps = np.sinc(offsets) * np.kaiser(NUM_TAPS, 6.0)
    return np.asarray(taps / taps.sum(), dtype=np.float32)


@cache
def _session() -> Any:
    try:
        import onnxruntime
    except ImportError as error:
        raise WeightsError("onnxruntime is missing; install it: pip install onnxruntime") from error
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1  # jobs run side by side, one core each
    options.enable_cpu_mem_arena = False
    options.log_severity_level = 4
    return onnxruntime.InferenceSession(str(_model_file()), options, providers=["CPUExecutionProvider"])


def _model_file() -> Path:
    from importlib.util import find_spec  # finds the package without importing it (and CTranslate2 with it)

    spec = find_spec("faster_whisper")
    folders = list(spec.submodule_search_locations or []) if spec else []
    for folder in folders:
        file = Path(folder) / "assets" / MODEL_FILE
        if file.is_file():
            return file
    raise WeightsError(
        f"{MODEL_FILE} is missing; install the package that carries it: pip install 'faster-whisper>=1.2'"
    )


assert SAMPLE_RATE == 8000, "the rate is doubled to the 16 kHz of the model"
