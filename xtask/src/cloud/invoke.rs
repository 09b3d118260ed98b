//! The two functions that a person calls by hand: `cargo xtask founding` and `cargo xtask fill`. Whatever they decide and check
//! is theirs; here is only asked, repeated and printed.

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};
use shared::{
    calendar::{Day, YearMonth},
    id::PatientId,
};
use std::fs::{self, OpenOptions};
use std::os::unix::fs::OpenOptionsExt;
use std::path::PathBuf;

use super::aws::Aws;
use crate::commands::{Fill, Founding};
use crate::paths;

const REGION: &str = "ap-northeast-1";

/// A file that only its owner reads, and that is gone afterwards: what is asked and answered names people.
struct Private(PathBuf);

impl Private {
    fn new(what: &str, content: &str) -> Result<Self> {
        let file = paths::target().join(format!("{what}-{}.json", std::process::id()));
        fs::remove_file(&file).ok();
        let mut options = OpenOptions::new();
        let opened = options.write(true).create_new(true).mode(0o600).open(&file);
        std::io::Write::write_all(&mut opened.context("target cannot be written")?, content.as_bytes())?;
        Ok(Self(file))
    }

    fn path(&self) -> Result<&str> {
        self.0.to_str().context("the path is no text")
    }
}

impl Drop for Private {
    fn drop(&mut self) {
        fs::remove_file(&self.0).ok();
    }
}

/// Calls a function and waits, for as long as a function may run.
fn invoke(aws: &Aws, function: &str, payload: &Value) -> Result<Value> {
    let asked = Private::new("asked", &payload.to_string())?;
    let answered = Private::new("answered", "")?;
    // As bytes: of a text, version 2 of the command wants base64, and version 1 does not know how to be told otherwise.
    let payload = format!("fileb://{}", asked.path()?);
    let ask = ["lambda", "invoke", "--function-name", function, "--payload", &payload];
    // Once: whoever asks a second time while the first is at work only waits for it.
    let how = ["--cli-read-timeout", "930"];
    let said = aws.call(REGION, &[&ask[..], &how, &[answered.path()?]].concat())?;
    let text = fs::read_to_string(&answered.0)?;
    let answer: Value =
        serde_json::from_str(&text).context("the function answered something that is no JSON")?;
    if said["FunctionError"].is_string() {
        bail!("{}", answer["errorMessage"].as_str().unwrap_or("the function ended with an error"));
    }
    Ok(answer)
}

/// Founds the environment, and prints what is handed to each of its first people.
pub fn founding(options: &Founding) -> Result<()> {
    let file = std::env::current_dir()?.join(&options.people);
    let text = fs::read_to_string(&file).with_context(|| format!("{} cannot be read", file.display()))?;
    let payload: Value = serde_json::from_str(&text).with_context(|| format!("{}", file.display()))?;
    let aws = Aws::new(options.endpoint_url.clone())?;
    let letters = invoke(&aws, &format!("{}-founding", options.prefix), &payload)?;
    println!("Hand each to the person alone, sealed. They are shown this once.\n");
    for letter in letters.as_array().into_iter().flatten() {
        let text = |name: &str| letter[name].as_str().unwrap_or_default();
        println!(
            "{:<20}  {}  until {}  {}",
            text("user_id"),
            text("password"),
            text("ends_at"),
            text("name")
        );
    }
    Ok(())
}

/// What is restored, as the function reads it.
fn plan(month: Option<YearMonth>, patient: Option<PatientId>, day: Option<Day>, leave_lost: bool) -> Value {
    let source = month.map_or(json!("daily"), |month| json!({ "month": month }));
    let part = match (patient, day) {
        (Some(patient), _) => json!({ "patient": patient }),
        (None, Some(day)) => json!({ "day": day }),
        (None, None) => json!("everything"),
    };
    json!({ "source": source, "part": part, "leave_lost": leave_lost })
}

/// Fills an empty environment from the archive of another, call after call.
pub fn fill(options: &Fill) -> Result<()> {
    let aws = Aws::new(options.endpoint_url.clone())?;
    let plan = plan(options.month, options.patient, options.day, options.leave_lost);
    let function = format!("{}-restore", options.prefix);
    loop {
        let answer = invoke(&aws, &function, &json!({ "plan": plan, "dry_run": options.dry_run }))?;
        let progress = &answer["progress"];
        let restored = &progress["restored"];
        let count = |name: &str| restored[name].as_u64().unwrap_or_default();
        println!(
            "{} of {} generations: {} entries, {} notes, {} files, {} cases, {} events of the audit log",
            count("generations"),
            progress["generations"],
            count("entries"),
            count("notes"),
            count("files"),
            count("cases"),
            count("events")
        );
        if answer["done"] == true {
            for day in restored["missing"].as_array().into_iter().flatten() {
                println!("    no generation of {day}: what was sent then is missing");
            }
            for key in restored["lost"].as_array().into_iter().flatten() {
                println!("    the key {key} is lost: what lies under it is missing");
            }
            println!("{} boxes were erased when their time came", count("erased"));
            return Ok(());
        }
        if options.dry_run {
            bail!("there is more than one call can read: a dry run goes no further");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plans_are_what_the_function_reads() {
        assert_eq!(
            plan(None, None, None, false),
            json!({ "source": "daily", "part": "everything", "leave_lost": false })
        );
        let patient = PatientId::from_parts(1, 1);
        assert_eq!(
            plan("2026-11".parse().ok(), Some(patient), None, true),
            json!({ "source": { "month": "2026-11" }, "part": { "patient": patient }, "leave_lost": true })
        );
    }
}
