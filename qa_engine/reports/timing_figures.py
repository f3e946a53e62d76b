"""The times of a call as plain JSON values; the keys are a contract, new ones are only added.

What could not be measured is ``{"measured": false, "why": ...}`` and never 0 or an empty list; null says that it cannot
be told. Times are rounded to 0.01 s here and nowhere before.
"""

from __future__ import annotations

from typing import Any

from qa_engine.domain.call import Call
from qa_engine.domain.conversation import Interruptions, PauseGrade, Talk
from qa_engine.domain.spans import Span
from qa_engine.domain.timings import Courtesy, Hold, Quote, RecordedTimes, Ringing, Timings, Transfer
from qa_engine.reports.cleaning import encodable
from qa_engine.reports.labels import LABELS

__all__ = ["seconds", "timings_object"]

TIME_DIGITS = 2  # 0.01 s: finer than any measurement here, coarse enough to read


def timings_object(source: Call | Timings, *, language: str = "en") -> dict[str, Any]:
    """The times of a call; `language` is that of the reasons for a bare Timings (a Call brings its own)."""
    timings = source.timings if isinstance(source, Call) else source
    language = source.language if isinstance(source, Call) else language
    known = {
        "duration": seconds(timings.duration),
        "ringing": _ringing(timings.ringing),
        "answered_at": seconds(timings.answered_at),
        "holds": _holds(timings, language),
        "transfers": [_transfer(transfer) for transfer in timings.transfers],
        "talk": _talk(timings.talk, language),
        "dead_air": _dead_air(timings, language),
        "interruptions": _interruptions(timings.interruptions, language),
        "pauses": _pauses(timings, language),
        "overlaps": _overlaps(timings, language),
        "monologues": _monologues(timings, language),
        "words_per_minute": _pace(timings, language),
    }
    return known if timings.recorded is None else {**known, "records": _records(timings.recorded)}


def seconds(value: float | None) -> float | None:
    """Seconds as they are shown, None where they are not known."""
    return None if value is None else round(float(value), TIME_DIGITS)


def _ringing(ringing: Ringing) -> dict[str, Any]:
    if not ringing.measured:
        return {"measured": False, "why": ringing.why}
    why = {"why": ringing.why} if ringing.why else {}
    return {
        "measured": True,
        "start": seconds(ringing.start),
        "end": seconds(ringing.end),
        "rings": ringing.rings,
        "seconds": seconds(ringing.seconds),
        "uncertainty": seconds(ringing.uncertainty),
        "tone": ringing.tone,
        "source": ringing.source,
        **why,
    }


def _holds(timings: Timings, language: str) -> list[dict[str, Any]] | dict[str, Any]:
    if not timings.holds_measured and not timings.holds:
        return _not_measured("why_no_holds", language)
    return [_hold(hold) for hold in timings.holds]


def _hold(hold: Hold) -> dict[str, Any]:
    return {
        "start": seconds(hold.start),
        "end": seconds(hold.end),
        "seconds": seconds(hold.seconds),
        "kind": hold.kind.value,
        "during_transfer": hold.during_transfer,
        "source": hold.source,
        "asked": _courtesy(hold.asked),
        "returned": _courtesy(hold.returned),
    }


def _transfer(transfer: Transfer) -> dict[str, Any]:
    return {
        "at": seconds(transfer.at),
        "announced": transfer.announced,
        "source": transfer.source,
        "to": encodable(transfer.to) or None,
        "wait": seconds(transfer.wait),
        "words": None if transfer.words is None else _quote(transfer.words),
        "greeted": _courtesy(transfer.greeted),
        "introduced": _courtesy(transfer.introduced),
    }


def _courtesy(courtesy: Courtesy | None) -> dict[str, Any] | None:
    """``{"said": true, words}``, ``{"said": false}``, ``{"said": null, "why"}``; None where nobody looked."""
    if courtesy is None:
        return None
    quoted = {} if courtesy.quote is None else _quote(courtesy.quote)
    why = {"why": courtesy.why} if courtesy.why else {}
    return {"said": courtesy.said, **quoted, **why}


def _quote(quote: Quote) -> dict[str, Any]:
    return {
        "quote": encodable(quote.text),
        "role": quote.role.value,
        "start": seconds(quote.start),
        "end": seconds(quote.end),
    }


