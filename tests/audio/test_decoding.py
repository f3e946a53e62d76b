"""Decoding: formats, rates, broken files, and what each error tells."""

from __future__ import annotations

import hashlib
from pathlib import Path

import av
import numpy as np
import pytest

import sounds
from qa_engine.audio.decoding import decode, decode_blocks, probe
from qa_engine.domain.spans import Span
from qa_engine.errors import RecordingError, RecordingErrorKind


def encode(
    path: Path, samples: sounds.Samples, *, container: str, codec: str, rate: int = 8000, bit_rate: int = 0
) -> Path:
    """A file of any codec that PyAV can write, from ``(time,)`` or ``(channel, time)`` samples at `rate`."""
    both = np.atleast_2d(samples).astype(np.float32)
    layout = {1: "mono", 2: "stereo"}[len(both)]
    with av.open(str(path), "w", format=container) as output:
        stream = output.add_stream(codec, rate=rate, layout=layout)
        if bit_rate:
            stream.bit_rate = bit_rate
        frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(both), format="fltp", layout=layout)
        frame.sample_rate = rate
        resampler = av.AudioResampler(
            format=stream.format, layout=layout, rate=rate, frame_size=stream.codec_context.frame_size or None
        )
        for piece in [*resampler.resample(frame), *resampler.resample(None)]:
            output.mux(stream.encode(piece))
        output.mux(stream.encode(None))
    return path


def problem_of(path: Path) -> RecordingError:
    with pytest.raises(RecordingError) as caught:
        probe(path)
    assert str(path) in caught.value.message
    return caught.value


FORMATS = [
    ("wav", "pcm_s16le", 8000, 0),
    ("wav", "pcm_u8", 8000, 0),
    ("wav", "pcm_s24le", 48000, 0),
    ("wav", "pcm_f32le", 16000, 0),
    ("wav", "pcm_mulaw", 8000, 0),
    ("wav", "pcm_alaw", 8000, 0),
    ("wav", "pcm_s16le", 192000, 0),
    ("mp3", "libmp3lame", 8000, 16000),
    ("ogg", "libopus", 48000, 24000),
    ("flac", "flac", 16000, 0),
    ("mp4", "aac", 16000, 0),
]


@pytest.mark.parametrize(("container", "codec", "rate", "bit_rate"), FORMATS)
def test_format_gives_the_sound_back(tmp_path: Path, container: str, codec: str, rate: int, bit_rate: int) -> None:
    tone = (0.3 * np.sin(2 * np.pi * 440 * np.arange(2 * rate) / rate)).astype(np.float32)
    path = encode(tmp_path / "tone.bin", tone, container=container, codec=codec, rate=rate, bit_rate=bit_rate)
    recording = probe(path)
    waveform = decode(path, sample_rate=8000)
    spectrum = np.abs(np.fft.rfft(waveform.samples[0, 4000:12000]))
    assert recording.num_channels == 1
    assert recording.duration == pytest.approx(2.0, abs=0.17)  # mp3 at 8 kHz adds up to two frames
    assert waveform.duration == pytest.approx(recording.duration, abs=0.17)
    assert int(np.argmax(spectrum)) == 440
    assert float(np.abs(waveform.samples[0, 4000:12000]).max()) == pytest.approx(0.3, abs=0.04)


def test_channels_stay_apart(tmp_path: Path) -> None:
    path = sounds.write_wav(tmp_path / "two.wav", sounds.stereo(sounds.tone([500], 1), sounds.silence(1)))
    samples = decode(path, sample_rate=8000).samples
    assert samples.shape == (2, 8000)
    assert float(np.abs(samples[0]).max()) > 0.15
    assert float(np.abs(samples[1]).max()) < 0.001


def test_blocks_join_to_the_whole(tmp_path: Path) -> None:
    path = sounds.write_wav(tmp_path / "long.wav", sounds.noise(7.3, db=-20))
    blocks = list(decode_blocks(path, sample_rate=8000, block_seconds=2.0))
    whole = decode(path, sample_rate=8000)
    assert [block.start for block in blocks] == [0.0, 2.0, 4.0, 6.0]
    assert [block.duration for block in blocks] == [2.0, 2.0, 2.0, pytest.approx(1.3)]
    np.testing.assert_array_equal(np.concatenate([block.samples for block in blocks], axis=1), whole.samples)


def test_span_is_cut_out_exactly(tmp_path: Path) -> None:
    path = sounds.write_wav(tmp_path / "long.wav", sounds.noise(5, db=-20))
    whole = decode(path, sample_rate=8000)
    part = decode(path, sample_rate=8000, span=Span(1.5, 2.25))
    assert part.start == 1.5
    np.testing.assert_array_equal(part.samples, whole.samples[:, 12000:18000])


def test_span_behind_the_end_is_empty(tmp_path: Path) -> None:
    path = sounds.write_wav(tmp_path / "short.wav", sounds.noise(1))
    assert decode(path, sample_rate=8000, span=Span(10, 11)).samples.shape == (1, 0)


