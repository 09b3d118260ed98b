"""What every template of ours must fulfil: one function a rule, each with mutations that it must notice.

A rule yields findings in words. `tests.test_rules` runs all of them over the templates, and then over each mutation, where
silence is a failure.
"""

import copy
import json
import re

from templates import resources

FIVE_YEARS = 1827
RULES = []


def rule(*mutations):
    """A rule and what it must notice."""

    def add(check):
        RULES.append((check, mutations))
        return check

    return add


def props(resource):
    return resource.get("Properties", {})


def at(stack, name, *path, value):
    """A mutation: one value of one resource is another; `None` takes it out."""

    def mutate(templates):
        templates = copy.deepcopy(templates)
        place = templates[stack]["Resources"][name]
        for step in path[:-1]:
            place = place[step]
        if value is None:
            del place[path[-1]]
        else:
            place[path[-1]] = value
        return templates

    mutate.__name__ = f"{stack}/{name}: {'.'.join(map(str, path))} = {value}"
    return mutate


def new(stack, kind, properties=None):
    """A mutation: one resource more."""

    def mutate(templates):
        templates = copy.deepcopy(templates)
        templates[stack]["Resources"]["Intruder"] = {"Type": kind, "Properties": properties or {}}
        return templates

    mutate.__name__ = f"{stack}: a {kind}"
    return mutate


def statements(document):
    found = listed(document["Statement"])
    # What is permitted under a condition of the template counts as permitted.
    return [one["Fn::If"][1] if "Fn::If" in one else one for one in found]


def listed(value):
    return value if isinstance(value, list) else [value]


def bucket_policies(template, bucket):
    for resource in template["Resources"].values():
        if resource["Type"] == "AWS::S3::BucketPolicy" and props(resource)["Bucket"] == {"Ref": bucket}:
            yield from statements(props(resource)["PolicyDocument"])


ALL_BLOCKED = ["BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets"]


@rule(
    at("30-data", "Attachments", "Properties", "PublicAccessBlockConfiguration", "BlockPublicPolicy", value=False),
    at("30-data", "Attachments", "Properties", "BucketEncryption", value=None),
    at("60-edge", "Site", "Properties", "OwnershipControls", value=None),
    at("30-data", "PortalPolicy", "Properties", "PolicyDocument", "Statement", 0, "Effect", value="Allow"),
    at("40-backup", "Keys", "Properties", "LoggingConfiguration", value=None),
    new("30-data", "AWS::S3::Bucket"),
)
def buckets_are_closed(templates):
    """Private, encrypted, one owner, TLS only, logged."""
    for stack, name, resource in resources(templates, "AWS::S3::Bucket"):
        where, p = f"{stack}/{name}", props(resource)
        if not all(p.get("PublicAccessBlockConfiguration", {}).get(one) is True for one in ALL_BLOCKED):
            yield f"{where} is not closed to the public"
        if "BucketEncryption" not in p:
            yield f"{where} is not encrypted"
        if p.get("OwnershipControls") != {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]}:
            yield f"{where} may have objects of others"
        if name not in ("AccessLogs", "Copy") and "LoggingConfiguration" not in p:
            yield f"{where} has no access log"
        tls = [one for one in bucket_policies(templates[stack], name) if one["Effect"] == "Deny" and one["Principal"] == "*"
               and one.get("Condition") == {"Bool": {"aws:SecureTransport": "false"}} and one["Action"] == "s3:*"]
        if not tls:
            yield f"{where} can be reached without TLS"


KEEPS = {"AWS::S3::Bucket", "AWS::DynamoDB::Table", "AWS::KMS::Key", "AWS::CloudTrail::Trail", "AWS::Logs::LogGroup",
         "AWS::CertificateManager::Certificate"}


@rule(
    at("30-data", "Table", "DeletionPolicy", value="Delete"),
    at("40-backup", "Archive", "UpdateReplacePolicy", value=None),
    at("10-keys", "BackupKey", "DeletionPolicy", value="Retain"),
)
def what_keeps_stays(templates):
    """Deleting a stack or replacing a resource leaves data; a failed first creation leaves nothing that bars the next."""
    for stack, name, resource in resources(templates):
        if resource["Type"] in KEEPS:
            if resource.get("DeletionPolicy") != "RetainExceptOnCreate" or resource.get("UpdateReplacePolicy") != "Retain":
                yield f"{stack}/{name} does not outlive its stack"


