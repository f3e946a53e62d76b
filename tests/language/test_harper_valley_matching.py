"""Recall on real phone calls as a recogniser heard them, against labels made by hand.

All twenty calls were read while the matching was written, and two rules came from misses in the odd half (files sorted
by name): a name introduced as a company's but unreadable, and "... is Linda, how can I help". So these are regressions
to hold, not figures for unseen calls.
"""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from qa_engine.language import get_language
from qa_engine.language.matching import MATCH_AT, TokenText, find_any, find_company, find_own_name

FOLDER = Path(__file__).parents[2].parent / "shared" / "data" / "harper_valley"
pytestmark = [
    pytest.mark.shared,
    pytest.mark.skipif(not FOLDER.exists(), reason="the labelled transcripts are not beside the project"),
]
GREETING_SECONDS = 20.0
OTHERS = [
    "Platinum Motors", "First Republic Trust", "Green Valley Garden", "Sunny Garden", "Happy Motors National",
    "Chase Bank", "Wells Fargo", "Northern Savings Bank", "Carpet World", "Hartford Insurance",
    "Valley Forge Credit Union", "National Grid",
]  # fmt: skip


def _calls(half: str, odd: bool) -> list[tuple[dict[str, str], TokenText, int]]:
    with (FOLDER / "labels.csv").open(encoding="utf-8") as file:
        labels = {row["sid"]: row for row in csv.DictReader(file)}
    calls = []
    for path in sorted((FOLDER / half).glob("*.json"))[int(odd) :: 2]:
        segments = json.loads(path.read_text(encoding="utf-8"))["segments"]
        said = [(word, one["start"]) for one in segments if one["speaker"] == "manager" for word in one["text"].split()]
        opening = max(at for at, (_, start) in enumerate(said) if start <= said[0][1] + GREETING_SECONDS)
        calls.append((labels[path.stem], TokenText.from_words(get_language("en"), [word for word, _ in said]), opening))
    return calls


@pytest.mark.parametrize("half", ["human", "asr"])
@pytest.mark.parametrize("odd", [False, True])
@pytest.mark.parametrize(
    ("label", "lexicon", "opening_only"),
    [
        ("agent_said_hello", "greeting", True),
        ("agent_offered_help", "offer_help", True),
        ("agent_asked_anything_else", "anything_else", False),
        ("agent_said_farewell", "farewell", False),
        ("agent_thanked_caller", "thanks", False),
    ],
)
def test_phrases_said_are_found(half: str, odd: bool, label: str, lexicon: str, opening_only: bool) -> None:
    phrases = get_language("en").lexicon(lexicon)
    for labels, text, opening in _calls(half, odd):
        hits = find_any(text, phrases, last=opening if opening_only else None)
        assert labels[label] == "0" or (hits and hits[0].similarity >= MATCH_AT), labels["sid"]


@pytest.mark.parametrize(
    ("half", "odd", "missed"), [("human", False, 0), ("human", True, 0), ("asr", False, 0), ("asr", True, 1)]
)
def test_company_is_found(half: str, odd: bool, missed: int) -> None:
    found = [
        find_company(text, ["Harper Valley National Bank"], last=opening)
        for labels, text, opening in _calls(half, odd)
        if labels["agent_named_company"] == "1"
    ]
    assert all(found)  # at least a near miss: nobody is failed for the recogniser's mistake
    assert sum(hits[0].similarity < MATCH_AT for hits in found) <= missed


@pytest.mark.parametrize("half", ["human", "asr"])
@pytest.mark.parametrize("odd", [False, True])
def test_own_name_is_found(half: str, odd: bool) -> None:
    for labels, text, opening in _calls(half, odd):
        hits = find_own_name(text, last=opening)
        assert bool(hits) == (labels["agent_named_self"] == "1"), labels["sid"]
        if hits and half == "human":
            assert hits[0].name.lower() == labels["stated_name"]


@pytest.mark.parametrize("half", ["human", "asr"])
@pytest.mark.parametrize("company", OTHERS)
def test_another_company_is_never_heard(half: str, company: str) -> None:
    for odd in (False, True):
        for labels, text, _ in _calls(half, odd):
            hits = find_company(text, [company])
            assert not hits or hits[0].similarity < MATCH_AT, labels["sid"]


@pytest.mark.parametrize("half", ["human", "asr"])
def test_no_offence_is_heard_in_polite_calls(half: str) -> None:
    language = get_language("en")
    phrases = [one for name in language.lexicon_names if name.startswith("offence_") for one in language.lexicon(name)]
    for labels, text, _ in [*_calls(half, False), *_calls(half, True)]:
        assert [hit for hit in find_any(text, phrases) if hit.similarity >= MATCH_AT] == [], labels["sid"]
