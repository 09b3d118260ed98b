"""What each function may do: the source of the proof by simulation, written from the code and not from the templates.

A call of the SDK in `functions/src` needs the actions beside it (`CALLS`); a function needs what its job does (`MAY`).
`test_shape` refuses a call that is not listed, `test_powers` proves that a role permits its list and nothing else.
"""

# SDK call → actions.
CALLS = {
    "get_item": ["dynamodb:GetItem"],
    "batch_get_item": ["dynamodb:BatchGetItem"],
    "query": ["dynamodb:Query"],
    "put_item": ["dynamodb:PutItem"],
    "update_item": ["dynamodb:UpdateItem"],
    "delete_item": ["dynamodb:DeleteItem"],
    "transact_write_items": ["dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:DeleteItem", "dynamodb:ConditionCheckItem"],
    # Into the isolated place of a drill only (and by the command line of whoever broke the glass).
    "batch_write_item": ["dynamodb:BatchWriteItem"],
    "create_table": ["dynamodb:CreateTable"],
    "update_time_to_live": ["dynamodb:UpdateTimeToLive"],
    "describe_table": ["dynamodb:DescribeTable"],
    "update_table": ["dynamodb:UpdateTable"],
    "delete_table": ["dynamodb:DeleteTable"],
    "create_bucket": ["s3:CreateBucket"],
    "delete_bucket": ["s3:DeleteBucket"],
    "delete_objects": ["s3:DeleteObject"],
    "head_bucket": ["s3:ListBucket"],
    "list_objects_v2": ["s3:ListBucket"],
    "send_email": ["ses:SendEmail"],
    "get_object": ["s3:GetObject", "s3:GetObjectVersion", "s3:GetObjectRetention"],
    "head_object": ["s3:GetObject", "s3:ListBucket"],
    "put_object": ["s3:PutObject", "s3:PutObjectRetention", "s3:PutObjectLegalHold", "s3:PutObjectTagging"],
    "delete_object": ["s3:DeleteObject", "s3:DeleteObjectVersion"],
    "list_object_versions": ["s3:ListBucketVersions"],
}

READS = [("dynamodb:GetItem", "table", {}), ("dynamodb:BatchGetItem", "table", {}), ("dynamodb:Query", "table", {}),
         ("dynamodb:Query", "index", {})]


def writes(*partitions):
    """Single items; with partitions only those."""
    contexts = [{"dynamodb:LeadingKeys": [one]} for one in partitions] or [{}]
    return [(f"dynamodb:{verb}Item", "table", context) for context in contexts for verb in ("Put", "Update", "Delete")]


def checks(*partitions):
    """The same in transactions that also check."""
    return writes(*partitions) + [("dynamodb:ConditionCheckItem", "table", {"dynamodb:LeadingKeys": [one]}) for one in partitions]


def on(action, what, *partitions):
    """One action on each of these partitions."""
    return [(f"dynamodb:{action}", what, {"dynamodb:LeadingKeys": [one]}) for one in partitions]


def reads_of(*partitions):
    """Items and whole partitions of the table."""
    return [one for action in ("GetItem", "BatchGetItem", "Query") for one in on(action, "table", *partitions)]


def put_locked(key):
    context = {"s3:object-lock-remaining-retention-days": "1826", "s3:object-lock-mode": "COMPLIANCE"}
    return [("s3:PutObject", key, context), ("s3:PutObjectRetention", key, context)]


def key_objects(*actions, key="2026-11-20"):
    """Both copies of a key, of a destroyable one unless another is named."""
    return [(f"s3:{action}Object", f"{copy}/{key}.json", {}) for action in actions for copy in ("keys", "keys-copy")]


def ring(*actions, key="2026-11-20"):
    """The same, and whether it is there."""
    return key_objects(*actions, key=key) + [("s3:ListBucket", "keys", {}), ("s3:ListBucket", "keys-copy", {})]


def labelled(key):
    return [*put_locked(key), ("s3:PutObjectTagging", key, {})]


