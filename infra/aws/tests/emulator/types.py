"""The resource types that moto's CloudFormation does not know: each is put where it belongs by its service's own API."""

from botocore.exceptions import ClientError

from .registry import Made, add, coerced, lists, text
from .wrappers import send

# What has no service API in moto: checked by botocore, kept here for the tests to read.
kept: dict = {}


def install():
    """Makes them known."""
    add("AWS::S3::BucketPolicy", bucket_policy)
    add("AWS::CloudTrail::Trail", trail, "TrailName", ("Arn",))
    add("AWS::EC2::NetworkAcl", network_acl, "", ("Id",))
    add("AWS::EC2::NetworkAclEntry", network_acl_entry)
    add("AWS::EC2::SubnetNetworkAclAssociation", network_acl_of_subnet)
    add("AWS::Scheduler::ScheduleGroup", schedule_group, "Name", ("Arn",))
    add("AWS::Scheduler::Schedule", schedule, "Name", ("Arn",))
    add("AWS::Lambda::Url", function_url, "", ("FunctionUrl",))
    add("AWS::Lambda::EventInvokeConfig", invoke_config)
    add("AWS::SNS::TopicPolicy", topic_policy)
    add("AWS::SNS::Subscription", subscription)
    add("AWS::CloudWatch::Alarm", alarm, "AlarmName", ("Arn",))
    add("AWS::Budgets::Budget", budget)
    add("AWS::WAFv2::WebACL", web_acl, "Name", ("Arn",))
    add("AWS::WAFv2::LoggingConfiguration", web_acl_logging)
    add("AWS::CertificateManager::Certificate", certificate)
    add("AWS::CloudFront::OriginAccessControl", origin_access_control, "", ("Id",))
    add("AWS::CloudFront::ResponseHeadersPolicy", response_headers, "", ("Id",))
    add("AWS::CloudFront::Function", edge_function, "Name", ("FunctionARN",))
    add("AWS::CloudFront::TrustStore", trust_store, "Name", ("Id",))
    add("AWS::CloudFront::KeyValueStore", key_value_store, "Name", ("Arn", "Id"))
    add("AWS::CloudFront::ConnectionFunction", connection_function, "", ("Id",))
    add("AWS::CloudFront::Distribution", distribution, "", ("DomainName", "Id"))


def checked(asked, service, operation, wanted):
    """What moto has no API for: botocore checks names and types, the tests read it from here."""
    from botocore.validate import ParamValidator

    client = asked.client(service)
    wanted = coerced(client, operation, wanted)
    shape = client.meta.service_model.operation_model(operation).input_shape
    report = ParamValidator().validate(wanted, shape)
    if report.has_errors():
        raise ValueError(f"{operation}: {report.generate_report()}")
    return wanted


def bucket_policy(asked):
    p = asked.properties
    # moto decides without looking at conditions: a denial under a condition would deny everybody. What policies
    # permit is proven by simulation; for that the whole document is kept.
    kept[("bucket-policy", p["Bucket"])] = p["PolicyDocument"]
    plain = [one for one in p["PolicyDocument"]["Statement"] if "Condition" not in one and one["Effect"] == "Allow"]
    if plain:
        asked.client("s3").put_bucket_policy(Bucket=p["Bucket"], Policy=text({"Version": "2012-10-17", "Statement": plain}))
    return Made(f"{p['Bucket']}-policy")


def trail(asked):
    client, p = asked.client("cloudtrail"), asked.properties
    name = p["TrailName"]
    wanted = {
        "Name": name, "S3BucketName": p["S3BucketName"], "IsMultiRegionTrail": p["IsMultiRegionTrail"],
        "IncludeGlobalServiceEvents": p["IncludeGlobalServiceEvents"], "EnableLogFileValidation": p["EnableLogFileValidation"]}
    made = send(client, "UpdateTrail" if asked.before else "CreateTrail", wanted)
    send(client, "PutEventSelectors", {"TrailName": name, "AdvancedEventSelectors": p["AdvancedEventSelectors"]})
    if p["IsLogging"] in (True, "true"):
        client.start_logging(Name=name)
    return Made(name, {"Arn": made["TrailARN"]})


def network_acl(asked):
    if asked.before:
        return asked.before
    client = asked.client("ec2")
    made = client.create_network_acl(VpcId=asked.properties["VpcId"])["NetworkAcl"]
    client.create_tags(Resources=[made["NetworkAclId"]], Tags=asked.properties["Tags"])
    return Made(made["NetworkAclId"], {"Id": made["NetworkAclId"]})


def network_acl_entry(asked):
    client, p = asked.client("ec2"), asked.properties
    wanted = {name: p[name] for name in ("NetworkAclId", "RuleNumber", "Protocol", "RuleAction", "Egress", "CidrBlock", "PortRange")}
    send(client, "ReplaceNetworkAclEntry" if asked.before else "CreateNetworkAclEntry", wanted)
    return Made(f"{p['NetworkAclId']}-{p['Egress']}-{p['RuleNumber']}")


