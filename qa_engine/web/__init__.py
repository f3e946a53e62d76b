"""The review desk in the browser: reads the store, plays the recordings it knows, for the person at this machine only.

It can look and listen; it cannot transcribe, judge or change anything, and holds no SQL.
Words of the report and their look come from `qa_engine.reports`; what only the desk says is in `labels_*.py`.
"""
