from __future__ import annotations

from pathlib import Path

from rule_cards import card

from qa_engine.rules.examples import run_examples

SORRY = {
    "check": "phrase",
    "any_of": ["i am sorry"],
    "applies_when": {"said_by_customer": ["it is broken"]},
    "examples": {
        "pass": ["i am sorry", "well"],
        "fail": ["i am sorry", "customer: i am sorry\nmanager: which one"],
    },
}


def test_examples_tell_which_of_them_come_out_wrong(tmp_path: Path):
    outcomes = run_examples(card(tmp_path, SORRY))
    assert [(one.must_pass, one.is_right) for one in outcomes] == [
        *((True, True), (True, False)),
        *((False, False), (False, True)),
    ]
    assert outcomes[1].criterion == "one" and "Was not said" in outcomes[1].reason


def test_an_example_is_said_by_the_speaker_asked_about(tmp_path: Path):
    criterion = {"check": "phrase", "said_by": "customer", "any_of": ["thank you"], "examples": {"pass": ["thank you"]}}
    assert all(one.is_right for one in run_examples(card(tmp_path, criterion)))
