"""Calls built by hand, so that a test reads as a small dialogue.

    call("manager: hello, sunny garden, emma speaking", "customer: hi, I'd like to order", language="en")

A line may begin with the second it starts at: ``"40 manager: are you still there"``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from qa_engine.domain.audio_event import Activity, AudioEvents, ChannelRelation
from qa_engine.domain.call import Call, RoleAssignment
from qa_engine.domain.call_identity import CallIdentity, Direction
from qa_engine.domain.hearing import Engines
from qa_engine.domain.spans import Span
from qa_engine.domain.timings import Beginning, Hold, HoldKind, Interruptions, Ringing, Talk, Timings, Transfer
from qa_engine.domain.transcript import Role, Turn, Word

SECONDS_PER_WORD = 0.4
PAUSE = 0.6  # between turns

_LINE = re.compile(
    r"\s*(?:(?P<at>\d+(?:\.\d+)?)\s+)?(?P<role>manager|customer|ivr|unknown|second_manager)\s*:\s*(?P<text>.*)",
    re.DOTALL,
)

NOT_RINGING = Ringing(measured=False, why="the recording starts at the answer")


def word(text: str, start: float, end: float | None = None, *, probability: float | None = 0.95) -> Word:
    """A word of 0.4 s."""
    return Word(text, start, round(start + SECONDS_PER_WORD, 3) if end is None else end, probability)


def turn(
    role: Role | str, text: str, start: float = 0.0, *, probability: float | None = 0.95, channel: int | None = None
) -> Turn:
    """A turn whose words follow each other without a pause."""
    words = tuple(
        word(said, round(start + i * SECONDS_PER_WORD, 3), probability=probability)
        for i, said in enumerate(text.split())
    )
    end = words[-1].end if words else start
    return Turn(Role(role), start, end, words, channel=channel)


def turns(*lines: str, start: float = 0.5, probability: float | None = 0.95) -> tuple[Turn, ...]:
    """Turns from lines such as ``manager: hello``, one after the other."""
    made: list[Turn] = []
    for line in lines:
        found = _LINE.fullmatch(line)
        if found is None:
            raise ValueError(f"a line reads '[second] manager: words', not {line!r}")
        at = float(found["at"]) if found["at"] else start
        made.append(turn(found["role"], found["text"], at, probability=probability))
        start = round(made[-1].end + PAUSE, 3)
    return tuple(made)


def ringing(seconds: float = 9.0, *, rings: int = 2, uncertainty: float = 0.1, start: float = 0.4) -> Ringing:
    """A measured wait for the answer."""
    return Ringing(True, "", start, start + seconds, rings, seconds, uncertainty, "425 Hz 1.0/4.0", "audio")


def hold(start: float, end: float, kind: HoldKind | str = HoldKind.MUSIC, *, during_transfer: bool = False) -> Hold:
    """A hold found in the sound."""
    return Hold(start, end, HoldKind(kind), during_transfer, "audio")


def timings(
    duration: float,
    *,
    beginning: Beginning = Beginning.AT_ANSWER,
    ringing: Ringing = NOT_RINGING,
    answered_at: float | None = 0.0,
    holds: Sequence[Hold] = (),
    holds_measured: bool = True,
    transfers: Sequence[Transfer] = (),
    talk: Talk | None = None,
    dead_air: Sequence[Span] = (),
    interruptions: Interruptions | None = None,
) -> Timings:
    """Times of a call that was answered at 0 s, with nothing special in it."""
    return Timings(
        duration,
        beginning,
        ringing,
        answered_at,
        tuple(holds),
        holds_measured,
        tuple(transfers),
        talk,
        tuple(dead_air),
        interruptions,
    )


def events_for(
    said: Sequence[Turn],
    duration: float,
    *,
    relation: ChannelRelation = ChannelRelation.DISTINCT,
    extra: Sequence[Span] = (),
) -> AudioEvents:
    """Sounds that fit the turns: voice activity where there are words, and where `extra` says so."""
    speech = tuple(sorted({*(one.span for one in said if one.words), *extra}))
    channels: tuple[int | None, ...] = (0, 1) if relation is ChannelRelation.DISTINCT else (None,)
    activity = tuple(
        Activity(
            channel,
            tuple(span for span in speech if channel is None or span in extra or _channel_of(said, span) == channel),
            -20.0,
            -60.0,
        )
        for channel in channels
    )
    return AudioEvents(duration, len(channels), relation, activity)


def _channel_of(said: Sequence[Turn], span: Span) -> int:
    return 0 if any(one.span == span and one.role is Role.MANAGER for one in said) else 1


def call(
    *lines: str,
    language: str = "en",
    call_id: str = "9f2c000000000001",
    manager: str = "",
    duration: float | None = None,
    probability: float | None = 0.95,
    start: float = 0.5,
    events: AudioEvents | None = None,
    times: Timings | None = None,
    role_confidence: float = 0.97,
    direction: Direction = Direction.INBOUND,
) -> Call:
    """A whole call from its lines; without `times` an unremarkable one that was answered at 0 s."""
    said = turns(*lines, start=start, probability=probability)
    length = (said[-1].end if said else 0.0) + 2.0 if duration is None else duration
    return Call(
        call_id=call_id,
        sha256=call_id * 4,
        path=f"day/{call_id}.wav",
        language=language,
        duration=length,
        manager=manager,
        identity=CallIdentity(manager=manager, direction=direction, source="file name"),
        turns=said,
        events=events,
        timings=times or timings(length),
        roles=RoleAssignment(role_confidence, "greeting"),
        engines=Engines("fake", "fake"),
    )
