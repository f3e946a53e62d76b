from datetime import date

import pytest
from store_samples import call, evaluation, hearing, sha

from qa_engine.domain.hearing import Engines
from qa_engine.errors import StoreError
from qa_engine.store.store import CallFilter


def names(calls):
    return [found.path.removeprefix("day/").removesuffix(".wav") for found in calls]


def test_a_saved_call_reads_back_equal(store):
    made = call(started_at="2026-11-20T10:15:00+03:00")
    store.save_call(made)
    assert list(store.calls()) == [made]


def test_saving_again_overwrites(store):
    store.save_call(call(manager="Анна"))
    store.save_call(call(manager="Иван"))
    assert [found.manager for found in store.calls()] == ["Иван"]


@pytest.mark.parametrize(
    "name", [sha("a")[:16], sha("a"), sha("a")[:4], "day/a.wav", "a.wav"], ids=["id", "hash", "prefix", "path", "file"]
)
def test_a_call_is_found_by(store, name):
    store.save_call(call("a"))
    store.save_call(call("b"))
    assert store.find_call(name) == call("a")


@pytest.mark.parametrize("name", ["", "%", "_", sha("a")[:3], "c.wav", ".wav", "x" * 1000, "\x00"])
def test_no_call_is_found_by(store, name):
    store.save_call(call("a"))
    assert store.find_call(name) is None


def test_the_signs_of_like_are_letters_in_a_path(store):
    store.save_call(call("a"))
    assert store.find_call("_.wav") is None


def test_a_prefix_of_two_calls_is_refused_listing_both(store):
    store.save_call(call("a", call_id="order-1", started_at="2026-11-20T10:00:00"))
    store.save_call(call("b", call_id="order-2"))
    with pytest.raises(StoreError, match=r"order-1  2026-11-20\n  order-2"):
        store.find_call("order-")


def test_of_calls_with_the_same_id_the_latest_saved_is_found(store):
    store.save_call(call("b", call_id="17"))
    store.save_call(call("a", call_id="17"))
    assert store.find_call("17").sha256 == sha("a")
    assert len(list(store.calls())) == 2


def test_a_content_is_found_by_every_path_it_was_heard_at(store):
    store.save_hearing(hearing("a", path="copy/b.wav"), "one")
    store.save_call(call("a"))
    assert store.find_call("copy/b.wav") == call("a")


def test_a_path_means_the_content_it_holds_now(store):
    store.save_call(call("old", path="day/a.wav"))
    store.save_call(call("new", path="day/a.wav"))
    assert store.find_call("day/a.wav").sha256 == sha("new")


def test_calls_come_by_time_then_path_and_those_without_time_last(store):
    store.save_call(call("undated"))
    store.save_call(call("late", started_at="2026-11-21T09:00:00+03:00"))
    store.save_call(call("b", started_at="2026-11-20T09:00:00+03:00"))
    store.save_call(call("a", started_at="2026-11-20T09:00:00+03:00"))
    assert names(store.calls()) == ["a", "b", "late", "undated"]


def test_more_calls_than_a_portion_all_come_once(store):
    for number in range(205):
        store.save_call(call(f"{number:03}"))
    assert names(store.calls()) == [f"{number:03}" for number in range(205)]


def test_the_store_can_be_written_while_calls_are_read(store):
    for number in range(3):
        store.save_call(call(str(number)))
    for found in store.calls():
        store.save_evaluation(found.sha256, evaluation(found.path))
    assert len(list(store.evaluations())) == 3


@pytest.mark.parametrize("manager", ["Анна Петрова", "анна  петрова", "101"])
def test_calls_of_a_manager_by_name_or_extension(store, manager):
    store.save_call(call("a"))
    store.save_call(call("b", manager="Иван Смирнов", extension="102"))
    assert names(store.calls(CallFilter(manager=manager))) == ["a"]


def test_a_manager_is_found_whichever_e_his_name_is_written_with(store):
    store.save_call(call("a", manager="Пётр Фёдоров"))
    assert names(store.calls(CallFilter(manager="петр федоров"))) == ["a"]


