"""Every reason of the timings has its Russian sentence."""

from qa_engine.language.whys import say_why
from qa_engine.timings import answer


def test_every_reason_is_translated():
    reasons = [value for name, value in vars(answer).items() if name.startswith("WHY_")]
    assert len(reasons) >= 7
    for reason in reasons:
        assert say_why(reason, "ru") != reason
        assert say_why(reason, "en") == reason


def test_an_unknown_reason_stays_as_it_is():
    assert say_why("the line was cut", "ru") == "the line was cut"
