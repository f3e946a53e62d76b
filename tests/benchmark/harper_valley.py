"""Greeting and farewell criteria on 20 real calls to a bank, as a recogniser heard them, against hand labels.

    python tests/benchmark/harper_valley.py [--data ../shared/data/harper_valley] [--transcripts asr|human] [--show]

Printed per criterion: recall (of what was said, the share that passes), false fails (said, but failed), false passes
(not said, but passed), and what was left to a person. Three rounds: as it is; asked for another company (nothing may
pass); with the manager's greeting and farewell taken out (nothing may pass: negatives of every criterion).
"""

from __future__ import annotations

import argparse
import csv
import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from qa_engine.domain.call import Call, RoleAssignment
from qa_engine.domain.call_identity import CallIdentity
from qa_engine.domain.evaluation import CriterionResult, Verdict
from qa_engine.domain.hearing import Engines
from qa_engine.domain.timings import Beginning, Ringing, Timings
from qa_engine.domain.transcript import Role, Turn, Word
from qa_engine.rules.evaluate import evaluate
from qa_engine.rules.loading import load_scorecard

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT.parent / "shared" / "data" / "harper_valley"
CARD = ROOT / "scorecards" / "phone_en.yaml"
COMPANY = "Harper Valley National Bank"
OTHER_COMPANIES = ("Sunny Garden", "First Republic Bank", "Green Field Insurance")
MATTER_WORDS = 4  # the customer begins to say what the call is about
FAREWELLS = (
    "is there anything",
    "thank you",
    "thanks",
    "have a",
    "you have a",
    "bye",
    "alright thank",
    "alright thanks",
)
LABELS = {
    "hello": "agent_said_hello",
    "company": "agent_named_company",
    "own_name": "agent_named_self",
    "offer_help": "agent_offered_help",
    "anything_else": "agent_asked_anything_else",
    "farewell": "agent_said_farewell",
}


@dataclass(frozen=True)
class Row:
    """One criterion over all calls."""

    criterion: str
    said: int
    passed: int
    false_fails: int
    false_passes: int
    unsaid: int
    reviews: int

    @property
    def recall(self) -> float:
        """Of what was said, the share that passes (1 where nothing was said)."""
        return self.passed / self.said if self.said else 1.0


def read_call(path: Path, *, cut: bool = False) -> Call:
    """A transcript as a call; `cut` takes the manager's greeting and the words of his farewell out."""
    card = json.loads(path.read_text(encoding="utf-8"))
    turns = [_turn(segment) for segment in card["segments"]]
    if cut:
        turns = _without_courtesies(turns)
    first = next((turn.start for turn in turns), 0.0)
    timings = Timings(card["duration"], Beginning.UNKNOWN, Ringing(measured=False), first, holds_measured=False)
    return Call(
        path.stem,
        path.stem,
        path.name,
        "en",
        card["duration"],
        card["call"]["manager"],
        CallIdentity(),
        tuple(turns),
        None,
        timings,
        RoleAssignment(1.0, "transcript"),
        Engines("transcript", "transcript"),
    )


def _without_courtesies(turns: list[Turn]) -> list[Turn]:
    """The manager answers "yes please go on" in place of his greeting, and stops before he says goodbye."""
    matter = next(turn.start for turn in turns if turn.role is Role.CUSTOMER and len(turn.words) >= MATTER_WORDS)
    kept = []
    for turn in turns:
        if turn.role is not Role.MANAGER:
            kept.append(turn)
        elif turn.start < matter:
            kept.append(replace(turn, words=_shared_out("yes please go on", turn.start, turn.end)))
        else:
            said = turn.text.lower() + " "
            ends = [said[: said.find(f"{start} ")].count(" ") for start in FAREWELLS if f"{start} " in said]
            kept.append(replace(turn, words=turn.words[: min(ends, default=len(turn.words))]))
    return [turn for turn in kept if turn.words]


def _turn(segment: Mapping[str, Any]) -> Turn:
    start, end = float(segment["start"]), float(segment["end"])
    timed = segment.get("words") or []
    words = tuple(Word(one["word"], one["start"], one["end"], one.get("probability")) for one in timed)
    return Turn(Role(segment["speaker"]), start, end, words or _shared_out(segment["text"], start, end))


