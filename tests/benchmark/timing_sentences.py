"""What is said in the made calls: sentences of no meaning to the measures, and the words of waiting."""

from __future__ import annotations

__all__ = ["CUES", "SENTENCES"]

SENTENCES = {
    "en": (
        "The parcel should be with you on Thursday before noon.",
        "Could you tell me the number on the bill again?",
        "I bought two lamps last week and one of them does not light up.",
        "The amount is forty two dollars and sixty cents.",
        "We can send the spare part free of charge.",
        "It was the blue one with the wooden handle.",
        "Then I will write it down and you get a letter about it.",
        "My son uses it every day after school.",
        "The shop in the centre is open until eight in the evening.",
        "That was paid by card, in the middle of October.",
        "Yes, the street is right but the house number is seventeen.",
        "The warranty covers both the engine and the battery.",
        "I would rather have it delivered to my office.",
        "It makes a strange noise when it is switched on in the morning.",
        "No problem at all.",
        "All right, and what colour is it?",
    ),
    "ru": (
        "Посылка должна прийти в четверг до обеда.",
        "Продиктуйте номер счёта ещё раз, пожалуйста.",
        "Я купил у вас две лампы, и одна из них не горит.",
        "Сумма сорок два рубля шестьдесят копеек.",
        "Мы можем выслать запасную часть бесплатно.",
        "Это была синяя с деревянной ручкой.",
        "Тогда я запишу, и вам придёт письмо об этом.",
        "Мой сын пользуется ею каждый день после школы.",
        "Магазин в центре работает до восьми вечера.",
        "Оплачено картой в середине октября.",
        "Да, улица верная, но номер дома семнадцать.",
        "Гарантия распространяется на двигатель и на аккумулятор.",
        "Мне было бы удобнее получить его в офисе.",
        "По утрам он странно шумит при включении.",
        "Ничего страшного.",
        "Хорошо, а какого он цвета?",
    ),
}
# what: language -> words. The `introduces` ones are said by the colleague to whom the customer was handed.
CUES = {
    "wait": {"en": "One moment please, stay on the line.", "ru": "Одну минуту, оставайтесь на линии, пожалуйста."},
    "back": {"en": "Thank you for holding.", "ru": "Спасибо за ожидание."},
    "transfer": {
        "en": "I will put you through to the billing department.",
        "ru": "Я переведу вас на отдел доставки.",
    },
    "machine": {
        "en": "Your call is important to us, please stay on the line.",
        "ru": "Ваш звонок очень важен для нас, оставайтесь на линии.",
    },
    "introduces": {
        "en": "Billing department, my name is Kate, hello.",
        "ru": "Отдел доставки, меня зовут Ольга, здравствуйте.",
    },
}
