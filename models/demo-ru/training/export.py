"""A checkpoint of `train.py` as a faster-whisper folder with 8-bit weights: python export.py WORK/last.pt FOLDER."""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path
from typing import Any

import numpy as np
import torch
from ctranslate2.converters import utils
from ctranslate2.specs import common_spec
from ctranslate2.specs.whisper_spec import WhisperSpec
from tokenizers import Tokenizer

from train import GUIDED_HEADS

__all__ = ["export"]

State = dict[str, np.ndarray[Any, Any]]
MELS = {"feature_size": 80, "sampling_rate": 16_000, "hop_length": 160, "chunk_length": 30, "n_fft": 400}


def export(checkpoint: Path, tokenizer: Path, folder: Path) -> None:
    """Write model.bin, config.json, vocabulary.json, tokenizer.json and preprocessor_config.json into `folder`."""
    loaded = torch.load(checkpoint, map_location="cpu")
    shape, state = loaded["shape"], {name: tensor.float().numpy() for name, tensor in loaded["state"].items()}
    spec: Any = WhisperSpec(shape["encoder_layers"], shape["heads"], shape["decoder_layers"], shape["heads"])
    for name in ("conv1", "conv2"):
        conv = getattr(spec.encoder, name)
        conv.weight, conv.bias = state[f"encoder.{name}.weight"], state[f"encoder.{name}.bias"]
    for part, name in ((spec.encoder, "encoder"), (spec.decoder, "decoder")):
        part.position_encodings.encodings = state[f"{name}.embed_positions.weight"]
        _norm(part.layer_norm, state, f"{name}.layer_norm")
        for at, layer in enumerate(part.layer):
            _layer(layer, state, f"{name}.layers.{at}")
    spec.decoder.embeddings.weight = state["decoder.embed_tokens.weight"]
    spec.decoder.projection.weight = state["decoder.embed_tokens.weight"]
    words = Tokenizer.from_file(str(tokenizer))
    spec.register_vocabulary([words.id_to_token(at) for at in range(words.get_vocab_size())])
    spec.config.lang_ids = [words.token_to_id("<|ru|>")]
    spec.config.suppress_ids = [words.token_to_id("<|startoflm|>"), words.token_to_id("<|startofprev|>")]
    spec.config.suppress_ids_begin = [words.token_to_id("<|endoftext|>")]
    spec.config.alignment_heads = [(shape["decoder_layers"] - 1, head) for head in range(GUIDED_HEADS)]
    spec.validate()
    spec.optimize(quantization="int8")
    folder.mkdir(parents=True, exist_ok=True)
    spec.save(str(folder))
    shutil.copyfile(tokenizer, folder / "tokenizer.json")
    (folder / "preprocessor_config.json").write_text(json.dumps(MELS) + "\n", encoding="utf-8")


def _layer(layer: Any, state: State, name: str) -> None:
    _attention(layer.self_attention.linear, state, f"{name}.self_attn", fused=True)
    _norm(layer.self_attention.layer_norm, state, f"{name}.self_attn_layer_norm")
    if hasattr(layer, "attention"):
        _attention(layer.attention.linear, state, f"{name}.encoder_attn", fused=False)
        _norm(layer.attention.layer_norm, state, f"{name}.encoder_attn_layer_norm")
    for linear, source in ((layer.ffn.linear_0, "fc1"), (layer.ffn.linear_1, "fc2")):
        linear.weight, linear.bias = state[f"{name}.{source}.weight"], state[f"{name}.{source}.bias"]
    _norm(layer.ffn.layer_norm, state, f"{name}.final_layer_norm")


def _attention(linear: Any, state: State, name: str, *, fused: bool) -> None:
    query, key, value = (_linear(state, f"{name}.{part}_proj") for part in "qkv")
    if fused:
        utils.fuse_linear(linear[0], [query, key, value])
    else:
        utils.fuse_linear(linear[0], [query])
        utils.fuse_linear(linear[1], [key, value])
    linear[-1].weight, linear[-1].bias = state[f"{name}.out_proj.weight"], state[f"{name}.out_proj.bias"]


def _linear(state: State, name: str) -> Any:
    linear: Any = common_spec.LinearSpec()
    linear.weight = state[f"{name}.weight"]
    if f"{name}.bias" in state:
        linear.bias = state[f"{name}.bias"]
    return linear


def _norm(norm: Any, state: State, name: str) -> None:
    norm.gamma, norm.beta = state[f"{name}.weight"], state[f"{name}.bias"]


if __name__ == "__main__":
    export(Path(sys.argv[1]), Path(sys.argv[1]).parent / "tokenizer.json", Path(sys.argv[2]))
