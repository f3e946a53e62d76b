"""Silero VAD (MIT) as the analysis asks it: which hops of 32 ms hold speech. The faster-whisper wheel carries its file.

The model carries a recurrent state from hop to hop; that state is what music, tones and long noise spoil
(TELEPHONY 4.2), so every stretch that is asked about begins with a fresh one, and a long stretch is heard in windows
that each begin with a fresh one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from qa_engine.audio.grid import HOP, SAMPLE_RATE
from qa_engine.audio.one_core import one_core
from qa_engine.audio.onnx_weights import read_weights
from qa_engine.audio.silero_network import REACH_AFTER, REACH_BEFORE, SileroNetwork, build_network
from qa_engine.errors import WeightsError

__all__ = ["hear_voice", "voice_probabilities"]

MODEL_FILE = "silero_vad_v6.onnx"  # in faster-whisper 1.2 and later
# The state is thrown away every WINDOW; LEAD hops are heard before the window to warm it up. All is heard twice, the
# windows of the second hearing half a window later, and the surer of the two counts: so what one misses at the edge of
# a window the other hears. Behind music that nobody knew of (240 trials: 6 pieces, 5 voices, 8 places) the first 5 s of
# speech lose 2.5 points of recall, 9 at worst; heard once in windows of 4 s they lost 4 and 26, in one go 44 and 69.
WINDOW = 94  # hops, 3 s
LEAD = 24  # hops, 0.77 s
AUDIBLE_DB = -62.0  # hops below are not asked about: no recorder keeps speech so low
AROUND = 12  # hops, 0.4 s, around what is audible are heard too


def voice_probabilities(samples: NDArray[np.float32]) -> NDArray[np.float32]:
    """Probability of speech per hop of 32 ms for 8 kHz samples of shape ``(time,)``; the last hop may be partial.

    Raises WeightsError where the model file is missing.
    """
    num_hops = -(-len(samples) // HOP)
    track: NDArray[np.float32] = np.zeros(num_hops, dtype=np.float32)
    _hear(samples[None], [(0, range(num_hops))], track[None])
    return track


def hear_voice(samples: NDArray[np.float32], level_db: NDArray[np.float32]) -> NDArray[np.float32]:
    """`voice_probabilities` of what is loud enough for speech, 0 elsewhere, shape ``(channel, hop)``.

    `samples` have the shape ``(channel, time)``; `level_db` is the level of each hop.
    """
    track = np.zeros_like(level_db)
    _hear(samples, [(channel, run) for channel, level in enumerate(level_db) for run in _audible(level)], track)
    return track


def _audible(level_db: NDArray[np.float32]) -> Iterator[range]:
    """The runs of hops worth asking about."""
    from scipy.ndimage import maximum_filter1d

    audible = maximum_filter1d((level_db > AUDIBLE_DB).astype(np.int8), 2 * AROUND + 1)
    edges = np.flatnonzero(np.diff(np.concatenate([[0], audible, [0]])))
    return (range(first, last) for first, last in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True))


@one_core()
def _hear(samples: NDArray[np.float32], runs: Sequence[tuple[int, range]], track: NDArray[np.float32]) -> None:
    """Writes the probabilities of the runs (channel, hops) into `track`, shape ``(channel, hop)``, which is 0 there."""
    runs = [(channel, run) for channel, run in runs if run]
    if not runs:
        return
    network = _network()
    gates = np.concatenate([network.encode(_around(samples[channel], run)) for channel, run in runs])
    windows, targets = [], []
    at = 0  # where the run begins in `gates`
    for channel, run in runs:
        for first, last in _windows(len(run)):
            windows.append(range(at + max(0, first - LEAD), at + last))
            targets.append(track[channel, run.start + first : run.start + last])
        at += len(run)
    for target, heard in zip(targets, network.listen(gates, windows), strict=True):
        np.maximum(target, heard[len(heard) - len(target) :], out=target)


def _windows(num_hops: int) -> Iterator[tuple[int, int]]:
    """First hop and end of every window of both hearings of a run; the second begins with half a window."""
    for second in (WINDOW, WINDOW // 2):
        edges = [0, *range(second, num_hops, WINDOW), num_hops]
        yield from pairwise(edges)


def _around(samples: NDArray[np.float32], run: range) -> NDArray[np.float32]:
    """The samples of a run of hops between the zeros that the network wants at either end."""
    own = samples[run.start * HOP : run.stop * HOP]
    return np.pad(own, (REACH_BEFORE, len(run) * HOP - len(own) + REACH_AFTER))


@cache
def _network() -> SileroNetwork:
    file = _model_file()
    try:
        return build_network(read_weights(file))
    except (KeyError, ValueError) as error:
        raise WeightsError(
            f"{file}: not the model expected ({error}); install the package that carries it: "
            "pip install 'faster-whisper==1.2.1'"
        ) from error


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
