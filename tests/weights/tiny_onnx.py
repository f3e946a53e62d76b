"""Speech models of a few weights, with the inputs, outputs and files of the real ones: each hears tones as letters.

A tone of `TONES[token]` Hz is that token, anything else is nothing, so that words and their times have known answers.
The ONNX files are written here field by field (protobuf, onnx.proto3): no library is needed to make them.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

TONES = (600.0, 1100.0, 1700.0, 2500.0)  # Hz; one per token, in the order of the vocabularies
LETTERS = ("▁", "а", "б", "в", "<blk>")  # as GigaAM writes them
PIECES = ("▁а", "б", "▁в", "▁word", "<blk>")  # as NeMo's subwords
GIGAAM = {"model_type": "gigaam", "version": "v3", "features_size": 64, "subsampling_factor": 4}
BLOCK, FRAME, LATE = 2400, 240, 2640  # samples of T-one at 8 kHz: a block, a frame, its delay of 0.33 s
TYPES = {np.dtype(np.float32): 1, np.dtype(np.int32): 6, np.dtype(np.int64): 7, np.dtype(np.float16): 10}
Values = Mapping[str, tuple[Any, Sequence[int | str]]]  # name -> numpy type, shape
Arrays = Mapping[str, np.ndarray]


def melody(notes: Iterable[tuple[int, float, float]], *, seconds: float, rate: int) -> np.ndarray:
    """Sound of shape ``(1, time)``: (token, start, end) as tones, 20 ms from nothing to full, over a little noise."""
    sound = np.random.default_rng(0).normal(0, 1e-3, round(seconds * rate))
    for token, start, end in notes:
        at = np.arange(round(start * rate), round(end * rate))
        loudness = 0.3 * np.clip(np.minimum(at / rate - start, end - at / rate) / 0.02, 0.0, 1.0)
        sound[at] += loudness * np.sin(2 * np.pi * TONES[token] * at / rate)
    return sound[None, :].astype(np.float32)


def save_gigaam_ctc(folder: Path, *, quantization: str = "") -> Path:
    """GigaAM v3 CTC: v3_ctc.onnx (or v3_ctc.int8.onnx), v3_vocab.txt, config.json."""
    _save_texts(folder, GIGAAM, {"v3_vocab.txt": LETTERS})
    nodes = [*_hear_letters("features"), _node("LogSoftmax", ["scores"], ["log_probs"], axis=-1)]
    inputs = {"features": (np.float32, ("batch", 64, "time")), "feature_lengths": (np.int64, ("batch",))}
    outputs = {"log_probs": (np.float32, ("batch", "frame", 5))}
    _save(folder / f"v3_ctc{quantization}.onnx", nodes, (inputs, outputs), _gigaam_bands())
    return folder


def save_gigaam_rnnt(folder: Path) -> Path:
    """GigaAM v3 RNN-T: encoder, decoder, joint, v3_vocab.txt, config.json."""
    _save_texts(folder, GIGAAM, {"v3_vocab.txt": LETTERS})
    inputs = {"audio_signal": (np.float32, ("batch", 64, "time")), "length": (np.int64, ("batch",))}
    outputs = {"encoded": (np.float32, ("batch", 5, "frame")), "encoded_len": (np.int32, ("batch",))}
    nodes = _encoder("encoded", "encoded_len", np.int32)
    _save(folder / "v3_rnnt_encoder.onnx", nodes, (inputs, outputs), _gigaam_bands())
    state = (np.float32, (1, 1, 320))
    nodes = [_node("Gather", ["never_twice", "x"], ["dec"], axis=0)]
    nodes += [_node("Identity", [name + ".1"], [name]) for name in ("h", "c")]
    inputs = {"x": (np.int64, (1, 1)), "h.1": state, "c.1": state}
    outputs = {"dec": (np.float32, (1, 1, 5)), "h": state, "c": state}
    _save(folder / "v3_rnnt_decoder.onnx", nodes, (inputs, outputs), _never_twice())
    column = (np.float32, (1, 5, 1))
    joint = [_node("Add", ["enc", "dec"], ["joint"])]
    _save(folder / "v3_rnnt_joint.onnx", joint, ({"enc": column, "dec": column}, {"joint": column}), {})
    return folder


def save_nemo_ctc(folder: Path) -> Path:
    """NeMo FastConformer CTC: model.onnx, vocab.txt, config.json."""
    _save_texts(folder, {"model_type": "nemo-conformer-ctc", "features_size": 80}, {"vocab.txt": PIECES})
    nodes = [*_hear_letters("audio_signal"), _node("LogSoftmax", ["scores"], ["logprobs"], axis=-1)]
    inputs = {"audio_signal": (np.float32, ("batch", 80, "time")), "length": (np.int64, ("batch",))}
    outputs = {"logprobs": (np.float32, ("batch", "frame", 5))}
    _save(folder / "model.onnx", nodes, (inputs, outputs), _nemo_bands(80))
    return folder


def save_parakeet(folder: Path) -> Path:
    """Parakeet TDT: encoder-model.onnx, decoder_joint-model.onnx, vocab.txt, config.json (128 mel bands)."""
    _save_texts(folder, {"model_type": "nemo-conformer-tdt", "features_size": 128}, {"vocab.txt": PIECES})
    inputs = {"audio_signal": (np.float32, ("batch", 128, "time")), "length": (np.int64, ("batch",))}
    outputs = {"outputs": (np.float32, ("batch", 5, "frame")), "encoded_lengths": (np.int64, ("batch",))}
    nodes = _encoder("outputs", "encoded_lengths", np.int64)
    _save(folder / "encoder-model.onnx", nodes, (inputs, outputs), _nemo_bands(128))
    nodes = [
        _node("Gather", ["never_twice", "targets"], ["previous"], axis=0),
        _node("Transpose", ["encoder_outputs"], ["now"], perm=[0, 2, 1]),
        _node("Add", ["now", "previous"], ["scores"]),
        _node("Concat", ["scores", "durations"], ["outputs"], axis=2),
        *(_node("Identity", [f"input_states_{at}"], [f"output_states_{at}"]) for at in (1, 2)),
    ]
    state = (np.float32, (2, 1, 8))
    inputs = {"encoder_outputs": (np.float32, (1, 5, 1)), "targets": (np.int32, (1, 1))}
    inputs |= {"target_length": (np.int32, (1,)), "input_states_1": state, "input_states_2": state}
    outputs = {"outputs": (np.float32, (1, 1, 10)), "output_states_1": state, "output_states_2": state}
    weights = _never_twice() | {"durations": np.array([[[0, 9, 0, 0, 0]]], np.float32)}  # always one frame on
    _save(folder / "decoder_joint-model.onnx", nodes, (inputs, outputs), weights)
    return folder


def save_t_one(folder: Path) -> Path:
    """T-one: model.onnx, config.json; blocks of 0.3 s at 8 kHz with a state, letters 0.33 s late as the real one."""
    letters = [token.replace("▁", " ") for token in LETTERS[:-1]]
    config = {"decoder_params": {"vocabulary": letters}, "pad_token_id": 4}
    _save_texts(folder, config | {"encoder_params": {"reduction_kernel_size": 3}}, {})
    nodes = [
        _node("Cast", ["signal"], ["samples"], to=1),
        _node("Mul", ["samples", "unit"], ["quiet"]),
        _node("Reshape", ["quiet", "flat"], ["block"]),
        _node("Cast", ["state"], ["before"], to=1),
        _node("Concat", ["before", "block"], ["heard"], axis=1),
        _node("Slice", ["heard", "first", "last", "axis"], ["now"]),
        _node("Slice", ["heard", "last", "end", "axis"], ["after"]),
        _node("Cast", ["after"], ["state_next"], to=10),
        _node("Reshape", ["now", "framed"], ["frames"]),
        *(_node("MatMul", ["frames", wave], [wave + "_part"]) for wave in ("cosine", "sine")),
        *(_node("Mul", [wave + "_part"] * 2, [wave + "_power"]) for wave in ("cosine", "sine")),
        _node("Add", ["cosine_power", "sine_power"], ["power"]),
        _node("Add", ["power", "bias"], ["scores"]),
        _node("LogSoftmax", ["scores"], ["logprobs"], axis=-1),
    ]
    inputs = {"signal": (np.int32, ("batch", BLOCK, 1)), "state": (np.float16, ("batch", LATE))}
    outputs = {"logprobs": (np.float32, ("batch", 10, 5)), "state_next": (np.float16, ("batch", LATE))}
    _save(folder / "model.onnx", nodes, (inputs, outputs), _t_one_weights())
    return folder


def _t_one_weights() -> Arrays:
    phase = 2 * np.pi * np.outer(np.arange(FRAME), (*TONES, 0.0)) / 8000
    window = np.hanning(FRAME)[:, None] * np.array([1.0, 1.0, 1.0, 1.0, 0.0])
    return {
        "unit": np.array(1 / 32768, np.float32),
        "flat": np.array([0, BLOCK]),
        "framed": np.array([0, BLOCK // FRAME, FRAME]),
        "first": np.array([0]),
        "last": np.array([BLOCK]),
        "end": np.array([BLOCK + LATE]),
        "axis": np.array([1]),
        "cosine": (np.cos(phase) * window).astype(np.float32),
        "sine": (np.sin(phase) * window).astype(np.float32),
        "bias": np.array([0.0, 0.0, 0.0, 0.0, 30.0], np.float32),  # a frame full of a tone has 324
    }


def _hear_letters(features: str) -> list[bytes]:
    """Every `step`-th frame of log-mel features: the band of each token's tone, less its threshold."""
    return [
        _node("Slice", [features, "first", "last", "axis", "step"], ["some"]),
        _node("Transpose", ["some"], ["frames"], perm=[0, 2, 1]),
        _node("MatMul", ["frames", "bands"], ["levels"]),
        _node("Add", ["levels", "bias"], ["scores"]),
    ]


