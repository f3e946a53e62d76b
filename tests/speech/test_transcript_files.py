import json

import pytest

from qa_engine.errors import TranscriptError
from qa_engine.speech.transcript_files import find_transcript, is_transcript, labels_are_roles, read_transcript

SEGMENT = {"start": 0.6, "end": 4.1, "speaker": "manager", "text": "добрый день"}


def write_json(tmp_path, content, name="call.json"):
    path = tmp_path / name
    path.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
    return path


def read_segments(tmp_path, *segments):
    return read_transcript(write_json(tmp_path, {"segments": list(segments)})).utterances


def test_the_engines_own_format(tmp_path):
    word = {"word": "добрый", "start": 0.6, "end": 0.9, "probability": 0.93}
    content = {
        "language": "ru",
        "duration": 183.4,
        "engine": "faster-whisper:large-v3-turbo",
        "call": {"id": "7", "manager": "Анна", "direction": "inbound", "nothing": None},
        "segments": [{**SEGMENT, "words": [word, {"word": "день", "start": 1.0, "end": 1.4}]}],
    }
    transcript = read_transcript(write_json(tmp_path, content))
    (utterance,) = transcript.utterances
    assert (transcript.language, transcript.duration, transcript.engine) == ("ru", 183.4, content["engine"])
    assert transcript.about == {"id": "7", "manager": "Анна", "direction": "inbound"}
    assert (utterance.start, utterance.end, utterance.speaker, utterance.text) == (0.6, 4.1, "manager", "добрый день")
    assert [(word.start, word.probability, word.interpolated) for word in utterance.words] == [
        (0.6, 0.93, False),
        (1.0, None, False),
    ]


def test_without_words_times_are_shared_out_and_marked(tmp_path):
    (utterance,) = read_segments(tmp_path, SEGMENT)
    assert all(word.interpolated for word in utterance.words)
    assert (utterance.words[0].start, utterance.words[-1].end) == (0.6, 4.1)


def test_openai_whisper_json(tmp_path):
    content = {
        "text": " Hello there.",
        "segments": [{"id": 0, "seek": 0, "start": 0.0, "end": 2.0, "text": " Hello there.", "avg_logprob": -0.2}],
        "language": "english",
    }
    transcript = read_transcript(write_json(tmp_path, content))
    assert (transcript.language, transcript.utterances[0].text) == ("en", "Hello there.")


def test_whisperx_words_without_times_lie_between_their_neighbours(tmp_path):
    words = [
        {"word": "order", "start": 1.0, "end": 1.4, "score": 0.8},
        {"word": "2014"},
        {"word": "please", "start": 2.4, "end": 3.0, "score": 0.7},
    ]
    (utterance,) = read_segments(tmp_path, {"start": 1.0, "end": 3.0, "text": "order 2014 please", "words": words})
    middle = utterance.words[1]
    assert (middle.start, middle.end, middle.interpolated) == (1.4, 2.4, True)
    assert utterance.words[0].probability == 0.8


def test_a_bare_list_of_segments(tmp_path):
    assert read_transcript(write_json(tmp_path, [SEGMENT])).utterances[0].text == "добрый день"


def test_a_segment_without_times_takes_those_of_its_words(tmp_path):
    words = [{"word": "hi", "start": 1.0, "end": 1.5}]
    (utterance,) = read_segments(tmp_path, {"text": "hi", "words": words})
    assert (utterance.start, utterance.end) == (1.0, 1.5)


@pytest.mark.parametrize(
    ("label", "role"),
    [("Agent", "manager"), ("оператор", "manager"), ("Клиент", "customer"), ("client", "customer"), ("IVR", "ivr")],
)
def test_labels_that_name_a_party_become_roles(tmp_path, label, role):
    assert read_segments(tmp_path, {**SEGMENT, "speaker": label})[0].speaker == role


def test_other_labels_stay(tmp_path):
    assert read_segments(tmp_path, {**SEGMENT, "speaker": "SPEAKER_00"})[0].speaker == "SPEAKER_00"


def test_roles_are_recognised_as_such(tmp_path):
    said = read_segments(tmp_path, SEGMENT, {**SEGMENT, "speaker": "customer"})
    assert labels_are_roles(said)
    assert not labels_are_roles(read_segments(tmp_path, SEGMENT, {**SEGMENT, "speaker": "SPEAKER_01"}))
    assert not labels_are_roles(read_segments(tmp_path, {**SEGMENT, "speaker": "ivr"}))


def test_segments_are_put_in_time_order_and_empty_ones_dropped(tmp_path):
    later = {"start": 9, "end": 10, "text": "bye"}
    empty = {"start": 5, "end": 6, "text": "  "}
    assert [one.text for one in read_segments(tmp_path, later, empty, SEGMENT)] == ["добрый день", "bye"]


def test_negative_times_become_zero(tmp_path):
    assert read_segments(tmp_path, {"start": -0.4, "end": 1.0, "text": "hi"})[0].start == 0.0


