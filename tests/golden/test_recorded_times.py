"""A sample day with the phone system's log: ring times by sound and by record agree, each way of writing them."""

from __future__ import annotations

from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from qa_engine.audio.decoding import decode_blocks
from qa_engine.audio.detection import detect_events
from qa_engine.audio.grid import SAMPLE_RATE
from qa_engine.domain.call_identity import Direction
from qa_engine.domain.call_record import CallOutcome, CallRecord
from qa_engine.domain.timings import Comparison, Timings
from qa_engine.telephony.asterisk_cdr import ASTERISK_CDR
from qa_engine.telephony.file_names import file_names
from qa_engine.telephony.matching import match_records
from qa_engine.telephony.reader import Problems, ReadingOptions
from qa_engine.timings.answer import measure_answer
from qa_engine.timings.measuring import measure_timings
from qa_engine.timings.reconciling import reconcile

SAMPLES = Path(__file__).parents[2] / "samples"
DAYS = {"day_en": "Europe/London", "day_ru": "Europe/Moscow"}
SOUNDS = [
    pytest.param(path, id=f"{folder} {path.name[-28:]}")
    for folder in DAYS
    for path in sorted((SAMPLES / folder).iterdir())
    if path.suffix in {".wav", ".mp3", ".flac", ".ogg"} and path.stat().st_size > 1000
]


def records_of(folder: str) -> tuple[CallRecord, ...]:
    problems = Problems()
    options = ReadingOptions(ZoneInfo(DAYS[folder]))
    records = tuple(ASTERISK_CDR.read(SAMPLES / folder / "Master.csv", options, problems))
    assert problems.count == 0
    return records


def timings_of(path: Path) -> Timings:
    events = detect_events(lambda: decode_blocks(path, sample_rate=SAMPLE_RATE))
    answer = measure_answer(events, None)
    return measure_timings(events, (), answer, language="", duration=events.duration)


def ring_times(path: Path) -> Comparison | None:
    times = timings_of(path)
    identity = file_names("auto").read(path)
    match = match_records(identity, str(path), times.duration, records_of(path.parent.name))
    if match is None:
        return None
    recorded = reconcile(times, match.records[0], matched_by=match.matched_by).recorded
    assert recorded is not None
    return next(each for each in recorded.comparisons if each.measure == "ring_seconds")


@pytest.mark.slow
@pytest.mark.parametrize("path", SOUNDS)
def test_sound_and_record_agree_within_a_second(path: Path):
    compared = ring_times(path)
    if path.name == "call 7 emma.wav":
        assert compared is None, "a file named by hand has no record to be found by"
        return
    assert compared is not None
    assert compared.records is not None
    if compared.audio is not None:
        assert compared.difference == pytest.approx(0.0, abs=1.0)


@pytest.mark.parametrize("folder", DAYS)
def test_every_recording_of_the_log_was_answered_and_missed_calls_have_none(folder: str):
    records = records_of(folder)
    missed = [record for record in records if record.outcome is CallOutcome.MISSED]
    assert len(missed) == 3
    assert all(record.direction is Direction.INBOUND for record in missed)
    assert sum(record.direction is Direction.OUTBOUND for record in records) == 1


@pytest.mark.parametrize("folder", DAYS)
def test_half_of_the_calls_ring_by_their_legs_alone(folder: str):
    by = {record.ring_by for record in records_of(folder) if record.ring_seconds is not None}
    assert by == {"legs", "duration - billsec"}
