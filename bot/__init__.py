"""The program."""

__version__ = "0.1.0"
"""The only place with the version: the wheel's and `--version` are read from it."""
