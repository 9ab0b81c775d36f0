"""
Run functional tests that openstacksdk ships, and tell how each one ended.

Runs in the clients' own environment; the cloud is named by OS_CLOUD and openstacksdk's own
variables. Takes names of modules. Prints a JSON object: what each test that did not pass said,
and the number of those that did.
"""

from __future__ import annotations

import json
import logging
import sys
import unittest


class Result(unittest.TestResult):
    """Keeps what went wrong, by the test's name."""

    def __init__(self):
        super().__init__()
        self.wrong = {}

    def addError(self, test, error):
        self.wrong[test.id()] = self._exc_info_to_string(error, test)

    def addFailure(self, test, error):
        self.addError(test, error)

    def addSkip(self, test, reason):
        self.wrong[test.id()] = f"skipped: {reason}"


def main() -> None:
    logging.disable(logging.CRITICAL)
    result = Result()
    unittest.defaultTestLoader.loadTestsFromNames(sys.argv[1:]).run(result)
    print(json.dumps({"passed": result.testsRun - len(result.wrong), "wrong": result.wrong}))
