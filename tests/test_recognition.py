"""What the recipe asks of the speech engines, and what it makes of their answers."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import pytest

import sounds
from fakes import FakeDiarizer, FakeTranscriber
from qa_engine.audio.detection import detect_events
from qa_engine.domain.audio_event import Activity, AudioEvents, ChannelRelation, EventKind, Ringback, SoundEvent
from qa_engine.domain.spans import Span
from qa_engine.domain.transcript import LEAKED, Utterance
from qa_engine.domain.waveform import Waveform
from qa_engine.errors import RecordingError, RecordingErrorKind, WeightsError
from qa_engine.recognition import GREETING_SECONDS, Ears, Listening, Recognised, recognise
from qa_engine.speech.protocols import Diarizer, LanguageGuess, SpeakerSpan, SpeechRequest, Transcriber
from qa_engine.speech.word_times import spread_words
from qa_engine.telephony.file_names import file_names

SECONDS = 60.0
LEFT = (Span(2.0, 10.0), Span(40.0, 44.0))
RIGHT = (Span(12.0, 20.0), Span(30.0, 32.0))
RUSSIAN = LanguageGuess("ru", 0.99)
GREETING = "good morning sunny garden how can i help"


@dataclass(slots=True)
class FakeDetector(FakeTranscriber):
    """A recogniser of many languages that hears one of them; keeps the spans it was asked about."""

    guess: LanguageGuess | None = RUSSIAN
    asked: list[tuple[Span, ...]] = field(default_factory=list)

    def detect_language(self, waveform: Waveform, spans: tuple[Span, ...]) -> LanguageGuess | None:
        self.asked.append(spans)
        return self.guess


class BrokenTranscriber(FakeTranscriber):
    """Its weights turn out to be damaged at the first use."""

    def transcribe(self, waveform: Waveform, request: SpeechRequest) -> tuple[Utterance, ...]:
        raise WeightsError("model.bin: damaged; copy it anew")


class BrokenDiarizer(FakeDiarizer):
    """Its library turns out not to load at the first use."""

    def diarize(self, waveform: Waveform, spans: tuple[Span, ...]) -> tuple[SpeakerSpan, ...]:
        raise WeightsError("the diarizer cannot be loaded; install it anew")


def said(text: str, start: float, *, each: float = 0.4, left_out: str = "") -> Utterance:
    end = round(start + each * len(text.split()), 3)
    return Utterance(start, end, spread_words(text, Span(start, end)), left_out=left_out)


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("calls")
    both = sounds.stereo(sounds.noise(SECONDS, db=-40), sounds.noise(SECONDS, db=-40, seed=1))
    return sounds.write_wav(folder / "call.wav", both)


def two_sides(*extra: SoundEvent, ringbacks: tuple[Ringback, ...] = ()) -> AudioEvents:
    sides = (Activity(0, LEFT, -20.0, -60.0), Activity(1, RIGHT, -20.0, -60.0))
    return AudioEvents(SECONDS, 2, ChannelRelation.DISTINCT, sides, ringbacks, extra)


def mixed(channel: int | None = None, relation: ChannelRelation = ChannelRelation.COPIES) -> AudioEvents:
    return AudioEvents(SECONDS, 2, relation, (Activity(channel, (*LEFT[:1], *RIGHT[:1]), -20.0, -60.0),))


def heard_by(
    path: Path,
    events: AudioEvents,
    transcriber: Transcriber,
    *,
    diarizer: Diarizer | None = None,
    language: str = "ru",
    check: bool = True,
    hotwords: tuple[str, ...] = (),
) -> Recognised:
    ears = Ears(lambda asked: transcriber, lambda: diarizer or FakeDiarizer())
    return recognise(path, events, ears, Listening(language, check, file_names("auto"), hotwords))


def refusal(*args: object, **more: object) -> RecordingError:
    with pytest.raises(RecordingError) as caught:
        heard_by(*args, **more)  # type: ignore[arg-type]
    return caught.value


def labelled(utterances: tuple[Utterance, ...]) -> list[tuple[str, int | None, str]]:
    return [(one.speaker, one.channel, one.text) for one in utterances]


# --- two channels -----------------------------------------------------------------------------------------------------


def test_each_side_is_heard_by_itself_and_told_in_time_order(path: Path) -> None:
    own = FakeTranscriber(by_channel=[[said("добрый день", 3), said("до свидания", 41)], [said("здравствуйте", 13)]])
    heard = heard_by(path, two_sides(), own)
    assert labelled(heard.utterances) == [
        ("channel 0", 0, "добрый день"),
        ("channel 1", 1, "здравствуйте"),
        ("channel 0", 0, "до свидания"),
    ]
    assert (heard.engines.transcriber, heard.engines.diarizer) == ("fake-transcriber", "channels")


def test_the_diarizer_is_not_asked_for_where_each_party_has_a_channel(path: Path) -> None:
    def no_diarizer() -> Diarizer:
        raise AssertionError("a diarizer was made for two channels")

    ears = Ears(lambda language: FakeTranscriber([said("да", 3)]), no_diarizer)
    assert recognise(path, two_sides(), ears, Listening("ru", True, file_names("auto"))).utterances


def test_the_greeting_of_each_side_begins_with_its_own_first_words(path: Path) -> None:
    transcriber = FakeTranscriber()
    heard_by(path, two_sides(), transcriber)
    greetings = [request.greeting for request in transcriber.requests]
    for greeting, speech in zip(greetings, (LEFT, RIGHT), strict=True):
        assert greeting is not None
        assert greeting.start == pytest.approx(speech[0].start, abs=0.3)
        assert greeting.duration == pytest.approx(GREETING_SECONDS)


def test_hotwords_and_language_reach_the_recogniser(path: Path) -> None:
    transcriber = FakeTranscriber()
    heard_by(path, two_sides(), transcriber, hotwords=("Ромашка", "Анна"))
    assert {(request.language, request.hotwords) for request in transcriber.requests} == {("ru", ("Ромашка", "Анна"))}


def test_music_and_rings_of_a_side_are_kept_from_the_recogniser_on_that_side_only(path: Path) -> None:
    ring = Ringback(2.0, 6.0, 1, "425 Hz 1.0/4.0", 5.0, 1.0, channel=0)
    music = SoundEvent(EventKind.MUSIC, 30.0, 32.0, channel=1)
    transcriber = FakeTranscriber()
    heard_by(path, two_sides(music, ringbacks=(ring,)), transcriber)
    left, right = (request.spans for request in transcriber.requests)
    assert [(span.start, span.end) for span in left] == [pytest.approx((6.0, 10.15)), pytest.approx((39.85, 44.15))]
    assert [(span.start, span.end) for span in right] == [pytest.approx((11.85, 20.15))]


def test_what_nobody_said_is_kept_apart_with_its_reason(path: Path) -> None:
    invented = said("субтитры сделал кто-то", 41, left_out="subtitle credit, not speech")
    own = FakeTranscriber(by_channel=[[said("добрый день", 3), invented], [said("здравствуйте", 13)]])
    heard = heard_by(path, two_sides(), own)
    assert [one.text for one in heard.utterances] == ["добрый день", "здравствуйте"]
    assert [(one.text, one.left_out, one.channel) for one in heard.left_out] == [
        ("субтитры сделал кто-то", "subtitle credit, not speech", 0)
    ]


def test_a_side_where_nobody_speaks_is_not_heard(path: Path) -> None:
    sides = (Activity(0, LEFT, -20.0, -60.0), Activity(1, (), -120.0, -60.0))
    transcriber = FakeTranscriber([said("добрый день", 3)])
    heard = heard_by(path, AudioEvents(SECONDS, 2, ChannelRelation.DISTINCT, sides), transcriber)
    assert len(transcriber.requests) == 1
    assert labelled(heard.utterances) == [("channel 0", 0, "добрый день")]


def test_words_that_leaked_to_the_other_side_of_real_sound_are_left_out(tmp_path: Path) -> None:
    one = sounds.join(sounds.voice(6, pitch=95), sounds.silence(14))
    two = sounds.join(sounds.silence(8), sounds.voice(6, pitch=160, seed=2), sounds.silence(6))
    loud, clean = one + sounds.noise(20, db=-65), two + sounds.noise(20, db=-63, seed=1)
    samples = sounds.stereo(loud, clean + one * 10 ** (-9 / 20))
    leaky = sounds.write_wav(tmp_path / "leaky.wav", samples)
    events = detect_events(sounds.blocks(samples))
    assert events.relation is ChannelRelation.DISTINCT
    answer = said("hello i want roses", 9)
    # nothing but what the sound analysis takes for speech is heard, so both copies stand in it
    own = FakeTranscriber(by_channel=[[said(GREETING, 1)], [said(GREETING, 1.1), answer]])
    heard = heard_by(leaky, events, own, language="en", check=False)
    assert labelled(heard.utterances) == [("channel 0", 0, GREETING), ("channel 1", 1, answer.text)]
    assert [(one.text, one.channel, one.left_out) for one in heard.left_out] == [(GREETING, 1, LEAKED)]


# --- one channel ------------------------------------------------------------------------------------------------------


def test_voices_of_a_mix_are_told_apart_by_the_diarizer(path: Path) -> None:
    diarizer = FakeDiarizer([SpeakerSpan(2, 11, "speaker 0"), SpeakerSpan(11, 20, "speaker 1", 0.6)])
    transcriber = FakeTranscriber([said("добрый день", 3), said("здравствуйте", 13)])
    heard = heard_by(path, mixed(), transcriber, diarizer=diarizer)
    assert labelled(heard.utterances) == [("speaker 0", None, "добрый день"), ("speaker 1", None, "здравствуйте")]
    assert [one.speaker_confidence for one in heard.utterances] == [1.0, 0.6]
    assert (heard.engines.transcriber, heard.engines.diarizer) == ("fake-transcriber", "fake-diarizer")


def test_the_one_side_that_sounds_is_heard_as_a_mix_of_voices(path: Path) -> None:
    diarizer = FakeDiarizer([SpeakerSpan(2, 20, "speaker 0")])
    events = mixed(1, ChannelRelation.ONE_SIDED)
    heard = heard_by(path, events, FakeTranscriber([said("добрый день", 3)]), diarizer=diarizer)
    assert labelled(heard.utterances) == [("speaker 0", 1, "добрый день")]


def test_what_nobody_said_in_a_mix_gets_no_speaker(path: Path) -> None:
    diarizer = FakeDiarizer([SpeakerSpan(2, 20, "speaker 0")])
    invented = said("продолжение следует", 13, left_out="stock phrase of videos, not speech")
    heard = heard_by(path, mixed(), FakeTranscriber([said("добрый день", 3), invented]), diarizer=diarizer)
    assert labelled(heard.utterances) == [("speaker 0", None, "добрый день")]
    assert labelled(heard.left_out) == [("", None, "продолжение следует")]


def test_the_diarizer_hears_the_same_clips_as_the_recogniser(path: Path) -> None:
    diarizer, transcriber = FakeDiarizer(), FakeTranscriber()
    heard_by(path, mixed(), transcriber, diarizer=diarizer)
    assert diarizer.requests == [transcriber.requests[0].spans]


# --- what is missing --------------------------------------------------------------------------------------------------


def test_nothing_said_tells_what_is_there_instead(path: Path) -> None:
    ring = Ringback(1.0, 12.0, 3, "425 Hz 1.0/4.0", 5.0, 1.0)
    events = AudioEvents(SECONDS, 1, ChannelRelation.MONO, (Activity(None, (), -120.0, -60.0),), (ring,))
    error = refusal(path, events, FakeTranscriber())
    assert error.kind is RecordingErrorKind.NO_SPEECH
    assert "only ringing in 60.0 s" in error.message


def test_no_engine_is_asked_for_where_nothing_is_said(path: Path) -> None:
    def no_engine(language: str) -> Transcriber:
        raise AssertionError("an engine was loaded for a silent recording")

    silent = AudioEvents(SECONDS, 1, ChannelRelation.MONO, (Activity(None, (), -120.0, -60.0),))
    with pytest.raises(RecordingError, match=r"no speech in 60\.0 s"):
        recognise(path, silent, Ears(no_engine, FakeDiarizer), Listening("ru", True, file_names("auto")))


def test_no_recogniser_for_the_language_names_the_file_and_the_command(path: Path) -> None:
    def none_here(language: str) -> Transcriber:
        raise WeightsError(f"no recogniser for {language}; run: qa-engine models pull x")

    with pytest.raises(RecordingError) as caught:
        recognise(path, two_sides(), Ears(none_here, FakeDiarizer), Listening("ru", True, file_names("auto")))
    assert caught.value.kind is RecordingErrorKind.NO_RECOGNISER
    assert caught.value.message == f"{path}: no recogniser for ru; run: qa-engine models pull x"


def test_a_recogniser_that_fails_at_the_first_use_fails_the_recording_and_names_it(path: Path) -> None:
    error = refusal(path, two_sides(), BrokenTranscriber())
    assert error.kind is RecordingErrorKind.NO_RECOGNISER
    assert error.message == f"{path}: model.bin: damaged; copy it anew"


def test_a_diarizer_that_fails_at_the_first_use_fails_the_recording_and_names_it(path: Path) -> None:
    error = refusal(path, mixed(), FakeTranscriber([said("добрый день", 3)]), diarizer=BrokenDiarizer())
    assert error.kind is RecordingErrorKind.NO_RECOGNISER
    assert error.message == f"{path}: the diarizer cannot be loaded; install it anew"


# --- the language -----------------------------------------------------------------------------------------------------


def test_another_language_plainly_heard_is_refused_with_both_named(path: Path) -> None:
    error = refusal(path, two_sides(), FakeDetector(guess=LanguageGuess("en", 0.8)), language="ru")
    assert error.kind is RecordingErrorKind.UNSUPPORTED
    assert str(path) in error.message
    assert "'en' is spoken (80% sure)" in error.message
    assert "the scorecard is for 'ru'" in error.message
    assert "--language ru" in error.message


def test_another_language_not_plainly_heard_goes_on_in_the_expected_one(path: Path) -> None:
    detector = FakeDetector([said("добрый день", 3)], guess=LanguageGuess("uk", 0.79))
    heard = heard_by(path, two_sides(), detector, language="ru")
    assert heard.language == "ru"
    assert {request.language for request in detector.requests} == {"ru"}


def test_a_language_the_user_named_is_believed_and_not_asked_about(path: Path) -> None:
    detector = FakeDetector([said("добрый день", 3)], guess=LanguageGuess("en", 0.99))
    assert heard_by(path, two_sides(), detector, language="ru", check=False).language == "ru"
    assert detector.asked == []


def test_where_no_language_is_expected_the_one_heard_is_taken_even_in_doubt(path: Path) -> None:
    detector = FakeDetector([said("guten tag", 3)], guess=LanguageGuess("de", 0.4))
    heard = heard_by(path, two_sides(), detector, language="")
    assert heard.language == "de"
    assert {request.language for request in detector.requests} == {"de"}


def test_the_side_that_speaks_most_is_asked_for_the_language(path: Path) -> None:
    detector = FakeDetector([said("добрый день", 3)])
    heard_by(path, two_sides(), detector)
    assert [spans[0].start for spans in detector.asked] == [pytest.approx(LEFT[0].start, abs=0.3)]


def test_a_detector_that_cannot_tell_leaves_the_expected_language(path: Path) -> None:
    assert heard_by(path, two_sides(), FakeDetector([said("да", 3)], guess=None), language="ru").language == "ru"


def test_a_recogniser_of_one_language_names_it_where_none_was_expected(path: Path) -> None:
    heard = heard_by(path, two_sides(), FakeTranscriber([said("да", 3)], languages=("ru",)), language="")
    assert heard.language == "ru"


def test_a_detector_of_one_language_is_not_asked_for_it(path: Path) -> None:
    detector = FakeDetector([said("да", 3)], languages=("ru",), guess=LanguageGuess("en", 0.99))
    assert heard_by(path, two_sides(), detector, language="ru").language == "ru"
    assert detector.asked == []


INVENTED = "the first thing is that the first thing is to be able to do the first thing of the state of the art " * 4


def test_words_that_are_no_english_call_are_refused_where_only_english_is_known(path: Path) -> None:
    transcriber = FakeTranscriber([said(INVENTED, 3, each=0.05)], languages=("en",))
    error = refusal(path, two_sides(), transcriber, language="en")
    assert error.kind is RecordingErrorKind.NO_RECOGNISER
    assert "not understood as 'en'" in error.message
    assert "qa-engine models pull" in error.message


def test_the_message_of_a_refused_language_holds_no_words_of_the_call(path: Path) -> None:
    transcriber = FakeTranscriber([said(INVENTED, 3, each=0.05)], languages=("en",))
    assert "first thing" not in refusal(path, two_sides(), transcriber, language="en").message


def test_english_named_by_the_user_is_not_checked(path: Path) -> None:
    transcriber = FakeTranscriber([said(INVENTED, 3, each=0.05)], languages=("en",))
    assert heard_by(path, two_sides(), transcriber, language="en", check=False).utterances
