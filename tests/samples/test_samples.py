"""The sample days say the truth about themselves: what `truth.json` states is really in the sound."""

from __future__ import annotations

import hashlib
import importlib
import json
import re
import sys
from datetime import datetime
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import av
import numpy as np
import numpy.typing as npt
import pytest

SAMPLES = Path(__file__).resolve().parents[2] / "samples"
RATE = 8000
MAX_BYTES = 9_000_000
CRITERIA = {
    *("hello", "company", "own_name", "offer_help", "script", "politeness", "apology", "anything_else"),
    *("hold_manners", "farewell", "answer_speed", "transfers", "transfer_hold", "dead_air", "interruptions"),
    *("promise", "product_knowledge"),
}
VERDICTS = {"pass", "partial", "fail", "not_applicable", "not_measured", "review"}
Sound = npt.NDArray[np.float32]


def days() -> dict[str, dict[str, Any]]:
    folders = ("day_en", "day_ru")
    return {name: json.loads((SAMPLES / name / "truth.json").read_text(encoding="utf-8")) for name in folders}


ALL = [(folder, recording) for folder, day in days().items() for recording in day["recordings"]]
SOUND = [(folder, recording) for folder, recording in ALL if not recording["error"]]
RINGING = [(folder, recording) for folder, recording in SOUND if recording["ringing"]]
HOLDS = [(folder, recording, hold) for folder, recording in SOUND for hold in recording["holds"]]


def name(value: Any) -> str:
    return value["file"] if isinstance(value, dict) and "file" in value else ""


@cache
def load(folder: str, file: str) -> Sound:
    with av.open(str(SAMPLES / folder / file)) as container:
        resampler = av.AudioResampler(format="fltp", rate=RATE)
        frames = [part for frame in container.decode(audio=0) for part in resampler.resample(frame)]
        frames += resampler.resample(None)
    return np.concatenate([frame.to_ndarray() for frame in frames], axis=1)


def manager_channel(recording: dict[str, Any]) -> int:
    return recording["channels"].index("manager") if "manager" in recording["channels"] else 0


def part(sound: Sound, start: float, end: float) -> Sound:
    return sound[..., round(start * RATE) : round(end * RATE)]


def level_db(sound: Sound) -> float:
    return float(10 * np.log10(np.mean(sound.astype(float) ** 2) + 1e-12))


def share_near(sound: Sound, hz: tuple[float, ...], width: float = 12.0) -> float:
    """The share of the energy within `width` Hz of the given frequencies."""
    power = np.abs(np.fft.rfft(sound * np.hanning(len(sound)))) ** 2
    bins = np.fft.rfftfreq(len(sound), 1 / RATE)
    near = np.any([np.abs(bins - frequency) < width for frequency in hz], axis=0)
    return float(power[near].sum() / power.sum())


def tone_of(recording: dict[str, Any]) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """The frequencies and the on-off pattern that the truth names, like ``440+480 Hz 2.0/4.0``."""
    frequencies, _, pattern = recording["ringing"]["tone"].split(" ")
    return tuple(map(float, frequencies.split("+"))), tuple(map(float, pattern.split("/")))


def test_both_days_stay_small() -> None:
    total = sum(path.stat().st_size for folder in days() for path in (SAMPLES / folder).iterdir())
    assert total < MAX_BYTES


def test_every_file_of_a_day_is_in_its_truth() -> None:
    for folder, day in days().items():
        known = {recording["file"] for recording in day["recordings"]} | {"truth.json", "Master.csv"}
        assert {path.name for path in (SAMPLES / folder).iterdir()} == known


