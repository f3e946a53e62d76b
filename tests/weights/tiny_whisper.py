"""A Whisper of random numbers, 16 wide: it understands nothing, but every part of the real path runs on it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

WIDTH, HEADS, LAYERS, MELS, POSITIONS, TOKENS = 16, 2, 1, 80, 1500, 448
LANGUAGES = ("en", "ru")
TIMESTAMPS = tuple(f"<|{step * 0.02:.2f}|>" for step in range(1501))
SPECIALS = (
    "<|endoftext|>",
    "<|startoftranscript|>",
    *(f"<|{code}|>" for code in LANGUAGES),
    "<|translate|>",
    "<|transcribe|>",
    "<|startoflm|>",
    "<|startofprev|>",
    "<|nospeech|>",
    "<|notimestamps|>",
)


def save_tiny_whisper(folder: Path, *, seed: int = 1, multilingual: bool = True, aligned: bool = True) -> Path:
    """Write model.bin, config.json, vocabulary.json, tokenizer.json, preprocessor_config.json into `folder`.

    Not `multilingual`: as the makers of Whisper do, the tokenizer still lists all languages. Not `aligned`: without
    the alignment heads that word times come from.
    """
    from ctranslate2.specs.whisper_spec import WhisperSpec

    folder.mkdir(parents=True, exist_ok=True)
    vocabulary = _save_tokenizer(folder / "tokenizer.json", multilingual=multilingual)
    spec: Any = WhisperSpec(LAYERS, HEADS, LAYERS, HEADS)
    _fill(spec, np.random.default_rng(seed), len(vocabulary))
    spec.register_vocabulary(vocabulary)
    first = vocabulary.index("<|en|>")
    spec.config.lang_ids = list(range(first, first + len(LANGUAGES)))
    spec.config.suppress_ids = []
    spec.config.suppress_ids_begin = []
    spec.config.alignment_heads = [(0, 0)]
    spec.validate()
    spec.save(str(folder))
    if not aligned:
        config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
        del config["alignment_heads"]
        (folder / "config.json").write_text(json.dumps(config), encoding="utf-8")
    mel = {"feature_size": MELS, "sampling_rate": 16000, "hop_length": 160, "chunk_length": 30, "n_fft": 400}
    (folder / "preprocessor_config.json").write_text(json.dumps(mel), encoding="utf-8")
    return folder


def _save_tokenizer(file: Path, *, multilingual: bool) -> list[str]:
    """Byte tokens, the empty one (by it ctranslate2 knows a multilingual model), the specials, the timestamps."""
    from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers

    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    empty = [""] if multilingual else []
    tokenizer = Tokenizer(models.BPE(vocab={token: at for at, token in enumerate([*alphabet, *empty])}, merges=[]))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.add_special_tokens([AddedToken(token, special=True) for token in SPECIALS])
    tokenizer.add_tokens([AddedToken(token, special=False) for token in TIMESTAMPS])
    tokenizer.save(str(file))
    return [tokenizer.id_to_token(at) for at in range(tokenizer.get_vocab_size())]


def _fill(spec: Any, random: np.random.Generator, size: int) -> None:
    def weight(*shape: int) -> np.ndarray:
        return random.normal(0, 0.3, shape).astype(np.float32)

    encoder, decoder = spec.encoder, spec.decoder
    for conv, width in ((encoder.conv1, MELS), (encoder.conv2, WIDTH)):
        conv.weight, conv.bias = weight(WIDTH, width, 3), weight(WIDTH)
    encoder.position_encodings.encodings = weight(POSITIONS, WIDTH)
    decoder.position_encodings.encodings = weight(TOKENS, WIDTH)
    decoder.embeddings.weight = weight(size, WIDTH)
    decoder.projection.weight = weight(size, WIDTH)
    for norm in _norms(spec):
        norm.gamma, norm.beta = np.ones(WIDTH, np.float32), np.zeros(WIDTH, np.float32)
    for layer in (*encoder.layer, *decoder.layer):
        _fill_attention(layer.self_attention, (3, 1), weight)
        layer.ffn.linear_0.weight, layer.ffn.linear_0.bias = weight(2 * WIDTH, WIDTH), weight(2 * WIDTH)
        layer.ffn.linear_1.weight, layer.ffn.linear_1.bias = weight(WIDTH, 2 * WIDTH), weight(WIDTH)
    for layer in decoder.layer:
        _fill_attention(layer.attention, (1, 2, 1), weight)


def _fill_attention(attention: Any, parts: tuple[int, ...], weight: Any) -> None:
    for linear, part in zip(attention.linear, parts, strict=True):
        linear.weight, linear.bias = weight(part * WIDTH, WIDTH), weight(part * WIDTH)


def _norms(spec: Any) -> Iterator[Any]:
    yield from (spec.encoder.layer_norm, spec.decoder.layer_norm)
    for layer in (*spec.encoder.layer, *spec.decoder.layer):
        yield from (layer.self_attention.layer_norm, layer.ffn.layer_norm)
    yield from (layer.attention.layer_norm for layer in spec.decoder.layer)
