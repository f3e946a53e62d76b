"""Make the sample days: synthetic phone calls with their truth, from dialogues written as data.

    python samples/make_samples.py                 # both days
    python samples/make_samples.py --day en        # one
    python samples/make_samples.py --records       # only the phone system's records, from truth.json
    python samples/make_samples.py --only "call 7" # the recordings whose name contains this; truth.json is kept in step

Needs Debian's flite, espeak-ng, festival with festvox-ru, sox and ffmpeg; using the samples needs none of them.
The same voices, numpy and ffmpeg give the same bytes.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

from making.composing import compose  # noqa: E402
from making.dialogue import Call, Day, load_day  # noqa: E402
from making.files import write_garbage, write_recording, write_transcript  # noqa: E402
from making.line import Samples  # noqa: E402
from making.records import write_records  # noqa: E402
from making.truth import broken_truth, recording_truth  # noqa: E402
from making.voices import missing_programs, speak  # noqa: E402

__all__ = ["main", "make_call", "make_day"]

RECORDS = "Master.csv"
ABOUT = "Synthetic calls; seconds from the start of the file. `ringing.end` is the end of the last tone."


def make_call(day: Day, call: Call, folder: Path, cache: Path | None = None) -> dict[str, Any]:
    """Make one recording in `folder`, its transcript in the folder beside where the day has them; gives its truth."""
    path = folder / call.file
    if call.garbage_bytes:
        write_garbage(path, call.garbage_bytes)
        return broken_truth(day, call, path)

    def say(voice: str, text: str) -> Samples:
        return speak(day.voices[voice], text, cache)

    made = compose(day, call, say)
    write_recording(path, made.samples, call.format)
    if day.transcripts:
        transcripts = folder.parent / day.transcripts
        transcripts.mkdir(exist_ok=True)
        write_transcript((transcripts / call.file).with_suffix(".json"), day, call, made)
    return recording_truth(day, call, made, path)


def make_day(day: Day, out: Path, only: str = "", cache: Path | None = None) -> None:
    """Make the recordings of `day` under `out` and write its `truth.json`; `only`: a part of the file names to make."""
    folder = out / day.folder
    folder.mkdir(parents=True, exist_ok=True)
    known = _known_truth(folder / "truth.json") if only else {}
    recordings = []
    for call in day.calls:
        fresh = only in call.file or call.file not in known
        recordings.append(make_call(day, call, folder, cache) if fresh else known[call.file])
        if fresh:
            print(f"{day.folder}/{call.file}: {recordings[-1]['duration'] or 0:.1f} s", file=sys.stderr)
    truth = {
        "about": ABOUT,
        "company": day.company,
        "language": day.language,
        "date": day.date,
        "managers": [{"id": person.id, "name": person.name} for person in day.managers.values()],
        "recordings": recordings,
    }
    text = json.dumps(truth, ensure_ascii=False, indent=1) + "\n"
    (folder / "truth.json").write_text(text, encoding="utf-8")
    (folder / RECORDS).write_text(write_records(truth), encoding="utf-8")


def _known_truth(path: Path) -> dict[str, dict[str, Any]]:
    if not path.exists():
        return {}
    truth = json.loads(path.read_text(encoding="utf-8"))
    return {recording["file"]: recording for recording in truth["recordings"]}


def main() -> int:
    """Read the options, make the days; 2 where a voice is missing."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--day", choices=("en", "ru"), action="append", help="only this day (default: both)")
    parser.add_argument("--only", default="", help="only recordings whose file name contains this")
    parser.add_argument("--out", type=Path, default=HERE, help="where to write (default: beside this file)")
    parser.add_argument("--cache", type=Path, help="a folder that keeps spoken lines between runs")
    parser.add_argument("--records", action="store_true", help="only the records, from the truth that is there")
    options = parser.parse_args()
    if options.cache:
        options.cache.mkdir(parents=True, exist_ok=True)
    for language in options.day or ("en", "ru"):
        if options.records:
            folder = options.out / f"day_{language}"
            truth = json.loads((folder / "truth.json").read_text(encoding="utf-8"))
            (folder / RECORDS).write_text(write_records(truth), encoding="utf-8")
            continue
        day = load_day(HERE / f"dialogues_{language}.yaml")
        missing = missing_programs({voice.engine for voice in day.voices.values()})
        if missing:
            print(f"missing programs: {', '.join(missing)} (see samples/README.md)", file=sys.stderr)
            return 2
        make_day(day, options.out, options.only, options.cache)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
