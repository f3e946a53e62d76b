"""The tokens: byte pairs learned from the training sentences, then Whisper's special ones with Russian alone."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers, trainers

__all__ = ["ALPHABET", "letters_of", "make_tokenizer", "save_vocabulary"]

TEXT_TOKENS = 1000
SPECIALS = (
    "<|endoftext|>",
    "<|startoftranscript|>",
    "<|ru|>",
    "<|translate|>",
    "<|transcribe|>",
    "<|startoflm|>",
    "<|startofprev|>",
    "<|nospeech|>",
    "<|notimestamps|>",
)
TIMESTAMPS = tuple(f"<|{step * 0.02:.2f}|>" for step in range(1501))
ALPHABET = "абвгдеёжзийклмнопрстуфхцчшщъыьэюя "  # CTC letters 1..34; 0 is the blank


def make_tokenizer(texts: Sequence[str]) -> Tokenizer:
    """Byte pairs; then the empty token, by which CTranslate2 knows a multilingual model; then the specials."""
    learned = Tokenizer(models.BPE())
    learned.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    trainer = trainers.BpeTrainer(vocab_size=TEXT_TOKENS, initial_alphabet=sorted(pre_tokenizers.ByteLevel.alphabet()))
    learned.train_from_iterator([f" {text}" for text in texts], trainer)
    state = json.loads(learned.to_str())["model"]
    vocabulary = {**state["vocab"], "": len(state["vocab"])}
    tokenizer = Tokenizer(models.BPE(vocab=vocabulary, merges=[tuple(pair) for pair in state["merges"]]))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.add_special_tokens([AddedToken(token, special=True) for token in SPECIALS])
    tokenizer.add_tokens([AddedToken(token, special=False) for token in TIMESTAMPS])
    return tokenizer


def save_vocabulary(tokenizer: Tokenizer, folder: Path) -> list[str]:
    """Write tokenizer.json; gives all tokens by number."""
    tokenizer.save(str(folder / "tokenizer.json"))
    return [tokenizer.id_to_token(at) for at in range(tokenizer.get_vocab_size())]


def letters_of(text: str) -> list[int]:
    """Numbers of the letters and spaces in a text, for the CTC head."""
    plain = "".join(letter if letter in ALPHABET else " " for letter in text.lower().replace("-", " "))
    return [ALPHABET.index(letter) + 1 for letter in " ".join(plain.split())]
