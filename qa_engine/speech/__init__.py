"""Words and speakers from sound: the protocols, one adapter per library, transcript files, roles, weights.

Torch, faster-whisper, ctranslate2, pyannote, moonshine-voice, onnx-asr are imported inside functions of their adapter
only, and nothing but `model_hub` (httpx2, for `models pull`) opens a connection.
No audio analysis, no scorecard, no database here.
"""
