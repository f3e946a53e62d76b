"""Parts `words`, `word_times` and `invented`: what is written, when, and where nobody spoke."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from speech_bench import Bench
from speech_calls import KnownCall
from speech_engines import RANDOM, Engine
from speech_scores import bootstrap, quantile, start_errors, word_errors, words_inside
from speech_sounds import hang, nobody_speaks, record_sound
from speech_table import Row
from timing_material import MissingMaterialError

from qa_engine.domain.spans import Span
from qa_engine.domain.transcript import Utterance, Word

__all__ = ["invented", "word_times", "words"]

BEFORE = {"en": "Could you wait for a moment, please?", "ru": "Подождите, пожалуйста, одну минуту."}
AFTER = {"en": "Thank you for waiting.", "ru": "Спасибо за ожидание."}


def words(bench: Bench) -> Iterator[Row]:
    """Word error of the recipe and of the bare recogniser on the same files."""
    for engine, language in bench.hearers():
        made = bench.made(language, max(2, bench.sizes.stereo // 2), "manager-left", "mono")
        for group, calls in ((f"sample day {language}", bench.days(language)), (f"made calls {language}", made)):
            if calls:
                yield _word_row(engine, group, calls)


def _word_row(engine: Engine, group: str, calls: list[KnownCall]) -> Row:
    ours, bare = [], []
    for call in calls:
        heard = engine.hear(call.path, call.language, diarizing=False).utterances
        ours.append(word_errors(call.text, _text(heard), call.language))
        bare.append(word_errors(call.text, _text(engine.bare(call.path, call.language)), call.language))
    said = [one.said for one in ours]
    rate, low, high = bootstrap([one.errors for one in ours], said)
    bare_rate, bare_low, bare_high = bootstrap([one.errors for one in bare], said)
    kinds = ("substituted", "left_out", "put_in")
    notes = {
        "kinds": {name: sum(getattr(one, name) for one in ours) for name in kinds},
        "bare kinds": {name: sum(getattr(one, name) for one in bare) for name in kinds},
        "bare interval": (bare_low, bare_high),
        "calls": len(calls),
    }
    values = {engine.name: rate, "bare": bare_rate}
    return Row("words", f"word error, {group}", sum(said), "words", values, "%", "", (low, high), notes)


def _text(utterances: Iterable[Utterance]) -> str:
    return " ".join(one.text for one in sorted(utterances, key=lambda one: (one.start, one.end)))


# --- times ------------------------------------------------------------------------------------------------------------


def word_times(bench: Bench) -> Iterator[Row]:
    """Error of the beginnings of words that were heard right: single words with known gaps, first words of turns."""
    for engine, language in bench.hearers():
        try:
            calls = [bench.studio.words(language, index) for index in range(max(2, bench.sizes.stereo // 3))]
        except MissingMaterialError:
            continue
        yield from _time_rows(engine, "single words", calls)
        made = bench.made(language, max(2, bench.sizes.stereo // 4), "manager-left")
        yield from _time_rows(engine, "first words of turns", made)


def _time_rows(engine: Engine, what: str, calls: list[KnownCall]) -> Iterator[Row]:
    ours: dict[str, list[float]] = defaultdict(list)
    bare: list[float] = []
    num_true = 0
    for call in calls:
        firsts = {turn.words[0].start for turn in call.turns} if len(call.turns) > 1 else None
        said = [word for turn in call.turns for word in turn.words]
        num_true += len(said) if firsts is None else len(firsts)
        heard = engine.hear(call.path, call.language, diarizing=False).utterances
        for error in start_errors(said, _words(heard), call.language, only=firsts):
            ours["interpolated" if error.interpolated else "real"].append(error.seconds)
        found = _words(engine.bare(call.path, call.language))
        bare += [error.seconds for error in start_errors(said, found, call.language, only=firsts)]
    for kind, errors in sorted(ours.items()):
        values = {f"{engine.name} median": quantile(errors, 0.5), "90th": quantile(errors, 0.9)}
        values |= {"bare median": quantile(bare, 0.5), "90th bare": quantile(bare, 0.9)}
        notes = {"true words": num_true, "found by bare": len(bare)}
        yield Row("word_times", f"start of {what}, {kind}", len(errors), "words", values, "s", notes=notes)


def _words(utterances: Iterable[Utterance]) -> list[Word]:
    return sorted((word for one in utterances for word in one.words), key=lambda word: word.start)


# --- nobody speaks ----------------------------------------------------------------------------------------------------


def invented(bench: Bench) -> Iterator[Row]:
    """Words written where nobody speaks: on the sound alone, and on the same sound between two phrases of a call."""
    engines = [(engine, engine.languages[0] if engine.languages else "en") for engine in bench.engines]
    for engine, language in engines:
        counts: dict[str, list[float]] = defaultdict(lambda: [0.0] * 5)
        for sound in nobody_speaks(bench.material, bench.sizes.sound_seconds):
            files = bench.folder("sounds")
            stem = f"{bench.part}-{sound.kind}-{sound.name}-{sound.seconds:.0f}".replace(" ", "_").replace("/", "_")
            alone = record_sound(sound, files / stem)
            everything = Span(0.0, sound.seconds + 1.0)
            row = counts[sound.kind]
            row[0] += sound.seconds
            row[1] += words_inside(engine.hear(alone, language, diarizing=False).utterances, everything)
            row[2] += words_inside(engine.bare(alone, language), everything)
            try:
                before, after = (bench.studio.phrase(language, text[language]) for text in (BEFORE, AFTER))
            except MissingMaterialError:
                continue
            call, start, end = hang(sound, before, after, files / f"{stem}-{language}-call")
            during = Span(start, end)
            row[3] += words_inside(engine.hear(call, language, diarizing=False).utterances, during)
            row[4] += words_inside(engine.bare(call, language), during, whole=engine.name != RANDOM)
        for kind, (seconds, ours, bare, ours_between, bare_between) in counts.items():
            values = {engine.name: ours, "in a call": ours_between, "bare": bare, "bare in a call": bare_between}
            yield Row("invented", f"words on {kind}", round(seconds), "s", values, "words", "0")
