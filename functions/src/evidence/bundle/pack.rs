//! The archive: every file beside a list of their hashes, which is signed.

use super::{super::signing::Signer, gather::Gathered, overview};
use crate::store::{blob::sha256_hex, error::StoreError};
use serde::Serialize;
use shared::evidence::bundle::{Finding, Tally};
use std::{
    collections::BTreeMap,
    io::{Cursor, Write},
};
use zip::{CompressionMethod, ZipWriter, write::SimpleFileOptions};

const PUBLIC_KEY: &str = "public-key.pem";

/// An archive.
pub(super) struct Archive {
    /// Its bytes.
    pub body: Vec<u8>,
    /// How many files it has.
    pub files: u32,
}

/// What the machine-readable overview says.
#[derive(Serialize)]
struct Overview<'a> {
    network: &'a str,
    from: shared::calendar::Day,
    to: shared::calendar::Day,
    made_at: shared::calendar::Timestamp,
    software: &'static str,
    tally: Tally,
    findings: &'a [Finding],
}

/// Packs the facts and the findings.
///
/// # Errors
/// If something cannot be written as JSON, signed or packed: a mistake of ours.
pub(super) fn archive(
    network: &str,
    gathered: &Gathered,
    findings: &[Finding],
    signer: &Signer,
) -> Result<Archive, StoreError> {
    let facts = &gathered.facts;
    let overview = Overview {
        network,
        from: facts.from,
        to: facts.to,
        made_at: facts.now,
        software: env!("CARGO_PKG_VERSION"),
        tally: Tally::of(findings),
        findings,
    };
    let generations = serde_json::json!({ "generations": facts.generations, "manual": facts.manual });
    let seals = serde_json::json!({
        "sealed_until": facts.sealed_until,
        "lost": facts.lost_seals,
        "checkpoints": facts.checkpoints,
    });
    let cases = serde_json::json!({
        "cases": facts.cases,
        "lost_numbers": facts.lost_numbers,
        "backup_times": facts.times,
    });
    let mut files: BTreeMap<String, Vec<u8>> = BTreeMap::from([
        (
            "overview.html".to_owned(),
            overview::page(network, facts, findings, &signer.fingerprint()?).into_bytes(),
        ),
        ("overview.json".to_owned(), serde_json::to_vec_pretty(&overview)?),
        ("generations.json".to_owned(), serde_json::to_vec_pretty(&generations)?),
        ("cases.json".to_owned(), serde_json::to_vec_pretty(&cases)?),
        ("facilities.json".to_owned(), serde_json::to_vec_pretty(&facts.facilities)?),
        ("structure.json".to_owned(), serde_json::to_vec_pretty(&facts.posts)?),
        ("audit/checkpoints.json".to_owned(), serde_json::to_vec_pretty(&seals)?),
        ("audit/reviews.json".to_owned(), serde_json::to_vec_pretty(&gathered.reviews)?),
        ("monitoring.json".to_owned(), serde_json::to_vec_pretty(&facts.watched)?),
        ("drills.json".to_owned(), serde_json::to_vec_pretty(&facts.drills)?),
        ("ledger.json".to_owned(), serde_json::to_vec_pretty(&facts.ledger)?),
        ("runbooks.json".to_owned(), serde_json::to_vec_pretty(&facts.runbooks)?),
    ]);
    files.extend(gathered.manifests.iter().map(|(key, body)| (format!("manifests/{key}"), body.to_vec())));
    files.insert(PUBLIC_KEY.to_owned(), signer.public_pem()?.into_bytes());
    // As sha256sum writes and checks it.
    let sums: String = files.iter().map(|(name, body)| format!("{}  {name}\n", sha256_hex(body))).collect();
    files.insert("SHA256SUMS.sig".to_owned(), signer.sign(sums.as_bytes()));
    files.insert("SHA256SUMS".to_owned(), sums.into_bytes());
    let broken = |_| StoreError::Shape("archive of evidence");
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    for (name, body) in &files {
        zip.start_file(name.as_str(), options).map_err(broken)?;
        zip.write_all(body).map_err(|_| StoreError::Shape("archive of evidence"))?;
    }
    let body = zip.finish().map_err(broken)?.into_inner();
    Ok(Archive { body, files: u32::try_from(files.len()).unwrap_or(u32::MAX) })
}
