//! `cargo xtask deploy`: the stacks in their order, made or updated. Run again after a failure, it goes on where it was.

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::thread::sleep;
use std::time::{Duration, Instant};

use super::aws::Aws;
use super::plan::{self, Known};
use super::stacks::{self, Stack};
use super::{site, upload, values};
use crate::commands::Deploy;

/// Where what must not be replaced is kept, CloudFormation itself refuses to.
const STACK_POLICY: &str = r#"{"Statement":[{"Effect":"Allow","Principal":"*","Action":"Update:*","Resource":"*"},{"Effect":"Deny","Principal":"*","Action":["Update:Replace","Update:Delete"],"Resource":"*"}]}"#;

/// How often it is looked whether a stack is done.
const EVERY: Duration = Duration::from_secs(5);
/// How long at most: a certificate waits for its DNS, a distribution for every place of the world.
const PATIENCE: Duration = Duration::from_secs(60 * 60);

/// A stack as it is.
#[derive(Clone)]
struct Standing {
    status: String,
    reason: String,
    parameters: Known,
    outputs: Known,
}

/// Makes or updates what was asked for.
pub fn run(options: &Deploy) -> Result<()> {
    let mut known = plan::said(options)?;
    values::names(&options.set, &stacks::all()?)?;
    values::check(&known, None)?;
    let stacks = chosen(options)?;
    let aws = Aws::new(options.endpoint_url.clone())?;
    plan::found(&aws, &mut known)?;
    let all = everything(&aws, &stacks)?;
    same_environment(&all, &known)?;
    let product = all.get(&format!("{}-50-app", options.prefix));
    values::check(&known, product.map(|standing| &standing.parameters))?;
    for stack in &stacks {
        let (prefix, account) = (&options.prefix, known["Account"].clone());
        let name = stack.full_name(prefix);
        println!("\n▶ {name} ({})", stack.region);
        let standing = all.get(&name);
        let parameters = match plan::of_stack(stack, &known, standing.map(|standing| &standing.parameters)) {
            // What an earlier stack will answer is not known before it is there.
            Err(error) if options.dry_run && standing.is_none() && stack.name.starts_with("60-") => {
                println!("  would be made; {error} (from 55-waf-us-east-1)");
                continue;
            }
            other => Value::from(other?).to_string(),
        };
        let step = Step { aws: &aws, stack, name: &name, parameters: &parameters, dry: options.dry_run };
        let outputs = match standing {
            None => step.make()?,
            Some(standing) => step.update(standing)?,
        };
        known.extend(outputs);
        if options.dry_run {
            continue;
        }
        if stack.name.starts_with("00-") {
            upload::release(&aws, &format!("{prefix}-releases-{account}"))?;
        }
        if stack.name.starts_with("60-") {
            site::publish(&aws, &format!("{prefix}-site-{account}"))?;
        }
    }
    if options.dry_run {
        println!("\nNothing was changed.");
    } else if let Some(domain) = known.get("DistributionDomain") {
        println!("\nThe DNS of the domain must point to {domain}.");
        println!("What remains to be done by hand: docs/operators-handbook.md, クラウド環境.");
    }
    Ok(())
}

/// The stacks that were asked for.
fn chosen(options: &Deploy) -> Result<Vec<Stack>> {
    let mut all = stacks::all()?;
    for name in &options.only {
        if !all.iter().any(|stack| stack.name == *name) {
            let names: Vec<_> = all.iter().map(|stack| stack.name.as_str()).collect();
            bail!("--only {name}: there is no such stack; there are {}", names.join(", "));
        }
    }
    let only = |stack: &Stack| options.only.contains(&stack.name);
    all.retain(|stack| only(stack) || options.only.is_empty() && (options.copy || !stack.is_optional()));
    // The archive is told of its copy, so the copy is first.
    if let Some(copy) = all.iter().position(Stack::is_optional) {
        let copy = all.remove(copy);
        let archive = all.iter().position(|stack| stack.name.starts_with("40-")).unwrap_or(all.len());
        all.insert(archive, copy);
    }
    Ok(all)
}

/// Every stack that there is in the regions of these.
fn everything(aws: &Aws, stacks: &[Stack]) -> Result<BTreeMap<String, Standing>> {
    let regions: BTreeSet<_> = stacks.iter().map(|stack| stack.region).collect();
    let mut all = BTreeMap::new();
    for region in regions {
        let found = aws.call(region, &["cloudformation", "describe-stacks"])?;
        for one in found["Stacks"].as_array().into_iter().flatten() {
            all.insert(one["StackName"].as_str().unwrap_or_default().to_owned(), Standing::read(one));
        }
    }
    Ok(all)
}

