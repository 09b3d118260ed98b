"""What stands twice must say the same: templates beside the code that they are for."""

import json
import re
import unittest

import functions
import rules
import templates
from templates import ROOT

STACKS = templates.load()
APP = STACKS["50-app"]["Resources"]
EDGE = STACKS["60-edge"]["Resources"]


def source(path):
    return (ROOT / path).read_text()


class Table(unittest.TestCase):
    def test_keys_index_and_ttl_are_those_of_the_code(self):
        code = source("functions/src/store/schema.rs")
        names = dict(re.findall(r'pub const (\w+): &str = "(\w+)";', code))
        table = STACKS["30-data"]["Resources"]["Table"]["Properties"]

        def key(hash_name, range_name):
            return [{"AttributeName": names[hash_name], "KeyType": "HASH"}, {"AttributeName": names[range_name], "KeyType": "RANGE"}]

        self.assertEqual(table["KeySchema"], key("PK", "SK"))
        self.assertEqual(table["GlobalSecondaryIndexes"], [
            {"IndexName": names["INDEX"], "KeySchema": key("INDEX_PK", "INDEX_SK"), "Projection": {"ProjectionType": "ALL"}}])
        self.assertEqual(table["TimeToLiveSpecification"], {"AttributeName": names["TTL"], "Enabled": True})
        self.assertEqual({one["AttributeName"] for one in table["AttributeDefinitions"]},
                         {names[name] for name in ("PK", "SK", "INDEX_PK", "INDEX_SK")})
        self.assertEqual(table["BillingMode"], "PAY_PER_REQUEST")

    def test_the_bucket_of_attachments_answers_pages_as_the_local_one_does(self):
        local = source("infra/local/src/cloud.rs")
        methods = re.search(r"set_allowed_methods\(Some\(vec!\[(.*?)\]\)\)", local).group(1)
        rule = STACKS["30-data"]["Resources"]["Attachments"]["Properties"]["CorsConfiguration"]["CorsRules"][0]
        self.assertEqual(rule["AllowedMethods"], re.findall(r'"(\w+)"', methods))
        self.assertEqual(rule["AllowedHeaders"], re.findall(r'allowed_headers\("(.*?)"\)', local))


class Archive(unittest.TestCase):
    def test_of_everything_in_the_archive_it_is_decided_how_long_it_stays(self):
        code = source("functions/src/store/blob.rs")
        shown = code[code.index("impl fmt::Display for BlobKey"):code.index("/// What an object in the archive is found to be")]
        begun = {text.split("/")[0] + "/" for text in re.findall(r'"([^"]+/[^"]*)"', shown)}
        begun -= {"{}/"}
        seals = re.search(r'SEALS: &\'static str = "(\w+/)"', code).group(1)
        kind = source("shared/src/evidence/backup.rs")
        kinds = re.findall(r'= "(\w+)"', kind[kind.index("enum BackupKind"):kind.index("enum Holds")])
        elsewhere = {"incoming/", "files/", "previews/", "outputs/", "portal/"}
        self.assertGreater(len(begun), 8)
        here = (begun - elsewhere) | {seals} | {f"{one}/" for one in kinds}
        self.assertEqual(here, rules.ENDS | rules.STAYS)


