"""Properties of types that moto knows but half: set through the API of the service, once the resource is there."""

import json

from moto.awslambda.models import LambdaFunction
from moto.dynamodb.models.table import Table
from moto.iam.models import Role
from moto.kms.models import Key
from moto.logs.models import LogGroup
from moto.s3.models import FakeBucket

from .registry import Asked, coerced, text


def install():
    """Puts them in place."""
    after(FakeBucket, bucket)
    after(Table, table)
    after(Role, role)
    after(LambdaFunction, function)
    after(Key, key)
    after(LogGroup, log_group)


def after(kind, more):
    """Lets `more` run after creation and after each change."""
    create = kind.create_from_cloudformation_json.__func__

    def created(cls, resource_name, cloudformation_json, account_id, region_name, **kwargs):
        made = create(cls, resource_name, cloudformation_json, account_id, region_name, **kwargs)
        more(Asked(resource_name, cloudformation_json.get("Properties", {}), account_id, region_name), made)
        return made

    kind.create_from_cloudformation_json = classmethod(created)
    own = kind.__dict__.get("update_from_cloudformation_json")

    def updated(cls, original_resource, new_resource_name, cloudformation_json, account_id, region_name):
        made = original_resource
        if own is not None:
            made = own.__func__(cls, original_resource, new_resource_name, cloudformation_json, account_id, region_name)
        more(Asked(new_resource_name, cloudformation_json.get("Properties", {}), account_id, region_name), made)
        return made

    kind.update_from_cloudformation_json = classmethod(updated)


HANDLED_BY_MOTO = {"BucketName", "BucketEncryption", "Tags"}


def bucket(asked, made):
    s3, name, p = asked.client("s3"), made.name, dict(asked.properties)
    if p.pop("ObjectLockEnabled", False):
        made.object_lock_enabled = True
    calls = {
        "VersioningConfiguration": ("PutBucketVersioning", lambda v: {"VersioningConfiguration": v}),
        "PublicAccessBlockConfiguration": ("PutPublicAccessBlock", lambda v: {"PublicAccessBlockConfiguration": v}),
        "OwnershipControls": ("PutBucketOwnershipControls", lambda v: {"OwnershipControls": v}),
        "ObjectLockConfiguration": ("PutObjectLockConfiguration", lambda v: {"ObjectLockConfiguration": v}),
        "LifecycleConfiguration": ("PutBucketLifecycleConfiguration", lambda v: {"LifecycleConfiguration": lifecycle(v)}),
        "CorsConfiguration": ("PutBucketCors", lambda v: {"CORSConfiguration": {"CORSRules": v["CorsRules"]}}),
        "ReplicationConfiguration": ("PutBucketReplication", lambda v: {"ReplicationConfiguration": v}),
    }
    for prop, (operation, shaped) in calls.items():
        if prop in p:
            send(s3, operation, {"Bucket": name} | shaped(p.pop(prop)))
    for one in p.pop("InventoryConfigurations", []):
        wanted = inventory(one)
        send(s3, "PutBucketInventoryConfiguration", {"Bucket": name, "Id": one["Id"], "InventoryConfiguration": wanted})
    if logging := p.pop("LoggingConfiguration", None):
        target = {"TargetBucket": logging["DestinationBucketName"], "TargetPrefix": logging["LogFilePrefix"]}
        # moto wants the permission of the log service as an ACL, which a bucket with one owner does not have.
        made.logging = target
        s3.get_bucket_logging(Bucket=name)
    left = set(p) - HANDLED_BY_MOTO
    if left:
        raise NotImplementedError(f"bucket properties that would be lost: {left}")


def send(client, operation, wanted):
    """One call, by the name of its operation."""
    from botocore import xform_name

    return getattr(client, xform_name(operation))(**coerced(client, operation, wanted))


def lifecycle(wanted):
    rules = []
    for rule in wanted["Rules"]:
        rule = dict(rule)
        out = {"ID": rule.pop("Id"), "Status": rule.pop("Status"), "Filter": {"Prefix": rule.pop("Prefix", "")}}
        if days := rule.pop("ExpirationInDays", None):
            out["Expiration"] = {"Days": int(days)}
        if rule.pop("ExpiredObjectDeleteMarker", None):
            out["Expiration"] = {"ExpiredObjectDeleteMarker": True}
        if moves := rule.pop("Transitions", None):
            out["Transitions"] = [{"Days": one["TransitionInDays"], "StorageClass": one["StorageClass"]} for one in moves]
        for same in ("NoncurrentVersionExpiration", "AbortIncompleteMultipartUpload"):
            if same in rule:
                out[same] = rule.pop(same)
        if rule:
            raise NotImplementedError(f"lifecycle rules that would be lost: {set(rule)}")
        rules.append(out)
    return {"Rules": rules}


def inventory(one):
    place = one["Destination"]
    return {
        "Id": one["Id"], "IsEnabled": one["Enabled"], "IncludedObjectVersions": one["IncludedObjectVersions"],
        "Schedule": {"Frequency": one["ScheduleFrequency"]}, "OptionalFields": one["OptionalFields"],
        "Destination": {"S3BucketDestination": {
            "Bucket": place["BucketArn"], "AccountId": place["BucketAccountId"], "Format": place["Format"],
            "Prefix": place["Prefix"]}},
    }


def table(asked, made):
    client, p = asked.client("dynamodb"), asked.properties
    if recovery := p.get("PointInTimeRecoverySpecification"):
        send(client, "UpdateContinuousBackups", {"TableName": made.name, "PointInTimeRecoverySpecification": recovery})
    if ttl := p.get("TimeToLiveSpecification"):
        send(client, "UpdateTimeToLive", {"TableName": made.name, "TimeToLiveSpecification": ttl})
    if own := p.get("ResourcePolicy"):
        client.put_resource_policy(ResourceArn=made.table_arn, Policy=text(own["PolicyDocument"]))
    if key := p.get("SSESpecification"):
        made.sse_specification = {
            "Enabled": True, "SSEType": key["SSEType"], "KMSMasterKeyId": key["KMSMasterKeyId"], "KMSMasterKeyArn": key["KMSMasterKeyId"],
            "Status": "ENABLED"}


def role(asked, made):
    iam = asked.client("iam")
    for name in list(made.policies):
        made.policies.pop(name)
    for policy in asked.properties.get("Policies", []):
        iam.put_role_policy(RoleName=made.name, PolicyName=policy["PolicyName"], PolicyDocument=text(policy["PolicyDocument"]))
    trust = asked.properties["AssumeRolePolicyDocument"]
    iam.update_assume_role_policy(RoleName=made.name, PolicyDocument=json.dumps(trust))
    boundary = asked.properties.get("PermissionsBoundary")
    if boundary:
        iam.put_role_permissions_boundary(RoleName=made.name, PermissionsBoundary=boundary)


def function(asked, made):
    client, p = asked.client("lambda"), asked.properties
    client.put_function_concurrency(
        FunctionName=made.function_name, ReservedConcurrentExecutions=int(p["ReservedConcurrentExecutions"]))
    # moto keeps neither; they are what the template says.
    made.architectures = p.get("Architectures", ["x86_64"])
    made.dead_letter_config = p.get("DeadLetterConfig")


def key(asked, made):
    # moto keeps the document of a template as it is, and later reads it as text.
    made.policy = text(asked.properties["KeyPolicy"])


def log_group(asked, made):
    made.kms_key_id = asked.properties.get("KmsKeyId")
