"""The program."""

__version__ = "0.1.0"
"""Stands only here: the wheel's version and `--version` are read from it."""
