"""A day of recordings scored on this machine: what was heard before is not heard again, what fails is kept with why."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from qa_engine.batch.surroundings import find_surroundings, learn_repeats
from qa_engine.batch.workers import Hear, guard, hear_all
from qa_engine.domain.call import Call
from qa_engine.domain.call_identity import CallIdentity
from qa_engine.domain.evaluation import Evaluation, FailedRecording
from qa_engine.domain.hearing import Hearing
from qa_engine.domain.scorecard import Scorecard
from qa_engine.errors import RecordingErrorKind
from qa_engine.pipeline import HEARING_VERSION, Source, content_hash, understand
from qa_engine.rules.evaluate import evaluate
from qa_engine.store.store import Store

__all__ = ["Day", "Outcome", "score_day"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one source: judged, failed, or the same content as `duplicate_of`.

    `heard`: it was listened to now, not taken from the store. `again`: it stands for an earlier outcome of the same
    source, since other calls of the day told more about its sounds.
    """

    source: Source
    call: Call | None = None
    evaluation: Evaluation | None = None
    failure: FailedRecording | None = None
    duplicate_of: Source | None = None
    heard: bool = False
    again: bool = False


@dataclass(frozen=True, slots=True)
class Day:
    """How to score: the scorecard, the ears (`listening` names all that a kept hearing depends on), the workers.

    `reading` is the same for the words of transcript files; `identify` reads a file name; `force`: hear all again.
    """

    scorecard: Scorecard
    hear: Hear
    listening: str
    reading: str = ""
    identify: Callable[[Path], CallIdentity] = lambda _: CallIdentity()
    jobs: int = 0
    manager_channel: str = "auto"
    force: bool = False


def score_day(sources: Sequence[Source], day: Day, store: Store) -> Iterator[Outcome]:
    """The outcome of every source, those already heard first; each is in the store before it is given.

    Interrupted at any moment, the next run goes on where this one stopped.
    """
    _forget_what_is_gone(sources, store)
    pending: list[Source] = []
    keys: dict[Source, tuple[str, str]] = {}
    first: dict[str, Source] = {}
    all_compared = True
    for source in sources:
        key = _key(source, day)
        if isinstance(key, FailedRecording):
            yield _fail(source, key, store)
        elif key[0] in first:
            store.clear_failure(str(source.path))
            yield Outcome(source, duplicate_of=first[key[0]])
        else:
            first[key[0]], keys[source] = source, key
            kept = None if day.force else store.find_hearing(*key)
            if kept is None:
                pending.append(source)
            else:
                all_compared = all_compared and (kept.repeats is not None or not kept.landmarks)
                yield _judge(source, _named_anew(kept, source, day), day, store)
    for source, heard in hear_all(pending, day.hear, jobs=day.jobs) if pending else ():
        if isinstance(heard, FailedRecording):
            yield _fail(source, replace(heard, sha256=keys[source][0]), store)
        else:
            store.save_hearing(heard, keys[source][1])
            yield replace(_judge(source, heard, day, store), heard=True)
    if all_compared and not pending:
        return
    by_key = {key: source for source, key in keys.items()}
    for key, hearing in learn_repeats(by_key, store):
        source = by_key[key]
        yield replace(_judge(source, _named_anew(hearing, source, day), day, store), again=True)


def _named_anew(kept: Hearing, source: Source, day: Day) -> Hearing:
    """A kept hearing under the path and name that its file has now; what a transcript says of its call stays."""
    identity = kept.identity if source.transcript or source.recording is None else day.identify(source.path)
    return replace(kept, path=str(source.path), identity=identity)


def _forget_what_is_gone(sources: Sequence[Source], store: Store) -> None:
    """Failures of files that lay beside these sources and are not there any more are over."""
    folders = {str(source.path.parent) for source in sources}
    for failed in store.failures():
        path = Path(failed.path)
        if str(path.parent) in folders and not path.exists() and not path.is_symlink():
            store.clear_failure(failed.path)


def _key(source: Source, day: Day) -> tuple[str, str] | FailedRecording:
    """Content hash and listening key of a source: a transcript's words depend on no engine, only on its file."""
    try:
        str(source.path).encode()
        return content_hash(source.path), f"v{HEARING_VERSION} | {_depends_on(source, day)}"
    except UnicodeEncodeError:
        shown = str(source.path).encode(errors="backslashreplace").decode()
        message = f"{shown}: the file name is not UTF-8, so it cannot be stored; rename the file"
        return FailedRecording(shown, RecordingErrorKind.UNREADABLE, message)
    except PermissionError:
        message = f"{source.path}: no permission to read it; run `chmod u+r` on it, or as the user who owns it"
        return FailedRecording(str(source.path), RecordingErrorKind.NOT_PERMITTED, message)
    except OSError as error:
        message = f"{source.path}: cannot be opened ({error.strerror or error}); check that the file is really there"
        return FailedRecording(str(source.path), RecordingErrorKind.UNREADABLE, message)


def _depends_on(source: Source, day: Day) -> str:
    if source.transcript is None and source.recording is not None:
        return day.listening
    return f"transcript {content_hash(source.transcript or source.path)} | {day.reading} | {source.path.name}"


def _judge(source: Source, hearing: Hearing, day: Day, store: Store) -> Outcome:
    judged = guard(source, lambda: _judged(hearing, day, store))
    if isinstance(judged, FailedRecording):
        return _fail(source, replace(judged, sha256=hearing.sha256), store)
    call, evaluation = judged
    store.save_call(call)
    store.save_evaluation(call.sha256, evaluation)
    return Outcome(source, call, evaluation)


def _judged(hearing: Hearing, day: Day, store: Store) -> tuple[Call, Evaluation]:
    surroundings = find_surroundings(hearing, store)
    call = understand(hearing, day.scorecard, manager_channel=day.manager_channel, surroundings=surroundings)
    return call, evaluate(call, day.scorecard)


def _fail(source: Source, failure: FailedRecording, store: Store) -> Outcome:
    store.save_failure(failure)
    return Outcome(source, failure=failure)
