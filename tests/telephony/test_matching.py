from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from records_of_calls import CUSTOMER, at, missed, outbound, told

from qa_engine.domain.call_identity import CallIdentity, Direction
from qa_engine.domain.call_record import CallOutcome, Leg, RecordedTransfer
from qa_engine.telephony.file_names import file_names
from qa_engine.telephony.matching import (
    RecordQuery,
    combine,
    complete_identity,
    match_records,
    what_to_ask,
)

NOTHING = CallIdentity()
SID = "RE0000000000000000000000000000000f"
FREEPBX = "external-101-79990000001-20241120-102000-1732087200.25.wav"


def heard(clock="10:20:00", zone="", **more):
    """What a file name with the customer's number and a time says."""
    return CallIdentity(**{"customer": "89990000001", "started_at": at(clock, zone), "source": "file name"} | more)


def by(identity, candidates, *, path="x.wav", duration=60.0):
    """How the records were found, and which."""
    match = match_records(identity, path, duration, candidates)
    return match and (match.matched_by, [record.record_id for record in match.records])


# The ways of finding


@pytest.mark.parametrize(
    ("path", "ids"),
    [
        ("day/1732087200.25.wav", ("1732087200.25",)),
        ("1732087200.25", ("1732087200.25",)),
        ("1732087200.25.wav.mp3", ("1732087200.25",)),
        (FREEPBX, ("1732087200.9", "1732087200.25")),
        ("a5ee1f6c-0a2b-4cde-8f00-0123456789ab_20241120.wav", ("a5ee1f6c-0a2b-4cde-8f00-0123456789ab",)),
        (f"CA00000000000000000000000000000001.{SID}.mp3", (SID,)),
        ("MToxMDAwMDAwMQ.mp3", ("MToxMDAwMDAwMQ",)),
    ],
)
def test_an_id_in_the_file_name_finds_the_record(path, ids):
    assert by(NOTHING, [told("other.1"), told("call.1", ids=ids)], path=path) == ("id", ["call.1"])


def test_the_id_of_the_identity_goes_before_the_file_name():
    named = told("named.1", recordings=("x-20241120.wav",))
    meant = told("meant.1", ids=("order-17",))
    assert by(CallIdentity(call_id="order-17"), [named, meant], path="x-20241120.wav") == ("id", ["meant.1"])


@pytest.mark.parametrize("path", ["day/Q-20241120-102000.mp3", "C:\\day\\q-20241120-102000.WAV", "q-20241120-102000"])
def test_a_file_name_finds_the_record_whatever_folder_case_and_suffix(path):
    candidates = [told("other.1"), told("call.1", recordings=("q-20241120-102000.wav",))]
    assert by(NOTHING, candidates, path=path) == ("file name", ["call.1"])


def test_number_and_time_find_the_record():
    candidates = [told("early.1", "09:20:00"), told("call.1", "10:20:00"), told("late.1", "11:20:00")]
    assert by(heard(), candidates) == ("number and time", ["call.1"])


def test_the_name_a_phone_system_gives_finds_its_record():
    identity = file_names("auto").read(Path(FREEPBX))
    assert by(identity, [told("1732087200.25"), told("1732087200.26")], path=FREEPBX) == ("id", ["1732087200.25"])


@pytest.mark.parametrize(
    "candidate",
    [
        told("another number.1", customer="+79990000002"),
        told("hidden number.1", customer="anonymous"),
        told("an hour later.1", "11:20:00"),
        told("over before.1", "10:15:00", seconds=60),
        told("shorter than the recording.1", seconds=50),
        told("another day.1", "2024-11-19T10:20:00"),
    ],
    ids=lambda record: record.record_id,
)
def test_number_and_time_do_not_find(candidate):
    assert by(heard(), [candidate]) is None


def test_a_number_without_a_time_finds_nothing():
    assert by(CallIdentity(customer=CUSTOMER), [told("call.1")]) is None


def test_a_hidden_number_finds_nothing():
    assert by(heard(customer="anonymous"), [told("call.1", customer="unknown")]) is None


def test_no_candidates_are_no_match():
    assert match_records(heard(), FREEPBX, 60.0, ()) is None


# Time


