"""Times measured in calls of known truth, against the goals and beside what a user would pick instead.

    python tests/benchmark/timings.py [--set tuning|test] [--cases] [--only TEXT] [--cache FOLDER] [--root FOLDER]

Calls are made anew by seed: ringing of every country, music on hold, silences, announcements, transfers, and traps
without any hold, through telephone codecs and noise. The two sets share no music, no voice, no recording and no seed.
Detectors are tuned on the ``tuning`` set only; nobody looks at single cases of the ``test`` set (`--cases` is refused
there unless `--show-test`). Made calls and synthetic speech are kept in `--cache`; Debian packages that are unpacked
and not installed (``dpkg -x PACKAGE FOLDER``) are found by `--root FOLDER`. What a machine lacks is named and left out;
without any voices or music at all, they are made of numbers, and the figures are worth little.
"""

from __future__ import annotations

import argparse
import os
import pickle
import sys
import tempfile
import zlib
from collections import Counter
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")

from timing_calls import Truth
from timing_cases import Case, all_cases, make_call
from timing_heard import Cost, baselines, engine, warm_up
from timing_material import Material, MissingMaterialError
from timing_scores import Outcome, complaints
from timing_table import print_table

# the code that decides what a call sounds like
MAKERS = (
    *("timing_cadences.py", "timing_calls.py", "timing_cases.py", "timing_holds.py", "timing_line.py"),
    *("timing_material.py", "timing_rings.py", "timing_sentences.py", "timing_singing.py", "timing_sound.py"),
    *("timing_traps.py", "timing_voices.py"),
)


def main() -> None:
    chosen = _arguments()
    material = Material(chosen.set, _folder(chosen.cache / "voices"), (Path("/"), *chosen.root))
    for what in material.missing:
        print(f"not on this machine: {what}")
    cases = [case for case in all_cases(chosen.set) if chosen.only in f"{case.group} {case.name}"]
    warm_up()
    costs = {False: Cost(), True: Cost()}
    outcomes: list[Outcome] = []
    left_out: Counter[str] = Counter()
    for index, case in enumerate(cases):
        if sys.stderr.isatty():
            print(f"\r{index + 1}/{len(cases)} {case.name:<50}", end="", file=sys.stderr)
        try:
            file, truth = kept_call(case, material, _folder(chosen.cache / "calls"))
        except MissingMaterialError as missing:
            left_out[str(missing)] += 1
            continue
        heard = engine(case, file, truth, costs[case.line.layout != "mono"])
        if not chosen.no_baselines:
            heard |= baselines(file, truth, case.seed)
        outcomes.append(Outcome(case, truth, heard))
    for what, count in left_out.items():
        print(f"left out: {count} calls that need {what}")
    if chosen.cases:
        _print_cases(outcomes)
    print_table(outcomes, costs)


def kept_call(case: Case, material: Material, folder: Path) -> tuple[Path, Truth]:
    """The recording and its truth, from `folder` where the same code has made it of the same material."""
    code = b"".join((Path(__file__).parent / name).read_bytes() for name in MAKERS)
    made_of = code + material.describe().encode()
    kept = folder / f"{case.part}-{case.seed:08x}-{zlib.crc32(made_of):08x}.pickle"
    if kept.exists():
        name, truth = pickle.loads(kept.read_bytes())
        return folder / name, truth
    file, truth = make_call(case, material, folder)
    kept.write_bytes(pickle.dumps((file.name, truth)))
    return file, truth


def _print_cases(outcomes: list[Outcome]) -> None:
    """Every case, with what is wrong about it."""
    for outcome in outcomes:
        wrong = complaints(outcome)
        case = outcome.case
        print(f"{'  ' if not wrong else '! '}{case.group:<9}{case.name:<38}{case.line!s:<32}{case.seed:08x}")
        for line in wrong:
            print(f"      {line}")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--set", choices=("tuning", "test"), default="test")
    parser.add_argument("--cases", action="store_true", help="every case with its errors")
    parser.add_argument("--show-test", action="store_true", help="allow --cases for the test set: never to tune on it")
    parser.add_argument("--only", default="", help="only cases with this text in their group or name")
    parser.add_argument("--no-baselines", action="store_true", help="the engine alone")
    parser.add_argument("--cache", type=Path, default=Path(tempfile.gettempdir()) / "qa-engine-timings")
    parser.add_argument("--root", type=Path, action="append", default=[], help="where Debian packages are unpacked")
    chosen = parser.parse_args()
    if chosen.set == "test" and chosen.cases and not chosen.show_test:
        parser.error("--cases shows the test set, which must stay unseen; use --set tuning (or --show-test)")
    return chosen


def _folder(path: Path) -> Path:
    path.mkdir(parents=True, exist_ok=True)
    return path


if __name__ == "__main__":
    main()
