"""The bill's arithmetic: what grows with what."""

import copy
import sys
import unittest

from templates import ROOT

sys.path.insert(0, str(ROOT / "infra/aws"))
import cost  # noqa: E402


class Cost(unittest.TestCase):
    def test_it_follows_what_was_measured(self):
        data = cost.load()
        more = copy.deepcopy(data)
        more["units"]["note sent"]["write"] *= 2
        notes = data["city"]["notes_a_day"] * data["assumed"]["days_a_month"]
        extra = notes * data["units"]["note sent"]["write"] / 1_000_000 * data["prices"]["million_writes"]
        self.assertAlmostEqual(sum(cost.month(more, 1).values()) - sum(cost.month(data, 1).values()), extra)
        self.assertGreater(extra, 1)

    def test_storage_grows_with_the_years_and_requests_do_not(self):
        data = cost.load()
        first, last = cost.month(data, 1), cost.month(data, 5)
        self.assertAlmostEqual(last["DynamoDB: storage and recovery"], 9 * first["DynamoDB: storage and recovery"])
        self.assertEqual(last["WAF"], first["WAF"])
        totals = cost.summary(data)["totals"]
        self.assertEqual(totals, sorted(totals))

    def test_prices_that_nobody_checked_say_so(self):
        self.assertIs(cost.load()["verified"], False)
