import gc

import pytest
from store_samples import call

from qa_engine.domain.call import Call
from qa_engine.errors import StoreError
from qa_engine.store.columns import collector_paused, column_text, fold, now, pack, unpack


def test_a_packed_value_reads_back_equal_and_is_smaller():
    body = pack(call(), "a call")
    assert unpack(Call, body, "a call") == call()
    assert len(body) < 1000


@pytest.mark.parametrize("body", [b"", b"\x00", pack("text", "a text")])
def test_what_was_not_packed_is_told(body):
    with pytest.raises(StoreError, match=r"the call 17 as stored cannot be read .*--force"):
        unpack(Call, body, "the call 17")


@pytest.mark.parametrize(
    ("text", "taken"), [("day/а.wav", "day/а.wav"), ("a\x00b", "ab"), ("\udce0.wav", "\\udce0.wav")]
)
def test_any_text_is_made_fit_for_a_column(text, taken):
    assert column_text(text) == taken


def test_names_are_folded():
    assert fold("  Пётр   СИДОРОВ ") == fold("петр сидоров")
    assert fold("Петр") != fold("Павел")


def test_moments_sort_as_they_come():
    moments = [now() for _ in range(50)]
    assert moments == sorted(moments)


def test_the_collector_runs_again_after_a_pause_even_a_broken_one():
    with pytest.raises(ValueError, match="broken"), collector_paused():
        assert not gc.isenabled()
        raise ValueError("broken")
    assert gc.isenabled()


def test_a_pause_inside_a_pause_does_not_end_it():
    with collector_paused():
        with collector_paused():
            pass
        assert not gc.isenabled()
