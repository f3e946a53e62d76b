"""What the phone system knows of a call: file names, call records; one file per system.

No sound, no words, no database here.
"""
