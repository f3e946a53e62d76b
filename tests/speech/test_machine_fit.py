import os

import pytest

from qa_engine.errors import WeightsError
from qa_engine.speech.machine_fit import Machine, fit_machine, usable_cores

CPU = frozenset({"int8", "int8_float32", "float32"})
LAPTOP = Machine(0, 0, {"cpu": CPU}, 8)


def card(memory_mb, *, types=("float16", "int8_float16", "float32")):
    return Machine(1, memory_mb, {"cpu": CPU, "cuda": frozenset(types)}, 16)


def test_without_a_card_one_clip_at_a_time_in_int8_on_all_cores():
    fit = fit_machine(machine=LAPTOP)
    assert (fit.device, fit.compute_type, fit.threads, fit.batch_size) == ("cpu", "int8", 8, 1)
    assert fit.why.startswith("no CUDA device; int8 ")


def test_a_cpu_without_int8_gets_float32():
    assert fit_machine(machine=Machine(0, 0, {"cpu": frozenset({"float32"})}, 2)).compute_type == "float32"


@pytest.mark.parametrize(("processes", "threads"), [(1, 8), (2, 4), (3, 2), (20, 1)])
def test_cores_are_shared_by_the_worker_processes(processes, threads):
    assert fit_machine(processes=processes, machine=LAPTOP).threads == threads


@pytest.mark.parametrize(
    ("memory_mb", "clips"), [(4_000, 1), (6_000, 2), (8_192, 8), (24_564, 16), (143_771, 16), (0, 4)]
)
def test_a_card_hears_as_many_clips_at_once_as_fit_its_memory(memory_mb, clips):
    fit = fit_machine(machine=card(memory_mb))
    assert (fit.device, fit.compute_type, fit.batch_size) == ("cuda", "float16", clips)


def test_the_cards_memory_is_shared_by_the_worker_processes():
    assert fit_machine(machine=card(24_564), processes=4).batch_size == 2
    assert fit_machine(machine=card(24_564), processes=40).batch_size == 1


def test_a_card_without_float16_gets_float32():
    assert fit_machine(machine=card(8_192, types=["float32"])).compute_type == "float32"


def test_what_is_set_goes_before_what_is_found():
    fit = fit_machine(device="cpu", compute_type="float32", batch_size=3, machine=card(8_192))
    assert (fit.device, fit.compute_type, fit.batch_size) == ("cpu", "float32", 3)
    assert fit.why.count("as set") == 3


def test_cuda_asked_for_and_absent_is_told():
    with pytest.raises(WeightsError, match="no CUDA device is found here; set device to auto or cpu"):
        fit_machine(device="cuda", machine=LAPTOP)


def test_an_unsupported_compute_type_names_the_supported_ones():
    with pytest.raises(WeightsError, match="'float16' is not supported by the cpu here; use auto or one of float32, "):
        fit_machine(compute_type="float16", machine=LAPTOP)


def test_an_unknown_device_names_the_known_ones():
    with pytest.raises(WeightsError, match="use one of auto, cpu, cuda"):
        fit_machine(device="tpu", machine=LAPTOP)


def test_the_same_machine_is_always_run_the_same():
    assert fit_machine() == fit_machine()


@pytest.fixture
def system(tmp_path, monkeypatch):
    """A Linux of four cores with two threads each, no quota."""
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: set(range(8)), raising=False)
    for cpu in range(8):
        topology = tmp_path / "devices" / "system" / "cpu" / f"cpu{cpu}" / "topology"
        topology.mkdir(parents=True)
        (topology / "thread_siblings_list").write_text(f"{cpu % 4},{cpu % 4 + 4}\n", encoding="ascii")
    (tmp_path / "fs" / "cgroup").mkdir(parents=True)
    return tmp_path


def test_two_threads_of_a_core_count_once(system):
    assert usable_cores(system) == 4


def test_only_the_cores_of_the_process_count(system, monkeypatch):
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {1, 2, 5}, raising=False)
    assert usable_cores(system) == 2


@pytest.mark.parametrize(
    ("quota", "cores"), [("max 100000", 4), ("200000 100000", 2), ("50000 100000", 1), ("900000 100000", 4), ("?", 4)]
)
def test_a_containers_quota_counts(system, quota, cores):
    (system / "fs" / "cgroup" / "cpu.max").write_text(quota, encoding="ascii")
    assert usable_cores(system) == cores


@pytest.mark.parametrize(("quota", "cores"), [("-1", 4), ("300000", 3)])
def test_a_quota_of_the_older_cgroups_counts(system, quota, cores):
    folder = system / "fs" / "cgroup" / "cpu"
    folder.mkdir()
    (folder / "cpu.cfs_quota_us").write_text(quota, encoding="ascii")
    (folder / "cpu.cfs_period_us").write_text("100000", encoding="ascii")
    assert usable_cores(system) == cores


def test_without_a_topology_every_logical_core_counts(tmp_path, monkeypatch):
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0, 1, 2}, raising=False)
    assert usable_cores(tmp_path) == 3
