import contextlib
import os
import signal

import pytest

from qa_engine.cli.interrupts import heed_interrupts


def test_an_interrupt_that_a_library_swallowed_is_heeded_before_the_next_piece_of_work():
    with heed_interrupts() as heed:
        heed()
        with contextlib.suppress(KeyboardInterrupt):  # as Python does inside a finalizer
            os.kill(os.getpid(), signal.SIGINT)
        with pytest.raises(KeyboardInterrupt):
            heed()


def test_an_interrupt_raises_at_once_where_nothing_swallows_it():
    with pytest.raises(KeyboardInterrupt), heed_interrupts():
        os.kill(os.getpid(), signal.SIGINT)


def test_the_handler_from_before_is_put_back():
    before = signal.getsignal(signal.SIGINT)
    with heed_interrupts():
        assert signal.getsignal(signal.SIGINT) is not before
    assert signal.getsignal(signal.SIGINT) is before
