"""A day broken off in the middle of real recognition, by Ctrl-C and by kill -9, goes on where it was."""

import os
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from golden.days import ENGLISH, ROOT

pytestmark = [
    pytest.mark.weights,
    pytest.mark.slow,
    pytest.mark.skipif(os.name != "posix", reason="signals of POSIX"),
]
STEREO = ("external-101-01632960111", "external-101-01632960132", "external-102-01632960174")  # quick: no diarization


@pytest.fixture
def day(tmp_path) -> Path:
    folder = tmp_path / "day"
    folder.mkdir()
    for path in ENGLISH.folder.iterdir():
        if path.name.startswith(STEREO):
            shutil.copy(path, folder)
    assert len(list(folder.iterdir())) == len(STEREO)
    return folder


def score(day: Path, *more: str) -> list[str]:
    db = str(day.parent / "qa.db")
    card = ["--scorecard", str(ENGLISH.card)]
    return [sys.executable, "-m", "qa_engine", "--db", db, "score", str(day), *card, "--jobs", "1", *more]


def count(day: Path, table: str) -> int:
    try:
        with sqlite3.connect(day.parent / "qa.db") as connection:
            return connection.execute(f"select count(*) from {table}").fetchone()[0]
    except sqlite3.OperationalError:  # not made yet, or being written
        return 0


def stop_after_the_first(day: Path, stop_signal: int) -> subprocess.CompletedProcess:
    running = subprocess.Popen(
        score(day), start_new_session=True, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    deadline = time.monotonic() + 240
    while count(day, "evaluations") == 0 and running.poll() is None and time.monotonic() < deadline:
        time.sleep(0.05)
    os.killpg(running.pid, stop_signal)
    out, err = running.communicate(timeout=60)
    assert count(day, "evaluations") < len(STEREO), "it was over before it could be stopped"
    return subprocess.CompletedProcess(running.args, running.returncode, out, err)


def go_on(day: Path, kept: int) -> None:
    lines = day.parent / "out.jsonl"
    ended = subprocess.run(score(day, "--json", str(lines)), check=False, cwd=ROOT, capture_output=True, text=True)
    assert ended.returncode == 0, ended.stderr
    told = re.search(r"(\d+) recordings heard now, (\d+) taken from the store", ended.stderr)
    assert told is not None, ended.stderr
    assert int(told[1]) + int(told[2]) == len(STEREO)
    assert int(told[2]) >= kept >= 1
    assert len(lines.read_text(encoding="utf-8").splitlines()) == len(STEREO)
    assert count(day, "hearings") == count(day, "calls") == count(day, "evaluations") == len(STEREO)


def test_killed_without_warning_it_goes_on_and_judges_every_recording_once(day):
    stop_after_the_first(day, signal.SIGKILL)
    go_on(day, kept=count(day, "evaluations"))


def test_ctrl_c_says_how_to_go_on_and_leaves_nothing_half_done(day):
    stopped = stop_after_the_first(day, signal.SIGINT)
    assert stopped.returncode == 130
    assert "run the same command again" in stopped.stderr
    assert "Traceback" not in stopped.stderr
    go_on(day, kept=count(day, "evaluations"))
