"""Voices of `language_check.py`: where speech of known language comes from, and which half of it may be tuned on."""

from __future__ import annotations

import random
import shutil
import subprocess
import tempfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Samples = NDArray[np.float32]
RATE = 16_000  # Hz
PROMPTS = Path("/usr/share/asterisk/sounds")
RECORDINGS = Path(__file__).resolve().parents[3] / "shared" / "data" / "recordings"
NUM_SEQUENCES = 24  # sentences per language: the even ones to tune on, the odd ones to test on

ENGLISH = """Good morning, thank you for calling Sunny Garden, my name is Emma, how can I help you today?
Hello, I ordered two apple trees last week and they have not arrived yet.
I am sorry to hear that, could you give me the number of your order, please?
Yes, it is four seven one nine, and the name is Peter Collins.
Thank you, let me check where the parcel is, it will take a minute.
Do you mind if I put you on hold while I ask the warehouse?
No problem, but I have been waiting for more than ten days already.
Your parcel left our warehouse on Tuesday and should reach you tomorrow before noon.
Can I change the delivery address to my office on Baker Street?
Of course, please tell me the street, the house number and the postal code.
I would also like to know how often I should water these young trees.
In the first year you should water them twice a week, mostly in the evening.
What happens if one of the trees does not survive the winter?
We have a guarantee of twelve months, so we would send you a new one for free.
That sounds good, and do you sell any flower pots for a balcony?
We have clay and plastic ones, the prices start at fifteen pounds.
My husband says that the last invoice was charged twice to our credit card.
I can see two payments here, I will send the second one back to your account today.
How long does it usually take until the money is back?
It takes three to five working days, depending on your bank.
Well, I was rather unhappy yesterday, but now everything is clear.
I apologise for the inconvenience, is there anything else I can do for you?
No, that is all, thank you very much for your help.
You are welcome, have a lovely day and goodbye.""".splitlines()

RUSSIAN = """Добрый день, интернет-магазин Ромашка, меня зовут Анна, чем могу помочь?
Здравствуйте, я заказывала у вас два платья на прошлой неделе, и они до сих пор не пришли.
Мне очень жаль, назовите, пожалуйста, номер вашего заказа.
Да, сейчас посмотрю, четыре семь один девять, фамилия Соколова.
Спасибо, я проверю, где находится посылка, это займёт одну минуту.
Вы не против, если я переключу вас на удержание и спрошу на складе?
Хорошо, только я жду уже больше десяти дней.
Ваша посылка вышла со склада во вторник и должна прийти завтра до обеда.
Можно поменять адрес доставки на мой рабочий адрес?
Конечно, продиктуйте улицу, номер дома и почтовый индекс.
Ещё я хотела узнать, можно ли вернуть одно платье, если не подойдёт размер.
Вернуть товар можно в течение четырнадцати дней, если сохранён чек и упаковка.
А кто платит за обратную доставку, я или магазин?
Если товар с браком, то платит магазин, в остальных случаях покупатель.
Понятно, а скажите, бывают ли у вас скидки для постоянных клиентов?
Да, после третьего заказа вы получаете скидку десять процентов.
Мой муж говорит, что за прошлый заказ деньги списали два раза.
Я вижу два платежа, второй мы вернём на вашу карту сегодня же.
А сколько времени обычно идут деньги на карту?
Обычно от трёх до пяти рабочих дней, это зависит от банка.
Ну что же, вчера я была недовольна, но теперь всё понятно.
Приносим извинения за неудобства, могу ли я ещё чем-нибудь помочь?
Нет, это всё, большое вам спасибо за помощь.
Пожалуйста, хорошего вам дня и до свидания.""".splitlines()

FRENCH = """Bonjour, merci de votre appel, je m'appelle Claire, comment puis-je vous aider?
J'ai commandé deux lampes la semaine dernière et je ne les ai pas encore reçues.
Je suis désolée, pourriez-vous me donner le numéro de votre commande?
Oui, c'est quatre sept un neuf, au nom de Martin.
Merci, je vérifie où se trouve le colis, cela prendra une minute.
Votre colis a quitté notre entrepôt mardi et devrait arriver demain avant midi.
Est-ce que je peux changer l'adresse de livraison pour mon bureau?
Bien sûr, donnez-moi la rue, le numéro et le code postal, s'il vous plaît.
Mon mari me dit que la dernière facture a été débitée deux fois.
Je vois deux paiements, nous allons vous rembourser le second aujourd'hui.
Combien de temps faut-il pour que l'argent revienne sur mon compte?
Je vous souhaite une excellente journée, au revoir et à bientôt.""".splitlines()

