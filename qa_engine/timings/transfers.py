"""Transfers: the customer is handed to somebody else.

Heard as a second ringing, as a new voice after a hold, as somebody who gives another name after it, or as a hold that
the manager announced as a transfer and from which he does not come back himself. The words alone ("I'll put you
through") are no transfer. Both managers may be on one channel, so a speaker label proves a new voice but never that
there is none.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from qa_engine.domain.spans import Span
from qa_engine.domain.timings import Courtesy, Hold, Transfer
from qa_engine.domain.transcript import Role, Turn
from qa_engine.timings.courtesies import Listener
from qa_engine.timings.destinations import find_destination
from qa_engine.timings.spoken import Said

__all__ = ["find_transfers", "mark_transfers"]

ANNOUNCED_BEFORE = 30.0  # seconds: a transfer is announced where it was said so long before the hold, or nearer
ANNOUNCED_INTO = 1.0  # seconds into the hold, whose border may have been put early
INTRODUCES_WITHIN = 10.0  # seconds after a hold in which a new party says its name
NEW_VOICE = 1.5  # seconds a new speaker must be heard before it counts
LISTEN_AFTER = 30.0  # seconds after a hold in which a new voice is looked for
RETURN_WITHIN = 6.0  # seconds after a hold in which the same manager thanks for waiting
EARLY = 0.5  # seconds by which words may begin before the end of the hold
RING_EDGE = 1.0  # seconds by which a ringing may lie outside the hold it belongs to
OTHERS = (Role.CUSTOMER, Role.IVR)


def find_transfers(holds: Sequence[Hold], listener: Listener, rings: Sequence[Span]) -> tuple[Transfer, ...]:
    """One transfer at most per hold, in time order; `rings`: those after the answer."""
    found = (_AfterHold(hold, listener, rings).transfer() for hold in holds)
    return tuple(transfer for transfer in found if transfer is not None)


def mark_transfers(holds: Sequence[Hold], transfers: Sequence[Transfer]) -> tuple[Hold, ...]:
    """The holds, those that end in a transfer marked."""
    ends = [transfer.at for transfer in transfers]
    return tuple(replace(hold, during_transfer=any(_ends_in(hold, at, holds) for at in ends)) for hold in holds)


def _ends_in(hold: Hold, at: float, holds: Sequence[Hold]) -> bool:
    """Whether `hold` is the last one before the new party is heard `at`."""
    return hold.end <= at + 0.5 and not any(hold.end < other.end <= at + 0.5 for other in holds)


@dataclass(frozen=True, slots=True)
class _AfterHold:
    """What is known about who comes after one hold."""

    hold: Hold
    listener: Listener
    rings: Sequence[Span]

    def transfer(self) -> Transfer | None:
        """The transfer this hold is, None where it is none."""
        announced = self._announced()
        following = self._following()
        rang = self._rang()
        if not self._is_transfer(bool(announced.said), rang, bool(following)):
            return None
        at = max(self.hold.end, following[0].start) if following else self.hold.end
        opening = Span(max(0.0, at - EARLY), at + INTRODUCES_WITHIN)
        return Transfer(
            at=round(at, 3),
            announced=announced.said,
            source="audio+words" if announced.said or not rang else "audio",
            to=self._destination(),
            wait=round(self.hold.seconds, 3),
            words=announced.quote,
            greeted=self.listener.listen(("greeting",), opening),
            introduced=self.listener.listen_for_name(opening),
        )

    def _is_transfer(self, announced: bool, rang: bool, followed: bool) -> bool:
        if self._is_new_voice() or self._gives_another_name():
            return followed or rang
        if self._came_back():
            return False
        return rang or (announced and followed)

    def _following(self) -> list[Turn]:
        """Turns of the company's side that end after the hold."""
        turns = self.listener.spoken.turns
        return [turn for turn in turns if turn.end > self.hold.end and turn.role not in OTHERS]

    def _rang(self) -> bool:
        around = self.hold.span.grow(RING_EDGE)
        return any(ring.overlap(around) > 0 for ring in self.rings)

    def _before(self) -> Span:
        start = self.hold.start
        return Span(max(0.0, start - ANNOUNCED_BEFORE), start + ANNOUNCED_INTO)

    def _announced(self) -> Courtesy:
        return self.listener.listen(("transfer",), self._before(), last=True)

    def _destination(self) -> str:
        """To whom, by the last announcement that says it."""
        language = self.listener.spoken.language
        window = self._before()
        cues = [said for said in self._own("transfer") if said.span.overlap(window) > 0]
        named = [find_destination(said, language) for said in cues] if language else []
        return next((name for name in reversed(named) if name), "")

    def _own(self, lexicon: str) -> list[Said]:
        """Phrases that the company's side said for certain, in time order."""
        found = [said for said in self.listener.spoken.find(lexicon) if said.certain and said.turn.role not in OTHERS]
        return sorted(found, key=lambda said: said.span)

    def _came_back(self) -> bool:
        """Whether the same manager takes the call again: he thanks for waiting, or says that nobody answers."""
        back = [*self._own("thanks_for_holding"), *self._own("transfer_failed")]
        return any(-EARLY <= said.span.start - self.hold.end <= RETURN_WITHIN for said in back)

    def _gives_another_name(self) -> bool:
        """Whether somebody says his name soon after the hold, and not one that was given before it."""
        names = [said for said in self.listener.spoken.find_own_names() if said.certain]
        own = [said for said in names if said.turn.role not in OTHERS]
        known = {self._key(said.name) for said in own if said.span.end <= self.hold.start + ANNOUNCED_INTO}
        after = [said for said in own if -EARLY <= said.span.start - self.hold.end <= INTRODUCES_WITHIN]
        return any(self._key(said.name) not in known for said in after)

    def _key(self, name: str) -> str:
        """A name without its spelling: the full form of the first name in it."""
        language = self.listener.spoken.language
        tokens = language.tokens(name) if language else ()
        return next((full for token in tokens if language and (full := language.canonical_name(token))), name.lower())

    def _is_new_voice(self) -> bool:
        """Whether a speaker label never heard before speaks soon after the hold, more than the manager before it."""
        turns = self.listener.spoken.turns
        before = {turn.speaker for turn in turns if turn.start < self.hold.start}
        soon = Span(max(0.0, self.hold.end - EARLY), self.hold.end + LISTEN_AFTER)
        new: dict[str, float] = {}
        old = 0.0
        for turn in turns:
            if not turn.speaker or turn.role in OTHERS or not soon.start <= turn.start <= soon.end:
                continue
            if turn.speaker in before:
                old += turn.end - turn.start
            else:
                new[turn.speaker] = new.get(turn.speaker, 0.0) + turn.end - turn.start
        return bool(before) and any(seconds >= max(NEW_VOICE, old) for seconds in new.values())
