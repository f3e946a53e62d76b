"""A day through the batch with a hearer that needs no sound: resume, failures, duplicates, a changed scorecard."""

import os
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

from qa_engine.batch.local import Day, score_day
from qa_engine.domain.call_identity import CallIdentity
from qa_engine.domain.hearing import Engines, Hearing
from qa_engine.domain.transcript import Utterance, Word
from qa_engine.errors import RecordingError, RecordingErrorKind
from qa_engine.pipeline import Source, content_hash
from qa_engine.rules.loading import load_scorecard
from qa_engine.store.store import Store
from qa_engine.telephony.file_names import file_names

CARD = Path(__file__).parents[2] / "scorecards" / "phone_en.yaml"
LINES = (
    (0.5, "manager", "good morning sunny garden emma speaking how can i help you"),
    (5.0, "customer", "i would like to order two roses please"),
)


def utterance(start: float, speaker: str, text: str) -> Utterance:
    words = tuple(Word(word, start + i * 0.3, start + i * 0.3 + 0.25) for i, word in enumerate(text.split()))
    return Utterance(start, words[-1].end, words, speaker)


@dataclass(frozen=True)
class FakeHear:
    """Hears what the file's text says: a call, an error, a crash, a dead worker; notes each hearing in a log file."""

    log: Path

    def __call__(self, source: Source) -> Hearing:
        with self.log.open("a", encoding="utf-8") as log:
            log.write(f"{source.path.name}\n")
        content = source.path.read_text(encoding="utf-8")
        if "broken" in content:
            raise RecordingError(RecordingErrorKind.UNREADABLE, f"{source.path}: not sound")
        if "crash" in content:
            raise ZeroDivisionError("inside a stage")
        if "die" in content:
            time.sleep(0.3)  # the neighbours have begun
            os._exit(11)
        return Hearing(
            content_hash(source.path),
            str(source.path),
            20.0,
            "en",
            tuple(utterance(*line) for line in LINES),
            None,
            Engines("fake", "fake"),
            CallIdentity(manager="101"),
            labels_are_roles=True,
        )


@pytest.fixture
def store(tmp_path):
    with Store.open(str(tmp_path / "qa.db")) as opened:
        yield opened


@pytest.fixture
def hearer(tmp_path):
    return FakeHear(tmp_path / "heard.log")


def make_day(folder: Path, **contents: str) -> tuple[Source, ...]:
    folder.mkdir(exist_ok=True)
    for name, content in contents.items():
        (folder / f"{name}.wav").write_text(content, encoding="utf-8")
    return tuple(Source(path) for path in sorted(folder.glob("*.wav")))


def day_of(hearer, **changes) -> Day:
    return Day(load_scorecard(CARD), hearer, "fake", jobs=1, **changes)


def heard_names(hearer) -> list[str]:
    return hearer.log.read_text(encoding="utf-8").split() if hearer.log.exists() else []


def test_every_recording_is_judged_and_stored(tmp_path, store, hearer):
    sources = make_day(tmp_path / "day", a="one", b="two")
    outcomes = list(score_day(sources, day_of(hearer), store))
    assert sorted(outcome.source.path.name for outcome in outcomes) == ["a.wav", "b.wav"]
    assert all(outcome.evaluation is not None and outcome.heard for outcome in outcomes)
    assert {outcome.call.manager for outcome in outcomes} == {"Emma Clark"}


def test_failures_are_kept_with_their_reason_and_the_day_goes_on(tmp_path, store, hearer):
    sources = make_day(tmp_path / "day", a="broken", b="crash", c="good")
    outcomes = {outcome.source.path.name: outcome for outcome in score_day(sources, day_of(hearer), store)}
    assert outcomes["a.wav"].failure.kind == "unreadable"
    assert outcomes["b.wav"].failure.kind == "crashed"
    assert "ZeroDivisionError" in outcomes["b.wav"].failure.message
    assert outcomes["c.wav"].evaluation is not None
    assert len(store.failures()) == 2


def test_a_worker_that_dies_costs_only_its_own_recording(tmp_path, store, hearer):
    sources = make_day(tmp_path / "day", a="good", b="die", c="fine")
    outcomes = {outcome.source.path.name: outcome for outcome in score_day(sources, day_of(hearer), store)}
    assert outcomes["b.wav"].failure.kind == "crashed"
    assert outcomes["a.wav"].evaluation is not None
    assert outcomes["c.wav"].evaluation is not None


def test_after_a_dead_worker_the_rest_of_the_day_goes_on(tmp_path, store, hearer):
    contents = {f"r{i:02}": f"{'die' if i in (1, 4) else 'good'} {i}" for i in range(7)}
    sources = make_day(tmp_path / "day", **contents)
    day = Day(load_scorecard(CARD), hearer, "fake", jobs=2)
    outcomes = {outcome.source.path.stem: outcome for outcome in score_day(sources, day, store)}
    assert {stem for stem, outcome in outcomes.items() if outcome.failure} == {"r01", "r04"}
    assert len(outcomes) == 7