@pytest.mark.parametrize(
    ("clock", "zone", "found"),
    [
        ("10:20:00", "", True),  # the clock on the wall where the record was written
        ("10:20:00", "+03:00", True),
        ("07:20:00", "+00:00", True),
        ("07:20:00", "", False),
        ("10:20:00", "+05:00", False),
    ],
)
def test_a_naive_time_is_compared_on_the_wall_an_aware_one_absolutely(clock, zone, found):
    assert (by(heard(clock, zone), [told("call.1")]) is not None) is found


@pytest.mark.parametrize("order", [1, -1])
def test_one_record_with_the_local_clock_is_enough(order):
    cdr = told("1732087200.1", "10:20:00")
    log = told("1732087200.1", "07:20:00", zone="+00:00", system="asterisk queue log")
    match = match_records(heard("10:20:02"), "x", 60.0, [cdr, log][::order])
    assert match.records == (cdr, log)
    assert by(heard("10:20:02"), [log]) is None


@pytest.mark.parametrize("clock", ["10:19:10", "10:20:00", "10:32:05", "10:49:00"])
def test_a_recording_may_begin_at_the_call_at_its_answer_or_within(clock):
    waited = told("call.1", "10:20:00", seconds=1_800, answered_at=at("10:32:00"))
    assert by(heard(clock), [waited, told("other.1", "11:00:00")]) == ("number and time", ["call.1"])


def test_a_call_without_an_end_may_be_of_any_length():
    assert by(heard("10:50:00"), [told("call.1", seconds=None)], duration=3_000) == ("number and time", ["call.1"])


def test_the_summer_time_change_does_not_move_a_call():
    begin = datetime(2024, 10, 27, 0, 30, tzinfo=ZoneInfo("Europe/Berlin"))
    end = datetime(2024, 10, 27, 3, 30, tzinfo=ZoneInfo("Europe/Berlin"))  # four hours later, three on the wall
    call = told("call.1", ended_at=end, answered_at=None)
    whole = type(call)(**{name: getattr(call, name) for name in call.__slots__} | {"started_at": begin})
    identity = heard(started_at=begin)
    assert by(identity, [whole], duration=3.9 * 3600) == ("number and time", ["call.1"])


# Several calls


def test_the_nearer_of_two_calls_is_found():
    candidates = [missed("missed.1", "10:19:20"), told("call.1", "10:20:00")]
    assert by(heard("10:20:01"), candidates, duration=15) == ("number and time", ["call.1"])


def test_two_calls_that_fit_equally_well_are_no_match():
    candidates = [told("one.1", "10:20:00"), told("two.1", "10:20:06")]
    assert by(heard("10:20:03"), candidates) is None


def test_a_few_seconds_between_two_clocks_do_not_make_one_call_the_nearer():
    candidates = [told("one.1", "10:20:00"), told("two.1", "10:20:08")]
    assert by(heard("10:20:01"), candidates) is None
    assert by(heard("10:20:01"), [candidates[0], told("two.1", "10:20:20")]) == ("number and time", ["one.1"])


def test_a_recording_that_begins_at_the_answer_belongs_to_the_call_answered_then():
    waited = told("waited.1", "10:00:00", seconds=1_800, answered_at=at("10:12:00"))
    assert by(heard("10:12:05"), [waited, told("other.1", "10:12:40")]) == ("number and time", ["waited.1"])


def test_the_length_tells_two_calls_apart():
    candidates = [told("short.1", "10:20:00", seconds=8), outbound("long.1", "10:20:06")]
    assert by(heard("10:20:03"), candidates) == ("number and time", ["long.1"])


@pytest.mark.parametrize("known", [{"direction": Direction.OUTBOUND}, {"manager": "101"}])
def test_the_way_of_the_call_or_its_manager_tells_two_calls_apart(known):
    candidates = [told("in.1", "10:20:00", manager="102"), outbound("out.1", "10:20:06")]
    assert by(heard("10:20:03", **known), candidates) == ("number and time", ["out.1"])


def test_a_file_name_used_again_is_told_apart_by_time():
    candidates = [told("one.1", "10:20:00", recordings=("1.wav",)), told("two.1", "15:00:00", recordings=("1.wav",))]
    assert by(heard("15:00:02", customer=""), candidates, path="1.wav") == ("file name", ["two.1"])
    assert by(NOTHING, candidates, path="1.wav") is None


def test_a_file_name_used_again_on_another_day_is_no_match():
    candidate = told("one.1", "2024-11-19T10:20:00", recordings=("1.wav",))
    assert by(heard(customer=""), [candidate], path="1.wav") is None


