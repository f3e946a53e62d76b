"""Sound in, events out.

Decoding with PyAV, speech activity, ringback, tones, music, silence, and how channels relate.
No words, no roles, no recogniser here.
"""