def seen(*keys):
    """Read by their version, with their lock."""
    return [(action, f"archive/{key}", {}) for key in keys for action in ("s3:GetObjectVersion", "s3:GetObjectRetention")]


DAILY, MONTHLY, SYSTEM = (f"{kind}/2026-11-20/1/manifest.json" for kind in ("daily", "monthly", "system"))
MAIL_FROM = "renraku@example.jp"
# What an incident that the system opens writes: case, number, own key, mark of the day, audit log, errands.
CASES = ("K#1", "KN#1", "KS#1", "KD#2026-11-20", "E#2026-11-20T10", "Y#1")
MONITORING = ("MS#2026-11-20", "MW", "MA", "MD")
# The account of monitoring: nobody else's partitions, and these two exactly.
MONITORS = ("A#00000000000000000000000001", "U#monitor")
# Whose content nothing outside the network may open: notes and their history, receipts, replies, consents, attachments, people,
# their factors and sessions, cases, the audit log; and of the index all of whom it lists.
CLINICAL = ("P#1", "D#2026-11-20", "R#2026-11-20", "B#2026-11-20", "C#1", "EP#1", "Q#2026-11-20")
PERSONAL = ("A#1", "A#01KB0000000000000000000000", "U#city-01", "U#monitor-2", "S#1", "X#1", "W#1", "K#1", "KN#1", "KS#1", "KP#city", "KF#1", "KA#1",
            "E#2026-11-20T10", "SC#1", "F#1", "Y#1")
LISTS = ("L#patient", "L#account", "L#login", "L#factor", "L#mail", "L#case", *CLINICAL, *PERSONAL)

ANY_WRITE = writes() + [("dynamodb:ConditionCheckItem", "table", {})]

