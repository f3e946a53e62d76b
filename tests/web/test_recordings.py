"""What the player is given: bytes asked for, what browsers cannot play as WAV, only what was judged."""

from __future__ import annotations

import io
import wave

import numpy as np
import pytest

import sounds
from qa_engine.web import recordings as recordings_module
from qa_engine.web.app import make_app
from qa_engine.web.recordings import Recordings
from web.browsing import get
from web.desk_samples import encoded, end, keep, made_call, recorded


def audio(app, call, **headers):
    return get(app, f"/calls/{call.call_id}/audio", **headers)


def samples_of(wav: bytes) -> np.ndarray:
    with wave.open(io.BytesIO(wav)) as file:
        assert file.getsampwidth() == 2
        read = np.frombuffer(file.readframes(file.getnframes()), "<i2")
        return read.reshape(-1, file.getnchannels()).T / 32767


@pytest.fixture
def plain(store, english, tmp_path):
    return keep(store, made_call(recorded(tmp_path / "a.wav")), english)


def test_a_plain_wav_is_sent_as_it_is(app, plain, tmp_path):
    answer = audio(app, plain)
    assert answer.status == 200
    assert answer.headers["content-type"] == "audio/wav"
    assert answer.body == (tmp_path / "a.wav").read_bytes()


def test_the_bytes_asked_for_are_sent(app, plain, tmp_path):
    whole = (tmp_path / "a.wav").read_bytes()
    answer = audio(app, plain, range="bytes=1000-1999")
    assert answer.status == 206
    assert answer.headers["content-range"] == f"bytes 1000-1999/{len(whole)}"
    assert answer.body == whole[1000:2000]


def test_bytes_beyond_the_end_are_refused(app, plain):
    assert audio(app, plain, range="bytes=99999999-").status == 416


def test_a_head_request_sends_no_body(app, plain):
    answer = get(app, f"/calls/{plain.call_id}/audio", method="HEAD")
    assert (answer.status, answer.body) == (200, b"")
    assert answer.headers["accept-ranges"] == "bytes"


@pytest.mark.parametrize("codec", ["pcm_mulaw", "pcm_alaw", "adpcm_ima_wav"])
def test_telephone_codecs_become_wav_that_sounds_the_same(app, store, english, tmp_path, codec):
    voice = sounds.voice(3.0)
    call = keep(store, made_call(encoded(tmp_path / "a.wav", codec, voice)), english)
    answer = audio(app, call)
    assert answer.headers["content-type"] == "audio/wav"
    heard = samples_of(answer.body)[0][: len(voice)]
    assert np.corrcoef(heard, voice[: len(heard)])[0, 1] > 0.99


def test_ranges_of_a_wav_made_here_are_served(app, store, english, tmp_path):
    call = keep(store, made_call(encoded(tmp_path / "a.wav", "pcm_mulaw", sounds.voice(3.0))), english)
    whole = audio(app, call).body
    answer = audio(app, call, range="bytes=40000-")
    assert answer.status == 206
    assert answer.body == whole[40000:]


def test_both_channels_are_kept(app, store, english, tmp_path):
    file = sounds.write_wav(tmp_path / "a.wav", sounds.stereo(sounds.voice(2.0), sounds.voice(2.0, seed=1)))
    call = keep(store, made_call(file), english)
    made = get(app, f"/calls/{call.call_id}/audio?as=wav")
    assert samples_of(made.body).shape == (2, 16000)


def test_the_file_itself_is_sent_only_where_it_is_what_was_judged(app, plain, tmp_path):
    secret = recorded(tmp_path / "secret.wav", seconds=9)
    (tmp_path / "a.wav").unlink()
    (tmp_path / "a.wav").symlink_to(secret)
    assert audio(app, plain).status == 404


def test_a_missing_file_is_no_page(app, plain, tmp_path):
    (tmp_path / "a.wav").unlink()
    assert audio(app, plain).status == 404


def test_a_folder_in_its_place_is_no_page(app, plain, tmp_path):
    (tmp_path / "a.wav").unlink()
    (tmp_path / "a.wav").mkdir()
    assert audio(app, plain).status == 404


def test_a_file_that_holds_no_sound_is_told(app, store, english, tmp_path):
    (tmp_path / "a.wav").write_bytes(b"no sound at all")
    call = keep(store, made_call(tmp_path / "a.wav"), english)
    assert audio(app, call).status == 415
    assert "cannot be played" in get(app, f"/calls/{call.call_id}").text


def test_what_was_made_goes_when_the_desk_closes(store, english, tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "made"))
    (tmp_path / "made").mkdir()
    app = make_app(store)
    call = keep(store, made_call(encoded(tmp_path / "a.wav", "pcm_mulaw", sounds.voice(2.0))), english)
    audio(app, call)
    assert list((tmp_path / "made").rglob("*.wav"))
    end(app)
    assert not list((tmp_path / "made").iterdir())


def test_only_the_last_ones_made_are_kept(tmp_path, monkeypatch):
    monkeypatch.setattr(recordings_module, "KEPT", 2)
    recordings = Recordings()
    try:
        files = [encoded(tmp_path / f"{n}.wav", "pcm_mulaw", sounds.voice(1.0, seed=n)) for n in range(3)]
        made = [recordings.playable(file).path for file in files]
        assert [path.exists() for path in made] == [False, True, True]
    finally:
        recordings.close()


def test_a_very_long_call_is_made_at_the_rate_of_the_telephone(tmp_path, monkeypatch):
    monkeypatch.setattr(recordings_module, "LARGEST", 10_000)
    recordings = Recordings()
    try:
        file = sounds.write_wav(tmp_path / "a.wav", sounds.voice(1.0), rate=16_000)
        made = recordings.playable(file, as_wav=True).path
        with wave.open(str(made)) as opened:
            assert opened.getframerate() == 8000
    finally:
        recordings.close()
