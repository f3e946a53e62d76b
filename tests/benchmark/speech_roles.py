"""Who is the manager, from the words alone: stereo with half of the calls swapped, and mono with diarization errors.

    python tests/benchmark/speech_roles.py [--data ../shared/data/harper_valley] [--part test|tuning] [--show]

Material: 20 real calls to a bank, written down by people and by a recogniser; the written calls of the sample days;
dialogues put together from parts, with the manager's greeting, with a bare "hello" and without; whole dialogues of the
speech benchmark, with and without the manager's first line. Tuning and test apart:
real calls by the parity of their id, dialogues by lines of their own; the sample days are test. The weights of the
evidence were first checked on all 20 real calls, so those are not unseen; the scripts are by another hand and are.

Printed per material and way of recording: the share of calls with the right roles with its 95 % interval, the share of
calls sure enough to be judged, how many of those are right; beside it "who speaks first" and "left is the manager".
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from speech_dialogues import SCRIPTS, write_dialogue
from speech_role_dialogues import BARE, Line, put_together
from timing_scores import wilson

from qa_engine.domain.spans import Span
from qa_engine.domain.transcript import Role, Utterance
from qa_engine.rules.certainty import MIN_ROLE_CONFIDENCE
from qa_engine.speech.roles import RoleHints, assign_roles
from qa_engine.speech.word_times import spread_words

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT.parent / "shared" / "data" / "harper_valley"
BANK = RoleHints("en", ("Harper Valley National Bank",))
SIDES = ("m", "c")
REPEATS = 5  # of mono noise per call
TURN_FLIPPED = 0.05  # share of turns under the wrong label
BORDER_MOVED = 0.2  # share of speaker changes put a word or two too early or too late
WORD_SECONDS, PAUSE = 0.4, 0.5
NUM_MADE = 40  # dialogues per language and opening


Rows = dict[str, tuple[list["Answer"], list[bool], list[bool]]]
"""Way of recording -> the engine's answers, whether the first speaker and the left channel are the manager."""


@dataclass(frozen=True)
class Spoken:
    """A call with its truth: utterances whose speaker is ``m`` or ``c``."""

    name: str
    utterances: tuple[Utterance, ...]
    hints: RoleHints


@dataclass(frozen=True)
class Answer:
    """What came out for one call: right or not, how sure, and by what."""

    name: str
    is_right: bool
    confidence: float
    by: str = ""


def harper_valley(data: Path, transcripts: str, part: str) -> Iterator[Spoken]:
    """The bank's calls of one part: even ids for tuning, odd ones for the test."""
    for path in sorted((data / transcripts).glob("*.json")):
        if (int(path.stem, 16) % 2 == 1) == (part == "test"):
            segments = json.loads(path.read_text(encoding="utf-8"))["segments"]
            lines = [(one["speaker"][0], one["text"], one["start"], one["end"]) for one in segments]
            yield Spoken(path.stem, tuple(_utterance(*line) for line in lines), BANK)


def sample_day(name: str) -> Iterator[Spoken]:
    """The written calls of a sample day, a colleague counted with the manager."""
    content = json.loads((ROOT / "samples" / name / "truth.json").read_text(encoding="utf-8"))
    managers = tuple(one["name"] for one in content["managers"])
    hints = RoleHints(content["language"], (content["company"],), managers)
    for recording in content["recordings"]:
        turns = [turn for turn in recording.get("turns") or () if turn["role"] in ("manager", "customer")]
        said = tuple(_utterance(turn["role"][0], turn["text"], turn["start"], turn["end"]) for turn in turns)
        if said:
            yield Spoken(recording["file"], said, hints)


def made_calls(language: str, part: str, opening: str, *, company: bool = True) -> Iterator[Spoken]:
    """Dialogues put together from parts; `company` False: the scorecard does not name the right one."""
    rng = np.random.default_rng([len(language), BARE.index(opening), part == "test", 4])
    for index in range(NUM_MADE):
        named, lines = put_together(rng, language, part, opening)
        yield _spoken(f"{language} {opening} {index}", lines, RoleHints(language, (named,) if company else ()))


