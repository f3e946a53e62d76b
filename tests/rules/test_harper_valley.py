"""The goal for real calls: what was said is found, nobody is failed for it, and nothing is found that was not said."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

import pytest

BENCHMARK = Path(__file__).parents[1] / "benchmark" / "harper_valley.py"
spec = importlib.util.spec_from_file_location("harper_valley", BENCHMARK)
assert spec is not None and spec.loader is not None
harper_valley = importlib.util.module_from_spec(spec)
sys.modules["harper_valley"] = harper_valley
spec.loader.exec_module(harper_valley)

pytestmark = [
    pytest.mark.shared,
    pytest.mark.skipif(not harper_valley.DATA.exists(), reason=f"no labelled transcripts at {harper_valley.DATA.name}"),
]


@pytest.fixture(scope="module")
def tables():
    return harper_valley.rounds(harper_valley.DATA, "asr")


def test_what_was_said_is_found_and_nobody_is_failed_for_it(tables):
    rows = tables["as it is"]
    assert sum(row.passed for row in rows) / sum(row.said for row in rows) >= 0.97
    assert sum(row.false_fails for row in rows) == 0


def test_nothing_is_found_that_was_not_said(tables):
    for title, rows in tables.items():
        if "asked for" in title:
            assert sum(row.false_passes for row in rows) == 0, title
