"""Reads every sample aloud."""

from sandbox.gallery import SHOWN, aloud

for name, sample in SHOWN.items():
    print(f"\n=== {name}", *aloud(sample), sep="\n")  # noqa: T201 - that is its use
