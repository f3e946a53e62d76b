"""A day of recordings through the recipe: workers, progress, resume; one failure never stops the rest.

No sound, no rules, no SQL of its own.
"""