GERMAN = """Guten Tag, Sie sprechen mit der Firma Sonnengarten, mein Name ist Anna, wie kann ich Ihnen helfen?
Ich habe letzte Woche zwei Lampen bestellt und sie sind noch nicht angekommen.
Das tut mir leid, können Sie mir bitte die Nummer Ihrer Bestellung sagen?
Ja, einen Augenblick, vier sieben eins neun, der Name ist Schneider.
Vielen Dank, ich sehe gleich nach, wo das Paket ist, es dauert eine Minute.
Ihr Paket hat unser Lager am Dienstag verlassen und sollte morgen Vormittag ankommen.
Kann ich die Lieferadresse noch ändern, es soll in mein Büro geliefert werden?
Natürlich, nennen Sie mir bitte die Straße, die Hausnummer und die Postleitzahl.
Mein Mann sagt, dass die letzte Rechnung zweimal abgebucht wurde.
Ich sehe hier zwei Zahlungen, die zweite überweisen wir Ihnen heute zurück.
Wie lange dauert es normalerweise, bis das Geld wieder auf dem Konto ist?
Ich wünsche Ihnen noch einen schönen Tag, auf Wiederhören.""".splitlines()

SPANISH = """Buenos días, gracias por llamar, me llamo Lucía, ¿en qué puedo ayudarle?
La semana pasada pedí dos lámparas y todavía no han llegado.
Lo siento mucho, ¿me puede decir el número de su pedido, por favor?
Sí, un momento, es cuatro siete uno nueve, a nombre de García.
Gracias, voy a comprobar dónde está el paquete, tardaré un minuto.
Su paquete salió de nuestro almacén el martes y debería llegar mañana por la mañana.
¿Puedo cambiar la dirección de entrega para que llegue a mi oficina?
Claro que sí, dígame la calle, el número y el código postal.
Mi marido dice que la última factura se cobró dos veces.
Veo aquí dos pagos, el segundo se lo devolvemos hoy mismo a su cuenta.
¿Cuánto tiempo tarda normalmente en llegar el dinero?
Le deseo un buen día, hasta luego y gracias por su paciencia.""".splitlines()


@dataclass(frozen=True, slots=True)
class Call:
    """Speech of known language; `part` is ``tune`` or ``test``; `sound` makes 16 kHz samples, shape ``(time,)``."""

    name: str
    language: str
    source: str
    part: str
    sound: Callable[[], Samples]


def all_calls() -> Iterator[Call]:
    """Every call that can be made of the voices found on this machine."""
    yield from _recorded_calls()
    yield from _prompt_calls()
    yield from _synthetic_calls()


def missing_voices() -> list[str]:
    """What would add calls but is not installed."""
    programs = [name for name in ("espeak-ng", "flite", "text2wave", "sox") if shutil.which(name) is None]
    packs = [folder for folder, _, _ in PROMPT_PACKS if not (PROMPTS / folder).is_dir()]
    return programs + packs + ([] if RECORDINGS.is_dir() else ["the labelled recordings"])


# --- recordings of people -------------------------------------------------------------------------------------------


def _recorded_calls() -> Iterator[Call]:
    if not RECORDINGS.is_dir():
        return
    garage = RECORDINGS / "auto_repair_stereo_manager_left.flac"
    for index, start in enumerate(range(0, 240, 40)):  # windows in turn: 0, 2, 4 to tune on; 1, 3, 5 to test on
        part = "test" if index % 2 else "tune"
        for channel, side in enumerate(("manager", "customer")):
            cut = partial(_recording, garage, channel, start, start + 40)
            yield Call(f"garage-{side}-{start}", "en", "people", part, cut)
        yield Call(f"garage-both-{start}", "en", "people", part, partial(_recording, garage, None, start, start + 40))
    for name in ("car_loan_mono_8k.wav", "phone_sale_mono_8k.wav", "phone_chat_16k.wav"):
        yield Call(name, "en", "people", "test", partial(_recording, RECORDINGS / name, None, 0, 60))
    russian = RECORDINGS / "russian_phone_8k.flac"
    yield Call("russian-phone", "ru", "people", "test", partial(_recording, russian, None, 0, 60))
    yield Call("russian-phone-first-half", "ru", "people", "test", partial(_recording, russian, None, 0, 30))


def _recording(path: Path, channel: int | None, start: float, end: float) -> Samples:
    remix = ["remix", "-"] if channel is None else ["remix", str(channel + 1)]
    return _sox([str(path)], ["trim", str(start), str(end - start), *remix])


# --- prompts read by people, joined -----------------------------------------------------------------------------------

PROMPT_PACKS = (
    ("en_US_f_Allison", "en", 16),
    ("ru_RU_f_IvrvoiceRU", "ru", 16),
    ("fr_CA_f_June", "fr", 12),
    ("es_MX_f_Allison", "es", 12),
    ("it_IT_m_Carlo", "it", 12),
)
MIN_PROMPT_BYTES = 24_000  # 1.5 s at 8 kHz, 16 bits: a phrase, not a digit


def _prompt_calls() -> Iterator[Call]:
    for folder, language, count in PROMPT_PACKS:
        files = sorted(file for file in (PROMPTS / folder).rglob("*.wav") if file.stat().st_size > MIN_PROMPT_BYTES)
        if not files:
            continue
        for index in range(count):
            part = "test" if index % 2 else "tune"
            half = [file for file in files if zlib.crc32(file.name.encode()) % 2 == index % 2]
            sound = partial(_joined_prompts, half, 1000 * len(language) + index)
            yield Call(f"prompts-{language}-{index}", language, "prompts", part, sound)


