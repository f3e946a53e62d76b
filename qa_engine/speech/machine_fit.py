"""How this machine runs a Whisper model: device, compute type, threads, clips at once, and why.

The choice follows from what the machine is (devices, cores, memory of the card), never from how fast it is at the
moment: words depend a little on it, and the same machine must give the same words tomorrow.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TypeVar

from qa_engine.errors import WeightsError

__all__ = ["DEVICES", "Machine", "MachineFit", "fit_machine", "look_at_machine", "usable_cores"]

DEVICES = ("auto", "cpu", "cuda")
# Best first. int8 on a CPU and float16 on a GPU are what faster-whisper's README measures and recommends.
CPU_TYPES = ("int8", "int8_float32", "float32")
CUDA_TYPES = ("float16", "int8_float16", "int8_float32", "float32")
# One clip after the other on a CPU. Measured on one core, int8, 8 clips of 3 s, weights as wide as Whisper tiny:
# 1 clip at a time 15.1 s, 2: 15.2 s, 4: 16.8 s, 8: 18.0 s; as wide as Whisper base, 1 and 4 at a time cost the same.
# And alone, a clip's words do not depend on its neighbours.
CPU_BATCH = 1
# faster-whisper 1.2 README, large-v2 float16 beam 5: 4.5 GB for one clip, 6.1 GB for 8 at once.
FIRST_CLIP_MB, NEXT_CLIP_MB, KEPT_FREE_MB = 4500, 230, 1000
MOST_CLIPS = 16
UNKNOWN_CARD_BATCH = 4
T = TypeVar("T")
SMI_SECONDS = 10.0  # nvidia-smi answers within one unless the driver hangs


@dataclass(frozen=True, slots=True)
class Machine:
    """What was found: CUDA devices, memory of the first in MB (0: unknown), compute types by device, cores."""

    num_cuda: int
    cuda_memory_mb: int
    compute_types: dict[str, frozenset[str]]
    num_cores: int


@dataclass(frozen=True, slots=True)
class MachineFit:
    """How to run: `device` cpu or cuda, `compute_type`, `threads` of this process, `batch_size` in clips; `why`."""

    device: str
    compute_type: str
    threads: int
    batch_size: int
    why: str


def fit_machine(
    *,
    device: str = "auto",
    compute_type: str = "auto",
    batch_size: int = 0,
    processes: int = 1,
    machine: Machine | None = None,
) -> MachineFit:
    """What to run with; "auto" and 0 leave the choice to the machine. `processes` share its cores.

    Raises WeightsError where the device or the compute type asked for is not to be had here.
    """
    found = machine or look_at_machine()
    chosen, why_device = _device(device, found)
    types = found.compute_types.get(chosen, frozenset())
    kind, why_kind = _compute_type(compute_type, chosen, types)
    clips, why_clips = (batch_size, "as set") if batch_size > 0 else _batch_size(chosen, found, processes)
    threads = max(1, found.num_cores // max(1, processes))
    shared = f" shared by {processes} processes" if processes > 1 else ""
    cores = f"{found.num_cores} core{'s' if found.num_cores != 1 else ''}{shared}"
    why = f"{why_device}; {kind} {why_kind}; {cores}; {clips} at once {why_clips}"
    return MachineFit(chosen, kind, threads, clips, why)


def _device(wanted: str, machine: Machine) -> tuple[str, str]:
    if wanted not in DEVICES:
        raise WeightsError(f"device {wanted!r} is not known; use one of {', '.join(DEVICES)}")
    if wanted == "cuda" and not machine.num_cuda:
        raise WeightsError(
            "device cuda was asked for, and no CUDA device is found here; set device to auto or cpu, or install the "
            "NVIDIA driver with CUDA 12 and cuDNN 9 (`qa-engine doctor` shows what is found)"
        )
    if wanted != "auto":
        return wanted, f"{wanted} as set"
    return ("cuda", "a CUDA device is here") if machine.num_cuda else ("cpu", "no CUDA device")


def _compute_type(wanted: str, device: str, supported: frozenset[str]) -> tuple[str, str]:
    if wanted == "auto":
        best = next((kind for kind in (CPU_TYPES if device == "cpu" else CUDA_TYPES) if kind in supported), "float32")
        return best, f"is the best that the {device} supports"
    if wanted not in supported:
        known = ", ".join(sorted(supported)) or "none"
        raise WeightsError(f"compute type {wanted!r} is not supported by the {device} here; use auto or one of {known}")
    return wanted, "as set"


def _batch_size(device: str, machine: Machine, processes: int) -> tuple[int, str]:
    """A power of two; every process holds a model of its own on the card."""
    if device == "cpu":
        return CPU_BATCH, "(more cost time on a CPU)"
    if not machine.cuda_memory_mb:
        return UNKNOWN_CARD_BATCH, "(the card's memory is unknown)"
    room = machine.cuda_memory_mb // max(1, processes) - KEPT_FREE_MB - FIRST_CLIP_MB
    clips = max(1, min(MOST_CLIPS, 1 + room // NEXT_CLIP_MB))
    return 1 << (clips.bit_length() - 1), f"(the card has {machine.cuda_memory_mb} MB)"


@cache
def look_at_machine() -> Machine:
    """The machine as ctranslate2 and the system show it; looked at once per process.

    Raises WeightsError where ctranslate2 cannot be loaded.
    """
    try:
        import ctranslate2
    except (ImportError, OSError) as error:
        raise WeightsError(f"ctranslate2 cannot be loaded ({error}); run: pip install faster-whisper") from error
    num_cuda = _quietly(ctranslate2.get_cuda_device_count, 0)
    types = {"cpu": frozenset(ctranslate2.get_supported_compute_types("cpu"))}
    if num_cuda:
        types["cuda"] = frozenset(_quietly(lambda: ctranslate2.get_supported_compute_types("cuda"), set()))
    return Machine(num_cuda, _card_memory_mb() if num_cuda else 0, types, usable_cores())


def _quietly(ask: Callable[[], T], otherwise: T) -> T:
    try:
        return ask()
    except (RuntimeError, ValueError):
        return otherwise


def _card_memory_mb() -> int:
    """Memory of the first card in MB, by nvidia-smi; the total, since what is free changes. 0 where it cannot say."""
    asked = ["nvidia-smi", "--query-gpu=memory.total", "--format=csv,noheader,nounits", "--id=0"]
    try:
        told = subprocess.run(asked, capture_output=True, text=True, timeout=SMI_SECONDS, check=True).stdout
        return int(told.strip().splitlines()[0])
    except (OSError, subprocess.SubprocessError, ValueError, IndexError):
        return 0


def usable_cores(system: Path = Path("/sys")) -> int:
    """Physical cores this process may use: its CPU affinity, two threads of one core counted once, its cgroup's quota.

    `system` is where Linux shows its topology; elsewhere the number of logical cores.
    """
    try:
        logical = sorted(os.sched_getaffinity(0))
    except AttributeError:  # macOS, Windows
        return os.cpu_count() or 1
    cores = {_siblings(system, cpu) for cpu in logical}
    quota = _cgroup_quota(system / "fs" / "cgroup")
    return max(1, min(len(cores), int(quota) if quota >= 1 else len(cores) if quota == 0 else 1))


def _siblings(system: Path, cpu: int) -> str:
    """The logical CPUs of the same core as Linux lists them ("0,8"); the CPU itself where it does not."""
    return _read(system / "devices" / "system" / "cpu" / f"cpu{cpu}" / "topology" / "thread_siblings_list") or str(cpu)


def _cgroup_quota(cgroup: Path) -> float:
    """CPUs that the container may use at most, 0.0 without a limit (cgroup v2 `cpu.max`, v1 `cpu.cfs_quota_us`)."""
    quota, _, period = _read(cgroup / "cpu.max").partition(" ")
    if not quota:
        quota, period = (_read(cgroup / "cpu" / f"cpu.cfs_{name}_us") for name in ("quota", "period"))
    try:
        return max(0.0, int(quota) / int(period))
    except (ValueError, ZeroDivisionError):  # "max", or no such file
        return 0.0


def _read(file: Path) -> str:
    try:
        return file.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError):
        return ""
