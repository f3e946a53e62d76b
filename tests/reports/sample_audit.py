"""A realistic audit: three managers and one unknown, twelve calls, hostile names, long quotes, unreadable files."""

from __future__ import annotations

from datetime import timedelta

from report_builders import MORNING, judge, make_call, match, ringing

from qa_engine.domain.evaluation import CriterionResult, Evidence, EvidenceKind, FailedRecording, Verdict
from qa_engine.domain.scorecard import Company, Criterion, Scorecard, Section
from qa_engine.domain.transcript import Role
from qa_engine.reports.report import Report
from qa_engine.reports.summary import summarize

# id, section, weight, fatal, (title, advice, right words, wrong words, reason) in English and in Russian
ROWS = (
    ("hello", "greeting", 10, False,
     ("Said hello", "Begin with a greeting within the first three seconds.", "good morning", "yes speaking",
      "no greeting in the first 20 s, heard with confidence 0.94"),
     ("Поздоровался", "Начинайте с приветствия в первые три секунды.", "добрый день", "да слушаю",
      "приветствия нет в первые 20 с, слышно с уверенностью 0,94")),
    ("company", "greeting", 10, False,
     ("Named the company", "Name the company in the first sentence.", "sunny garden", "the garden shop",
      "company not named in the first 20 s; closest thing said at 64 of 85"),
     ("Назвал компанию", "Называйте компанию в первом предложении.", "компания ромашка", "магазин слушает",
      "компания не названа в первые 20 с; ближе всего 64 из 85")),
    ("own_name", "greeting", 10, False,
     ("Gave own name", "Say your name: the customer will know whom to ask for.", "this is emma speaking", "hello",
      "own name not heard in the first 20 s"),
     ("Представился", "Называйте своё имя: клиент будет знать, кого спросить.", "меня зовут анна", "алло",
      "имя не прозвучало в первые 20 с")),
    ("script", "talk", 15, False,
     ("Followed the dialogue rules", "Order: need, offer, terms, next step. Write the four words on a card.",
      "what would you like to grow and where will it stand", "so what do you want",
      "2 of 4 steps; missing: terms, next step"),
     ("Следовал правилам диалога", "Порядок: потребность, предложение, условия, следующий шаг. Держите карточку рядом.",
      "подскажите что вы хотели бы вырастить и где это будет стоять", "ну чего вам",
      "2 шага из 4; нет: условия, следующий шаг")),
    ("politeness", "talk", 20, True,
     ("Stayed polite", "Never put the blame on the customer, whatever happened.", "of course i will check it for you",
      "well that is your own problem you should have read the instructions before you watered it every day like that "
      "because everybody knows that and i really do not understand why people call us about such things at all " * 3,
      "blaming the customer"),
     ("Был вежлив", "Никогда не перекладывайте вину на клиента, что бы ни случилось.", "конечно сейчас всё проверю",
      "ну это ваши проблемы надо было читать инструкцию прежде чем поливать каждый день это же все знают и я вообще "
      "не понимаю зачем по такому поводу звонить " * 3,
      "перекладывание вины на клиента")),
    ("answer_speed", "times", 10, False,
     ("Answered by the third ring", "Take the call by the third ring; redirect the line when you leave the desk.",
      "", "", "answered after 21.4 s (limit 15 s)"),
     ("Ответил до третьего гудка", "Берите трубку до третьего гудка; уходя, переводите линию.", "", "",
      "ответ через 21,4 с (норма 15 с)")),
    ("farewell", "ending", 5, False,
     ("Said goodbye and thanked", "Thank for the call and say goodbye.", "thank you for calling goodbye", "okay then",
      "no farewell in the last 20 s"),
     ("Попрощался и поблагодарил", "Благодарите за звонок и прощайтесь.", "спасибо за звонок до свидания", "ну ладно",
      "прощания нет в последние 20 с")),
    ("product_knowledge", "talk", 0, False,
     ("Product knowledge", "", "", "", "a person answers this question"),
     ("Знание товара", "", "", "", "на этот вопрос отвечает человек")),
)  # fmt: skip

