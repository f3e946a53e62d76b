"""How sure one must be: every threshold of "cannot tell" in one place, each with its ground.

A wrongly failed manager costs more than an unanswered question, so a `fail` for something missing asks for proof that
it was not said: the place was recorded, the words were heard, and it is known who spoke. The allowance for misheard
words itself (`MATCH_AT`, `NEAR_MISS_AT`) belongs to the phrase search in `qa_engine.language.matching`.
"""

from __future__ import annotations

from typing import Final

__all__ = [
    "ATTRIBUTION_GAP",
    "CHORUS_WORDS",
    "CLEAR_OFFENCE_AT",
    "CLEAR_OFFENCE_SECONDS",
    "CLEAR_WORD_PROBABILITY",
    "CUT_OFF_WITHIN",
    "MIN_ROLE_CONFIDENCE",
    "MIN_SPEAKER_CONFIDENCE",
    "MIN_WORD_PROBABILITY",
    "MISSED_SHARE",
    "MISSED_STRETCH",
    "SUBSTANTIVE_WORDS",
    "WINDOW_GRACE",
    "WORD_COLLAR",
]

MIN_WORD_PROBABILITY: Final = 0.6
"""Mean word probability (0..1) under which words are no proof. Recognisers report 0.85-0.95 on clear phone speech;
around 0.6 every third word is wrong, and a three-word greeting is more likely damaged than not (0.6 ** 3 = 0.2)."""

MISSED_STRETCH: Final = 1.5
"""Seconds of speech in one piece without a recognised word: room for a whole greeting or farewell (3-5 words at the
usual 150-180 words a minute take 1.0-2.0 s)."""

MISSED_SHARE: Final = 0.25
"""Share of the speech in the window without recognised words: a quarter of it unheard is no proof of absence."""

WORD_COLLAR: Final = 0.3
"""Seconds at either side of a word that count as heard: word times of recognisers are off by 0.1-0.3 s, and voice
activity keeps 0.1-0.2 s around speech."""

MIN_ROLE_CONFIDENCE: Final = 0.75
"""Role confidence (0..1) under which "the manager did not say it" may be "the other one was the manager"."""

MIN_SPEAKER_CONFIDENCE: Final = 0.75
"""Confidence (0..1) of a turn's speaker label under which the words may be the other party's. Diarizers give the share
of a turn that they heard in that voice, so below this a quarter of it was heard in another one."""

SUBSTANTIVE_WORDS: Final = 5
"""Words of a first turn by the customer from which it reads as an answer to a greeting that was not recorded; shorter
ones ("hello?", "yes, good morning") are said while waiting for one."""

CUT_OFF_WITHIN: Final = 0.2
"""Seconds: speech that lasts to this close to the last sample was cut off by the end of the recording; people hang up
after the last word, which takes half a second and more."""

WINDOW_GRACE: Final = 1.0
"""Seconds by which a window is widened in the manager's favour: neither the answer nor word times are exact."""

ATTRIBUTION_GAP: Final = 0.5
"""Seconds between a phrase of one party and the nearest word of the other, under which a mono recording leaves open who
said it: diarization borders are placed to about half a second (the usual collar of its error rate is 0.25 s a side)."""

CLEAR_WORD_PROBABILITY: Final = 0.75
"""Probability (0..1) under which a single word is doubtful. *Every* word of an offence must have it: one doubtful word
makes another sentence; and a remnant of a phrase beside doubtful words may be the whole phrase, misheard. (A real call
ended in a click that a recogniser wrote down as an obscenity, its words at 0.63.)"""

CLEAR_OFFENCE_SECONDS: Final = 0.8
"""Seconds that the turn with an offence lasts at least: recognisers invent short exclamations on clicks and breaths."""

CLEAR_OFFENCE_AT: Final = 98.0
"""Similarity (0..100) from which a forbidden phrase counts as said. Another ending of a word is allowed
(2 points), a misheard word is not ("vault" for "fault" is 97): there it helps the manager, here it would accuse him.
Between `MATCH_AT` and this a person listens."""

CHORUS_WORDS: Final = 6
"""Words of the other side's echo that may be a phrase both said at once: "всего доброго, до свидания" has four, English
goodbyes up to six. Longer stretches in the other's very words are an echo."""