class Functions(unittest.TestCase):
    names = {name for name, one in ((r["Properties"]["FunctionName"]["Fn::Sub"].removeprefix("${Prefix}-"), r)
                                    for r in APP.values() if r["Type"] == "AWS::Lambda::Function")}

    def test_every_binary_is_deployed_and_nothing_else(self):
        binaries = {file.stem for crate in ("functions", "functions/sheet") for file in (ROOT / crate / "src/bin").glob("*.rs")}
        self.assertEqual(self.names, binaries)
        self.assertEqual(set(functions.MAY), binaries)

    def test_every_variable_is_read_by_the_code(self):
        code = source("functions/src/settings.rs") + source("functions/sheet/src/start.rs")
        needed = set(re.findall(r'needed\("(\w+)"\)', code))
        for name, one in APP.items():
            if one["Type"] == "AWS::Lambda::Function":
                variables = set(one["Properties"]["Environment"]["Variables"])
                self.assertEqual([v for v in variables if f'"{v}"' not in code], [], name)
                self.assertEqual(needed - variables, set(), name)

    def test_every_setting_of_the_code_can_be_set(self):
        """The other way round: what a city or an environment decides is not left out in the cloud."""
        read = set(re.findall(r'"(TSUNAGARU_[A-Z_]+)"', source("functions/src/settings.rs")))
        self.assertGreater(len(read), 25)
        for name, one in APP.items():
            if one["Type"] == "AWS::Lambda::Function":
                # Keys are kept under KMS here; what monitoring signs in with is nobody else's to know.
                left_out = {"TSUNAGARU_ROOT_KEY"} | (set() if name == "Monitor" else {"TSUNAGARU_MONITOR"})
                # Whose archive is restored is the restore's alone to know.
                left_out |= set() if name == "Restore" else {one for one in read if one.startswith("TSUNAGARU_FROM_")}
                self.assertEqual(read - set(one["Properties"]["Environment"]["Variables"]), left_out, name)

    def test_what_nobody_sets_is_what_the_code_takes_then(self):
        variables = APP["Api"]["Properties"]["Environment"]["Variables"]
        parameters = STACKS["50-app"]["Parameters"]
        code = source("functions/src/settings.rs")
        times = re.search(r"Self \{ lock: (.*?), idle: (.*?), longest: (.*?) \}", source("shared/src/people/times.rs")).groups()
        # MINUTE and HOUR are numbers, too.
        usual = {f"usual.{field}": eval(text, {"MINUTE": 60, "HOUR": 3600}) for field, text in zip(("lock", "idle", "longest"), times)}
        found = re.findall(r'seconds\("(TSUNAGARU_\w+)", ([^)]+)\)', code)
        self.assertEqual(len(found), code.count('seconds("'))
        for name, text in found:
            value = usual.get(text) or eval(text, {})
            self.assertEqual(parameters[variables[name]["Ref"]]["Default"], value, name)
        least = int(re.search(r'LEAST_PEOPLE"\).unwrap_or_else\(\|_\| "(\d+)"', code).group(1))
        self.assertEqual(parameters["LeastPeople"]["Default"], least)
        self.assertEqual(parameters["LeastPeople"]["MinValue"], int(re.search(r"LEAST_PEOPLE_MIN: u32 = (\d+)", source("shared/src/evidence/deidentify/mod.rs")).group(1)))
        for parameter in ("Lock", "Idle", "Session"):
            most = re.search(rf"{parameter.upper()}_SECONDS_MAX: i64 = (.*?);", source("shared/src/people/times.rs")).group(1)
            self.assertEqual(parameters[f"{parameter}Seconds"]["MaxValue"], eval(most, {"MINUTE": 60, "HOUR": 3600}))

    def test_every_call_of_the_code_is_in_the_list_of_powers(self):
        calls = set()
        for file in (ROOT / "functions/src").rglob("*.rs"):
            text = file.read_text()
            if "aws_sdk" in text or "client" in text:
                calls |= set(re.findall(r"\b(?:client|s3)\s*\n?\s*\.(\w+)\(\)", text))
        calls -= {"clone", "config"}  # Of the client itself: nothing is asked of the service.
        self.assertEqual(calls - set(functions.CALLS), set())
        # A power that no call needs would be one too many.
        needed = {action for call in calls for action in functions.CALLS[call]}
        listed = {action for powers in functions.MAY.values() for action, _, _ in powers}
        self.assertEqual(listed - needed, set())

    def test_backups_start_in_the_minute_that_is_published(self):
        """Any minute may be approved, and the stop for a monthly one may be as short as ten."""
        self.assertEqual(APP["BackupSchedule"]["Properties"]["ScheduleExpression"], "rate(1 minute)")
        # A start that waits for a long run is no failure.
        waits = APP["BackupAgain"]["Properties"]["MaximumEventAgeInSeconds"]
        self.assertGreater(waits, 2 * APP["Backup"]["Properties"]["Timeout"])


