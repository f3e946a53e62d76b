"""The speech benchmark counts right, and tells the truth about the calls and sounds it makes."""

from __future__ import annotations

import json
import math
import re
import sys

import numpy as np
import pytest
from speech_bench import Bench, Sizes
from speech_calls import KnownCall, Studio, day_calls, even_words, mixed, speech_spans, swapped
from speech_cost import Times
from speech_dialogues import SCRIPTS, SLOTS, fill, write_dialogue
from speech_engines import Engine, Heard, Overheard
from speech_parties import Judged, _change_at_pauses, _first, _left
from speech_scores import (
    bootstrap,
    diarization_error,
    is_call_right,
    quantile,
    right_words,
    start_errors,
    word_errors,
    words_inside,
)
from speech_sounds import Nobody, hang, nobody_speaks
from speech_table import Row, as_json, as_text
from timing_cadences import RATE
from timing_material import Material, MissingMaterialError
from timing_sound import read_sound
from timing_voices import RECORDINGS

from builders import word
from qa_engine.domain.spans import Span
from qa_engine.domain.transcript import Role, Turn, Utterance, Word
from qa_engine.domain.waveform import Waveform
from sounds import silence, write_wav

TRUTH = [(0.0, 4.0, "a"), (5.0, 9.0, "b"), (10.0, 12.0, "a")]


def said(role: Role, start: float, end: float, text: str, *, channel: int | None = None, speaker: str = "") -> Turn:
    return Turn(role, start, end, even_words(text, start, end), speaker or str(role), channel)


# --- words ------------------------------------------------------------------------------------------------------------


def test_word_errors_are_counted_by_kind():
    found = word_errors("One two three four.", "one too three four five", "en")
    assert (found.said, found.substituted, found.left_out, found.put_in) == (4, 1, 0, 1)
    assert found.errors == 2


def test_spelling_is_no_word_error():
    assert word_errors("Здравствуйте, Пётр!", "здравствуйте петр", "ru").errors == 0


def test_nothing_heard_is_all_left_out():
    assert word_errors("good morning", "", "en").left_out == 2


def test_a_word_error_needs_words():
    with pytest.raises(ValueError, match="words that were said"):
        word_errors("", "hello", "en")


def test_the_share_over_calls_weighs_long_calls_more():
    share, low, high = bootstrap([1, 9], [10, 90])
    assert share == pytest.approx(0.1)
    assert low == pytest.approx(0.1) and high == pytest.approx(0.1)


def test_the_interval_is_wide_where_calls_differ():
    share, low, high = bootstrap([0, 10] * 5, [10] * 10)
    assert low < 0.3 < share < 0.7 < high


def test_words_on_a_sound_are_counted_by_their_middle():
    one = Utterance(0.0, 4.0, even_words("a b c d", 0.0, 4.0))
    assert words_inside([one], Span(1.2, 4.0)) == 3


def test_of_the_bare_recogniser_only_whole_utterances_count():
    inside = Utterance(10.2, 12.0, even_words("thank you", 10.2, 12.0))
    across = Utterance(8.0, 12.0, even_words("one moment please", 8.0, 12.0))
    assert words_inside([inside, across], Span(10.0, 20.0), whole=True) == 2


def test_starts_are_compared_for_words_heard_right():
    true = [word("good", 1.0), word("morning", 1.4), word("sir", 2.0)]
    heard = [word("good", 1.1), word("mourning", 1.4), Word("sir", 1.7, 1.9, interpolated=True)]
    errors = start_errors(true, heard, "en")
    assert [round(one.seconds, 3) for one in errors] == [0.1, 0.3]
    assert [one.interpolated for one in errors] == [False, True]


def test_only_the_chosen_starts_are_compared():
    true = [word("good", 1.0), word("morning", 1.4)]
    errors = start_errors(true, [word("good", 1.5), word("morning", 1.5)], "en", only={1.4})
    assert [round(one.seconds, 3) for one in errors] == [0.1]


def test_no_words_have_no_start_errors():
    assert start_errors([word("good", 1.0)], [], "en") == []
    assert math.isnan(quantile([], 0.5))


# --- speakers ---------------------------------------------------------------------------------------------------------


def test_the_truth_under_other_names_has_no_error():
    renamed = [(start, end, {"a": "7", "b": "3"}[label]) for start, end, label in TRUTH]
    assert diarization_error(TRUTH, renamed, collar=0.0).seconds == 0.0


def test_one_speaker_for_two_confuses_the_shorter_one():
    found = diarization_error(TRUTH, [(start, end, "x") for start, end, _ in TRUTH], collar=0.0)
    assert (found.missed, found.invented) == (0.0, 0.0)
    assert found.confused == pytest.approx(4.0)
    assert found.spoken == pytest.approx(10.0)


