import math
import time
from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa_engine.domain.audio_event import Activity, AudioEvents, ChannelRelation, EventKind, Ringback, SoundEvent
from qa_engine.domain.call import Call, RoleAssignment
from qa_engine.domain.call_identity import CallIdentity, Direction
from qa_engine.domain.conversation import Interruption, Monologues, Overlap, Pace, Pause, PauseGrade
from qa_engine.domain.evaluation import CriterionResult, Evaluation, Evidence, EvidenceKind, FailedRecording, Verdict
from qa_engine.domain.hearing import Engines, Hearing
from qa_engine.domain.serialization import from_json, to_json
from qa_engine.domain.spans import Span
from qa_engine.domain.timings import (
    Beginning,
    Courtesy,
    Hold,
    HoldKind,
    Interruptions,
    Quote,
    Ringing,
    Talk,
    Timings,
    Transfer,
)
from qa_engine.domain.transcript import Role, Transcript, Turn, Utterance, Word

number = st.floats(allow_nan=False, allow_infinity=False)
text = st.text(max_size=8)
minutes = st.integers(-14 * 60, 14 * 60).map(lambda offset: timezone(timedelta(minutes=offset)))
moment = st.datetimes(timezones=st.none() | minutes)
pair = st.tuples(number, number).map(sorted)


def few(strategy):
    return st.lists(strategy, max_size=3).map(tuple)


def maybe(strategy):
    return st.none() | strategy


span = pair.map(lambda ends: Span(*ends))
channel = maybe(st.integers(0, 7))
word = st.builds(Word, text, number, number, maybe(number), st.booleans())
utterance = st.builds(Utterance, number, number, few(word), text, channel)
turn = st.builds(Turn, st.sampled_from(Role), number, number, few(word), text, channel)
identity = st.builds(CallIdentity, text, text, maybe(moment), st.sampled_from(Direction), text, text)
engines = st.builds(Engines, text, text)
activity = st.builds(Activity, channel, few(span), number, number)
rings = st.builds(
    Ringback, number, number, st.integers(0, 99), text, number, number, channel, st.booleans(), st.booleans()
)
sound = st.builds(SoundEvent, st.sampled_from(EventKind), number, number, channel, number, text)
events = st.builds(
    AudioEvents, number, st.integers(1, 8), st.sampled_from(ChannelRelation), few(activity), few(rings), few(sound)
)
ringing = st.builds(
    Ringing,
    st.booleans(),
    text,
    maybe(number),
    maybe(number),
    maybe(st.integers(0, 9)),
    maybe(number),
    maybe(number),
    text,
)
role = st.sampled_from(Role)
quote = st.builds(Quote, text, role, number, number)
courtesy = st.builds(Courtesy, maybe(st.booleans()), maybe(quote), text)
hold = st.builds(Hold, number, number, st.sampled_from(HoldKind), st.booleans(), text, maybe(courtesy), maybe(courtesy))
transfer = st.builds(
    Transfer,
    number,
    maybe(st.booleans()),
    text,
    text,
    maybe(number),
    maybe(quote),
    maybe(courtesy),
    maybe(courtesy),
)
interruption = st.builds(Interruption, number, role, number)
talk = st.builds(Talk, number, number, number, number, st.booleans(), text)
timings = st.builds(
    Timings,
    duration=number,
    beginning=st.sampled_from(Beginning),
    ringing=ringing,
    answered_at=maybe(number),
    holds=few(hold),
    holds_measured=st.booleans(),
    transfers=few(transfer),
    talk=maybe(talk),
    dead_air=few(span),
    interruptions=maybe(st.builds(Interruptions, st.integers(0), st.integers(0), st.booleans(), few(interruption))),
    pauses=maybe(few(st.builds(Pause, number, number, st.sampled_from(PauseGrade), role, role))),
    overlaps=maybe(few(st.builds(Overlap, number, number, role))),
    monologues=maybe(st.builds(Monologues, maybe(span), maybe(span), st.booleans(), text)),
    pace=maybe(st.builds(Pace, maybe(number), maybe(number), text)),
)
hearing = st.builds(Hearing, text, text, number, text, few(utterance), maybe(events), engines, identity, st.booleans())
call = st.builds(
    Call, text, text, text, text, number, text, identity, few(turn), maybe(events), timings,
    st.builds(RoleAssignment, number, text, text), engines,
)  # fmt: skip
evidence = st.builds(
    Evidence, st.sampled_from(EvidenceKind), text, number, number, maybe(st.sampled_from(Role)), maybe(number), text
)
result = st.builds(
    CriterionResult,
    text,
    text,
    text,
    number,
    st.sampled_from(Verdict),
    maybe(number),
    text,
    few(evidence),
    st.booleans(),
)
evaluation = st.builds(
    Evaluation,
    text,
    text,
    text,
    number,
    maybe(number),
    maybe(number),
    maybe(st.booleans()),
    few(text),
    few(result),
    text,
    text,
)
transcript = st.builds(Transcript, few(utterance), text, maybe(number), text, st.dictionaries(text, text, max_size=3))
failed = st.builds(FailedRecording, text, text, text, text)


