"""Who may do what, by simulation over the policies as they are deployed: read back from the emulator."""

import json
import subprocess
import unittest
from urllib.parse import unquote

import functions
import rules
import world
from emulator.server import ACCOUNT, REGION
from emulator.types import kept
from templates import ROOT

P = world.PREFIX
ADMIN = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
BREAK_GLASS = f"arn:aws:iam::{ACCOUNT}:role/{P}-break-glass"


def document(value):
    return value if isinstance(value, dict) else json.loads(unquote(value))


def roles():
    """Every role that the templates made, with policies and boundary."""
    iam = world.emulator().client("iam")
    found = {}
    for role in iam.list_roles()["Roles"]:
        name = role["RoleName"]
        full = iam.get_role(RoleName=name)["Role"]
        inline = iam.list_role_policies(RoleName=name)["PolicyNames"]
        arn = full["PermissionsBoundary"]["PermissionsBoundaryArn"]
        version = iam.get_policy(PolicyArn=arn)["Policy"]["DefaultVersionId"]
        boundary = iam.get_policy_version(PolicyArn=arn, VersionId=version)["PolicyVersion"]["Document"]
        found[name.removeprefix(f"{P}-").removeprefix(f"{world.BEFORE}-")] = {
            "arn": full["Arn"],
            "identity": [{"name": one, "policy": document(iam.get_role_policy(RoleName=name, PolicyName=one)["PolicyDocument"])}
                         for one in inline],
            "boundary": [{"name": "boundary", "policy": document(boundary)}],
        }
    return found


def people():
    """Those whom no template makes: all of them administrators, the hardest case."""
    arns = {"administrator": f"arn:aws:iam::{ACCOUNT}:role/admin", "operator": f"arn:aws:iam::{ACCOUNT}:role/operator",
            "deployer": world.DEPLOYER, "break-glass": BREAK_GLASS}
    return {name: {"arn": arn, "identity": [{"name": "admin", "policy": ADMIN}]} for name, arn in arns.items()}


def keys():
    kms = world.emulator().client("kms")
    aliases = {one["AliasName"]: one["TargetKeyId"] for one in kms.list_aliases()["Aliases"]}
    return {kind: kms.describe_key(KeyId=aliases[f"alias/{P}-{kind}"])["KeyMetadata"]["Arn"] for kind in ("data", "backup", "ring", "logs")}


def policies():
    """Policies of resources, by ARN."""
    kms = world.emulator().client("kms")
    found = {f"arn:aws:s3:::{name}": policy for (kind, name), policy in kept.items() if kind == "bucket-policy"}
    for arn in keys().values():
        found[arn] = document(kms.get_key_policy(KeyId=arn, PolicyName="default")["Policy"])
    table = world.emulator().client("dynamodb").get_resource_policy(ResourceArn=table_arn())
    found[table_arn()] = document(table["Policy"])
    return found


def table_arn():
    return f"arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/{P}"


def arn(what):
    """The full name of `table`, `index`, or a bucket with or without a key."""
    if what in ("table", "index"):
        return table_arn() + ("/index/lists" if what == "index" else "")
    if what == "drill-table":
        return table_arn() + "-drill-01kb0000000000000000000000"
    if what == "before-table":
        return f"arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/{world.BEFORE}"
    if what == "mails":
        return f"arn:aws:ses:{REGION}:{ACCOUNT}:identity/example.jp"
    kind, _, key = what.partition("/")
    return f"arn:aws:s3:::{world.bucket(kind)}" + (f"/{key}" if key else "")


