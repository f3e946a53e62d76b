"""Who is named at the head of `show`."""

from __future__ import annotations

from dataclasses import replace

import pytest

from builders import call
from qa_engine.cli.show import _names, _turns
from qa_engine.domain.call import RoleAssignment

LINES = ("manager: good morning", "customer: hello", "second_manager: hello this is oliver")


@pytest.mark.parametrize(
    ("stated", "second", "lines", "shown"),
    [
        ("Emma", "", LINES[:2], []),
        ("Olivia", "", LINES[:2], ["name in the call: Olivia (the phone system's word counts; names are misheard)"]),
        ("Emma", "Oliver", LINES, ["second manager: Oliver"]),
        ("", "", LINES, ["second manager: gave no name"]),
    ],
)
def test_names_that_differ_and_the_second_manager_are_told(stated, second, lines, shown):
    made = call(*lines, manager="Emma Clark")
    assert list(_names(replace(made, roles=RoleAssignment(0.97, "greeting", stated, second)))) == shown


def test_turns_of_the_second_manager_are_his():
    assert [line.split("  ")[-2].strip() for line, _ in _turns(call(*LINES)) if line] == [
        "manager",
        "customer",
        "second manager",
    ]
