import subprocess
import sys
from datetime import UTC

import pytest
from cdr_rows import CALLER, TRUNK, epoch, master_row
from record_reading import at, read_calls

from qa_engine.domain.call_identity import Direction
from qa_engine.domain.call_record import CallOutcome
from qa_engine.errors import RecordsError
from qa_engine.telephony.asterisk_cdr import ASTERISK_CDR
from qa_engine.telephony.reader import ReadingOptions

PLAIN = master_row("10:15:02 10:15:11 10:17:02")
PHONE = "PJSIP/101-00000005"


@pytest.fixture
def read(tmp_path):
    def read_text(text, options=None):
        return read_calls(ASTERISK_CDR, tmp_path, text, *([options] if options else []))

    return read_text


def only(read, *rows):
    calls, problems = read("".join(rows))
    assert problems.count == 0, problems.shown
    assert len(calls) == 1
    return calls[0]


# -- one row, one call


def test_a_plain_dial_rings_until_the_answer(read):
    call = only(read, PLAIN)
    assert (call.ring_seconds, call.ring_by, call.wait_seconds) == (9, "duration - billsec", 9)
    assert (call.started_at, call.answered_at, call.ended_at) == (at("10:15:02"), at("10:15:11"), at("10:17:02"))
    assert (call.direction, call.manager, call.customer) == (Direction.INBOUND, "101", CALLER)
    assert (call.outcome, call.resolution, call.hold_seconds) == (CallOutcome.ANSWERED, 1.0, None)
    assert [(leg.party, leg.started_at, leg.answered_at) for leg in call.legs] == [
        ("101", at("10:15:02"), at("10:15:11"))
    ]


@pytest.mark.parametrize("num_columns", [16, 17, 18, 21])
def test_master_csv_with_its_optional_columns(read, num_columns):
    call = only(read, master_row("10:15:02 10:15:11 10:17:02", num_columns=num_columns))
    assert call.ring_seconds == 9
    assert call.ids == (() if num_columns == 16 else (f"{epoch('10:15:02')}.1",))


def test_master_csv_with_the_new_columns_but_without_an_own_id(read):
    fields = PLAIN.rstrip().split(",")
    without = [*fields[:17], *fields[19:]]  # clid holds no comma; uniqueid and userfield stand at 16 and 17
    del without[16]
    assert only(read, ",".join(without) + "\n").ids == (f"{epoch('10:15:02')}.1",)


def test_the_17th_column_without_an_id_is_the_user_field(read):
    row = master_row("10:15:02 10:15:11 10:17:02", num_columns=16).rstrip() + ',"audio:/var/rec/a.wav"\n'
    call = only(read, row)
    assert (call.ids, call.recordings) == ((), ("a.wav",))


def test_an_outbound_call_rings_at_the_customer(read):
    row = master_row(
        "10:15:02 10:15:20 10:17:02", src="101", dst=CALLER, dcontext="from-internal", channel=PHONE, dstchannel=TRUNK
    )
    call = only(read, row)
    assert (call.direction, call.manager, call.customer, call.ring_seconds) == (Direction.OUTBOUND, "101", CALLER, 18)


def test_the_number_shown_outside_does_not_hide_who_called(read):
    row = master_row(
        "10:15:02 10:15:20 10:17:02", src="74951234567", dst=CALLER, dcontext="from-internal", channel=PHONE
    )
    assert only(read, row).manager == "101"


def test_a_call_between_two_phones_is_internal(read):
    row = master_row("10:15:02 10:15:05 10:17:02", src="101", dst="102", dcontext="from-internal", channel=PHONE)
    assert only(read, row).direction is Direction.INTERNAL


def test_a_port_of_an_analog_card_is_no_phone(read):
    call = only(read, master_row("10:15:02 10:15:11 10:17:02", channel="DAHDI/1-1", dcontext="incoming-line"))
    assert call.direction is Direction.INBOUND


@pytest.mark.parametrize(
    ("disposition", "outcome"),
    [
        ("NO ANSWER", CallOutcome.MISSED),
        ("BUSY", CallOutcome.BUSY),
        ("FAILED", CallOutcome.FAILED),
        ("CONGESTION", CallOutcome.FAILED),
        ("CANCEL", CallOutcome.MISSED),
    ],
)
def test_a_call_that_nobody_answers_has_no_ring_to_answer(read, disposition, outcome):
    call = only(read, master_row("10:15:02 - 10:15:32", disposition=disposition))
    assert (call.outcome, call.ring_seconds, call.no_ring_why) == (outcome, None, "nobody answered")
    assert (call.answered_at, call.manager) == (None, "101")


