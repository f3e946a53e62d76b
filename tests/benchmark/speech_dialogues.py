"""What is said in the made calls of the speech benchmark: whole dialogues of a telephone trade, with slots to fill.

The two sets share no script and no slot. `m` is the manager, `c` the customer; a script may begin with either.
"""

from __future__ import annotations

import re

import numpy as np

__all__ = ["SCRIPTS", "SLOTS", "WORDS", "Line", "fill", "write_dialogue"]

Line = tuple[str, str]

SCRIPTS: dict[str, dict[str, tuple[tuple[str, ...], ...]]] = {
    "en": {
        "tuning": (
            (
                "m {company}, good afternoon, this is {manager}. What can I do for you?",
                "c Hello, I am calling about the {thing} that I bought {day}.",
                "m Certainly. Do you have the number of the order?",
                "c Yes, it is {number}.",
                "m Thank you. I see it here. What is wrong with it?",
                "c It does not work at all.",
                "m I am sorry to hear that. We will send you another one {later}.",
                "c That would be great. Thank you very much.",
                "m You are welcome. Goodbye.",
                "c Bye.",
            ),
            (
                "c Hello?",
                "m Good morning, my name is {manager}, I am calling from {company}.",
                "c Yes, what is it about?",
                "m You ordered a {thing} on our website, and I would like to confirm the delivery.",
                "c Oh yes. Can you bring it {later}?",
                "m Of course. Will you be at home before noon?",
                "c Yes, I will be at home all day.",
                "m Very good. Have a nice day.",
                "c Thank you, you too.",
            ),
        ),
        "test": (
            (
                "m Thank you for calling {company}. {manager} speaking. How may I help you?",
                "c Hi. I would like to know when my {thing} will be delivered.",
                "m Let me check that for you. Could you give me your order number, please?",
                "c Sure. It is {number}.",
                "m Thank you. The parcel left our warehouse {day}, and it will be with you {later}.",
                "c Oh, that is later than I expected.",
                "m I understand, and I apologize for the delay. Is there anything else I can do for you?",
                "c No, that is all. Thanks for your help.",
                "m Thank you for your call. Goodbye.",
                "c Goodbye.",
            ),
            (
                "m Hello, {company}, {manager} here.",
                "c Good morning. The {thing} you sent me is broken, and I want my money back.",
                "m I am very sorry about that. When did you receive it?",
                "c It came {day}.",
                "m In that case you can return it free of charge, and we will refund you the full price.",
                "c How long does the refund take?",
                "m It usually takes five days. Shall I send you the return label by email?",
                "c Yes, please do that.",
                "m You will have it in a few minutes. Have a good day.",
                "c Thank you. Bye.",
            ),
            (
                "m Good evening, you have reached {company}.",
                "c Good evening. Do you have the {thing} in stock?",
                "m Yes, we have three of them at the moment. The price is {number} dollars.",
                "c And do you deliver on Sunday?",
                "m We deliver every day except Sunday. I can offer you a delivery {later}.",
                "c All right, I will take one.",
                "m Wonderful. May I have your name and your address?",
                "c My name is {name}, and I live in Church Street.",
                "m Thank you, {name}. Your order is placed. Bye bye.",
                "c Thanks, bye.",
            ),
            (
                "c Yes, hello, who is this?",
                "m Hello, this is {manager} from {company}. Am I speaking with {name}?",
                "c Yes, speaking.",
                "m I am calling because the courier could not find your house {day}.",
                "c I was at work, nobody was at home.",
                "m No problem. When would it suit you to receive the {thing}?",
                "c Please bring it {later}, after six in the evening.",
                "m I have written that down. Thank you and goodbye.",
                "c Okay, thank you.",
            ),
        ),
    },
    "ru": {
        "tuning": (
            (
                "m {company}, добрый день, меня зовут {manager}. Чем могу помочь?",
                "c Здравствуйте, я звоню по поводу заказа. Мне нужна {thing}.",
                "m Хорошо. Назовите, пожалуйста, номер заказа.",
                "c Номер заказа {number}.",
                "m Спасибо. Заказ привезут {later}.",
                "c Отлично, буду ждать. Спасибо.",
                "m Всего доброго, до свидания.",
                "c И вам всего доброго.",
            ),
        ),
        "test": (
            (
                "m Здравствуйте, компания {company}, менеджер {manager}. Слушаю вас.",
                "c Добрый день. Подскажите, когда приедет моя {thing}?",
                "m Сейчас посмотрю. Скажите, пожалуйста, номер заказа.",
                "c Сейчас найду. Номер {number}.",
                "m Спасибо, вижу ваш заказ. Доставка будет {later}.",
                "c А раньше никак нельзя?",
                "m К сожалению, нет. Могу ещё чем-нибудь помочь?",
                "c Нет, спасибо, это всё.",
                "m Спасибо за звонок, всего доброго.",
                "c До свидания.",
            ),
            (
                "c Алло, слушаю.",
                "m Добрый день, меня зовут {manager}, компания {company}. Вам удобно говорить?",
                "c Да, удобно.",
                "m Вы оставляли заявку на нашем сайте. Вас интересует {thing}?",
                "c Да, сколько она стоит?",
                "m Она стоит {number} рублей. Можем привезти {later}.",
                "c Хорошо, привозите.",
                "m Спасибо, заказ оформлен. Хорошего дня.",
                "c Спасибо, и вам.",
            ),
        ),
    },
}
SLOTS: dict[str, dict[str, dict[str, tuple[str, ...]]]] = {
    "en": {
        "tuning": {
            "company": ("North Star", "Home and Garden"),
            "manager": ("Laura", "Simon"),
            "name": ("Mister Brown", "Misses Green"),
            "thing": ("radio", "bicycle", "carpet"),
            "day": ("last week", "on Monday"),
            "later": ("on Friday", "next week"),
            "number": ("fifty four", "nineteen"),
        },
        "test": {
            "company": ("Blue River", "City Lights", "Golden Apple"),
            "manager": ("Alice", "Robert", "Helen"),
            "name": ("Mister Baker", "Miss Cooper", "Misses Taylor"),
            "thing": ("table", "camera", "washing machine", "winter coat"),
            "day": ("yesterday", "on Wednesday", "two days ago"),
            "later": ("tomorrow", "on Saturday", "on Thursday morning"),
            "number": ("twenty seven", "eighty three", "sixteen"),
        },
    },
    "ru": {
        "tuning": {
            "company": ("Северный дом",),
            "manager": ("Ольга", "Павел"),
            "thing": ("лампа", "коляска"),
            "later": ("в пятницу", "на следующей неделе"),
            "number": ("сорок два", "девятнадцать"),
        },
        "test": {
            "company": ("Синяя река", "Золотое яблоко"),
            "manager": ("Анна", "Виктор", "Марина"),
            "thing": ("посылка", "стиральная машина", "камера"),
            "later": ("завтра утром", "в субботу", "в четверг после обеда"),
            "number": ("двадцать семь", "восемьдесят три", "шестнадцать"),
        },
    },
}
# said one by one, with known gaps: their beginnings are known to the sample
WORDS = {
    "en": ("yesterday", "delivery", "morning", "garden", "telephone", "money", "weather", "captain", "paper", "seven"),
    "ru": ("вчера", "доставка", "утро", "магазин", "телефон", "деньги", "погода", "капитан", "бумага", "заказ"),
}


def write_dialogue(rng: np.random.Generator, language: str, part: str, index: int) -> tuple[str, tuple[Line, ...]]:
    """The company, and who says what; scripts in turn by `index`, slots by chance."""
    scripts = SCRIPTS[language][part]
    slots = {name: str(rng.choice(values)) for name, values in SLOTS[language][part].items()}
    return slots["company"], fill(scripts[index % len(scripts)], slots)


def fill(script: tuple[str, ...], slots: dict[str, str]) -> tuple[Line, ...]:
    """The lines of a script with its slots filled. Raises KeyError for a slot that has no value."""
    filled = (re.sub(r"\{(\w+)\}", lambda found: slots[found.group(1)], line) for line in script)
    return tuple((line[0], line[2:]) for line in filled)