def network_acl_of_subnet(asked):
    client, p = asked.client("ec2"), asked.properties
    acls = client.describe_network_acls(Filters=[{"Name": "association.subnet-id", "Values": [p["SubnetId"]]}])["NetworkAcls"]
    now = next(one for one in acls[0]["Associations"] if one["SubnetId"] == p["SubnetId"])
    new = client.replace_network_acl_association(AssociationId=now["NetworkAclAssociationId"], NetworkAclId=p["NetworkAclId"])
    return Made(new["NewAssociationId"])


def schedule_group(asked):
    if asked.before:
        return asked.before
    made = asked.client("scheduler").create_schedule_group(Name=asked.properties["Name"])
    return Made(asked.properties["Name"], {"Arn": made["ScheduleGroupArn"]})


def schedule(asked):
    client = asked.client("scheduler")
    made = send(client, "UpdateSchedule" if asked.before else "CreateSchedule", dict(asked.properties))
    return Made(asked.properties["Name"], {"Arn": made["ScheduleArn"]})


def function_url(asked):
    client, p = asked.client("lambda"), asked.properties
    if asked.before:
        return asked.before
    made = client.create_function_url_config(
        FunctionName=p["TargetFunctionArn"], AuthType=p["AuthType"], InvokeMode=p["InvokeMode"])
    return Made(made["FunctionArn"], {"FunctionUrl": made["FunctionUrl"]})


def invoke_config(asked):
    p = dict(asked.properties)
    p.pop("Qualifier")
    send(asked.client("lambda"), "PutFunctionEventInvokeConfig", p)
    return Made(f"{p['FunctionName']}-again")


def topic_policy(asked):
    for topic in asked.properties["Topics"]:
        asked.client("sns").set_topic_attributes(
            TopicArn=topic, AttributeName="Policy", AttributeValue=text(asked.properties["PolicyDocument"]))
    return Made(asked.properties["Topics"][0] + "-policy")


def subscription(asked):
    made = asked.client("sns").subscribe(**asked.properties, ReturnSubscriptionArn=True)
    return Made(made["SubscriptionArn"])


def alarm(asked):
    client, p = asked.client("cloudwatch"), dict(asked.properties)
    send(client, "PutMetricAlarm", p)
    found = client.describe_alarms(AlarmNames=[p["AlarmName"]])["MetricAlarms"][0]
    return Made(p["AlarmName"], {"Arn": found["AlarmArn"]})


def budget(asked):
    p = asked.properties
    client, name = asked.client("budgets"), p["Budget"]["BudgetName"]
    if asked.before:
        client.delete_budget(AccountId=asked.account, BudgetName=name)
    send(client, "CreateBudget", {"AccountId": asked.account, "Budget": p["Budget"]})
    for one in p["NotificationsWithSubscribers"]:
        send(client, "CreateNotification", {"AccountId": asked.account, "BudgetName": name} | one)
    return Made(name)


def web_acl(asked):
    client, p = asked.client("wafv2"), dict(asked.properties)
    if asked.before:
        found = next(one for one in client.list_web_acls(Scope=p["Scope"])["WebACLs"] if one["Name"] == p["Name"])
        send(client, "UpdateWebACL", p | {"Id": found["Id"], "LockToken": found["LockToken"]})
        return asked.before
    made = send(client, "CreateWebACL", p)["Summary"]
    return Made(f"{made['Name']}|{made['Id']}|{p['Scope']}", {"Arn": made["ARN"]})


def web_acl_logging(asked):
    wanted = {name: asked.properties[name] for name in ("ResourceArn", "LogDestinationConfigs", "RedactedFields")}
    send(asked.client("wafv2"), "PutLoggingConfiguration", {"LoggingConfiguration": wanted})
    return Made(asked.properties["ResourceArn"] + "-log")


def certificate(asked):
    if asked.before:
        return asked.before
    wanted = dict(asked.properties)
    options = wanted.pop("DomainValidationOptions", None)
    assert options is None or options[0]["HostedZoneId"]
    return Made(send(asked.client("acm"), "RequestCertificate", wanted)["CertificateArn"])


def origin_access_control(asked):
    client, wanted = asked.client("cloudfront"), asked.properties["OriginAccessControlConfig"]
    if asked.before:
        return asked.before
    made = client.create_origin_access_control(OriginAccessControlConfig=wanted)["OriginAccessControl"]
    return Made(made["Id"], {"Id": made["Id"]})


def response_headers(asked):
    wanted = {name: value for name, value in asked.properties["ResponseHeadersPolicyConfig"].items()}
    security = dict(wanted["SecurityHeadersConfig"])
    if "StrictTransportSecurity" in security:
        # CloudFormation and the API spell it differently.
        strict = dict(security["StrictTransportSecurity"])
        strict["IncludeSubdomains"] = strict.pop("IncludeSubdomains")
        security["StrictTransportSecurity"] = strict
    wanted["SecurityHeadersConfig"] = security
    wanted = checked(asked, "cloudfront", "CreateResponseHeadersPolicy", {"ResponseHeadersPolicyConfig": wanted})
    kept[("response-headers", wanted["ResponseHeadersPolicyConfig"]["Name"])] = wanted["ResponseHeadersPolicyConfig"]
    return Made(f"headers-{wanted['ResponseHeadersPolicyConfig']['Name']}")


