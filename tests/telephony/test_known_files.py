import json

import pytest
import test_bitrix24 as bitrix24
import test_freeswitch as freeswitch
import test_mango_events as mango_events
import test_mango_statistics as mango_statistics
import test_twilio as twilio

from qa_engine.telephony.reader import ReadingOptions
from qa_engine.telephony.readers import SYSTEMS, find_reader

FILES = {
    "freeswitch json": ("freeswitch", json.dumps(freeswitch.as_json(freeswitch.CALLER))),
    "freeswitch xml": ("freeswitch", freeswitch.as_xml(freeswitch.CALLER)),
    "freeswitch csv": ("freeswitch", freeswitch.CSV_ROW),
    "mango base": ("mango-statistics", mango_statistics.lines(mango_statistics.IVR, mango_statistics.MISSED)),
    "mango base with a header": ("mango-statistics", mango_statistics.lines(mango_statistics.HEADER)),
    "mango extended": ("mango-statistics", json.dumps(mango_statistics.extended(mango_statistics.CALL))),
    "mango events": ("mango-events", "".join(json.dumps(row) + "\n" for row in mango_events.IVR)),
    "twilio page": ("twilio", json.dumps(twilio.page(twilio.PARENT, twilio.CHILD))),
    "twilio summary": ("twilio", json.dumps(twilio.SUMMARY)),
    "twilio csv": ("twilio", twilio.CSV),
    "bitrix24 json": ("bitrix24", json.dumps(bitrix24.answer(bitrix24.CALL))),
    "bitrix24 csv": ("bitrix24", bitrix24.HEADER + "\n"),
}


@pytest.mark.parametrize("kind", FILES)
def test_a_file_is_known_by_its_own_system_and_by_no_other(kind, tmp_path):
    system, beginning = FILES[kind]
    assert [reader.name for reader in SYSTEMS if reader.fits(beginning)] == [system]
    file = tmp_path / "records"
    file.write_text(beginning, encoding="utf-8")
    assert find_reader(file, "auto", ReadingOptions()).name == system


def test_a_mapping_chooses_the_generic_reader(tmp_path):
    file = tmp_path / "records"
    file.write_text("a;b\n1;2\n", encoding="utf-8")
    assert find_reader(file, "auto", ReadingOptions(mapping=tmp_path / "m.toml")).name == "generic-csv"
