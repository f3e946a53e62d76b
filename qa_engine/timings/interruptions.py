"""Both parties at once: talk-over, and who cut the other short. Only where each party has its own channel."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from qa_engine.domain.conversation import Interruption, Interruptions, Overlap
from qa_engine.domain.spans import Span
from qa_engine.domain.transcript import Role
from qa_engine.timings.back_channels import BACK_CHANNEL
from qa_engine.timings.conversation import Voices

__all__ = ["measure_interruptions", "measure_overlaps"]

OVERLAP = 0.5  # seconds both speak before it counts (TELEPHONY 5)
STOPS_WITHIN = 2.0  # seconds after which the interrupted party has stopped (TELEPHONY 5)
HEAD_START = 0.3  # seconds the interrupted party must have been speaking
TOGETHER = 0.1  # seconds between two beginnings under which nobody was first: three hops of the voice detector


def measure_overlaps(turns: Voices) -> tuple[Overlap, ...] | None:
    """Where both speak for half a second and more; None for a mix of both. `turns`: without listening noises."""
    if not turns.exact:
        return None
    return tuple(
        Overlap(round(max(one.start, two.start), 3), round(min(one.end, two.end), 3), _came_in(one, two, turns))
        for one, two in _meetings(_long(turns.company), _long(turns.customer))
        if one.overlap(two) >= OVERLAP
    )


def measure_interruptions(turns: Voices) -> Interruptions:
    """How often and when each party cut the other short; not measured in a mix of both.

    What the second manager did is among the moments, not in the first one's count.
    """
    if not turns.exact:
        return Interruptions(by_manager=0, by_customer=0, measured=False)
    customer = _long(turns.customer)
    employees = [(role, _long(turns.of(role))) for role in (Role.MANAGER, Role.SECOND_MANAGER)]
    moments = sorted(
        [
            *(moment for role, own in employees for moment in _cutting(own, customer, by=role)),
            *(moment for _, own in employees for moment in _cutting(customer, own, by=Role.CUSTOMER)),
        ],
        key=lambda moment: moment.at,
    )
    counted = [sum(moment.by is role for moment in moments) for role in (Role.MANAGER, Role.CUSTOMER)]
    return Interruptions(counted[0], counted[1], moments=tuple(moments))


def _long(stretches: Sequence[Span]) -> list[Span]:
    """Those that can take the floor from somebody: a short word does not."""
    return [stretch for stretch in stretches if stretch.duration >= BACK_CHANNEL]


def _meetings(one: Sequence[Span], other: Sequence[Span]) -> Iterator[tuple[Span, Span]]:
    """Pairs of stretches, one of each party, that have time in common; both lists sorted and disjoint."""
    i = j = 0
    while i < len(one) and j < len(other):
        if one[i].overlap(other[j]) > 0:
            yield one[i], other[j]
        if one[i].end < other[j].end:
            i += 1
        else:
            j += 1


def _came_in(employee: Span, customer: Span, turns: Voices) -> Role:
    if abs(employee.start - customer.start) < TOGETHER:
        return Role.UNKNOWN
    if employee.start < customer.start:
        return Role.CUSTOMER
    return Role.SECOND_MANAGER if any(span.overlap(employee) > 0 for span in turns.second_manager) else Role.MANAGER


def _cutting(breaking_in: Sequence[Span], speaking: Sequence[Span], *, by: Role) -> list[Interruption]:
    return [
        Interruption(round(each.start, 3), by, round(victim.end - each.start, 3))
        for each, victim in _meetings(breaking_in, speaking)
        if _interrupts(each, victim)
    ]


def _interrupts(each: Span, victim: Span) -> bool:
    """Whether `each` begins inside `victim`, both go on for half a second, and the victim gives way."""
    begins_inside = victim.start + HEAD_START <= each.start < victim.end
    both = min(each.end, victim.end) - each.start
    gives_way = victim.end < each.end and victim.end - each.start <= STOPS_WITHIN
    return begins_inside and both >= OVERLAP and gives_way