def _shared_out(text: str, start: float, end: float) -> tuple[Word, ...]:
    said = text.split()
    step = (end - start) / max(1, len(said))
    return tuple(Word(one, start + i * step, start + (i + 1) * step, interpolated=True) for i, one in enumerate(said))


def read_labels(data: Path) -> dict[str, dict[str, bool]]:
    """Call -> criterion -> whether it was said."""
    with (data / "labels.csv").open(encoding="utf-8", newline="") as file:
        return {row["sid"]: {one: row[label] == "1" for one, label in LABELS.items()} for row in csv.DictReader(file)}


def judge(data: Path, transcripts: str, company: str, *, cut: bool = False) -> Iterator[tuple[str, CriterionResult]]:
    """Every result of the criteria with labels."""
    scorecard = load_scorecard(CARD, settings={"company.name": company})
    for path in sorted((data / transcripts).glob("*.json")):
        for result in evaluate(read_call(path, cut=cut), scorecard).criteria:
            if result.id in LABELS:
                yield path.stem, result


def count(results: list[tuple[str, CriterionResult]], said: Callable[[str, str], bool]) -> list[Row]:
    """A row per criterion."""
    rows = []
    for criterion in LABELS:
        own = [(said(sid, criterion), result.verdict) for sid, result in results if result.id == criterion]
        pairs = Counter(own)
        rows.append(
            Row(
                criterion,
                sum(was_said for was_said, _ in own),
                pairs[True, Verdict.PASS],
                pairs[True, Verdict.FAIL],
                pairs[False, Verdict.PASS],
                sum(not was_said for was_said, _ in own),
                sum(verdict is Verdict.REVIEW for _, verdict in own),
            )
        )
    return rows


def rounds(data: Path, transcripts: str) -> dict[str, list[Row]]:
    """The table of each round."""
    labels = read_labels(data)
    tables = {"as it is": count(list(judge(data, transcripts, COMPANY)), lambda sid, one: labels[sid][one])}
    for other in OTHER_COMPANIES:
        rows = count(list(judge(data, transcripts, other)), lambda sid, one: one != "company" and labels[sid][one])
        tables[f"asked for {other}"] = [row for row in rows if row.criterion == "company"]
    cut = list(judge(data, transcripts, COMPANY, cut=True))
    tables["without greeting and farewell"] = count(cut, lambda sid, one: False)
    return tables


def shown(data: Path, transcripts: str) -> Iterator[str]:
    """What went wrong, with the reason and the words."""
    labels = read_labels(data)
    for cut in (False, True):
        for sid, result in judge(data, transcripts, COMPANY, cut=cut):
            right = Verdict.PASS if labels[sid][result.id] and not cut else Verdict.FAIL
            if result.verdict is not right:
                quotes = [(item.kind.value, item.quote) for item in result.evidence]
                yield f"{'cut ' if cut else ''}{sid} {result.id}: {result.verdict.value}, {result.reason} {quotes}"


def main() -> None:
    """Prints the tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--transcripts", default="asr", choices=["asr", "human"])
    parser.add_argument("--show", action="store_true", help="list everything that is not as labelled")
    options = parser.parse_args()
    if not (options.data / "labels.csv").exists():
        print(f"skipped: the labelled calls are not at {options.data}; name their folder with --data")
        return
    for title, rows in rounds(options.data, options.transcripts).items():
        print(f"\n{title} ({options.transcripts})")
        print(
            f"{'criterion':14} {'said':>5} {'recall':>7} {'false fail':>11} "
            f"{'unsaid':>7} {'false pass':>11} {'review':>7}"
        )
        for row in rows:
            print(
                f"{row.criterion:14} {row.said:5} {row.recall:7.3f} {row.false_fails:11} {row.unsaid:7} "
                f"{row.false_passes:11} {row.reviews:7}"
            )
    if options.show:
        print("\n" + "\n".join(shown(options.data, options.transcripts)))


if __name__ == "__main__":
    main()