# -- a machine answers first


def test_the_answer_of_a_dialplan_is_no_answer_of_a_person(read):
    call = only(read, master_row("10:15:02 10:15:02 10:17:02"))
    assert (call.outcome, call.manager) == (CallOutcome.ANSWERED, "101")
    assert (call.ring_seconds, call.answered_at, call.wait_seconds) == (None, None, None)
    assert "answered before a phone rang" in call.no_ring_why


def test_a_menu_that_waits_a_second_before_it_answers_is_told_by_its_context(read):
    assert only(read, master_row("10:15:02 10:15:03 10:17:02", dcontext="ivr-3")).ring_seconds is None


def test_after_a_menu_the_ring_is_that_of_the_leg(read):
    unique = f"{epoch('10:15:02')}.1"
    caller = master_row(
        "10:15:02 10:15:02 10:17:02", dst="600", dcontext="ext-queues", lastapp="Queue", lastdata="600,t,,",
        dstchannel="Local/101@from-queue-0000000a;1",
    )  # fmt: skip
    leg = master_row(
        "10:15:40 10:15:52 10:15:53", channel="Local/101@from-queue-0000000a;2", uniqueid=f"{epoch('10:15:40')}.3",
        linkedid=unique, sequence="3",
    )  # fmt: skip
    joined = master_row("10:15:53 10:15:53 10:17:02", uniqueid=unique, sequence="4")
    call = only(read, joined, leg, caller)
    assert (call.ring_seconds, call.ring_by, call.wait_seconds) == (12, "legs", 50)
    assert (call.manager, call.answered_at, call.queue) == ("101", at("10:15:52"), "600")
    assert call.ids == (unique, f"{epoch('10:15:40')}.3")
    assert (call.record_id, call.transfers) == (unique, ())


def test_a_queue_that_a_menu_answered_has_no_ring_without_legs(read):
    call = only(read, master_row("10:15:02 10:15:02 10:17:02", dst="600", lastapp="Queue", lastdata="600,t"))
    assert (call.ring_seconds, call.queue, call.manager) == (None, "600", "101")


def test_a_queue_that_rings_on_is_a_wait_and_no_ring(read):
    call = only(read, master_row("10:15:02 10:15:40 10:17:02", dst="600", lastapp="Queue", lastdata="600,r"))
    assert (call.ring_seconds, call.outcome) == (None, CallOutcome.ANSWERED)


def test_a_call_that_only_a_menu_answered_is_missed(read):
    row = master_row("10:15:02 10:15:02 10:15:30", dstchannel="", lastapp="BackGround", lastdata="welcome")
    assert only(read, row).outcome is CallOutcome.MISSED


def test_voicemail(read):
    unique = f"{epoch('10:15:02')}.1"
    rung = master_row("10:15:02 - 10:15:22")
    mail = master_row(
        "10:15:22 10:15:22 10:15:50", uniqueid=unique, dstchannel="", lastapp="VoiceMail", lastdata="101@default,u",
        sequence="2",
    )  # fmt: skip
    call = only(read, rung, mail)
    assert (call.outcome, call.ring_seconds, call.manager) == (CallOutcome.VOICEMAIL, None, "101")


def test_voicemail_in_the_one_row_of_older_versions(read):
    call = only(read, master_row("10:15:02 10:15:22 10:15:50", lastapp="VoiceMail", lastdata="101@default,u"))
    assert (call.outcome, call.ring_seconds) == (CallOutcome.VOICEMAIL, None)


def test_without_lastapp_the_ring_is_not_claimed(read):
    text = "calldate,src,dst,channel,dstchannel,duration,billsec,disposition\n"
    text += f"2026-11-20 10:15:02,{CALLER},101,{TRUNK},{PHONE},120,111,ANSWERED\n"
    call = only(read, text)
    assert (call.outcome, call.ring_seconds) == (CallOutcome.ANSWERED, None)
    assert "no column lastapp" in call.no_ring_why


# -- several rows, one call


