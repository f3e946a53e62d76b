"""Manners of a hold: the manager asks before it, and thanks for waiting after it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from qa_engine.domain.spans import Span
from qa_engine.domain.timings import Courtesy, Hold
from qa_engine.timings.courtesies import Listener

__all__ = ["judge_manners", "seconds_after", "seconds_before"]

REACH = 15.0  # seconds before and after a hold in which words belong to it: two or three sentences
OVERLAP = 2.0  # seconds into a hold, from either side, where its border may have been put late or early

WHY_NOT_BACK = "nobody came back before the recording ended"
WHY_SOMEBODY_ELSE = "somebody else took the call"


def judge_manners(holds: Sequence[Hold], listener: Listener, *, answered_at: float) -> tuple[Hold, ...]:
    """The holds with what was said before and after them; the first manager need not thank where another came back."""
    borders = [answered_at, *(hold.end for hold in holds)]
    following = [*(hold.start for hold in holds[1:]), float("inf")]
    return tuple(
        replace(
            hold,
            asked=_asked(listener, seconds_before(hold, not_before=earlier)),
            returned=_returned(listener, hold, seconds_after(hold, not_after=later)),
        )
        for hold, earlier, later in zip(holds, borders, following, strict=False)
    )


def seconds_before(hold: Hold, *, not_before: float = 0.0) -> Span:
    """Where words before a hold belong to it."""
    start = max(not_before, hold.start - REACH, 0.0)
    return Span(start, max(start, min(hold.start + OVERLAP, hold.end)))


def seconds_after(hold: Hold, *, not_after: float = float("inf")) -> Span:
    """Where words after a hold belong to it."""
    start = max(hold.start, hold.end - OVERLAP)
    return Span(start, max(start, min(not_after, hold.end + REACH)))


def _asked(listener: Listener, window: Span) -> Courtesy:
    return listener.listen(("please_hold", "transfer"), window, last=True)


def _returned(listener: Listener, hold: Hold, window: Span) -> Courtesy:
    heard = listener.listen(("thanks_for_holding",), window)
    if heard.said:
        return heard
    if not listener.is_heard_after(hold.end):
        return Courtesy(None, why=WHY_NOT_BACK)
    return Courtesy(None, why=WHY_SOMEBODY_ELSE) if hold.during_transfer else heard