def test_an_id_that_is_a_counter_counts_only_near_its_time():
    candidates = [told("one.1", "10:20:00", ids=("2",)), told("two.1", "15:00:00", ids=("2",))]
    assert by(heard("15:00:02", customer="", call_id="2"), candidates) == ("id", ["two.1"])
    assert by(CallIdentity(call_id="2"), candidates[:1]) is None


def test_all_that_several_systems_say_of_the_call_belongs_to_it_the_most_telling_first():
    cdr = told("1732087200.1", ids=("1732087200.1", "1732087201.2"), recordings=("a-20241120.wav",))
    queue = told("1732087200.1", "10:20:04", system="asterisk queue_log", direction=Direction.UNKNOWN, customer="")
    cel = told("1732087200.1", system="asterisk cel", resolution=1e-6)
    match = match_records(NOTHING, "a-20241120.mp3", 60.0, [queue, told("1732087300.1"), cdr, cel])
    assert match.records == (cel, cdr, queue)
    assert match.matched_by == "file name"


def test_the_finer_clock_is_the_more_telling():
    fine = told("1732087200.1", system="asterisk cel", resolution=1e-6, customer="", direction=Direction.UNKNOWN)
    coarse = told("1732087200.1", manager="101", queue="400", hold_seconds=3.0)
    match = match_records(CallIdentity(call_id="1732087200.1"), "x", 60.0, [coarse, fine])
    assert match.records == (fine, coarse)


def test_records_share_an_id_through_a_third():
    one, two = told("one.17320", ids=("first.1",)), told("two.17320", ids=("second.1",))
    both = told("both.17320", ids=("first.1", "second.1"), system="asterisk cel")
    assert len(match_records(CallIdentity(call_id="first.1"), "x", 60.0, [one, two, both]).records) == 3


def test_the_same_id_days_apart_is_another_call():
    candidates = [told("order-17", "2024-11-18T10:20:00"), told("order-17", system="mango", manager="101")]
    match = match_records(heard(call_id="order-17"), "x", 60.0, candidates)
    assert match.records == (candidates[1],)


@given(st.permutations([told("a.17320", ids=("a.1", "b.1")), told("b.17320", system="cel"), missed("c.1", "10:20:04"),
                        told("d.17320", "10:45:00"), told("e.17320", system="q", ids=("b.1",))]),
       st.floats(0, 200), st.integers(-90, 1900))  # fmt: skip
def test_the_order_of_the_candidates_does_not_matter(candidates, duration, later):
    identity = heard(started_at=at("10:20:00", "") + timedelta(seconds=later))
    match = match_records(identity, "x.wav", duration, candidates)
    assert match == match_records(identity, "x.wav", duration, sorted(candidates, key=lambda each: each.record_id))


def test_an_id_given_out_again_after_months_is_another_call():
    candidate = told("100234", "2024-05-02T10:20:00")
    assert by(heard(customer="", call_id="100234"), [candidate], path="100234.wav") is None
    assert by(CallIdentity(call_id="100234"), [candidate]) == ("id", ["100234"])


def test_a_file_name_given_out_again_after_months_is_another_call():
    candidate = told("call.1", "2024-05-02T10:20:00", recordings=("rec100234.wav",))
    assert by(heard(customer=""), [candidate], path="rec100234.wav") is None


def test_an_id_that_is_given_once_in_the_world_needs_no_time():
    identity = heard(started_at=at("2023-01-01T00:00:00", ""), call_id="1732087200.25")
    assert by(identity, [told("1732087200.25")]) == ("id", ["1732087200.25"])


def test_a_call_back_has_no_record_where_only_the_call_before_it_has():
    inbound = told("in.1", "10:20:00", seconds=90)
    assert by(heard("10:20:50", direction=Direction.OUTBOUND), [inbound], duration=30) is None
    assert by(heard("10:20:50", direction=Direction.INBOUND), [inbound], duration=30) == ("number and time", ["in.1"])


def test_a_recording_that_goes_on_after_the_call_is_of_the_next_call():
    abandoned = missed("missed.1", "10:20:00", seconds=90)
    assert by(heard("10:21:50"), [abandoned], duration=60) is None
    assert by(heard("10:20:20"), [abandoned], duration=60) == ("number and time", ["missed.1"])