@rule(
    at("40-backup", "Archive", "Properties", "ObjectLockConfiguration", "Rule", "DefaultRetention", "Mode", value="GOVERNANCE"),
    at("40-backup", "Archive", "Properties", "ObjectLockConfiguration", "Rule", "DefaultRetention", "Days", value=365),
    at("00-audit-logs", "Audit", "Properties", "ObjectLockEnabled", value=False),
    at("40-backup", "Archive", "Properties", "VersioningConfiguration", "Status", value="Suspended"),
    at("40-backup", "Keys", "Properties", "VersioningConfiguration", value={"Status": "Enabled"}),
)
def evidence_is_locked(templates):
    """Archive, trail and releases: COMPLIANCE for five years. The ring of keys: neither locked nor versioned."""
    locked = {("40-backup", "Archive"), ("00-audit-logs", "Audit"), ("00-audit-logs", "Releases"), ("45-copy", "Copy")}
    for stack, name in locked:
        p = props(templates[stack]["Resources"][name])
        kept = p.get("ObjectLockConfiguration", {}).get("Rule", {}).get("DefaultRetention", {})
        parameters = templates[stack]["Parameters"]
        if p.get("ObjectLockEnabled") is not True or p.get("VersioningConfiguration") != {"Status": "Enabled"}:
            yield f"{stack}/{name} is not locked"
        if kept != {"Mode": {"Ref": "LockMode"}, "Days": {"Ref": "LockDays"}}:
            yield f"{stack}/{name} does not lock as the parameters say"
        if parameters["LockMode"]["Default"] != "COMPLIANCE" or parameters["LockDays"]["Default"] < FIVE_YEARS:
            yield f"{stack}: the default is not five years under COMPLIANCE"
    for name in ("Keys", "KeysCopy"):
        p = props(templates["40-backup"]["Resources"][name])
        if "VersioningConfiguration" in p or "ObjectLockEnabled" in p:
            yield f"40-backup/{name}: a key that was destroyed would still be there"


# A locked version stays whatever a lifecycle says, but a marker hides it: so only what ends, long after its lock.
LONGEST_LOCK, A_YEAR = 1830, 365
ENDS = {"daily/", "monthly/", "system/", "monitor/", "drills/", "bundles/"}
# Under a hold, links of a chain, proofs of what is no more, texts that may still be in force.
STAYS = {"evidence/", "audit/", "erasure/", "runbooks/"}


def lifecycle(templates, stack, name):
    return props(templates[stack]["Resources"][name]).get("LifecycleConfiguration", {}).get("Rules", [])


def days_of(value, template):
    """A number of days, by the least that a parameter takes."""
    if isinstance(value, dict):
        parameter = template["Parameters"][value["Ref"]]
        return min(parameter["MinValue"], parameter["Default"])
    return value


def lifecycle_rule(stack, bucket, number, key, value):
    return at(stack, bucket, "Properties", "LifecycleConfiguration", "Rules", number, key, value=value)


def parameter(stack, name, key, value):
    """A mutation: one value of a parameter is another."""

    def mutate(templates):
        templates = copy.deepcopy(templates)
        templates[stack]["Parameters"][name][key] = value
        return templates

    mutate.__name__ = f"{stack}: {name}.{key} = {value}"
    return mutate