# Function → (action, what it is done to, context of the request).
MAY = {
    "api": READS + ANY_WRITE + [
        ("s3:PutObject", "attachments/incoming/1", {}), ("s3:GetObject", "attachments/incoming/1", {}),
        ("s3:PutObject", "attachments/files/1", {}), ("s3:GetObject", "attachments/files/1", {}),
        ("s3:PutObject", "attachments/previews/1.jpg", {}), ("s3:GetObject", "attachments/previews/1.jpg", {}),
        ("s3:PutObject", "attachments/outputs/1.csv", {}), ("s3:GetObject", "attachments/outputs/1.csv", {}),
        ("s3:DeleteObject", "attachments/incoming/1", {}), ("s3:DeleteObject", "attachments/outputs/1.csv", {}),
        ("s3:ListBucket", "attachments", {}), ("s3:ListBucket", "archive", {}), ("s3:ListBucketVersions", "archive", {}),
        ("s3:ListBucket", "portal", {}), ("s3:PutObject", "portal/portal/index.html", {}),
        *put_locked("archive/evidence/1/1/log.json"), *put_locked("archive/bundles/2026-11-20/1/evidence.zip"),
        # It signs evidence bundles; the keys of what is in backups are nothing for it.
        *ring("Get", "Put", "Delete", key="signing/2026"),
        ("s3:PutObjectLegalHold", "archive/evidence/1/1/log.json", {"s3:object-lock-legal-hold": "ON"}),
        ("s3:GetObjectVersion", "archive/daily/2026-11-20/1/manifest.json", {}),
        ("s3:GetObjectRetention", "archive/daily/2026-11-20/1/manifest.json", {}),
        ("s3:GetObjectVersion", "archive/audit/00000001-2026-11-20.json", {}),
        ("s3:GetObjectRetention", "archive/audit/00000001-2026-11-20.json", {}),
    ],
    "sheet": READS + ANY_WRITE,
    # Catalogue, runs by hand and their reasons; keys; the service's stop; the audit log of whom it acts for.
    "backup": READS + writes("G#1", "G#asked", "KY#2026-11-20", "V#service", "E#2026-11-20T10") + [
        ("s3:GetObject", "attachments/files/1", {}), ("s3:ListBucket", "attachments", {}), ("s3:ListBucket", "archive", {}), ("s3:ListBucketVersions", "archive", {}),
        *labelled(f"archive/{DAILY}"), *labelled(f"archive/{MONTHLY}"), *labelled(f"archive/{SYSTEM}"),
        *seen(DAILY, MONTHLY, SYSTEM), *ring("Get", "Put", "Delete"),
    ],
    "runbooks": [(f"dynamodb:{action}", "table", {"dynamodb:LeadingKeys": ["V#runbook"]}) for action in ("Query", "PutItem")]
    + put_locked("archive/runbooks/stop/v1-1.pdf"),
    "seal": READS + writes("V#seal") + [
        *put_locked("archive/audit/00000001-2026-11-20.json"), ("s3:ListBucket", "archive", {}),
        ("s3:ListBucketVersions", "archive", {}), ("s3:GetObjectVersion", "archive/audit/00000001-2026-11-20.json", {}),
        ("s3:GetObjectRetention", "archive/audit/00000001-2026-11-20.json", {}),
    ],
    "portal": READS + writes("V#portal") + [("s3:PutObject", "portal/portal/index.html", {})],
    "sweep": READS + [
        ("s3:GetObject", "attachments/incoming/1", {}), ("s3:GetObject", "attachments/outputs/1.csv", {}),
        ("s3:DeleteObject", "attachments/incoming/1", {}), ("s3:DeleteObject", "attachments/outputs/1.csv", {}),
        ("s3:ListBucket", "attachments", {}),
    ],
    "outbox": READS + checks("Y#1", "A#1", "P#1", "V#portal") + [
        ("s3:PutObject", "portal/portal/index.html", {}), ("ses:SendEmail", "mails", {"ses:FromAddress": MAIL_FROM})],
    # From outside the network: how things stand, its records, its own account. What follows from them, its check does inside.
    "monitor": [
        *on("GetItem", "table", "MS#2026-11-20", "MW", "DR", "V#service", "V#seal", "V#portal", *MONITORS),
        *on("Query", "table", "MS#2026-11-20"), *on("Query", "index", "G#daily", "G#monthly", "L#errand", "L#facility"),
        *on("PutItem", "table", "MS#2026-11-20", "MW", "E#2026-11-20T10", *MONITORS), *on("UpdateItem", "table", *MONITORS),
        *on("DeleteItem", "table", "MW"),
        ("s3:ListBucket", "attachments", {}), ("s3:ListBucket", "archive", {}), ("s3:ListBucket", "portal", {}),
        ("s3:ListBucket", "firewall", {}), ("s3:GetObject", "firewall/AWSLogs/1.log.gz", {})],
    "monitor_check": reads_of("MS#2026-11-20", "MW", "MD", "K#1", "KS#1") + checks(*MONITORING, *CASES)
    + put_locked("archive/monitor/2026-11-20.json"),
    "drill": READS + checks("DR", "G#1", "V#portal", *MONITORING, *CASES) + [
        ("s3:GetObject", "attachments/files/1", {}), ("s3:ListBucket", "attachments", {}), ("s3:ListBucket", "archive", {}),
        ("s3:ListBucketVersions", "archive", {}), *seen(DAILY, MONTHLY, SYSTEM, "audit/00000001-2026-11-20.json"),
        *put_locked("archive/drills/2026-11-20/1.json"), ("s3:PutObject", "portal/portal/index.html", {}), *ring("Get", "Put"),
        *[(f"s3:{action}", "drill", {}) for action in ("CreateBucket", "ListBucket", "DeleteBucket")],
        *[(f"s3:{action}Object", "drill/files/1", {}) for action in ("Get", "Put", "Delete")],
        *[(f"dynamodb:{action}", "drill-table", {}) for action in (
            "GetItem", "BatchGetItem", "Query", "PutItem", "UpdateItem", "DeleteItem", "ConditionCheckItem", "BatchWriteItem",
            "CreateTable", "DescribeTable", "UpdateTable", "UpdateTimeToLive", "DeleteTable")]],
    # It looks at the ring for monitoring, which stands outside, where no key may go: its writes reach records and incidents.
    "erase": READS + ANY_WRITE + checks(*MONITORING, *CASES) + [
        *[(f"s3:DeleteObject{version}", f"attachments/{key}", {}) for version in ("", "Version")
          for key in ("files/1", "previews/1.jpg", "incoming/1")],
        ("s3:ListBucketVersions", "attachments", {}), ("s3:ListBucket", "archive", {}), ("s3:ListBucketVersions", "archive", {}),
        *ring("Get", "Delete"), *seen(DAILY, MONTHLY, "erasure/2026-11-20.json"),
        *put_locked("archive/erasure/2026-11-20.json")],
    "founding": [one for one in READS if one[0] != "dynamodb:BatchGetItem"] + checks("F#1", "A#1", "U#1", "E#2026-11-20T10", "V#portal"),
    # It fills this environment from the archive of another, which it only reads.
    "restore": READS + [
        ("dynamodb:PutItem", "table", {}), ("dynamodb:BatchWriteItem", "table", {}),
        ("s3:PutObject", "attachments/files/1", {}), ("s3:PutObject", "attachments/previews/1.jpg", {}),
        ("dynamodb:GetItem", "before-table", {"dynamodb:LeadingKeys": ["KY#2026-11-20"]}),
        *[(action, f"before-archive/{key}", {}) for key in (DAILY, MONTHLY) for action in ("s3:GetObjectVersion", "s3:GetObjectRetention")],
        ("s3:ListBucketVersions", "before-archive", {}),
        *[(f"s3:{action}", what, {}) for copy in ("keys", "keys-copy") for action, what in (
            ("ListBucket", f"before-{copy}"), ("GetObject", f"before-{copy}/2026-11-20.json"))]],
}

