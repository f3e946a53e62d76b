"""What managers and customers say that the other side hardly ever does, beside the lexicons of `language`.

Chosen by hand from the calls at hand (garage, bank, shops; ru and en); each stands for many of its kind.
"""

from __future__ import annotations

__all__ = ["ASKING", "CUSTOMER_PHRASES", "MANAGER_PHRASES", "PRONOUNS_OF", "THANKS_FOR_CALLING"]

# Words right before a company's name that ask for it; the second group only where the recogniser heard a question.
ASKING = {
    "en": ((("is", "this"), ("is", "that"), ("is", "it"), ("i", "through", "to"), ("i", "reached")), ()),
    "ru": (
        tuple(
            (verb, word) for verb in ("попал", "попала", "дозвонился", "дозвонилась", "звоню") for word in ("в", "до")
        ),
        (("это",), ("вы",), ("магазин",), ("компания",)),
    ),
}
# Words of the company's side and of the caller's: who says "your order" and who "my order". "You" is said by both.
PRONOUNS_OF = {
    "en": (frozenset({"we", "our", "ours", "us", "your", "yours"}), frozenset({"me", "my", "mine", "myself"})),
    "ru": (
        frozenset({"мы", "нам", "нами"})
        | frozenset(f"{whose}{end}" for whose in ("наш", "ваш") for end in ("", "а", "е", "и", "у", "ей", "его", "ем")),
        frozenset({"мне", "меня", "мной", "мой", "моя", "мое", "мои", "мою", "моей", "моего", "моем", "моих"}),
    ),
}
THANKS_FOR_CALLING = {
    "en": ("thank you for calling", "thanks for calling", "you've reached"),
    "ru": ("спасибо за звонок", "благодарю за звонок", "спасибо что позвонили", "вы позвонили в компанию"),
}
MANAGER_PHRASES = {
    "en": (
        "could i have your name",
        "may i have your name",
        "what was your last name",
        "can i get your order number",
        "could you spell that for me",
        "i'd be happy to assist you",
        "let me look that up for you",
        "what can i do for you",
        "which one would you like",
        "would you like to ship it",
        "i will transfer you",
        "your order has been placed",
        "sorry for the inconvenience",
        "is there anything else",
        "we have you scheduled",
        "we look forward to seeing you",
        "may i have your",
        "can i have your",
        "could you give me your",
        "what is your date of birth",
        "let me check",
        "i will check that for you",
        "i put you down for",
        "we can offer you",
        "we will send you",
        "you will receive",
    ),
    "ru": (
        "как к вам обращаться",
        "как могу к вам обращаться",
        "представьтесь пожалуйста",
        "слушаю вас",
        "назовите номер заказа",
        "подскажите номер заказа",
        "подскажите ваш номер телефона",
        "сейчас проверю",
        "я проверю информацию",
        "оформляю заказ",
        "ваш заказ оформлен",
        "могу предложить",
        "приносим извинения",
        "на какой адрес доставить",
        "остались ли вопросы",
        "уточню информацию",
        "назовите пожалуйста",
        "продиктуйте пожалуйста",
        "ваша дата рождения",
        "записала вас на",
        "записал вас на",
        "одну секунду",
        "открываю вашу карту",
        "мы можем предложить",
        "наш специалист",
    ),
}
CUSTOMER_PHRASES = {
    "en": (
        "i'd like to order",
        "i want to order",
        "i'd like to buy",
        "i'm calling because",
        "i'm calling about",
        "i'm calling to",
        "i was wondering",
        "i have a question",
        "i bought",
        "i ordered",
        "my order has not arrived",
        "i lost my",
        "how much does it cost",
        "do you have in stock",
        "i need to talk to somebody",
        "can i speak to",
        "i wanted to give you guys a call",
        "i filled out",
        "i would like to schedule",
        "i want my money back",
        "i need an appointment",
        "i was told that",
        "does not work",
    ),
    "ru": (
        "у меня вопрос",
        "такой вопрос",
        "хочу заказать",
        "хотел заказать",
        "хотела заказать",
        "хочу вернуть",
        "хотела бы узнать",
        "хотел бы узнать",
        "я хотел узнать",
        "я заказывал",
        "я заказывала",
        "я у вас заказывал",
        "мой заказ",
        "где мой заказ",
        "мне не привезли",
        "сколько стоит",
        "у вас есть в наличии",
        "верните деньги",
        "я по поводу заказа",
        "соедините меня",
        "мне нужно",
        "мне нужен",
        "мне нужна",
        "мне говорили",
        "у меня не работает",
        "можно ли",
        "когда привезут",
    ),
}
