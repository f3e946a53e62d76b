"""Legs of a MANGO OFFICE call from its events: Appeared -> Connected -> OnHold -> Connected -> Disconnected."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import pairwise

from qa_engine.domain.call_identity import Direction
from qa_engine.telephony.mango_calls import MangoLeg
from qa_engine.telephony.row_values import RowValues, seconds_between

__all__ = ["event_legs", "is_answered", "side", "summary_legs"]

KINDS = {"consultative": "attended", "blind": "blind", "return_blind": "blind"}  # transfer
State = tuple[str, datetime, RowValues]


def event_legs(states: Sequence[RowValues], direction: Direction) -> tuple[MangoLeg, ...]:
    """The legs of phones in order of time; consultations between employees are left out.

    A leg whose Appeared is not in the file is told and left out: since when it rang is not known.
    """
    by_leg: dict[str, list[RowValues]] = {}
    for state in states:
        if _is_phone(state) and not _is_consultation(state, direction):
            by_leg.setdefault(state.text("call_id"), []).append(state)
    legs = [leg for same in by_leg.values() if (leg := _leg(same)) is not None]
    return tuple(sorted(legs, key=lambda leg: leg.started_at))


def summary_legs(summary: RowValues, direction: Direction) -> tuple[MangoLeg, ...]:
    """The one leg that a summary tells of; () where nobody answered, for then it says nothing of the ringing."""
    answered_at = summary.moment("talk_time")
    name = "create_time" if direction is Direction.OUTBOUND else "forward_time"
    started_at = summary.moment(name) if answered_at else None
    if started_at is None or answered_at is None or answered_at < started_at:
        return ()
    return (MangoLeg(side(summary, "to"), started_at, answered_at, summary.moment("end_time")),)


def is_answered(states: Sequence[RowValues]) -> bool:
    """Whether a phone was answered."""
    return any(state.text("call_state") == "Connected" and _is_phone(state) for state in states)


def side(event: RowValues, name: str) -> str:
    """Who stands at the ``from`` or ``to`` of an event: the extension, or else the number."""
    return event.inside(name).text("extension", "number")


def _is_phone(state: RowValues) -> bool:
    return state.text("location").lower() in ("", "abonent")


def _is_consultation(state: RowValues, direction: Direction) -> bool:
    mine, theirs = state.inside("from").text("extension"), state.inside("to").text("extension")
    if direction is Direction.INBOUND:
        return bool(mine)
    return direction is Direction.OUTBOUND and bool(mine) and bool(theirs)


def _leg(events: Sequence[RowValues]) -> MangoLeg | None:
    states = _in_order(events)
    appeared = _first(states, "Appeared")
    if appeared is None:
        events[0].file.problems.add(events[0].line, "no Appeared of this leg: since when it rang is unknown")
        return None
    connected = _first(states, "Connected")
    holds = _holds(states)
    kind = next((KINDS[kind] for event in events if (kind := event.text("transfer")) in KINDS), "")
    return MangoLeg(
        side(events[0], "to"),
        appeared,
        connected,
        _first(states, "Disconnected"),
        hold_seconds=sum(holds) if connected else None,
        num_holds=len(holds) if connected else None,
        transfer=kind,
    )


def _in_order(events: Sequence[RowValues]) -> list[State]:
    """The states in the order of `seq`, each once; the vendor posts them in any order, and again after a fault."""
    once = {(event.text("seq"), event.text("call_state"), event.text("timestamp")): event for event in events}
    dated = [(event.text("call_state"), at, event) for event in once.values() if (at := event.moment("timestamp"))]
    return sorted(dated, key=lambda state: (_number(state[2].text("seq")), state[1]))


def _number(text: str) -> int:
    return int(text) if text.isdigit() else 0


def _first(states: Sequence[State], name: str) -> datetime | None:
    return next((at for state, at, _ in states if state == name), None)


def _holds(states: Sequence[State]) -> list[float]:
    """The seconds of each hold that the company's side made; whose it was unknown: each."""
    found = []
    for (state, at, event), (_, until, _) in pairwise(states):
        seconds = seconds_between(at, until)
        if state == "OnHold" and seconds is not None and _is_ours(event):
            found.append(seconds)
    return found


def _is_ours(event: RowValues) -> bool:
    sides = [event.inside(name) for name in ("from", "to")]
    initiators = [part for part in sides if part.text("hold_initiator") in ("true", "1")]
    return not initiators or any(part.text("extension") for part in initiators)