def test_a_ring_group_rings_from_the_first_phone(read):
    unique = f"{epoch('10:15:02')}.1"
    rows = [
        master_row("10:15:02 - 10:15:11", dstchannel="PJSIP/101-00000002", sequence="1"),
        master_row("10:15:02 10:15:11 10:17:02", dstchannel="PJSIP/102-00000003", sequence="2", uniqueid=unique),
        master_row("10:15:02 - 10:15:11", dstchannel="PJSIP/103-00000004", sequence="3", uniqueid=unique),
    ]
    call = only(read, *rows)
    assert (call.manager, call.ring_seconds, call.ring_by) == ("102", 9, "legs")
    assert [(leg.party, leg.answered_at) for leg in call.legs] == [
        ("101", None),
        ("102", at("10:15:11")),
        ("103", None),
    ]


def test_a_second_phone_that_is_rung_later_adds_to_the_ring(read):
    unique = f"{epoch('10:15:02')}.1"
    first = master_row("10:15:02 - 10:15:22", sequence="1")
    second = master_row("10:15:24 10:15:30 10:17:02", dstchannel="SIP/102-00000003", sequence="2", uniqueid=unique)
    call = only(read, second, first)
    assert (call.manager, call.ring_seconds) == ("102", 28)


def test_a_blind_transfer_through_a_local_channel_knows_its_wait(read):
    unique = f"{epoch('10:15:02')}.1"
    moved = master_row(
        "10:16:00 10:16:08 10:17:02", channel="Local/102@from-internal-xfer-0000000b;2", sequence="5",
        dstchannel="PJSIP/102-00000009", uniqueid=f"{epoch('10:16:00')}.7", linkedid=unique,
    )  # fmt: skip
    call = only(read, master_row("10:15:02 10:15:11 10:16:00"), moved)
    assert call.manager == "101"
    assert [(t.at, t.to, t.kind, t.wait_seconds) for t in call.transfers] == [(at("10:16:00"), "102", "blind", 8)]


def test_a_blind_transfer_of_the_callers_line_has_an_unknown_wait(read):
    moved = master_row(
        "10:16:00 10:16:00 10:17:02", dstchannel="PJSIP/102-00000009", uniqueid=f"{epoch('10:15:02')}.1", sequence="2"
    )
    call = only(read, master_row("10:15:02 10:15:11 10:16:00"), moved)
    assert [(t.to, t.kind, t.wait_seconds) for t in call.transfers] == [("102", "blind", None)]


def test_an_attended_transfer_is_told_by_the_call_of_the_manager(read):
    unique = f"{epoch('10:15:02')}.1"
    asked = master_row(
        "10:15:40 10:15:45 10:16:05", src="101", dst="102", dcontext="from-internal", channel="PJSIP/101-00000007",
        dstchannel="PJSIP/102-00000008", uniqueid=f"{epoch('10:15:40')}.5", linkedid=unique, sequence="3",
    )  # fmt: skip
    joined = master_row("10:16:05 10:16:05 10:17:02", dstchannel="PJSIP/102-00000008", uniqueid=unique, sequence="4")
    call = only(read, master_row("10:15:02 10:15:11 10:16:05"), asked, joined)
    assert [(t.at, t.to, t.kind) for t in call.transfers] == [(at("10:16:05"), "102", "attended")]
    assert (call.manager, call.ring_seconds) == ("101", 9)


def test_the_customer_of_an_outbound_call_is_handed_on(read):
    out = master_row(
        "10:15:02 10:15:20 10:16:00", src="101", dst=CALLER, dcontext="from-internal", channel=PHONE, dstchannel=TRUNK
    )
    moved = master_row(
        "10:16:00 10:16:00 10:17:02", channel=TRUNK, dstchannel="PJSIP/102-00000009", dst="102",
        linkedid=f"{epoch('10:15:02')}.1", uniqueid=f"{epoch('10:15:02')}.2", sequence="2",
    )  # fmt: skip
    call = only(read, out, moved)
    assert (call.direction, call.manager, call.customer, call.ring_seconds) == (Direction.OUTBOUND, "101", CALLER, 18)
    assert [t.to for t in call.transfers] == ["102"]


