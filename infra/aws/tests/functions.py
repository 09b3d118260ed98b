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
    # Restore only: the command line of whoever broke the glass, no function.
    "batch_write_item": [],
    # Tests and the local environment only.
    "create_table": [],
    "update_time_to_live": [],
    "get_object": ["s3:GetObject", "s3:GetObjectVersion", "s3:GetObjectRetention"],
    "head_object": ["s3:GetObject", "s3:ListBucket"],
    "put_object": ["s3:PutObject", "s3:PutObjectRetention", "s3:PutObjectLegalHold"],
    "delete_object": ["s3:DeleteObject"],
    "list_object_versions": ["s3:ListBucketVersions"],
}

READS = [("dynamodb:GetItem", "table", {}), ("dynamodb:BatchGetItem", "table", {}), ("dynamodb:Query", "table", {}),
         ("dynamodb:Query", "index", {})]


def writes(partition=None):
    """Single items; with a partition only those."""
    context = {"dynamodb:LeadingKeys": [partition]} if partition else {}
    return [(f"dynamodb:{verb}Item", "table", context) for verb in ("Put", "Update", "Delete")]


def put_locked(key):
    context = {"s3:object-lock-remaining-retention-days": "1826", "s3:object-lock-mode": "COMPLIANCE"}
    return [("s3:PutObject", key, context), ("s3:PutObjectRetention", key, context)]


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
        *put_locked("archive/daily/2026-11-20/1/manifest.json"), *put_locked("archive/evidence/1/1/log.json"),
        ("s3:PutObjectLegalHold", "archive/evidence/1/1/log.json", {"s3:object-lock-legal-hold": "ON"}),
        ("s3:GetObjectVersion", "archive/daily/2026-11-20/1/manifest.json", {}),
        ("s3:GetObjectRetention", "archive/daily/2026-11-20/1/manifest.json", {}),
        ("s3:GetObjectVersion", "archive/audit/00000001-2026-11-20.json", {}),
        ("s3:GetObjectRetention", "archive/audit/00000001-2026-11-20.json", {}),
    ],
    "sheet": READS + ANY_WRITE,
    "backup": READS + writes("G#1") + [
        ("s3:GetObject", "attachments/files/1", {}), ("s3:ListBucket", "attachments", {}), ("s3:ListBucket", "archive", {}),
        *put_locked("archive/daily/2026-11-20/1/manifest.json"),
        ("s3:GetObjectVersion", "archive/daily/2026-11-20/1/manifest.json", {}),
        ("s3:GetObjectRetention", "archive/daily/2026-11-20/1/manifest.json", {}),
    ],
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
}

# What no function may do although its list comes near: each must be refused.
MUST_NOT = {
    "api": [("s3:DeleteObject", "attachments/files/1", {}), ("s3:PutObject", "archive/audit/00000001-2026-11-20.json", {}),
            ("s3:PutObjectLegalHold", "archive/evidence/1/1/log.json", {"s3:object-lock-legal-hold": "OFF"}),
            ("s3:GetObject", "keys/1", {}), ("s3:PutObject", "keys/1", {}), ("dynamodb:Scan", "table", {})],
    "backup": [("dynamodb:PutItem", "table", {"dynamodb:LeadingKeys": ["P#1"]}), ("dynamodb:PutItem", "table", {}),
               ("s3:PutObject", "archive/audit/00000001-2026-11-20.json", {}), ("s3:PutObject", "attachments/files/1", {}),
               ("s3:PutObject", "archive/daily/2026-11-20/1/x", {"s3:object-lock-remaining-retention-days": "1"})],
    "seal": [("dynamodb:DeleteItem", "table", {"dynamodb:LeadingKeys": ["E#2026-11-20T10"]}), ("s3:GetObject", "attachments/files/1", {})],
    "portal": [("dynamodb:UpdateItem", "table", {"dynamodb:LeadingKeys": ["V#seal"]}), ("s3:PutObject", "site/index.html", {})],
    "sweep": [("s3:DeleteObject", "attachments/files/1", {}), ("dynamodb:PutItem", "table", {})],
    "sheet": [("s3:GetObject", "attachments/files/1", {}), ("s3:PutObject", "archive/daily/1", {})],
}
