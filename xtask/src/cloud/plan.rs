//! Which value goes where: what somebody said, what the account says, what earlier stacks answered.

use anyhow::{Context, Result, bail};
use serde_json::Value;
use std::collections::BTreeMap;

use super::aws::Aws;
use super::package::Release;
use super::stacks::{HOME, Stack};
use crate::commands::Deploy;

/// What is known, by the names of the templates' parameters.
pub type Known = BTreeMap<String, String>;

/// What somebody said on the command line.
pub fn said(options: &Deploy) -> Result<Known> {
    let mut known = Known::from([("Prefix".to_owned(), options.prefix.clone())]);
    let mut tell = |name: &str, value: &Option<String>| {
        if let Some(value) = value {
            known.insert(name.to_owned(), value.clone());
        }
    };
    tell("City", &options.city);
    tell("Domain", &options.domain);
    tell("AlarmMail", &options.alarm_mail);
    tell("AuditorPrincipal", &options.auditor);
    tell("Deployer", &options.deployer);
    if let Some(domain) = &options.domain {
        tell("Origin", &Some(format!("https://{domain}")));
    }
    if let Some(city) = &options.city {
        tell("Network", &Some(format!("{city} つながる連絡帳")));
    }
    for pair in &options.set {
        let (name, value) =
            pair.split_once('=').with_context(|| format!("--set {pair}: write Name=value"))?;
        known.insert(name.to_owned(), value.to_owned());
    }
    let name = &options.prefix;
    let simple = name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
    if !simple
        || !(3..=20).contains(&name.len())
        || !name.starts_with(|c: char| c.is_ascii_lowercase())
        || name.ends_with('-')
    {
        bail!("--prefix {name}: 3 to 20 small letters, digits and hyphens, beginning with a letter");
    }
    Ok(known)
}

/// What the account says: who deploys, where S3 and DynamoDB are. And the release that was packed.
pub fn found(aws: &Aws, known: &mut Known) -> Result<()> {
    let me =
        aws.call(HOME, &["sts", "get-caller-identity"]).context("the account cannot be asked who we are")?;
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let (account, arn) = (text(&me["Account"]), text(&me["Arn"]));
    println!("account {account}, as {arn}");
    known.insert("Account".to_owned(), account);
    if !known.contains_key("Deployer") {
        known.insert("Deployer".to_owned(), deployer(&arn)?);
    }
    for (name, service) in [("S3PrefixList", "s3"), ("DynamoDbPrefixList", "dynamodb")] {
        let filter = format!("Name=prefix-list-name,Values=com.amazonaws.{HOME}.{service}");
        let lists = aws.call(HOME, &["ec2", "describe-managed-prefix-lists", "--filters", &filter])?;
        let id = lists["PrefixLists"][0]["PrefixListId"].as_str();
        known.insert(
            name.to_owned(),
            id.with_context(|| format!("{HOME} names no addresses of {service}"))?.to_owned(),
        );
    }
    let release = Release::read()?;
    known.insert("Release".to_owned(), release.release);
    known.insert("Architecture".to_owned(), release.architecture);
    Ok(())
}

/// The principal that policies may name: a session is none, its role is.
fn deployer(arn: &str) -> Result<String> {
    let parts: Vec<_> = arn.splitn(6, ':').collect();
    match parts[..] {
        ["arn", partition, "sts", "", account, session] => {
            let role = session.split('/').nth(1).filter(|_| session.starts_with("assumed-role/"));
            let role = role.with_context(|| format!("{arn} is no role: give --deployer"))?;
            // Roles of a single sign-on lie in a folder that the session does not name.
            let folder =
                if role.starts_with("AWSReservedSSO_") { "aws-reserved/sso.amazonaws.com/*" } else { "" };
            Ok(format!("arn:{partition}:iam::{account}:role/{folder}{role}"))
        }
        ["arn", _, "iam", "", _, "root"] => {
            bail!("this is the root user: lock it away, and deploy with a role (docs/operators-handbook.md)")
        }
        ["arn", _, "iam", "", _, _] => Ok(arn.to_owned()),
        _ => bail!("{arn} is nobody whom a policy could name: give --deployer"),
    }
}

/// The parameters of a stack. What nobody said stays as it was.
pub fn of_stack(stack: &Stack, known: &Known, was: Option<&Known>) -> Result<Vec<Value>> {
    let mut missing = Vec::new();
    let mut given = Vec::new();
    for parameter in &stack.parameters {
        let name = &parameter.name;
        if let Some(value) = known.get(name) {
            given.push(serde_json::json!({ "ParameterKey": name, "ParameterValue": value }));
        } else if let Some(value) = was.and_then(|was| was.get(name)) {
            given.push(serde_json::json!({ "ParameterKey": name, "ParameterValue": value }));
        } else if !parameter.has_default {
            missing.push(option_of(name));
        }
    }
    if missing.is_empty() { Ok(given) } else { bail!("{} needs {}", stack.name, missing.join(", ")) }
}

/// How somebody says it.
fn option_of(parameter: &str) -> String {
    match parameter {
        "City" | "Network" => "--city".into(),
        "Domain" | "Origin" => "--domain".into(),
        "AlarmMail" => "--alarm-mail".into(),
        "AuditorPrincipal" => "--auditor".into(),
        other => format!("--set {other}=…"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cloud::stacks;

    #[test]
    fn a_session_deploys_as_its_role() {
        let role = |arn| deployer(arn).unwrap();
        assert_eq!(role("arn:aws:sts::1:assumed-role/deploy/me"), "arn:aws:iam::1:role/deploy");
        assert_eq!(
            role("arn:aws:sts::1:assumed-role/AWSReservedSSO_Admin_0/me"),
            "arn:aws:iam::1:role/aws-reserved/sso.amazonaws.com/*AWSReservedSSO_Admin_0"
        );
        assert_eq!(role("arn:aws:iam::1:user/me"), "arn:aws:iam::1:user/me");
        assert!(deployer("arn:aws:iam::1:root").is_err() && deployer("me").is_err());
    }

    #[test]
    fn what_nobody_said_is_asked_for_once_and_stays_afterwards() {
        let stacks = stacks::all().unwrap();
        let network = stacks.iter().find(|stack| stack.name == "20-network").unwrap();
        let mut known = Known::from([("Prefix".to_owned(), "city".to_owned())]);
        let error = of_stack(network, &known, None).unwrap_err().to_string();
        assert_eq!(error, "20-network needs --set S3PrefixList=…, --set DynamoDbPrefixList=…");
        known.extend(["S3PrefixList", "DynamoDbPrefixList"].map(|name| (name.to_owned(), "pl-1".to_owned())));
        assert_eq!(of_stack(network, &known, None).unwrap().len(), 3);
        let was = Known::from([("Traffic".to_owned(), "cut".to_owned())]);
        let again = of_stack(network, &known, Some(&was)).unwrap();
        assert!(again.iter().any(|one| one["ParameterKey"] == "Traffic" && one["ParameterValue"] == "cut"));
    }
}
