"""A call judged by a scorecard: loading the YAML, one file per check, the points.

Sees a call and nothing else: no sound, no model, no database here.
"""
