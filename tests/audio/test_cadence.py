"""What is known of the cadences of the world, where too little was heard to measure."""

from __future__ import annotations

import pytest

import sounds
from qa_engine.audio.cadence import is_cycle, is_known, is_whole, usual_cycle, whole_ring


def length(pattern: tuple[tuple[float, float], ...]) -> tuple[float, float]:
    cycle = sum(on + off for on, off in pattern)
    return cycle - pattern[-1][1], cycle


@pytest.mark.parametrize("cadence", sounds.CADENCES)
def test_every_cadence_of_the_table_is_known(cadence: str) -> None:
    on, cycle = length(sounds.CADENCES[cadence][1])
    assert is_cycle(cycle, on)
    assert is_known(on, cycle)
    assert is_whole(on)


@pytest.mark.parametrize(("on", "cycle"), [(1.0, 4.5), (1.0, 8.0), (0.8, 5.0), (0.35, 0.7), (2.0, 4.0)])
def test_other_cadences_are_not_known(on: float, cycle: float) -> None:
    assert not is_known(on, cycle)


@pytest.mark.parametrize("on", [0.35, 0.6, 0.7, 0.9, 1.35, 1.7])
def test_other_lengths_are_parts_of_rings(on: float) -> None:
    assert not is_whole(on)


def test_slow_cycles_are_those_of_long_rings_only() -> None:
    assert is_cycle(10.0, 1.0)
    assert not is_cycle(10.0, 0.4)


def test_whole_ring_is_found_from_two_parts_of_rings() -> None:
    assert whole_ring(0.7, 0.6, 4.7) == 1.0  # 0.3 s of the first are missing: 1.0/4.0
    assert whole_ring(0.5, 0.7, 3.7) == 0.8  # 0.8/3.2
    assert whole_ring(0.7, 0.6, 4.3) is None or whole_ring(0.7, 0.6, 4.3) != 1.0


def test_likeliest_cycle_goes_by_the_length_of_the_ring() -> None:
    assert usual_cycle(0.8, dual=False, double=False, whole=True) == 4.0
    assert usual_cycle(1.0, dual=False, double=False, whole=True) == 5.0
    assert usual_cycle(2.0, dual=True, double=False, whole=True) == 6.0
    assert usual_cycle(1.0, dual=True, double=True, whole=True) == 3.0


def test_part_of_a_ring_tells_nothing_about_the_cycle() -> None:
    assert usual_cycle(0.3, dual=False, double=False, whole=False) == 5.0
