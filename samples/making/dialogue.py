"""A day of calls as written down in `dialogues_*.yaml`: who says what, how it rings, how it is held."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

__all__ = ["Call", "Day", "Hold", "Line", "Person", "Ring", "Voice", "load_day"]

SPEAKERS = ("m", "c", "m2")


@dataclass(frozen=True, slots=True)
class Voice:
    """A synthetic voice: `options` go to its program, `effects` are sox effects, `level_db` its active level."""

    engine: str
    name: str
    options: tuple[str, ...] = ()
    effects: tuple[str, ...] = ()
    level_db: float = -20.0


@dataclass(frozen=True, slots=True)
class Person:
    """An employee: extension, name, voice id."""

    id: str
    name: str
    voice: str


@dataclass(frozen=True, slots=True)
class Line:
    """One thing said by `m` (manager), `c` (customer) or `m2` (the manager a call is transferred to).

    `say` is what the voice is given where the spelling matters; `gap` the seconds before it (negative: talks over;
    None: a natural pause); `heard` what a made-up recogniser error makes of it; `probability` its word probability.
    """

    speaker: str
    text: str
    say: str = ""
    gap: float | None = None
    heard: str = ""
    probability: float | None = None


@dataclass(frozen=True, slots=True)
class Hold:
    """The customer waits `seconds`, hearing `music` or `silence`; `transfer` when another manager takes over after."""

    kind: str
    seconds: float
    transfer: bool = False


@dataclass(frozen=True, slots=True)
class Ring:
    """Ringing before the answer, which comes `answered` seconds after the last tone's end (negative: cuts the tone)."""

    cadence: str
    rings: int
    answered: float
    start: float = 0.4


@dataclass(frozen=True, slots=True)
class Call:
    """One recording to make. `channels`: `manager-left`, `manager-right` or `mono`; `noise_db` per party."""

    file: str
    title: str
    manager: str
    customer: str
    started_at: str
    customer_voice: str
    format: str
    channels: str
    lines: tuple[Line | Hold, ...]
    ring: Ring | None = None
    second: str = ""
    noise_db: tuple[float, float] = (-50.0, -47.0)
    bleed_db: float | None = None
    starts_late: float = 0.0
    starts_late_heard: str = ""
    expected: dict[str, str] = field(default_factory=dict)
    direction: str = "inbound"
    garbage_bytes: int = 0
    error: str = ""


@dataclass(frozen=True, slots=True)
class Day:
    """A day of calls of one company; `transcripts` is the folder for written transcripts, "" for none."""

    folder: str
    language: str
    company: str
    date: str
    transcripts: str
    voices: dict[str, Voice]
    managers: dict[str, Person]
    calls: tuple[Call, ...]


def load_day(path: Path) -> Day:
    """Read a `dialogues_*.yaml`; KeyError or ValueError where something in it is missing or unknown."""
    raw = yaml.safe_load(path.read_text(encoding="utf-8"))
    voices = {name: _voice(spec) for name, spec in raw["voices"].items()}
    managers = {spec["id"]: Person(**spec) for spec in raw["managers"]}
    calls = tuple(_call(spec, raw.get("expected", {})) for spec in raw["calls"])
    head = {name: raw[name] for name in ("folder", "language", "company", "date", "transcripts")}
    return Day(**head, voices=voices, managers=managers, calls=calls)


def _voice(spec: dict[str, Any]) -> Voice:
    options = tuple(str(option) for option in spec.get("options", ()))
    effects = tuple(str(effect) for effect in spec.get("effects", ()))
    return Voice(spec["engine"], spec["name"], options, effects, float(spec.get("level_db", -20.0)))


def _call(spec: dict[str, Any], usual: dict[str, str]) -> Call:
    fields = dict(spec)
    fields["lines"] = tuple(_entry(entry) for entry in fields.get("lines", ()))
    fields["ring"] = Ring(**fields["ring"]) if fields.get("ring") else None
    fields["noise_db"] = tuple(fields.get("noise_db", (-50.0, -47.0)))
    broken = bool(fields.get("garbage_bytes"))
    mono = {"interruptions": "not_measured"} if fields.get("channels") == "mono" else {}
    fields["expected"] = {} if broken else {**usual, **mono, **fields.get("expected", {})}
    return Call(**fields)


def _entry(entry: dict[str, Any]) -> Line | Hold:
    if "hold" in entry:
        options = {name: value for name, value in entry.items() if name != "hold"}
        return Hold(kind=entry["hold"], **options)
    speaker = next((name for name in SPEAKERS if name in entry), "")
    if not speaker:
        raise ValueError(f"a line needs one of {SPEAKERS} or 'hold', found {sorted(entry)}")
    options = {name: value for name, value in entry.items() if name != speaker}
    return Line(speaker, entry[speaker], **options)
