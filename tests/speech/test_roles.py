import pytest

from qa_engine.domain.transcript import Role, Turn, Utterance
from qa_engine.speech.roles import RoleHints, assign_roles
from qa_engine.speech.second_manager import name_second_manager
from qa_engine.speech.word_times import spread_words

ENGLISH = RoleHints("en", ("Sunny Garden",), ("Emma Clark", "Oliver Hughes"))
RUSSIAN = RoleHints("ru", ("Ромашка", "интернет-магазин Ромашка"), ("Анна Петрова", "Иван Смирнов"))


def dialogue(*lines: str, channels: bool = False) -> list[Utterance]:
    """Utterances from ``0: good morning``: the label before the colon, half a second per word."""
    said, start = [], 0.5
    for line in lines:
        label, _, text = line.partition(": ")
        end = start + 0.5 * len(text.split())
        one = Utterance(start, end, spread_words(text, _span(start, end)), f"speaker {label}")
        channel = int(label) if channels else None
        said.append(Utterance(one.start, one.end, one.words, one.speaker, channel))
        start = end + 0.6
    return said


def _span(start: float, end: float):
    from qa_engine.domain.spans import Span

    return Span(start, end)


def roles_of(utterances, hints, **options):
    turns, assignment = assign_roles(utterances, hints, **{"labels_are_roles": False, "two_channels": False, **options})
    return {turn.speaker: turn.role for turn in turns}, assignment


def test_a_greeting_with_company_name_and_offer_is_the_manager():
    roles, assignment = roles_of(
        dialogue("0: hi", "1: good morning sunny garden this is emma how can i help you", "0: i'd like to order roses"),
        ENGLISH,
    )
    assert roles == {"speaker 0": Role.CUSTOMER, "speaker 1": Role.MANAGER}
    assert assignment.confidence > 0.95
    assert assignment.stated_name.split()[0] == "Emma"


def test_a_russian_greeting_is_the_manager():
    roles, assignment = roles_of(
        dialogue(
            "0: алло здравствуйте",
            "1: добрый день компания ромашка меня зовут анна чем могу помочь",
            "0: у меня вопрос хочу заказать букет",
        ),
        RUSSIAN,
    )
    assert roles["speaker 1"] is Role.MANAGER
    assert assignment.confidence > 0.95
    assert assignment.stated_name.split()[0] == "Анна"


def test_the_reasons_name_what_was_heard():
    _, assignment = roles_of(dialogue("0: sunny garden how can i help you", "1: i'd like to order roses"), ENGLISH)
    assert "company" in assignment.by
    assert "offer of help" in assignment.by
    assert "customer's phrases" in assignment.by


def test_a_customer_who_asks_for_the_company_is_not_the_manager():
    roles, _ = roles_of(
        dialogue("0: hello", "1: hi is this sunny garden i'm calling about my order", "0: yes how can i help you"),
        ENGLISH,
    )
    assert roles["speaker 0"] is Role.MANAGER


@pytest.mark.parametrize(
    ("answer", "question", "hints"),
    [
        ("yes", "hello is this sunny garden", ENGLISH),
        ("yes", "hello am i through to sunny garden", ENGLISH),
        ("да", "алло это ромашка?", RUSSIAN),
        ("да", "здравствуйте я попала в ромашку", RUSSIAN),
    ],
)
def test_who_asks_for_the_company_is_the_customer(answer, question, hints):
    roles, assignment = roles_of(dialogue(f"0: {answer}", f"1: {question}", f"0: {answer} {answer}"), hints)
    assert roles == {"speaker 0": Role.MANAGER, "speaker 1": Role.CUSTOMER}
    assert "asked for the company" in assignment.by


def test_customers_who_introduce_themselves_are_not_the_manager():
    roles, assignment = roles_of(
        dialogue("0: how can i help you", "1: hi my name is patricia brown i lost my parcel", "0: one moment please"),
        ENGLISH,
    )
    assert roles["speaker 0"] is Role.MANAGER
    assert assignment.stated_name == ""


def test_without_evidence_the_first_speaker_is_a_weak_guess():
    roles, assignment = roles_of(dialogue("0: yes", "1: tomorrow then"), ENGLISH)
    assert roles["speaker 0"] is Role.MANAGER
    assert 0.5 <= assignment.confidence <= 0.65
    assert assignment.by == "spoke first"


