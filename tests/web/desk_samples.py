"""Calls with recordings on disk for the tests of the desk, and the life of an application without a server."""

from __future__ import annotations

import asyncio
import hashlib
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import numpy as np

import sounds
from builders import call, events_for, hold, ringing, timings
from qa_engine.domain.call import Call
from qa_engine.domain.scorecard import Scorecard
from qa_engine.domain.timings import Transfer
from qa_engine.rules.evaluate import evaluate
from qa_engine.store.store import Store

ROOT = Path(__file__).parents[2]
LINES = {
    "en": (
        "manager: good morning sunny garden this is emma speaking how can i help you",
        "customer: hello i have a question about two deliveries of roses",
        "manager: of course one moment please",
        "70 manager: thank you for holding they arrive tomorrow is there anything else",
        "customer: no thank you",
        "manager: thank you for calling goodbye",
    ),
    "ru": (
        "manager: добрый день компания ромашка меня зовут анна чем могу помочь",
        "customer: здравствуйте у меня вопрос про доставку двух букетов роз",
        "manager: конечно подождите пожалуйста",
        "70 manager: спасибо за ожидание доставят завтра могу ещё чем нибудь помочь",
        "customer: нет спасибо",
        "manager: спасибо за звонок до свидания",
    ),
}
DURATION = 90.0


def recorded(file: Path, *, seconds: float = 4.0) -> Path:
    """A 16-bit WAV of a voice, mono, 8 kHz."""
    return sounds.write_wav(file, sounds.voice(seconds))


def made_call(path: Path, *, language: str = "en", call_id: str = "", manager: str = "Emma Clark", **changes) -> Call:
    """A call of 90 s with ringing, a hold and a transfer; the file at `path` counts as its recording if it is there."""
    content = path.read_bytes() if path.is_file() else path.name.encode()
    sha256 = hashlib.sha256(content).hexdigest()
    times = timings(
        DURATION,
        ringing=ringing(),
        answered_at=9.4,
        holds=[hold(25.0, 65.0)],
        transfers=[Transfer(70.0, True, "audio")],
    )
    made = call(
        *LINES[language],
        language=language,
        call_id=call_id or sha256[:16],
        manager=manager,
        duration=DURATION,
        start=10.0,
    )
    identity = replace(made.identity, customer="+74955550101", started_at=datetime(2026, 11, 20, 10, 15))
    made = replace(
        made, sha256=sha256, path=str(path), timings=times, events=events_for(made.turns, DURATION), identity=identity
    )
    return replace(made, **changes)


def keep(store: Store, judged: Call, card: Scorecard) -> Call:
    store.save_scorecard(card.id, card.version, card.document, title=card.title)
    store.save_call(judged)
    store.save_evaluation(judged.sha256, evaluate(judged, card))
    return judged


def encoded(file: Path, codec: str, samples: sounds.Samples) -> Path:
    """The samples (mono, 8 kHz) in another codec, in the container that the suffix of the file names."""
    import av

    pcm = np.round(np.clip(np.atleast_2d(samples), -1, 1) * 32767).astype("<i2")
    with av.open(str(file), "w") as container:
        stream = container.add_stream(codec, rate=sounds.RATE, layout="mono")
        frame = av.AudioFrame.from_ndarray(pcm, format="s16", layout="mono")
        frame.sample_rate = sounds.RATE
        fitting = av.AudioResampler(format=stream.codec_context.format, layout="mono", rate=sounds.RATE)
        for part in (*fitting.resample(frame), None):
            container.mux(stream.encode(part))
    return file


async def live(app: object) -> list[str]:
    """Starts the application and ends it, as a server does; what it told."""
    asked = iter(["lifespan.startup", "lifespan.shutdown"])
    told = []

    async def receive():
        return {"type": next(asked)}

    async def send(message):
        told.append(message["type"])

    await app({"type": "lifespan", "asgi": {"version": "3.0"}}, receive, send)
    return told


def end(app: object) -> None:
    assert asyncio.run(live(app)) == ["lifespan.startup.complete", "lifespan.shutdown.complete"]
