"""One file per change: ``0001_first_tables.py``, ``0002_...``; `schema.REVISION` names the newest."""