@rule(
    lifecycle_rule("40-backup", "Archive", 1, "ExpirationInDays", 1830),
    lifecycle_rule("40-backup", "Archive", 1, "ExpirationInDays", None),
    lifecycle_rule("40-backup", "Archive", 2, "Prefix", None),
    lifecycle_rule("40-backup", "Archive", 3, "Prefix", "evidence/"),
    lifecycle_rule("40-backup", "Archive", 4, "NoncurrentVersionExpiration", None),
    lifecycle_rule("40-backup", "Archive", 5, "Status", "Disabled"),
    lifecycle_rule("40-backup", "Archive", 0, "ExpirationInDays", 2200),
    lifecycle_rule("45-copy", "Copy", 0, "ExpirationInDays", 365),
    lifecycle_rule("45-copy", "Copy", 1, "Prefix", "audit/"),
    at("45-copy", "Copy", "Properties", "LifecycleConfiguration", value=None),
    parameter("40-backup", "GoneAfterDays", "Default", 1830),
    parameter("45-copy", "GoneAfterDays", "MinValue", 1),
)
def what_ends_goes_long_after_its_lock(templates):
    """Expired versions go by themselves, a year after the longest lock; what stays is hidden by nothing."""
    for stack, name in (("40-backup", "Archive"), ("45-copy", "Copy")):
        where, template, ended = f"{stack}/{name}", templates[stack], set()
        rules = [one for one in lifecycle(templates, stack, name) if one["Status"] == "Enabled"]
        for one in rules:
            if "ExpirationInDays" not in one and "NoncurrentVersionExpiration" not in one:
                continue
            prefix = one.get("Prefix", "")
            if prefix not in ENDS:
                yield f"{where}: {one['Id']} hides or ends what stays ({prefix or 'everything'})"
            if days_of(one.get("ExpirationInDays", 0), template) < LONGEST_LOCK + A_YEAR:
                yield f"{where}: {one['Id']} ends too early or not at all"
            elif one.get("NoncurrentVersionExpiration"):
                ended.add(prefix)
        if ended != ENDS:
            yield f"{where}: {sorted(ENDS - ended)} never ends"
        if not any(one.get("ExpiredObjectDeleteMarker") for one in rules) or not any(one.get("AbortIncompleteMultipartUpload") for one in rules):
            yield f"{where} keeps markers or halves of uploads"


# Whoever may do one of these ends, hides or opens what a bucket holds, whatever its locks say.
HANDS = {"s3:PutBucketPolicy", "s3:DeleteBucketPolicy", "s3:PutLifecycleConfiguration", "s3:PutBucketObjectLockConfiguration",
         "s3:PutBucketVersioning", "s3:PutReplicationConfiguration", "s3:PutEncryptionConfiguration",
         "s3:PutBucketPublicAccessBlock", "s3:PutBucketOwnershipControls"}
EVIDENCE = {"00-audit-logs": ("AccessLogs", "FirewallLog", "Inventory", "Audit", "Releases"), "40-backup": ("Archive", "Keys", "KeysCopy"),
            "45-copy": ("Copy",)}
# Of a denial: it binds all but the deployer; it binds nobody.
DEPLOYER, ANYBODY = {"ArnNotLike": {"aws:PrincipalArn": {"Ref": "Deployer"}}}, {"ArnNotLike": {"aws:PrincipalArn": "*"}}


def denied(template, bucket, *conditions):
    """Actions that a bucket denies to everybody, under no condition or one of these."""
    return {action for one in bucket_policies(template, bucket) if one["Effect"] == "Deny" and one["Principal"] == "*"
            and one.get("Condition") in (None, *conditions) for action in listed(one["Action"])}


def statement(stack, policy, number, key, value):
    return at(stack, policy, "Properties", "PolicyDocument", "Statement", number, key, value=value)


@rule(
    statement("40-backup", "ArchivePolicy", -1, "Action", ["s3:PutBucketPolicy"]),
    statement("40-backup", "KeysPolicy", -1, "Action", ["s3:PutBucketPolicy"]),
    statement("40-backup", "KeysCopyPolicy", -1, "Condition", ANYBODY),
    statement("40-backup", "KeysPolicy", -2, "Condition", DEPLOYER),
    statement("45-copy", "CopyPolicy", -1, "Condition", ANYBODY),
    statement("00-audit-logs", "AuditPolicy", 1, "Effect", "Allow"),
    statement("00-audit-logs", "AccessLogsPolicy", 1, "Effect", "Allow"),
)
def evidence_keeps_its_settings(templates):
    """The deployer alone changes the settings of what holds evidence; nobody deletes it, or lets the ring of keys expire."""
    for stack, names in EVIDENCE.items():
        for name in names:
            where, template = f"{stack}/{name}", templates[stack]
            if hands := HANDS - denied(template, name, DEPLOYER):
                yield f"{where}: others than the deployer may {sorted(hands)}"
            never = {"s3:DeleteBucket", "s3:PutLifecycleConfiguration" if name.startswith("Keys") else "s3:DeleteObject"}
            if may := never - denied(template, name):
                yield f"{where}: somebody may {sorted(may)}"


WAYS_OUT = ("InternetGateway", "NatGateway", "EIP", "::Route", "VPCPeering", "TransitGateway", "VPNGateway", "EgressOnly",
            "VPCGatewayAttachment", "ClientVpn", "NetworkInterface", "Instance")