def _encoder(output: str, count: str, count_type: Any) -> list[bytes]:
    return [
        *_hear_letters("audio_signal"),
        _node("Transpose", ["scores"], [output], perm=[0, 2, 1]),
        _node("Sub", ["length", "unit"], ["before_last"]),
        _node("Div", ["before_last", "step"], ["steps"]),
        _node("Add", ["steps", "unit"], ["frame_count"]),
        _node("Cast", ["frame_count"], [count], to=TYPES[np.dtype(count_type)]),
    ]


def _gigaam_bands() -> Arrays:
    """64 bands on the HTK mel scale, log of power: above 0 is a tone."""
    edges = 700 * (10 ** (np.linspace(0, 2595 * np.log10(1 + 8000 / 700), 66) / 2595) - 1)
    return _bands(edges[1:-1], step=4, threshold=0.0, gain=1.0)


def _nemo_bands(count: int) -> Arrays:
    """Bands on Slaney's mel scale (linear to 1 kHz), each with mean 0 and deviation 1 over the piece."""
    mels = np.linspace(0, 15 + 27 * np.log(8) / np.log(6.4), count + 2)
    edges = np.where(mels < 15, mels * 200 / 3, 1000 * 6.4 ** ((mels - 15) / 27))
    return _bands(edges[1:-1], step=8, threshold=0.9, gain=20.0)


