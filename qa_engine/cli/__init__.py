"""The command line: one file per command, exit codes in `root`.

The only place that prints.
"""