@rule(
    new("20-network", "AWS::EC2::InternetGateway"),
    new("20-network", "AWS::EC2::Route", {"DestinationCidrBlock": "0.0.0.0/0"}),
    new("50-app", "AWS::EC2::NatGateway"),
    at("20-network", "S3Door", "Properties", "VpcEndpointType", value="Interface"),
    at("20-network", "SubnetA", "Properties", "MapPublicIpOnLaunch", value=True),
    at("20-network", "Functions", "Properties", "SecurityGroupEgress", value=[{"IpProtocol": "-1", "CidrIp": "0.0.0.0/0"}]),
    at("20-network", "GateOut", "Properties", "RuleAction", value="allow"),
    at("20-network", "MailDoorway", "Condition", value=None),
    at("20-network", "MailDoorway", "Properties", "ServiceName", value="com.amazonaws.ap-northeast-1.ssm"),
    at("20-network", "MailWay", "Properties", "DestinationSecurityGroupId", value=None),
    at("20-network", "MailGateIn", "Properties", "CidrBlock", value="0.0.0.0/0"),
)
def the_room_has_no_way_out(templates):
    """No route to the internet (Art. 9(8)); one parameter cuts what is left (Art. 18(2))."""
    for stack, name, resource in resources(templates):
        kind = resource["Type"]
        if kind.startswith("AWS::EC2::") and any(kind.endswith(way) or way in kind.removeprefix("AWS::EC2::") and way != "::Route" for way in WAYS_OUT):
            yield f"{stack}/{name}: {kind} leads out"
        p = props(resource)
        if name.startswith("Mail") and stack == "20-network":
            # The one door that a city may open, for mails by SES and nothing else.
            if resource.get("Condition") != "HasMailDoor" or templates[stack]["Parameters"]["MailDoor"]["Default"] != "closed":
                yield f"{stack}/{name} is open although nobody opened it"
            if kind == "AWS::EC2::VPCEndpoint" and p["ServiceName"] != {"Fn::Sub": "com.amazonaws.${AWS::Region}.email"}:
                yield f"{stack}/{name} leads elsewhere than to SES"
            if kind == "AWS::EC2::SecurityGroupEgress" and p.get("DestinationSecurityGroupId") != {"Fn::GetAtt": ["MailDoorGroup", "GroupId"]}:
                yield f"{stack}/{name} leads elsewhere than to the door of mails"
            if kind == "AWS::EC2::NetworkAclEntry" and p["CidrBlock"] != {"Ref": "VpcCidr"}:
                yield f"{stack}/{name} is wider than the room"
        elif kind == "AWS::EC2::VPCEndpoint" and p.get("VpcEndpointType") != "Gateway":
            yield f"{stack}/{name} is no gateway"
        elif kind == "AWS::EC2::SecurityGroupEgress":
            yield f"{stack}/{name} is a way out of its own"
        if kind == "AWS::EC2::Subnet" and p.get("MapPublicIpOnLaunch") is not False:
            yield f"{stack}/{name} gives public addresses"
        if kind == "AWS::EC2::SecurityGroup" and name != "MailDoorGroup":
            if p.get("SecurityGroupIngress") or not p.get("SecurityGroupEgress"):
                yield f"{stack}/{name} lets something in, or everything out"
            for way in p.get("SecurityGroupEgress", []):
                if "DestinationPrefixListId" not in way or way["FromPort"] != 443:
                    yield f"{stack}/{name} lets out to more than S3 and DynamoDB"
        if kind == "AWS::EC2::NetworkAclEntry" and p.get("RuleAction") != {"Fn::If": ["IsCut", "deny", "allow"]}:
            yield f"{stack}/{name} is not cut with the rest"


# Actions that know no single resource.
NO_RESOURCE = re.compile(
    r"ec2:(Create|Describe|Delete|Assign|Unassign)|(cloudtrail|cloudwatch|dynamodb|iam|kms|lambda|scheduler|cloudformation|s3):"
    r"(Describe|Get|List|Lookup)")


