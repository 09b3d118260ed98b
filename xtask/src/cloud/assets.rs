//! `cargo xtask assets`: rows for the asset ledger (資産台帳, Art. 8 and 20(3)) from what is really deployed.

use anyhow::{Context, Result, bail};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use super::aws::Aws;
use super::stacks;
use crate::commands::Assets;
use crate::paths;
use shared::evidence::LEDGER_HEAD as HEAD;

/// What a type of resource is to the ledger.
#[derive(Deserialize)]
struct Rating {
    /// 種類.
    what: String,
    /// 区分: 設備相当, ソフトウェア or データ; none for what belongs to another row.
    class: Option<String>,
    /// 機密性, 完全性, 可用性: 高, 中 or 低.
    #[serde(default)]
    cia: Vec<String>,
}

#[derive(Deserialize)]
struct Ratings {
    owner: String,
    places: BTreeMap<String, String>,
    types: BTreeMap<String, Rating>,
    /// Single resources that differ from their type: stack and logical name.
    single: BTreeMap<String, Rating>,
}

/// Prints the rows, or what differs from a ledger.
pub fn run(options: &Assets) -> Result<()> {
    let ratings = fs::read(paths::root().join("infra/aws/assets.json"))?;
    let ratings: Ratings = serde_json::from_slice(&ratings).context("infra/aws/assets.json")?;
    let aws = Aws::new(options.endpoint_url.clone())?;
    let mut rows = BTreeSet::new();
    for stack in stacks::all()? {
        let name = stack.full_name(&options.prefix);
        let ask = ["cloudformation", "list-stack-resources", "--stack-name", &name];
        let Some(found) = aws.find(stack.region, &ask, &["does not exist"])? else {
            if !stack.is_optional() {
                println!("# {name} is not deployed");
            }
            continue;
        };
        for resource in found["StackResourceSummaries"].as_array().into_iter().flatten() {
            let text = |name: &str| resource[name].as_str().unwrap_or_default();
            let (logical, kind, id) =
                (text("LogicalResourceId"), text("ResourceType"), text("PhysicalResourceId"));
            let own =
                ratings.single.get(&format!("{}/{logical}", stack.name)).or_else(|| ratings.types.get(kind));
            let rating =
                own.with_context(|| format!("infra/aws/assets.json does not rate {kind} ({logical})"))?;
            let Some(class) = &rating.class else { continue };
            let [c, i, a] = &rating.cia[..] else {
                bail!("infra/aws/assets.json: {kind} has no three ratings")
            };
            let place =
                ratings.places.get(stack.region).with_context(|| format!("no place for {}", stack.region))?;
            let name = format!("{}/{logical}", stack.name);
            let fields = [&name, &rating.what, class.as_str(), place, &ratings.owner, c, i, a, id];
            rows.insert(fields.map(quoted).join(","));
        }
    }
    if rows.is_empty() {
        bail!("nothing of {} is deployed", options.prefix);
    }
    match &options.ledger {
        None => {
            println!("{HEAD}");
            rows.iter().for_each(|row| println!("{row}"));
            Ok(())
        }
        Some(file) => {
            let text = fs::read_to_string(std::env::current_dir()?.join(file))
                .with_context(|| format!("{} cannot be read", file.display()))?;
            compare(&rows, &text)
        }
    }
}

/// A field that a table program reads as one.
fn quoted(field: &str) -> String {
    if field.contains([',', '"', '\n']) {
        format!("\"{}\"", field.replace('"', "\"\""))
    } else {
        field.to_owned()
    }
}

/// Says what is deployed and not in the ledger, and the other way round.
fn compare(rows: &BTreeSet<String>, ledger: &str) -> Result<()> {
    let written: BTreeSet<String> = ledger
        .trim_start_matches('\u{feff}')
        .lines()
        .map(|line| line.trim_end().to_owned())
        .filter(|line| !line.is_empty() && line != HEAD && !line.starts_with('#'))
        .collect();
    let (new, gone): (Vec<_>, Vec<_>) =
        (rows.difference(&written).collect(), written.difference(rows).collect());
    new.iter().for_each(|row| println!("+ {row}"));
    gone.iter().for_each(|row| println!("- {row}"));
    if new.is_empty() && gone.is_empty() {
        println!("{} rows, as in the ledger", rows.len());
        return Ok(());
    }
    bail!("the ledger differs: {} rows are missing in it, {} are not deployed", new.len(), gone.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn differences_are_named_both_ways() {
        let rows = BTreeSet::from(["a,1".to_owned(), "b,2".to_owned()]);
        assert!(compare(&rows, &format!("\u{feff}{HEAD}\r\nb,2\r\na,1\r\n")).is_ok());
        let error = compare(&rows, "b,2\nc,3\n").unwrap_err().to_string();
        assert_eq!(error, "the ledger differs: 1 rows are missing in it, 1 are not deployed");
    }

    #[test]
    fn commas_stay_inside_their_field() {
        assert_eq!(quoted("a, \"b\""), "\"a, \"\"b\"\"\"");
        assert_eq!(quoted("a"), "a");
    }
}