def _talk(talk: Talk | None, language: str) -> dict[str, Any]:
    if talk is None:
        return _not_measured("why_no_talk", language)
    return {
        "manager": seconds(talk.manager),
        "customer": seconds(talk.customer),
        "overlap": seconds(talk.overlap),
        "silence": seconds(talk.silence),
        "estimate": talk.estimate,
        "source": talk.source,
        "ratio": _share(talk.ratio),
        "silence_share": _share(talk.silence_share),
        "second_manager": seconds(talk.second_manager),
    }


def _share(value: float | None) -> float | None:
    return None if value is None else round(value, 3)


def _dead_air(timings: Timings, language: str) -> list[dict[str, Any]] | dict[str, Any]:
    if timings.talk is None and timings.pauses is None and not timings.dead_air:
        return _not_measured("why_no_talk", language)
    after = {pause.span: pause.after.value for pause in timings.pauses or ()}
    return [_silence(span, after.get(span)) for span in timings.dead_air]


def _silence(span: Span, after: str | None) -> dict[str, Any]:
    grade = PauseGrade.of(round(span.duration, TIME_DIGITS))
    return {
        **_span(span),
        "seconds": seconds(span.duration),
        "grade": None if grade is None else grade.value,
        "after": after,
    }


def _pauses(timings: Timings, language: str) -> dict[str, Any]:
    """How many there are of each grade."""
    if timings.pauses is None:
        return _without_figures(timings, "why_no_talk", language)
    return {grade.value: sum(pause.grade is grade for pause in timings.pauses) for grade in PauseGrade}


def _interruptions(interruptions: Interruptions | None, language: str) -> dict[str, Any]:
    if interruptions is None or not interruptions.measured:
        return _not_measured("why_no_interruptions", language)
    moments = [
        {"at": seconds(moment.at), "by": moment.by.value, "seconds": seconds(moment.seconds)}
        for moment in interruptions.moments
    ]
    counted = {"by_manager": interruptions.by_manager, "by_customer": interruptions.by_customer}
    return {**counted, "moments": moments}


def _overlaps(timings: Timings, language: str) -> list[dict[str, Any]] | dict[str, Any]:
    if timings.overlaps is None:
        return _without_figures(timings, "why_no_talk" if timings.talk is None else "why_no_overlaps", language)
    return [
        {
            "start": seconds(overlap.start),
            "end": seconds(overlap.end),
            "seconds": seconds(overlap.seconds),
            "by": overlap.by.value,
            "severe": overlap.severe,
        }
        for overlap in timings.overlaps
    ]


def _monologues(timings: Timings, language: str) -> dict[str, Any]:
    monologues = timings.monologues
    if monologues is None:
        return _without_figures(timings, "why_no_talk", language)
    return {
        "manager": _monologue(monologues.manager),
        "customer": _monologue(monologues.customer),
        "estimate": monologues.estimate,
        "source": monologues.source,
    }


def _monologue(span: Span | None) -> dict[str, Any] | None:
    return None if span is None else {**_span(span), "seconds": seconds(span.duration)}


def _pace(timings: Timings, language: str) -> dict[str, Any]:
    pace = timings.pace
    if pace is None:
        return _without_figures(timings, "why_no_talk", language)
    return {"manager": pace.manager, "customer": pace.customer, "estimate": True, "source": pace.source}


def _records(recorded: RecordedTimes) -> dict[str, Any]:
    """What the phone system's record says beside the sound."""
    comparisons = [
        {
            "measure": one.measure,
            "audio": seconds(one.audio),
            "records": seconds(one.records),
            "difference": seconds(one.difference),
            "counts": one.counts,
            "why": encodable(one.why),
        }
        for one in recorded.comparisons
    ]
    return {
        "system": recorded.system,
        "id": encodable(recorded.record_id),
        "matched_by": recorded.matched_by,
        "comparisons": comparisons,
    }


def _without_figures(timings: Timings, key: str, language: str) -> dict[str, Any]:
    """Figures that this call does not have: older versions stored talk without them."""
    is_older = timings.talk is not None and timings.pauses is None
    return _not_measured("why_older" if is_older else key, language)


def _not_measured(key: str, language: str) -> dict[str, Any]:
    return {"measured": False, "why": LABELS.say(language, key)}


def _span(span: Span) -> dict[str, Any]:
    return {"start": seconds(span.start), "end": seconds(span.end)}
