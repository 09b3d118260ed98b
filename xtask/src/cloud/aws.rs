//! The provider's command line, one call at a time.

use anyhow::{Context, Result, anyhow, bail};
use serde_json::Value;
use std::path::PathBuf;
use std::process::Stdio;

use crate::run;
use crate::tools;

/// A way to call it.
#[derive(Clone)]
pub struct Aws {
    program: PathBuf,
    endpoint: Option<String>,
}

impl Aws {
    /// The pinned command line; with an endpoint everything goes there.
    pub fn new(endpoint: Option<String>) -> Result<Self> {
        Ok(Self { program: tools::CLOUD.ensure()?.join("aws"), endpoint })
    }

    /// What a call prints; `Err` has what the provider said.
    pub fn text(&self, region: &str, arguments: &[&str]) -> Result<String> {
        let mut command = run::command(&self.program);
        command.args(arguments).args(["--region", region]);
        if let Some(endpoint) = &self.endpoint {
            // The variable alone is not enough: some services of this command line do not look at it.
            command.args(["--endpoint-url", endpoint]);
        }
        command.env("AWS_PAGER", "").env("AWS_MAX_ATTEMPTS", "4");
        let output = command.stdin(Stdio::null()).output().context("aws could not be started")?;
        if output.status.success() {
            return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
        }
        let said = String::from_utf8_lossy(&output.stderr);
        if said.contains("Unable to locate credentials") {
            bail!("there are no credentials: sign in (`aws sso login` or AWS_PROFILE) and try again");
        }
        Err(anyhow!("{}", said.trim()))
    }

    /// What a call answers, as data.
    pub fn call(&self, region: &str, arguments: &[&str]) -> Result<Value> {
        let text = self.text(region, &[arguments, &["--output", "json"]].concat())?;
        if text.trim().is_empty() {
            return Ok(Value::Null);
        }
        serde_json::from_str(&text).context("aws answered something that is no JSON")
    }

    /// As [`Self::call`]; `None` where the provider says that there is no such thing.
    pub fn find(&self, region: &str, arguments: &[&str], missing: &[&str]) -> Result<Option<Value>> {
        match self.call(region, arguments) {
            Ok(found) => Ok(Some(found)),
            Err(error) if missing.iter().any(|words| error.to_string().contains(words)) => Ok(None),
            Err(error) => Err(error),
        }
    }
}
