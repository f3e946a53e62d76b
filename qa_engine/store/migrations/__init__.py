"""Numbered changes of the tables, applied by `Store.open`; a released one is never edited, the next one is added."""
