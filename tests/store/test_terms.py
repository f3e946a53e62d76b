import pytest

from qa_engine.store import terms
from qa_engine.store.terms import index_terms


def stems(text):
    return [term.stem for term in index_terms(text)]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("возврат", "возвратом"),
        ("возврат", "Возвраты,"),
        ("заказ", "заказами"),
        ("delivery", "Deliveries"),
        ("refund", "refunded"),
        ("ёлка", "елкой"),
        ("щас", "сейчас"),
        ("и́ли", "или"),
        ("семьдесят", "70"),
    ],
)
def test_forms_of_a_word_share_a_stem(one, other):
    assert stems(one) == stems(other)


@pytest.mark.parametrize(("one", "other"), [("возврат", "доставка"), ("order", "delivery"), ("мел", "мёд")])
def test_different_words_do_not_share_a_stem(one, other):
    assert stems(one) != stems(other)


def test_tokens_keep_the_letters_as_said():
    assert [term.token for term in index_terms("Возвратом, Щас!")] == ["возвратом", "щас"]


@pytest.mark.parametrize("text", ["", " ", "...", "😀", "';--", '"', "*", "_"])
def test_signs_are_no_terms(text):
    assert index_terms(text) == ()


def test_a_word_with_a_hyphen_is_two_terms():
    assert [term.token for term in index_terms("e-mail")] == ["e", "mail"]


def test_an_endless_word_is_cut():
    assert len(index_terms("а" * 10_000)[0].token) == 100


def test_another_stemmer_is_another_version(monkeypatch):
    before = terms.index_version()
    monkeypatch.setattr(terms, "_stem", lambda token: token)
    terms.index_terms.cache_clear()
    terms.index_version.cache_clear()
    try:
        assert terms.index_version() != before
    finally:
        monkeypatch.undo()
        terms.index_terms.cache_clear()
        terms.index_version.cache_clear()
    assert terms.index_version() == before
