"""Torchaudio made importable where its native part fails; a small package stands in for it."""

import importlib
import sys

import pytest

from qa_engine.speech.torchaudio_stub import mend_torchaudio

NATIVE = "import os\nif {broken}:\n    raise OSError('libcudart.so.13')\n_IS_TORCHAUDIO_EXT_AVAILABLE = True\n"


@pytest.fixture
def make_torchaudio(tmp_path, monkeypatch):
    for name in [name for name in sys.modules if name.partition(".")[0] == "torchaudio"]:
        monkeypatch.delitem(sys.modules, name)

    def make(*, broken: bool) -> None:
        package = tmp_path / "torchaudio"
        (package / "_extension").mkdir(parents=True)
        (package / "__init__.py").write_text("from torchaudio import _extension\n", encoding="utf-8")
        (package / "_extension" / "__init__.py").write_text(NATIVE.format(broken=broken), encoding="utf-8")
        monkeypatch.syspath_prepend(str(tmp_path))

    yield make
    for name in [name for name in sys.modules if name.partition(".")[0] == "torchaudio"]:
        del sys.modules[name]


def test_a_native_part_that_cannot_be_loaded_is_done_without(make_torchaudio):
    make_torchaudio(broken=True)
    mend_torchaudio()
    extension = importlib.import_module("torchaudio")._extension
    assert extension._IS_TORCHAUDIO_EXT_AVAILABLE is False
    assert extension.fail_if_no_align(len) is len


def test_a_native_part_that_loads_is_left_alone(make_torchaudio):
    make_torchaudio(broken=False)
    mend_torchaudio()
    assert importlib.import_module("torchaudio")._extension._IS_TORCHAUDIO_EXT_AVAILABLE is True
