import pytest

from qa_engine.domain.call_identity import CallIdentity
from qa_engine.domain.scorecard import Person
from qa_engine.telephony.roster import manager_name

ROSTER = (Person("Анна Петрова", "101", ("Аня",)), Person("Иван Смирнов", "102"), Person("Ольга Кузнецова"))


@pytest.mark.parametrize(
    ("recorded", "stated", "shown"),
    [
        ("101", "", "Анна Петрова"),
        ("101", "Иван", "Анна Петрова"),  # the extension goes before a name that was said
        ("", "Аня", "Анна Петрова"),
        ("", "Зоя", "Зоя"),
        ("104", "Анна", "104"),  # Анна has another extension: somebody else of her name
        ("104", "Ольга", "Ольга Кузнецова"),  # the roster gives her no extension
        ("Иван", "", "Иван Смирнов"),
        ("", "", ""),
    ],
)
def test_who_is_on_the_call(recorded, stated, shown):
    assert manager_name(CallIdentity(manager=recorded), stated, ROSTER, "ru") == shown