# One letter per criterion of ROWS: p pass, h half, f fail, r review, - not applicable, . not measured
CALLS = (
    (0, "ppphpp pr"), (0, "pppp pppr"), (0, "pfppppfr"), (0, "ppppp.pr"), (0, "ppphpfpr"),
    (1, "fpfhppfr"), (1, "prfpfpfr"), (1, "pfphp.fr"), (1, "ppfhpppr"),
    (2, "pppppppr"), (2, "rrrrrr-r"),
    (3, "pprppppr"),
)  # fmt: skip
NAMES = {
    "en": ("Emma Clark", "Oliver <script>alert('Hughes')</script> & Sons", "Sophie Turner", ""),
    "ru": ("Анна Петрова", "Иван <script>alert('Смирнов')</script> & сын", "Ольга Кузнецова", ""),
}
VERDICTS = {
    "p": Verdict.PASS, "h": Verdict.PARTIAL, "f": Verdict.FAIL,
    "r": Verdict.REVIEW, "-": Verdict.NOT_APPLICABLE, ".": Verdict.NOT_MEASURED,
}  # fmt: skip
SHARES = {"p": 1.0, "h": 0.5, "f": 0.0}
TEXTS = {
    "en": ("words too uncertain (confidence 0.41)", "the recording starts at the answer", "not asked on this call",
           "said in the first 20 s"),
    "ru": ("слова слишком неуверенные (0,41)", "запись начинается с ответа", "в этом звонке не спрашивается",
           "сказано в первые 20 с"),
}  # fmt: skip


def sample_card(language: str) -> Scorecard:
    which = 4 if language == "en" else 5
    company = "Sunny Garden" if language == "en" else "Ромашка"
    criteria = tuple(
        Criterion(row[0], row[which][0], row[1], float(row[2]), "phrase", None, fatal=row[3], advice=row[which][1])
        for row in ROWS
    )
    title = "Incoming call" if language == "en" else "Входящий звонок"
    return Scorecard(
        f"phone_{language}", title, language, Company(company), (), 80.0, (Section("all", "All", criteria),), "sha256:1"
    )


def sample_report(language: str = "en") -> Report:
    judged = [_judged(number, who, letters.replace(" ", ""), language) for number, (who, letters) in enumerate(CALLS)]
    damaged = "day/external-102-4955550999-20261120-161502-1763644502.99.wav"
    failures = (
        FailedRecording(damaged, "unreadable", "a damaged file: 0 of 44 header bytes; copy it again"),
        FailedRecording("day/<b>notes<b>.wav", "empty", "0 bytes; leave it out or copy it again"),
    )
    return summarize(judged, failures, sample_card(language))


def _judged(number, who, letters, language):
    seconds = 21.4 if letters[5] == "f" else None if letters[5] in ".r" else 5.0 + number
    call = make_call(
        number, NAMES[language][who],
        ringing=ringing(seconds, why=TEXTS[language][1]), started_at=MORNING + timedelta(minutes=37 * number),
    )  # fmt: skip
    results = [_result(row, letter, language) for row, letter in zip(ROWS, letters, strict=True)]
    return call, judge(call, *results)


def _result(row, letter, language) -> CriterionResult:
    id_, section, weight, fatal, *texts = row
    title, advice, right, wrong, reason = texts[0 if language == "en" else 1]
    uncertain, unmeasured, unasked, _said = TEXTS[language]
    reasons = {
        "p": TEXTS[language][3],
        "r": uncertain if id_ != "product_knowledge" else reason,
        ".": unmeasured,
        "-": unasked,
    }
    words = right if letter == "p" else wrong
    evidence = []
    if letter in "phf" and words:
        kind = EvidenceKind.NEAR_MISS if letter == "f" and id_ == "company" else EvidenceKind.MATCH
        evidence.append(
            Evidence(kind, words, 2.4 + weight, 4.0 + weight, Role.MANAGER, 64.0 if letter == "f" else 97.5)
        )
    elif letter in "pf":
        evidence.append(Evidence(EvidenceKind.EVENT, "", 0.4, 9.4, note="425 Hz 1.0/4.0"))
    elif letter == "r" and id_ != "product_knowledge":
        evidence.append(Evidence(EvidenceKind.SEARCHED, "", 0.0, 20.0, Role.MANAGER, note="0.41"))
    return CriterionResult(
        id_, title, section, float(weight), VERDICTS[letter], SHARES.get(letter), reasons.get(letter, reason),
        tuple(evidence), fatal, advice,
    )  # fmt: skip


__all__ = ["match", "sample_card", "sample_report"]
