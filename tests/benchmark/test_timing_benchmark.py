"""The benchmark of timings tells the truth about the calls it makes, and counts right."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from timing_cadences import CADENCES, RATE, ring_sound
from timing_calls import Tape, TrueHold, Truth
from timing_cases import Case, all_cases, make_call, play_call
from timing_line import CODECS, Line, record
from timing_material import MUSIC, Material, MissingMaterialError
from timing_rings import RING_SCENES
from timing_scores import ENGINE, ENGINE_WORDS, Heard, Outcome, complaints, is_answer_good, matches, wilson
from timing_sound import phrases_of
from timing_voices import MACHINES, PACKS, PEOPLE, STUDIO

import timings
from qa_engine.audio.decoding import decode_blocks
from qa_engine.domain.spans import Span

HERE = Path(__file__).resolve().parent


@pytest.fixture(scope="module")
def material() -> Material:
    return Material("tuning", made_up=True)


def case(name: str, part: str = "tuning") -> Case:
    return next(one for one in all_cases(part) if one.name == name)


def level(sound: np.ndarray, start: float, end: float) -> float:
    """RMS in dB between two seconds."""
    part = sound[round(start * RATE) : round(end * RATE)]
    return 10 * np.log10(np.mean(part**2) + 1e-12)


def played(material: Material, scene: str, *, seed: int, **options: str) -> tuple[np.ndarray, Truth]:
    tape = Tape(material, np.random.default_rng(seed), "en", stereo=False)
    RING_SCENES[scene](tape, **options)
    manager, customer = tape.tracks()
    return manager + customer, tape.truth


# --- the calls --------------------------------------------------------------------------------------------------------


def test_the_same_seed_makes_the_same_bytes(material, tmp_path):
    first, _ = make_call(case("ring uk"), material, tmp_path)
    before = first.read_bytes()
    second, _ = make_call(case("ring uk"), Material("tuning", made_up=True), tmp_path)
    assert second.read_bytes() == before


def test_the_sets_make_different_calls_of_the_same_name(material):
    tuned, _ = play_call(case("ring uk", "tuning"), material)
    tested, _ = play_call(case("ring uk", "test"), material)
    assert len(tuned[0]) != len(tested[0])


def test_the_sets_share_no_material():
    for rows in (PEOPLE, PACKS, STUDIO, MACHINES):
        parts = {part: {row[:-1] for row in rows if row[-1] == part} for part in ("tuning", "test")}
        assert parts["tuning"] and not parts["tuning"] & parts["test"]
    for _, _, names in MUSIC:
        assert not set(names.get("tuning", ())) & set(names.get("test", ()))


def test_no_two_cases_have_the_same_name_and_line():
    cases = list(all_cases("test"))
    assert len({one.seed for one in cases}) == len(cases)


@pytest.mark.parametrize("cadence", ["ru", "us", "uk", "de_first"])
def test_it_is_loud_in_every_ring_and_still_between(material, cadence):
    sound, truth = played(material, "cadence", seed=3, cadence=cadence)
    table, at = CADENCES[cadence], truth.ring_start
    for index in range(truth.rings - 1):
        on = table.ring(index)[0][1]
        assert level(sound, at + 0.02, at + on - 0.02) > level(sound, at + table.sounding(index) + 0.05, at + 2.2) + 10
        at += table.length(index)


def test_the_last_tone_stops_at_the_answer_that_cuts_it(material):
    cut = (played(material, "cadence", seed=seed, cadence="us") for seed in range(20))
    sound, truth = next(each for each in cut if not each[1].in_pause)
    at = truth.answered_at
    assert level(sound, at - 0.1, at) > level(sound, at + 0.02, at + 0.12) + 10


def test_an_answer_in_the_pause_lies_between_two_tones(material):
    for seed in range(12):
        _, truth = played(material, "cadence", seed=seed, cadence="ru")
        since_last = truth.answered_at - truth.ring_start - 5.0 * (truth.rings - 1)
        assert (1.0 < since_last < 5.0) == truth.in_pause


def test_a_recording_that_begins_in_a_ring_begins_with_sound(material):
    for seed in range(6):
        sound, truth = played(material, "mid-ring", seed=seed)
        assert truth.ring_start == 0.0 and level(sound, 0.0, 0.15) > level(sound, 2.3, 2.5)


def test_true_speech_is_where_the_sound_is(material):
    tape = Tape(material, np.random.default_rng(1), "en", stereo=False)
    tape.rest(1.0)
    tape.talk(6.0)
    tape.rest(1.0)
    sound = tape.tracks()[0] + tape.tracks()[1]
    assert level(sound, 0.0, 0.95) < -60
    assert all(level(sound, span.start, span.end) > -35 for span in tape.truth.speech)


@pytest.mark.parametrize("name", ["hold music 0", "hold silence 1", "hold beeps 2", "transfer ring 0"])
def test_nobody_speaks_in_a_true_hold_but_before_and_after(material, name):
    _, truth = play_call(case(name), material)
    (hold,) = truth.holds
    waiting = Span(hold.start, hold.end)
    assert sum(waiting.overlap(span) for span in truth.speech) < 4.0  # the customer may say a phrase to himself
    assert min(span.start for span in truth.speech) < hold.start < hold.end < truth.speech[-1].end <= truth.duration


def test_a_muted_hold_has_no_sound_and_a_room_pause_has(material):
    sides, truth = play_call(case("hold silence 0"), material)
    (hold,) = truth.holds
    assert not np.any(sides[0][round(hold.start * RATE) + 1 : round(hold.end * RATE) - 1])
    sides, truth = play_call(case("trap room-pause 0"), material)
    quiet = [level(sides[0], at, at + 0.5) for at in np.arange(1.0, truth.duration - 1.0, 0.5)]
    assert truth.holds == [] and min(quiet) > -60


def test_traps_and_talks_have_no_hold_and_no_ring(material):
    for one in all_cases("tuning"):
        if one.group == "trap":
            _, truth = play_call(one, material)
            assert truth.holds == [] and truth.rings == 0


def test_what_needs_prompts_says_so_where_there_are_none(material):
    with pytest.raises(MissingMaterialError, match="prompts"):
        play_call(case("hold announcements 0"), material)


@pytest.mark.parametrize("codec", CODECS)
@pytest.mark.parametrize("layout", ["mono", "manager-right"])
def test_no_codec_shifts_the_sound(codec, layout, tmp_path):
    beep = np.zeros(3 * RATE)
    beep[RATE : 2 * RATE] = 0.3 * np.sin(2 * np.pi * 700 * np.arange(RATE) / RATE)
    file = record(beep, 0 * beep, Line(codec, layout), tmp_path / "beep")
    heard = np.concatenate([block.samples for block in decode_blocks(file, sample_rate=RATE)], axis=1)[-1]
    loud = np.flatnonzero(np.abs(heard) > 0.15) / RATE
    assert loud[0] == pytest.approx(1.0, abs=0.01) and loud[-1] == pytest.approx(2.0, abs=0.01)


def test_a_ring_lasts_as_long_as_its_cycle():
    for cadence in CADENCES.values():
        assert len(ring_sound(cadence, 9)) / RATE == pytest.approx(cadence.cycle, abs=0.001)


def test_speech_is_cut_at_its_pauses():
    rng = np.random.default_rng(0)
    word = 0.1 * rng.standard_normal(RATE)
    sound = np.concatenate([word, np.zeros(RATE), word, np.zeros(RATE // 10), word, np.zeros(RATE)])
    assert [len(phrase) / RATE for phrase in phrases_of(sound)] == pytest.approx([1.0, 2.1], abs=0.03)


# --- the counting -----------------------------------------------------------------------------------------------------


def outcome(truth: Truth, heard: Heard) -> Outcome:
    return Outcome(case("ring ru"), truth, {ENGINE: heard, ENGINE_WORDS: heard})


def test_a_hold_matches_only_with_both_ends_within_a_second():
    true = [TrueHold(10.0, 20.0, "music")]
    assert matches(true, [(10.9, 19.1, "music")]) == [(0, 0)]
    assert matches(true, [(10.9, 18.9, "music")]) == []
    assert matches(true, [(11.1, 20.0, "music")]) == []


def test_two_found_holds_never_match_one_true_hold():
    assert len(matches([TrueHold(10.0, 20.0, "music")], [(10.0, 20.0, "music"), (10.1, 20.1, "music")])) == 1


def test_an_answer_in_the_pause_is_right_within_the_stated_uncertainty():
    truth = Truth(cadence="ru", rings=1, ring_start=0.0, answered_at=4.0, in_pause=True)
    assert is_answer_good(outcome(truth, Heard(answered_at=3.0, uncertainty=1.0)), ENGINE)
    assert not is_answer_good(outcome(truth, Heard(answered_at=3.0, uncertainty=0.5)), ENGINE)


def test_uncertainty_excuses_no_answer_that_cuts_a_tone():
    truth = Truth(cadence="ru", rings=1, ring_start=0.0, answered_at=0.7)
    assert not is_answer_good(outcome(truth, Heard(answered_at=1.7, uncertainty=2.0)), ENGINE)


def test_an_invented_hold_and_a_missed_ring_are_complained_of():
    truth = Truth(cadence="ru", rings=2, ring_start=0.0, answered_at=6.0, duration=60.0)
    lines = complaints(outcome(truth, Heard(answered_at=6.0, rings=1, holds=((20.0, 30.0, "music"),))))
    assert any("rings 2 of ru, found 1" in line for line in lines)
    assert any("no hold, found 20.0-30.0 music" in line for line in lines)


def test_nothing_is_complained_of_where_all_is_right():
    truth = Truth(cadence="ru", rings=2, ring_start=0.0, answered_at=6.0, holds=[TrueHold(20.0, 30.0, "music")])
    heard = Heard(answered_at=6.1, rings=2, tone="425 Hz 1.0/4.0", holds=((20.2, 29.8, "music"),))
    assert complaints(outcome(truth, heard)) == []


def test_the_interval_is_wilsons():
    assert wilson(8, 10) == pytest.approx((0.4902, 0.9433), abs=1e-3)
    assert wilson(0, 10) == pytest.approx((0.0, 0.2775), abs=1e-3)


def test_cases_of_the_test_set_are_not_shown_by_accident(monkeypatch, capsys):
    monkeypatch.setattr("sys.argv", ["timings.py", "--set", "test", "--cases"])
    with pytest.raises(SystemExit, match="2"):
        timings.main()
    assert "must stay unseen" in capsys.readouterr().err


def test_the_kept_calls_are_made_anew_when_any_maker_changes():
    makers = {file.name for file in HERE.glob("timing_*.py")} - {
        "timing_heard.py",
        "timing_scores.py",
        "timing_table.py",
    }
    assert makers == set(timings.MAKERS)
