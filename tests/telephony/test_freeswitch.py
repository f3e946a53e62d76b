import json
from urllib.parse import quote
from xml.sax.saxutils import escape

import pytest
from reading import MOSCOW, read, utc

from qa_engine.domain.call_identity import Direction
from qa_engine.domain.call_record import CallOutcome
from qa_engine.errors import RecordsError
from qa_engine.telephony.freeswitch import FREESWITCH

A, B1, B2 = (f"{n}{n}156b0b-f91b-4fd3-9c8f-15226f6098b{n}" for n in "123")
T0 = 1795169700  # 2026-11-20 10:15:00 UTC


def micro(seconds):
    return str(round((T0 + seconds) * 1_000_000)) if seconds is not None else "0"


def leg(uuid, start, *, progress=None, answer=None, bridge=None, end=90.0, **more):
    """The channel variables of one leg; moments in seconds after T0."""
    moments = {"start": start, "progress": progress, "answer": answer, "bridge": bridge, "end": end}
    return {
        "uuid": uuid,
        "call_uuid": A,
        **{f"{name}_uepoch": micro(at) for name, at in moments.items()},
        **{f"{name}_epoch": micro(at)[:10] for name, at in moments.items()},
        "progress_media_uepoch": "0",
        "duration": str(int(end - start)),
        "billsec": "1",
        "hangup_cause": "NORMAL_CLEARING",
        "hold_accum_ms": "0",
        **more,
    }


CALLER = leg(A, 0.0, progress=3.25, answer=12.75, bridge=12.77, direction="inbound", context="public")
PHONE_1 = leg(B1, 3.0, progress=3.25, end=8.0, direction="outbound", dialed_user="101", hangup_cause="NO_ANSWER")
PHONE_2 = leg(B2, 8.0, progress=8.5, answer=12.75, direction="outbound", dialed_user="102")
PROFILE = {"caller_id_number": "79161234567", "destination_number": "74951112233", "context": "public", "uuid": A}


def as_json(variables, profile=PROFILE):
    told = {name: quote(value, safe="/.,-_ ") for name, value in variables.items()}
    return {
        "core-uuid": "c0ffee",
        "channel_data": {"state": "CS_REPORTING", "direction": variables.get("direction", "inbound")},
        "variables": told,
        "app_log": {"applications": [{"app_name": "set", "app_data": "a=b", "app_stamp": micro(0)}]},
        "callflow": [{"dialplan": "XML", "profile_index": "1", "caller_profile": profile, "times": {}}],
    }


def as_xml(variables, profile=PROFILE):
    told = "".join(f"    <{name}>{escape(quote(value))}</{name}>\n" for name, value in variables.items())
    inside = "".join(f"<{name}>{escape(value)}</{name}>" for name, value in profile.items())
    return (
        '<?xml version="1.0"?>\n<cdr core-uuid="c0ffee">\n'
        "  <channel_data><direction>inbound</direction></channel_data>\n"
        f"  <variables>\n{told}  </variables>\n"
        f'  <app_log><application app_name="record_session" app_data="/var/rec/{A}.wav" app_stamp="{micro(12)}">'
        "</application></app_log>\n"
        f'  <callflow dialplan="XML" profile_index="1"><caller_profile>{inside}</caller_profile></callflow>\n</cdr>\n'
    )


def day(*legs):
    return [as_json(variables, {**PROFILE, "uuid": variables["uuid"]}) for variables in legs]


def test_the_phones_ring_from_the_first_alert_to_the_answer(tmp_path):
    call = read(FREESWITCH, tmp_path / "a.json", day(CALLER, PHONE_1, PHONE_2)).call
    assert (call.record_id, call.direction, call.outcome) == (A, Direction.INBOUND, CallOutcome.ANSWERED)
    assert (call.manager, call.customer) == ("102", "79161234567")
    assert call.ring_seconds == pytest.approx(12.75 - 3.25, abs=1e-6)
    assert call.ring_by == "legs"
    assert call.answered_at == utc(2026, 11, 20, 10, 15, 12, 750000)
    assert call.wait_seconds == pytest.approx(12.75, abs=1e-6)
    assert [other.party for other in call.legs] == ["101", "102"]
    assert call.resolution == 1e-6


