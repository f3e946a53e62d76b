"""The same calls told by CDR, CEL and the queue log: what they say of a call agrees."""

from dataclasses import dataclass

import pytest
from cdr_rows import CALLER, epoch, master_row
from cel_rows import cel_row
from record_reading import at, read_calls

from qa_engine.domain.call_record import CallOutcome
from qa_engine.telephony.asterisk_cdr import ASTERISK_CDR
from qa_engine.telephony.asterisk_cel import ASTERISK_CEL
from qa_engine.telephony.asterisk_queue_log import ASTERISK_QUEUE_LOG


@dataclass(frozen=True)
class QueueCall:
    """A call of the day: it comes in and is welcomed, enters the queue, the phones ring one after the other."""

    came: str
    entered: str
    rings: tuple[tuple[str, str, str], ...]  # extension, from, to
    answered: bool
    ended: str

    @property
    def unique(self):
        return f"{epoch(self.came)}.1"

    @property
    def ring_seconds(self):
        return epoch(self.rings[-1][2]) - epoch(self.rings[0][1]) if self.answered else None


DAY = (
    QueueCall("09:00:00", "09:00:20", (("101", "09:00:21", "09:00:28"),), True, "09:03:00"),
    QueueCall(
        "09:10:00", "09:10:15", (("101", "09:10:16", "09:10:31"), ("102", "09:10:36", "09:10:40")), True, "09:12:00"
    ),
    QueueCall("09:20:00", "09:20:15", (("102", "09:20:16", "09:20:30"),), False, "09:20:30"),
    QueueCall("23:59:30", "23:59:40", (("103", "23:59:41", "23:59:58"),), True, "23:59:59"),
)  # fmt: skip


def cdr(call):
    """As Asterisk writes it when the welcome has answered: the caller's rows tell nothing, the Local legs do."""
    dead = {"uniqueid": call.unique, "dst": "600", "dcontext": "ext-queues", "lastapp": "Queue", "lastdata": "600,t,,"}
    text = ""
    for number, (phone, start, end) in enumerate(call.rings, 1):
        last = call.answered and number == len(call.rings)
        local = f"Local/{phone}@from-queue-0000000{number}"
        came = call.came if number == 1 else start
        text += master_row(
            f"{came} {came} {end}", **dead, dstchannel=f"{local};1", sequence=str(3 * number),
            disposition="ANSWERED" if last else "NO ANSWER",
        )  # fmt: skip
        text += master_row(
            f"{start} {end if last else '-'} {end}", channel=f"{local};2", dst=phone, sequence=str(3 * number + 1),
            dstchannel=f"PJSIP/{phone}-0000002{number}", uniqueid=f"{epoch(start)}.{number + 4}", linkedid=call.unique,
            dcontext="from-queue",
        )  # fmt: skip
        if last:
            text += master_row(
                f"{end} {end} {call.ended}", **dead, dstchannel=f"PJSIP/{phone}-0000002{number}", sequence="9"
            )
    return text


def cel(call):
    def row(time, kind, channel, **values):
        return cel_row(time, kind, channel, linked=call.unique, **values)

    trunk = {"channel": f"PJSIP/trunk-00000001 {call.unique}", "uniqueid": call.unique, "cid_num": CALLER}
    text = row(call.came, "CHAN_START", exten="74951234567", **trunk) + row(call.came, "ANSWER", **trunk)
    text += row(call.entered, "APP_START", appname="Queue", appdata="600,t,,", exten="600", **trunk)
    for number, (phone, start, end) in enumerate(call.rings, 1):
        last = call.answered and number == len(call.rings)
        channel = {"channel": f"PJSIP/{phone}-0000002{number} 0", "uniqueid": f"{epoch(start)}.{number + 4}"}
        text += row(start, "CHAN_START", **channel)
        text += row(end, "ANSWER" if last else "HANGUP", **channel)
        text += row(end, "BRIDGE_ENTER", **channel) if last else ""
    return text + row(call.ended, "HANGUP", extra='{"dialstatus":""}', **trunk)


def queue_log(call):
    def line(time, event, *told, agent="NONE"):
        return "|".join((str(epoch(time)), call.unique, "600", agent, event, *told)) + "\n"

    text = line(call.entered, "ENTERQUEUE", "", CALLER, "1")
    for number, (phone, start, end) in enumerate(call.rings, 1):
        agent, seconds = f"Local/{phone}@from-queue/n", epoch(end) - epoch(start)
        if not call.answered:
            text += line(end, "RINGCANCELED", str(seconds * 1000), agent=agent)
        elif number < len(call.rings):
            text += line(end, "RINGNOANSWER", str(seconds * 1000), agent=agent)
        else:
            waited = str(epoch(end) - epoch(call.entered))
            text += line(end, "CONNECT", waited, f"{epoch(start)}.9", str(seconds), agent=agent)
            text += line(call.ended, "COMPLETECALLER", waited, "60", "1", agent=agent)
    return text if call.answered else text + line(call.ended, "ABANDON", "1", "1", "15")


SOURCES = ((ASTERISK_CDR, cdr), (ASTERISK_CEL, cel), (ASTERISK_QUEUE_LOG, queue_log))


@pytest.fixture
def told(tmp_path):
    by_source = []
    for reader, write in SOURCES:
        calls, problems = read_calls(reader, tmp_path, "".join(write(call) for call in DAY))
        assert problems.count == 0, problems.shown
        by_source.append({call.record_id: call for call in calls})
    return by_source


@pytest.mark.parametrize("call", DAY, ids=lambda call: call.came)
def test_ring_answer_manager_and_outcome_agree(told, call):
    answered_at = at(call.rings[-1][2]) if call.answered else None
    for records in told:
        record = records[call.unique]
        assert record.ring_seconds == call.ring_seconds
        assert record.answered_at == answered_at
        assert record.manager == call.rings[-1][0]
        assert record.outcome is (CallOutcome.ANSWERED if call.answered else CallOutcome.MISSED)
        assert (record.customer, record.queue) == (CALLER, "600")


def test_each_source_tells_each_call_once(told):
    assert [set(records) for records in told] == [{call.unique for call in DAY}] * len(SOURCES)


def test_the_wait_in_the_queue_agrees_where_both_know_its_beginning(told):
    _, from_cel, from_log = told
    assert {key: call.wait_seconds for key, call in from_cel.items()} == {
        key: call.wait_seconds for key, call in from_log.items()
    }


def test_every_leg_agrees(told):
    for call in DAY:
        legs = [[(leg.party, leg.started_at, leg.answered_at) for leg in records[call.unique].legs] for records in told]
        assert legs[0] == legs[1] == legs[2]
        assert len(legs[0]) == len(call.rings)
