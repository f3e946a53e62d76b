"""The parts of `make_samples.py`: voices, tones, a tune, the line, the timeline of a call, the files and their truth.

Nothing here is needed to *use* the samples, and nothing of the engine is imported: what is true about a sample must not
come from the code that is tested on it.
"""
