"""Words and speakers from sound: the protocols, one adapter per library, transcript files, roles, weights.

Torch, faster-whisper, ctranslate2, pyannote, moonshine-voice are imported inside functions of their adapter only.
No audio analysis, no scorecard, no database here.
"""