@pytest.mark.parametrize(
    "values",
    [hearing, call, evaluation, transcript, failed],
    ids=["Hearing", "Call", "Evaluation", "Transcript", "FailedRecording"],
)
@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_what_is_written_reads_back_equal_and_writes_the_same_bytes(values, data):
    value = data.draw(values)
    written = to_json(value)
    read = from_json(type(value), written)
    assert read == value
    assert to_json(read) == written


def test_keys_stand_in_the_order_of_the_fields():
    written = to_json(Word("ё", 0.5, 1, None))
    assert written == '{"text":"ё","start":0.5,"end":1,"probability":null,"interpolated":false}'.encode()


def test_times_keep_their_offset():
    started_at = datetime(2026, 11, 20, 10, 15, tzinfo=timezone(timedelta(hours=3)))
    read = from_json(CallIdentity, to_json(CallIdentity(started_at=started_at)))
    assert read.started_at.isoformat() == "2026-11-20T10:15:00+03:00"


@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf])
@pytest.mark.parametrize("field", ["start", "probability"])
def test_a_number_that_is_not_finite_is_refused_naming_its_place(bad, field):
    spoiled = Word("a", **({"start": 0.0, "end": 1.0} | {field: bad}))
    with pytest.raises(ValueError, match=rf"Transcript\.utterances\[0\]\.words\[1\]\.{field}: -?(nan|inf)"):
        to_json(Transcript((Utterance(0.0, 1.0, (Word("b", 0.0, 1.0), spoiled)),)))


def test_text_that_is_not_unicode_is_refused_naming_its_place_and_not_the_text():
    with pytest.raises(ValueError, match=r"FailedRecording\.path: text with bytes that are not UTF-8") as caught:
        to_json(FailedRecording("secret\udcff.wav", "unreadable", ""))
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    "data", [b"", b"{", b"[]", b"{}", b'{"text":1,"start":0,"end":1}', b'{"text":"a","start":null,"end":1}', b"\xff"]
)
def test_what_is_not_the_value_is_refused_naming_the_type(data):
    with pytest.raises(ValueError, match="not a stored Word"):
        from_json(Word, data)


def test_values_stored_by_an_older_or_newer_engine_read():
    older, newer = b'{"text":"a","start":0,"end":1}', b'{"text":"a","start":0,"end":1,"pitch":440}'
    assert from_json(Word, older) == from_json(Word, newer) == Word("a", 0.0, 1.0)


def test_a_long_call_reads_fast():
    said = tuple(Word(f"слово{place}", place * 0.3, place * 0.3 + 0.25, 0.9) for place in range(1000))
    turns = tuple(
        Turn(Role.MANAGER, said[at].start, said[at + 19].end, said[at : at + 20]) for at in range(0, 1000, 20)
    )
    written = to_json(turns)
    best = math.inf
    for _ in range(20):
        begun = time.perf_counter()
        assert from_json(tuple[Turn, ...], written)
        best = min(best, time.perf_counter() - begun)
    assert best < 0.0015 * 4  # goal 1.5 ms, measured 0.4 ms; room for a loaded machine
