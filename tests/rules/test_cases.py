"""The tables in `cases/`: one row, one call, one verdict."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from rule_cards import card

from builders import call, hold, timings
from qa_engine.rules.evaluate import evaluate
from qa_engine.rules.registry import CHECKS

CASES = Path(__file__).parent / "cases"


def rows() -> Iterator[Any]:
    for file in sorted(CASES.glob("*.yaml")):
        for table in yaml.safe_load(file.read_text(encoding="utf-8")):
            for verdict, why, *lines in table["rows"]:
                yield pytest.param(table, verdict, lines, id=f"{file.stem}-{table['title']}-{why}".replace(" ", "_"))


@pytest.mark.parametrize(("table", "verdict", "lines"), list(rows()))
def test_the_verdict_is_the_one_in_the_table(table: dict[str, Any], verdict: str, lines: list[str], tmp_path: Path):
    more = {name: table[name] for name in ("company", "managers") if name in table}
    scorecard = card(tmp_path, table["criterion"], language=table["language"], **more)
    times = timings(120.0, holds=[hold(*table["hold"])]) if "hold" in table else None
    result = evaluate(call(*lines, language=table["language"], times=times), scorecard).criteria[0]
    assert result.verdict == verdict, f"{result.reason} {result.evidence}"


def test_every_check_that_goes_by_words_has_a_table():
    by_words = {name for name, check in CHECKS.items() if check.by_words}
    assert by_words <= {file.stem for file in CASES.glob("*.yaml")}
