"""Calls, hearings and evaluations for the tests of the store; a call reads as a small dialogue."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import datetime

from qa_engine.domain.audio_event import Activity, AudioEvents, ChannelRelation
from qa_engine.domain.call import Call, RoleAssignment
from qa_engine.domain.call_identity import CallIdentity, Direction
from qa_engine.domain.evaluation import CriterionResult, Evaluation, Evidence, EvidenceKind, Verdict
from qa_engine.domain.hearing import Engines, Hearing
from qa_engine.domain.spans import Span
from qa_engine.domain.timings import Beginning, Ringing, Timings
from qa_engine.domain.transcript import Role, Turn, Utterance, Word

ENGINES = Engines("fake", "channels")
DIALOGUE = ("manager: добрый день компания ромашка", "customer: здравствуйте я хочу оформить возврат")


def sha(name: str) -> str:
    return hashlib.sha256(name.encode()).hexdigest()


def words(text: str, start: float = 0.0) -> tuple[Word, ...]:
    """One word per half second."""
    return tuple(
        Word(said, start + 0.5 * place, start + 0.5 * place + 0.4, 0.9) for place, said in enumerate(text.split())
    )


def turns(dialogue: Iterable[str]) -> tuple[Turn, ...]:
    """``"manager: words ..."`` one after another, a second between."""
    made, start = [], 0.0
    for line in dialogue:
        role, _, text = line.partition(": ")
        said = words(text, start)
        made.append(Turn(Role(role), start, said[-1].end if said else start, said, role))
        start = made[-1].end + 1.0
    return tuple(made)


def events(duration: float = 60.0) -> AudioEvents:
    return AudioEvents(duration, 1, ChannelRelation.MONO, (Activity(None, (Span(0.0, 2.5),), -20.0, -60.0),))


def call(
    name: str = "a", dialogue: Iterable[str] = DIALOGUE, *, manager: str = "Анна Петрова", started_at: str = "", **more
) -> Call:
    identity = CallIdentity(
        manager=more.pop("extension", "101"),
        customer=more.pop("customer", "+70000000000"),
        started_at=datetime.fromisoformat(started_at) if started_at else None,
        direction=Direction.INBOUND,
    )
    said = turns(dialogue)
    duration = said[-1].end if said else 0.0
    timings = Timings(duration, Beginning.AT_ANSWER, Ringing(False, "the recording starts at the answer"), 0.0)
    values = {"call_id": sha(name)[:16], "sha256": sha(name), "path": f"day/{name}.wav", "language": "ru"}
    roles = RoleAssignment(0.9, "greeting")
    made = {**values, "duration": duration, "manager": manager, "identity": identity, "turns": said} | more
    return Call(**{"events": None, "timings": timings, "roles": roles, "engines": ENGINES} | made)


def hearing(name: str = "a", text: str = "добрый день", **more) -> Hearing:
    said = words(text)
    utterance = Utterance(0.0, said[-1].end, said, "channel 0", 0)
    values = {"sha256": sha(name), "path": f"day/{name}.wav", "duration": 60.0, "language": "ru"}
    made = {**values, "utterances": (utterance,), "events": events(), "engines": ENGINES, "identity": CallIdentity()}
    return Hearing(**made | more)


def evaluation(
    name: str = "a", *, card: str = "phone_ru", version: str = "sha256:1", score: float = 87.5, engine: str = "1"
) -> Evaluation:
    evidence = Evidence(EvidenceKind.MATCH, "добрый день", 0.0, 0.9, Role.MANAGER, 100.0)
    hello = CriterionResult("hello", "Поздоровался", "greeting", 10, Verdict.PASS, 1.0, "сказано", (evidence,))
    return Evaluation(
        sha(name)[:16], card, version, 80.0, score, score, score >= 80, (), (hello,), "10/10", engine_version=engine
    )
