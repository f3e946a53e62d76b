"""What lies around a call: the phone system's records of it, and the sounds it shares with other calls of the day."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from qa_engine.audio.landmarks import Landmarks
from qa_engine.audio.repeats import find_repeats
from qa_engine.domain.hearing import Hearing
from qa_engine.domain.spans import merge_spans
from qa_engine.pipeline import Surroundings
from qa_engine.store.store import Store
from qa_engine.telephony.matching import match_records, what_to_ask

__all__ = ["HearingKey", "find_surroundings", "learn_repeats"]

HearingKey = tuple[str, str]  # content hash, and what it was heard with


def find_surroundings(hearing: Hearing, store: Store) -> Surroundings:
    """The records of the call in the store, and what is known of its sounds."""
    asked = what_to_ask(hearing.identity, hearing.path)
    candidates = store.find_records(
        ids=asked.ids, recordings=asked.recordings, number=asked.number, since=asked.since, until=asked.until
    )
    match = match_records(hearing.identity, hearing.path, hearing.duration, candidates) if candidates else None
    return Surroundings(match, hearing.repeats or ())


def learn_repeats(keys: Iterable[HearingKey], store: Store) -> Iterator[tuple[HearingKey, Hearing]]:
    """Compares the recordings with each other; gives those in which something new is known now, as they are kept.

    Done only where one of them was never compared: the same recordings again cost nothing. What was known of a
    recording stays known, so that it is judged alike alone and among others.
    """
    sounds: dict[HearingKey, bytes] = {}
    anything_new = False
    for key in keys:
        hearing = store.find_hearing(*key)
        if hearing is not None and hearing.landmarks:
            sounds[key] = hearing.landmarks
            anything_new = anything_new or hearing.repeats is None
    if not anything_new:
        return
    found = find_repeats([Landmarks.from_bytes(kept) for kept in sounds.values()])
    for key, spans in zip(sounds, found, strict=True):
        hearing = store.find_hearing(*key)
        if hearing is None:
            continue
        known = hearing.repeats or ()
        repeats = merge_spans([*known, *spans])
        changed = store.save_repeats(key[0], key[1], repeats) if repeats != hearing.repeats else hearing
        if repeats != known:
            yield key, changed
