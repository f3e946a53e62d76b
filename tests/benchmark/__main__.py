"""`make bench`: every benchmark that needs no extra data first; the others say what they need."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
BENCHMARKS = ("speed.py", "harper_valley.py", "language_check.py")


def main() -> None:
    for name in BENCHMARKS:
        print(f"\n== {name}", flush=True)
        subprocess.run([sys.executable, str(HERE / name)], check=False)


if __name__ == "__main__":
    main()