def test_a_renamed_recording_is_known_by_its_new_name(tmp_path, store, hearer):
    (source,) = make_day(tmp_path / "day", a="one")
    list(score_day([source], day_of(hearer), store))
    renamed = source.path.rename(tmp_path / "day" / "external-102-7916-20261120-101502-1763622902.11.wav")
    (outcome,) = score_day([Source(renamed)], day_of(hearer, identify=file_names("auto").read), store)
    assert not outcome.heard
    assert outcome.call.manager == "Oliver Hughes"
    assert outcome.call.identity.started_at is not None


def test_what_was_heard_is_not_heard_again(tmp_path, store, hearer):
    sources = make_day(tmp_path / "day", a="one", b="two")
    first = {o.source: o.evaluation for o in score_day(sources, day_of(hearer), store)}
    hearer.log.unlink()
    second = {o.source: o.evaluation for o in score_day(sources, day_of(hearer), store)}
    assert heard_names(hearer) == []
    assert second == first


def test_stopped_in_the_middle_it_goes_on_where_it_was(tmp_path, store, hearer):
    sources = make_day(tmp_path / "day", a="one", b="two", c="three", d="four")
    running = score_day(sources, day_of(hearer), store)
    done = next(running)
    running.close()
    outcomes = list(score_day(sources, day_of(hearer), store))
    assert len(outcomes) == 4
    assert not next(o for o in outcomes if o.source == done.source).heard


def test_a_changed_scorecard_judges_again_without_hearing(tmp_path, store, hearer):
    sources = make_day(tmp_path / "day", a="one")
    list(score_day(sources, day_of(hearer), store))
    hearer.log.unlink()
    card = load_scorecard(CARD, settings={"company.name": "Green Corner"})
    changed = Day(card, hearer, "fake", jobs=1)
    (outcome,) = score_day(sources, changed, store)
    assert heard_names(hearer) == []
    assert outcome.evaluation.scorecard_version == card.version
    assert {r.id: r.verdict for r in outcome.evaluation.criteria}["company"] != "pass"


def test_force_hears_again(tmp_path, store, hearer):
    sources = make_day(tmp_path / "day", a="one")
    list(score_day(sources, day_of(hearer), store))
    (outcome,) = score_day(sources, day_of(hearer, force=True), store)
    assert outcome.heard
    assert heard_names(hearer) == ["a.wav", "a.wav"]


def test_the_same_content_under_two_names_is_one_call(tmp_path, store, hearer):
    sources = make_day(tmp_path / "day", a="same", b="same")
    outcomes = {outcome.source.path.name: outcome for outcome in score_day(sources, day_of(hearer), store)}
    assert outcomes["a.wav"].evaluation is not None
    assert outcomes["b.wav"].duplicate_of == sources[0]
    assert heard_names(hearer) == ["a.wav"]


def test_a_file_without_permission_is_a_failure_that_says_so(tmp_path, store, hearer, monkeypatch):
    sources = make_day(tmp_path / "day", a="one")

    def refuse(path):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("qa_engine.batch.local.content_hash", refuse)
    (outcome,) = score_day(sources, day_of(hearer), store)
    assert outcome.failure.kind == "not_permitted"
    assert "chmod" in outcome.failure.message


def test_a_link_that_points_at_itself_is_a_failure_that_names_it(tmp_path, store, hearer):
    loop = tmp_path / "loop.wav"
    loop.symlink_to(loop)
    (outcome,) = score_day([Source(loop)], day_of(hearer), store)
    assert outcome.failure.kind == "unreadable"
    assert "loop.wav" in outcome.failure.message


def test_a_file_name_that_is_no_text_is_a_failure_that_shows_it(tmp_path, store, hearer):
    odd = Path(os.fsdecode(bytes(tmp_path) + "/звонок.wav".encode("cp1251")))
    odd.write_text("one", encoding="utf-8")
    (outcome,) = score_day([Source(odd)], day_of(hearer), store)
    assert outcome.failure.kind == "unreadable"
    assert "rename" in outcome.failure.message


def test_a_mended_recording_clears_its_failure(tmp_path, store, hearer):
    sources = make_day(tmp_path / "day", a="broken")
    list(score_day(sources, day_of(hearer), store))
    sources = make_day(tmp_path / "day", a="mended")
    list(score_day(sources, day_of(hearer), store))
    assert store.failures() == ()


def test_the_failure_of_a_file_that_is_gone_is_over(tmp_path, store, hearer):
    list(score_day(make_day(tmp_path / "day", a="broken", b="good"), day_of(hearer), store))
    assert len(store.failures()) == 1
    (tmp_path / "day" / "a.wav").unlink()
    list(score_day(make_day(tmp_path / "day", b="good"), day_of(hearer), store))
    assert store.failures() == ()


def test_a_judgement_that_crashes_is_a_failure_not_the_end(tmp_path, store, hearer, monkeypatch):
    sources = make_day(tmp_path / "day", a="one", b="two")

    def broken(*args, **options):
        raise KeyError("roles")

    monkeypatch.setattr("qa_engine.batch.local.understand", broken)
    outcomes = list(score_day(sources, day_of(hearer), store))
    assert [outcome.failure.kind for outcome in outcomes] == ["crashed", "crashed"]
