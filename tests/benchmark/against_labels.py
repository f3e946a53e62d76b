"""The lines of `qa-engine score --json` against hand labels: recall, false fails, false passes, reviews per criterion.

    qa-engine score ../shared/data/harper_valley/asr --scorecard scorecards/phone_en.yaml \
        --set company.name="Harper Valley National Bank" --json out.jsonl
    python tests/benchmark/against_labels.py out.jsonl ../shared/data/harper_valley/labels.csv
"""

from __future__ import annotations

import argparse
import csv
import json
from collections import Counter
from pathlib import Path

LABELS = {
    "hello": "agent_said_hello",
    "company": "agent_named_company",
    "own_name": "agent_named_self",
    "offer_help": "agent_offered_help",
    "anything_else": "agent_asked_anything_else",
    "farewell": "agent_said_farewell",
}


def count_verdicts(lines: Path, labels: Path) -> dict[str, Counter[tuple[bool, str]]]:
    """Criterion -> (said, verdict) -> number of calls; calls without a label are left out."""
    with labels.open(encoding="utf-8", newline="") as file:
        truth = {row["sid"]: row for row in csv.DictReader(file)}
    counts: dict[str, Counter[tuple[bool, str]]] = {id_: Counter() for id_ in LABELS}
    for line in lines.read_text(encoding="utf-8").splitlines():
        scored = json.loads(line)
        row = truth.get(Path(scored["recording"]).stem)
        if row is None or "criteria" not in scored:
            continue
        for criterion in scored["criteria"]:
            if criterion["id"] in LABELS:
                counts[criterion["id"]][row[LABELS[criterion["id"]]] == "1", criterion["verdict"]] += 1
    return counts


def table(counts: dict[str, Counter[tuple[bool, str]]]) -> str:
    """The counts as lines of text."""
    lines = [f"{'criterion':<14}{'said':>6}{'recall':>8}{'false fail':>12}{'unsaid':>8}{'false pass':>12}{'review':>8}"]
    for id_, found in counts.items():
        said = sum(number for (was_said, _), number in found.items() if was_said)
        unsaid = sum(found.values()) - said
        recall = f"{found[True, 'pass'] / said:.3f}" if said else "-"
        review = found[True, "review"] + found[False, "review"]
        lines.append(
            f"{id_:<14}{said:>6}{recall:>8}{found[True, 'fail']:>12}{unsaid:>8}{found[False, 'pass']:>12}{review:>8}"
        )
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("lines", type=Path)
    parser.add_argument("labels", type=Path)
    chosen = parser.parse_args()
    print(table(count_verdicts(chosen.lines, chosen.labels)))


if __name__ == "__main__":
    main()