def test_probe_hashes_the_content(tmp_path: Path) -> None:
    path = sounds.write_wav(tmp_path / "a.wav", sounds.noise(1))
    assert probe(path).sha256 == hashlib.sha256(path.read_bytes()).hexdigest()


def test_wrong_extension_is_decoded_by_content(tmp_path: Path) -> None:
    path = encode(tmp_path / "call.wav", sounds.tone([440], 1), container="flac", codec="flac")
    assert probe(path).codec == "flac"


def test_thirty_milliseconds_are_a_recording(tmp_path: Path) -> None:
    path = sounds.write_wav(tmp_path / "blip.wav", sounds.tone([440], 0.03))
    assert probe(path).duration == pytest.approx(0.03)


def test_lying_header_does_not_count(tmp_path: Path) -> None:
    path = sounds.write_wav(tmp_path / "cut.wav", sounds.noise(10, db=-20))
    path.write_bytes(path.read_bytes()[: 44 + 2 * 8000 * 3])  # the header says 10 s, 3 s are there
    assert probe(path).duration == pytest.approx(3.0, abs=0.01)
    assert decode(path, sample_rate=8000).duration == pytest.approx(3.0, abs=0.01)


def test_truncated_mp3_gives_what_is_there(tmp_path: Path) -> None:
    path = encode(tmp_path / "cut.mp3", sounds.voice(10), container="mp3", codec="libmp3lame", bit_rate=16000)
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    assert decode(path, sample_rate=8000).duration == pytest.approx(5.0, abs=0.5)


def test_mp3_of_a_few_bytes_is_unreadable(tmp_path: Path) -> None:
    path = encode(tmp_path / "cut.mp3", sounds.voice(3), container="mp3", codec="libmp3lame", bit_rate=16000)
    path.write_bytes(path.read_bytes()[:60])
    assert problem_of(path).kind is RecordingErrorKind.UNREADABLE


def test_empty_file_says_zero_bytes(tmp_path: Path) -> None:
    path = tmp_path / "empty.wav"
    path.touch()
    problem = problem_of(path)
    assert problem.kind is RecordingErrorKind.EMPTY
    assert "0 bytes" in problem.message


def test_header_without_samples_is_empty(tmp_path: Path) -> None:
    problem = problem_of(sounds.write_wav(tmp_path / "zero.wav", sounds.silence(0)))
    assert problem.kind is RecordingErrorKind.EMPTY
    assert "zero length" in problem.message


@pytest.mark.parametrize(
    "content", [b"Dear customer, this is not sound.\n" * 40, b"#EXTM3U\nhttp://example.org/a.ts\n", b"\x93\x00" * 400]
)
def test_other_content_named_wav_is_unreadable(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "call.wav"
    path.write_bytes(content)
    problem = problem_of(path)
    assert problem.kind is RecordingErrorKind.UNREADABLE
    assert "cannot be read as sound" in problem.message


def test_missing_file_is_said_to_be_missing(tmp_path: Path) -> None:
    assert "no such file" in problem_of(tmp_path / "nowhere.wav").message


def test_folder_is_said_to_be_one(tmp_path: Path) -> None:
    assert "it is a folder" in problem_of(tmp_path).message


def test_forbidden_file_names_the_permission(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = sounds.write_wav(tmp_path / "a.wav", sounds.noise(1))

    def refuse(self: Path, *args: object, **kwargs: object) -> None:
        raise PermissionError(13, "Permission denied", str(self))

    monkeypatch.setattr(Path, "open", refuse)
    problem = problem_of(path)
    assert problem.kind is RecordingErrorKind.NOT_PERMITTED
    assert "no permission" in problem.message


def test_eight_channels_are_unsupported(tmp_path: Path) -> None:
    path = sounds.write_wav(tmp_path / "eight.wav", np.zeros((8, 8000), np.float32))
    problem = problem_of(path)
    assert problem.kind is RecordingErrorKind.UNSUPPORTED
    assert "8 channels" in problem.message
    assert "-ac 1" in problem.message


def test_video_without_sound_says_so(tmp_path: Path) -> None:
    path = tmp_path / "film.mp4"
    with av.open(str(path), "w") as output:
        stream = output.add_stream("mpeg4", rate=5)
        stream.width = stream.height = 64
        stream.pix_fmt = "yuv420p"
        frame = av.VideoFrame.from_ndarray(np.zeros((64, 64, 3), np.uint8), format="rgb24")
        output.mux([*stream.encode(frame), *stream.encode(None)])
    assert "no sound track" in problem_of(path).message


def test_damaged_middle_is_skipped(tmp_path: Path) -> None:
    path = encode(tmp_path / "bad.mp3", sounds.voice(10), container="mp3", codec="libmp3lame", bit_rate=16000)
    content = bytearray(path.read_bytes())
    content[8000:9000] = bytes(1000)
    path.write_bytes(bytes(content))
    assert decode(path, sample_rate=8000).duration > 8.0


def test_headerless_asterisk_file_is_known_by_its_extension(tmp_path: Path) -> None:
    path = tmp_path / "call.sln"
    path.write_bytes((sounds.tone([440], 1) * 32767).astype("<i2").tobytes())
    assert decode(path, sample_rate=8000).duration == pytest.approx(1.0)
