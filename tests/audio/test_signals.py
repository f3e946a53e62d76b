"""Names of tones: the field's words where the numbers are those of a signal, the numbers alone elsewhere."""

from __future__ import annotations

import pytest

from qa_engine.audio.signals import name_beeps, name_single, name_train


@pytest.mark.parametrize(
    ("hz", "on", "off", "name"),
    [
        ([425], 0.35, 0.35, "busy 425 Hz 0.35/0.35"),
        ([480, 620], 0.5, 0.5, "busy 480+620 Hz 0.50/0.50"),
        ([425], 0.175, 0.18, "congestion 425 Hz 0.17/0.18"),
        ([480, 620], 0.25, 0.25, "congestion 480+620 Hz 0.25/0.25"),
        ([440], 0.25, 0.25, "busy or congestion 440 Hz 0.25/0.25"),
        ([900], 0.5, 0.5, "beeps 900 Hz 0.50/0.50"),
    ],
)
def test_train_goes_by_frequency_and_length(hz: list[int], on: float, off: float, name: str) -> None:
    assert name_train(hz, on, off) == name


@pytest.mark.parametrize(
    ("hz", "on", "name"),
    [
        ([425], 3.0, "dial tone 425 Hz"),
        ([350, 440], 10.0, "dial tone 350+440 Hz"),
        ([425], 2.0, "425 Hz"),
        ([2100], 3.0, "fax CED 2100 Hz"),
        ([2100, 2600], 3.0, "fax CED 2100 Hz"),
        ([2250], 3.0, "2250 Hz"),
    ],
)
def test_single_tone_goes_by_frequency_and_length(hz: list[int], on: float, name: str) -> None:
    assert name_single(hz, on) == name


@pytest.mark.parametrize(
    ("hz", "on", "cycle", "name"),
    [
        ([1100], 0.5, 3.5, "fax CNG 1100 Hz 0.5/3.0"),
        ([1100], 0.5, 10.0, "beep 1100 Hz 0.5 s every 10 s"),
        ([1300], 0.6, 2.3, "modem calling 1300 Hz 0.6/1.7"),
        ([1400], 0.4, 15.0, "recording beep 1400 Hz 0.4 s every 15 s"),
        ([425], 0.2, 5.0, "call waiting 425 Hz 0.2/4.8"),
        ([440], 0.3, 10.0, "call waiting 440 Hz 0.3/9.7"),
        ([440], 0.5, 10.0, "beep 440 Hz 0.5 s every 10 s"),
    ],
)
def test_beeps_go_by_frequency_length_and_cycle(hz: list[int], on: float, cycle: float, name: str) -> None:
    assert name_beeps(hz, on, cycle) == name
