//! Verification: every object of a generation is read back and compared with its manifest, lock and keys included.

use super::{
    reader::{self, Opened, is_as_listed},
    ring::Ring,
};
use crate::{
    app::App,
    store::{
        blob::{Versions, sha256_hex},
        error::StoreError,
    },
};
use bytes::Bytes;
use flate2::read::GzDecoder;
use shared::evidence::{
    BackupKind, Generation, Holds, KeyName, Manifest, ManifestObject, NotAManifest, Verification,
    VerificationState,
};
use std::io::{BufRead, BufReader};

/// Kind, day and run: in the last of these folders lies a generation.
const FOLDERS: usize = 3;

/// What was found.
#[derive(Default)]
struct Findings {
    words: Vec<String>,
    erased: u64,
    /// The lock's end that every object must have.
    until: i64,
    /// Whether that is over and the key was destroyed: then objects may be gone.
    over: bool,
}

/// Reads a generation back; the generation with what was found. A copy of a key that is missing is made whole; nothing
/// else is written.
///
/// # Errors
/// If the archive cannot be reached. A missing or changed object is a finding, not an error.
pub async fn run(app: &App, generation: Generation) -> Result<Generation, StoreError> {
    let until = generation.locked_until.seconds();
    let over = app.clock.now().seconds() >= until && is_disposed_of(app, &generation).await?;
    let mut found = Findings { until, over, ..Findings::default() };
    check(app, &generation, &mut found).await?;
    let Findings { words, erased, .. } = found;
    let state = if words.is_empty() { VerificationState::Sound } else { VerificationState::Damaged };
    let verification = Verification { state, at: Some(app.clock.now()), findings: words, erased };
    Ok(Generation { verification, ..generation })
}

/// Whether a generation may go: its key was destroyed, or it needed none.
async fn is_disposed_of(app: &App, generation: &Generation) -> Result<bool, StoreError> {
    if generation.kind == BackupKind::System {
        return Ok(true);
    }
    let key = app.store.key_record(KeyName::Day(generation.day)).await?;
    Ok(key.is_some_and(|key| key.destroyed_at.is_some()))
}

async fn check(app: &App, generation: &Generation, found: &mut Findings) -> Result<(), StoreError> {
    let key = &generation.manifest_key;
    let Some(written) = app.store.blobs.archived(key, &generation.manifest_version).await? else {
        found.missing(key, "目録がありません");
        return Ok(());
    };
    if sha256_hex(&written.body) != generation.manifest_sha256 {
        found.say(key, "目録の照合値が違います");
    }
    found.lock(key, written.locked_until);
    let manifest = match Manifest::read(&written.body) {
        Ok(manifest) => manifest,
        Err(NotAManifest::Format(format)) => {
            found.say(key, &format!("目録の形式（{format}）を、このソフトウェアは読めません"));
            return Ok(());
        }
        Err(NotAManifest::Broken) => {
            found.say(key, "目録を読み取れません");
            return Ok(());
        }
    };
    let ring = Ring::open(app)?;
    for object in &manifest.objects {
        match app.store.blobs.archived(&object.key, &object.version).await? {
            None => found.missing(&object.key, "ありません"),
            Some(stored) => {
                found.lock(&object.key, stored.locked_until);
                if !is_as_listed(&stored, object) {
                    found.say(&object.key, "内容が違います");
                } else if object.boxes > 0 {
                    found.boxes(&ring, object, stored.body).await?;
                } else if object.holds == Holds::Held {
                    found.held(app, object, &stored.body).await?;
                }
            }
        }
    }
    found.words.extend(ring.repaired());
    Ok(())
}

impl Findings {
    fn say(&mut self, key: &str, what: &str) {
        self.words.push(format!("{key}: {what}"));
    }

    fn missing(&mut self, key: &str, what: &str) {
        // When its time is over it may be removed.
        if !self.over {
            self.say(key, what);
        }
    }

    fn lock(&mut self, key: &str, locked_until: Option<i64>) {
        if locked_until.is_none_or(|locked| locked < self.until) {
            self.say(key, "保管期限までロックされていません");
        }
    }

    /// Every box opens, or was erased when its time came.
    async fn boxes(
        &mut self,
        ring: &Ring<'_>,
        object: &ManifestObject,
        body: Bytes,
    ) -> Result<(), StoreError> {
        let (mut boxes, mut lines) = (0, 0);
        let mut wrong = std::collections::BTreeSet::new();
        ring.find_all(object.keys.clone()).await?;
        reader::open(ring, body, |opened| {
            boxes += 1;
            match opened {
                Opened::Plain(place, _) => lines += place.lines,
                Opened::Erased(place) => {
                    self.erased += 1;
                    lines += place.lines;
                }
                Opened::Lost(name) => {
                    wrong.insert(format!("鍵 {name} が失われていて、開けません"));
                }
                Opened::Broken => {
                    wrong.insert("鍵で開けない箱があります".to_owned());
                }
            }
            Ok::<_, StoreError>(())
        })
        .await?;
        if wrong.is_empty() && (boxes, lines) != (object.boxes, object.lines) {
            wrong.insert("箱の数が目録と違います".to_owned());
        }
        for what in wrong {
            self.say(&object.key, &what);
        }
        Ok(())
    }

    /// What a monthly generation relies on is there. That it is locked was seen when its own generation was verified, and a lock
    /// is never shortened.
    async fn held(&mut self, app: &App, list: &ManifestObject, gzip: &[u8]) -> Result<(), StoreError> {
        // The objects of a generation come one after the other, and lie in one folder.
        let (mut folder, mut there) = (String::new(), Versions::new());
        for line in BufReader::new(GzDecoder::new(gzip)).lines() {
            let object = line.ok().and_then(|line| serde_json::from_str::<Held>(&line).ok());
            let Some(Held { object, locked_until }) = object else {
                self.say(&list.key, "一覧を読み取れません");
                return Ok(());
            };
            let of: String = object.key.split_inclusive('/').take(FOLDERS).collect();
            if folder != of {
                there = app.store.blobs.versions_under(&of).await?;
                folder = of;
            }
            let over = app.clock.now().seconds() >= locked_until;
            match there.get(&(object.key.clone(), object.version)) {
                None if over => {}
                None => self.say(&object.key, "ありません"),
                Some(bytes) if *bytes != object.bytes => self.say(&object.key, "大きさが違います"),
                Some(_) => {}
            }
        }
        Ok(())
    }
}

/// An object of a daily generation that a monthly one relies on.
#[derive(serde::Serialize, serde::Deserialize)]
pub(super) struct Held {
    /// Which.
    #[serde(flatten)]
    pub object: ManifestObject,
    /// Nobody can remove it before: seconds since 1970.
    pub locked_until: i64,
}
