//! The built site in its bucket: new files first, pages last, so that no page ever names what is not there yet.

use anyhow::Result;
use std::collections::BTreeMap;

use super::aws::Aws;
use super::stacks::HOME;
use super::upload::Tray;
use crate::paths;
use crate::web::site::{Site, SiteFile};

/// A page that says which site is there.
const MARKED: &str = "index.html";

/// Puts the site there, unless it is the one that is there.
pub fn publish(aws: &Aws, bucket: &str) -> Result<()> {
    let site = Site::read()?;
    let ask = ["s3api", "head-object", "--bucket", bucket, "--key", MARKED];
    let there = aws.find(HOME, &ask, &["404", "Not Found", "NoSuchKey"])?;
    if there.is_some_and(|head| head["Metadata"]["site"] == site.version.as_str()) {
        println!("  the site is as it is: {}", site.version);
        return Ok(());
    }
    // What belongs together by its headers goes together; pages are the last.
    let mut groups: BTreeMap<(bool, Vec<String>), Vec<String>> = BTreeMap::new();
    for file in &site.files {
        for (name, headers) in forms(file) {
            groups.entry((!file.immutable, headers)).or_default().push(name);
        }
    }
    let mark = format!("site={}", site.version);
    for ((_, headers), names) in &groups {
        let mut tray = Tray::new("site")?;
        for name in names {
            tray.lay(name, &paths::site().join(name))?;
        }
        let mut more = vec!["--metadata", &mark];
        more.extend(headers.iter().map(String::as_str));
        tray.send(aws, bucket, &more)?;
    }
    Ok(())
}

/// The forms of a file, as it is and compressed: its name, and the headers with which it is stored.
fn forms(file: &SiteFile) -> Vec<(String, Vec<String>)> {
    let name = file.path.trim_start_matches('/').to_owned();
    let kind = content_type(&name);
    let cache = if file.immutable { "public, max-age=31536000, immutable" } else { "no-cache" };
    let headers = |encoding: Option<&str>| {
        let mut headers = vec!["--content-type", kind, "--cache-control", cache];
        headers.extend(encoding.into_iter().flat_map(|encoding| ["--content-encoding", encoding]));
        headers.into_iter().map(str::to_owned).collect()
    };
    let mut forms = vec![(name.clone(), headers(None))];
    if file.br.is_some() {
        forms.push((format!("{name}.br"), headers(Some("br"))));
    }
    forms
}

/// The same types as the local server's.
fn content_type(name: &str) -> &'static str {
    match name.rsplit_once('.').map(|(_, kind)| kind) {
        Some("html") => "text/html; charset=utf-8",
        Some("js" | "mjs") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("wasm") => "application/wasm",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("ico") => "image/x-icon",
        Some("webmanifest") => "application/manifest+json",
        _ => "application/octet-stream",
    }
}