# Those that a person calls; no schedule starts them.
BY_HAND = {"founding", "restore"}

# What no function may do although its list comes near: each must be refused.
MUST_NOT = {
    "api": [("s3:DeleteObjectVersion", f"archive/{DAILY}", {}), ("s3:DeleteObject", "attachments/files/1", {}),
            ("s3:DeleteObjectVersion", "attachments/files/1", {}), ("s3:PutObject", "archive/erasure/2026-11-20.json", {}),
            ("s3:PutObject", "archive/audit/00000001-2026-11-20.json", {}),
            ("s3:PutObjectLegalHold", "archive/evidence/1/1/log.json", {"s3:object-lock-legal-hold": "OFF"}),
            *put_locked(f"archive/{DAILY}"), *key_objects("Get", "Put", "Delete"),
            ("s3:PutObject", f"archive/{MONTHLY}", {}), ("s3:PutObject", "archive/drills/2026-11-20/1.json", {}), ("dynamodb:Scan", "table", {})],
    "backup": [("dynamodb:PutItem", "table", {"dynamodb:LeadingKeys": ["P#1"]}), ("dynamodb:PutItem", "table", {}),
               ("s3:PutObject", "archive/audit/00000001-2026-11-20.json", {}), ("s3:PutObject", "attachments/files/1", {}),
               ("s3:PutObject", "archive/daily/2026-11-20/1/x", {"s3:object-lock-remaining-retention-days": "1"})],
    "runbooks": [("dynamodb:Query", "table", {"dynamodb:LeadingKeys": ["P#1"]}), ("dynamodb:Query", "table", {}),
                 ("dynamodb:DeleteItem", "table", {"dynamodb:LeadingKeys": ["V#runbook"]}), ("s3:PutObject", f"archive/{DAILY}", {}),
                 ("s3:GetObject", "attachments/files/1", {}), ("s3:GetObject", "keys/2026-11-20.json", {})],
    "seal": [("dynamodb:DeleteItem", "table", {"dynamodb:LeadingKeys": ["E#2026-11-20T10"]}), ("s3:GetObject", "attachments/files/1", {})],
    "portal": [("dynamodb:UpdateItem", "table", {"dynamodb:LeadingKeys": ["V#seal"]}), ("s3:PutObject", "site/index.html", {})],
    "sweep": [("s3:DeleteObject", "attachments/files/1", {}), ("dynamodb:PutItem", "table", {})],
    "sheet": [("s3:GetObject", "attachments/files/1", {}), ("s3:PutObject", "archive/daily/1", {})],
    "outbox": [("dynamodb:PutItem", "table", {"dynamodb:LeadingKeys": ["V#seal"]}), ("dynamodb:PutItem", "table", {}),
               ("ses:SendEmail", "mails", {"ses:FromAddress": "somebody@example.com"}), ("ses:SendEmail", "mails", {})],
    "monitor": [*on("GetItem", "table", *CLINICAL, *PERSONAL), *on("Query", "table", *CLINICAL, *PERSONAL, *MONITORS), *on("Query", "index", *LISTS),
                ("dynamodb:GetItem", "table", {"dynamodb:LeadingKeys": ["MW", "D#2026-11-20"]}),
                *[(f"dynamodb:{action}", what, {}) for action, what in (
                    ("GetItem", "table"), ("Query", "table"), ("Query", "index"), ("PutItem", "table"), ("UpdateItem", "table"), ("DeleteItem", "table"))],
                *on("PutItem", "table", *CLINICAL, *[one for one in PERSONAL if not one.startswith("E#")], "V#service", "V#seal", "MA"),
                *on("UpdateItem", "table", *CLINICAL, *PERSONAL, "MS#2026-11-20", "V#portal"),
                *on("DeleteItem", "table", *CLINICAL, *PERSONAL, *MONITORS, "MS#2026-11-20"),
                ("s3:GetObject", "attachments/files/1", {}), ("s3:GetObjectVersion", f"archive/{DAILY}", {}), *ring("Get")],
    "monitor_check": [*on("GetItem", "table", *CLINICAL, "A#1", "U#city-01", "E#2026-11-20T10"), *on("Query", "table", "D#2026-11-20", "P#1"),
                      *on("Query", "index", *LISTS), ("dynamodb:Query", "table", {}), ("dynamodb:GetItem", "table", {}),
                      *on("PutItem", "table", "P#1", "D#2026-11-20", "A#1"), ("s3:PutObject", f"archive/{DAILY}", {}), *ring("Get")],
    "drill": [("dynamodb:DeleteTable", "table", {}), ("dynamodb:CreateTable", "table", {}), ("dynamodb:UpdateTable", "table", {}),
              ("dynamodb:BatchWriteItem", "table", {}), ("dynamodb:PutItem", "table", {"dynamodb:LeadingKeys": ["P#1"]}),
              ("s3:DeleteBucket", "attachments", {}), ("s3:DeleteBucket", "keys", {}), ("s3:DeleteObject", "attachments/files/1", {}),
              ("s3:PutObject", f"archive/{DAILY}", {}), ("s3:DeleteObject", "keys/2026-11-20.json", {})],
    "founding": [("dynamodb:PutItem", "table", {"dynamodb:LeadingKeys": ["P#1"]}), ("dynamodb:PutItem", "table", {}),
                 ("s3:GetObject", "attachments/files/1", {}), ("s3:GetObject", "keys/2026-11-20.json", {})],
    "restore": [("dynamodb:DeleteItem", "table", {}), ("s3:GetObject", "attachments/files/1", {}), ("s3:PutObject", f"archive/{DAILY}", {}),
                ("s3:GetObject", "keys/2026-11-20.json", {}), ("dynamodb:GetItem", "before-table", {"dynamodb:LeadingKeys": ["P#1"]}),
                ("dynamodb:PutItem", "before-table", {}), ("dynamodb:BatchWriteItem", "before-table", {}),
                ("s3:PutObject", f"before-archive/{DAILY}", {}), ("s3:DeleteObject", "before-keys/2026-11-20.json", {}),
                ("s3:PutObject", "before-keys/2026-11-20.json", {}), ("s3:GetObject", "before-attachments/files/1", {})],
    "erase": [("s3:DeleteObjectVersion", f"archive/{DAILY}", {}), ("s3:PutObject", "keys/2026-11-20.json", {}),
              ("s3:GetObject", "attachments/files/1", {}), ("dynamodb:DeleteTable", "table", {})],
}