def test_the_order_of_the_legs_makes_no_difference(tmp_path):
    legs = day(CALLER, PHONE_1, PHONE_2)
    first = read(FREESWITCH, tmp_path / "a.json", legs).call
    second = read(FREESWITCH, tmp_path / "b.json", legs[::-1]).call
    assert (first.ring_seconds, first.manager, first.record_id) == (
        second.ring_seconds,
        second.manager,
        second.record_id,
    )


@pytest.mark.parametrize("indent", [None, 2])
def test_files_of_one_leg_each_may_be_put_together(tmp_path, indent):
    text = "".join(json.dumps(cdr, indent=indent) for cdr in day(CALLER, PHONE_1, PHONE_2))
    call = read(FREESWITCH, tmp_path / "day.json", text).call
    assert [other.party for other in call.legs] == ["101", "102"]
    cut = read(FREESWITCH, tmp_path / "cut.json", text[:-400])
    assert ([other.party for other in cut.call.legs], cut.problems.count) == (["101"], 1)


def test_a_dialplan_that_answers_first_does_not_hide_the_ring_time(tmp_path):
    answered = {**CALLER, "answer_uepoch": micro(0.1), "answer_epoch": str(T0)}
    call = read(FREESWITCH, tmp_path / "a.json", day(answered, PHONE_2)).call
    assert call.ring_seconds == pytest.approx(4.25, abs=1e-6)


def test_the_callers_leg_alone_tells_the_ring_time_where_nothing_answered_before(tmp_path):
    call = read(FREESWITCH, tmp_path / "a.json", as_json(CALLER)).call
    assert (call.ring_seconds, call.ring_by) == (pytest.approx(9.5, abs=1e-6), "answer - progress")
    assert call.hold_seconds is None  # the holds are those of the manager's leg, which is not in the file


def test_the_callers_leg_alone_after_a_menu_tells_the_answer_but_no_ring_time(tmp_path):
    answered = {**CALLER, "answer_uepoch": micro(0.1), "answer_epoch": str(T0)}
    call = read(FREESWITCH, tmp_path / "a.json", as_json(answered)).call
    assert (call.ring_seconds, call.answered_at) == (None, utc(2026, 11, 20, 10, 15, 12, 770000))
    assert "no leg of that phone" in call.no_ring_why


def test_a_menu_that_reached_nobody_is_a_missed_call(tmp_path):
    menu = leg(A, 0.0, answer=0.1, direction="inbound", context="public")
    call = read(FREESWITCH, tmp_path / "a.json", day(menu, PHONE_1)).call
    assert (call.outcome, call.answered_at, call.manager) == (CallOutcome.MISSED, None, "101")


def test_183_with_sound_counts_where_no_180_came(tmp_path):
    phone = {**PHONE_2, "progress_uepoch": "0", "progress_epoch": "0", "progress_media_uepoch": micro(9.0)}
    call = read(FREESWITCH, tmp_path / "a.json", day(CALLER | {"progress_uepoch": "0"}, phone)).call
    assert call.ring_seconds == pytest.approx(3.75, abs=1e-6)


def test_of_180_and_183_the_ringing_counts(tmp_path):
    phone = {**PHONE_2, "progress_media_uepoch": micro(8.1)}
    call = read(FREESWITCH, tmp_path / "a.json", day({**CALLER, "progress_uepoch": "0"}, phone)).call
    assert call.ring_seconds == pytest.approx(4.25, abs=1e-6)


def test_a_phone_that_never_alerted_has_rung_from_its_start_at_most(tmp_path):
    phone = {**PHONE_2, "progress_uepoch": "0", "progress_epoch": "0"}
    call = read(FREESWITCH, tmp_path / "a.json", day(CALLER, phone)).call
    assert (call.ring_seconds, call.ring_by) == (pytest.approx(4.75, abs=1e-6), "legs, from their start")


def test_a_busy_phone_and_a_voice_mailbox_are_told_apart(tmp_path):
    caller = leg(A, 0.0, direction="inbound", context="public", hangup_cause="USER_BUSY")
    busy = {**PHONE_1, "hangup_cause": "USER_BUSY"}
    assert read(FREESWITCH, tmp_path / "a.json", day(caller, busy)).call.outcome is CallOutcome.BUSY
    mailbox = leg(A, 0.0, answer=20.0, direction="inbound", context="public", last_app="voicemail")
    call = read(FREESWITCH, tmp_path / "b.json", day(mailbox, PHONE_1)).call
    assert (call.outcome, call.answered_at) == (CallOutcome.VOICEMAIL, None)


