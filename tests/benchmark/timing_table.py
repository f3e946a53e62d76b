"""The table: one row per measure, one column per method, with the goal, the number of cases and a 95 % interval."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from timing_calls import TrueHold
from timing_heard import BASELINES, ENGINE, ENGINE_WORDS, Cost
from timing_scores import (
    NEAR,
    Outcome,
    answer_error,
    f1_interval,
    false_speech,
    is_answer_good,
    matches,
    quantiles,
    recall_after,
    ring_cycle_error,
    ring_seconds_error,
    shares,
    wilson,
)

__all__ = ["print_table"]

WIDTH = 50


def print_table(outcomes: Sequence[Outcome], costs: dict[bool, Cost]) -> None:
    """All rows, as text on the terminal."""
    methods = [name for name in BASELINES if any(name in outcome.heard for outcome in outcomes)]
    print(f"\n{len(outcomes)} calls, {sum(cost.sound for cost in costs.values()) / 60:.0f} minutes")
    _head([ENGINE, *methods])
    _answers(outcomes, [ENGINE, *methods])
    _rings(outcomes, 1 + len(methods))
    _head([ENGINE, ENGINE_WORDS, *(name for name in methods if name != "CDR")])
    _holds(outcomes, [ENGINE, ENGINE_WORDS, *(name for name in methods if name != "CDR")])
    _transfers(outcomes)
    _recalls(outcomes, [ENGINE, *(name for name in methods if name != "CDR")])
    _speed(costs)


def _head(methods: Iterable[str]) -> None:
    print(f"\n{'':<{WIDTH}}{'goal':>8}{'cases':>7}  " + "".join(f"{name:>18}" for name in methods))


def _row(name: str, goal: str, cases: int, values: Iterable[str]) -> None:
    print(f"{name:<{WIDTH}}{goal:>8}{cases:>7}  " + "".join(f"{value:>18}" for value in values))


def _share(hits: int, of: int) -> str:
    if not of:
        return "-"
    low, high = wilson(hits, of)
    return f"{hits / of:.3f} [{low:.2f}-{high:.2f}]"


def _answers(outcomes: Sequence[Outcome], methods: Sequence[str]) -> None:
    for name, chosen in _waits(outcomes).items():
        good = [shares(chosen, lambda one, m=method: is_answer_good(one, m)) for method in methods]
        _row(f"answer right, {name}", "0.95", len(chosen), [_share(*each) for each in good])
    waits = _waits(outcomes)["all"]
    near = [shares(waits, lambda one, m=method: (answer_error(one, m) or 0.0) <= NEAR) for method in methods]
    _row("answer within 0.3 s, whatever is stated", "", len(waits), [_share(*each) for each in near])
    errors = [[e for one in waits if (e := answer_error(one, method)) is not None] for method in methods]
    for label, index in (("median", 0), ("95th percentile", 1)):
        _row(f"answer error, {label}, s", "", len(waits), [f"{quantiles(each)[index]:.2f}" for each in errors])
    stated = [one.heard[ENGINE].uncertainty for one in waits if one.truth.in_pause]
    for label, index in (("median", 0), ("95th percentile", 1)):
        _row(f"uncertainty stated in the pause, {label}, s", "", len(stated), [f"{quantiles(stated)[index]:.2f}"])


def _waits(outcomes: Sequence[Outcome]) -> dict[str, list[Outcome]]:
    known = [one for one in outcomes if one.truth.answered_at is not None]
    return {
        "all": known,
        "the answer cuts a tone": [one for one in known if one.truth.rings and not one.truth.in_pause],
        "the answer in the pause": [one for one in known if one.truth.in_pause],
        "music or silence in place of rings": [one for one in known if not one.truth.rings],
    }


def _rings(outcomes: Sequence[Outcome], num_methods: int) -> None:
    ringing = [one for one in outcomes if one.truth.rings]
    for mid, name in ((False, "ring count exact"), (True, "ring count exact, begins in a ring")):
        chosen = [one for one in ringing if one.truth.mid_ring is mid]
        good = shares(chosen, lambda one: one.heard[ENGINE].rings == one.truth.rings)
        _row(name, "0.95", len(chosen), [_share(*good)])
    timed = [error for one in ringing if (error := ring_seconds_error(one, ENGINE)) is not None]
    record = [error for one in ringing if "CDR" in one.heard and (error := ring_seconds_error(one, "CDR")) is not None]
    near = [(sum(error <= 1.0 for error in each), len(each)) for each in (timed, record) if each]
    blanks = [""] * (num_methods - 2)
    _row("ring seconds within 1 s", "", len(timed), [_share(*near[0]), *blanks, _share(*near[-1])] if near else [])
    several = [one for one in ringing if one.truth.rings > 1 and not one.truth.in_series]
    cycles = [ring_cycle_error(one, ENGINE) for one in several]
    good = sum(error is not None and error <= 0.2 for error in cycles), len(several)
    _row("cadence named, cycle within 0.2 s", "", len(several), [_share(*good)])
    silent = [one for one in outcomes if not one.truth.rings]
    _row("rings heard where there are none", "0", len(silent), [f"{sum(bool(o.heard[ENGINE].rings) for o in silent)}"])


def _holds(outcomes: Sequence[Outcome], methods: Sequence[str]) -> None:
    kinds = [hold.kind for one in outcomes for hold in one.truth.holds]
    matched = {method: _matched(outcomes, method) for method in methods}
    found = {method: sum(len(one.heard[method].holds or ()) for one in outcomes) for method in methods}
    _row("holds: precision", "", len(kinds), [_share(len(matched[m]), found[m]) for m in methods])
    _row("holds: recall", "", len(kinds), [_share(len(matched[m]), len(kinds)) for m in methods])
    f1 = [f1_interval(outcomes, method) for method in methods] if kinds else []
    values = [f"{value:.3f} [{low:.2f}-{high:.2f}]" for value, low, high in f1]
    _row("holds: F1, start and end within 1 s", "0.95", len(kinds), values)
    for what in sorted({hold.what for one in outcomes for hold in one.truth.holds}):
        of = sum(hold.what == what for one in outcomes for hold in one.truth.holds)
        _row(f"  found: {what}", "", of, [_share(sum(h.what == what for h, _ in matched[m]), of) for m in methods])
    for kind in sorted(set(kinds)):
        of = [[called == kind for hold, called in matched[method] if hold.kind == kind] for method in methods[:2]]
        _row(f"  called {kind}, of those found", "", len(of[-1]), [_share(sum(each), len(each)) for each in of])
    for name, chosen in _without_holds(outcomes).items():
        invented = [sum(len(one.heard[method].holds or ()) for one in chosen) for method in methods]
        _row(f"holds invented, {name}", "0", len(chosen), [str(count) for count in invented])


def _matched(outcomes: Sequence[Outcome], method: str) -> list[tuple[TrueHold, str]]:
    """True holds that were found, and what they were called."""
    pairs = []
    for one in outcomes:
        found = one.heard[method].holds or ()
        pairs += [(one.truth.holds[i], found[j][2]) for i, j in matches(one.truth.holds, found)]
    return pairs


def _without_holds(outcomes: Sequence[Outcome]) -> dict[str, list[Outcome]]:
    free = [one for one in outcomes if not one.truth.holds]
    return {
        "traps": [one for one in free if one.case.group == "trap"],
        "recordings of people": [one for one in free if one.case.group == "real"],
        "other calls without hold": [one for one in free if one.case.group not in {"trap", "real"}],
    }


def _transfers(outcomes: Sequence[Outcome]) -> None:
    handed = [one for one in outcomes if one.truth.transfers]
    found = [(one.truth.transfers[0], one.heard[ENGINE_WORDS].transfers or ()) for one in handed]
    heard = [(true, near[0]) for true, them in found if (near := [one for one in them if abs(one[0] - true.at) <= 2.0])]
    told = [true for true, (_, announced) in heard if announced is true.announced]
    _row("transfers found, within 2 s", "", len(handed), ["", _share(len(heard), len(handed))])
    _row("  announced or not: right", "", len(heard), ["", _share(len(told), len(heard))])
    kept = [one for one in outcomes if one.truth.turns and not one.truth.transfers]
    wrong = sum(len(one.heard[ENGINE_WORDS].transfers or ()) for one in kept)
    _row("transfers invented", "0", len(kept), ["", str(wrong)])


def _recalls(outcomes: Sequence[Outcome], methods: Sequence[str]) -> None:
    _head(methods)
    for what in ("music", "ringback", "silence", "all"):
        name = "whole call, to compare" if what == "all" else f"first 5 s after {what}"
        pairs = {method: [pair for one in outcomes for pair in recall_after(one, method, what)] for method in methods}
        _row(f"speech heard, {name}", "", len(pairs[ENGINE]), [_recall(pairs[m]) for m in methods])
    wrong = {method: [false_speech(one, method) for one in outcomes] for method in methods}
    num = sum(of > 0 for _, of in wrong[ENGINE])
    _row("waiting called speech, share of its seconds", "0", num, [_recall(wrong[m]) for m in methods])


def _recall(pairs: Sequence[tuple[float, float]]) -> str:
    of = sum(true for _, true in pairs)
    return f"{sum(heard for heard, _ in pairs) / of:.3f}" if of else "-"


def _speed(costs: dict[bool, Cost]) -> None:
    print()
    for is_stereo, cost in costs.items():
        work = cost.analysis + cost.timings
        if cost.sound and work:
            name = "two channels" if is_stereo else "one channel"
            print(f"{name}: {cost.sound / work:.0f} x real time on one core (CPU time), goal 200")
            stages = {"decoding": cost.decoding, "detection": cost.analysis - cost.decoding, "times": cost.timings}
            print("    " + ", ".join(f"{stage} {100 * each / work:.0f} %" for stage, each in stages.items()))
