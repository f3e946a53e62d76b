"""`make bench`: the benchmarks of a few minutes. `language_check.py` beside them takes half an hour and more voices."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
BENCHMARKS = ("speed.py", "harper_valley.py", "timings.py")


def main() -> None:
    for name in BENCHMARKS:
        print(f"\n== {name}", flush=True)
        subprocess.run([sys.executable, str(HERE / name)], check=False)


if __name__ == "__main__":
    main()
