import gzip
import io

import pytest

from qa_engine.errors import RecordsError, SettingsError
from qa_engine.telephony import text_files
from qa_engine.telephony.reader import Problems
from qa_engine.telephony.text_files import open_text, read_beginning, read_lines


def text_of(path, encoding="auto"):
    with open_text(path, encoding) as file:
        return file.read()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1251"])
def test_the_encoding_is_found(tmp_path, encoding):
    path = tmp_path / "a"
    path.write_bytes("Анна;Пётр\n".encode(encoding))
    assert text_of(path) == "Анна;Пётр\n"


def test_a_line_in_another_encoding_does_not_end_the_file(tmp_path):
    path = tmp_path / "a"
    path.write_bytes("Анна\n".encode() + "Пётр\n".encode("cp1251") + "Олег\n".encode())
    assert text_of(path) == "Анна\nПётр\nОлег\n"


def test_a_wrong_byte_in_a_named_encoding_is_replaced(tmp_path):
    path = tmp_path / "a"
    path.write_bytes(b"a\xff\nb\n")
    assert text_of(path, "utf-8") == "a\ufffd\nb\n"


def test_a_letter_on_the_border_of_two_chunks_is_whole(tmp_path, monkeypatch):
    monkeypatch.setattr(text_files, "CHUNK", 7)
    path = tmp_path / "a"
    path.write_bytes("однадлиннаястрока\nи ещё одна\n".encode())
    assert text_of(path) == "однадлиннаястрока\nи ещё одна\n"


def test_nul_bytes_are_dropped(tmp_path):
    path = tmp_path / "a"
    path.write_bytes(b"a,b\n\0\0\0c,d\n")
    assert text_of(path) == "a,b\nc,d\n"


def test_gzip_is_unpacked(tmp_path):
    path = tmp_path / "a.csv.gz"
    path.write_bytes(gzip.compress("Анна\n".encode()))
    assert text_of(path) == "Анна\n"


def test_a_torn_gzip_says_so_and_names_the_file(tmp_path):
    path = tmp_path / "a.csv.gz"
    path.write_bytes(gzip.compress(bytes(range(256)) * 500)[:-20])
    with pytest.raises(RecordsError, match=r"a\.csv\.gz is a damaged gzip archive"):
        text_of(path)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(RecordsError, match=r"gone\.csv cannot be opened: No such file"):
        text_of(tmp_path / "gone.csv")


def test_an_unknown_encoding_is_refused(tmp_path):
    (tmp_path / "a").write_text("a")
    with pytest.raises(SettingsError, match="no encoding 'koi9'"):
        text_of(tmp_path / "a", "koi9")


def test_the_beginning_is_at_most_64_kb(tmp_path):
    (tmp_path / "a").write_text("x" * 100_000)
    assert len(read_beginning(tmp_path / "a")) == 64 * 1024


def test_an_endless_line_is_told_and_the_next_is_read():
    problems = Problems()
    file = io.StringIO("a\n" + "x" * (3 * 1024 * 1024) + "\nb\n")
    assert list(read_lines(file, problems)) == [(1, "a\n"), (3, "b\n")]
    assert problems.shown[0][0] == 2


def test_a_codec_that_is_no_encoding_of_text_is_refused(tmp_path):
    (tmp_path / "a.csv").write_bytes(b"a,b\n")
    with pytest.raises(SettingsError, match="no encoding 'base64'"):
        text_of(tmp_path / "a.csv", "base64")


def test_a_file_that_is_not_in_the_named_encoding_is_refused(tmp_path):
    (tmp_path / "a.csv").write_bytes(b"a,b\n")
    with pytest.raises(SettingsError, match=r"a\.csv is not written in utf-16.*--encoding auto"):
        text_of(tmp_path / "a.csv", "utf-16")
