"""The bill's arithmetic: what grows with what."""

import copy
import re
import sys
import unittest

import templates
from templates import ROOT

sys.path.insert(0, str(ROOT / "infra/aws"))
import cost  # noqa: E402


def runs_a_day(expression):
    """How often a schedule starts its job: `rate(…)`, or `cron(…)` of minutes and hours only."""
    if found := re.fullmatch(r"rate\((\d+) (minute|hour)s?\)", expression):
        return 24 * 60 // int(found.group(1)) // (60 if found.group(2) == "hour" else 1)
    minutes, hours = re.fullmatch(r"cron\((\S+) (\S+) \* \* \? \*\)", expression).groups()
    each = 60 // int(minutes.split("/")[1]) if "/" in minutes else 1
    return each * (24 if hours == "*" else 1)


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

    def test_what_is_counted_is_what_is_deployed(self):
        # The copy is optional, and has its own line.
        stacks = {name: stack for name, stack in templates.load().items() if name != "45-copy"}
        assumed = cost.load()["assumed"]
        count = {kind: len(list(templates.resources(stacks, kind))) for kind in ("AWS::CloudWatch::Alarm", "AWS::KMS::Key")}
        self.assertEqual((assumed["alarms"], assumed["keys"]), (count["AWS::CloudWatch::Alarm"], count["AWS::KMS::Key"]))
        app = stacks["50-app"]["Resources"]
        self.assertEqual(assumed["function_gb"] * 1024, app["Api"]["Properties"]["MemorySize"])
        runs = {}
        for one in app.values():
            if one["Type"] == "AWS::Scheduler::Schedule":
                name = one["Properties"]["Name"]["Fn::Sub"].removeprefix("${Prefix}-")
                runs[name] = runs_a_day(one["Properties"]["ScheduleExpression"])
        self.assertEqual(assumed["job_runs_a_day"], runs)
        reads = re.search(r"const READ_BYTES: u64 = ([\d_]+);", (ROOT / "functions/src/evidence/drill/mod.rs").read_text()).group(1)
        self.assertEqual(assumed["read_back_gb_a_day"] * cost.GB, int(reads))

    def test_a_note_costs_more_the_longer_it_is_kept(self):
        said = cost.summary(cost.load())
        self.assertGreater(said["a note with its five years"], said["a note"])
        more = cost.load()
        more["city"]["attachment_gb_a_month"] *= 2
        self.assertGreater(cost.summary(more)["a year of retention"], said["a year of retention"])
        self.assertGreater(cost.summary(more)["the copy"], said["the copy"])

    def test_prices_that_nobody_checked_say_so(self):
        self.assertIs(cost.load()["verified"], False)
