"""`python -m qa_engine`."""

from qa_engine.cli.root import main

if __name__ == "__main__":
    main()