def test_missed_and_invented_speech_are_told_apart():
    found = diarization_error([(0.0, 2.0, "a")], [(1.0, 5.0, "x")], collar=0.0)
    assert (found.missed, found.invented, found.confused) == pytest.approx((1.0, 3.0, 0.0))


def test_overlapping_speech_counts_for_both():
    truth = [(0.0, 4.0, "a"), (2.0, 4.0, "b")]
    found = diarization_error(truth, [(0.0, 4.0, "x")], collar=0.0)
    assert found.spoken == pytest.approx(6.0)
    assert found.missed == pytest.approx(2.0)


def test_the_collar_forgives_both_sides_of_a_border():
    late = [(start + 0.2, end + 0.2, label) for start, end, label in TRUTH]
    assert diarization_error(TRUTH, late, collar=0.0).seconds == pytest.approx(1.2)
    judged = diarization_error(TRUTH, late, collar=0.25)
    assert judged.seconds == 0.0
    assert judged.spoken == pytest.approx(10.0 - 3 * 0.5)


def test_nobody_found_is_all_missed():
    assert diarization_error(TRUTH, [], collar=0.0).missed == pytest.approx(10.0)


@pytest.mark.parametrize("collar", [0.0, 0.25])
def test_the_diarization_error_is_that_of_pyannote_metrics(collar):
    core = pytest.importorskip("pyannote.core", reason="pyannote.metrics is not installed")
    metrics = pytest.importorskip("pyannote.metrics.diarization", reason="pyannote.metrics is not installed")

    def annotation(spans):
        made = core.Annotation()
        for index, (start, end, label) in enumerate(spans):
            made[core.Segment(start, end), index] = label
        return made

    found = [(0.3, 4.6, "x"), (4.6, 8.0, "y"), (7.5, 12.4, "x")]
    whole = core.Timeline([core.Segment(0.0, 20.0)])
    theirs = metrics.DiarizationErrorRate(collar=2 * collar)(annotation(TRUTH), annotation(found), uem=whole)
    ours = diarization_error(TRUTH, found, collar=collar)
    assert ours.seconds / ours.spoken == pytest.approx(theirs, abs=0.01)


def test_the_simplest_diarizer_changes_at_long_pauses_only():
    labelled = _change_at_pauses([(0.0, 1.0), (1.2, 2.0), (2.6, 3.0), (4.0, 5.0)])
    assert [label for _, _, label in labelled] == ["0", "0", "1", "0"]


# --- roles ------------------------------------------------------------------------------------------------------------

CALL = (
    said(Role.MANAGER, 0.0, 4.0, "sunny garden good morning"),
    said(Role.CUSTOMER, 5.0, 8.0, "hello my order"),
    said(Role.MANAGER, 9.0, 10.0, "yes sir"),
)


def test_the_right_roles_are_all_right():
    counts = right_words(CALL, CALL)
    assert counts == {"manager": (6, 6), "customer": (3, 3)}
    assert is_call_right(counts)


def test_swapped_roles_are_wrong():
    other = {Role.MANAGER: Role.CUSTOMER, Role.CUSTOMER: Role.MANAGER}
    turns = [said(other[one.role], one.start, one.end, one.text) for one in CALL]
    counts = right_words(CALL, turns)
    assert counts == {"manager": (0, 6), "customer": (0, 3)}
    assert not is_call_right(counts)


def test_a_call_that_is_all_the_managers_is_wrong():
    turns = [said(Role.MANAGER, one.start, one.end, one.text) for one in CALL]
    assert not is_call_right(right_words(CALL, turns))


def test_a_colleagues_words_are_of_the_managers_side():
    colleague = Turn("second_manager", 9.0, 10.0, even_words("yes sir", 9.0, 10.0))
    assert right_words(CALL, [colleague]) == {"manager": (2, 2), "customer": (0, 0)}


def test_words_far_from_any_turn_belong_to_nobody():
    counts = right_words(CALL, [said(Role.MANAGER, 20.0, 21.0, "la la")])
    assert counts == {"manager": (0, 0), "customer": (0, 0)}


def test_doubtful_roles_go_to_a_person():
    assert not Judged(9, 9, True, 0.5).is_sure
    assert Judged(9, 9, True, 0.95).is_sure


def test_the_left_side_rule_goes_by_the_channel():
    call = KnownCall("x", RECORDINGS, "en", CALL)
    swapped_sides = [
        said(Role.UNKNOWN, one.start, one.end, one.text, channel=1 if one.role is Role.MANAGER else 0) for one in CALL
    ]
    assert not _left(call, swapped_sides).is_right