def _joined_prompts(files: list[Path], seed: int) -> Samples:
    chance = random.Random(seed)
    wanted = chance.uniform(32.0, 55.0)
    pieces: list[Samples] = []
    while sum(piece.size for piece in pieces) < wanted * RATE:
        pieces.append(_sox([str(chance.choice(files))], ["remix", "-"]))
        pieces.append(np.zeros(int(chance.uniform(0.2, 1.0) * RATE), dtype=np.float32))
    return np.concatenate(pieces)


# --- synthetic voices -------------------------------------------------------------------------------------------------

SENTENCES = {"en": ENGLISH, "ru": RUSSIAN, "fr": FRENCH, "de": GERMAN, "es": SPANISH}
ESPEAK = {  # voices by language: even sentences are spoken by the first ones (tune), odd sentences by the others (test)
    "en": (("en-us", "en-us+f3", "en-gb", "en-gb+m4"), ("en-gb-x-rp", "en-gb-scotland+f2", "en-us+m7", "en-us+Annie")),
    "ru": (("ru", "ru+f2", "ru+m3"), ("ru+Annie", "ru+f4", "ru+m7", "ru-lv")),
    "de": (("de", "de+f2"), ("de+m3", "de+Annie")),
    "fr": (("fr-fr", "fr-fr+f2"), ("fr-be+m3", "fr-ch+Annie")),
    "es": (("es", "es+f2"), ("es-419+m3", "es+Annie")),
}
FLITE = (("slt", "awb"), ("rms", "kal16"))


def _synthetic_calls() -> Iterator[Call]:
    for part_index, part in enumerate(("tune", "test")):
        if shutil.which("espeak-ng"):
            for language, voices in ESPEAK.items():
                for voice in voices[part_index]:
                    yield _spoken_call("espeak", voice, language, part, _espeak)
        if shutil.which("flite"):
            for voice in FLITE[part_index]:
                yield _spoken_call("flite", voice, "en", part, _flite)
    if shutil.which("text2wave"):
        yield _spoken_call("festival", "msu_ru_nsh_clunits", "ru", "test", _festival)


def _spoken_call(engine: str, voice: str, language: str, part: str, say: Callable[[str, str, Path], None]) -> Call:
    sentences = SENTENCES[language][(part == "test") :: 2]
    return Call(f"{engine}-{voice}", language, engine, part, partial(_spoken, say, voice, sentences))


def _spoken(say: Callable[[str, str, Path], None], voice: str, sentences: list[str]) -> Samples:
    chance = random.Random(zlib.crc32(voice.encode()))
    pieces: list[Samples] = []
    with tempfile.TemporaryDirectory() as folder:
        for index, sentence in enumerate(sentences):
            file = Path(folder) / f"{index}.wav"
            say(voice, sentence, file)
            pieces.append(_sox([str(file)], ["remix", "-"]))
            pieces.append(np.zeros(int(chance.uniform(0.2, 1.0) * RATE), dtype=np.float32))
    return np.concatenate(pieces)


def _espeak(voice: str, sentence: str, file: Path) -> None:
    subprocess.run(["espeak-ng", "-v", voice, "-w", str(file), sentence], check=True)


def _flite(voice: str, sentence: str, file: Path) -> None:
    subprocess.run(["flite", "-voice", voice, "-t", sentence, "-o", str(file)], check=True)


def _festival(voice: str, sentence: str, file: Path) -> None:
    command = ["text2wave", "-eval", f"(voice_{voice})", "-o", str(file)]
    subprocess.run(command, input=sentence.encode(), check=True, stderr=subprocess.DEVNULL)


# --- the telephone ----------------------------------------------------------------------------------------------------


def _sox(files: list[str], effects: list[str]) -> Samples:
    command = ["sox", "-V1", "-D", *files, "-t", "raw", "-e", "float", "-b", "32", "-r", str(RATE), "-", *effects]
    return np.frombuffer(subprocess.run(command, check=True, capture_output=True).stdout, dtype=np.float32)


def through_telephone(samples: Samples) -> Samples:
    """The same speech after a telephone line: 300-3400 Hz, 8 kHz, mu-law, 8 bits (ITU-T G.711), as 16 kHz samples."""
    from scipy.signal import butter, resample_poly, sosfilt

    narrow = resample_poly(samples, 1, 2)
    band = sosfilt(butter(4, (300, 3400), "bandpass", fs=RATE // 2, output="sos"), narrow)
    band *= 0.5 / max(float(np.abs(band).max()), 1e-9)
    code = np.round(np.sign(band) * np.log1p(255 * np.abs(band)) / np.log(256) * 127) / 127
    heard = np.sign(code) * np.expm1(np.abs(code) * np.log(256)) / 255
    return np.asarray(resample_poly(heard, 2, 1), dtype=np.float32)
