import pytest

from qa_engine.domain.call_identity import CallIdentity
from qa_engine.domain.scorecard import Person
from qa_engine.telephony.roster import is_other_name, manager_name

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


TEAM = (*ROSTER, Person("Сергей Иванов", "103"), Person("Екатерина Фёдорова"), Person("Алексей Орлов"))
ENGLISH = (Person("Anna Petrova"), Person("Sergey Ivanov"), Person("Elizabeth Moore"), Person("Oliver Hughes"))


@pytest.mark.parametrize(
    ("stated", "shown"),
    [
        ("Анну", "Анна Петрова"),
        ("Anna", "Анна Петрова"),
        ("Sergei", "Сергей Иванов"),
        ("Sergey", "Сергей Иванов"),
        ("Серёжа", "Сергей Иванов"),
        ("Сергий", "Сергей Иванов"),
        ("Екатирина", "Екатерина Фёдорова"),
        ("Катя", "Екатерина Фёдорова"),
        ("Олга", "Ольга Кузнецова"),
        ("Алена", "Алена"),  # a name of its own, not Алексей
        ("Марина", "Марина"),
        ("Анна Сидорова", "Анна Сидорова"),  # another Anna
    ],
)
def test_a_name_is_known_in_any_case_alphabet_and_spelling(stated, shown):
    assert manager_name(CallIdentity(), stated, TEAM, "ru") == shown


@pytest.mark.parametrize(
    ("stated", "shown"),
    [
        ("Анна", "Anna Petrova"),
        ("Сергей", "Sergey Ivanov"),
        ("Sergei", "Sergey Ivanov"),
        ("Elisabeth", "Elizabeth Moore"),
        ("Liz", "Elizabeth Moore"),
        ("Alyssa", "Alyssa"),
        ("Olive", "Olive"),  # somebody else
    ],
)
def test_an_english_roster_knows_its_names_too(stated, shown):
    assert manager_name(CallIdentity(), stated, ENGLISH, "en") == shown


def test_a_misspelt_name_of_two_people_is_nobodys():
    two = (Person("Екатерина Фёдорова"), Person("Екатерина Белова"))
    assert manager_name(CallIdentity(), "Екатирина", two, "ru") == "Екатирина"


@pytest.mark.parametrize(
    ("shown", "stated", "language", "other"),
    [
        ("Анна Петрова", "Анна Петрова", "ru", False),
        ("Анна Петрова", "Аня", "ru", False),
        ("Анна", "Анна Петрова", "ru", False),
        ("Sergey Ivanov", "Сергей", "ru", False),
        ("Анна Петрова", "Ольга Кузнецова", "ru", True),
        ("104", "Анна", "ru", True),
        ("Анна Петрова", "", "ru", False),
        ("", "Анна", "ru", False),
        ("Emma Clark", "Oliver", "en", True),
        ("Emma Clark", "Oliver", "de", False),  # a language without names
    ],
)
def test_another_name_in_the_words_is_seen(shown, stated, language, other):
    assert is_other_name(shown, stated, language) is other