def test_the_first_speaker_rule_goes_by_time():
    call = KnownCall("x", RECORDINGS, "en", CALL)
    turns = [said(Role.UNKNOWN, one.start, one.end, one.text, speaker=str(one.role)) for one in reversed(CALL)]
    assert _first(call, turns).is_right


# --- what is made -----------------------------------------------------------------------------------------------------


def test_the_sets_share_no_line_of_a_dialogue():
    for parts in SCRIPTS.values():
        tuning, test = ({line for script in parts[part] for line in script} for part in ("tuning", "test"))
        assert not tuning & test


def test_every_slot_of_a_script_can_be_filled():
    for language, parts in SCRIPTS.items():
        for part, scripts in parts.items():
            wanted = set(re.findall(r"\{(\w+)\}", str(scripts)))
            assert wanted <= set(SLOTS[language][part])


def test_lines_are_told_apart_by_who_says_them():
    assert fill(("m Hello {name}.", "c Hi."), {"name": "Ann"}) == (("m", "Hello Ann."), ("c", "Hi."))


def test_a_dialogue_names_the_company_it_says():
    company, lines = write_dialogue(np.random.default_rng(3), "en", "test", 0)
    assert any(company in text for _, text in lines)


def beeping(monkeypatch) -> None:
    """Stands in for the voices' programs: half a second of noise per word."""

    def speak(voice, text, cache=None):
        return np.random.default_rng(len(text)).standard_normal(4000 * len(text.split())) * 0.1

    monkeypatch.setattr("speech_calls.speak", speak)
    monkeypatch.setattr("speech_calls.missing_programs", lambda engines: [])


def test_a_made_call_carries_speech_where_its_truth_says(monkeypatch, tmp_path):
    beeping(monkeypatch)
    call = Studio("test", tmp_path).call("en", 0, "manager-left")
    left = read_sound(call.path, channel=0)
    for one in call.turns:
        loudness = np.sqrt(np.mean(left[round(one.start * RATE) : round(one.end * RATE)] ** 2))
        assert (loudness > 0.02) == (one.role is Role.MANAGER)


def test_the_same_dialogue_is_made_for_either_side(monkeypatch, tmp_path):
    beeping(monkeypatch)
    left, right = (Studio("test", tmp_path).call("en", 1, layout) for layout in ("manager-left", "manager-right"))
    assert left.turns == right.turns
    np.testing.assert_allclose(read_sound(left.path, channel=0), read_sound(right.path, channel=1))


def test_single_words_are_where_their_truth_says(monkeypatch, tmp_path):
    beeping(monkeypatch)
    call = Studio("test", tmp_path).words("en", 0)
    sound = read_sound(call.path)
    found = [span.start for span in speech_spans(sound)]
    firsts = [one.start for one in call.turns[0].words]
    assert all(min(abs(start - first) for first in firsts) < 0.03 for start in found)


def test_missing_voices_are_named(monkeypatch, tmp_path):
    monkeypatch.setattr("speech_calls.missing_programs", lambda engines: ["flite"])
    with pytest.raises(MissingMaterialError, match="flite"):
        Studio("test", tmp_path).call("en", 0, "mono")


def test_without_voices_a_bench_has_no_made_calls(monkeypatch, tmp_path):
    monkeypatch.setattr("speech_calls.missing_programs", lambda engines: ["flite"])
    assert Bench("test", Sizes.quick(), tmp_path, ()).made("en", 3, "mono") == []


def test_the_sample_day_is_read_with_its_words_and_sides():
    calls = list(day_calls("en"))
    assert len(calls) == 12
    assert sum(call.stereo for call in calls) == 6
    assert calls[0].text.startswith("Good morning. Sunny Garden.")


def test_mixing_and_swapping_keep_the_truth(tmp_path):
    call = next(one for one in day_calls("en") if one.stereo)
    original, turned, mix = (
        read_sound(one.path, channel=0) for one in (call, swapped(call, tmp_path), mixed(call, tmp_path))
    )
    other = read_sound(call.path, channel=1)
    np.testing.assert_allclose(turned, other, atol=1e-3)
    np.testing.assert_allclose(mix, (original + other) / 2, atol=1e-3)
    assert not mixed(call, tmp_path).stereo and mixed(call, tmp_path).turns == call.turns


def test_half_of_the_two_channel_calls_have_the_manager_on_the_right(monkeypatch, tmp_path):
    beeping(monkeypatch)
    calls = Bench("test", Sizes.quick(), tmp_path, ()).made("en", 2, "manager-left", "manager-right")
    on_the_right = [
        np.sqrt(np.mean(read_sound(call.path, channel=1)[round(one.start * RATE) : round(one.end * RATE)] ** 2)) > 0.02
        for call in calls
        for one in call.turns
        if one.role is Role.MANAGER
    ]
    managers = [sum(one.role is Role.MANAGER for one in call.turns) for call in calls]
    assert on_the_right == [False] * managers[0] + [True] * managers[1]


