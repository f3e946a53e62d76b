from __future__ import annotations

import ast
import string
from pathlib import Path

import pytest

import qa_engine.rules
from qa_engine.rules.messages import CATALOGUE, clock, number

RULES = Path(qa_engine.rules.__file__).parent


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_both_languages_hold_the_same_sentences_with_the_same_fields():
    english, russian = CATALOGUE.tables["en"], CATALOGUE.tables["ru"]
    assert english.keys() == russian.keys()
    assert {key: fields(text) for key, text in english.items()} == {key: fields(text) for key, text in russian.items()}


def test_russian_sentences_are_russian():
    for key, text in CATALOGUE.tables["ru"].items():
        letters = "".join(char for char in text if char.isalpha())
        bare = "".join(char for char in string.Formatter().vformat(text, (), dict.fromkeys(fields(text), "")))
        assert not any("a" <= char.lower() <= "z" for char in bare), (key, letters)


def test_every_sentence_asked_for_in_the_code_exists():
    asked = {
        node.args[0].value
        for file in RULES.rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "say"
        and node.args
        and isinstance(node.args[0], ast.Constant)
    }
    assert len(asked) > 20
    assert asked <= CATALOGUE.tables["en"].keys()


@pytest.mark.parametrize(("seconds", "shown"), [(0, "0:00"), (7.9, "0:07"), (760, "12:40"), (3723, "1:02:03")])
def test_seconds_are_shown_as_on_a_player(seconds: float, shown: str):
    assert clock(seconds) == shown


@pytest.mark.parametrize(("value", "shown"), [(15.0, "15"), (0.5, "0.5"), (82.14, "82.1"), (100, "100"), (0.04, "0")])
def test_figures_have_no_needless_zeros(value: float, shown: str):
    assert number(value) == shown


def test_a_round_figure_keeps_its_zeros():
    assert number(70.4, 0) == "70"
