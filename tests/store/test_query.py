import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa_engine.errors import SettingsError
from qa_engine.store.query import And, Not, Or, Phrase, Prefix, parse_query
from qa_engine.store.terms import index_terms


def w(text):
    return Phrase(index_terms(text))


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("возврат", w("возврат")),
        ("возврат товара", And((w("возврат"), w("товара")))),
        ("возврат AND товара", And((w("возврат"), w("товара")))),
        ("возврат И товара", And((w("возврат"), w("товара")))),
        ("a OR b", Or((w("a"), w("b")))),
        ("a ИЛИ b", Or((w("a"), w("b")))),
        ("a b OR c d", Or((And((w("a"), w("b"))), And((w("c"), w("d")))))),
        ("a (b OR c)", And((w("a"), Or((w("b"), w("c")))))),
        ("a NOT b", And((w("a"), Not(w("b"))))),
        ("a AND NOT b", And((w("a"), Not(w("b"))))),
        ("NOT b a", And((Not(w("b")), w("a")))),
        ("a НЕ b", And((w("a"), Not(w("b"))))),
        ("NOT NOT a", w("a")),
        ("a NOT (b OR c)", And((w("a"), Not(Or((w("b"), w("c"))))))),
        ('"добрый день"', w("добрый день")),
        ("«добрый день»", w("добрый день")),
        ("“good day”", w("good day")),
        ("„good day“", w("good day")),
        ('a"b"', And((w("a"), w("b")))),
        ("возвр*", Prefix(index_terms("возвр"))),
        ("e-ma*", Prefix(index_terms("e ma"))),
        ("e-mail", w("e mail")),
        ("and или", And((w("and"), w("или")))),
        ("возврат !!! 😀", w("возврат")),
        ("возврат ()", w("возврат")),
        ('"" a', w("a")),
        ('"AND" a', And((w("and"), w("a")))),
        ("NEAR(a b)", And((w("near"), And((w("a"), w("b")))))),
        ("stems:a", w("stems a")),
    ],
)
def test_a_query_reads_as(text, tree):
    assert parse_query(text) == tree


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "nothing to look for"),
        ("  ", "nothing to look for"),
        ("😀", "nothing to look for"),
        ("';--", "nothing to look for"),
        ('"', 'quotation mark " at character 1 is not closed'),
        ("a «b", "quotation mark « at character 3 is not closed"),
        ("*", "at character 1 needs at least 2 letters"),
        ("а*", "at character 1 needs at least 2 letters"),
        ("в*т", "at character 2 may only end a word"),
        ('"a*"', "may only end a word"),
        ("a AND", '"AND" at character 3 joins nothing'),
        ("OR a", '"OR" at character 1 joins nothing'),
        ("AND a", '"AND" at character 1 joins nothing'),
        ("a OR OR b", '"OR" at character 3 joins nothing'),
        ("a И И b", '"И" at character 3 joins nothing'),
        ("a (OR b)", '"OR" at character 4 joins nothing'),
        ("a NOT", '"NOT" at character 3 joins nothing'),
        ("(a", r'"\(" at character 1 is not closed'),
        ("NEAR(", r'"\(" at character 5 is not closed'),
        ("a)", r'"\)" at character 2 has no'),
        ("a) OR b", r'"\)" at character 2 has no'),
        ("NOT a", "write a word beside it"),
        ("a OR NOT b", "write a word beside it"),
        ("a (NOT b)", None),
        ("a OR (NOT b NOT c)", "write a word beside it"),
        ("x" * 1001, "1001 characters"),
        ("ab " * 65, "more than 64 words"),
        ("(" * 31 + "a" + ")" * 31, "more than 30 parentheses"),
        ("NOT " * 40 + "a", "more than 30"),
    ],
)
def test_a_wrong_query_is_told_where(text, told):
    if told is None:
        assert parse_query(text)
        return
    with pytest.raises(SettingsError, match=told):
        parse_query(text)


@given(st.text(alphabet="аbи \"«»()*НЕORAND'-;:\\😀\x00", max_size=60) | st.text(max_size=60))
def test_any_text_is_a_query_or_a_told_error(text):
    try:
        parse_query(text)
    except SettingsError as error:
        assert str(error).startswith("search: ")