def test_the_question_back_to_a_colleague_is_not_the_call_of_the_customer():
    call = told("1732087200.25", ids=("1732087200.25", "1732087260.31"), manager="101")
    path = "internal-102-101-20241120-102100-1732087260.31.wav"
    assert by(file_names("auto").read(Path(path)), [call], path=path) is None


def test_a_manager_who_was_on_a_less_near_call_makes_the_nearest_doubtful():
    calls = [told("his.1", "10:20:00", manager="101"), told("other.1", "10:20:30", manager="102")]
    assert by(heard("10:20:28"), calls) == ("number and time", ["other.1"])
    assert by(heard("10:20:28", manager="101"), calls) is None


# The part that was recorded

TAKEN = RecordedTransfer(at("10:22:00"), "102", "blind", 4.0)


def transferred(**more):
    """Answered by 101 after a long ring, handed to 102 two minutes later."""
    usual = {"seconds": 600, "manager": "101", "ring_seconds": 28.0, "ring_by": "legs", "hold_seconds": 30.0}
    return told("1732087200.25", **usual | {"transfers": (TAKEN,)} | more)


def test_the_recording_of_who_took_the_call_over_is_his_and_not_of_who_answered():
    path = "external-102-79990000001-20241120-102204-1732087200.25.wav"
    identity = file_names("auto").read(Path(path))
    match = match_records(identity, path, 300.0, [transferred()])
    (record,) = match.records
    assert complete_identity(identity, record).manager == "102"
    assert (record.ring_seconds, record.hold_seconds, record.transfers) == (None, None, ())
    assert "colleague" in record.no_ring_why
    assert record.started_at == at("10:22:00")


def test_the_recording_of_the_whole_call_stays_with_who_answered():
    path = "external-102-79990000001-20241120-102000-1732087200.25.wav"  # 102 was called, 101 took it, gave it to 102
    match = match_records(file_names("auto").read(Path(path)), path, 590.0, [transferred()])
    assert match.records == (transferred(),)


def test_the_part_of_a_colleague_is_known_from_any_of_the_records():
    log = told("1732087200.25", system="asterisk queue log", manager="101", ring_seconds=27.0)
    match = match_records(heard("10:22:02", manager="102", call_id="1732087200.25"), "x", 60.0, [transferred(), log])
    made = combine(match.records)
    assert (made.manager, made.ring_seconds, made.transfers) == ("102", None, ())


# What to ask


def test_everything_that_may_name_the_call_is_asked_for():
    identity = file_names("auto").read(Path(FREEPBX))
    asked = what_to_ask(identity, f"day/{FREEPBX}")
    assert asked.ids == ("1732087200.25", FREEPBX.removesuffix(".wav"))
    assert asked.recordings == (f"day/{FREEPBX}",)
    assert asked.number == "79990000001"


@pytest.mark.parametrize("zone", ["-11:00", "+00:00", "+03:00", "+14:00"])
def test_the_time_asked_for_holds_every_call_that_could_match(zone):
    for clock in ("10:19:10", "10:20:00", "22:19:00"):
        identity = heard(clock)
        candidate = told("call.1", seconds=None, zone=zone)
        assert by(identity, [candidate])
        assert what_to_ask(identity, "x").since <= candidate.started_at <= what_to_ask(identity, "x").until


def test_an_aware_time_asks_for_less():
    asked = what_to_ask(heard("10:20:00", "+03:00"), "x")
    assert asked.until - at("10:20:00") == timedelta(seconds=60)


@pytest.mark.parametrize(
    "identity",
    [
        CallIdentity(customer=CUSTOMER),
        heard(customer="anonymous"),
        heard(started_at=datetime(1, 1, 1)),
        heard(started_at=datetime(9999, 12, 31, 23)),
    ],
)
def test_a_number_is_not_asked_for_without_a_usable_time(identity):
    assert what_to_ask(identity, "x.wav") == RecordQuery(ids=("x",), recordings=("x.wav",))


# One record from several


def test_each_field_comes_from_the_first_that_knows_it():
    cel = told("one.1", system="asterisk cel", customer="", queue="", resolution=1e-6, hold_seconds=4.0)
    queue = told("two.1", "10:20:05", system="asterisk queue_log", queue="sales", manager="Anna", hold_seconds=9.0)
    made = combine((cel, queue))
    assert (made.started_at, made.customer, made.queue, made.manager) == (cel.started_at, CUSTOMER, "sales", "Anna")
    assert made.hold_seconds == 4.0
    assert made.system == "asterisk cel + asterisk queue_log"
    assert made.ids == ("one.1", "two.1")