def test_an_outbound_call_has_the_callers_extension_and_holds(tmp_path):
    profile = {"caller_id_number": "1001", "destination_number": "79161234567", "context": "default", "uuid": A}
    caller = {
        **CALLER,
        "context": "default",
        "hold_accum_ms": "14423",
        "hold_events": "{{1396984227824182,1396984242247995}}",
    }
    phone = {**PHONE_2, "dialed_user": "", "destination_number": "79161234567"}
    call = read(FREESWITCH, tmp_path / "a.json", [as_json(caller, profile), as_json(phone, {"uuid": B2})]).call
    assert (call.direction, call.manager, call.customer) == (Direction.OUTBOUND, "1001", "79161234567")
    assert (call.hold_seconds, call.num_holds) == (14.423, 1)
    assert call.ring_seconds == pytest.approx(4.25, abs=1e-6)


def test_a_customer_whom_no_phone_could_take_was_missed(tmp_path):
    caller = leg(A, 0.0, direction="inbound", context="public", hangup_cause="NORMAL_CLEARING")
    broken = {**PHONE_1, "hangup_cause": "DESTINATION_OUT_OF_ORDER"}
    assert read(FREESWITCH, tmp_path / "a.json", day(caller, broken)).call.outcome is CallOutcome.MISSED


def test_a_wrong_number_fails(tmp_path):
    profile = {"caller_id_number": "1001", "destination_number": "79161234567", "context": "default", "uuid": A}
    caller = leg(A, 0.0, direction="inbound", hangup_cause="UNALLOCATED_NUMBER")
    assert read(FREESWITCH, tmp_path / "a.json", as_json(caller, profile)).call.outcome is CallOutcome.FAILED


def test_a_queue_gives_its_wait_and_the_agents_ring(tmp_path):
    member = leg(A, 0.0, answer=0.2, bridge=31.0, direction="inbound", context="public", cc_side="member")
    member |= {
        "cc_queue": "sales@default",
        "cc_queue_joined_epoch": str(T0 + 2),
        "cc_queue_answered_epoch": str(T0 + 31),
    }
    agent = leg(B1, 20.0, progress=20.5, answer=31.0, direction="outbound", cc_side="agent", cc_agent="1001@default")
    agent |= {"call_uuid": B1, "cc_member_session_uuid": A}
    call = read(FREESWITCH, tmp_path / "a.json", day(member, agent)).call
    assert (call.queue, call.manager) == ("sales@default", "1001")
    assert (call.ring_seconds, call.wait_seconds) == (pytest.approx(10.5, abs=1e-6), 29.0)


def test_the_members_leg_alone_gives_the_wait_of_the_queue(tmp_path):
    member = leg(A, 0.0, answer=0.2, direction="inbound", cc_queue="sales", cc_agent="1001@default")
    member |= {"cc_queue_joined_epoch": str(T0 + 2), "cc_queue_answered_epoch": str(T0 + 31)}
    call = read(FREESWITCH, tmp_path / "a.json", as_json(member)).call
    assert (call.wait_seconds, call.manager, call.ring_seconds) == (29.0, "1001", None)


def test_a_transfer_after_the_answer_is_kept_and_one_of_the_dialplan_is_not(tmp_path):
    history = f"ARRAY::{T0 + 1}:{A}:bl_xfer:600/default/XML|:{T0 + 40}:{A}:bl_xfer:103/default/XML"
    third = leg("9" + B1[1:], 41.0, progress=41.5, answer=47.0, direction="outbound", dialed_user="103")
    call = read(FREESWITCH, tmp_path / "a.json", day(CALLER | {"transfer_history": history}, PHONE_2, third)).call
    ((done),) = call.transfers
    assert (done.to, done.kind, done.at, done.wait_seconds) == ("103", "blind", utc(2026, 11, 20, 10, 15, 40), 7.0)
    assert call.manager == "102"