def _bands(centres: np.ndarray, *, step: int, threshold: float, gain: float) -> Arrays:
    matrix = np.zeros((centres.size, 5), np.float32)
    for token, tone in enumerate(TONES):
        matrix[np.argmin(np.abs(centres - tone)), token] = gain
    indices = {"first": [0], "last": [1 << 30], "axis": [2], "step": [step], "unit": [1]}
    bias = np.array([-threshold * gain] * 4 + [0.0], np.float32)
    return {"bands": matrix, "bias": bias} | {name: np.array(value) for name, value in indices.items()}


def _never_twice() -> dict[str, np.ndarray]:
    """What a decoder adds to the scores after each token: the same token does not come again, the blank may."""
    return {"never_twice": (np.diag([-1.0, -1.0, -1.0, -1.0, 0.0]) * 100).astype(np.float32)}


def _save_texts(folder: Path, config: Mapping[str, Any], vocabularies: Mapping[str, Sequence[str]]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "config.json").write_text(json.dumps(config), encoding="utf-8")
    for name, tokens in vocabularies.items():
        lines = "".join(f"{token} {at}\n" for at, token in enumerate(tokens))
        (folder / name).write_text(lines, encoding="utf-8")


def _save(file: Path, nodes: Sequence[bytes], ends: tuple[Values, Values], weights: Arrays) -> None:
    """A ModelProto of opset 17 (the numbers are the fields of onnx.proto3)."""
    graph = b"".join(_field(1, node) for node in nodes) + _field(2, b"tiny")
    graph += b"".join(_field(5, _tensor(name, array)) for name, array in weights.items())
    for number, values in zip((11, 12), ends, strict=True):
        graph += b"".join(_field(number, _value(name, *type_and_shape)) for name, type_and_shape in values.items())
    file.write_bytes(_field(1, 8) + _field(7, graph) + _field(8, _field(2, 17)))


def _node(operator: str, inputs: Sequence[str], outputs: Sequence[str], **attributes: int | list[int]) -> bytes:
    names = b"".join(_field(1, name.encode()) for name in inputs) + b"".join(_field(2, o.encode()) for o in outputs)
    return names + _field(4, operator.encode()) + b"".join(_field(5, _attribute(*item)) for item in attributes.items())


def _attribute(name: str, value: int | list[int]) -> bytes:
    if isinstance(value, int):
        return _field(1, name.encode()) + _field(3, value) + _field(20, 2)
    return _field(1, name.encode()) + b"".join(_field(8, each) for each in value) + _field(20, 7)


def _tensor(name: str, array: np.ndarray) -> bytes:
    dimensions = b"".join(_field(1, size) for size in array.shape)
    return dimensions + _field(2, TYPES[array.dtype]) + _field(8, name.encode()) + _field(9, array.tobytes())


def _value(name: str, kind: Any, shape: Sequence[int | str]) -> bytes:
    sizes = (_field(1, size) if isinstance(size, int) else _field(2, size.encode()) for size in shape)
    tensor = _field(1, TYPES[np.dtype(kind)]) + _field(2, b"".join(_field(1, size) for size in sizes))
    return _field(1, name.encode()) + _field(2, _field(1, tensor))


def _field(number: int, value: int | bytes) -> bytes:
    """One protobuf field: a varint, or bytes with their length."""
    if isinstance(value, int):
        return _varint(number << 3) + _varint(value % (1 << 64))
    return _varint(number << 3 | 2) + _varint(len(value)) + value


def _varint(value: int) -> bytes:
    low, rest = value & 0x7F, value >> 7
    return bytes([low | 0x80]) + _varint(rest) if rest else bytes([low])
