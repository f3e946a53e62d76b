from datetime import date, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from store_samples import call, sha, turns

from qa_engine.domain.transcript import Role
from qa_engine.errors import SettingsError
from qa_engine.store import search as search_module

RUSSIAN = (
    "manager: добрый день компания ромашка чем могу помочь",
    "customer: здравствуйте ещё не пришёл мой заказ хочу оформить возвратом",
    "manager: оформим возврат сегодня номер заказа 12345",
    "ivr: разговор записывается",
)
ENGLISH = (
    "manager: sunny garden how can I help",
    "customer: I had two deliveries and want a refund",
    "manager: your delivery is on its way",
)


@pytest.fixture
def searched(store):
    store.save_call(call("ru", RUSSIAN, started_at="2026-11-20T10:15:00+03:00"))
    store.save_call(
        call(
            "en", ENGLISH, manager="Emma Clark", extension="201", language="en", started_at="2026-11-21T09:00:00+00:00"
        )
    )
    return store


def found(store, query, **wanted):
    """Numbers of the turns found, as ``ru1``."""
    said = {(sha(name), turn.text): f"{name}{place}" for name, lines in (("ru", RUSSIAN), ("en", ENGLISH))
            for place, turn in enumerate(turns(lines))}  # fmt: skip
    hits = store.search(query, **wanted).hits
    return {said[sha(hit.path[4:6]), hit.quote] for hit in hits}


@pytest.mark.parametrize(
    ("query", "turns_found"),
    [
        ("возврат", {"ru1", "ru2"}),
        ("возвратами", {"ru1", "ru2"}),
        ("ВОЗВРАТ", {"ru1", "ru2"}),
        ("delivery", {"en1", "en2"}),
        ("deliveries", {"en1", "en2"}),
        ("refunds", {"en1"}),
        ("еще", {"ru1"}),
        ("ещё", {"ru1"}),
        ("12345", {"ru2"}),
        ("123*", {"ru2"}),
        ("возврато*", {"ru1"}),
        ("возвр*", {"ru1", "ru2"}),
        ('"добрый день"', {"ru0"}),
        ('"день добрый"', set()),
        ('"оформить возврат"', {"ru1", "ru2"}),
        ("оформим ромашка", set()),
        ("возврат заказ", {"ru1", "ru2"}),
        ("возврат NOT сегодня", {"ru1"}),
        ("возврат НЕ здравствуйте", {"ru2"}),
        ("NOT сегодня возврат", {"ru1"}),
        ("возврат NOT (сегодня OR здравствуйте)", set()),
        ("ромашка OR refund", {"ru0", "en1"}),
        ("ромашка ИЛИ (delivery НЕ refund)", {"ru0", "en2"}),
        ("записывается", {"ru3"}),
        ("жираф", set()),
    ],
)
def test_a_query_finds(searched, query, turns_found):
    assert found(searched, query) == turns_found


@pytest.mark.parametrize(
    ("wanted", "turns_found"),
    [
        ({"said_by": Role.CUSTOMER}, {"ru1", "en1"}),
        ({"said_by": Role.MANAGER}, {"ru2", "en2"}),
        ({"said_by": Role.IVR}, set()),
        ({"manager": "анна петрова"}, {"ru1", "ru2"}),
        ({"manager": "201"}, {"en1", "en2"}),
        ({"manager": "Анна"}, set()),
        ({"since": date(2026, 11, 21)}, {"en1", "en2"}),
        ({"until": date(2026, 11, 20)}, {"ru1", "ru2"}),
        ({"since": date(2026, 11, 20), "until": date(2026, 11, 21)}, {"ru1", "ru2", "en1", "en2"}),
        ({"since": date(2026, 11, 22)}, set()),
        ({"until": date.max}, {"ru1", "ru2", "en1", "en2"}),
        ({"since": date.min, "said_by": Role.CUSTOMER, "manager": "101"}, {"ru1"}),
    ],
)
def test_a_search_is_narrowed_by(searched, wanted, turns_found):
    assert found(searched, "возврат OR delivery", **wanted) == turns_found
    assert searched.search("возврат OR delivery", **wanted).total == len(turns_found)


