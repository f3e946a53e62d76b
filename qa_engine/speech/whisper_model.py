"""A Whisper model on disk and in memory: which languages it has, how it is opened, how many names its prompt holds."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

from qa_engine.errors import WeightsError
from qa_engine.speech.machine_fit import MachineFit

__all__ = ["fit_hotwords", "hotword_prompt", "languages_of", "open_whisper"]

# Whisper's prompt is half its text context of 448 tokens, one of them the mark of what was said before
# (openai/whisper decoding.py, n_ctx // 2 - 1; faster-whisper cuts hotwords at the same place, inside a name).
PROMPT_TOKENS = 223
# Older ctranslate2 knew a multilingual model by this size, newer ones by the empty token (GPT-2's multilingual table).
MULTILINGUAL_SIZE = 51_865


@cache
def languages_of(folder: Path) -> frozenset[str]:
    """Language codes the model can recognise; only ``en`` for an English-only one, whose tokenizer lists them all.

    Raises WeightsError for a tokenizer that cannot be read.
    """
    file = folder / "tokenizer.json"
    try:
        added = json.loads(file.read_text(encoding="utf-8")).get("added_tokens", [])
        names = [token["content"] for token in added]
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise WeightsError(
            f"{file}: no tokenizer can be read from it ({type(error).__name__}); copy it anew"
        ) from error
    first = names.index("<|startoftranscript|>") + 1 if "<|startoftranscript|>" in names else 0
    last = names.index("<|translate|>") if "<|translate|>" in names else len(names)
    if _is_english_only(folder):
        return frozenset({"en"})
    return frozenset(name.removeprefix("<|").removesuffix("|>") for name in names[first:last])


def _is_english_only(folder: Path) -> bool:
    tokens = _vocabulary(folder)
    return bool(tokens) and "" not in tokens and len(tokens) < MULTILINGUAL_SIZE


def _vocabulary(folder: Path) -> list[str]:
    """The tokens of the model, [] where the file does not list them."""
    try:
        if (folder / "vocabulary.json").is_file():
            told = json.loads((folder / "vocabulary.json").read_text(encoding="utf-8"))
            return told if isinstance(told, list) else []
        return (folder / "vocabulary.txt").read_text(encoding="utf-8").split("\n")[:-1]
    except (OSError, ValueError):
        return []


def open_whisper(folder: Path, fit: MachineFit) -> Any:
    """The loaded ``faster_whisper.WhisperModel``.

    Raises WeightsError where the library or the model cannot be loaded.
    """
    os.environ.setdefault("HF_HUB_OFFLINE", "1")  # a file missing after the check must fail, not reach for the network
    try:
        from faster_whisper import WhisperModel
    except (ImportError, OSError) as error:
        raise WeightsError(f"faster-whisper cannot be loaded ({error}); run: pip install faster-whisper") from error
    try:
        return WhisperModel(
            str(folder), device=fit.device, compute_type=fit.compute_type, cpu_threads=fit.threads, num_workers=1
        )
    except Exception as error:  # tokenizers raises bare Exception for a broken file, ctranslate2 RuntimeError
        told = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise WeightsError(
            f"{folder}: the model cannot be loaded on {fit.device} as {fit.compute_type} ({told}); {_remedy(told)}"
        ) from error


def _remedy(told: str) -> str:
    plain = told.lower()
    if "out of memory" in plain:
        return "take a smaller model, or set compute_type to int8_float16"
    if any(sign in plain for sign in ("cuda", "cublas", "cudnn", "libcu")):
        return "set device to cpu, or install CUDA 12 with cuBLAS and cuDNN 9"
    return "copy it anew, or run: qa-engine models pull"


def fit_hotwords(hotwords: Sequence[str], tokenizer: Any) -> tuple[str, ...]:
    """The names that fit Whisper's prompt together, in the order given, each once.

    The caller puts what matters most first (company, then people). A name that no longer fits is passed over, so that
    shorter ones behind it still come in; none is ever cut in the middle. `tokenizer` is the model's own.
    """
    chosen: list[str] = []
    for word in dict.fromkeys(" ".join(one.split()) for one in hotwords):
        if word and _num_tokens(hotword_prompt([*chosen, word]), tokenizer) <= PROMPT_TOKENS:
            chosen.append(word)
    return tuple(chosen)


def hotword_prompt(hotwords: Sequence[str]) -> str:
    """The names as the model reads them: a list, as people write one."""
    return ", ".join(hotwords)


def _num_tokens(prompt: str, tokenizer: Any) -> int:
    return len(tokenizer.encode(" " + prompt, add_special_tokens=False).ids)
