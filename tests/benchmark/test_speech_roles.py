"""The role benchmark itself: it swaps sides, spoils labels, and counts what is right as right."""

from __future__ import annotations

import numpy as np
import pytest
from speech_role_dialogues import BARE, COMPANIES, EXCHANGES, OPENINGS
from speech_roles import Spoken, as_mono, as_stereo, first_speaks, judge, made_calls, manager_label

CALL: Spoken = next(iter(made_calls("en", "test", "greeting")))


@pytest.mark.parametrize(("on_right", "label"), [(False, "channel 0"), (True, "channel 1")])
def test_sides_are_swapped_and_the_truth_with_them(on_right: bool, label: str) -> None:
    heard = as_stereo(CALL, manager_on_right=on_right)
    assert manager_label(CALL, heard) == label
    assert {one.channel for one in heard} == {0, 1}


def test_a_wrong_manager_is_counted_as_wrong() -> None:
    heard = as_stereo(CALL, manager_on_right=False)
    turned = Spoken(CALL.name, as_turned(CALL), CALL.hints)
    assert judge(CALL, heard, two_channels=True).is_right
    assert not judge(turned, heard, two_channels=True).is_right
    assert first_speaks(CALL, heard)
    assert not first_speaks(turned, heard)


def as_turned(call: Spoken):
    """The same words with the truth turned round."""
    sides = {"m": "c", "c": "m"}
    return tuple(type(one)(one.start, one.end, one.words, sides[one.speaker]) for one in call.utterances)


def test_noise_of_a_diarizer_loses_no_word_and_is_the_same_twice() -> None:
    words = sorted(word.text for one in CALL.utterances for word in one.words)
    spoilt = [as_mono(CALL, np.random.default_rng(seed)) for seed in range(20)]
    assert all(sorted(word.text for one in heard for word in one.words) == words for heard in spoilt)
    assert spoilt[3] == as_mono(CALL, np.random.default_rng(3))
    assert len({tuple(one.speaker for one in heard) for heard in spoilt}) > 1


def test_a_call_without_greeting_begins_with_the_customer() -> None:
    assert BARE[2] == "none"
    assert {call.utterances[0].speaker for call in made_calls("ru", "test", "none")} == {"c"}


@pytest.mark.parametrize("language", ["ru", "en"])
def test_tuning_and_test_share_no_line(language: str) -> None:
    assert COMPANIES[language]["tuning"] != COMPANIES[language]["test"]
    assert not set(OPENINGS[language]["tuning"]) & set(OPENINGS[language]["test"])
    lines = [{line for call in EXCHANGES[language][part] for line in call} for part in ("tuning", "test")]
    assert not lines[0] & lines[1]