def test_the_day_is_that_of_the_local_clock():
    cel = told("one.1", "22:20:00", zone="+00:00", system="asterisk cel", resolution=1e-6)
    cdr = told("two.1", "2024-11-21T01:20:00")
    made = combine((cel, cdr))
    assert made.started_at == cel.started_at
    assert made.started_at.isoformat() == "2024-11-21T01:20:00+03:00"
    assert combine((cel, cel)).started_at.isoformat() == "2024-11-20T22:20:00+00:00"


def test_one_record_stays_itself():
    record = told("one.1", legs=(Leg("101", at("10:20:01")),), transfers=(RecordedTransfer(at("10:21:00")),))
    assert combine((record,)) is record


def test_nothing_to_combine_is_told():
    with pytest.raises(ValueError, match="at least"):
        combine(())


FINE = {"ring_by": "legs", "ring_seconds": 8.25, "resolution": 1e-6}
QUEUE = {"ring_by": "ringtime of the queue log", "ring_seconds": 8.0}
COARSE = {"ring_by": "legs", "ring_seconds": 9.0}
TOTALS = {"ring_by": "duration - billsec", "ring_seconds": 2.0}


@pytest.mark.parametrize(
    ("one", "other", "trusted"),
    [(FINE, QUEUE, FINE), (QUEUE, COARSE, QUEUE), (COARSE, TOTALS, COARSE), (TOTALS, FINE, FINE), (TOTALS, {}, TOTALS)],
)
def test_the_better_founded_ring_figure_wins_in_any_order(one, other, trusted):
    records = told("one.1", **one), told("two.1", system="other", no_ring_why="the dialplan answered", **other)
    for order in (records, records[::-1]):
        made = combine(order)
        assert (made.ring_seconds, made.ring_by) == (trusted["ring_seconds"], trusted["ring_by"])
        assert made.resolution == trusted.get("resolution", 1.0)


def test_without_any_ring_figure_the_first_reason_is_told():
    made = combine((told("one.1"), told("two.1", no_ring_why="the dialplan answered")))
    assert (made.ring_seconds, made.no_ring_why) == (None, "the dialplan answered")


def test_a_queue_the_caller_left_does_not_make_an_answered_call_missed():
    queue = missed("one.1", "10:20:00", manager="102", ring_seconds=20.0, ring_by="ringtime of the queue log")
    cdr = told("two.1", manager="101", answered_at=at("10:20:40"), ring_seconds=4.0, ring_by="legs")
    made = combine((queue, cdr))
    assert (made.outcome, made.manager, made.answered_at) == (CallOutcome.ANSWERED, "101", at("10:20:40"))
    assert made.ring_seconds == 4.0


# Who and when by the record


def test_the_phone_system_goes_before_the_file_name():
    identity = CallIdentity("102", "79990000009", at("10:20:03", ""), Direction.INBOUND, "id-17", "file name")
    record = outbound("call.1", "10:20:00", manager="101")
    made = complete_identity(identity, record)
    assert made == CallIdentity(
        "101", CUSTOMER, at("10:20:00"), Direction.OUTBOUND, "id-17", "file name + asterisk cdr"
    )


def test_what_the_record_does_not_know_stays():
    identity = CallIdentity("101", "79990000001", at("10:20:03", ""), Direction.OUTBOUND, "", "file name")
    made = complete_identity(identity, told("call.1", customer="anonymous", direction=Direction.UNKNOWN))
    assert (made.manager, made.customer, made.direction) == ("101", "79990000001", Direction.OUTBOUND)


def test_a_queue_is_no_manager():
    assert complete_identity(CallIdentity(manager="400"), told("call.1", queue="400")).manager == ""
    assert complete_identity(CallIdentity(manager="400"), told("call.1", queue="400", manager="101")).manager == "101"
    assert complete_identity(CallIdentity(manager="101"), told("call.1", queue="400", manager="400")).manager == "101"


def test_who_was_only_rung_is_not_on_the_recording():
    record = missed("call.1", "10:20:00", manager="102")
    assert complete_identity(CallIdentity(manager="101"), record).manager == "101"
    assert complete_identity(NOTHING, record).manager == ""