def test_who_speaks_first_is_counted_from_the_answer():
    hints = RoleHints("en", answered_at=3.0)
    roles, _ = roles_of(dialogue("0: hm", "1: yes speaking right now again and again", "0: fine"), hints)
    assert roles["speaker 1"] is Role.MANAGER


def test_the_channel_setting_outweighs_order():
    hints = RoleHints("en", manager_channel="right")
    roles, assignment = roles_of(dialogue("0: yes", "1: tomorrow then", channels=True), hints, two_channels=True)
    assert roles["speaker 1"] is Role.MANAGER
    assert "channel setting" in assignment.by
    assert assignment.confidence > 0.95


def test_the_channel_setting_says_nothing_about_a_mono_recording():
    hints = RoleHints("en", manager_channel="right")
    roles, _ = roles_of(dialogue("0: yes", "1: tomorrow then"), hints)
    assert roles["speaker 0"] is Role.MANAGER


def test_swapped_sides_are_put_right_by_what_is_said():
    _, right = roles_of(
        dialogue("1: sunny garden emma speaking how can i help", "0: i want to order", channels=True), ENGLISH
    )
    roles, _ = roles_of(dialogue("0: i want to order", "1: sunny garden how can i help", channels=True), ENGLISH)
    assert roles["speaker 1"] is Role.MANAGER
    assert right.confidence > 0.9


def test_one_voice_for_a_whole_call_is_never_sure():
    roles, assignment = roles_of(dialogue("0: sunny garden this is emma how can i help you i'd like to order"), ENGLISH)
    assert roles["speaker 0"] is Role.MANAGER
    assert assignment.confidence < 0.75
    assert "one voice" in assignment.by


def test_one_voice_that_talks_like_a_customer_is_the_customer():
    roles, assignment = roles_of(dialogue("0: i'd like to order i was wondering do you have in stock roses"), ENGLISH)
    assert roles["speaker 0"] is Role.CUSTOMER
    assert assignment.confidence < 0.75


def test_an_announcement_is_a_machine():
    roles, _ = roles_of(
        dialogue(
            "0: your call is very important to us all our agents are busy",
            "1: sunny garden this is emma how can i help you",
            "2: i'd like to order roses please",
        ),
        ENGLISH,
    )
    assert roles == {"speaker 0": Role.IVR, "speaker 1": Role.MANAGER, "speaker 2": Role.CUSTOMER}


def test_an_announcement_on_the_managers_channel_is_told_from_the_manager():
    turns, _ = assign_roles(
        dialogue(
            "0: ваш звонок очень важен для нас все операторы заняты",
            "0: добрый день компания ромашка чем могу помочь",
            "1: хочу заказать букет",
        ),
        RUSSIAN,
        labels_are_roles=False,
        two_channels=True,
    )
    assert [turn.role for turn in turns] == [Role.IVR, Role.MANAGER, Role.CUSTOMER]


def test_a_call_of_nothing_but_a_machine_has_no_manager():
    roles, assignment = roles_of(dialogue("0: please leave a message after the tone"), ENGLISH)
    assert set(roles.values()) == {Role.IVR}
    assert assignment.by == "announcement"


def test_a_colleague_after_a_transfer_is_the_second_manager():
    roles, assignment = roles_of(
        dialogue(
            "0: sunny garden this is emma how can i help you",
            "1: i have a question about my order",
            "0: let me transfer you",
            "2: sunny garden this is oliver how may i help you",
            "1: i was wondering where it is",
        ),
        ENGLISH,
    )
    assert roles == {"speaker 0": Role.MANAGER, "speaker 1": Role.CUSTOMER, "speaker 2": Role.SECOND_MANAGER}
    assert (assignment.stated_name.split()[0], assignment.second_name.split()[0]) == ("Emma", "Oliver")


def test_who_took_the_call_is_the_first_manager_however_much_the_second_one_says():
    roles, _ = roles_of(
        dialogue(
            "0: sunny garden emma speaking",
            "1: i have a question about my bill",
            "0: i will put you through to my colleague",
            "2: sunny garden this is oliver how can i help you i'd be happy to assist you",
            "1: my bill is wrong",
            "2: let me look that up for you is there anything else i can do for you",
        ),
        ENGLISH,
    )
    assert roles == {"speaker 0": Role.MANAGER, "speaker 1": Role.CUSTOMER, "speaker 2": Role.SECOND_MANAGER}


