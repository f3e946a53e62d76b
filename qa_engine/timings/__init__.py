"""Sounds and turns joined into measured times.

Answer, holds, transfers, talk, dead air, interruptions. Works on values of `qa_engine.domain` only:
no waveform, no recogniser, no scorecard here.
"""
