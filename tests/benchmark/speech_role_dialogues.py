"""Dialogues for the role benchmark, put together from openings and exchanges; tuning and test share no line.

Managers often open with a bare "hello" or nothing that was recorded, and customers with the matter itself: there roles
are hard. Written by hand before the evidence for such calls was added; that was chosen by the tuning lines alone.
"""

from __future__ import annotations

import numpy as np

__all__ = ["BARE", "put_together"]

Line = tuple[str, str]

BARE = ("greeting", "bare", "none")  # how the manager opens: in full, with one word, not recorded

OPENINGS = {
    "en": {
        "tuning": ("Good morning, Lakeside Clinic, Helen speaking.", "Lakeside Clinic, how may I direct your call?"),
        "test": (
            "Thanks for calling Harbour Electric, this is Martin, what can I help you with?",
            "Harbour Electric, Julia speaking, good afternoon.",
            "Good day, you are talking to Harbour Electric.",
        ),
    },
    "ru": {
        "tuning": ("Клиника «Озёрная», Елена, здравствуйте.", "Добрый день, клиника «Озёрная», слушаю вас."),
        "test": (
            "«Гавань Электро», меня зовут Мартин, чем помочь?",
            "Компания «Гавань Электро», Юлия, добрый день.",
            "Здравствуйте, вы позвонили в «Гавань Электро».",
        ),
    },
}
BARE_OPENINGS = {"en": ("Hello?", "Yes, hello.", "Good morning."), "ru": ("Алло.", "Да, слушаю.", "Добрый день.")}
COMPANIES = {
    "en": {"tuning": "Lakeside Clinic", "test": "Harbour Electric"},
    "ru": {"tuning": "Озёрная", "test": "Гавань Электро"},
}
EXCHANGES = {
    "en": {
        "tuning": (
            ("c Hi, I need an appointment with a dentist.", "m We have Tuesday at ten or Thursday at two.",
             "c Thursday is fine.", "m Then I put you down for Thursday. May I have your date of birth?",
             "c The fifth of May, nineteen eighty."),
            ("c Hello, I was told that my results would be ready today.", "m Just a second, I am opening your file.",
             "c Thank you.", "m They came in this morning. You can pick them up at the desk.", "c Great."),
        ),
        "test": (
            ("c Good morning, the power is out in our house since six.", "m What is the address, please?",
             "c Twelve Mill Road.", "m Our crew is on its way there, it should be back by nine.",
             "c All right, thanks.", "m You will get a text message from us when it is done."),
            ("c Hi, my bill this month is twice as high as usual.", "m Could you read me the account number?",
             "c It says four four nine one.", "m I see that the last reading was an estimate. We will correct that.",
             "c So I do not have to pay this one?", "m No, a new bill will be sent to you within three days."),
            ("c Hello, I am moving to another flat and I do not know how to tell you.",
             "m I can register that for you right now. When are you moving?", "c On the first.",
             "m And what is the new address?", "c Nine Church Street, second floor.", "m Done, it is in the system."),
            ("c Can I pay in two parts?", "m Of course, we offer instalments without interest.", "c How does it work?",
             "m I will email you a form, you sign it and send it back to us.", "c Okay, my email is on file."),
            ("c I wanted to ask about the meter in the hall.", "m Yes?", "c It shows nothing at all.",
             "m Our technician can come tomorrow between eight and twelve. Does that suit you?", "c Yes, it does."),
        ),
    },
    "ru": {
        "tuning": (
            ("c Мне нужно записаться к зубному.", "m Есть вторник на десять и четверг на два.", "c Давайте четверг.",
             "m Записала вас на четверг. Дату рождения назовите, пожалуйста.", "c Пятое мая восьмидесятого."),
            ("c Мне говорили, что анализы будут готовы сегодня.", "m Секунду, открываю вашу карту.", "c Спасибо.",
             "m Пришли сегодня утром, можете забрать в регистратуре.", "c Отлично."),
        ),
        "test": (
            ("c У нас с шести утра нет света.", "m Какой у вас адрес?", "c Мельничная, двенадцать.",
             "m Бригада уже выехала, к девяти должны включить.", "c Ясно, спасибо.",
             "m Вам придёт от нас сообщение, когда закончат."),
            ("c Мне пришёл счёт в два раза больше обычного.", "m Продиктуйте, пожалуйста, номер лицевого счёта.",
             "c Четыре четыре девять один.", "m Вижу, последние показания были расчётные, мы это исправим.",
             "c То есть этот мне не оплачивать?", "m Нет, новый счёт мы отправим вам в течение трёх дней."),
            ("c Я переезжаю на другую квартиру и не знаю, как вам сообщить.",
             "m Могу оформить прямо сейчас. Когда переезд?",
             "c Первого числа.", "m И новый адрес?", "c Церковная, девять, второй этаж.", "m Готово, внесла в базу."),
            ("c А можно оплатить двумя частями?", "m Да, у нас есть рассрочка без процентов.", "c А как это сделать?",
             "m Я отправлю вам форму на почту, подпишете и вернёте нам.", "c Хорошо, почта у вас есть."),
            ("c Я насчёт счётчика в коридоре.", "m Да?", "c Он вообще ничего не показывает.",
             "m Наш мастер может подойти завтра с восьми до двенадцати. Вам удобно?", "c Да, удобно."),
        ),
    },
}  # fmt: skip
CLOSINGS = {
    "en": (("m Anything else?", "c No, that is all.", "m Have a nice day."), ("c Thanks, bye.", "m Bye.")),
    "ru": (("m Ещё вопросы есть?", "c Нет, всё.", "m Всего доброго."), ("c Спасибо, до свидания.", "m До свидания.")),
}


def put_together(rng: np.random.Generator, language: str, part: str, opening: str) -> tuple[str, tuple[Line, ...]]:
    """A company, and who says what (``m`` the manager); `opening` is one of `BARE`."""
    lines = []
    if opening != "none":
        openings = BARE_OPENINGS[language] if opening == "bare" else OPENINGS[language][part]
        lines.append(f"m {rng.choice(openings)}")
    exchanges = EXCHANGES[language][part]
    lines += exchanges[int(rng.integers(len(exchanges)))]
    closings = CLOSINGS[language]
    lines += closings[int(rng.integers(len(closings)))]
    return COMPANIES[language][part], tuple((line[0], line[2:]) for line in lines)