/// A prefix that another environment has is not taken over by mistake.
fn same_environment(all: &BTreeMap<String, Standing>, known: &Known) -> Result<()> {
    let begin = format!("{}-", known["Prefix"]);
    for standing in all.iter().filter(|(name, _)| name.starts_with(&begin)).map(|(_, standing)| standing) {
        for parameter in ["Domain", "City"] {
            if let (Some(was), Some(now)) = (standing.parameters.get(parameter), known.get(parameter))
                && was != now
                && known.get(&format!("{parameter}Was")) != Some(was)
            {
                bail!(
                    "the name {} is taken: there {parameter} is {was}, not {now}. Choose another --prefix. If \
                     {parameter} shall change, say so by --set {parameter}Was={was}",
                    known["Prefix"]
                )
            }
        }
    }
    Ok(())
}

impl Standing {
    fn read(found: &Value) -> Self {
        let pairs = |list: &str, key: &str, value: &str| -> Known {
            let all = found[list].as_array().into_iter().flatten();
            all.filter_map(|one| Some((one[key].as_str()?.to_owned(), one[value].as_str()?.to_owned())))
                .collect()
        };
        let text = |name: &str| found[name].as_str().unwrap_or_default().to_owned();
        Self {
            status: text("StackStatus"),
            reason: text("StackStatusReason"),
            parameters: pairs("Parameters", "ParameterKey", "ParameterValue"),
            outputs: pairs("Outputs", "OutputKey", "OutputValue"),
        }
    }
}

/// What is done with one stack.
struct Step<'s> {
    aws: &'s Aws,
    stack: &'s Stack,
    name: &'s str,
    parameters: &'s str,
    dry: bool,
}

