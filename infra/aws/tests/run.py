"""The proof of the cloud environment: `cargo xtask test` runs it. One line a test, in the order in which they make sense.

A name or a part of one as an argument runs only what contains it.
"""

import os
import pathlib
import sys
import time
import unittest
import warnings

HERE = pathlib.Path(__file__).resolve().parent
MODULES = ["test_shape", "test_rules", "test_edge", "test_deploy", "test_deployed", "test_powers", "test_product", "test_cost"]


def flat(suite):
    for one in suite:
        if isinstance(one, unittest.TestSuite):
            yield from flat(one)
        else:
            yield one


class Said(unittest.TextTestResult):
    """Each test by its name, with its time."""

    def startTest(self, test):
        self.began = time.monotonic()
        super().startTest(test)

    def getDescription(self, test):
        return test.id().replace("test_", "").replace("_", " ")

    def stopTest(self, test):
        super().stopTest(test)
        self.stream.writeln(f"    {time.monotonic() - self.began:.1f} s")


def main():
    sys.path.insert(0, str(HERE))
    warnings.simplefilter("ignore")
    os.environ["PYTHONDONTWRITEBYTECODE"] = "1"
    found = unittest.defaultTestLoader.loadTestsFromNames(MODULES)
    wanted = [one for one in flat(found) if not sys.argv[1:] or any(word in one.id() for word in sys.argv[1:])]
    if not wanted:
        print(f"no test of the cloud environment is called {sys.argv[1:]}")
        return 0
    result = unittest.TextTestRunner(verbosity=2, resultclass=Said).run(unittest.TestSuite(wanted))
    return 0 if result.wasSuccessful() else 1


if __name__ == "__main__":
    sys.exit(main())
