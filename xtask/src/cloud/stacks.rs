//! The stacks in their order, with what their templates ask for.

use anyhow::{Context, Result, bail};
use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use crate::paths;

/// The region of the product.
pub const HOME: &str = "ap-northeast-1";
/// The region of what CloudFront wants.
const EDGE: &str = "us-east-1";
/// The region of the copy.
const COPY: &str = "ap-northeast-3";

/// A template and what is known of it.
#[derive(Debug)]
pub struct Stack {
    /// Its file's name without the ending: the stack's name after the prefix.
    pub name: String,
    /// Its text.
    pub template: PathBuf,
    /// Where it is deployed.
    pub region: &'static str,
    /// What it asks for, and whether it can do without an answer.
    pub parameters: Vec<Parameter>,
}

/// What a template asks for.
#[derive(Debug, PartialEq, Eq)]
pub struct Parameter {
    /// Its name.
    pub name: String,
    /// Whether the template has an answer of its own.
    pub has_default: bool,
}

impl Stack {
    /// Whether evidence or data lives in it: no resource is ever replaced or taken out.
    pub fn keeps_data(&self) -> bool {
        ["00-", "10-", "30-", "40-", "45-"].iter().any(|begin| self.name.starts_with(begin))
    }

    /// Whether it is deployed only if somebody asks for it.
    pub fn is_optional(&self) -> bool {
        self.name.starts_with("45-")
    }

    /// Its whole name.
    pub fn full_name(&self, prefix: &str) -> String {
        format!("{prefix}-{}", self.name)
    }
}

/// The folder of the templates. Tests name another, with a template that is older or wrong.
fn folder() -> PathBuf {
    match env::var_os("TSUNAGARU_STACKS") {
        Some(folder) => PathBuf::from(folder),
        None => paths::root().join("infra/aws/stacks"),
    }
}

/// All of them; the order of the files is the order of deployment.
pub fn all() -> Result<Vec<Stack>> {
    let mut files: Vec<_> =
        fs::read_dir(folder())?.map(|entry| Ok(entry?.path())).collect::<Result<Vec<_>>>()?;
    files.retain(|file| file.extension().is_some_and(|kind| kind == "yaml"));
    files.sort();
    files.iter().map(|file| read(file)).collect()
}

fn read(file: &Path) -> Result<Stack> {
    let name =
        file.file_stem().and_then(|name| name.to_str()).context("a template without a name")?.to_owned();
    let region = match () {
        () if name.ends_with(EDGE) => EDGE,
        () if name.starts_with("45-") => COPY,
        () => HOME,
    };
    let text = fs::read_to_string(file)?;
    Ok(Stack { parameters: parameters(&text)?, template: file.to_owned(), region, name })
}

/// The block `Parameters` of a template in the form in which ours are written.
fn parameters(text: &str) -> Result<Vec<Parameter>> {
    let mut found: Vec<Parameter> = Vec::new();
    let block = text.lines().skip_while(|line| *line != "Parameters:").skip(1);
    for line in block.take_while(|line| line.is_empty() || line.starts_with(' ')) {
        if let Some(name) = line.strip_prefix("  ").filter(|rest| !rest.starts_with([' ', '#'])) {
            let (name, _) = name.split_once(':').context("a parameter without a colon")?;
            found.push(Parameter { name: name.to_owned(), has_default: false });
        }
        if let Some(last) = found.last_mut() {
            last.has_default |= line.contains("Default: ");
        }
    }
    if found.is_empty() {
        bail!("a template without parameters: {}", text.lines().nth(2).unwrap_or_default());
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_found_with_and_without_a_default() {
        let text = "Parameters:\n  A: {Type: String}\n  # why\n  B:\n    Type: Number\n    Default: 3\n\nResources:\n  C: {Default: 1}\n";
        let parameter = |name: &str, has_default| Parameter { name: name.into(), has_default };
        assert_eq!(parameters(text).unwrap(), [parameter("A", false), parameter("B", true)]);
        assert!(parameters("Resources:\n").is_err());
    }

    #[test]
    fn every_template_can_be_read() {
        let stacks = all().unwrap();
        assert!(stacks.len() > 8 && stacks[0].name.starts_with("00-"));
        assert!(stacks.iter().all(|stack| stack.parameters.iter().any(|p| p.name == "Prefix")));
        assert_eq!(stacks.iter().filter(|stack| stack.region == EDGE).count(), 1);
    }
}