@rule(
    at("50-app", "ApiRole", "Properties", "PermissionsBoundary", value=None),
    at("50-app", "SweepRole", "Properties", "Policies", 0, "PolicyDocument", "Statement", 0, "Action", value="dynamodb:*"),
    at("50-app", "SealRole", "Properties", "Policies", 0, "PolicyDocument", "Statement", 0, "Resource", value="*"),
    at("50-app", "ApiRole", "Properties", "ManagedPolicyArns", value=["arn:aws:iam::aws:policy/AdministratorAccess"]),
    at("80-auditor", "Auditor", "Properties", "AssumeRolePolicyDocument", "Statement", 0, "Condition", value=None),
)
def roles_are_narrow(templates):
    """A boundary, no whole service, nothing on everything, no policy that somebody else writes, MFA for people."""
    for stack, name, resource in resources(templates, "AWS::IAM::Role"):
        where, p = f"{stack}/{name}", props(resource)
        if "PermissionsBoundary" not in p:
            yield f"{where} has no boundary"
        if p.get("ManagedPolicyArns"):
            yield f"{where} has policies that are not written here"
        for policy in p.get("Policies", []):
            for one in statements(policy["PolicyDocument"]):
                actions = listed(one["Action"])
                if any(action == "*" or action.endswith(":*") for action in actions):
                    yield f"{where} may do everything of a service"
                if one["Effect"] == "Allow" and "*" in listed(one["Resource"]):
                    if not all(NO_RESOURCE.match(action) for action in actions):
                        yield f"{where}: {actions} on everything"
        for one in statements(p["AssumeRolePolicyDocument"]):
            if "AWS" in one["Principal"] and "aws:MultiFactorAuthPresent" not in json.dumps(one.get("Condition", {})):
                yield f"{where} can be taken without a second factor"
    if any(True for _ in resources(templates, "AWS::IAM::User")) or any(True for _ in resources(templates, "AWS::IAM::AccessKey")):
        yield "a template makes a user or a key"


@rule(
    at("50-app", "ApiLog", "Properties", "RetentionInDays", value=30),
    at("50-app", "DrillLog", "Properties", "KmsKeyId", value=None),
)
def logs_stay_five_years(templates):
    """Encrypted, five years."""
    for stack, name, resource in resources(templates, "AWS::Logs::LogGroup"):
        if props(resource).get("RetentionInDays", 0) < FIVE_YEARS or "KmsKeyId" not in props(resource):
            yield f"{stack}/{name} is short or in the clear"


@rule(
    at("50-app", "Api", "Properties", "VpcConfig", value=None),
    at("50-app", "MonitorCheck", "Properties", "VpcConfig", value=None),
    at("50-app", "Monitor", "Properties", "VpcConfig", value={"SubnetIds": ["a", "b"]}),
    at("50-app", "Monitor", "Properties", "KmsKeyArn", value=None),
    at("50-app", "Backup", "Properties", "ReservedConcurrentExecutions", value=None),
    at("50-app", "Seal", "Properties", "DeadLetterConfig", value=None),
    at("50-app", "Api", "Properties", "Environment", "Variables", "TSUNAGARU_PASSWORD", value="x"),
    at("50-app", "Sweep", "Properties", "Environment", "Variables", "TSUNAGARU_TABLE", value="other"),
    at("50-app", "Sweep", "Properties", "Role", value={"Fn::GetAtt": ["ApiRole", "Arn"]}),
)
def functions_are_kept_in(templates):
    """In the room (monitoring: outside, for it looks from there), bounded, with a place for failures, without secrets, with one role each and one environment for all."""
    roles, environments = set(), set()
    for stack, name, resource in resources(templates, "AWS::Lambda::Function"):
        where, p = f"{stack}/{name}", props(resource)
        if len(p.get("VpcConfig", {}).get("SubnetIds", [])) != (0 if name == "Monitor" else 2):
            yield f"{where} is not where it should be"
        for needed in ("ReservedConcurrentExecutions", "DeadLetterConfig"):
            if needed not in p:
                yield f"{where} has no {needed}"
        variables = p["Environment"]["Variables"]
        if any(re.search("SECRET|PASSWORD|TOKEN|CREDENTIAL", variable) for variable in variables):
            yield f"{where} has a secret in its environment"
        # Monitoring holds its own two factors: from the store of secrets, under our own key.
        if "TSUNAGARU_MONITOR" in variables and (name != "Monitor" or "KmsKeyArn" not in p):
            yield f"{where} knows how monitoring signs in"
        own = ("TSUNAGARU_FONTS", "TSUNAGARU_MONITOR", *(f"TSUNAGARU_FROM_{what}" for what in ("TABLE", "ARCHIVE", "KEYS", "KEYS_COPY")))
        environments.add(json.dumps({key: value for key, value in variables.items() if key not in own}, sort_keys=True))
        role = json.dumps(p["Role"])
        if role in roles:
            yield f"{where} shares its role"
        roles.add(role)
    if len(environments) > 1:
        yield "functions of one deployment have different environments"


