"""Recordings, hearings, calls, evaluations and full-text search, in SQLite or PostgreSQL.

All SQL of the engine is here. No judging, no rendering.
"""
