import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders import call
from qa_engine.domain.spans import Span
from qa_engine.domain.transcript import Role, Transcript, Turn, Utterance, Word
from qa_engine.errors import SettingsError
from qa_engine.speech.transcript_files import labels_are_roles, read_transcript, render_transcript
from qa_engine.speech.transcript_json import parse_json_transcript
from qa_engine.speech.word_times import spread_words

SAID = (
    Utterance(0.6, 1.4, (Word("добрый", 0.6, 0.9, 0.93), Word("день", 1.0, 1.4, 0.9)), "manager"),
    Utterance(2.0, 3.0, (Word("алло", 2.0, 3.0),), "customer"),
)


def test_text_has_time_and_speaker():
    assert render_transcript(SAID, "txt") == "[00:00:00] manager: добрый день\n[00:00:02] customer: алло\n"


def test_subrip_is_numbered():
    assert render_transcript(SAID, "srt").startswith("1\n00:00:00,600 --> 00:00:01,400\nmanager: добрый день\n\n2\n")


def test_webvtt_names_the_voice():
    text = render_transcript([Utterance(3661.5, 3662.0, (Word("a<b", 3661.5, 3662.0),), "manager")], "vtt")
    assert text == "WEBVTT\n\n01:01:01.500 --> 01:01:02.000\n<v manager>a&lt;b\n"


@pytest.mark.parametrize("format_name", ["json", "srt", "vtt"])
def test_what_is_written_can_be_read(tmp_path, format_name):
    path = tmp_path / f"call.{format_name}"
    path.write_text(render_transcript(SAID, format_name), encoding="utf-8")
    assert [(one.start, one.end, one.speaker, one.text) for one in read_transcript(path).utterances] == [
        (one.start, one.end, one.speaker, one.text) for one in SAID
    ]


def test_json_of_a_call_holds_what_is_known_of_it():
    written = json.loads(render_transcript(call("manager: hello", "customer: hi", language="en"), "json"))
    assert written["language"] == "en"
    assert [segment["speaker"] for segment in written["segments"]] == ["manager", "customer"]
    assert written["call"]["id"]


def test_guessed_word_times_are_marked_and_read_back_as_guesses(tmp_path):
    guessed = Utterance(0.0, 2.0, spread_words("hello there", Span(0.0, 2.0)))
    text = render_transcript([guessed], "json")
    words = json.loads(text)["segments"][0]["words"]
    assert [(word["start"], word["end"], word["interpolated"]) for word in words] == [
        (0.0, 1.0, True),
        (1.0, 2.0, True),
    ]
    file = tmp_path / "x.json"
    file.write_text(text, encoding="utf-8")
    assert all(word.interpolated for word in read_transcript(file).utterances[0].words)


def test_the_label_stands_where_the_role_is_not_known():
    turns = [Turn(Role.UNKNOWN, 0.0, 1.0, spread_words("guten tag", Span(0.0, 1.0)), "speaker 1")]
    assert json.loads(render_transcript(turns, "json"))["segments"][0]["speaker"] == "speaker 1"


def test_an_unknown_format_is_told():
    with pytest.raises(SettingsError, match="known: json, txt, srt, vtt"):
        render_transcript(SAID, "docx")


WORDS = st.text(st.characters(whitelist_categories=("Ll", "Lu", "Nd")), min_size=1, max_size=8)


@given(
    st.lists(st.tuples(st.integers(0, 10**6), st.lists(WORDS, min_size=1, max_size=5)), max_size=6),
    st.sampled_from(["", "manager", "SPEAKER_00"]),
)
def test_json_round_trip(segments, speaker):
    utterances = []
    for start_ms, texts in sorted(segments):
        words = tuple(
            Word(text, (start_ms + 100 * at) / 1000, (start_ms + 100 * at + 90) / 1000, 0.5)
            for at, text in enumerate(texts)
        )
        utterances.append(Utterance(words[0].start, words[-1].end, words, speaker))
    ordered = tuple(sorted(utterances, key=lambda one: (one.start, one.end)))
    transcript = Transcript(ordered, "ru", 12.5, "engine", {"id": "1"})
    from pathlib import Path

    assert parse_json_transcript(Path("x.json"), json.loads(render_transcript(transcript, "json"))) == transcript


@pytest.mark.parametrize("format_name", ["json", "srt", "vtt"])
def test_the_second_manager_is_written_and_read(tmp_path, format_name):
    file = tmp_path / f"call.{format_name}"
    made = call("manager: good morning", "customer: hello", "second_manager: this is oliver")
    file.write_text(render_transcript(made, format_name), encoding="utf-8")
    said = read_transcript(file).utterances
    assert [one.speaker for one in said] == ["manager", "customer", "second_manager"]
    assert labels_are_roles(said)
