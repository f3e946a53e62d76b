"""Scorecards of one criterion, made from plain values as a file would hold them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from qa_engine.domain.scorecard import Scorecard
from qa_engine.rules.loading import load_scorecard

TITLES = {"id": "one", "title": "The criterion", "weight": 10}


def card_values(*criteria: dict[str, Any], language: str = "en", **more: Any) -> dict[str, Any]:
    """The values of a whole scorecard around some criteria."""
    return {
        "scorecard": 1,
        "id": "card",
        "title": "Card",
        "language": language,
        "company": {"name": "Sunny Garden"},
        "pass_mark": 80,
        "sections": [{"id": "all", "title": "All", "criteria": [{**TITLES, **one} for one in criteria]}],
        **more,
    }


def card(folder: Path, *criteria: dict[str, Any], language: str = "en", **more: Any) -> Scorecard:
    """The same, loaded from a file (JSON is YAML)."""
    file = folder / "card.yaml"
    values = card_values(*criteria, language=language, **more)
    file.write_text(json.dumps(values, ensure_ascii=False), encoding="utf-8")
    return load_scorecard(file)
