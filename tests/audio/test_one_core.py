"""Matrix products of the analysis use one core, and leave the library as it was."""

from __future__ import annotations

from qa_engine.audio.one_core import _controller, one_core


def blas_threads() -> list[int]:
    """Of the libraries that were there at the first use: numpy's own; scipy's comes later and is not used here."""
    return [pool["num_threads"] for pool in _controller().info() if pool["user_api"] == "blas"]


def test_products_use_one_core_inside_and_as_many_as_before_behind() -> None:
    before = blas_threads()
    with one_core():
        inside = blas_threads()
    assert set(inside) == {1}
    assert blas_threads() == before
