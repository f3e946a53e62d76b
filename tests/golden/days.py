"""The sample days: their truth, and a run of the engine over one, compared with it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Day:
    """A sample day with the scorecard that judges it."""

    name: str
    scorecard: str

    @property
    def folder(self) -> Path:
        return ROOT / "samples" / self.name

    @property
    def card(self) -> Path:
        return ROOT / "scorecards" / self.scorecard

    def truth(self) -> dict[str, dict[str, Any]]:
        """Recording's file name -> what is really in it."""
        content = json.loads((self.folder / "truth.json").read_text(encoding="utf-8"))
        return {recording["file"]: recording for recording in content["recordings"]}


ENGLISH = Day("day_en", "phone_en.yaml")
RUSSIAN = Day("day_ru", "phone_ru.yaml")


def verdicts(line: dict[str, Any]) -> dict[str, str]:
    return {criterion["id"]: criterion["verdict"] for criterion in line["criteria"]}


def lines_by_file(text: str) -> dict[str, dict[str, Any]]:
    lines = [json.loads(line) for line in text.splitlines()]
    return {Path(line["recording"]).name: line for line in lines}
