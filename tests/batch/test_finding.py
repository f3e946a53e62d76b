import json
import os
from pathlib import Path

import pytest

from qa_engine.batch.finding import find_sources
from qa_engine.errors import SettingsError
from qa_engine.pipeline import Source

TRANSCRIPT = json.dumps({"segments": [{"start": 0, "end": 1, "text": "hello"}]})


def touch(path: Path, content: str = "x") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content, encoding="utf-8")
    return path


def test_a_folder_gives_recordings_with_their_transcripts_and_transcripts_alone(tmp_path):
    sound = touch(tmp_path / "b.wav")
    beside = touch(tmp_path / "b.json", TRANSCRIPT)
    alone = touch(tmp_path / "deep" / "a.srt", "1\n00:00:00,000 --> 00:00:01,000\nhello\n")
    plain = touch(tmp_path / "c.MP3")
    assert find_sources([tmp_path]) == (Source(sound, beside), Source(plain), Source(None, alone))


def test_json_that_is_no_transcript_is_passed_over(tmp_path):
    touch(tmp_path / "truth.json", '{"a.wav": {"rings": 2}}')
    sound = touch(tmp_path / "a.wav")
    assert find_sources([tmp_path]) == (Source(sound),)


def test_transcripts_can_be_ignored(tmp_path):
    sound = touch(tmp_path / "b.wav")
    touch(tmp_path / "b.json", TRANSCRIPT)
    assert find_sources([tmp_path], retranscribe=True) == (Source(sound),)


def test_a_transcript_named_beside_its_recording_is_no_second_call(tmp_path):
    sound = touch(tmp_path / "b.wav")
    beside = touch(tmp_path / "b.json", TRANSCRIPT)
    assert find_sources([sound, beside]) == (Source(sound, beside),)


def test_a_transcript_named_after_the_whole_recording_is_no_second_call(tmp_path):
    sound = touch(tmp_path / "b.wav")
    beside = touch(tmp_path / "b.wav.json", TRANSCRIPT)
    assert find_sources([tmp_path]) == (Source(sound, beside),)


def test_one_call_in_several_transcript_formats_is_one_source(tmp_path):
    srt = "1\n00:00:00,000 --> 00:00:01,000\nhello\n"
    touch(tmp_path / "y.srt", srt)
    touch(tmp_path / "y.vtt", "WEBVTT\n\n00:00.000 --> 00:01.000\nhello\n")
    best = touch(tmp_path / "y.json", TRANSCRIPT)
    assert find_sources([tmp_path]) == (Source(None, best),)


def test_a_named_file_may_have_any_suffix(tmp_path):
    odd = touch(tmp_path / "recording.dat")
    assert find_sources([odd]) == (Source(odd),)


def test_the_same_file_named_twice_comes_once(tmp_path):
    sound = touch(tmp_path / "a.wav")
    assert find_sources([sound, tmp_path]) == (Source(sound),)


def test_hidden_files_and_folders_are_passed_over(tmp_path):
    touch(tmp_path / ".hidden.wav")
    touch(tmp_path / ".trash" / "a.wav")
    sound = touch(tmp_path / "a.wav")
    assert find_sources([tmp_path]) == (Source(sound),)


def test_a_loop_of_links_is_walked_once(tmp_path):
    sound = touch(tmp_path / "day" / "a.wav")
    (tmp_path / "day" / "again").symlink_to(tmp_path / "day", target_is_directory=True)
    assert find_sources([tmp_path / "day"]) == (Source(sound),)


def test_a_file_link_to_itself_is_kept_to_be_reported(tmp_path):
    loop = tmp_path / "loop.wav"
    loop.symlink_to(loop)
    assert find_sources([tmp_path]) == (Source(loop),)


@pytest.mark.parametrize("name", ["two words.wav", "звонок Анны.wav", "call 📞.wav", "line\nbreak.wav"])
def test_names_may_hold_anything_a_file_system_takes(tmp_path, name):
    sound = touch(tmp_path / name)
    assert find_sources([tmp_path]) == (Source(sound),)


def test_a_folder_without_recordings_says_what_was_looked_for(tmp_path):
    touch(tmp_path / "notes.txt")
    with pytest.raises(SettingsError, match=r"no recordings found.*\.mp3.*\.srt"):
        find_sources([tmp_path])


def test_a_missing_path_is_named(tmp_path):
    with pytest.raises(SettingsError, match=r"nowhere.*no such file"):
        find_sources([tmp_path / "nowhere"])


def test_the_order_does_not_depend_on_the_file_system(tmp_path, monkeypatch):
    for name in ("b.wav", "a.wav", "c/a.wav", "B.wav"):
        touch(tmp_path / name)
    expected = find_sources([tmp_path])
    walk = os.walk

    def reversed_walk(*args, **options):
        for root, folders, files in walk(*args, **options):
            folders.reverse()
            files.reverse()
            yield root, folders, files

    monkeypatch.setattr(os, "walk", reversed_walk)
    assert find_sources([tmp_path]) == expected
