"""Parts `diarization` and `roles`: who speaks when, and which of them is the manager."""

from __future__ import annotations

import pickle
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from speech_bench import Bench
from speech_calls import KnownCall
from speech_engines import Engine, Heard, judge, load_mono
from speech_scores import DiarizationError, Labelled, bootstrap, diarization_error, is_call_right, right_words, wilson
from speech_table import Row

from qa_engine.domain.transcript import Role, Turn
from qa_engine.rules.certainty import MIN_ROLE_CONFIDENCE

__all__ = ["PAUSE", "Judged", "diarization", "roles"]

PAUSE = 0.5  # seconds; "the speaker changes at every pause"
DEFAULT_CADENCE = {"identify_speakers": "true", "skip_transcription": "true", "return_audio_data": "false"}


# --- who speaks when --------------------------------------------------------------------------------------------------


def diarization(bench: Bench) -> Iterator[Row]:
    """Diarization error on mono recordings, beside no diarizer and the bare library at its default cadence."""
    engine = bench.engines[0]
    groups = [("people", bench.real_calls())]  # the bare library too: it takes twice the length of the calls
    groups += [(f"calls {language}", bench.mono_calls(language)) for language in ("en", "ru")]
    for group, calls in groups:
        if not calls:
            continue
        truths = [_truth(call) for call in calls]
        methods = [_methods(engine, call, bare=group == "people" or bench.sizes.bare_diarizer) for call in calls]
        for collar in (0.25, 0.0):
            yield _diarization_row(f"{group}, collar {collar:g} s", truths, methods, collar)


def _truth(call: KnownCall) -> list[Labelled]:
    return [(turn.start, turn.end, turn.speaker or str(turn.role)) for turn in call.turns]


def _methods(engine: Engine, call: KnownCall, *, bare: bool) -> dict[str, list[Labelled]]:
    heard = engine.hear(call.path, call.language)
    found = {engine.diarizer_name: [(one.start, one.end, one.speaker) for one in heard.speakers]}
    if call.language in engine.languages:
        found["labels of the words"] = [(one.start, one.end, one.speaker) for one in heard.utterances]
    speech = _speech(heard)
    found["one speaker"] = [(start, end, "one") for start, end in speech]
    found["change at pauses"] = _change_at_pauses(speech)
    if bare:
        found["bare moonshine"] = _bare(call.path, engine.kept)
    return found


def _speech(heard: Heard) -> list[tuple[float, float]]:
    events = heard.hearing.events if heard.hearing else None
    return [(span.start, span.end) for span in (events.activity[0].speech if events else ())]


def _change_at_pauses(speech: Sequence[tuple[float, float]]) -> list[Labelled]:
    """Two speakers in turn, the other one after every pause of half a second."""
    labelled: list[Labelled] = []
    other = 0
    for start, end in speech:
        other += bool(labelled) and start - labelled[-1][1] >= PAUSE
        labelled.append((start, end, str(other % 2)))
    return labelled


def _bare(path: Path, kept: Path) -> list[Labelled]:
    """The library's spans with its own voice detection and cadence; kept, as it takes twice the call's length."""
    file = kept / f"bare-speakers-{zlib.crc32(path.read_bytes()):08x}.pickle"
    if not file.exists():
        from qa_engine.speech.moonshine_library import MoonshineLibrary

        lines = MoonshineLibrary(DEFAULT_CADENCE).lines(load_mono(path))
        spans = [span for line in lines for span in line.speaker_spans or ()]
        file.write_bytes(
            pickle.dumps([(one.start_time, one.start_time + one.duration, str(one.speaker_index)) for one in spans])
        )
    return list(pickle.loads(file.read_bytes()))


def _diarization_row(
    what: str, truths: Sequence[list[Labelled]], methods: Sequence[dict[str, list[Labelled]]], collar: float
) -> Row:
    scores = {
        name: [
            diarization_error(truth, found[name], collar=collar) for truth, found in zip(truths, methods, strict=True)
        ]
        for name in methods[0]
    }
    rates = {name: bootstrap(*_seconds(errors)) for name, errors in scores.items()}
    notes = {name: _parts(errors) for name, errors in scores.items()}
    first = next(iter(rates.values()))
    values = {name: rate for name, (rate, _, _) in rates.items()}
    return Row("diarization", what, len(truths), "calls", values, "%", "", first[1:], notes)