def test_an_end_rounded_before_its_start_is_the_start(tmp_path):
    (one,) = read_segments(tmp_path, {"start": 5.0, "end": 4.98, "text": "hi"})
    assert (one.start, one.end) == (5.0, 5.0)


def test_word_times_that_run_backwards_are_straightened(tmp_path):
    words = [{"word": "a", "start": 2.0, "end": 2.2}, {"word": "b", "start": 1.0, "end": 1.1}]
    (one,) = read_segments(tmp_path, {"start": 1.0, "end": 3.0, "text": "a b", "words": words})
    assert [word.start for word in one.words] == [2.0, 2.0]


@pytest.mark.parametrize(
    ("segment", "told"),
    [
        ({"end": 1.0, "text": "hi"}, "has no start"),
        ({"start": 1.0, "text": "hi"}, "has no end"),
        ({"start": "soon", "end": 1.0, "text": "hi"}, "'soon', expected seconds"),
        ({"start": float("nan"), "end": 1.0, "text": "hi"}, "expected seconds"),
        ({"start": True, "end": 1.0, "text": "hi"}, "expected seconds"),
        ({"start": 9.0, "end": 1.0, "text": "hi"}, "before it starts"),
        ({"start": 0, "end": 1800000, "text": "hi"}, "milliseconds"),
    ],
)
def test_wrong_times_are_told_with_the_segment(tmp_path, segment, told):
    with pytest.raises(TranscriptError, match=r"call\.json: segments\[1\]") as failure:
        read_segments(tmp_path, SEGMENT, segment)
    assert told in str(failure.value)


def test_a_later_segment_without_text_is_told(tmp_path):
    with pytest.raises(TranscriptError, match=r"segments\[3\] has no text"):
        read_segments(tmp_path, SEGMENT, SEGMENT, SEGMENT, {"start": 1, "end": 2})


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "empty"),
        ("{", "not JSON at line 1"),
        ('{"answer": 42}', "no transcript in it"),
        ("[" * 100_000, "not usable JSON"),
        ('{"segments": [1, 2]}', "no transcript in it"),
    ],
)
def test_files_that_hold_no_transcript_are_told(tmp_path, text, told):
    path = tmp_path / "call.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(TranscriptError, match=told):
        read_transcript(path)


def test_an_unknown_format_is_told(tmp_path):
    with pytest.raises(TranscriptError, match=r"call\.docx: not a transcript format"):
        read_transcript(tmp_path / "call.docx")


def test_a_missing_file_is_told(tmp_path):
    with pytest.raises(TranscriptError, match="cannot be read"):
        read_transcript(tmp_path / "call.json")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1251"])
def test_encodings_of_old_tools_are_understood(tmp_path, encoding):
    path = tmp_path / "call.json"
    path.write_bytes(json.dumps({"segments": [SEGMENT]}, ensure_ascii=False).encode(encoding))
    assert read_transcript(path).utterances[0].text == "добрый день"


def test_a_transcript_beside_a_recording_is_found(tmp_path):
    (tmp_path / "x.srt").write_text("1\n00:00:00,000 --> 00:00:01,000\nhi\n", encoding="utf-8")
    assert find_transcript(tmp_path / "x.wav") == tmp_path / "x.srt"
    assert find_transcript(tmp_path / "x.wav") != find_transcript(tmp_path / "y.wav")


def test_json_is_preferred_to_subtitles(tmp_path):
    (tmp_path / "x.srt").write_text("1\n00:00:00,000 --> 00:00:01,000\nhi\n", encoding="utf-8")
    write_json(tmp_path, {"segments": [SEGMENT]}, "x.json")
    assert find_transcript(tmp_path / "x.wav") == tmp_path / "x.json"


@pytest.mark.parametrize("text", ['{"rings": 2}', "[]", "not json", "3", '{"segments": 5}'])
def test_other_json_files_are_no_transcripts(tmp_path, text):
    path = tmp_path / "truth.json"
    path.write_text(text, encoding="utf-8")
    assert not is_transcript(path)


def test_a_damaged_transcript_is_still_one_so_that_its_damage_is_told(tmp_path):
    path = tmp_path / "x.json"
    path.write_text('{"segments": [{"start": 0.6, "te', encoding="utf-8")
    assert is_transcript(path)


def test_an_empty_transcript_is_a_transcript(tmp_path):
    path = write_json(tmp_path, {"segments": []})
    assert is_transcript(path)
    assert read_transcript(path).utterances == ()


def test_other_files_are_no_transcripts(tmp_path):
    (tmp_path / "x.wav").write_bytes(b"RIFF")
    (tmp_path / "notes.srt").write_text("nothing timed", encoding="utf-8")
    assert not is_transcript(tmp_path / "x.wav")
    assert not is_transcript(tmp_path / "notes.srt")
    assert not is_transcript(tmp_path / "absent.json")