def test_an_attended_transfer_names_its_target(tmp_path):
    source = f"{T0 + 40}:{A}:att_xfer:102@x.local/103@x.local"
    call = read(FREESWITCH, tmp_path / "a.json", day(CALLER | {"transfer_source": source}, PHONE_2)).call
    assert [(done.to, done.kind) for done in call.transfers] == [("103", "attended")]


def test_a_leg_of_loopback_is_joined_and_is_no_phone(tmp_path):
    loop = leg(B1, 3.0, answer=12.0, direction="outbound", chan_name="loopback/102-a")
    other = {**leg("9" + B1[1:], 3.0, direction="inbound"), "call_uuid": "9" + B1[1:], "other_loopback_leg_uuid": B1}
    phone = {**PHONE_2, "call_uuid": "9" + B1[1:]}
    call = read(FREESWITCH, tmp_path / "a.json", day(CALLER, loop, other, phone)).call
    assert B2 in call.ids
    assert (call.manager, call.answered_at) == ("102", utc(2026, 11, 20, 10, 15, 12, 750000))


def test_xml_tells_the_same_as_json(tmp_path):
    text = "".join(
        as_xml(variables, {**PROFILE, "uuid": variables["uuid"]}) for variables in (CALLER, PHONE_1, PHONE_2)
    )
    call = read(FREESWITCH, tmp_path / "day.xml", text).call
    listed = read(FREESWITCH, tmp_path / "a.json", day(CALLER, PHONE_1, PHONE_2)).call
    assert (call.ring_seconds, call.manager, call.customer) == (listed.ring_seconds, listed.manager, listed.customer)
    assert call.recordings == (f"{A}.wav",)
    assert call.recording_started_at == utc(2026, 11, 20, 10, 15, 12)


@pytest.mark.parametrize("kind", ['<!DOCTYPE cdr [<!ENTITY a "b">]>', "<!doctype cdr>"])
def test_a_document_type_in_xml_is_refused(tmp_path, kind):
    text = as_xml(CALLER).replace("<cdr ", f"{kind}\n<cdr ")
    with pytest.raises(RecordsError, match="document type"):
        read(FREESWITCH, tmp_path / "a.xml", text)


def test_a_broken_xml_and_half_of_one_are_told_and_the_rest_is_read(tmp_path):
    text = as_xml(CALLER) + "<cdr><variables></cdr>\n" + as_xml({**CALLER, "uuid": B1})[:200]
    found = read(FREESWITCH, tmp_path / "a.xml", text)
    assert found.call.record_id == A
    assert ["is no XML" in found.told[0][1], "breaks off" in found.told[1][1]] == [True, True]


CSV_ROW = (
    '"Иван","79161234567","74951112233","public","2026-11-20 13:15:00","2026-11-20 13:15:12","2026-11-20 13:16:30",'
    f'"90","78","NORMAL_CLEARING","{A}","{B2}","acc","PCMA","PCMA"\n'
)


def test_the_default_template_is_read_and_says_what_it_lacks(tmp_path):
    call = read(FREESWITCH, tmp_path / "Master.csv", CSV_ROW, time_zone=MOSCOW).call
    assert (call.started_at, call.ended_at) == (utc(2026, 11, 20, 10, 15), utc(2026, 11, 20, 10, 16, 30))
    assert (call.outcome, call.direction, call.resolution) == (CallOutcome.ANSWERED, Direction.INBOUND, 1.0)
    assert (call.answered_at, call.ring_seconds) == (None, None)
    assert "progress_epoch" in call.no_ring_why
    assert B2 in call.ids


def test_the_default_template_cannot_tell_a_person_from_a_menu_that_answers_at_once(tmp_path):
    row = CSV_ROW.replace("13:15:12", "13:15:00")
    assert read(FREESWITCH, tmp_path / "a.csv", row, time_zone=MOSCOW).call.outcome is CallOutcome.UNKNOWN


def test_both_legs_of_the_default_template_are_joined_by_bleg_uuid(tmp_path):
    phone = CSV_ROW.replace("13:15:00", "13:15:03").replace(f'"{A}","{B2}"', f'"{B2}",""').replace("74951112233", "102")
    call = read(FREESWITCH, tmp_path / "a.csv", phone + CSV_ROW, time_zone=MOSCOW).call
    assert (call.manager, call.ring_seconds, call.ring_by) == ("102", 9.0, "legs, from their start")