class Headers(unittest.TestCase):
    def test_the_edge_sends_what_the_local_server_sends(self):
        written = json.loads(source("infra/aws/edge/headers.json"))
        for resource, own in (("SiteHeaders", "application"), ("PortalHeaders", "portal")):
            sent = EDGE[resource]["Properties"]["ResponseHeadersPolicyConfig"]["SecurityHeadersConfig"]
            strict = sent["StrictTransportSecurity"]
            policy = sent["ContentSecurityPolicy"]["ContentSecurityPolicy"]
            if isinstance(policy, dict):
                text, values = policy["Fn::Sub"]
                self.assertEqual(list(values), ["Bucket"])
                policy = text.replace("${Bucket}", "{bucket}")
            self.assertEqual({
                "x-content-type-options": "nosniff" if sent["ContentTypeOptions"]["Override"] else "",
                "referrer-policy": sent["ReferrerPolicy"]["ReferrerPolicy"],
                "strict-transport-security":
                    f"max-age={strict['AccessControlMaxAgeSec']}" + ("; includeSubDomains" if strict["IncludeSubdomains"] else ""),
                "content-security-policy": " ".join(policy.split()),
            }, written["every"] | written[own])
            self.assertTrue(all(part.get("Override") for part in sent.values()))


class Alarms(unittest.TestCase):
    def test_the_rule_of_tampering_knows_every_hand_on_the_evidence(self):
        rule = STACKS["70-observability"]["Resources"]["Tampering"]["Properties"]["EventPattern"]["detail"]["eventName"]
        for event in ("StopLogging", "DeleteTrail", "PutBucketPolicy", "PutBucketVersioning", "PutObjectLockConfiguration",
                      "PutBucketLifecycle", "PutKeyPolicy", "ScheduleKeyDeletion", "DeleteTable", "UpdateTable",
                      "UpdateContinuousBackups", "DeleteSchedule", "UpdateSchedule", "DeleteAlarms", "DisableRule"):
            self.assertIn(event, rule)


class Handbook(unittest.TestCase):
    """What a person types in a bad hour must be a command."""

    BOOKS = ("docs/operators-handbook.md", "docs/isolation.md", *sorted(str(file.relative_to(ROOT)) for file in (ROOT / "docs/runbooks").glob("*.md")))
    # Of the command line itself, not of a service.
    OF_ALL = {"query", "output", "region", "profile", "endpoint-url", "no-paginate"}

    def commands(self):
        for book in self.BOOKS:
            text = source(book).replace("\\\n", " ")
            for found in re.finditer(r"\baws ([a-z][a-z0-9-]+) ([a-z][a-z0-9-]+)([^`\n|]*)", text):
                yield book, *found.groups()

    def test_every_command_of_the_provider_exists_and_has_its_options(self):
        import botocore.session
        from botocore import xform_name

        session, seen = botocore.session.Session(), 0
        services = set(session.get_available_services())
        for book, service, operation, rest in self.commands():
            where = f"{book}: aws {service} {operation}"
            if service == "s3":
                # Made of several calls by the command line.
                self.assertIn(operation, {"cp", "ls", "sync", "mv"}, where)
                continue
            service = {"s3api": "s3"}.get(service, service)
            self.assertIn(service, services, where)
            model = session.get_service_model(service)
            names = {xform_name(name, "-"): name for name in model.operation_names}
            self.assertIn(operation, names, where)
            shape = model.operation_model(names[operation]).input_shape
            members = {xform_name(name, "-") for name in shape.members} if shape else set()
            required = {xform_name(name, "-") for name in shape.required_members} if shape else set()
            given = set(re.findall(r"--([a-z][a-z0-9-]*)", rest))
            self.assertEqual(given - self.OF_ALL - members, set(), where)
            if given:
                self.assertEqual(required - given, set(), where)
            seen += 1
        self.assertGreater(seen, 10)
