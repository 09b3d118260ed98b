//! The CORS rules of a bucket: which page of another origin may do what.

use s3s::S3ErrorCode;
use s3s::dto::{CORSConfiguration, CORSRule};

use crate::fail::{Outcome, refuse};

const RULES_LIMIT: usize = 100;
const METHODS: [&str; 5] = ["GET", "PUT", "HEAD", "POST", "DELETE"];

/// Checks a configuration before it is stored.
///
/// # Errors
///
/// `MalformedXML` for no rules, too many, or a rule without origin or method; `InvalidRequest` for a method that
/// S3 does not know or a name with more than one `*`.
pub(crate) fn check_form(configuration: &CORSConfiguration) -> Outcome<()> {
    let rules = &configuration.cors_rules;
    if rules.is_empty() || rules.len() > RULES_LIMIT {
        return Err(S3ErrorCode::MalformedXML.into());
    }
    for rule in rules {
        if rule.allowed_methods.is_empty() || rule.allowed_origins.is_empty() {
            return Err(S3ErrorCode::MalformedXML.into());
        }
        if !rule.allowed_methods.iter().all(|method| METHODS.contains(&method.as_str())) {
            return Err(refuse(S3ErrorCode::InvalidRequest, "Found unsupported HTTP method in CORS config."));
        }
        let patterns = rule.allowed_origins.iter().chain(rule.allowed_headers.iter().flatten());
        if patterns.into_iter().any(|pattern| pattern.matches('*').count() > 1) {
            return Err(refuse(S3ErrorCode::InvalidRequest, "A name can not have more than one wildcard."));
        }
    }
    Ok(())
}

/// The first rule that allows this, as S3 decides it.
pub(crate) fn rule_for<'a>(
    rules: &'a [CORSRule],
    origin: &str,
    method: &str,
    headers: &[String],
) -> Option<&'a CORSRule> {
    rules.iter().find(|rule| {
        rule.allowed_origins.iter().any(|pattern| fits(pattern, origin))
            && rule.allowed_methods.iter().any(|allowed| allowed == method)
            && headers.iter().all(|header| {
                let header = header.to_ascii_lowercase();
                let patterns = rule.allowed_headers.iter().flatten();
                patterns.into_iter().any(|pattern| fits(&pattern.to_ascii_lowercase(), &header))
            })
    })
}

/// Whether the rule names every origin, so that the answer need not depend on who asks.
pub(crate) fn for_everyone(rule: &CORSRule) -> bool {
    rule.allowed_origins.iter().any(|pattern| pattern == "*")
}

fn fits(pattern: &str, name: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == name,
        Some((head, tail)) => {
            name.len() >= head.len() + tail.len() && name.starts_with(head) && name.ends_with(tail)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(origins: &[&str], methods: &[&str], headers: &[&str]) -> CORSRule {
        let owned = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        CORSRule {
            allowed_origins: owned(origins),
            allowed_methods: owned(methods),
            allowed_headers: Some(owned(headers)),
            ..Default::default()
        }
    }

    #[test]
    fn origins_methods_and_headers_must_all_fit() {
        let rules = [
            rule(&["https://app.example"], &["PUT"], &["content-*", "X-Amz-Checksum-Sha256"]),
            rule(&["https://*.example"], &["GET"], &[]),
        ];
        let table = [
            ("https://app.example", "PUT", "content-type", true),
            ("https://app.example", "PUT", "x-amz-checksum-sha256", true),
            ("https://app.example", "PUT", "x-other", false),
            ("https://app.example", "DELETE", "content-type", false),
            ("https://bad.example", "PUT", "content-type", false),
            ("https://bad.example", "GET", "", true),
            ("https://.exampl", "GET", "", false),
            ("null", "GET", "", false),
        ];
        for (origin, method, header, expected) in table {
            let headers: Vec<String> =
                Some(header.to_owned()).into_iter().filter(|name| !name.is_empty()).collect();
            let found = rule_for(&rules, origin, method, &headers).is_some();
            assert_eq!(found, expected, "{origin} {method} {header}");
        }
    }

    #[test]
    fn malformed_configurations_are_refused() {
        for rules in [
            vec![],
            vec![rule(&[], &["GET"], &[])],
            vec![rule(&["*"], &[], &[])],
            vec![rule(&["*"], &["PATCH"], &[])],
            vec![rule(&["*.*"], &["GET"], &[])],
        ] {
            assert!(check_form(&CORSConfiguration { cors_rules: rules }).is_err());
        }
        assert!(check_form(&CORSConfiguration { cors_rules: vec![rule(&["*"], &["GET"], &["*"])] }).is_ok());
    }
}