def test_each_day_shows_what_it_promises() -> None:
    english, russian = (day["recordings"] for day in days().values())
    assert sum(not recording["error"] for recording in english) >= 11
    assert sum(recording.get("channels") == ["both"] for recording in english) >= 4
    assert sum(bool(recording["error"]) for recording in english) == 1
    assert len(russian) >= 6
    assert {r["ringing"]["rings"] for r in english if r.get("ringing")} >= {1, 2, 3, 5}
    assert {h["kind"] for r in english for h in r.get("holds", ())} == {"music", "silence"}
    for recordings in (english, russian):
        assert any(r.get("transfers") for r in recordings)
        assert any(r.get("starts_late") for r in recordings)
        assert any(r.get("channels") == ["customer", "manager"] for r in recordings)
        assert {r["manager"]["id"] for r in recordings} == {"101", "102", "103"}


@pytest.mark.parametrize(("folder", "recording"), ALL, ids=name)
def test_content_is_what_the_truth_was_written_for(folder: str, recording: dict[str, Any]) -> None:
    content = (SAMPLES / folder / recording["file"]).read_bytes()
    assert hashlib.sha256(content).hexdigest() == recording["sha256"]


@pytest.mark.parametrize(("folder", "recording"), ALL, ids=name)
def test_names_in_the_phone_systems_way_agree_with_the_truth(folder: str, recording: dict[str, Any]) -> None:
    pattern = r"external-(\d+)-(\d+)-(\d{8})-(\d{6})-(\d+)\.\d+\.\w+"
    match = re.fullmatch(pattern, recording["file"])
    if match is None:
        assert recording["file"].startswith(("call 7", "[4955550153]"))
        return
    extension, customer, date, time, unique = match.groups()
    assert (extension, customer) == (recording["manager"]["id"], recording["customer"])
    started_at = datetime.fromisoformat(recording["started_at"])
    assert started_at.strftime("%Y%m%d-%H%M%S") == f"{date}-{time}"
    assert int(unique) == started_at.timestamp()


@pytest.mark.parametrize(("folder", "recording"), SOUND, ids=name)
def test_length_and_channels_are_as_stated(folder: str, recording: dict[str, Any]) -> None:
    sound = load(folder, recording["file"])
    assert len(sound) == len(recording["channels"])
    assert sound.shape[1] / RATE == pytest.approx(recording["duration"], abs=0.12)
    assert recording["duration"] <= 75


def test_the_broken_file_is_no_sound() -> None:
    folder, recording = next(entry for entry in ALL if entry[1]["error"])
    assert recording["error"] == {"kind": "unreadable"}
    with pytest.raises(av.error.FFmpegError):
        av.open(str(SAMPLES / folder / recording["file"]))


@pytest.mark.parametrize(("folder", "recording"), RINGING, ids=name)
def test_ring_tones_sound_at_the_stated_seconds(folder: str, recording: dict[str, Any]) -> None:
    sound = load(folder, recording["file"])[manager_channel(recording)]
    hz, pattern = tone_of(recording)
    ringing, first = recording["ringing"], pattern[0]
    for ring in range(ringing["rings"]):
        start = ringing["start"] + ring * sum(pattern)
        end = min(start + first, ringing["end"])
        assert share_near(part(sound, start, end), hz) > 0.8
        assert level_db(part(sound, start + 0.1, end - 0.1)) > -25
    assert share_near(part(sound, ringing["end"] - 0.3, ringing["end"]), hz) > 0.8
    assert ringing["end"] <= ringing["answered_at"] == recording["answered_at"]


@pytest.mark.parametrize(("folder", "recording"), RINGING, ids=name)
def test_the_line_rests_between_the_rings_and_until_the_answer(folder: str, recording: dict[str, Any]) -> None:
    sound = load(folder, recording["file"])[manager_channel(recording)]
    _, pattern = tone_of(recording)
    ringing, cycle = recording["ringing"], sum(pattern)
    pauses = [ringing["start"] + (ring + 1) * cycle for ring in range(ringing["rings"] - 1)]
    for next_ring in pauses:
        assert level_db(part(sound, next_ring - pattern[-1] + 0.15, next_ring - 0.15)) < -38
    if ringing["answered_at"] - ringing["end"] > 0.4:
        assert level_db(part(sound, ringing["end"] + 0.15, ringing["answered_at"])) < -38