def simulate(cases, principals, resource_policies, services=()):
    """Decisions in the order of the cases: (principal, action, ARN, context)."""
    asked = {
        "principals": principals, "policies": resource_policies, "services": list(services),
        "cases": [{"principal": who, "action": action, "resource": resource, "account": ACCOUNT,
                   "context": {"aws:PrincipalArn": principals[who]["arn"], "aws:ResourceAccount": ACCOUNT} | context}
                  for who, action, resource, context in cases]}
    done = subprocess.run(["node", str(ROOT / "infra/aws/tests/simulate.mjs")], input=json.dumps(asked), capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(done.stderr)
    answer = json.loads(done.stdout)
    for case, decision in zip(cases, answer["decisions"]):
        if "error" in decision:
            raise RuntimeError(f"{case}: {decision['error']}")
    return [one["result"] == "Allowed" for one in answer["decisions"]], answer["actions"]


# Each way to delete, hide or shorten a backup, with what it is done to.
BACKUP = "archive/daily/2026-11-20/1/manifest.json"
DESTRUCTION = [
    ("s3:DeleteObject", BACKUP, {}), ("s3:DeleteObjectVersion", BACKUP, {}), ("s3:BypassGovernanceRetention", BACKUP, {}),
    ("s3:PutObjectRetention", BACKUP, {"s3:object-lock-remaining-retention-days": "1"}),
    ("s3:PutObjectRetention", BACKUP, {"s3:object-lock-remaining-retention-days": "36500"}),
    ("s3:DeleteBucket", "archive", {}), ("s3:DeleteBucketPolicy", "archive", {}),
]
# What proves what happened, and how it is deleted.
LOGS = {"audit": "AWSLogs/1", "releases": "zips/1/api.zip", "access-logs": "keys/1", "inventory": "archive/1", "firewall": "AWSLogs/1"}
DESTRUCTION += [(f"s3:{action}", f"{kind}/{key}", {}) for kind, key in LOGS.items() for action in ("DeleteObject", "DeleteObjectVersion")]
DESTRUCTION += [("s3:DeleteBucket", kind, {}) for kind in LOGS]
# Without the ring no generation can be read, however long it is locked: each way to end it as a whole, or to keep what was destroyed.
RING = ("keys", "keys-copy")
NEVER = ("s3:PutLifecycleConfiguration", "s3:DeleteBucket", "s3:PutBucketVersioning", "s3:PutReplicationConfiguration",
         "s3:PutBucketObjectLockConfiguration")
DESTRUCTION += [(action, kind, {}) for kind in RING for action in NEVER]
KEY_DESTRUCTION = ["kms:ScheduleKeyDeletion", "kms:DisableKey"]
SETTINGS = ["s3:PutBucketPolicy", "s3:PutLifecycleConfiguration", "s3:PutBucketObjectLockConfiguration", "s3:PutBucketVersioning",
            "s3:PutReplicationConfiguration"]
# Every bucket that holds evidence, or what opens it: nobody but the deployer changes how it is set.
EVIDENCE = ("archive", *RING, *LOGS)
# Those who do no job: they open no content and touch no key, not even by its version.
SHUT_OUT = ("administrator", "operator", "deployer", "backup-auditor", "scheduler")


def nobody_deletes(principals, resource_policies):
    """Findings: whoever could, and those who may change settings although they are not the deployer."""
    cases = [(who, action, arn(what), context) for who in principals for action, what, context in DESTRUCTION]
    cases += [(who, f"s3:{action}", arn(f"{kind}/1.json"), {}) for who in SHUT_OUT for kind in RING
              for action in ("PutObject", "DeleteObject", "DeleteObjectVersion", "GetObject", "GetObjectVersion")]
    cases += [(who, action, key, {}) for who in principals for action in KEY_DESTRUCTION for key in keys().values()]
    cases += [(who, action, arn(kind), {}) for who in principals if who != "deployer" for kind in EVIDENCE for action in sorted(rules.HANDS)]
    cases += [(who, "kms:PutKeyPolicy", key, {}) for who in principals if who not in ("deployer", "break-glass") for key in keys().values()]
    allowed, _ = simulate(cases, principals, resource_policies)
    return [f"{who} may {action} on {what}" for (who, action, what, _), may in zip(cases, allowed) if may], len(cases)


class Backups(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        world.deployed()
        cls.principals, cls.policies = roles() | people(), policies()

    def test_nobody_deletes_hides_or_shortens_a_backup_administrators_included(self):
        findings, tried = nobody_deletes(self.principals, self.policies)
        self.assertEqual(findings, [])
        print(f"  {tried} requests of {len(self.principals)} principals, none permitted")

    def test_the_deployer_can_still_maintain_the_buckets(self):
        cases = [("deployer", action, arn(kind), {}) for kind in ("archive", *LOGS) for action in SETTINGS]
        cases += [("deployer", action, arn(kind), {}) for kind in RING for action in sorted(rules.HANDS - set(NEVER))]
        allowed, _ = simulate(cases, self.principals, self.policies)
        self.assertEqual([case[1:3] for case, may in zip(cases, allowed) if not may], [])

    NEEDED = {
        **{sid: ("archive",) for sid in ("NobodyHidesABackup", "NobodyDeletesABackup", "NoShorterRetention", "NoEndlessRetention")},
        **{sid: RING for sid in ("OnlyTheJobsThatNeedKeys", "NoVersionsNoOldKeys", "NobodyLetsTheRingExpire")},
        "NobodyDeletes": tuple(LOGS), "OnlyDeployerChangesSettings": EVIDENCE,
    }

    def test_the_proof_turns_red_when_a_statement_is_taken_out(self):
        # Whoever has every power notices first.
        principals = {who: self.principals[who] for who in (*SHUT_OUT, "break-glass")}
        for sid, kinds in self.NEEDED.items():
            weaker, buckets = json.loads(json.dumps(self.policies)), [arn(kind) for kind in kinds]
            for bucket in buckets:
                kept_statements = [one for one in weaker[bucket]["Statement"] if one["Sid"] != sid]
                self.assertEqual(len(kept_statements) + 1, len(weaker[bucket]["Statement"]), sid)
                if sid in ("NoShorterRetention", "NoEndlessRetention"):
                    # Functions alone may lock at all; the limit binds them.
                    kept_statements = [one for one in kept_statements if one["Sid"] != "OnlyFunctionsWriteAndLock"]
                weaker[bucket]["Statement"] = kept_statements
            findings, _ = nobody_deletes(principals, weaker)
            silent = [bucket for bucket in buckets if not any(f" on {bucket}" in one for one in findings)]
            self.assertEqual(silent, [], sid)
        for sid in ("NobodyDestroysTheKey", "OnlyDeployerAndBreakGlassChangeThePolicy"):
            weaker = json.loads(json.dumps(self.policies))
            key = keys()["backup"]
            weaker[key]["Statement"] = [one for one in weaker[key]["Statement"] if one["Sid"] != sid]
            findings, _ = nobody_deletes(principals, weaker)
            self.assertNotEqual(findings, [], sid)


class Content(unittest.TestCase):
    """Nobody reads what is clinical with an operator's, a deployer's or an administrator's role (Art. 9, 10)."""

    READING = [("s3:GetObject", "attachments/files/1"), ("s3:GetObject", BACKUP), ("s3:GetObjectVersion", BACKUP),
               ("dynamodb:GetItem", "table"), ("dynamodb:Query", "table"), ("dynamodb:Scan", "table"), ("dynamodb:PartiQLSelect", "table"),
               ("dynamodb:ExportTableToPointInTime", "table"), ("s3:GetObject", "keys/1"), ("s3:GetObject", "keys-copy/1")]

    def test_only_functions_and_break_glass_open_content(self):
        world.deployed()
        principals, resource_policies = roles() | people(), policies()
        # The auditor opens what lies in the archive: what is clinical there is under keys of the ring, refused below.
        cases = [(who, action, arn(what), {}) for who in SHUT_OUT for action, what in self.READING
                 if (who, what) != ("backup-auditor", BACKUP)]
        through_s3 = {"kms:ViaService": f"s3.{REGION}.amazonaws.com"}
        cases += [("backup-auditor", "kms:Decrypt", keys()[key], through_s3) for key in ("data", "ring")]
        cases += [("backup-auditor", "s3:GetObject", arn(what), {}) for what in ("archive/evidence/1/1/log.json", "archive/drills/1", "keys/1.json")]
        listing = [("index", ["L#patient"]), ("index", ["A#1"]), ("table", ["G#1"]), ("table", ["P#1"]), ("index", ["G#daily", "P#1"])]
        cases += [("backup-auditor", "dynamodb:Query", arn(what), {"dynamodb:LeadingKeys": key}) for what, key in listing]
        cases.append(("backup-auditor", "dynamodb:Query", arn("index"), {}))
        cases += [(who, "kms:Decrypt", keys()[key], {}) for who in SHUT_OUT for key in ("data", "backup", "ring")]
        cases += [(f"fn-{name}", "kms:Decrypt", keys()["ring"], {"kms:ViaService": f"s3.{REGION}.amazonaws.com"}) for name in functions.MAY
                  if name not in ("api", "backup", "drill", "erase")]
        allowed, _ = simulate(cases, principals, resource_policies)
        self.assertEqual([case[:3] for case, may in zip(cases, allowed) if may], [])
        # The glass can be broken: a restore needs somebody.
        allowed, _ = simulate([("break-glass", action, arn(what), {}) for action, what in self.READING], principals, resource_policies)
        self.assertTrue(all(allowed))

    def test_without_the_denials_an_administrator_would_read(self):
        world.deployed()
        principals, resource_policies = people(), policies()
        for where, sid in ((arn("archive"), "OnlyFunctionsRead"), (arn("attachments"), "OnlyFunctionsReadAndWrite"), (table_arn(), "OnlyFunctionsReadAndWrite")):
            weaker = json.loads(json.dumps(resource_policies))
            weaker[where]["Statement"] = [one for one in weaker[where]["Statement"] if one["Sid"] != sid] or [
                {"Sid": "None", "Effect": "Deny", "Principal": "*", "Action": "dynamodb:DeleteTable", "Resource": "*"}]
            cases = [("operator", action, arn(what), {}) for action, what in self.READING]
            self.assertTrue(any(simulate(cases, principals, weaker)[0]), sid)


class Restore(unittest.TestCase):
    def test_an_environment_lets_the_restore_of_another_read_it_as_it_stands_and_nothing_more(self):
        world.deployed()
        # As if another environment, deployed from the same templates, were filled from this one.
        text = json.dumps(roles()["fn-restore"]).replace(P, "after").replace(world.BEFORE, P)
        principals, resource_policies = {"restore": json.loads(text)}, policies()
        self.assertEqual(principals["restore"]["arn"], f"arn:aws:iam::{ACCOUNT}:role/{P}-fn-restore")

        def decrypt(kind, service="s3"):
            context = {"kms:ViaService": f"{service}.{REGION}.amazonaws.com", "kms:ResourceAliases": [f"alias/{P}-{kind}"]}
            return ("restore", "kms:Decrypt", keys()[kind], context)

        may = [("restore", "s3:GetObjectVersion", arn(BACKUP), {}), ("restore", "s3:ListBucketVersions", arn("archive"), {}),
               ("restore", "s3:GetObject", arn("keys/1.json"), {}), ("restore", "s3:GetObject", arn("keys-copy/1.json"), {}),
               ("restore", "dynamodb:GetItem", arn("table"), {"dynamodb:LeadingKeys": ["KY#2026-11-20"]}),
               decrypt("ring"), decrypt("backup"), decrypt("data", "dynamodb")]
        allowed, _ = simulate(may, principals, resource_policies)
        self.assertEqual([case[:3] for case, one in zip(may, allowed) if not one], [])
        must_not = [("restore", action, arn(what), {}) for action, what in (
            ("s3:PutObject", BACKUP), ("s3:DeleteObject", BACKUP), ("s3:PutObject", "keys/1.json"), ("s3:DeleteObject", "keys/1.json"),
            ("s3:GetObject", "attachments/files/1"), ("s3:GetObjectVersion", "archive/audit/1.json"), ("dynamodb:Query", "table"),
            ("dynamodb:PutItem", "table"), ("dynamodb:BatchWriteItem", "table"))]
        must_not += [("restore", "dynamodb:GetItem", arn("table"), {"dynamodb:LeadingKeys": ["P#1"]}),
                     ("restore", "kms:Decrypt", keys()["ring"], {"kms:ResourceAliases": [f"alias/{P}-ring"]})]
        allowed, _ = simulate(must_not, principals, resource_policies)
        self.assertEqual([case[:3] for case, one in zip(must_not, allowed) if one], [])


class Auditor(unittest.TestCase):
    SERVICES = ["s3", "kms", "dynamodb", "cloudtrail", "scheduler", "cloudwatch", "lambda", "iam", "logs", "sts", "events", "sns", "sqs"]

    def targets(self, action, kinds):
        """Resources of the right type for an action; what knows no resource is asked of `*`."""
        service = action.split(":")[0]
        known = {
            ("s3", "bucket"): [arn("archive"), arn("audit")], ("s3", "object"): [arn(BACKUP), arn("attachments/files/1")],
            ("kms", "key"): list(keys().values()), ("dynamodb", "table"): [table_arn()],
            ("cloudtrail", "trail"): [f"arn:aws:cloudtrail:{REGION}:{ACCOUNT}:trail/{P}-trail"],
            ("scheduler", "schedule"): [f"arn:aws:scheduler:{REGION}:{ACCOUNT}:schedule/{P}/{P}-backup"],
            ("scheduler", "schedule-group"): [f"arn:aws:scheduler:{REGION}:{ACCOUNT}:schedule-group/{P}"],
            ("cloudwatch", "alarm"): [f"arn:aws:cloudwatch:{REGION}:{ACCOUNT}:alarm:{P}-backup-fails"],
            ("lambda", "function"): [f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{P}-backup"],
            ("iam", "role"): [f"arn:aws:iam::{ACCOUNT}:role/{P}-fn-api"], ("iam", "policy"): [f"arn:aws:iam::{ACCOUNT}:policy/{P}-fn-boundary"],
            ("logs", "log-group"): [f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:/aws/lambda/{P}-api"],
            ("sts", "role"): [f"arn:aws:iam::{ACCOUNT}:role/{P}-fn-api"],
            ("events", "rule"): [f"arn:aws:events:{REGION}:{ACCOUNT}:rule/{P}-tampering"],
            ("sns", "topic"): [f"arn:aws:sns:{REGION}:{ACCOUNT}:{P}-alarms"], ("sqs", "queue"): [f"arn:aws:sqs:{REGION}:{ACCOUNT}:{P}-failures"],
        }
        if not kinds:
            return ["*"]
        return [target for kind in kinds for target in known.get((service, kind), [])]

    def test_the_auditor_writes_nothing(self):
        world.deployed()
        principals, resource_policies = roles(), policies()
        _, actions = simulate([], principals, resource_policies, self.SERVICES)
        writing = [one for service in actions.values() for one in service if one["level"] not in ("Read", "List")]
        cases = [("backup-auditor", one["action"], target, {}) for one in writing for target in self.targets(one["action"], one["resources"])]
        allowed, _ = simulate(cases, principals, resource_policies)
        self.assertGreater(len(cases), 400)
        self.assertEqual([case[:3] for case, may in zip(cases, allowed) if may], [])
        print(f"  {len(cases)} writing requests of the auditor, none permitted")
        # And it would be noticed.
        principals["backup-auditor"]["identity"].append({"name": "more", "policy": ADMIN})
        principals["backup-auditor"]["boundary"] = []
        self.assertTrue(any(simulate([case for case in cases if case[2] != "*"][:60], principals, resource_policies)[0]))

    def test_the_auditor_sees_the_evidence(self):
        world.deployed()
        seen = [("s3:ListBucketVersions", arn("archive")), ("s3:GetBucketObjectLockConfiguration", arn("archive")),
                ("s3:GetObjectRetention", arn(BACKUP)), ("s3:GetObject", arn("inventory/archive/1.csv.gz")), ("s3:GetObject", arn("audit/AWSLogs/1")),
                ("s3:GetInventoryConfiguration", arn("archive")), ("cloudtrail:GetTrailStatus", f"arn:aws:cloudtrail:{REGION}:{ACCOUNT}:trail/{P}-trail"),
                ("cloudwatch:DescribeAlarms", "*"), ("scheduler:GetSchedule", f"arn:aws:scheduler:{REGION}:{ACCOUNT}:schedule/{P}/{P}-backup"),
                ("dynamodb:DescribeContinuousBackups", table_arn()), ("kms:GetKeyPolicy", keys()["backup"]),
                ("iam:GetRolePolicy", f"arn:aws:iam::{ACCOUNT}:role/{P}-fn-backup")]
        seen += [("s3:GetObjectVersion", arn(f"archive/{kind}/2026-11-20/1")) for kind in ("daily", "monthly", "system", "audit", "runbooks", "bundles")]
        cases = [("backup-auditor", action, target, {}) for action, target in seen]
        cases.append(("backup-auditor", "kms:Decrypt", keys()["backup"], {"kms:ViaService": f"s3.{REGION}.amazonaws.com"}))
        cases += [("backup-auditor", "dynamodb:Query", arn("index"), {"dynamodb:LeadingKeys": [f"G#{kind}"]}) for kind in ("daily", "monthly", "system")]
        allowed, _ = simulate(cases, roles(), policies())
        self.assertEqual([case[1:3] for case, may in zip(cases, allowed) if not may], [])


class Functions(unittest.TestCase):
    def test_each_function_may_do_its_job_and_no_more(self):
        world.deployed()
        principals, resource_policies = roles(), policies()
        _, actions = simulate([], principals, resource_policies, ["s3", "dynamodb"])
        everything = {one["action"] for service in actions.values() for one in service}
        objects = ["attachments/incoming/1", "attachments/files/1", "attachments/outputs/1.csv", BACKUP, "archive/evidence/1/1/log.json",
                   "archive/audit/00000001-2026-11-20.json", "portal/portal/index.html", "site/index.html", "keys/2026-11-20.json",
                   "keys-copy/2026-11-20.json",
                   "audit/AWSLogs/1", "releases/zips/1/api.zip"]
        buckets = ["attachments", "archive", "portal", "site", "keys", "keys-copy", "audit", "releases", "inventory", "access-logs"]
        total = 0
        for name, may in functions.MAY.items():
            who = f"fn-{name}"
            with self.subTest(name):
                cases = [(who, action, arn(what), context) for action, what, context in may]
                allowed, _ = simulate(cases, principals, resource_policies)
                self.assertEqual([case[1:] for case, ok in zip(cases, allowed) if not ok], [], "what it needs is refused")
                listed = {action for action, _, _ in may}
                # Every other action of S3 and DynamoDB, on everything of that type that we have.
                cases = []
                for service in actions.values():
                    for one in service:
                        if one["action"] not in listed:
                            if "object" in one["resources"]:
                                cases += [(who, one["action"], arn(what), {}) for what in objects]
                            elif "bucket" in one["resources"]:
                                cases += [(who, one["action"], arn(what), {}) for what in buckets]
                            elif "table" in one["resources"]:
                                cases.append((who, one["action"], table_arn(), {}))
                # And what comes near.
                cases += [(who, action, arn(what), context) for action, what, context in functions.MUST_NOT[name]]
                # Its own actions on what is not its own.
                own = {what for _, what, _ in may}
                for action in sorted(listed & everything):
                    for what in objects + buckets:
                        is_object = "/" in what
                        fits = any(("/" in other) == is_object and "table" not in other and "index" not in other for a, other, _ in may if a == action)
                        prefix = {"/".join(other.split("/")[:2]) for other in own}
                        if fits and action.startswith("s3:") and "/".join(what.split("/")[:2]) not in prefix:
                            cases.append((who, action, arn(what), {}))
                allowed, _ = simulate(cases, principals, resource_policies)
                self.assertEqual([case[1:] for case, ok in zip(cases, allowed) if ok], [], "it may more than it needs")
                total += len(cases)
        print(f"  {total} requests beyond the functions' jobs, none permitted")
