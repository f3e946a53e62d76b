"""Bad input from the command line: the message names file, cause and remedy; the batch goes on; the exit code tells."""

import errno
import json
import math
import os
import shutil
import struct
import wave
from pathlib import Path

import numpy as np
import pytest

from cli.running import run
from sounds import join, music, ringback, voice

ROOT = Path(__file__).parents[2]
CARD = ROOT / "scorecards" / "phone_en.yaml"
RATE = 8000
GOOD = {
    "language": "en",
    "segments": [
        {
            "start": 0.5,
            "end": 3.5,
            "speaker": "manager",
            "text": "Good morning, Sunny Garden, Emma speaking. How can I help?",
        },
        {"start": 4.0, "end": 6.0, "speaker": "customer", "text": "I would like to order two roses, please."},
    ],
}


def write_wav(path: Path, samples: np.ndarray, rate: int = RATE) -> Path:
    samples = np.atleast_2d(samples)
    with wave.open(str(path), "wb") as file:
        file.setnchannels(samples.shape[0])
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes((np.clip(samples.T, -1, 1) * 32767).astype("<i2").tobytes())
    return path


def write_good(path: Path, word: str) -> None:
    document = json.loads(json.dumps(GOOD))
    document["segments"][1]["text"] += f" {word}"
    path.write_text(json.dumps(document), encoding="utf-8")


@pytest.fixture(scope="module")
def bad_day(tmp_path_factory) -> Path:
    """Every kind of bad recording, among four good calls with difficult names."""
    day = tmp_path_factory.mktemp("bad day")
    (day / "empty.wav").touch()
    (day / "text.wav").write_text("Dear colleagues, the recordings are on the other disk.\n" * 20, encoding="utf-8")
    (day / "truncated.mp3").write_bytes(b"\xff\xfb\x90\x64" + bytes(60))
    write_wav(day / "zero_length.wav", np.zeros((1, 0)))
    write_wav(day / "silence.wav", np.zeros(RATE * 8))
    write_wav(day / "music.wav", music(20.0))
    write_wav(day / "ringback.wav", ringback("ru", 20.0))
    write_wav(day / "blink.wav", 0.1 * np.sin(np.arange(RATE * 0.03)))
    write_wav(day / "fast.wav", 0.001 * np.random.default_rng(1).normal(size=192_000 * 2), rate=192_000)
    write_wav(day / "eight.wav", 0.01 * np.random.default_rng(2).normal(size=(8, RATE)))
    (day / "loop.wav").symlink_to(day / "loop.wav")
    (day / "around").symlink_to(day, target_is_directory=True)
    for number, name in enumerate(["two words", "звонок Анны", "call 📞", "line\nbreak"]):
        write_good(day / f"{name}.json", f"number {number}")
    return day


@pytest.fixture(scope="module")
def scored(bad_day, tmp_path_factory):
    """One run over the bad day: exit code, JSON lines by file name, what people were told."""
    import contextlib
    import io

    from qa_engine.cli.root import main

    folder = tmp_path_factory.mktemp("out")
    told = io.StringIO()
    with contextlib.redirect_stderr(told), contextlib.redirect_stdout(io.StringIO()), pytest.raises(SystemExit) as left:
        day = ["score", str(bad_day), "--scorecard", str(CARD), "--jobs", "1"]
        main(["--db", str(folder / "qa.db"), *day, "--json", str(folder / "out.jsonl")])
    lines = [json.loads(line) for line in (folder / "out.jsonl").read_text(encoding="utf-8").splitlines()]
    return left.value.code, {Path(line["recording"]).name: line for line in lines}, told.getvalue()


def test_the_exit_code_says_that_some_failed(scored):
    assert scored[0] == 3


@pytest.mark.parametrize(
    ("name", "kind", "cause"),
    [
        ("empty.wav", "empty", "empty"),
        ("text.wav", "unreadable", "text"),
        ("truncated.mp3", "unreadable", "mp3"),
        ("zero_length.wav", "empty", "no sound|no samples|zero"),
        ("silence.wav", "no_speech", "silence|no speech"),
        ("music.wav", "no_speech", "music"),
        ("ringback.wav", "no_speech", "ring"),
        ("blink.wav", "no_speech", "no speech"),
        ("fast.wav", "no_speech", "no speech"),
        ("eight.wav", "unsupported", "8 channels"),
        ("loop.wav", "unreadable", "links"),
    ],
)
def test_a_bad_recording_fails_with_its_kind_and_a_message_that_names_it(scored, name, kind, cause):
    error = scored[1][name]["error"]
    assert error["kind"] == kind, error
    assert name in error["message"]
    assert any(word in error["message"].lower() for word in cause.split("|")), error["message"]


@pytest.mark.parametrize("name", ["two words.json", "звонок Анны.json", "call 📞.json", "line\nbreak.json"])
def test_the_good_ones_among_them_are_judged_whatever_their_names(scored, name):
    line = scored[1][name]
    assert line["score"] is not None
    assert {c["id"]: c["verdict"] for c in line["criteria"]}["company"] == "pass"


def test_every_recording_has_one_line(scored, bad_day):
    names = [p.name for p in bad_day.iterdir() if p.name != "around"]
    assert sorted(scored[1]) == sorted(names)