def test_calls_of_a_customer(store):
    store.save_call(call("a", customer="+7911"))
    store.save_call(call("b", customer="+7912"))
    assert names(store.calls(CallFilter(customer="+7912"))) == ["b"]


@pytest.mark.parametrize(
    ("since", "until", "found"),
    [
        (None, date(2026, 11, 20), ["first", "last"]),
        (date(2026, 11, 20), date(2026, 11, 20), ["first", "last"]),
        (date(2026, 11, 21), None, ["next"]),
        (date(2026, 11, 22), None, []),
        (None, None, ["first", "last", "next", "undated"]),
    ],
)
def test_days_are_inclusive_on_the_clock_of_the_call(store, since, until, found):
    store.save_call(call("first", started_at="2026-11-20T00:00:00+12:00"))
    store.save_call(call("last", started_at="2026-11-20T23:59:59.999999-11:00"))
    store.save_call(call("next", started_at="2026-11-21T00:00:00"))
    store.save_call(call("undated"))
    assert names(store.calls(CallFilter(since=since, until=until))) == found


def test_only_given_contents(store):
    for name in "abc":
        store.save_call(call(name))
    assert names(store.calls(CallFilter(sha256s=(sha("c"), sha("a"), sha("unknown"))))) == ["a", "c"]
    assert names(store.calls(CallFilter(sha256s=()))) == []


def test_managers_are_listed_once_each(store):
    store.save_call(call("a", manager="Иван"))
    store.save_call(call("b", manager="Анна"))
    store.save_call(call("c", manager="Анна"))
    store.save_call(call("d", manager=""))
    assert store.managers() == ("Анна", "Иван")


def test_the_same_words_in_other_roles_keep_the_evaluations(store):
    store.save_call(call(dialogue=("manager: да", "customer: нет")))
    store.save_evaluation(sha("a"), evaluation())
    store.save_call(call(dialogue=("customer: да", "manager: нет"), manager="Иван", path="copy.wav"))
    assert store.find_evaluation(sha("a"), "sha256:1", "1") == evaluation()


@pytest.mark.parametrize("change", [{"dialogue": ("manager: другое",)}, {"engines": Engines("better", "channels")}])
def test_other_words_or_engines_take_the_evaluations_away(store, change):
    store.save_call(call())
    store.save_evaluation(sha("a"), evaluation())
    store.save_call(call(**change))
    assert store.find_evaluation(sha("a"), "sha256:1", "1") is None
    assert list(store.evaluations()) == []


def test_a_call_with_a_number_that_is_not_finite_is_refused_naming_where(store):
    with pytest.raises(StoreError, match=r"day/a\.wav cannot be stored.*Call\.duration: nan"):
        store.save_call(call(duration=float("nan")))
    assert list(store.calls()) == []


def test_a_call_without_words_is_kept(store):
    store.save_call(call(dialogue=()))
    assert list(store.calls()) == [call(dialogue=())]


def test_forgetting_removes_everything_of_one_recording(store):
    for name in "ab":
        store.save_hearing(hearing(name), "one")
        store.save_call(call(name))
        store.save_evaluation(sha(name), evaluation(name))
    assert store.forget(sha("a")) is True
    assert store.find_hearing(sha("a"), "one") is None
    assert store.find_call("day/a.wav") is None
    assert names(store.calls()) == ["b"]
    assert [judged.sha256 for judged, _ in store.evaluations()] == [sha("b")]
    assert [hit.path for hit in store.search("возврат").hits] == ["day/b.wav"]
    assert store.forget(sha("a")) is False


def test_forgotten_words_are_not_in_the_file_any_more(tmp_path):
    from qa_engine.store.store import Store

    with Store.open(str(tmp_path / "qa.db")) as store:
        store.save_call(call("b"))
        store.save_call(call("a", ["customer: мойсекретныйпароль xyzzyplugh"], manager="Секретов"))
        kept = b"".join(file.read_bytes() for file in tmp_path.iterdir())
        assert b"xyzzyplugh" in kept
        store.forget(sha("a"))
        left = b"".join(file.read_bytes() for file in tmp_path.iterdir())
    for word in ("xyzzyplugh", "мойсекретныйпароль", "xyzzy", "Секретов", sha("a")[:16]):
        assert word.encode() not in left, word
