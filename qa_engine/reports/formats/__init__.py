"""One file per output format: as_<format>.py with one render function."""