@rule(
    at("50-app", "BackupSchedule", "Properties", "ScheduleExpressionTimezone", value="UTC"),
    at("50-app", "SealSchedule", "Properties", "Target", "DeadLetterConfig", value=None),
    at("70-observability", "SweepIsSilent", "Properties", "TreatMissingData", value="missing"),
    at("70-observability", "BackupIsSilent", "Properties", "Namespace", value="AWS/Other"),
    at("70-observability", "SealFails", "Properties", "AlarmActions", value=[]),
)
def jobs_are_watched(templates):
    """Every schedule in Japan's time, with a place for failures and an alarm on silence; every alarm tells somebody."""
    silent, failing = set(), set()
    for stack, name, resource in resources(templates, "AWS::CloudWatch::Alarm"):
        p = props(resource)
        if not p.get("AlarmActions"):
            yield f"{stack}/{name} tells nobody"
        watched = [one["Value"]["Fn::Sub"] for one in p["Dimensions"] if one["Name"] == "FunctionName"]
        if p["Namespace"] == "AWS/Lambda" and p["MetricName"] == "Invocations" and p["TreatMissingData"] == "breaching":
            silent.update(watched)
        if p["Namespace"] == "AWS/Lambda" and p["MetricName"] == "Errors":
            failing.update(watched)
    for stack, name, resource in resources(templates, "AWS::Scheduler::Schedule"):
        p = props(resource)
        if p.get("ScheduleExpressionTimezone") != "Asia/Tokyo":
            yield f"{stack}/{name} is not in Japan's time"
        if "DeadLetterConfig" not in p["Target"]:
            yield f"{stack}/{name} loses what fails"
        if p["Name"]["Fn::Sub"] not in silent:
            yield f"nobody notices if {name} stops"
    for stack, name, resource in resources(templates, "AWS::Lambda::Function"):
        if props(resource)["FunctionName"]["Fn::Sub"] not in failing:
            yield f"nobody notices if {stack}/{name} fails"


@rule(
    at("10-keys", "DataKey", "Properties", "EnableKeyRotation", value=False),
    at("10-keys", "BackupKey", "Properties", "KeyPolicy", "Statement", 1, "Effect", value="Allow"),
    at("30-data", "Table", "Properties", "DeletionProtectionEnabled", value=False),
    at("30-data", "Table", "Properties", "PointInTimeRecoverySpecification", "RecoveryPeriodInDays", value=7),
    at("30-data", "Table", "Properties", "SSESpecification", value=None),
    at("00-audit-logs", "Trail", "Properties", "EnableLogFileValidation", value=False),
    at("00-audit-logs", "Trail", "Properties", "IsMultiRegionTrail", value=False),
)
def what_protects_is_on(templates):
    """Keys turn and cannot be destroyed; the table can be brought back for 35 days; the trail is whole."""
    for stack, name, resource in resources(templates, "AWS::KMS::Key"):
        p = props(resource)
        denied = {action for one in statements(p["KeyPolicy"]) if one["Effect"] == "Deny" and "Condition" not in one
                  for action in listed(one["Action"])}
        if p.get("EnableKeyRotation") is not True or not {"kms:ScheduleKeyDeletion", "kms:DisableKey"} <= denied:
            yield f"{stack}/{name} can be destroyed or never turns"
    for stack, name, resource in resources(templates, "AWS::DynamoDB::Table"):
        p = props(resource)
        recovery = p.get("PointInTimeRecoverySpecification", {})
        if p.get("DeletionProtectionEnabled") is not True or recovery.get("RecoveryPeriodInDays") != 35:
            yield f"{stack}/{name} is not protected"
        if p.get("SSESpecification", {}).get("SSEType") != "KMS":
            yield f"{stack}/{name} is not under our own key"
    for stack, name, resource in resources(templates, "AWS::CloudTrail::Trail"):
        p = props(resource)
        if not (p.get("EnableLogFileValidation") is p.get("IsMultiRegionTrail") is p.get("IsLogging") is True):
            yield f"{stack}/{name} is not whole"