def scripted_calls(language: str, part: str, *, greeting: bool) -> Iterator[Spoken]:
    """Whole dialogues of the speech benchmark, written by somebody else; without the manager's first line, or with."""
    rng = np.random.default_rng([len(language), part == "test", 6])
    for index in range(2 * len(SCRIPTS[language][part])):
        named, lines = write_dialogue(rng, language, part, index)
        first = next(i for i, (side, _) in enumerate(lines) if side == "m")
        said = lines if greeting else (*lines[:first], *lines[first + 1 :])
        yield _spoken(f"{language} script {index}", said, RoleHints(language, (named,)))


def _spoken(name: str, lines: Sequence[Line], hints: RoleHints) -> Spoken:
    said, clock = [], 0.5
    for side, text in lines:
        end = clock + WORD_SECONDS * len(text.split())
        said.append(_utterance(side, text, clock, end))
        clock = end + PAUSE
    return Spoken(name, tuple(said), hints)


def _utterance(side: str, text: str, start: float, end: float) -> Utterance:
    return Utterance(start, end, spread_words(text, Span(start, end)), side)


def as_stereo(call: Spoken, *, manager_on_right: bool) -> tuple[Utterance, ...]:
    """One party per channel."""
    channel = {"m": int(manager_on_right), "c": int(not manager_on_right)}
    return tuple(
        replace(one, speaker=f"channel {channel[one.speaker]}", channel=channel[one.speaker]) for one in call.utterances
    )


def as_mono(call: Spoken, rng: np.random.Generator) -> tuple[Utterance, ...]:
    """Labels as a diarizer gives them: some turns under the wrong one, some borders off by a word or two."""
    labels = {}
    for one in call.utterances:
        labels.setdefault(one.speaker, f"speaker {len(labels)}")
    said = [replace(one, speaker=labels[_flipped(one.speaker, rng)]) for one in call.utterances]
    for index in range(1, len(said)):
        if said[index].speaker != said[index - 1].speaker and rng.random() < BORDER_MOVED:
            said[index - 1 : index + 1] = _moved(said[index - 1], said[index], int(rng.integers(1, 3)))
    return tuple(one for one in said if one.words)


def _flipped(side: str, rng: np.random.Generator) -> str:
    return SIDES[1 - SIDES.index(side)] if rng.random() < TURN_FLIPPED else side


def _moved(before: Utterance, after: Utterance, words: int) -> list[Utterance]:
    """The first words of `after` go to the speaker before."""
    taken, left = after.words[:words], after.words[words:]
    start = left[0].start if left else after.end
    return [
        replace(before, words=before.words + taken, end=max(before.end, start)),
        replace(after, words=left, start=start),
    ]


def judge(call: Spoken, heard: Sequence[Utterance], *, two_channels: bool) -> Answer:
    """Whether the label that says most of the manager's words is the manager, and the other is not."""
    turns, assignment = assign_roles(heard, call.hints, labels_are_roles=False, two_channels=two_channels)
    label = manager_label(call, heard)
    roles = {turn.speaker: turn.role for turn in turns if turn.role is not Role.IVR}
    is_right = all(role.of_company == (speaker == label) for speaker, role in roles.items())
    return Answer(call.name, is_right, assignment.confidence, assignment.by)


def manager_label(call: Spoken, heard: Sequence[Utterance]) -> str:
    """The label under which most of the manager's seconds stand."""
    own = [one.span for one in call.utterances if one.speaker == "m"]
    customers = [one.span for one in call.utterances if one.speaker == "c"]
    leaning: dict[str, float] = {}
    for one in heard:
        mine, theirs = (sum(one.span.overlap(span) for span in spans) for spans in (own, customers))
        leaning[one.speaker] = leaning.get(one.speaker, 0.0) + mine - theirs
    return max(leaning, key=lambda label: leaning[label])


