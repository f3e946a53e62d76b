"""`make bench`: the benchmarks of a few minutes. `language_check.py` beside them takes half an hour and more voices."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
SPEECH = "speech.py --part words word_times invented"  # its other parts take ten minutes each
BENCHMARKS = ("speed.py", "harper_valley.py", "timings.py", SPEECH)


def main() -> None:
    for benchmark in BENCHMARKS:
        print(f"\n== {benchmark}", flush=True)
        name, *options = benchmark.split()
        subprocess.run([sys.executable, str(HERE / name), *options], check=False)


if __name__ == "__main__":
    main()