def test_a_header_names_the_columns_of_ones_own_template(tmp_path):
    text = (
        "uuid,call_uuid,direction,caller_id_number,destination_number,start_epoch,progress_epoch,answer_epoch,"
        f"end_epoch,hangup_cause\n{A},{A},inbound,79161234567,102,{T0},{T0 + 2},{T0 + 11},{T0 + 60},NORMAL_CLEARING\n"
        f"{B2},{A},outbound,79161234567,102,{T0 + 1},{T0 + 2},{T0 + 11},{T0 + 60},NORMAL_CLEARING\n"
    )
    call = read(FREESWITCH, tmp_path / "a.csv", text).call
    assert (call.ring_seconds, call.manager, call.resolution) == (9.0, "102", 1.0)


def test_stamps_need_a_time_zone(tmp_path):
    with pytest.raises(RecordsError, match="--time-zone"):
        read(FREESWITCH, tmp_path / "a.csv", CSV_ROW)


def test_mixed_zones_are_the_same_moments(tmp_path):
    epochs = f"uuid,start_stamp,end_stamp,hangup_cause\n{A},2026-11-20 13:15:00,{T0 + 60},X\n{B1},{T0},{T0 + 60},X\n"
    first, second = read(FREESWITCH, tmp_path / "a.csv", epochs, time_zone=MOSCOW).calls
    assert first.started_at == second.started_at


def test_missing_columns_are_named(tmp_path):
    with pytest.raises(RecordsError, match="no hangup_cause; found uuid, start_stamp"):
        read(FREESWITCH, tmp_path / "a.csv", f"uuid,start_stamp\n{A},1\n")


def test_a_template_that_is_not_known_asks_for_a_header(tmp_path):
    with pytest.raises(RecordsError, match="columns without a header"):
        read(FREESWITCH, tmp_path / "a.csv", "a,b,c,d\n1,2,3,4\n")


def test_a_leg_that_stands_twice_counts_once(tmp_path):
    call = read(FREESWITCH, tmp_path / "a.json", day(CALLER, PHONE_2, PHONE_2, CALLER)).call
    assert len(call.legs) == 1


def test_cp1251_and_half_a_last_line_are_survived(tmp_path):
    text = CSV_ROW + '"Пётр","7916'
    found = read(FREESWITCH, tmp_path / "a.csv", text.encode("cp1251"), time_zone=MOSCOW)
    assert found.call.record_id == A
    assert found.told[0][0] == 2


@pytest.mark.parametrize("content", ["", "{}", '{"name": "x", "variables": {"a": "b"}}', "<html></html>"])
def test_a_file_without_calls_is_refused(tmp_path, content):
    with pytest.raises(RecordsError):
        read(FREESWITCH, tmp_path / "a", content)


@pytest.mark.parametrize(
    ("name", "value"), [("hold_accum_ms", "-5"), ("hold_accum_ms", "x"), ("duration", "9999999"), ("start_uepoch", "?")]
)
def test_a_value_that_cannot_be_is_told_with_its_line(tmp_path, name, value):
    found = read(FREESWITCH, tmp_path / "a.json", day(CALLER, {**PHONE_2, name: value, "hold_accum_seconds": ""}))
    assert found.call.record_id == A
    assert any(line == 2 and name in message for line, message in found.told)


def test_an_answer_before_the_start_is_told(tmp_path):
    found = read(FREESWITCH, tmp_path / "a.json", day(CALLER, {**PHONE_2, "answer_uepoch": micro(-50)}))
    assert any("answer is before the start" in message for _, message in found.told)
    assert found.call.ring_seconds == pytest.approx(9.5, abs=1e-6)  # by the caller's leg


def test_it_knows_its_own_files():
    assert FREESWITCH.fits(json.dumps(as_json(CALLER)))
    assert FREESWITCH.fits(as_xml(CALLER))
    assert FREESWITCH.fits(CSV_ROW)
    assert FREESWITCH.fits("uuid,start_epoch,hangup_cause\n")
    assert not FREESWITCH.fits('"a","b"\n')
    assert not FREESWITCH.fits('{"variables": {}}')
