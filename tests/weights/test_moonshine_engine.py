"""The embedded engines on real sound, kept short: they are always installed."""

import itertools
from pathlib import Path

import numpy as np
import pytest

from qa_engine.domain.spans import Span
from qa_engine.domain.waveform import Waveform
from qa_engine.speech.moonshine_diarizer import MoonshineDiarizer
from qa_engine.speech.moonshine_transcriber import MoonshineTranscriber
from qa_engine.speech.protocols import SpeechRequest

pytestmark = pytest.mark.weights
RECORDINGS = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "recordings"


@pytest.fixture(scope="module")
def transcriber():
    return MoonshineTranscriber()


def recording(name: str, *, seconds: float, channel: int = 0) -> Waveform:
    import av

    path = RECORDINGS / name
    if not path.exists():
        pytest.skip(f"{name} is kept beside the project and not here")
    with av.open(str(path)) as container:
        rate = container.streams.audio[0].rate
        parts = []
        for frame in container.decode(audio=0):
            samples = frame.to_ndarray()
            parts.append(samples.reshape(-1, len(frame.layout.channels)).T if not frame.format.is_planar else samples)
            if sum(part.shape[1] for part in parts) > seconds * rate:
                break
    joined = np.concatenate(parts, axis=1)[channel : channel + 1, : round(seconds * rate)]
    return Waveform((joined / 32768.0).astype(np.float32), rate)


def test_nothing_is_heard_without_speech(transcriber):
    waveform = Waveform(np.zeros((1, 16000), np.float32), 16000)
    assert transcriber.transcribe(waveform, SpeechRequest((), "en")) == ()


def test_nothing_is_invented_on_digital_silence(transcriber):
    waveform = Waveform(np.zeros((1, 5 * 16000), np.float32), 16000)
    assert transcriber.transcribe(waveform, SpeechRequest((Span(0.0, 5.0),), "en")) == ()


def test_it_knows_english_only(transcriber):
    assert [transcriber.understands(language) for language in ("en", "ru", "")] == [True, False, False]
    assert transcriber.name == "moonshine:tiny-en 0.0.73"


@pytest.mark.shared
def test_a_real_greeting_is_heard_the_same_every_time(transcriber):
    waveform = recording("auto_repair_stereo_manager_left.flac", seconds=8.0)
    request = SpeechRequest((Span(0.2, 7.2),), "en")
    first = transcriber.transcribe(waveform, request)
    text = " ".join(utterance.text for utterance in first).lower()
    for words in ("thank you for calling", "platinum motors", "michelle", "help you today"):
        assert words in text
    assert MoonshineTranscriber().transcribe(waveform, request) == first


@pytest.mark.shared
def test_words_lie_inside_the_clip_in_seconds_of_the_recording(transcriber):
    waveform = recording("auto_repair_stereo_manager_left.flac", seconds=8.0)
    later = Waveform(waveform.samples, waveform.sample_rate, 100.0)
    words = [
        word for one in transcriber.transcribe(later, SpeechRequest((Span(100.2, 107.2),), "en")) for word in one.words
    ]
    assert all(100.2 <= word.start <= word.end <= 107.2 for word in words)
    assert all(word.interpolated and 0.0 < word.probability <= 1.0 for word in words)
    assert words[-1].end > 106.0


@pytest.mark.shared
@pytest.mark.slow
def test_two_people_in_one_channel_are_told_apart():
    waveform = recording("phone_chat_16k.wav", seconds=21.5)
    spans = MoonshineDiarizer().diarize(waveform, (Span(6.6, 21.5),))
    assert {span.speaker for span in spans} == {"speaker 0", "speaker 1"}
    assert all(before.end <= after.start for before, after in itertools.pairwise(spans))
    at = {
        second: next(span.speaker for span in spans if span.start <= second < span.end) for second in (9.0, 12.5, 16.0)
    }
    assert at[9.0] == at[12.5] != at[16.0]


@pytest.mark.shared
@pytest.mark.slow
def test_the_same_sound_gives_the_same_speakers():
    waveform = recording("phone_chat_16k.wav", seconds=12.0)
    spans = (Span(7.5, 12.0),)
    assert MoonshineDiarizer().diarize(waveform, spans) == MoonshineDiarizer().diarize(waveform, spans)


def test_under_a_second_of_speech_is_one_speaker():
    waveform = Waveform(np.full((1, 16000), 0.1, np.float32), 16000)
    assert [span.speaker for span in MoonshineDiarizer().diarize(waveform, (Span(0.2, 0.6),))] == ["speaker 0"]


def test_no_speech_is_no_speaker():
    assert MoonshineDiarizer().diarize(Waveform(np.zeros((1, 16000), np.float32), 16000), ()) == ()
