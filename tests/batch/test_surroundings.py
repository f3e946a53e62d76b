"""A call among others: sounds that repeat, and the phone system's record of it, through a real store."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from qa_engine.audio.landmarks import Landmarks, find_landmarks
from qa_engine.batch.local import Day, Outcome, score_day
from qa_engine.batch.surroundings import find_surroundings
from qa_engine.domain.audio_event import Activity, AudioEvents, ChannelRelation, EventKind
from qa_engine.domain.call_identity import CallIdentity, Direction
from qa_engine.domain.call_record import CallOutcome, CallRecord
from qa_engine.domain.hearing import Engines, Hearing
from qa_engine.domain.spans import Span
from qa_engine.domain.transcript import Utterance, Word
from qa_engine.pipeline import Source, content_hash
from qa_engine.rules.loading import load_scorecard
from qa_engine.store.store import Store
from qa_engine.telephony.file_names import file_names
from sounds import blocks, join, music, voice

CARD = Path(__file__).parents[2] / "scorecards" / "phone_en.yaml"
TALK, TUNE = 12.0, 15.0


@dataclass(frozen=True)
class HearTunes:
    """Hears a call of talk, a tune where the file says ``tune``, and talk; the tune was taken for speech."""

    def __call__(self, source: Source) -> Hearing:
        name = source.path.read_text(encoding="utf-8")
        seed = sum(map(ord, name))
        middle = music(TUNE, seed=5) if "tune" in name else voice(TUNE, seed=seed + 1)
        sound = join(voice(TALK, seed=seed), middle, voice(TALK, seed=seed + 2))
        duration = len(sound) / 8000
        events = AudioEvents(
            duration, 1, ChannelRelation.MONO, (Activity(None, (Span(0.5, duration - 0.5),), -20.0, -60.0),)
        )
        return Hearing(
            content_hash(source.path),
            str(source.path),
            duration,
            "en",
            (said(0.5, "manager", "sunny garden emma speaking"), said(TALK + 2, "manager", "la la la your love")),
            events,
            Engines("fake", "fake"),
            file_names("auto").read(source.path),
            labels_are_roles=False,
            landmarks=find_landmarks(blocks(sound)()).to_bytes(),
        )


def said(start: float, speaker: str, text: str) -> Utterance:
    words = tuple(Word(word, start + i * 0.4, start + i * 0.4 + 0.3) for i, word in enumerate(text.split()))
    return Utterance(start, words[-1].end, words, speaker)


@pytest.fixture
def store(tmp_path):
    with Store.open(str(tmp_path / "qa.db")) as opened:
        yield opened


def make_sources(folder: Path, *contents: str) -> list[Source]:
    folder.mkdir(exist_ok=True)
    for content in contents:
        (folder / f"{content}.wav").write_text(content, encoding="utf-8")
    return [Source(path) for path in sorted(folder.glob("*.wav"))]


def score(sources: list[Source], store: Store) -> list[Outcome]:
    day = Day(load_scorecard(CARD), HearTunes(), "fake", jobs=1, identify=file_names("auto").read)
    return list(score_day(sources, day, store))


def last(outcomes: list[Outcome]) -> dict[str, Outcome]:
    return {outcome.source.path.stem: outcome for outcome in outcomes}


def test_a_tune_of_three_calls_is_a_hold_in_each_of_them(tmp_path, store):
    outcomes = score(make_sources(tmp_path / "day", "tune a", "tune b", "tune c", "talk"), store)
    judged = last(outcomes)
    for name in ("tune a", "tune b", "tune c"):
        (hold,) = judged[name].call.timings.holds
        assert (hold.start, hold.end) == (pytest.approx(TALK, abs=1.0), pytest.approx(TALK + TUNE, abs=1.0))
    assert judged["talk"].call.timings.holds == ()
    assert sum(outcome.again for outcome in outcomes) == 3


def test_words_heard_in_the_tune_are_nobodys(tmp_path, store):
    outcomes = score(make_sources(tmp_path / "day", "tune a", "tune b", "tune c"), store)
    roles = {turn.text: str(turn.role) for turn in last(outcomes)["tune a"].call.turns}
    assert roles["la la la your love"] == "ivr"


def test_two_calls_teach_nothing(tmp_path, store):
    outcomes = score(make_sources(tmp_path / "day", "tune a", "tune b", "talk"), store)
    assert not any(outcome.again for outcome in outcomes)


def test_the_same_day_again_is_judged_the_same_without_learning_anew(tmp_path, store):
    sources = make_sources(tmp_path / "day", "tune a", "tune b", "tune c", "talk")
    first = last(score(sources, store))
    again = score(sources, store)
    assert not any(outcome.again or outcome.heard for outcome in again)
    assert {name: outcome.evaluation for name, outcome in first.items()} == {
        outcome.source.path.stem: outcome.evaluation for outcome in again
    }


def test_what_was_learned_stays_when_one_call_is_scored_alone(tmp_path, store):
    sources = make_sources(tmp_path / "day", "tune a", "tune b", "tune c")
    score(sources, store)
    (alone,) = score(sources[:1], store)
    assert len(alone.call.timings.holds) == 1


def test_a_call_scored_alone_first_learns_from_the_day_later(tmp_path, store):
    sources = make_sources(tmp_path / "day", "tune a", "tune b", "tune c")
    (alone,) = score(sources[:1], store)
    assert alone.call.timings.holds == ()
    assert len(last(score(sources, store))["tune a"].call.timings.holds) == 1


def test_the_sounds_a_call_shares_are_named_in_it(tmp_path, store):
    score(make_sources(tmp_path / "day", "tune a", "tune b", "tune c"), store)
    sounds = [sound for call in store.calls() for sound in call.events.sounds]
    assert len(sounds) == 3
    assert {sound.detail for sound in sounds} == {"heard in several calls"}
    assert {sound.kind for sound in sounds} <= {EventKind.MUSIC, EventKind.ANNOUNCEMENT}


RECORD = CallRecord(
    "asterisk cdr",
    "1795168720.4",
    datetime(2026, 11, 20, 9, 58, 40, tzinfo=UTC),
    Direction.INBOUND,
    manager="101",
    customer="01632960111",
    outcome=CallOutcome.ANSWERED,
    ring_seconds=5.0,
    ring_by="legs",
    ids=("1795168720.4",),
)
RECORDED = "external-600-01632960111-20261120-095840-1795168720.4"


def test_a_record_imported_before_scoring_gives_the_ring_time(tmp_path, store):
    store.save_records([RECORD])
    (outcome,) = score(make_sources(tmp_path / "day", RECORDED), store)
    assert outcome.call.timings.ringing.seconds == 5.0
    assert outcome.call.timings.ringing.source == "records"
    assert outcome.call.timings.recorded.matched_by == "id"
    assert outcome.call.manager == "Emma Clark"


def test_a_record_imported_after_scoring_is_used_the_next_time(tmp_path, store):
    sources = make_sources(tmp_path / "day", RECORDED)
    (before,) = score(sources, store)
    assert before.call.timings.recorded is None
    store.save_records([RECORD])
    (after,) = score(sources, store)
    assert after.heard is False
    assert after.call.timings.ringing.seconds == 5.0


def test_the_record_of_another_call_is_not_taken(tmp_path, store):
    store.save_records([replace(RECORD, record_id="1795168999.9", ids=("1795168999.9",), customer="01632960999")])
    (outcome,) = score(make_sources(tmp_path / "day", RECORDED), store)
    assert outcome.call.timings.recorded is None


def test_without_records_there_is_no_match(store):
    hearing = Hearing("0" * 64, "a.wav", 5.0, "en", (), None, Engines("", ""), CallIdentity())
    found = find_surroundings(hearing, store)
    assert (found.match, found.repeats) == (None, ())


def test_empty_landmarks_are_compared_with_nobody():
    assert not len(Landmarks.from_bytes(b"").values)
    assert Landmarks(np.zeros(0, np.uint32), np.zeros(0, np.uint32)).to_bytes()
