"""Let the embedded English recogniser hear the English day and print what it makes of each line.

    python samples/hear_samples.py [PART OF A FILE NAME ...]

For whoever changes a voice or a wording: a sample nobody's recogniser understands shows nothing. Each channel is heard
alone, without its ringing and holds; the error rate is against the written dialogue, spelling variants evened out.
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Any

import av
import jiwer
import moonshine_voice
import numpy as np
import numpy.typing as npt

HERE = Path(__file__).resolve().parent
RATE = 16000  # Hz, what the recogniser takes
SAME = {"good-bye": "goodbye", "good bye": "goodbye", "to-day": "today", "to-morrow": "tomorrow", "okay": "ok"}


def load(path: Path) -> npt.NDArray[np.float32]:
    """The sound of `path`: (channel, time) at 16 kHz."""
    with av.open(str(path)) as container:
        resampler = av.AudioResampler(format="fltp", rate=RATE)
        frames = [part for frame in container.decode(audio=0) for part in resampler.resample(frame)]
        frames += resampler.resample(None)
    return np.concatenate([frame.to_ndarray() for frame in frames], axis=1)


def plain(text: str) -> str:
    """Lower case without punctuation, spelling variants evened out."""
    text = text.lower()
    for variant, usual in SAME.items():
        text = text.replace(variant, usual)
    return " ".join(re.sub(r"[^a-z0-9' ]", " ", text).split())


def spans(recording: dict[str, Any]) -> list[tuple[float, float]]:
    """The stretches between ringing and holds, seconds."""
    edges = [recording["answered_at"] or 0.0]
    for hold in recording["holds"]:
        edges += [hold["start"], hold["end"]]
    edges.append(recording["duration"])
    return list(zip(edges[::2], edges[1::2], strict=True))


def hear(recogniser: Any, recording: dict[str, Any], path: Path) -> tuple[str, str]:
    """What was written and what was heard, channel by channel."""
    written, heard = [], []
    for role, sound in zip(recording["channels"], load(path), strict=True):
        turns = sorted(recording["turns"], key=lambda turn: turn["start"])
        written += [turn["text"] for turn in turns if role in ("both", turn["role"])]
        for start, end in spans(recording):
            clip = sound[round(start * RATE) : round(end * RATE)]
            result = recogniser.transcribe_without_streaming(clip.tolist(), RATE)
            heard += [line.text for line in result.lines]
    return " ".join(written), " ".join(heard)


def main() -> int:
    """Print the error rate and the text of every recording asked for."""
    folder = HERE / "day_en"
    model = Path(moonshine_voice.__file__).parent / "assets" / "tiny-en"
    recogniser = moonshine_voice.Transcriber(model_path=str(model), model_arch=moonshine_voice.ModelArch.TINY)
    truth = json.loads((folder / "truth.json").read_text(encoding="utf-8"))
    for recording in truth["recordings"]:
        asked = not sys.argv[1:] or any(part in recording["file"] for part in sys.argv[1:])
        if recording["error"] or not asked:
            continue
        written, heard = hear(recogniser, recording, folder / recording["file"])
        print(f"{jiwer.wer(plain(written), plain(heard)):5.0%}  {recording['file']}: {recording['title']}")
        print(f"       {heard}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