def test_a_hit_tells_all_about_its_turn(searched):
    hit = searched.search("возвраты", said_by=Role.CUSTOMER).hits[0]
    start = turns(RUSSIAN)[1].words[-1].start
    assert (hit.call_id, hit.path, hit.manager, hit.role) == (sha("ru")[:16], "day/ru.wav", "Анна Петрова", "customer")
    assert hit.started_at == datetime.fromisoformat("2026-11-20T10:15:00+03:00")
    assert (hit.start, hit.end) == (start, start + 0.4)
    assert [hit.quote[first:last] for first, last in hit.highlights] == ["возвратом"]


def test_a_call_without_a_date_is_found_unless_days_are_asked_for(store):
    store.save_call(call("undated"))
    assert store.search("возврат").hits[0].started_at is None
    assert store.search("возврат", until=date(2100, 1, 1)).total == 0
    assert store.search("возврат", since=date(1970, 1, 1)).total == 0


def test_a_short_turn_about_it_comes_before_a_long_one_that_mentions_it(store):
    store.save_call(call("long", ["customer: " + "слово " * 30 + "возврат"], started_at="2026-11-21T09:00:00"))
    store.save_call(call("short", ["customer: возврат возврат"], started_at="2026-11-20T09:00:00"))
    assert [hit.path for hit in store.search("возврат").hits] == ["day/short.wav", "day/long.wav"]


def test_among_equals_the_newest_come_first(store):
    for day in (21, 20, 22):
        store.save_call(call(str(day), started_at=f"2026-11-{day}T09:00:00"))
    assert [hit.path for hit in store.search("возврат").hits] == ["day/22.wav", "day/21.wav", "day/20.wav"]


def test_where_very_many_match_the_newest_come_first(store, monkeypatch):
    monkeypatch.setattr(search_module, "RANKED_AT_MOST", 1)
    store.save_call(call("new", ["customer: " + "слово " * 30 + "возврат"], started_at="2026-11-21T09:00:00"))
    store.save_call(call("old", ["customer: возврат возврат"], started_at="2026-11-20T09:00:00"))
    assert [hit.path for hit in store.search("возврат").hits] == ["day/new.wav", "day/old.wav"]


def test_pages_together_give_all_hits_once_in_order(store):
    for number in range(7):
        store.save_call(call(str(number), started_at=f"2026-11-20T09:0{number}:00"))
    whole = store.search("возврат", limit=100)
    pages = [store.search("возврат", limit=3, offset=offset) for offset in (0, 3, 6, 9)]
    assert [hit for page in pages for hit in page.hits] == list(whole.hits)
    assert {page.total for page in pages} == {whole.total} == {7}


def test_a_call_saved_again_is_found_by_its_new_words_only(store):
    store.save_call(call(dialogue=["customer: старые слова"], started_at="2026-11-20T09:00:00"))
    store.save_call(call(dialogue=["customer: новые слова"], started_at="2026-11-21T09:00:00"))
    assert store.search("старые").total == 0
    assert [hit.quote for hit in store.search("слова").hits] == ["новые слова"]


def test_calls_begun_in_the_same_second_keep_apart(store, monkeypatch):
    moment = "2026-11-20T09:00:00"
    monkeypatch.setattr("qa_engine.store.turn_index.first_slot", lambda started_at, sha256: 5 << 31)
    for name in "abc":
        store.save_call(call(name, [f"customer: возврат {name}"], started_at=moment))
    store.save_call(call("b", ["customer: возврат снова"], started_at=moment))
    assert sorted(hit.quote for hit in store.search("возврат").hits) == ["возврат a", "возврат c", "возврат снова"]


