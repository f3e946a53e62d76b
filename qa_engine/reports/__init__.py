"""Many evaluations summed up per manager, and one file per output format.

Reads domain values only. No SQL, no judging here.
"""