@pytest.mark.parametrize(("folder", "recording"), SOUND, ids=name)
def test_without_ringing_no_tone_and_no_answer_are_claimed(folder: str, recording: dict[str, Any]) -> None:
    if recording["ringing"] is None:
        assert recording["starts_late"]
        assert recording["answered_at"] is None
        first = part(load(folder, recording["file"])[0], 0.0, 3.0)
        assert share_near(first, (400.0, 425.0, 440.0, 450.0, 480.0), width=4.0) < 0.5


@pytest.mark.parametrize(("folder", "recording", "hold"), HOLDS, ids=name)
def test_holds_sound_as_stated(folder: str, recording: dict[str, Any], hold: dict[str, Any]) -> None:
    held = part(load(folder, recording["file"]), hold["start"] + 0.2, hold["end"] - 0.2)
    if hold["kind"] == "silence":
        assert np.abs(held).max() == 0.0
        return
    music = held[manager_channel(recording)]
    seconds = music[: len(music) // RATE * RATE].reshape(-1, RATE)
    assert min(level_db(second) for second in seconds) > -35
    assert share_near(music, (float(np.argmax(np.abs(np.fft.rfft(music)))) * RATE / len(music),)) < 0.5


@pytest.mark.parametrize(("folder", "recording"), SOUND, ids=name)
def test_nobody_speaks_during_a_hold_or_before_the_answer(folder: str, recording: dict[str, Any]) -> None:
    for turn in recording["turns"]:
        assert turn["start"] >= (recording["answered_at"] or 0.0)
        assert turn["end"] <= recording["duration"]
        assert not any(turn["start"] < hold["end"] and hold["start"] < turn["end"] for hold in recording["holds"])


@pytest.mark.parametrize(("folder", "recording"), SOUND, ids=name)
def test_the_speaker_is_heard_on_his_channel_at_his_seconds(folder: str, recording: dict[str, Any]) -> None:
    sound = load(folder, recording["file"])
    for turn in recording["turns"]:
        levels = [level_db(channel) for channel in part(sound, turn["start"], turn["end"])]
        own = 0 if len(sound) == 1 else recording["channels"].index(turn["role"])
        assert levels[own] > -32, turn
        others = [other for other in recording["turns"] if other["role"] != turn["role"]]
        alone = all(other["end"] <= turn["start"] or turn["end"] <= other["start"] for other in others)
        if len(sound) == 2 and alone:
            assert levels[own] > levels[1 - own] + 12, turn


@pytest.mark.parametrize(("folder", "recording"), SOUND, ids=name)
def test_pauses_between_turns_hold_no_speech(folder: str, recording: dict[str, Any]) -> None:
    sound = load(folder, recording["file"]).sum(axis=0)
    turns, holds = recording["turns"], recording["holds"]
    for before, after in pairwise(turns):
        held = any(before["end"] <= hold["start"] <= after["start"] for hold in holds)
        if not held and after["start"] - before["end"] > 0.3:
            assert level_db(part(sound, before["end"] + 0.1, after["start"] - 0.1)) < -34, after


def test_channels_of_a_stereo_call_differ() -> None:
    for folder, recording in SOUND:
        if len(recording["channels"]) == 2:
            left, right = load(folder, recording["file"])
            assert abs(float(np.corrcoef(left, right)[0, 1])) < 0.2, recording["file"]


@pytest.mark.parametrize(("folder", "recording"), SOUND, ids=name)
def test_expected_verdicts_are_complete_and_known(folder: str, recording: dict[str, Any]) -> None:
    assert set(recording["expected"]) == CRITERIA
    assert set(recording["expected"].values()) <= VERDICTS


@pytest.mark.parametrize(("folder", "recording"), SOUND, ids=name)
def test_expected_timing_verdicts_follow_from_the_times(folder: str, recording: dict[str, Any]) -> None:
    expected, ringing = recording["expected"], recording["ringing"]
    seconds = ringing and ringing["answered_at"] - ringing["start"]
    speed = "not_measured" if seconds is None else "pass" if seconds <= 15 else "partial"
    assert expected["answer_speed"] == speed
    assert expected["transfers"] == ("partial" if recording["transfers"] else "pass")
    assert expected["transfer_hold"] == ("pass" if recording["transfers"] else "not_applicable")
    assert (expected["hold_manners"] == "not_applicable") == (not recording["holds"])
    talk = [turn["start"] for turn in recording["turns"]][1:]
    pauses = [start - turn["end"] for turn, start in zip(recording["turns"], talk, strict=False)]
    long_pause = max(pauses, default=0.0) > 10 and not recording["holds"]
    assert expected["dead_air"] == ("partial" if long_pause else "pass")


TRANSCRIPTS = SAMPLES / "transcripts_ru"
RUSSIAN = [recording for folder, recording in SOUND if folder == "day_ru"]


@pytest.mark.parametrize("recording", RUSSIAN, ids=name)
def test_russian_transcripts_have_the_true_times_and_roles(recording: dict[str, Any]) -> None:
    path = (TRANSCRIPTS / recording["file"]).with_suffix(".json")
    transcript = json.loads(path.read_text(encoding="utf-8"))
    assert transcript["engine"].startswith("samples: written dialogue")
    found = [(s["speaker"], s["start"], s["end"]) for s in transcript["segments"]]
    assert found == [(t["role"], t["start"], t["end"]) for t in sorted(recording["turns"], key=lambda t: t["start"])]
    for segment in transcript["segments"]:
        words = segment["words"]
        assert " ".join(word["word"] for word in words) == segment["text"]
        assert words[0]["start"] == segment["start"]
        assert words[-1]["end"] == segment["end"]
        assert all(0.3 <= word["probability"] <= 1.0 for word in words)


def test_two_russian_transcripts_hold_recogniser_errors_and_say_so() -> None:
    engines = [json.loads(path.read_text(encoding="utf-8"))["engine"] for path in TRANSCRIPTS.glob("*.json")]
    assert len(engines) == len(RUSSIAN)
    assert sum("made-up recogniser errors" in engine for engine in engines) == 2


REBUILT = [
    ("dialogues_en.yaml", "external-103-01632960160-20261120-123112-1795177872.31.flac"),
    ("dialogues_ru.yaml", "external-103-4955550146-20261120-134005-1795171205.26.wav"),
]


@pytest.mark.slow
@pytest.mark.parametrize(("dialogues", "file"), REBUILT)
def test_rebuilding_a_call_gives_the_same_bytes(
    dialogues: str, file: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("scipy")
    monkeypatch.syspath_prepend(str(SAMPLES))
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    maker, dialogue = importlib.import_module("make_samples"), importlib.import_module("making.dialogue")
    day = dialogue.load_day(SAMPLES / dialogues)
    missing = maker.missing_programs({voice.engine for voice in day.voices.values()})
    if missing:
        pytest.skip(f"voices are needed to rebuild: {', '.join(missing)}")
    call = next(call for call in day.calls if call.file == file)
    folder = tmp_path / day.folder
    folder.mkdir()
    truth = maker.make_call(day, call, folder)
    kept = next(recording for _, recording in ALL if recording["file"] == file)
    assert truth == kept


@pytest.mark.parametrize("folder", ["day_en", "day_ru"])
def test_the_records_of_a_day_are_those_its_truth_makes(folder: str):
    sys.path.insert(0, str(SAMPLES))
    try:
        records = importlib.import_module("making.records")
    finally:
        sys.path.remove(str(SAMPLES))
    made = records.write_records(days()[folder])
    assert (SAMPLES / folder / "Master.csv").read_text(encoding="utf-8") == made