def test_a_caller_who_gives_up_in_the_queue_of_freepbx_is_missed(read):
    unique = f"{epoch('19:00:15')}.5"
    rows = [
        master_row(
            "19:00:15 19:00:15 19:00:23", dst="3010", dcontext="ext-queues", channel="PJSIP/+74951234567-00071051",
            dstchannel="Local/6669@from-queue-00062972;1", lastapp="Queue", disposition="NO ANSWER", uniqueid=unique,
        ),
        master_row(
            "19:00:22 - 19:00:23", dst="6669", dcontext="from-internal", channel="Local/6669@from-queue-00062972;2",
            dstchannel="PJSIP/6669-00071052", uniqueid=f"{epoch('19:00:22')}.8", linkedid=unique,
        ),
    ]  # fmt: skip
    call = only(read, *rows)
    assert (call.outcome, call.manager, call.direction) == (CallOutcome.MISSED, "6669", Direction.INBOUND)
    assert (call.ring_seconds, call.answered_at) == (None, None)
    assert [(leg.party, leg.started_at, leg.ended_at) for leg in call.legs] == [
        ("6669", at("19:00:22"), at("19:00:23"))
    ]


def test_a_message_does_not_show_the_numbers_of_a_file_without_header(read):
    with pytest.raises(RecordsError) as raised:
        read(f"{CALLER},101,one\n{CALLER},101,two\n")
    assert CALLER not in str(raised.value)


def test_a_row_that_stands_twice_is_one_call(read):
    assert only(read, PLAIN, PLAIN) == only(read, PLAIN)


# -- recordings


def test_the_column_of_freepbx_names_the_recording(read):
    text = (
        "calldate,clid,src,dst,dcontext,channel,dstchannel,lastapp,lastdata,duration,billsec,disposition,amaflags,"
        "accountcode,uniqueid,userfield,did,recordingfile,cnum,cnam,outbound_cnum,outbound_cnam,dst_cnam,linkedid,"
        "peeraccount,sequence\n"
        f'2026-11-20 10:15:02,"""Anna"" <{CALLER}>",{CALLER},101,from-did-direct,{TRUNK},{PHONE},Dial,"PJSIP/101,,",'
        f"120,111,ANSWERED,3,,1795158902.11,,74951234567,external-101-{CALLER}-20261120-101502-1795158902.11.wav,"
        f"{CALLER},Anna,,,,1795158902.11,,7\n"
    )
    call = only(read, text)
    assert call.recordings == (f"external-101-{CALLER}-20261120-101502-1795158902.11.wav",)
    assert (call.answered_at, call.ended_at, call.ring_seconds) == (at("10:15:11"), at("10:17:02"), 9)


def test_mixmonitor_names_the_recording(read):
    row = master_row(
        "10:15:02 10:15:02 10:15:30", dstchannel="", lastapp="MixMonitor", lastdata="2026/11/20/q-600.wav,b,"
    )
    assert only(read, row).recordings == ("q-600.wav",)


def test_a_dump_of_the_database(read):
    text = (
        "CREATE TABLE `cdr` (\n  `calldate` datetime,\n  `src` varchar(80),\n  `dst` varchar(80),\n"
        "  `channel` varchar(80),\n  `dstchannel` varchar(80),\n  `lastapp` varchar(80),\n  `duration` int(11),\n"
        "  `billsec` int(11),\n  `disposition` varchar(45),\n  `uniqueid` varchar(32),\n  KEY `u` (`uniqueid`)\n);\n"
        f"INSERT INTO `cdr` VALUES ('2026-11-20 10:15:02','{CALLER}','101','{TRUNK}','{PHONE}','Dial',120,111,"
        "'ANSWERED','1795158902.11');\nINSERT INTO `cel` VALUES (1,2);\n"
    )
    assert only(read, text).ring_seconds == 9


# -- clocks


def test_microseconds_are_told(read):
    text = "start,answer,end,src,dst,channel,dstchannel,lastapp,duration,billsec,disposition\n"
    text += f"1795158902.100000,1795158911.350000,1795159022,{CALLER},101,{TRUNK},{PHONE},Dial,120,111,ANSWERED\n"
    call = only(read, text)
    assert call.ring_seconds == pytest.approx(9.25)
    assert call.resolution == 1e-6


def test_no_time_zone_is_refused_with_the_remedy(read):
    with pytest.raises(RecordsError, match=r"records name no time zone.*--time-zone"):
        read(PLAIN, ReadingOptions())


def test_a_zone_that_the_unique_ids_contradict_is_told(read):
    calls, problems = read(PLAIN, ReadingOptions(time_zone=UTC))
    assert len(calls) == 1
    assert "+3 h from the ids" in problems.shown[0][1]


