"""Train the demo model: python train.py WORK --minutes 67. Writes WORK/last.pt; `export.py` does the rest."""

from __future__ import annotations

import argparse
import ctypes
import json
import math
import multiprocessing
import random
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import torch
from tokenizers import Tokenizer
from torch.nn import functional

from make_speech import ESPEAK, HERE, SEED, make_sentences
from network import Shape, Whisper
from sentences import load_templates
from vocabulary import make_tokenizer, save_vocabulary
from windows import Windows, load_speech

PEAK_RATE, WARM_UP = 7e-4, 60  # AdamW; steps
LETTER_WEIGHT, PLACE_WEIGHT = 0.4, 0.15  # of the CTC and of the attention's place beside the cross-entropy
GUIDED_HEADS = 2  # of the last decoder layer: word times are read from them
REACH = 12.0  # encoder frames (0.24 s) that an attention may lie beside the token's estimated place
SINGLE_UNTIL = 0.05  # share of the time in which sentences come one by one
WHOLE_SHARE = (0.03, 0.3)  # of batches padded to 30 s, before and in the last quarter
SAVE_EVERY = 120.0  # seconds


def main() -> None:
    """Train until the minutes are over; the learning rate falls to nothing at the end."""
    parser = argparse.ArgumentParser()
    parser.add_argument("work", type=Path)
    parser.add_argument("--minutes", type=float, default=95.0)
    parser.add_argument("--resume", type=Path)
    chosen = parser.parse_args()
    torch.set_num_threads(1)
    torch.manual_seed(SEED)
    tokenizer = _tokenizer(chosen.work)
    shape = Shape(tokens=tokenizer.get_vocab_size())
    model = Whisper(shape)
    if chosen.resume:
        model.load_state_dict(torch.load(chosen.resume)["state"])
    optimizer = torch.optim.AdamW(
        [one for one in model.parameters() if one.requires_grad], lr=PEAK_RATE, betas=(0.9, 0.98), weight_decay=0.01
    )
    queue: Any = multiprocessing.get_context("fork").Queue(maxsize=6)
    feeder = multiprocessing.get_context("fork").Process(
        target=_feed, args=(chosen.work, queue, chosen.minutes * 60, random.randrange(10**6)), daemon=True
    )
    feeder.start()
    _learn(model, optimizer, queue, chosen.work, chosen.minutes * 60)


def _tokenizer(work: Path) -> Tokenizer:
    path = work / "tokenizer.json"
    if not path.exists():
        save_vocabulary(make_tokenizer(make_sentences(ESPEAK, SEED)), work)
    return Tokenizer.from_file(str(path))


def _feed(work: Path, queue: Any, seconds: float, seed: int) -> None:
    tokenizer = Tokenizer.from_file(str(work / "tokenizer.json"))
    slots = load_templates(HERE / "templates.yaml").slots
    names = [*slots["company"], *slots["name"], *slots["full_name"]]
    stems = [path.with_suffix("") for path in sorted(work.glob("*.json")) if path.stem != "tokenizer"]
    windows = Windows([load_speech(stem) for stem in stems], tokenizer, names, seed)
    begun = time.monotonic()
    single = windows.batches(whole_share=0.0, single=True)
    early, late = (windows.batches(whole_share=share) for share in WHOLE_SHARE)
    while True:
        spent = (time.monotonic() - begun) / seconds
        queue.put(next(single if spent < SINGLE_UNTIL else late if spent > 0.75 else early))


def _learn(model: Whisper, optimizer: Any, queue: Any, work: Path, seconds: float) -> None:
    begun = saved = time.monotonic()
    step, recent = 0, []
    while (spent := time.monotonic() - begun) < seconds:
        rate = PEAK_RATE * min(1.0, (step + 1) / WARM_UP) * _decay(spent / seconds)
        for group in optimizer.param_groups:
            group["lr"] = rate
        losses = _losses(model, queue.get())
        loss = losses[0] + LETTER_WEIGHT * losses[1] + PLACE_WEIGHT * losses[2]
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        step += 1
        recent.append([one.item() for one in losses])
        if step % 50 == 0:
            _give_back_memory()
            means = np.mean(recent[-50:], axis=0)
            row = {"seconds": round(spent), "step": step, "rate": round(rate, 6)}
            row |= dict(zip(("tokens", "letters", "places"), means.round(3).tolist(), strict=True))
            print(json.dumps(row), flush=True)
        if time.monotonic() - saved > SAVE_EVERY:
            saved = time.monotonic()
            _save(model, work / "last.pt")
    _save(model, work / "last.pt")


def _give_back_memory() -> None:
    """Freed memory to the system: the C library keeps what tensors of many sizes leave."""
    if sys.platform == "linux":
        ctypes.CDLL("libc.so.6").malloc_trim(0)


def _decay(share: float) -> float:
    """A cosine from 1 down to 0."""
    return 0.5 + 0.5 * math.cos(math.pi * share)


def _losses(model: Whisper, batch: Any) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Cross-entropy of the tokens, CTC of the letters, distance of the guided attention from its place."""
    with torch.autocast("cpu", dtype=torch.bfloat16):  # half the time where the processor has such instructions
        logits, attention, letters = model(torch.from_numpy(batch.mels), torch.from_numpy(batch.inputs))
    targets = torch.from_numpy(batch.targets)
    tokens = functional.cross_entropy(
        logits.float().flatten(0, 1), targets.flatten(), ignore_index=-100, label_smoothing=0.05
    )
    spoken = torch.from_numpy(batch.letter_counts) > 0
    ctc = functional.ctc_loss(
        letters.float().log_softmax(2).transpose(0, 1),
        torch.from_numpy(batch.letters),
        torch.from_numpy(batch.frames),
        torch.from_numpy(batch.letter_counts),
        zero_infinity=True,
        reduction="none",
    )
    ctc = ctc[spoken].sum() / max(1, int(batch.letter_counts.sum()))
    return tokens, ctc, _misplaced(attention[:, :GUIDED_HEADS].float(), torch.from_numpy(batch.times))


def _misplaced(attention: torch.Tensor, times: torch.Tensor) -> torch.Tensor:
    """Mean -log of the attention within `REACH` of where the token is said."""
    known = times >= 0
    if not bool(known.any()):
        return attention.sum() * 0.0
    chosen = attention.permute(0, 2, 1, 3)[known]  # (token, head, frame)
    frames = torch.arange(attention.shape[-1])
    near = (frames[None, :] - times[known][:, None]).abs() <= REACH
    near &= near.any(dim=1, keepdim=True)
    logs = chosen.log_softmax(-1).masked_fill(~near[:, None, :], -1e4)
    return -logs.logsumexp(-1).clamp(min=-20.0).mean()


def _save(model: Whisper, path: Path) -> None:
    torch.save({"state": model.state_dict(), "shape": model.shape.as_dict()}, path.with_suffix(".part"))
    path.with_suffix(".part").replace(path)


if __name__ == "__main__":
    main()