def edge_function(asked):
    p = asked.properties
    wanted = {"Name": p["Name"], "FunctionConfig": p["FunctionConfig"], "FunctionCode": p["FunctionCode"].encode()}
    checked(asked, "cloudfront", "CreateFunction", wanted)
    if len(wanted["FunctionCode"]) > 10_240:
        raise ValueError("a function at the edge has 10 KB at most")
    kept[("edge-function", p["Name"])] = p["FunctionCode"]
    arn = f"arn:aws:cloudfront::{asked.account}:function/{p['Name']}"
    return Made(arn, {"FunctionARN": arn})


def trust_store(asked):
    p = asked.properties
    kept[("trust-store", p["Name"])] = p
    return Made(f"trust-{p['Name']}", {"Id": f"trust-{p['Name']}"})


def key_value_store(asked):
    p = checked(asked, "cloudfront", "CreateKeyValueStore", dict(asked.properties))
    kept[("key-value-store", p["Name"])] = p
    name = f"store-{p['Name']}"
    return Made(name, {"Id": name, "Arn": f"arn:aws:cloudfront::{asked.account}:key-value-store/{name}"})


def connection_function(asked):
    p, config = asked.properties, dict(asked.properties["ConnectionFunctionConfig"])
    stores = [{"KeyValueStoreARN": one["KeyValueStoreARN"]} for one in config.pop("KeyValueStoreAssociations", [])]
    code = p["ConnectionFunctionCode"].encode()
    wanted = {"Name": p["Name"], "ConnectionFunctionConfig": config | {"KeyValueStoreAssociations": lists(stores)},
              "ConnectionFunctionCode": code}
    checked(asked, "cloudfront", "CreateConnectionFunction", wanted)
    if len(code) > 40_960:
        raise ValueError("a connection function has 40 KB at most")
    kept[("connection-function", p["Name"])] = p
    return Made(f"connection-{p['Name']}", {"Id": f"connection-{p['Name']}"})


def distribution(asked):
    client, p = asked.client("cloudfront"), asked.properties["DistributionConfig"]
    name = p["Comment"]
    kept[("distribution", name)] = p
    wanted = {
        "CallerReference": name, "Comment": name, "Enabled": p["Enabled"], "PriceClass": p["PriceClass"],
        "HttpVersion": p["HttpVersion"], "IsIPV6Enabled": p["IPV6Enabled"], "WebACLId": p["WebACLId"],
        "Aliases": lists(p["Aliases"]), "ViewerCertificate": certificate_of(p["ViewerCertificate"]),
        "Origins": lists([origin(one) for one in p["Origins"]]), "DefaultCacheBehavior": behaviour(p["DefaultCacheBehavior"]),
        "CacheBehaviors": lists([behaviour(one) for one in p["CacheBehaviors"]]),
    }
    if mtls := p.get("ViewerMtlsConfig"):
        wanted["ViewerMtlsConfig"] = mtls
    if check := p.get("ConnectionFunctionAssociation"):
        wanted["ConnectionFunctionAssociation"] = check
    wanted = checked(asked, "cloudfront", "CreateDistribution", {"DistributionConfig": wanted})
    if asked.before:
        now = client.get_distribution_config(Id=asked.before.id)
        client.update_distribution(Id=asked.before.id, IfMatch=now["ETag"], **wanted)
        return asked.before
    try:
        made = client.create_distribution(**wanted)["Distribution"]
    except ClientError as error:
        raise ValueError(f"CreateDistribution: {error}") from error
    return Made(made["Id"], {"DomainName": made["DomainName"], "Id": made["Id"]})


def certificate_of(wanted):
    return {"ACMCertificateArn": wanted["AcmCertificateArn"], "SSLSupportMethod": wanted["SslSupportMethod"],
            "MinimumProtocolVersion": wanted["MinimumProtocolVersion"]}


def origin(one):
    out = {"Id": one["Id"], "DomainName": one["DomainName"], "OriginAccessControlId": one["OriginAccessControlId"]}
    if custom := one.get("CustomOriginConfig"):
        out["CustomOriginConfig"] = {
            "HTTPPort": 80, "HTTPSPort": custom["HTTPSPort"], "OriginProtocolPolicy": custom["OriginProtocolPolicy"],
            "OriginSslProtocols": lists(custom["OriginSSLProtocols"]), "OriginReadTimeout": custom["OriginReadTimeout"]}
    if s3 := one.get("S3OriginConfig"):
        out["S3OriginConfig"] = s3
    return out


def behaviour(one):
    out = dict(one)
    cached = out.pop("CachedMethods")
    out["AllowedMethods"] = lists(out["AllowedMethods"]) | {"CachedMethods": lists(cached)}
    out["FunctionAssociations"] = lists(out["FunctionAssociations"])
    return out
