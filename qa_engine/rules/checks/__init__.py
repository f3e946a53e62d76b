"""One file per check: its options, its question, its manual page in the module docstring."""
