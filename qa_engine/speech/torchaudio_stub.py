"""Torchaudio on machines without CUDA, where its native part cannot be loaded; pyannote.audio imports it at once."""

from __future__ import annotations

import sys
from types import ModuleType
from typing import Any

__all__ = ["mend_torchaudio"]


def mend_torchaudio() -> None:
    """Import torchaudio, without its native part where that fails; to be called before pyannote.audio is imported.

    Its wheel on PyPI is linked to CUDA and raises OSError on machines without; resampling and filter banks, all that
    is needed of it here, are written in torch alone. Where the native part loads (a GPU machine) nothing is changed.
    """
    try:
        import torchaudio
    except OSError:
        for name in [name for name in sys.modules if name.partition(".")[0] == "torchaudio"]:
            del sys.modules[name]
        sys.modules["torchaudio._extension"] = _extension_stub()
        import torchaudio  # noqa: F401


def _extension_stub() -> ModuleType:
    stub = ModuleType("torchaudio._extension")
    values: dict[str, Any] = {
        "_IS_TORCHAUDIO_EXT_AVAILABLE": False,
        "_IS_ALIGN_AVAILABLE": False,
        "fail_if_no_align": lambda function: function,
        "_check_cuda_version": lambda: None,
    }
    for name, value in values.items():
        setattr(stub, name, value)
    return stub