def _seconds(errors: Sequence[DiarizationError]) -> tuple[list[float], list[float]]:
    return [one.seconds for one in errors], [one.spoken for one in errors]


def _parts(errors: Sequence[DiarizationError]) -> dict[str, float]:
    """Shares of the spoken time."""
    spoken = sum(one.spoken for one in errors)
    parts = ("missed", "invented", "confused")
    return {name: round(sum(getattr(one, name) for one in errors) / spoken, 4) for name in parts}


# --- who is the manager -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Judged:
    """Roles of one call: words with the right role and all, and how sure the engine was."""

    right: int
    of: int
    is_right: bool
    confidence: float

    @property
    def is_sure(self) -> bool:
        """Whether criteria are judged on these roles instead of given to a person."""
        return self.confidence >= MIN_ROLE_CONFIDENCE


def roles(bench: Bench) -> Iterator[Row]:
    """Roles from sound to verdict, beside "the left side is the manager" and "who speaks first is the manager"."""
    for engine, language in bench.hearers():
        for what, calls, goal in (
            (f"stereo {language}", bench.stereo_calls(language), ">= 99 %"),
            (f"mono {language}", bench.mono_calls(language), ">= 95 %"),
        ):
            if calls:
                yield from _role_rows(engine, what, calls, goal)


def _role_rows(engine: Engine, what: str, calls: Sequence[KnownCall], goal: str) -> Iterator[Row]:
    heard = [engine.hear(call.path, call.language).hearing for call in calls]
    found = [judge(hearing, call.company) if hearing else None for hearing, call in zip(heard, calls, strict=True)]
    judged = [
        _judged(call, one.turns, one.roles.confidence) if one else Judged(0, 0, False, 0.0)
        for call, one in zip(calls, found, strict=True)
    ]
    instead = {
        name: [rule(call, one.turns) for call, one in zip(calls, found, strict=True) if one]
        for name, rule in (("left is the manager", _left), ("who speaks first", _first))
        if name != "left is the manager" or what.startswith("stereo")
    }
    values = {engine.name: sum(one.is_right for one in judged) / len(judged)}
    values |= {name: sum(one.is_right for one in ones) / len(calls) for name, ones in instead.items()}
    sure = [one for one in judged if one.is_sure]
    hits = sum(one.is_right for one in judged)
    yield Row("roles", f"{what}: role right", len(calls), "calls", values, "%", goal, wilson(hits, len(calls)))
    hits = sum(one.is_right for one in sure)
    yield Row(
        "roles",
        f"{what}: role right where sure (confidence >= {MIN_ROLE_CONFIDENCE})",
        len(sure),
        "calls",
        {engine.name: hits / len(sure) if sure else float("nan"), "left to review": 1 - len(sure) / len(judged)},
        "%",
        interval=wilson(hits, len(sure)),
    )
    share, low, high = bootstrap([one.right for one in judged], [one.of for one in judged])
    of = sum(one.of for one in judged)
    yield Row("roles", f"{what}: words with the right role", of, "words", {engine.name: share}, "%", "", (low, high))


def _judged(call: KnownCall, turns: Sequence[Turn], confidence: float) -> Judged:
    counts = right_words(call.turns, turns)
    right, of = (sum(pair[i] for pair in counts.values()) for i in (0, 1))
    return Judged(right, of, bool(of) and is_call_right(counts), confidence)


def _left(call: KnownCall, turns: Sequence[Turn]) -> Judged:
    """The same turns, the manager on the left."""
    sides = [replace(turn, role=Role.CUSTOMER if turn.channel else Role.MANAGER) for turn in turns]
    return _judged(call, sides, 1.0)


def _first(call: KnownCall, turns: Sequence[Turn]) -> Judged:
    """The same turns, the manager being the one who speaks first."""
    first = min(turns, key=lambda turn: turn.start).speaker if turns else ""
    sides = [replace(turn, role=Role.MANAGER if turn.speaker == first else Role.CUSTOMER) for turn in turns]
    return _judged(call, sides, 1.0)