def first_speaks(call: Spoken, heard: Sequence[Utterance]) -> bool:
    """The guess "who speaks first is the manager"."""
    return min(heard, key=lambda one: one.start).speaker == manager_label(call, heard)


def measure(calls: Iterable[Spoken]) -> Rows:
    """Per way of recording: the engine's answers, and whether the two guesses were right."""
    rows = _no_rows()
    for number, call in enumerate(calls):
        heard = as_stereo(call, manager_on_right=number % 2 == 1)
        answers, firsts, lefts = rows["stereo"]
        answers.append(judge(call, heard, two_channels=True))
        firsts.append(first_speaks(call, heard))
        lefts.append(manager_label(call, heard) == "channel 0")
        for repeat in range(REPEATS):
            mono = as_mono(call, np.random.default_rng([number, repeat, 5]))
            rows["mono"][0].append(judge(call, mono, two_channels=False))
            rows["mono"][1].append(first_speaks(call, mono))
    return rows


def _no_rows() -> Rows:
    return {"stereo": ([], [], []), "mono": ([], [], [])}


def materials(data: Path, part: str) -> Iterator[tuple[str, list[Spoken]]]:
    """Every set of calls with its name."""
    for transcripts in ("human", "asr"):
        if (data / transcripts).is_dir():
            yield f"bank, {transcripts}", list(harper_valley(data, transcripts, part))
    if part == "test":
        yield from ((f"sample {day}", list(sample_day(day))) for day in ("day_ru", "day_en"))
    for language in ("ru", "en"):
        for opening in BARE:
            yield f"made {language}, opening: {opening}", list(made_calls(language, part, opening))
        yield f"made {language}, no company", list(made_calls(language, part, "greeting", company=False))
        yield f"scripts {language}", list(scripted_calls(language, part, greeting=True))
        yield f"scripts {language}, no greeting", list(scripted_calls(language, part, greeting=False))


def row(name: str, way: str, answers: Sequence[Answer], firsts: Sequence[bool], lefts: Sequence[bool]) -> str:
    """One line of the table."""
    right = [answer.is_right for answer in answers]
    sure = [answer.is_right for answer in answers if answer.confidence >= MIN_ROLE_CONFIDENCE]
    low, high = wilson(sum(right), len(right))
    among = f"{sum(sure) / len(sure):6.1%}" if sure else "     -"
    left = f"{sum(lefts) / len(lefts):6.0%}" if lefts else "     -"
    return (
        f"{name:28} {way:7} {len(right):5} {sum(right) / len(right):7.1%} ({low:.0%}-{high:.0%})"
        f" {len(sure) / len(right):8.0%} {among} {sum(firsts) / len(firsts):8.0%} {left}"
    )


def main() -> None:
    """Prints the table, and with --show every call that came out wrong."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--part", choices=["test", "tuning"], default="test")
    parser.add_argument("--show", action="store_true", help="list every call with wrong roles")
    options = parser.parse_args()
    print(f"{'calls':28} {'way':7} {'n':>5} {'right':>7} {'95 %':9} {'sure':>8} {'right':>6} {'first':>8} {'left':>6}")
    everything = {title: _no_rows() for title in ("all with an opening", "all")}
    for name, calls in materials(options.data, options.part):
        for way, rows in measure(calls).items():
            print(row(name, way, *rows))
            for title in ("all",) if "none" in name or "no greeting" in name else ("all", "all with an opening"):
                for of_all, new in zip(everything[title][way], rows, strict=True):
                    of_all.extend(new)
            if options.show:
                wrong = [answer for answer in rows[0] if not answer.is_right]
                print("\n".join(f"    {one.name} {one.confidence:.2f} {one.by}" for one in wrong))
    for title, ways in everything.items():
        for way, rows in ways.items():
            print(row(title, way, *rows))


if __name__ == "__main__":
    main()
