"""The deployment command itself: what it shows, what it refuses, what happens when it is given again."""

import re
import unittest
import zipfile

import world
from templates import ROOT


def stacks():
    """Those that stand: what was rolled back is a name with nothing in it."""
    all_of_them = world.emulator().client("cloudformation").describe_stacks()["Stacks"]
    return {one["StackName"] for one in all_of_them if one["StackStatus"] not in ("ROLLBACK_COMPLETE", "CREATE_FAILED", "ROLLBACK_FAILED")}


class BadInput(unittest.TestCase):
    """Nothing of this makes anything."""

    def refused(self, arguments, *words):
        before = stacks()
        code, said = world.xtask("deploy", *arguments, url=world.emulator().url)
        self.assertNotEqual(code, 0, said)
        for word in words:
            self.assertIn(word, said)
        self.assertNotIn("panicked", said)
        self.assertEqual(stacks(), before)

    def test_names_that_are_none(self):
        for prefix in ("A", "ab", "1city", "city-", "komaki_city", "x" * 21, "小牧"):
            self.refused(["--prefix", prefix], "--prefix")

    def test_what_is_missing_is_named_as_one_says_it(self):
        world.packed()
        self.refused(["--prefix", "other", "--deployer", world.DEPLOYER, "--only", "30-data"], "30-data needs --domain")
        self.refused(["--prefix", "other", "--deployer", world.DEPLOYER, "--only", "80-auditor"], "80-auditor needs --auditor")

    def test_a_stack_that_is_none(self):
        self.refused(["--prefix", "other", "--only", "99-x"], "there is no such stack", "20-network")

    def test_a_value_that_no_template_takes(self):
        world.packed()
        self.refused(["--prefix", "other", "--set", "Traffic"], "write Name=value")
        self.refused(["--prefix", "other", "--set", "hours={}"], "no template has such a parameter, but Hours")

    def test_a_value_that_the_product_could_not_read(self):
        world.packed()
        for value, word in (("Hours=9-17", "no JSON"), ("HelpDesk={\"tel\":\"0568\"}", "nobody reads \"tel\""), ("IdleSeconds=60", "idle: ")):
            self.refused(["--prefix", "other", "--deployer", world.DEPLOYER, *world.ALL, "--set", value], word)


class DryRun(unittest.TestCase):
    def test_from_nothing_it_shows_everything_and_makes_nothing(self):
        world.packed()
        before = stacks()
        code, said = world.xtask("deploy", "--prefix", "dryrun", "--deployer", world.DEPLOYER, *world.ALL, "--dry-run", url=world.emulator().url)
        self.assertEqual(code, 0, said)
        self.assertEqual(said.count("would be made"), 10, said)
        self.assertIn("Nothing was changed", said)
        self.assertEqual(stacks(), before)


class Again(unittest.TestCase):
    def test_the_zips_are_the_same_whenever_they_are_packed(self):
        first = world.packed()
        code, again = world.xtask("package", "--binaries", world.needed("TSUNAGARU_FUNCTIONS"))
        self.assertEqual((code, again), (0, first))
        self.assertRegex(first, r"[0-9a-f]{64}  the release, for x86_64")

    def test_a_zip_is_one_to_everybody(self):
        world.packed()
        for name, fonts in (("sheet", 3), ("runbooks", 3), ("backup", 0)):
            with zipfile.ZipFile(ROOT / f"target/package/{name}.zip") as zipped:
                self.assertIsNone(zipped.testzip())
                modes = {one.filename: one.external_attr >> 16 for one in zipped.infolist()}
            self.assertEqual(modes.pop("bootstrap"), 0o100755)
            self.assertEqual(len(modes), fonts)
            self.assertTrue(all(file.startswith("fonts/") and mode == 0o100644 for file, mode in modes.items()), modes)

    def test_given_again_it_changes_nothing_and_needs_to_be_told_nothing(self):
        world.deployed()
        functions = world.emulator().client("lambda").list_functions()["Functions"]
        code, said = world.deploy()
        self.assertEqual(code, 0, said)
        self.assertNotIn("  + ", said)
        self.assertNotIn("Modify", said)
        self.assertEqual(len(re.findall(r"^  as it is$", said, re.M)), 10, said)
        after = world.emulator().client("lambda").list_functions()["Functions"]
        self.assertEqual([one["CodeSha256"] for one in after], [one["CodeSha256"] for one in functions])

    def test_a_prefix_of_somebody_else_is_not_taken_over(self):
        world.deployed()
        code, said = world.deploy("--domain", "other.example.jp")
        self.assertNotEqual(code, 0)
        self.assertIn("is taken", said)
        self.assertIn("--set DomainWas=", said)

    def test_an_older_template_destroys_nothing(self):
        world.deployed()
        # As it was before the portal had a bucket.
        with world.templates_with("30-data.yaml", lambda text: re.sub(r"  # Public text.*", "", text, flags=re.S)) as older:
            code, said = world.deploy("--only", "30-data", stacks=older)
        self.assertNotEqual(code, 0)
        self.assertIn("Remove Portal", said)
        self.assertIn("nothing was changed", said)
        self.assertIn("older", said)
        world.emulator().client("s3").head_bucket(Bucket=world.bucket("portal"))

    def test_half_a_deployment_goes_on_where_it_stopped(self):
        world.packed()
        arguments = ["deploy", "--prefix", "halfway", "--deployer", world.DEPLOYER, *world.ALL]
        with world.templates_with("20-network.yaml", lambda text: text.replace("AWS::EC2::FlowLog", "AWS::EC2::FlowBook")) as wrong:
            code, said = world.xtask(*arguments, url=world.emulator().url, stacks=wrong)
        self.assertNotEqual(code, 0)
        self.assertIn("halfway-20-network was refused", said)
        self.assertIn("the same command may be given again", said)
        self.assertEqual({one for one in stacks() if one.startswith("halfway-")}, {"halfway-00-audit-logs", "halfway-10-keys"})
        code, said = world.xtask(*arguments, "--only", "00-audit-logs", "--only", "10-keys", "--only", "20-network", url=world.emulator().url)
        self.assertEqual(code, 0, said)
        self.assertEqual((said.count("as it is"), said.count("  made")), (2, 1), said)


