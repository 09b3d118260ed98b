//! What an archive must be, whatever became of the runs that wrote it.
#![allow(dead_code, reason = "each test file uses its part")]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test bench that cannot start is a failed test")]

use super::Bench;
use bytes::Bytes;
use functions::{
    app::App,
    evidence::{reader, ring::Ring, verify},
    random,
    store::{
        Store,
        blob::{BlobKey, sha256_hex},
        error::StoreError,
        item::Item,
        schema,
    },
};
use local::cloud::{ARCHIVE, Endpoints, TABLE};
use shared::{
    book::{Act, Attachment, FileType},
    calendar::Day,
    evidence::{BackupKind, Generation, Manifest, VerificationState},
    id::{AttachmentId, PatientId},
};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

/// An environment, past its own interface.
pub struct View {
    pub app: Arc<App>,
    pub endpoints: Endpoints,
}

impl View {
    pub fn of(bench: &Bench) -> Self {
        Self { app: bench.app.clone(), endpoints: bench.cloud.endpoints.clone() }
    }

    /// Keys in the archive under a beginning, with how many versions each has.
    pub async fn versions(&self, prefix: &str) -> BTreeMap<String, usize> {
        let (_, s3) = self.endpoints.clients();
        let mut count = BTreeMap::new();
        let (mut key, mut version) = (None, None);
        loop {
            let ask = s3.list_object_versions().bucket(ARCHIVE).prefix(prefix);
            let page = ask.set_key_marker(key).set_version_id_marker(version).send().await.unwrap();
            for object in page.versions.unwrap_or_default() {
                *count.entry(object.key.unwrap()).or_default() += 1;
            }
            (key, version) = (page.next_key_marker, page.next_version_id_marker);
            if key.is_none() {
                return count;
            }
        }
    }

    /// The generations of the last year in the catalogue.
    pub async fn catalogue(&self, kind: BackupKind) -> Vec<Generation> {
        let today = self.app.clock.now().day();
        self.app.store.generations_of(kind, today.plus_days(-400), today).await.unwrap()
    }

    /// Whatever is catalogued is whole, whatever is a manifest too, and no object was locked away twice.
    pub async fn nothing_half_good(&self, kind: BackupKind) {
        for generation in self.catalogue(kind).await {
            let state = generation.verification.state;
            assert_ne!(state, VerificationState::Damaged, "a cut is no damage: {generation:?}");
            let found = verify::run(&self.app, generation).await.unwrap().verification;
            assert_eq!(found.findings, [""; 0]);
        }
        let objects = self.versions(&format!("{}/", kind.wire())).await;
        for (key, count) in &objects {
            assert_eq!(*count, 1, "{key}");
        }
        for (key, version) in self.app.store.blobs.manifests(kind).await.unwrap() {
            let written = self.app.store.blobs.archived(&key, &version).await.unwrap().unwrap();
            for object in Manifest::read(&written.body).unwrap().objects {
                assert!(objects.contains_key(&object.key), "{key} names {}", object.key);
            }
        }
    }

    /// Every manifest is catalogued and found sound; the days, in order.
    pub async fn complete(&self, kind: BackupKind) -> Vec<Day> {
        self.nothing_half_good(kind).await;
        let all = self.catalogue(kind).await;
        for generation in &all {
            assert_eq!(generation.verification.state, VerificationState::Sound, "{generation:?}");
            let key = &generation.manifest_key;
            let found = self.app.store.blobs.archived(key, &generation.manifest_version).await;
            let manifest = Manifest::read(&found.unwrap().unwrap().body).unwrap();
            assert_eq!((manifest.generation, manifest.counts), (generation.id, generation.counts));
        }
        let manifests = self.app.store.blobs.manifests(kind).await.unwrap();
        let catalogued: BTreeSet<_> = all.iter().map(|one| one.manifest_key.as_str()).collect();
        assert_eq!(manifests.iter().map(|(key, _)| key.as_str()).collect::<BTreeSet<_>>(), catalogued);
        all.iter().map(|one| one.day).collect()
    }

    /// Whether the words can be read in anything of the archive, with whatever keys there are.
    pub async fn is_readable(&self, words: &str) -> bool {
        let ring = Ring::open(&self.app).unwrap();
        let blobs = &self.app.store.blobs;
        let mut found = false;
        for kind in [BackupKind::Daily, BackupKind::Monthly] {
            for key in self.versions(&format!("{}/", kind.wire())).await.into_keys() {
                let Some((_, version)) = blobs.first_version(&key).await.unwrap() else { continue };
                let body = blobs.archived(&key, &version).await.unwrap().unwrap().body;
                found |= String::from_utf8_lossy(&body).contains(words);
                if !key.ends_with(".box") && !key.ends_with(".boxes") {
                    continue;
                }
                let look = reader::open(&ring, body, |opened| {
                    if let reader::Opened::Plain(_, plain) = opened {
                        found |= String::from_utf8_lossy(&plain).contains(words);
                    }
                    Ok::<_, StoreError>(())
                });
                look.await.unwrap();
            }
        }
        found
    }

    /// Everything in the table that still lives, as text.
    pub async fn table(&self) -> String {
        self.lines().await.into_values().collect()
    }

    /// The same, by keys.
    pub async fn lines(&self) -> BTreeMap<String, String> {
        let (client, _) = self.endpoints.clients();
        let now = self.app.clock.now().seconds();
        let (mut all, mut start) = (BTreeMap::new(), None);
        loop {
            let page = client.scan().table_name(TABLE).set_exclusive_start_key(start).send().await.unwrap();
            for item in page.items.unwrap_or_default().into_iter().map(Item::from) {
                let ends: i64 = item.get_number(schema::TTL).unwrap();
                if ends == 0 || ends >= now {
                    let key = item.key().unwrap();
                    all.insert(format!("{} {}", key.pk, key.sk), item.to_line().unwrap());
                }
            }
            start = page.last_evaluated_key;
            if start.is_none() {
                return all;
            }
        }
    }

    /// All tables and buckets.
    pub async fn places(&self) -> (Vec<String>, Vec<String>) {
        let (table, blobs) = self.endpoints.clients();
        let tables = table.list_tables().send().await.unwrap().table_names.unwrap_or_default();
        let buckets = blobs.list_buckets().send().await.unwrap().buckets.unwrap_or_default();
        (tables, buckets.into_iter().filter_map(|bucket| bucket.name).collect())
    }

    /// Gives the note that was sent last on a day a file, as if it had been sent with it.
    pub async fn with_file(&self, day: Day, patient: PatientId) -> AttachmentId {
        let bytes = Bytes::from([b"%PDF-1.7\n".as_slice(), &[7; 40_000]].concat());
        let id = random::id(self.app.clock.now(), AttachmentId::from_parts);
        let store = &self.app.store;
        store.blobs.put_attachment(&BlobKey::File(id), FileType::Pdf, bytes.clone()).await.unwrap();
        let (key, mut entry) = store.journal(day).await.unwrap().pop().unwrap();
        let Act::Sent { note } = &mut entry.act else { panic!("a note was sent") };
        note.attachments.push(Attachment {
            id,
            name: "記録.pdf".into(),
            file_type: FileType::Pdf,
            bytes: bytes.len() as u64,
            sha256: sha256_hex(&bytes),
            preview: None,
        });
        let note = Store::note_item(patient, note).unwrap();
        let journal = Store::journal_item(key.parse().unwrap(), &entry).unwrap();
        store.put_all(vec![journal, note]).await.unwrap();
        id
    }
}
