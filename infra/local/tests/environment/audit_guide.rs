//! The auditor's guide: every command in it, typed as it stands there, answers as the guide says; and when one byte of a
//! generation is not what was written, it does not.

use crate::support::{
    command,
    guide::{self, Running},
};
use functions::store::blob::sha256_hex;
use shared::{
    api::bundle::{MakeBundle, NewBundle},
    calendar::Day,
};
use std::{fs, path::Path};

const GUIDE: &str = include_str!("../../../../docs/audit-guide.md");

/// The folder's files, below any depth.
fn files(folder: &Path) -> Vec<std::path::PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { found.extend(files(&path)) } else { found.push(path) }
    }
    found
}

/// Changes one byte of every stored object that has this hash, on the disk behind the service.
fn damage(data: &Path, sha256: &str) {
    let mut damaged = 0;
    for file in files(&data.join("s3").join("bodies")) {
        let mut bytes = fs::read(&file).unwrap();
        if sha256_hex(&bytes) == sha256 {
            let middle = bytes.len() / 2;
            bytes[middle] ^= 1;
            fs::write(&file, bytes).unwrap();
            damaged += 1;
        }
    }
    assert!(damaged > 0, "no stored object has the hash {sha256}");
}

/// Any hash of an object that the manifest lists, in whichever field its format has it.
fn listed_hash(node: &serde_json::Value) -> Option<String> {
    match node {
        serde_json::Value::Object(fields) => match (fields.get("sha256"), fields.get("version")) {
            (Some(hash), Some(_)) => hash.as_str().map(str::to_owned),
            _ => fields.values().find_map(listed_hash),
        },
        serde_json::Value::Array(all) => all.iter().find_map(listed_hash),
        _ => None,
    }
}

/// The city makes an evidence bundle of the day.
fn bundle(running: &Running) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let mut city = running.sign_in("city-01").await;
        let today: Day = "2026-11-20".parse().unwrap();
        let request = NewBundle { command: command(), from: today, to: today };
        city.ok::<MakeBundle>(&(), &request).await;
    });
}

#[test]
fn every_command_of_the_guide_answers_as_it_says_and_one_changed_byte_does_not() {
    let Some(aws) = guide::aws() else { return };
    let running = Running::start();
    // Every generation that is due and a seal: what an auditor meets on any day.
    running.until(
        &aws,
        &[],
        &format!("{} && {}", guide::kept("audit/", "audit/"), guide::kept("runbooks/", "runbooks/13")),
    );
    bundle(&running);
    let run = running.follow("audit-guide", &aws, &[], GUIDE);
    assert_eq!(run, 11, "every step of the guide is run");

    let manifest = fs::read(running.folder().join("manifest.json")).unwrap();
    let manifest: serde_json::Value = serde_json::from_slice(&manifest).unwrap();
    damage(&running.data(), &listed_hash(&manifest).unwrap());
    let fences = guide::fences(GUIDE);
    let hashes = fences.iter().find(|fenced| fenced.command.contains("目録のとおり")).unwrap();
    let (_, said) = running.run(&aws, &[], &hashes.command);
    assert!(!guide::matches(hashes.answer.as_ref().unwrap(), &said), "{said}");
    assert!(said.contains("違う: daily/") && said.contains("不合格"), "{said}");

    // A seal that does not follow from the one before is named, too.
    let seals = fences.iter().find(|fenced| fenced.command.contains("つながっていません")).unwrap();
    let forged = seals.command.replace("head, entries = \"\", 0", "head, entries = \"00\", 0");
    let (well, said) = running.run(&aws, &[], &forged);
    assert!(!well && said.contains("つながっていません"), "{said}");
}