@pytest.mark.parametrize(
    "query",
    [
        "a",
        "возврат OR '; DROP TABLE calls; --",
        "manager:возврат",
        "{customer} возврат",
        "^ab",
        "a + b",
        "a:*",
        "\ue000возврат",
        "возврат\x00брак",
        "NEAR(возврат, 5)",
        "%",
        "возврат\\",
        "'a' & !b",
        "-возврат",
        "a <-> b",
        "$1",
        ":match",
        "возврат" * 100,
        "ab* " * 60,
    ],
)
def test_a_hostile_query_is_answered_or_told_and_harms_nothing(searched, query):
    try:
        searched.search(query)
    except SettingsError as error:
        assert str(error).startswith("search: ")
    assert found(searched, "возврат") == {"ru1", "ru2"}


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(alphabet="вz'\"()*:^{}+-&|!<>\\; НЕORAND😀", max_size=30) | st.text(max_size=30))
def test_any_query_is_answered_or_told(searched, query):
    try:
        searched.search(query)
    except SettingsError as error:
        assert str(error).startswith("search: ")


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(st.characters(categories=["Lu", "Ll", "Lo", "Nd"], max_codepoint=0x5FF), min_size=2, max_size=12))
def test_any_word_is_found_by_itself(store, word):
    store.save_call(call(dialogue=[f"customer: да {word} нет"]))
    quoted = f'"{word}"'
    assert store.search(quoted).total == 1
    assert word in store.search(quoted).hits[0].quote


def test_searching_does_not_change_the_order_of_equal_answers(searched):
    assert searched.search("возврат") == searched.search("возврат")


def test_very_many_matches_are_not_counted_to_the_end(store, monkeypatch):
    monkeypatch.setattr(search_module, "COUNTED_AT_MOST", 2)
    for number in range(3):
        store.save_call(call(str(number)))
    result = store.search("возврат", offset=2)
    assert (len(result.hits), result.total, result.total_is_exact) == (1, 2, False)
    assert store.search("возврат", said_by=Role.IVR).total_is_exact


def test_a_begun_word_does_not_find_stems(store):
    store.save_call(call(dialogue=["customer: щас", "customer: сейчас"]))
    assert [hit.quote for hit in store.search("сейч*").hits] == ["сейчас"]
    assert store.search("сейчас").total == 2


def test_words_and_phrases_do_not_run_from_the_end_of_a_turn_into_its_stems(store):
    store.save_call(call(dialogue=["customer: кот дом кот"]))
    assert store.search('"кот кот"').total == 0


def test_calls_indexed_by_other_stems_are_indexed_anew(store, monkeypatch):
    monkeypatch.setattr("qa_engine.store.calls.index_version", lambda: "older")
    monkeypatch.setattr("qa_engine.store.search.index_terms", lambda text: ())
    store.save_call(call())
    monkeypatch.undo()
    assert store.search("возврат").total == 0
    assert store.reindex() == 1
    assert store.search("возврат").total == 1
    assert store.reindex() == 0
    assert list(store.calls()) == [call()]


def test_an_unchanged_call_saved_again_is_not_indexed_again(store, monkeypatch):
    store.save_call(call())
    monkeypatch.setattr("qa_engine.store.calls.index_call", lambda *_: pytest.fail("indexed again"))
    store.save_call(call())
    assert store.search("возврат").total == 1


HANDED = (
    "manager: добрый день компания ромашка",
    "customer: у меня вопрос по счёту",
    "second_manager: здравствуйте меня зовут олег проверю счёт",
)


@pytest.mark.parametrize("said_by", [Role.MANAGER, Role.SECOND_MANAGER, None])
def test_words_of_the_second_manager_are_found_on_the_managers_side(store, said_by):
    store.save_call(call("ru", HANDED))
    (hit,) = store.search("олег", said_by=said_by).hits
    assert hit.role is Role.SECOND_MANAGER
    assert not store.search("олег", said_by=Role.CUSTOMER).hits
    assert len(store.search("счёт", said_by=Role.CUSTOMER).hits) == 1
