"""The nouns of the engine: spans, waveform, transcript, audio events, hearing, call, scorecard, evaluation.

Frozen values and their algebra; made by floor 3, joined by the recipe.
No I/O, no model, no database, no language rules here.
"""