class Cut(unittest.TestCase):
    """Art. 18(2): one parameter of one stack cuts the network; one opens it again."""

    def rules(self):
        acls = world.emulator().client("ec2").describe_network_acls()["NetworkAcls"]
        gate = next(one for one in acls if {"Key": "Name", "Value": f"{world.PREFIX}-gate"} in one.get("Tags", []))
        return {entry["RuleAction"] for entry in gate["Entries"] if entry["RuleNumber"] == 100}

    def test_cut_and_opened_by_one_command(self):
        world.deployed()
        for traffic, action in (("cut", "deny"), ("open", "allow")):
            code, said = world.deploy("--only", "20-network", "--set", f"Traffic={traffic}")
            self.assertEqual(code, 0, said)
            self.assertIn("updated", said)
            stack = world.emulator().client("cloudformation").describe_stacks(StackName=f"{world.PREFIX}-20-network")["Stacks"][0]
            parameters = {one["ParameterKey"]: one["ParameterValue"] for one in stack["Parameters"]}
            self.assertEqual(parameters["Traffic"], traffic)
            self.assertEqual(self.rules(), {action})
            # The next deployment does not open it by the way.
            code, said = world.deploy("--only", "20-network")
            self.assertEqual(code, 0, said)
            self.assertEqual(self.rules(), {action})


class Assets(unittest.TestCase):
    def test_the_ledger_is_filled_and_compared(self):
        world.deployed()
        url = world.emulator().url
        code, ledger = world.xtask("assets", "--prefix", world.PREFIX, url=url)
        self.assertEqual(code, 0, ledger)
        rows = [line for line in ledger.splitlines() if line and not line.startswith(("#", "名称"))]
        self.assertGreater(len(rows), 60)
        for row in rows:
            self.assertRegex(row, r"^[\w-]+/\w+,.+,(設備相当|ソフトウェア|データ),AWS .+,契約事業者（システム管理者）,(高|中|低),(高|中|低),(高|中|低),.+$")
        file = ROOT / "target" / "ledger-of-tests.csv"
        file.write_text(ledger)
        self.assertEqual(world.xtask("assets", "--prefix", world.PREFIX, "--ledger", str(file), url=url)[0], 0)
        file.write_text("\n".join([line for line in ledger.splitlines() if "30-data/Table" not in line] + ["旧サーバー,x,設備相当,x,x,高,高,高,x"]))
        code, said = world.xtask("assets", "--prefix", world.PREFIX, "--ledger", str(file), url=url)
        self.assertNotEqual(code, 0)
        self.assertIn("+ 30-data/Table", said)
        self.assertIn("- 旧サーバー", said)
        code, said = world.xtask("assets", "--prefix", "nothing-here", url=url)
        self.assertNotEqual(code, 0)
        self.assertIn("nothing of nothing-here is deployed", said)
