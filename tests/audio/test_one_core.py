"""Matrix products of the analysis use one core, and leave the library as it was."""

from __future__ import annotations

from threadpoolctl import threadpool_info

from qa_engine.audio.one_core import one_core


def blas_threads() -> list[int]:
    return [pool["num_threads"] for pool in threadpool_info() if pool["user_api"] == "blas"]


def test_products_use_one_core_inside_and_as_many_as_before_behind() -> None:
    before = blas_threads()
    with one_core():
        inside = blas_threads()
    assert set(inside) == {1}
    assert blas_threads() == before
