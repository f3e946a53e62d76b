"""Which words of a verdict are quoted, and which few of many are kept."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from qa_engine.domain.evaluation import CriterionResult, Evidence, EvidenceKind, Verdict
from qa_engine.domain.transcript import Role
from qa_engine.reports.report import CallRow, Quote

__all__ = ["QuoteShelf", "quote_of", "telling_evidence"]

KEPT_QUOTES = 3
"""How many best and worst quotes of a criterion are kept: enough to see a habit, few enough to read."""

_KIND_ORDER = (EvidenceKind.MATCH, EvidenceKind.NEAR_MISS, EvidenceKind.EVENT, EvidenceKind.SEARCHED)


def telling_evidence(result: CriterionResult) -> Evidence | None:
    """The evidence that shows the verdict best: words before sounds, the manager's before others'."""
    return min(result.evidence, key=_worth, default=None)


def quote_of(result: CriterionResult, row: CallRow) -> Quote:
    """The telling evidence of a verdict with the call it is from."""
    shown = telling_evidence(result)
    return Quote(
        call_id=row.call_id,
        recording=row.recording,
        customer=row.customer,
        started_at=row.started_at,
        start=shown.start if shown else None,
        end=shown.end if shown else None,
        text=shown.quote if shown else "",
        role=shown.role if shown else None,
        kind=shown.kind if shown else None,
        reason=result.reason,
    )


def _worth(evidence: Evidence) -> tuple[bool, int, bool, float]:
    return (
        not evidence.quote,
        _KIND_ORDER.index(evidence.kind),
        evidence.role is not Role.MANAGER,
        evidence.start,
    )


_Shelf = list[tuple[tuple[Any, ...], Quote]]  # rank, quote


class QuoteShelf:
    """Keeps the few best and worst quotes of a criterion, whatever order the calls come in."""

    def __init__(self) -> None:
        self._best: _Shelf = []
        self._worst: _Shelf = []

    @property
    def best(self) -> tuple[Quote, ...]:
        """The manager's words that passed, the surest first."""
        return tuple(quote for _, quote in self._best)

    @property
    def worst(self) -> tuple[Quote, ...]:
        """What lost points, the most costly first; with words before without."""
        return tuple(quote for _, quote in self._worst)

    def add(self, result: CriterionResult, row: CallRow) -> None:
        """Consider one verdict for the shelf."""
        if result.verdict is Verdict.PASS:
            self._add_best(result, row)
        elif result.verdict.counts:
            quote = quote_of(result, row)
            rank = (result.share or 0.0, not quote.text, *_identity_rank(quote))
            self._worst = _kept(self._worst, rank, quote)

    def _add_best(self, result: CriterionResult, row: CallRow) -> None:
        quote = quote_of(result, row)
        if quote.text and quote.kind is EvidenceKind.MATCH and quote.role in (Role.MANAGER, None):
            similarity = max((one.similarity or 0.0 for one in result.evidence), default=0.0)
            self._best = _kept(self._best, (-similarity, *_identity_rank(quote)), quote)


def _identity_rank(quote: Quote) -> tuple[datetime, str, str]:
    """Earlier calls first, so that equal quotes have one order."""
    moment = quote.started_at.replace(tzinfo=None) if quote.started_at else datetime.max
    return (moment, quote.recording, quote.call_id)


def _kept(shelf: _Shelf, rank: tuple[Any, ...], quote: Quote) -> _Shelf:
    return sorted([*shelf, (rank, quote)], key=lambda item: item[0])[:KEPT_QUOTES]