def test_moments_of_several_zones_in_one_file(read):
    text = "start,answer,end,src,dst,dstchannel,lastapp,duration,billsec,disposition\n"
    for start, answer in (
        ("2026-11-20 10:15:02", "2026-11-20 10:15:11"),
        ("2026-11-20T07:16:02Z", "2026-11-20T10:16:11+03:00"),
    ):
        text += f"{start},{answer},,{CALLER},101,{PHONE},Dial,120,111,ANSWERED\n"
    calls, problems = read(text)
    assert [(call.started_at, call.ring_seconds) for call in calls] == [(at("10:15:02"), 9), (at("10:16:02"), 9)]
    assert problems.count == 0


# -- bad input


def test_missing_columns_are_named_with_those_found(read):
    with pytest.raises(RecordsError, match=r"no src, dst; found start, end, disposition"):
        read("start,end,disposition\n2026-11-20 10:15:02,2026-11-20 10:17:02,ANSWERED\n")


def test_an_empty_file_is_refused(read):
    with pytest.raises(RecordsError, match="records"):
        read("")


def test_a_file_of_nothing_but_its_header_is_refused(read):
    with pytest.raises(RecordsError, match="holds no call of Asterisk CDR"):
        read("start,src,dst,duration,disposition\n")


def test_half_a_last_line_is_told_and_the_rest_is_read(read):
    calls, problems = read(PLAIN + PLAIN.replace("1795158902", "1795158999")[:90])
    assert len(calls) == 1
    assert [line for line, _ in problems.shown] == [2]


def test_a_moment_that_cannot_be_read_costs_its_row(read):
    calls, problems = read(PLAIN + PLAIN.replace("2026-11-20 10:15:02", "2026-11-31 10:15:02"))
    assert len(calls) == 1
    assert {line for line, _ in problems.shown} == {2}


def test_times_in_the_wrong_order_cost_their_row(read):
    calls, problems = read(PLAIN + master_row("10:16:02 10:15:11 10:17:02"))
    assert len(calls) == 1
    assert problems.shown == [(2, "the answer or the end stands before the start: the row was left out")]


def test_a_file_in_cp1251_is_read(read):
    call = read(
        master_row("10:15:02 10:15:11 10:17:02", clid='"Пётр" <1>', channel="SIP/Пётр-00000001").encode("cp1251")
    )
    assert call[0][0].ring_seconds == 9


def test_problems_hold_no_numbers_of_people(read):
    _, problems = read(PLAIN + PLAIN.replace("2026-11-20 10:15:02", CALLER) + PLAIN[:60])
    assert problems.count >= 2
    assert not [message for _, message in problems.shown if CALLER in message]


@pytest.mark.parametrize(
    "beginning",
    [PLAIN, master_row("10:15:02 - 10:17:02", num_columns=16), "CREATE TABLE `cdr` (\n  `calldate` datetime\n);"],
)
def test_its_own_files_fit(beginning):
    assert ASTERISK_CDR.fits(beginning)


@pytest.mark.parametrize("beginning", ["", "a,b\n1,2\n", "1795158902|1795158902.1|600|NONE|ENTERQUEUE||7916|1\n", "{}"])
def test_other_files_do_not_fit(beginning):
    assert not ASTERISK_CDR.fits(beginning)


MEASURE = """
import resource, sys
from pathlib import Path
from zoneinfo import ZoneInfo
from qa_engine.telephony.asterisk_cdr import ASTERISK_CDR
from qa_engine.telephony.reader import Problems, ReadingOptions
options = ReadingOptions(time_zone=ZoneInfo("Europe/Moscow"))
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
count = sum(1 for _ in ASTERISK_CDR.read(Path(sys.argv[1]), options, Problems()))
print(count, (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)
"""


@pytest.mark.slow
def test_a_large_file_is_not_held_in_memory(tmp_path):
    path, num_calls = tmp_path / "Master.csv", 220_000
    with path.open("w") as file:
        file.writelines(PLAIN.replace("1795158902.1", f"1795158902.{number}") for number in range(num_calls))
    assert path.stat().st_size > 55_000_000
    told = subprocess.run([sys.executable, "-c", MEASURE, path], capture_output=True, text=True, check=True)
    count, megabytes = map(int, told.stdout.split())
    assert count == num_calls
    assert megabytes < 120  # the rows themselves would take five times as much
