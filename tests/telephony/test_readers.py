import pytest
from cdr_rows import master_row
from cel_rows import HEADER, simple_call
from record_reading import OPTIONS

from qa_engine.errors import RecordsError, SettingsError
from qa_engine.telephony.reader import ReadingOptions
from qa_engine.telephony.readers import SYSTEMS, find_reader

CDR = master_row("10:15:02 10:15:11 10:17:02")
SAMPLES = {
    "asterisk-cdr": [
        CDR,
        "calldate,src,dst,dstchannel,lastapp,duration,billsec,disposition\n",
        "COPY cdr (calldate) FROM stdin;\n",
    ],
    "asterisk-cel": [simple_call(), ",".join(HEADER) + "\n", "CREATE TABLE `cel` (\n  `id` int\n);\n"],
    "asterisk-queue-log": [
        "1795158902|1795158902.1|600|NONE|ENTERQUEUE||79161234567|1\n",
        "INSERT INTO queue_log (time) VALUES (1795158902);\n",
    ],
    "3cx": [
        "Call 12,00000171DEE41BB3_2501,00:05:15,2026/11/20 10:53:43,,,Failed,0611360468,Ext.610,10000,610,610,,,\n"
    ],
}


def found(tmp_path, content, system="auto", options=OPTIONS):
    path = tmp_path / "records"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return find_reader(path, system, options)


@pytest.mark.parametrize(("name", "sample"), [(name, text) for name, texts in SAMPLES.items() for text in texts])
def test_a_file_is_known_by_its_beginning(tmp_path, name, sample):
    assert found(tmp_path, sample).name == name
    assert [reader.name for reader in SYSTEMS if reader.fits(sample)] == [name]


def test_the_names_are_all_different():
    names = [reader.name for reader in SYSTEMS]
    assert len(set(names)) == len(names)
    assert all(reader.title for reader in SYSTEMS)


def test_a_system_can_be_named(tmp_path):
    assert found(tmp_path, "anything\n", system="3cx").name == "3cx"


def test_an_unknown_system_lists_the_names(tmp_path):
    with pytest.raises(SettingsError, match=r"--system 'avaya' is not known; say auto or one of .*asterisk-cdr.*3cx"):
        found(tmp_path, CDR, system="avaya")


def test_an_unknown_file_lists_what_is_known_and_what_to_do(tmp_path):
    with pytest.raises(RecordsError, match=r"(?s)asterisk-cdr: Asterisk CDR.*--system.*--mapping"):
        found(tmp_path, "one,two\n1,2\n")


def test_a_mapping_chooses_the_generic_reader(tmp_path):
    options = ReadingOptions(mapping=tmp_path / "mapping.toml")
    assert found(tmp_path, "one,two\n1,2\n", options=options) is SYSTEMS[-1]


@pytest.mark.parametrize("content", [b"", b"\n \n", b"\xef\xbb\xbf"])
def test_an_empty_file_is_refused(tmp_path, content):
    with pytest.raises(RecordsError, match="records is empty"):
        found(tmp_path, content)


@pytest.mark.parametrize("system", ["auto", "asterisk-cdr"])
@pytest.mark.parametrize(
    "content", [bytes(range(256)) * 40, b"RIFF\x24\x00\x00\x00WAVEfmt " + b"\x01\x00\x7f\x80" * 500]
)
def test_a_file_that_is_no_text_is_refused(tmp_path, system, content):
    with pytest.raises(RecordsError, match="is no text file"):
        found(tmp_path, content, system=system)


def test_a_file_in_cp1251_is_text(tmp_path):
    assert found(tmp_path, CDR.replace('""""', '"Пётр"').encode("cp1251")).name == "asterisk-cdr"
