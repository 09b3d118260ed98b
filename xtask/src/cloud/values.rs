//! What somebody sets is read here as the functions will read it, before anything is changed: a function that cannot read
//! its settings does not start.

use anyhow::{Context, Result, bail};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;
use shared::{
    api::{error::FieldError, procedure::Contact},
    calendar::Hours,
    people::SessionTimes,
    portal::HelpDesk,
};

use super::plan::Known;
use super::stacks::Stack;

/// Most bytes of the texts of JSON together: a function takes 4 KB of settings, and the others need the rest.
const TEXTS_MAX: usize = 2_000;
const TEXTS: [&str; 3] = ["HelpDesk", "Hours", "Related"];
/// What is said to the command, and to no template.
const TO_THE_COMMAND: [&str; 2] = ["DomainWas", "CityWas"];

/// Whether every name that somebody set is one of a template.
pub fn names(set: &[String], stacks: &[Stack]) -> Result<()> {
    let known: Vec<_> =
        stacks.iter().flat_map(|stack| &stack.parameters).map(|parameter| parameter.name.as_str()).collect();
    for name in set.iter().filter_map(|pair| pair.split_once('=')).map(|(name, _)| name) {
        if !known.contains(&name) && !TO_THE_COMMAND.contains(&name) {
            let like: Vec<_> = known.iter().filter(|other| other.eq_ignore_ascii_case(name)).collect();
            let hint = like.first().map_or_else(String::new, |other| format!(", but {other}"));
            bail!("--set {name}: no template has such a parameter{hint}");
        }
    }
    Ok(())
}

/// Whether the product can read what is said now, or was said earlier and stays.
pub fn check(known: &Known, was: Option<&Known>) -> Result<()> {
    let text = |name: &str| known.get(name).or_else(|| was?.get(name)).filter(|text| !text.is_empty());
    let read = |name: &str| text(name).map_or("", String::as_str);
    let hours: Option<Hours> = parsed("Hours", read("Hours"))?;
    if let Some(Err(wrong)) = hours.map(Hours::check) {
        bail!("--set Hours: {}", in_words(&wrong));
    }
    parsed::<HelpDesk>("HelpDesk", read("HelpDesk"))?;
    parsed::<Vec<Contact>>("Related", read("Related"))?;
    let bytes: usize = TEXTS.iter().map(|name| read(name).len()).sum();
    if bytes > TEXTS_MAX {
        bail!(
            "--set {}: {bytes} bytes together, more than the {TEXTS_MAX} for which a function has room",
            TEXTS.join(", ")
        );
    }
    let number = |name: &str, usual: i64| match text(name) {
        Some(text) => text.parse().with_context(|| format!("--set {name}={text}: a whole number of seconds")),
        None => Ok(usual),
    };
    let usual = SessionTimes::default();
    let times = SessionTimes {
        lock: number("LockSeconds", usual.lock)?,
        idle: number("IdleSeconds", usual.idle)?,
        longest: number("SessionSeconds", usual.longest)?,
    };
    if let Err(wrong) = times.check() {
        bail!("--set LockSeconds, IdleSeconds, SessionSeconds: {}", in_words(&wrong));
    }
    Ok(())
}

fn in_words(wrong: &[FieldError]) -> String {
    wrong.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
}

/// A text of JSON, whose every name is one that will be read.
fn parsed<T: DeserializeOwned + Serialize>(name: &str, text: &str) -> Result<Option<T>> {
    if text.is_empty() {
        return Ok(None);
    }
    let given: Value =
        serde_json::from_str(text).with_context(|| format!("--set {name}: this is no JSON"))?;
    let meant: T = T::deserialize(&given).with_context(|| format!("--set {name}"))?;
    match unread(&given, &serde_json::to_value(&meant)?) {
        Some(unread) => bail!("--set {name}: nobody reads \"{unread}\""),
        None => Ok(Some(meant)),
    }
}

/// The first name in what was given that is not in what was understood.
fn unread(given: &Value, meant: &Value) -> Option<String> {
    match (given, meant) {
        (Value::Object(given), Value::Object(meant)) => given.iter().find_map(|(name, value)| {
            meant.get(name).map_or_else(|| Some(name.clone()), |meant| unread(value, meant))
        }),
        (Value::Array(given), Value::Array(meant)) => {
            given.iter().zip(meant).find_map(|(given, meant)| unread(given, meant))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cloud::stacks;

    fn said(pairs: &[(&str, &str)]) -> Known {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    const HOURS: &str =
        r#"{"opening_minutes":540,"closing_minutes":1020,"year_end_from":"12-29","year_end_until":"01-03"}"#;

    #[test]
    fn what_the_product_reads_passes() {
        check(&said(&[]), None).unwrap();
        let related = r#"[{"role":"保守","name":"","office":"会社","phone":"0568-00-0000"}]"#;
        let all = [
            ("Hours", HOURS),
            ("HelpDesk", r#"{"phone":"0568-00-0000"}"#),
            ("Related", related),
            ("LockSeconds", "300"),
        ];
        check(&said(&all), None).unwrap();
        // What is in the templates as their own answer.
        check(&said(&[("Hours", ""), ("HelpDesk", "{}"), ("Related", "[]")]), None).unwrap();
    }

    #[test]
    fn what_it_cannot_read_is_named() {
        let backwards = HOURS.replace("1020", "500");
        let long = format!(r#"{{"name":"{}"}}"#, "あ".repeat(700));
        for (name, value, word) in [
            ("Hours", "9-17", "no JSON"),
            ("Hours", "{}", "opening_minutes"),
            ("Hours", backwards.as_str(), "opening_minutes: 受付"),
            ("HelpDesk", r#"{"tel":"0568"}"#, "\"tel\""),
            ("HelpDesk", long.as_str(), "2000"),
            ("Related", "{}", "--set Related"),
            ("Related", r#"[{"fon":"1"}]"#, "\"fon\""),
            ("LockSeconds", "ten", "whole number"),
            ("LockSeconds", "7200", "lock: "),
            ("IdleSeconds", "300", "idle: "),
            ("SessionSeconds", "60", "longest: "),
        ] {
            let error = format!("{:#}", check(&said(&[(name, value)]), None).unwrap_err());
            assert!(error.contains(word) && error.contains(name), "{name}={value}: {error}");
        }
    }

    #[test]
    fn what_was_said_earlier_counts_until_it_is_said_anew() {
        let was = said(&[("LockSeconds", "1800")]);
        assert!(check(&said(&[("IdleSeconds", "1200")]), Some(&was)).is_err());
        check(&said(&[("IdleSeconds", "1200"), ("LockSeconds", "600")]), Some(&was)).unwrap();
    }

    #[test]
    fn a_name_that_no_template_has_is_no_setting() {
        let stacks = stacks::all().unwrap();
        names(&["Hours={}".to_owned(), "DomainWas=a".to_owned(), "Traffic=cut".to_owned()], &stacks).unwrap();
        let error = names(&["hours={}".to_owned()], &stacks).unwrap_err().to_string();
        assert_eq!(error, "--set hours: no template has such a parameter, but Hours");
        assert!(names(&["Opening=9".to_owned()], &stacks).is_err());
    }
}
