"""Call QA engine: a folder of call recordings in, scorecards per manager with quotes and seconds out.

Nothing is imported, downloaded or started here; `qa_engine.pipeline` reads like the README.
"""

__version__ = "0.1.0"
