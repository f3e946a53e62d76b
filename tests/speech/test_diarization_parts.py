"""Long recordings are told apart in parts; the same person keeps one label."""

from bisect import bisect_left
from dataclasses import dataclass, field

import numpy as np
import pytest

from qa_engine.domain.spans import Span, total_duration
from qa_engine.domain.waveform import Waveform
from qa_engine.speech.diarization_parts import LONGEST, diarize_in_parts
from qa_engine.speech.protocols import SpeakerSpan

RATE = 10


@dataclass
class KnowingDiarizer:
    """Knows who speaks when by the samples it is given, but numbers the voices anew and backwards at every call."""

    truth: list[SpeakerSpan]
    name: str = "knowing"
    heard: list[Waveform] = field(default_factory=list)

    def diarize(self, waveform: Waveform, spans: tuple[Span, ...]) -> tuple[SpeakerSpan, ...]:
        self.heard.append(waveform)
        said = [(span, self._speaker_in(waveform.crop(span))) for span in spans]
        names = sorted({name for _, name in said}, reverse=len(self.heard) % 2 == 0)
        return tuple(SpeakerSpan(span.start, span.end, f"speaker {names.index(name)}") for span, name in said)

    def _speaker_in(self, sound: Waveform) -> str:
        """`blocks` numbers the samples, so that a sample tells its own place in the recording."""
        middle = float(sound.samples[0, sound.samples.shape[1] // 2]) / RATE
        return next(one.speaker for one in self.truth if one.start <= middle < one.end)


def blocks(seconds: float, block_seconds: float = 300.0):
    samples = np.arange(round(seconds * RATE), dtype=np.float32)[None, :]
    size = round(block_seconds * RATE)
    for first in range(0, samples.shape[1], size):
        yield Waveform(samples[:, first : first + size], RATE, first / RATE)


def dialogue(seconds: float, *, turn: float = 6.0, start: float = 0.0) -> list[SpeakerSpan]:
    """Manager and customer in turn, a second of pause between them."""
    starts = np.arange(start, start + seconds - turn, turn + 1)
    return [SpeakerSpan(float(at), float(at) + turn, ("manager", "customer")[i % 2]) for i, at in enumerate(starts)]


def clips_of(truth: list[SpeakerSpan]) -> tuple[Span, ...]:
    return tuple(Span(one.start, one.end) for one in truth)


def labels_by_person(truth: list[SpeakerSpan], found: tuple[SpeakerSpan, ...]) -> dict[str, dict[str, float]]:
    """Seconds of each person under each label."""
    seconds: dict[str, dict[str, float]] = {}
    starts = [one.start for one in found]
    for true in truth:
        for one in found[max(0, bisect_left(starts, true.start) - 2) :][:5]:
            common = Span(true.start, true.end).overlap(Span(one.start, one.end))
            if common > 0.1:
                own = seconds.setdefault(true.speaker, {})
                own[one.speaker] = own.get(one.speaker, 0.0) + common
    return seconds


def test_a_call_of_usual_length_is_heard_in_one_piece():
    truth = dialogue(590)
    diarizer = KnowingDiarizer(truth)
    found = diarize_in_parts(blocks(600), clips_of(truth), diarizer)
    assert len(diarizer.heard) == 1
    assert found == KnowingDiarizer(truth).diarize(diarizer.heard[0], clips_of(truth))


@pytest.mark.parametrize("hours", [0.5, 1.1, pytest.param(8.0, marks=pytest.mark.slow)])
def test_a_person_keeps_one_label_through_all_parts(hours):
    truth = dialogue(hours * 3600)
    diarizer = KnowingDiarizer(truth)
    found = diarize_in_parts(blocks(hours * 3600), clips_of(truth), diarizer)
    assert len(diarizer.heard) > 1
    people = labels_by_person(truth, found)
    assert [list(labels) for labels in people.values()] == [["speaker 0"], ["speaker 1"]]
    spoken = total_duration(clips_of(truth))
    assert total_duration(Span(one.start, one.end) for one in found) == pytest.approx(spoken, abs=1)


def test_no_part_is_longer_than_the_limit():
    truth = dialogue(3 * 3600)
    diarizer = KnowingDiarizer(truth)
    diarize_in_parts(blocks(3 * 3600), clips_of(truth), diarizer)
    lengths = [waveform.duration for waveform in diarizer.heard]
    assert max(lengths) <= LONGEST + 1 / RATE
    assert min(lengths) > LONGEST / 4  # the last one is no scrap in which hardly anybody speaks


def test_somebody_new_after_a_transfer_gets_a_label_of_his_own():
    truth = dialogue(1500)
    truth += [
        SpeakerSpan(one.start, one.end, one.speaker.replace("manager", "colleague"))
        for one in dialogue(1400, start=1520)
    ]
    found = diarize_in_parts(blocks(3000), clips_of(truth), KnowingDiarizer(truth))
    people = labels_by_person(truth, found)
    assert {person: list(labels) for person, labels in people.items()} == {
        "manager": ["speaker 0"],
        "customer": ["speaker 1"],
        "colleague": ["speaker 2"],
    }


def test_who_is_silent_where_two_parts_meet_is_the_one_left_over():
    truth = [
        *dialogue(800),
        *(SpeakerSpan(at, at + 6.0, "manager") for at in np.arange(800.0, 1500.0, 7.0).tolist()),
        *dialogue(800, start=1506.0),
    ]
    found = diarize_in_parts(blocks(2400), clips_of(truth), KnowingDiarizer(truth))
    people = labels_by_person(truth, found)
    assert {person: list(labels) for person, labels in people.items()} == {
        "manager": ["speaker 0"],
        "customer": ["speaker 1"],
    }


def test_people_are_the_same_before_and_after_a_hold_of_an_hour():
    truth = [*dialogue(900), *dialogue(900, start=4500.0)]
    diarizer = KnowingDiarizer(truth)
    found = diarize_in_parts(blocks(5400), clips_of(truth), diarizer)
    people = labels_by_person(truth, found)
    assert [list(labels) for labels in people.values()] == [["speaker 0"], ["speaker 1"]]
    assert found[-1].end == pytest.approx(truth[-1].end, abs=0.1)


def test_times_are_those_of_the_recording_though_pauses_were_taken_out():
    truth = dialogue(4000, turn=5.0)
    truth = [one for index, one in enumerate(truth) if index % 7]  # pauses of six seconds and more
    found = diarize_in_parts(blocks(4000), clips_of(truth), KnowingDiarizer(truth))
    assert [(one.start, one.end) for one in found] == [pytest.approx((one.start, one.end), abs=0.02) for one in truth]


def test_no_clips_mean_no_speakers():
    assert diarize_in_parts(blocks(10), (), KnowingDiarizer([])) == ()