impl Step<'_> {
    fn call(&self, command: &str, more: &[&str]) -> Result<Value> {
        let mut arguments = vec!["cloudformation", command, "--stack-name", self.name];
        arguments.extend(more);
        self.aws.call(self.stack.region, &arguments)
    }

    fn body(&self) -> String {
        format!("file://{}", self.stack.template.display())
    }

    fn make(&self) -> Result<Known> {
        if self.dry {
            println!("  would be made");
            return Ok(Known::new());
        }
        let body = self.body();
        let mut more = vec!["--template-body", &body, "--parameters", self.parameters];
        more.extend(["--capabilities", "CAPABILITY_NAMED_IAM"]);
        if self.stack.keeps_data() {
            more.extend(["--enable-termination-protection", "--stack-policy-body", STACK_POLICY]);
        }
        self.call("create-stack", &more).with_context(|| self.refused())?;
        let made = self.wait(&["CREATE_COMPLETE"])?;
        println!("  made");
        Ok(made)
    }

    fn update(&self, standing: &Standing) -> Result<Known> {
        match standing.status.as_str() {
            // Its first creation failed and was rolled back; there is nothing in it.
            "ROLLBACK_COMPLETE" | "CREATE_FAILED" | "ROLLBACK_FAILED" | "REVIEW_IN_PROGRESS" => {
                println!("  an earlier attempt failed ({}): it is cleared away", standing.status);
                if !self.dry {
                    self.call("update-termination-protection", &["--no-enable-termination-protection"])?;
                    self.call("delete-stack", &[])?;
                    self.gone()?;
                }
                return self.make();
            }
            "UPDATE_ROLLBACK_FAILED" => bail!(
                "{} is stuck (UPDATE_ROLLBACK_FAILED): `aws cloudformation continue-update-rollback --stack-name {}` first",
                self.name,
                self.name
            ),
            status if status.ends_with("_IN_PROGRESS") => {
                bail!("{} is being changed by somebody else ({status}): wait until it is done", self.name)
            }
            _ => {}
        }
        let Some(changes) = self.changes()? else {
            println!("  as it is");
            return Ok(standing.outputs.clone());
        };
        for change in &changes {
            println!("  {}", in_words(change));
        }
        if self.stack.keeps_data()
            && let Some(change) = changes.iter().find(|change| destroys(change))
        {
            bail!(
                "{}: {}. Data or evidence would be lost, so nothing was changed. Is this template older than what is \
                 deployed? Deploy the newer one",
                self.name,
                in_words(change)
            );
        }
        if self.dry {
            return Ok(standing.outputs.clone());
        }
        let body = self.body();
        let more = [
            "--template-body",
            &body,
            "--parameters",
            self.parameters,
            "--capabilities",
            "CAPABILITY_NAMED_IAM",
        ];
        match self.call("update-stack", &more) {
            Ok(_) => {}
            Err(error) if error.to_string().contains("No updates are to be performed") => {
                println!("  as it is");
                return Ok(standing.outputs.clone());
            }
            Err(error) => return Err(error).with_context(|| self.refused()),
        }
        let updated = self.wait(&["UPDATE_COMPLETE"])?;
        println!("  updated");
        Ok(updated)
    }

    /// What an update would do, as the provider sees it; `None` if there is nothing to do.
    fn changes(&self) -> Result<Option<Vec<Value>>> {
        let set = format!("show-{}", std::process::id());
        let body = self.body();
        let mut more =
            vec!["--change-set-name", &set, "--template-body", &body, "--parameters", self.parameters];
        more.extend(["--capabilities", "CAPABILITY_NAMED_IAM", "--change-set-type", "UPDATE"]);
        match self.call("create-change-set", &more) {
            Err(error) if error.to_string().contains("No updates are to be performed") => return Ok(None),
            made => made.with_context(|| self.refused())?,
        };
        let shown = self.until(|| {
            let shown = self.call("describe-change-set", &["--change-set-name", &set])?;
            let status = shown["Status"].as_str().unwrap_or_default();
            Ok((!status.ends_with("_PENDING") && !status.ends_with("_IN_PROGRESS")).then_some(shown))
        })?;
        self.call("delete-change-set", &["--change-set-name", &set])?;
        let reason = shown["StatusReason"].as_str().unwrap_or_default();
        if reason.contains("didn't contain changes") || reason.contains("No updates are to be performed") {
            return Ok(None);
        }
        if shown["Status"] == "FAILED" {
            bail!("{}: {reason}", self.refused());
        }
        Ok(Some(shown["Changes"].as_array().cloned().unwrap_or_default()))
    }

    /// Looks again and again until there is an answer.
    fn until<T>(&self, look: impl Fn() -> Result<Option<T>>) -> Result<T> {
        let began = Instant::now();
        loop {
            if let Some(answer) = look()? {
                return Ok(answer);
            }
            if began.elapsed() > PATIENCE {
                bail!(
                    "{} is not done after an hour: look at it in the console, then give the command again",
                    self.name
                );
            }
            sleep(EVERY);
        }
    }

    /// Waits until the stack is done; what it answers.
    fn wait(&self, well: &[&str]) -> Result<Known> {
        let standing = self.until(|| {
            let found = self.call("describe-stacks", &[])?;
            let standing = Standing::read(&found["Stacks"][0]);
            Ok((!standing.status.ends_with("_IN_PROGRESS")).then_some(standing))
        })?;
        if well.contains(&standing.status.as_str()) {
            return Ok(standing.outputs);
        }
        let events = self.call("describe-stack-events", &[]).unwrap_or(json!({}));
        let failed = events["StackEvents"].as_array().into_iter().flatten().filter(|event| {
            event["ResourceStatus"].as_str().is_some_and(|status| status.ends_with("_FAILED"))
        });
        for event in failed.take(10) {
            let text = |name: &str| event[name].as_str().unwrap_or_default();
            println!(
                "  ✗ {} ({}): {}",
                text("LogicalResourceId"),
                text("ResourceType"),
                text("ResourceStatusReason")
            );
        }
        bail!("{}: {} {}", self.refused(), standing.status, standing.reason)
    }

    /// Waits until the stack is gone.
    fn gone(&self) -> Result<()> {
        let ask = ["cloudformation", "describe-stacks", "--stack-name", self.name];
        self.until(|| {
            let found = self.aws.find(self.stack.region, &ask, &["does not exist"])?;
            let status = found.map(|found| Standing::read(&found["Stacks"][0]).status);
            Ok(status.is_none_or(|status| status == "DELETE_COMPLETE").then_some(()))
        })
    }

    fn refused(&self) -> String {
        format!(
            "{} was refused; nothing of it stays half-done, and the same command may be given again",
            self.name
        )
    }
}

fn destroys(change: &Value) -> bool {
    let change = &change["ResourceChange"];
    change["Action"] == "Remove" || change["Replacement"] == "True"
}

fn in_words(change: &Value) -> String {
    let change = &change["ResourceChange"];
    let text = |name: &str| change[name].as_str().unwrap_or_default();
    let replaced = if change["Replacement"] == "True" { ", REPLACED" } else { "" };
    format!("{} {} ({}){replaced}", text("Action"), text("LogicalResourceId"), text("ResourceType"))
}
