import pytest

from qa_engine.errors import TranscriptError
from qa_engine.speech.transcript_files import read_transcript

SRT = """1
00:00:00,600 --> 00:00:02,600
Agent: Good morning, Sunny Garden.

2
00:00:03,000 --> 00:00:04,500
Customer: Hi there.
"""
VTT = """WEBVTT

STYLE
::cue { color: red }

NOTE made by hand

intro
00:01.000 --> 00:02.500 align:start
<v Emma Clark>Good <i>morning</i> &amp; welcome</v>

01:00:03.000 --> 01:00:04.500
<v.loud Patricia>Hi
there</v>
"""


def read(tmp_path, text, name="call.srt"):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return [(one.start, one.end, one.speaker, one.text) for one in read_transcript(path).utterances]


def test_subrip(tmp_path):
    assert read(tmp_path, SRT) == [
        (0.6, 2.6, "manager", "Good morning, Sunny Garden."),
        (3.0, 4.5, "customer", "Hi there."),
    ]


def test_webvtt(tmp_path):
    assert read(tmp_path, VTT, "call.vtt") == [
        (1.0, 2.5, "Emma Clark", "Good morning & welcome"),
        (3603.0, 3604.5, "Patricia", "Hi there"),
    ]


def test_windows_line_ends_and_missing_numbers(tmp_path):
    assert (
        len(read(tmp_path, "00:00:01,000 --> 00:00:02,000\r\nhi\r\n\r\n00:00:03,000 --> 00:00:04,000\r\nbye\r\n")) == 2
    )


def test_a_colon_in_one_cue_of_many_is_no_speaker(tmp_path):
    text = "".join(
        f"00:00:0{at},000 --> 00:00:0{at},900\n{said}\n\n" for at, said in enumerate(["a", "b", "Адрес: Мира 1"])
    )
    assert read(tmp_path, text)[-1][2:] == ("", "Адрес: Мира 1")


def test_a_role_before_a_colon_is_a_speaker_even_once(tmp_path):
    text = "".join(
        f"00:00:0{at},000 --> 00:00:0{at},900\n{said}\n\n" for at, said in enumerate(["a", "b", "Клиент: да"])
    )
    assert read(tmp_path, text)[-1][2:] == ("customer", "да")


def test_two_voices_in_one_cue_share_its_time(tmp_path):
    cues = read(tmp_path, "WEBVTT\n\n00:00.000 --> 00:04.000\n<v A>aaaa</v> <v B>bbbb</v>\n", "call.vtt")
    assert cues == [(0.0, 2.0, "A", "aaaa"), (2.0, 4.0, "B", "bbbb")]


def test_dashed_lines_are_two_utterances(tmp_path):
    cues = read(tmp_path, "00:00:00,000 --> 00:00:04,000\n- aaaa\n- bbbb\n")
    assert [text for *_, text in cues] == ["aaaa", "bbbb"]


def test_word_times_are_marked_as_shared_out(tmp_path):
    path = tmp_path / "call.srt"
    path.write_text(SRT, encoding="utf-8")
    assert all(word.interpolated for one in read_transcript(path).utterances for word in one.words)


def test_a_file_without_cues_is_told(tmp_path):
    with pytest.raises(TranscriptError, match=r"call\.srt: no timed text"):
        read(tmp_path, "hello\n")


def test_a_cue_that_ends_before_it_starts_is_told_with_its_line(tmp_path):
    with pytest.raises(TranscriptError, match="line 2"):
        read(tmp_path, "1\n00:00:09,000 --> 00:00:01,000\nhi\n")