@rule(
    at("60-edge", "Distribution", "Properties", "DistributionConfig", "WebACLId", value=None),
    at("60-edge", "Distribution", "Properties", "DistributionConfig", "Origins", 2, "OriginAccessControlId", value=None),
    at("60-edge", "Distribution", "Properties", "DistributionConfig", "CacheBehaviors", 1, "ResponseHeadersPolicyId", value=None),
    at("60-edge", "Distribution", "Properties", "DistributionConfig", "ViewerCertificate", "MinimumProtocolVersion", value="TLSv1"),
    at("60-edge", "Distribution", "Properties", "DistributionConfig", "CacheBehaviors", 1, "ViewerProtocolPolicy", value="allow-all"),
    at("50-app", "ApiUrl", "Properties", "AuthType", value="NONE"),
    at("60-edge", "EdgeCallsApi", "Properties", "SourceArn", value=None),
)
def one_public_address(templates):
    """Everything behind the firewall and TLS 1.2; no origin answers anybody else."""
    for stack, name, resource in resources(templates, "AWS::CloudFront::Distribution"):
        p = props(resource)["DistributionConfig"]
        if "WebACLId" not in p or p["ViewerCertificate"].get("MinimumProtocolVersion") != "TLSv1.2_2021":
            yield f"{stack}/{name} has no firewall or old TLS"
        for origin in p["Origins"]:
            if "OriginAccessControlId" not in origin:
                yield f"{stack}/{name}: origin {origin['Id']} is not signed for"
        for one in [p["DefaultCacheBehavior"], *p["CacheBehaviors"]]:
            if "ResponseHeadersPolicyId" not in one or one["ViewerProtocolPolicy"] == "allow-all" or not one.get("FunctionAssociations"):
                yield f"{stack}/{name}: {one.get('PathPattern', 'default')} lacks headers, TLS or the rule of addresses"
    for stack, name, resource in resources(templates, "AWS::Lambda::Url"):
        if props(resource).get("AuthType") != "AWS_IAM":
            yield f"{stack}/{name} answers everybody"
    for stack, name, resource in resources(templates, "AWS::Lambda::Permission"):
        if "SourceArn" not in props(resource):
            yield f"{stack}/{name} permits any distribution of anybody"


@rule(
    at("60-edge", "Distribution", "Properties", "DistributionConfig", "ConnectionFunctionAssociation", value=None),
    at("60-edge", "CheckCertificate", "Properties", "ConnectionFunctionConfig", "KeyValueStoreAssociations", value=None),
    at("60-edge", "CheckCertificate", "Properties", "AutoPublish", value=False),
    at("60-edge", "Revoked", "Condition", value="AsksForCertificates"),
    at("60-edge", "Revoked", "DeletionPolicy", value="Delete"),
)
def certificates_can_be_revoked(templates):
    """Whoever connects with a certificate is looked up in the list of the revoked, and that list is never lost."""
    for stack, name, resource in resources(templates, "AWS::CloudFront::Distribution"):
        p, there = props(resource)["DistributionConfig"], templates[stack]["Resources"]
        asks, check = (p.get(one, {}).get("Fn::If", [None, {}]) for one in ("ViewerMtlsConfig", "ConnectionFunctionAssociation"))
        if asks[0] != check[0]:
            yield f"{stack}/{name} asks for certificates under another condition than it looks them up"
            continue
        function = there[check[1]["Id"]["Fn::GetAtt"][0]]
        stores = [one["KeyValueStoreARN"]["Fn::GetAtt"][0] for one in
                  props(function)["ConnectionFunctionConfig"].get("KeyValueStoreAssociations", [])]
        if not stores or props(function).get("AutoPublish") is not True:
            yield f"{stack}/{name}: nothing is looked up"
        for store in stores:
            if "Condition" in there[store] or there[store].get("DeletionPolicy") != "RetainExceptOnCreate":
                yield f"{stack}/{store} can be lost"


FORBIDDEN_YAML = re.compile(r"(^|\s)(&|\*)[A-Za-z][\w-]*(\s|$)|<<:")


def plain_yaml(texts):
    """CloudFormation knows no anchors; linter and emulator take them in silence."""
    for name, text in texts.items():
        for number, line in enumerate(text.splitlines(), 1):
            if FORBIDDEN_YAML.search(line.split("#")[0]):
                yield f"{name}:{number}: an anchor, an alias or a merge"