# --- engines ----------------------------------------------------------------------------------------------------------


def silent_file(tmp_path, name: str, seconds: float):
    return write_wav(tmp_path / name, silence(seconds))


def test_where_nobody_speaks_nothing_is_heard_and_no_engine_is_loaded(tmp_path):
    engine = Engine("none", ("en",), tmp_path, tmp_path)
    heard = engine.hear_anew(silent_file(tmp_path, "a.wav", 3.0), "en")
    assert (heard.hearing, heard.fed) == (None, 0.0)


def test_a_hearing_is_kept_for_the_same_sound(tmp_path, monkeypatch):
    asked = []

    def hear_anew(self, path, language, *, diarizing=True):
        asked.append((path.name, diarizing))
        return Heard(None)

    monkeypatch.setattr(Engine, "hear_anew", hear_anew)
    engine = Engine("none", ("en",), tmp_path, tmp_path)
    first, second = silent_file(tmp_path, "a.wav", 1.0), silent_file(tmp_path, "b.wav", 2.0)
    for path in (first, first, second):
        engine.hear(path, "en")
    engine.hear(first, "en", diarizing=False)
    assert asked == [("a.wav", True), ("b.wav", True), ("a.wav", False)]


def test_without_diarizing_all_is_one_voice(tmp_path):
    noted = Overheard(Engine("none", (), tmp_path, tmp_path), diarizing=False)
    found = noted.diarize(Waveform(np.zeros((1, 16000), np.float32), 16000), (Span(0.0, 0.4), Span(0.5, 1.0)))
    assert {one.speaker for one in found} == {"speaker 0"}


@pytest.fixture(scope="module")
def sounds() -> list[Nobody]:
    return list(nobody_speaks(Material("tuning", made_up=True), 4.0))


def test_sounds_without_speech_are_as_long_as_asked(sounds):
    assert {round(sound.seconds, 2) for sound in sounds} == {4.0}
    assert {"ringback", "busy tone", "line noise", "digital silence", "comfort noise"} <= {one.kind for one in sounds}


def test_a_sound_hangs_between_two_phrases(tmp_path):
    beep = np.full(RATE, 0.3)
    path, start, end = hang(Nobody("busy tone", "x", np.full(2 * RATE, 0.1)), beep, beep, tmp_path / "x")
    assert (start, end) == pytest.approx((3.0, 5.0))
    sound = read_sound(path)
    assert sound[round(1.5 * RATE)] == pytest.approx(0.3, abs=0.02)
    assert sound[round(4.0 * RATE)] == pytest.approx(0.1, abs=0.02)


def test_digital_silence_stays_silent_in_a_call(tmp_path):
    path, start, end = hang(
        Nobody("digital silence", "z", np.zeros(RATE)), np.ones(800) * 0.1, np.ones(800) * 0.1, tmp_path / "z"
    )
    assert not read_sound(path, start=start + 0.01, seconds=end - start - 0.02).any()


# --- the rows ---------------------------------------------------------------------------------------------------------


def test_the_overhead_is_what_the_stage_takes_more():
    times = Times(np.array([[1.1, 2.0], [1.3, 2.2]]), np.array([[1.0, 2.0], [1.0, 2.0]]), 20.0)
    assert times.over(0).tolist() == pytest.approx([0.1, 0.3])
    assert times.over(1).tolist() == pytest.approx([0.0, 0.1])
    assert times.speeds == pytest.approx((20.0 / 2.1, 10.0))


def test_nothing_heard_has_no_utterances():
    assert Heard(None).utterances == ()


def test_a_row_shows_its_goal_interval_and_what_one_would_use_instead():
    row = Row("words", "word error", 20, "words", {"moonshine": 0.052, "bare": 0.1}, "%", "<= 5 %", (0.04, 0.06))
    text = as_text(row)
    assert "20 words" in text and "goal <= 5 %" in text
    assert "moonshine 5.2 % [4.0-6.0] | bare 10.0 %" in text


def test_a_row_without_a_value_says_so_and_is_still_json():
    row = Row("roles", "right where sure", 0, "calls", {"moonshine": float("nan")}, "%")
    assert "moonshine -" in as_text(row)
    assert json.loads(json.dumps(as_json(row), allow_nan=False))["values"] == {"moonshine": None}


def test_every_part_can_be_asked_for(monkeypatch, capsys):
    import speech

    monkeypatch.setattr(sys, "argv", ["speech.py", "--part", "weather"])
    with pytest.raises(SystemExit):
        speech.main()
    told = capsys.readouterr().err
    assert all(part in told for part in ("words", "word_times", "invented", "diarization", "roles", "overhead"))