def test_sound_under_a_wrong_suffix_is_decoded_by_its_content(tmp_path, capsys):
    sound = join(ringback("ru", 8.0), voice(6.0))
    shutil.copy(write_wav(tmp_path / "x.wav", sound), tmp_path / "ring.mp3")
    (tmp_path / "x.wav").unlink()
    ran = run(capsys, "timings", tmp_path / "ring.mp3", "--json")
    assert json.loads(ran.out)["ringing"]["rings"] == 2


def test_a_folder_without_recordings_is_misuse(tmp_path, capsys):
    ran = run(capsys, "--db", tmp_path / "qa.db", "score", tmp_path, "--scorecard", CARD)
    assert ran.code == 2
    assert str(tmp_path) in ran.err
    assert ".mp3" in ran.err


def test_a_missing_path_is_misuse(tmp_path, capsys):
    ran = run(capsys, "--db", tmp_path / "qa.db", "score", tmp_path / "nowhere", "--scorecard", CARD)
    assert ran.code == 2
    assert "nowhere" in ran.err


def test_a_file_that_may_not_be_read_is_told_with_the_remedy(tmp_path, capsys, monkeypatch):
    write_wav(tmp_path / "locked.wav", ringback("ru", 5.0))

    def refuse(path):
        raise PermissionError(errno.EACCES, "Permission denied", str(path))

    monkeypatch.setattr("qa_engine.batch.local.content_hash", refuse)
    ran = run(capsys, "--db", tmp_path / "qa.db", "score", tmp_path, "--scorecard", CARD, "--json", "-")
    assert ran.code == 3
    error = json.loads(ran.out)["error"]
    assert error["kind"] == "not_permitted"
    assert "locked.wav" in error["message"]
    assert "chmod" in error["message"]


BAD_CARDS = {
    "tab": ("sections:\n\t- id: a\n", "tab"),
    "unknown check": ("check: phrase", "check: phase"),
    "duplicate id": ("id: company\n", "id: hello\n"),
    "negative weight": ("weight: 10", "weight: -10"),
    "unknown language": ("language: en", "language: klingon"),
}


@pytest.mark.parametrize("name", BAD_CARDS)
def test_a_bad_scorecard_is_refused_with_the_line(tmp_path, capsys, name):
    change, replacement = BAD_CARDS[name]
    text = CARD.read_text(encoding="utf-8")
    if name == "tab":
        text = text + "\n" + change
    else:
        assert change in text
        text = text.replace(change, replacement, 1)
    bad = tmp_path / "bad.yaml"
    bad.write_text(text, encoding="utf-8")
    ran = run(capsys, "scorecard", "check", bad)
    assert ran.code == 2
    assert "bad.yaml" in ran.err
    assert "line " in ran.err


def test_all_problems_of_a_scorecard_come_at_once(tmp_path, capsys):
    text = CARD.read_text(encoding="utf-8")
    for change, replacement in list(BAD_CARDS.values())[1:]:
        text = text.replace(change, replacement, 1)
    bad = tmp_path / "bad.yaml"
    bad.write_text(text, encoding="utf-8")
    ran = run(capsys, "scorecard", "check", bad)
    assert ran.err.count("line ") >= 4, ran.err


def test_a_full_disk_while_writing_the_report_leaves_the_old_one(tmp_path, capsys, monkeypatch):
    write_good(tmp_path / "a.json", "today")
    db = tmp_path / "qa.db"
    assert run(capsys, "--db", db, "score", tmp_path / "a.json", "--scorecard", CARD).code == 0
    report = tmp_path / "report.html"
    report.write_text("yesterday's", encoding="utf-8")

    def full(descriptor):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    ran = run(capsys, "--db", db, "report", "--format", "html", "-o", report)
    assert ran.code == 2
    assert "report.html" in ran.err
    assert "space" in ran.err.lower()
    assert report.read_text(encoding="utf-8") == "yesterday's"
    assert not list(tmp_path.glob("*.tmp")) + list(tmp_path.glob(".qa-*"))


def test_a_database_that_is_none_is_told(tmp_path, capsys):
    (tmp_path / "qa.db").write_bytes(struct.pack("64s", b"not a database") * 100)
    write_good(tmp_path / "a.json", "x")
    ran = run(capsys, "--db", tmp_path / "qa.db", "score", tmp_path / "a.json", "--scorecard", CARD)
    assert ran.code == 2
    assert "qa.db" in ran.err


def test_a_broken_transcript_is_the_failure_of_its_recording(tmp_path, capsys):
    (tmp_path / "a.json").write_text('{"segments": [{"start": 0, "end"', encoding="utf-8")
    ran = run(capsys, "--db", tmp_path / "qa.db", "score", tmp_path / "a.json", "--scorecard", CARD, "--json", "-")
    assert ran.code == 3
    error = json.loads(ran.out)["error"]
    assert error["kind"] == "bad_transcript"
    assert "a.json" in error["message"]


def test_scores_are_finite_numbers(scored):
    scores = [line["score"] for line in scored[1].values() if "score" in line]
    assert scores
    assert all(math.isfinite(score) for score in scores)