def test_one_voice_under_two_labels_is_one_manager():
    roles, _ = roles_of(
        dialogue(
            "0: sunny garden this is emma how can i help you",
            "1: i have a question about my order",
            "2: sunny garden has your order here how can i help you with it",
            "0: we will send you the parcel tomorrow is there anything else i can do for you today",
        ),
        ENGLISH,
    )
    assert roles == {"speaker 0": Role.MANAGER, "speaker 1": Role.CUSTOMER, "speaker 2": Role.MANAGER}


def test_given_roles_tell_the_second_managers_name():
    said = [
        Utterance(0.0, 2.0, spread_words("good morning this is emma", _span(0, 2)), "manager"),
        Utterance(9.0, 11.0, spread_words("hello this is oliver", _span(9, 11)), "second_manager"),
    ]
    roles, assignment = roles_of(said, ENGLISH, labels_are_roles=True)
    assert roles["second_manager"] is Role.SECOND_MANAGER
    assert assignment.second_name.split()[0] == "Oliver"


def test_the_name_of_the_second_manager_is_read_once_the_turns_are_parted():
    said = dialogue("0: sunny garden this is emma", "0: hello my name is oliver", channels=True)
    turns, assignment = assign_roles(said, ENGLISH, labels_are_roles=False, two_channels=True)
    parted = [
        Turn(role, one.start, one.end, one.words, one.speaker, one.channel)
        for role, one in zip((Role.MANAGER, Role.SECOND_MANAGER), said, strict=True)
    ]
    assert name_second_manager(assignment, turns, ENGLISH) == assignment
    named = name_second_manager(assignment, parted, ENGLISH)
    assert (named.stated_name.split()[0], named.second_name.split()[0]) == ("Emma", "Oliver")


@pytest.mark.parametrize(
    ("customer", "manager", "hints"),
    [
        ("my radio is broken they sent me the wrong one", "what is your address we send our driver to you", ENGLISH),
        ("мой заказ не пришел мне его обещали", "назовите ваш адрес наш курьер приедет к вам", RUSSIAN),
    ],
)
def test_without_a_greeting_it_tells_whose_things_are_spoken_of(customer, manager, hints):
    roles, assignment = roles_of(dialogue(f"0: {customer}", f"1: {manager}", channels=True), hints, two_channels=True)
    assert roles == {"speaker 0": Role.CUSTOMER, "speaker 1": Role.MANAGER}
    assert "whose things are spoken of" in assignment.by


def test_a_greeting_under_the_wrong_label_of_a_mix_does_not_settle_the_call():
    said = dialogue(
        "1: sunny garden emma speaking how can i help you",  # the diarizer's mistake
        "1: my radio is broken i bought it last week i have a question how much does it cost",
        "0: what is your address we will send you our driver let me check which one would you like",
        "1: mine is mill road i want my money back",
        "0: we have you scheduled is there anything else i can do for you",
    )
    roles, _ = roles_of(said, ENGLISH)
    assert roles["speaker 0"] is Role.MANAGER


def test_one_side_alone_is_told_in_the_reasons():
    said = dialogue("0: sunny garden this is emma how can i help you", channels=True)
    roles, assignment = roles_of(said, ENGLISH, two_channels=True)
    assert roles["speaker 0"] is Role.MANAGER
    assert "one side only" in assignment.by
    assert assignment.confidence < 0.75


def test_given_roles_are_kept():
    said = [
        Utterance(0.0, 1.0, spread_words("i'd like to order", _span(0, 1)), "manager"),
        Utterance(1.0, 2.0, spread_words("how can i help you this is emma", _span(1, 2)), "customer"),
        Utterance(2.0, 3.0, spread_words("hm", _span(2, 3)), "somebody"),
    ]
    roles, assignment = roles_of(said, ENGLISH, labels_are_roles=True)
    assert roles == {"manager": Role.MANAGER, "customer": Role.CUSTOMER, "somebody": Role.UNKNOWN}
    assert (assignment.confidence, assignment.by) == (1.0, "transcript")


def test_given_roles_still_tell_the_stated_name():
    said = [Utterance(0.0, 2.0, spread_words("good morning this is emma", _span(0, 2)), "manager")]
    assert roles_of(said, ENGLISH, labels_are_roles=True)[1].stated_name.split()[0] == "Emma"


@pytest.mark.parametrize("utterances", [[], [Utterance(0.0, 1.0, (), "speaker 0")]])
def test_a_call_without_words_has_no_turns(utterances):
    turns, assignment = assign_roles(utterances, ENGLISH, labels_are_roles=False, two_channels=False)
    assert (turns, assignment.confidence) == ((), 0.0)
