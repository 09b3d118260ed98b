"""What is really there after a deployment, read back by the provider's APIs."""

import json
import unittest

import functions
import rules
import world
from emulator.server import ACCOUNT, REGION
from emulator.types import kept
from world import PREFIX, bucket

JOBS = set(functions.MAY) - {"api", "sheet"} - functions.BY_HAND


class Deployed(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        world.deployed()

    def client(self, service, region=REGION):
        return world.emulator().client(service, region)

    def test_locks(self):
        s3 = self.client("s3")
        for kind in ("archive", "audit", "releases"):
            lock = s3.get_object_lock_configuration(Bucket=bucket(kind))["ObjectLockConfiguration"]
            kept_for = lock["Rule"]["DefaultRetention"]
            self.assertEqual((lock["ObjectLockEnabled"], kept_for["Mode"], kept_for["Days"]), ("Enabled", "COMPLIANCE", 1830))
            self.assertEqual(s3.get_bucket_versioning(Bucket=bucket(kind))["Status"], "Enabled")

    def test_what_ends_ends_long_after_its_lock(self):
        found = self.client("s3").get_bucket_lifecycle_configuration(Bucket=bucket("archive"))["Rules"]
        ends = {one["Filter"]["Prefix"]: one["Expiration"]["Days"] for one in found if "Days" in one.get("Expiration", {})}
        self.assertEqual(ends, {prefix: 2200 for prefix in rules.ENDS})
        for one in found:
            if "NoncurrentVersionExpiration" in one:
                self.assertIn(one["Filter"]["Prefix"], rules.ENDS)
        self.assertTrue(any(one.get("Expiration", {}).get("ExpiredObjectDeleteMarker") for one in found))
        self.assertTrue(any("AbortIncompleteMultipartUpload" in one for one in found))

    def test_buckets(self):
        s3 = self.client("s3")
        kinds = ("access-logs", "inventory", "audit", "releases", "attachments", "portal", "archive", "keys", "keys-copy", "site")
        here = {one["Name"] for one in s3.list_buckets()["Buckets"] if one["Name"].startswith(f"{PREFIX}-")}
        self.assertEqual(here, {bucket(kind) for kind in kinds})
        for kind in kinds:
            closed = s3.get_public_access_block(Bucket=bucket(kind))["PublicAccessBlockConfiguration"]
            self.assertTrue(all(closed.values()), kind)
            one = s3.get_bucket_encryption(Bucket=bucket(kind))["ServerSideEncryptionConfiguration"]["Rules"][0]
            expected = "aws:kms" if kind in ("attachments", "archive", "keys", "keys-copy") else "AES256"
            self.assertEqual(one["ApplyServerSideEncryptionByDefault"]["SSEAlgorithm"], expected, kind)
            self.assertIn(("bucket-policy", bucket(kind)), kept)
        self.assertTrue(all(s3.get_public_access_block(Bucket=bucket("firewall"))["PublicAccessBlockConfiguration"].values()))
        for kind in ("keys", "keys-copy"):
            self.assertNotIn("Status", s3.get_bucket_versioning(Bucket=bucket(kind)))
        inventory = s3.list_bucket_inventory_configurations(Bucket=bucket("archive"))["InventoryConfigurationList"][0]
        self.assertEqual((inventory["IncludedObjectVersions"], inventory["Schedule"]["Frequency"]), ("All", "Daily"))
        cors = s3.get_bucket_cors(Bucket=bucket("attachments"))["CORSRules"][0]
        self.assertEqual(cors["AllowedOrigins"], [f"https://{world.DOMAIN}"])
        rules = {one["ID"]: one for one in s3.get_bucket_lifecycle_configuration(Bucket=bucket("attachments"))["Rules"]}
        self.assertEqual(rules["outputs"]["NoncurrentVersionExpiration"], {"NoncurrentDays": 1})

    def test_table(self):
        db = self.client("dynamodb")
        table = db.describe_table(TableName=PREFIX)["Table"]
        self.assertTrue(table["DeletionProtectionEnabled"])
        self.assertEqual(table["BillingModeSummary"]["BillingMode"], "PAY_PER_REQUEST")
        self.assertIn("key/", table["SSEDescription"]["KMSMasterKeyArn"])
        self.assertEqual([one["IndexName"] for one in table["GlobalSecondaryIndexes"]], ["lists"])
        recovery = db.describe_continuous_backups(TableName=PREFIX)["ContinuousBackupsDescription"]["PointInTimeRecoveryDescription"]
        self.assertEqual(recovery["PointInTimeRecoveryStatus"], "ENABLED")
        self.assertEqual(db.describe_time_to_live(TableName=PREFIX)["TimeToLiveDescription"]["AttributeName"], "ttl_at")

    def test_no_way_to_the_internet(self):
        ec2 = self.client("ec2")
        vpc = next(one["VpcId"] for one in ec2.describe_vpcs()["Vpcs"] if {"Key": "Name", "Value": PREFIX} in one.get("Tags", []))
        mine = [{"Name": "vpc-id", "Values": [vpc]}]
        self.assertEqual(ec2.describe_internet_gateways(Filters=[{"Name": "attachment.vpc-id", "Values": [vpc]}])["InternetGateways"], [])
        self.assertEqual(ec2.describe_nat_gateways(Filters=mine)["NatGateways"], [])
        for table in ec2.describe_route_tables(Filters=mine)["RouteTables"]:
            for route in table["Routes"]:
                self.assertTrue(route.get("GatewayId") == "local" or route.get("GatewayId", "").startswith("vpce-"), route)
        endpoints = ec2.describe_vpc_endpoints(Filters=mine)["VpcEndpoints"]
        self.assertEqual({one["VpcEndpointType"] for one in endpoints}, {"Gateway"})
        self.assertEqual(len(endpoints), 2)
        group = next(one for one in ec2.describe_security_groups(Filters=mine)["SecurityGroups"] if one["GroupName"] == f"{PREFIX}-functions")
        self.assertEqual(group["IpPermissions"], [])
        logs = ec2.describe_flow_logs(Filters=[{"Name": "resource-id", "Values": [vpc]}])["FlowLogs"]
        self.assertEqual((logs[0]["TrafficType"], logs[0]["LogDestinationType"]), ("ALL", "s3"))

    def test_functions(self):
        client = self.client("lambda")
        found = {one["FunctionName"].removeprefix(f"{PREFIX}-"): one for one in client.list_functions()["Functions"]
                 if one["FunctionName"].startswith(f"{PREFIX}-")}
        self.assertEqual(set(found), set(functions.MAY))
        for name, one in found.items():
            # The restore's bears the name of a function of the environment that it reads.
            of = world.BEFORE if name == "restore" else PREFIX
            self.assertEqual(one["Role"], f"arn:aws:iam::{ACCOUNT}:role/{of}-fn-{name}")
            self.assertEqual(len(one.get("VpcConfig", {}).get("SubnetIds", [])), 0 if name == "monitor" else 2)
            self.assertGreaterEqual(client.get_function_concurrency(FunctionName=one["FunctionName"])["ReservedConcurrentExecutions"], 1)
            self.assertEqual(one["Environment"]["Variables"]["TSUNAGARU_ORIGINS"], f"https://{world.DOMAIN}")
            logs = self.client("logs").describe_log_groups(logGroupNamePrefix=f"/aws/lambda/{PREFIX}-{name}")["logGroups"][0]
            self.assertEqual(logs["retentionInDays"], 1827)
            self.assertIn("kmsKeyId", logs)
        for name in ("api", "sheet"):
            self.assertEqual(client.get_function_url_config(FunctionName=f"{PREFIX}-{name}")["AuthType"], "AWS_IAM")
            policy = json.loads(client.get_policy(FunctionName=f"{PREFIX}-{name}")["Policy"])["Statement"]
            self.assertEqual({one["Action"] for one in policy}, {"lambda:InvokeFunctionUrl", "lambda:InvokeFunction"})
            self.assertEqual({one["Principal"]["Service"] for one in policy}, {"cloudfront.amazonaws.com"})

    def test_schedules(self):
        scheduler = self.client("scheduler")
        found = {one["Name"].removeprefix(f"{PREFIX}-"): scheduler.get_schedule(Name=one["Name"], GroupName=PREFIX)
                 for one in scheduler.list_schedules(GroupName=PREFIX)["Schedules"]}
        self.assertEqual(set(found), JOBS)
        for name, one in found.items():
            self.assertEqual((one["ScheduleExpressionTimezone"], one["State"]), ("Asia/Tokyo", "ENABLED"))
            self.assertTrue(one["Target"]["Arn"].endswith(f":function:{PREFIX}-{name}"))

    def test_the_trail_runs(self):
        trail = self.client("cloudtrail")
        here = next(one for one in trail.describe_trails()["trailList"] if one["Name"] == f"{PREFIX}-trail")
        self.assertTrue(here["IsMultiRegionTrail"] and here["LogFileValidationEnabled"])
        self.assertTrue(trail.get_trail_status(Name=f"{PREFIX}-trail")["IsLogging"])
        selected = json.dumps(trail.get_event_selectors(TrailName=f"{PREFIX}-trail")["AdvancedEventSelectors"])
        for kind in ("archive", "attachments", "keys", "keys-copy", "releases"):
            self.assertIn(f"arn:aws:s3:::{bucket(kind)}/", selected)

    def test_somebody_is_told(self):
        alarms = {one["AlarmName"].removeprefix(f"{PREFIX}-"): one for one in self.client("cloudwatch").describe_alarms()["MetricAlarms"]
                  if one["AlarmName"].startswith(f"{PREFIX}-")}
        for name in JOBS:
            one = alarms[f"{name}-is-silent"]
            self.assertEqual((one["TreatMissingData"], one["ComparisonOperator"]), ("breaching", "LessThanThreshold"))
        for one in alarms.values():
            self.assertTrue(one["AlarmActions"] and one["ActionsEnabled"], one["AlarmName"])
        for region in (REGION, "us-east-1"):
            sns = self.client("sns", region)
            topic = next(one["TopicArn"] for one in sns.list_topics()["Topics"] if one["TopicArn"].endswith(f":{PREFIX}-alarms"))
            mails = sns.list_subscriptions_by_topic(TopicArn=topic)["Subscriptions"]
            self.assertEqual([one["Endpoint"] for one in mails], ["alarm@example.jp"])
            events = self.client("events", region)
            for rule in events.list_rules(NamePrefix=PREFIX)["Rules"]:
                self.assertEqual(rule["State"], "ENABLED")
                self.assertEqual([one["Arn"] for one in events.list_targets_by_rule(Rule=rule["Name"])["Targets"]], [topic])
        budget = self.client("budgets", "us-east-1").describe_budgets(AccountId=ACCOUNT)["Budgets"]
        self.assertIn(PREFIX, [one["BudgetName"] for one in budget])

    def test_the_edge(self):
        edge = self.client("cloudfront")
        front = [edge.get_distribution(Id=one["Id"])["Distribution"]["DistributionConfig"]
                 for one in edge.list_distributions()["DistributionList"]["Items"]]
        self.assertEqual([{origin["Id"] for origin in one["Origins"]["Items"]} for one in front], [{"site", "portal", "api", "sheet"}])
        written = kept[("distribution", PREFIX)]
        self.assertEqual(written["Aliases"], [world.DOMAIN])
        self.assertIn(":global/webacl/", written["WebACLId"])
        self.assertNotIn("ViewerMtlsConfig", {key: value for key, value in written.items() if value})
        headers = kept[("response-headers", f"{PREFIX}-site")]["SecurityHeadersConfig"]["ContentSecurityPolicy"]["ContentSecurityPolicy"]
        self.assertIn(f"connect-src 'self' https://s3.{REGION}.amazonaws.com/{bucket('attachments')}/;", headers)
        waf = self.client("wafv2", "us-east-1")
        logging = waf.get_logging_configuration(ResourceArn=written["WebACLId"])["LoggingConfiguration"]
        self.assertEqual(logging["LogDestinationConfigs"], [f"arn:aws:s3:::{bucket('firewall')}"])
        where = self.client("lambda").get_function_configuration(FunctionName=f"{PREFIX}-monitor")["Environment"]["Variables"]
        self.assertEqual(where["TSUNAGARU_ACCESS_LOG"], f"{bucket('firewall')}/AWSLogs/{ACCOUNT}/WAFLogs/cloudfront/{PREFIX}/")
        self.assertNotIn("TSUNAGARU_MONITOR", where)

    def test_the_site_is_there_compressed_and_cached_by_name(self):
        s3 = self.client("s3")
        built = json.loads((world.ROOT / "target/site/site.json").read_text())
        for file in built["files"]:
            key = file["path"].lstrip("/")
            head = s3.head_object(Bucket=bucket("site"), Key=key)
            self.assertEqual(head["CacheControl"], "public, max-age=31536000, immutable" if file["immutable"] else "no-cache", key)
            if file["br"] is not None:
                small = s3.head_object(Bucket=bucket("site"), Key=f"{key}.br")
                self.assertEqual((small["ContentEncoding"], small["ContentType"]), ("br", head["ContentType"]))
                self.assertEqual(small["ContentLength"], file["br"])


class ClientCertificates(unittest.TestCase):
    """Asked for, and no longer asked for: the list of the revoked stays."""

    def only_the_edge(self, *settings):
        code, said = world.deploy("--only", "60-edge", *[part for one in settings for part in ("--set", one)])
        self.assertEqual(code, 0, said)
        return said, kept[("distribution", PREFIX)]

    def test_whoever_connects_is_looked_up(self):
        world.deployed()
        store = kept[("key-value-store", f"{PREFIX}-revoked")]
        said, front = self.only_the_edge("ClientCertificates=required", "ClientAuthorities=trust/city.pem")
        self.assertEqual(front["ViewerMtlsConfig"]["Mode"], "required")
        self.assertEqual(front["ConnectionFunctionAssociation"], {"Id": f"connection-{PREFIX}-certificates"})
        function = kept[("connection-function", f"{PREFIX}-certificates")]
        stores = function["ConnectionFunctionConfig"]["KeyValueStoreAssociations"]
        self.assertEqual([one["KeyValueStoreARN"] for one in stores], [f"arn:aws:cloudfront::{ACCOUNT}:key-value-store/store-{PREFIX}-revoked"])
        trust = kept[("trust-store", f"{PREFIX}-clients")]["CaCertificatesBundleSource"]["CaCertificatesBundleS3Location"]
        self.assertEqual((trust["Bucket"], trust["Key"]), (bucket("releases"), "trust/city.pem"))
        said, front = self.only_the_edge("ClientCertificates=none")
        self.assertEqual((front.get("ViewerMtlsConfig"), front.get("ConnectionFunctionAssociation")), (None, None))
        self.assertNotIn("Revoked", said)
        self.assertIs(kept[("key-value-store", f"{PREFIX}-revoked")], store)
