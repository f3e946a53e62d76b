"""All checks, in one list: a new one is written in `checks/` and added here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from qa_engine.rules.check import Check
from qa_engine.rules.checks import (
    company_name,
    forbidden,
    manual,
    own_name,
    phrase,
    promise,
    script,
    talk,
    timing,
)

__all__ = ["CHECKS"]

CHECKS: Final[Mapping[str, Check]] = {
    module.CHECK.name: module.CHECK
    for module in (phrase, company_name, own_name, script, forbidden, timing, talk, promise, manual)
}
