//! The same calls to this store and to `ministack`, an independent emulator, must come out alike.
//!
//! Left out is what `ministack` was found to do otherwise than S3: it takes a retention date in the past, lets
//! versioning be suspended under Object Lock, gives no default retention to multipart objects and does not echo
//! SHA-256.

use std::io::Write as _;
use std::net::TcpListener;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use aws_sdk_s3::Client;
use aws_sdk_s3::primitives::{ByteStream, DateTime};
use aws_sdk_s3::types::{
    BucketLocationConstraint, CreateBucketConfiguration, Delete, ObjectIdentifier, ObjectLockLegalHold,
    ObjectLockLegalHoldStatus, ObjectLockMode, ObjectLockRetention, ObjectLockRetentionMode,
};

use crate::bench::{Bench, DAY, client_for, outcome};
use crate::locks::rule;

const EXECUTABLE: &str = "TSUNAGARU_MINISTACK";
const LOCKED: &str = "locked-bucket";
const PLAIN: &str = "plain-bucket";

struct Ministack(Child);

impl Drop for Ministack {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

async fn start(executable: &std::ffi::OsStr, folder: &std::path::Path) -> (Ministack, Client) {
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let child = Command::new(executable)
        .env("BIND_HOST", "127.0.0.1")
        .env("GATEWAY_PORT", port.to_string())
        .current_dir(folder)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("TSUNAGARU_MINISTACK names an executable");
    let running = Ministack(child);
    let client = client_for(&format!("http://127.0.0.1:{port}"));
    for _ in 0..300 {
        if client.list_buckets().send().await.is_ok() {
            return (running, client);
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    panic!("ministack did not begin to answer");
}

/// Everything that was tried, and how it came out.
#[derive(Default)]
struct Log(Vec<(String, String)>);

impl Log {
    fn note(&mut self, what: &str, came_out: impl Into<String>) {
        self.0.push((what.to_owned(), came_out.into()));
    }
}

struct Locks<'a> {
    client: &'a Client,
    log: Log,
}

impl Locks<'_> {
    async fn put(&mut self, key: &str, lock: Option<(ObjectLockMode, DateTime)>) -> String {
        let (mode, until) = lock.unzip();
        let request = self.client.put_object().bucket(LOCKED).key(key).body(ByteStream::from_static(b"kept"));
        let made = request.set_object_lock_mode(mode).set_object_lock_retain_until_date(until).send().await;
        self.log.note(&format!("put {key}"), outcome(&made));
        made.unwrap().version_id.unwrap()
    }

    async fn delete(&mut self, key: &str, id: &str, bypass: bool) {
        let request = self.client.delete_object().bucket(LOCKED).key(key).version_id(id);
        let done = request.set_bypass_governance_retention(bypass.then_some(true)).send().await;
        self.log.note(&format!("delete {key} bypass {bypass}"), outcome(&done));
    }

    async fn retain(&mut self, key: &str, mode: ObjectLockRetentionMode, until: DateTime, bypass: bool) {
        let what = format!("retain {key} {mode} bypass {bypass}");
        let wanted = ObjectLockRetention::builder().mode(mode).retain_until_date(until).build();
        let request = self.client.put_object_retention().bucket(LOCKED).key(key).retention(wanted);
        let done = request.set_bypass_governance_retention(bypass.then_some(true)).send().await;
        self.log.note(&what, outcome(&done));
        self.retained(key).await;
    }

    async fn retained(&mut self, key: &str) {
        let found = self.client.get_object_retention().bucket(LOCKED).key(key).send().await;
        let told = match &found {
            Ok(found) => {
                let kept = found.retention().unwrap();
                format!("{:?} until {:?}", kept.mode(), kept.retain_until_date().map(DateTime::secs))
            }
            Err(_) => outcome(&found),
        };
        self.log.note(&format!("retention of {key}"), told);
    }

    async fn hold(&mut self, key: &str, status: ObjectLockLegalHoldStatus) {
        let wanted = ObjectLockLegalHold::builder().status(status).build();
        let done =
            self.client.put_object_legal_hold().bucket(LOCKED).key(key).legal_hold(wanted).send().await;
        self.log.note(&format!("hold {key}"), outcome(&done));
        let found = self.client.get_object_legal_hold().bucket(LOCKED).key(key).send().await;
        let told =
            found.map(|found| format!("{:?}", found.legal_hold().and_then(ObjectLockLegalHold::status)));
        self.log.note(&format!("hold of {key}"), told.unwrap_or_else(|_| "none".to_owned()));
    }

    async fn buckets(&mut self) {
        // Outside us-east-1 only a bucket that names its region is made; this store takes it either way.
        let region = BucketLocationConstraint::ApNortheast1;
        let place = CreateBucketConfiguration::builder().location_constraint(region).build();
        let create =
            |bucket| self.client.create_bucket().bucket(bucket).create_bucket_configuration(place.clone());
        let locked = create(LOCKED).object_lock_enabled_for_bucket(true).send().await;
        let plain = create(PLAIN).send().await;
        self.log.note("create locked", outcome(&locked));
        self.log.note("create plain", outcome(&plain));
        for bucket in [LOCKED, PLAIN] {
            let state = self.client.get_bucket_versioning().bucket(bucket).send().await.unwrap();
            self.log.note(&format!("versioning of {bucket}"), format!("{:?}", state.status()));
            let found = self.client.get_object_lock_configuration().bucket(bucket).send().await;
            self.log.note(&format!("configuration of {bucket}"), outcome(&found));
        }
        let configure = self.client.put_object_lock_configuration().bucket(PLAIN);
        let done = configure.object_lock_configuration(rule(Some(1), None)).send().await;
        self.log.note("configure plain", outcome(&done));
        let both = self.client.put_object_lock_configuration().bucket(LOCKED);
        let done = both.object_lock_configuration(rule(Some(1), Some(1))).send().await;
        self.log.note("days and years", outcome(&done));
        let locked =
            self.client.put_object().bucket(PLAIN).key("a").object_lock_mode(ObjectLockMode::Compliance);
        let far = DateTime::from_secs(4_000_000_000);
        let done = locked.object_lock_retain_until_date(far).send().await;
        self.log.note("lock in plain", outcome(&done));
    }

    async fn modes(&mut self, now: i64) {
        let day = i64::try_from(DAY.as_secs()).unwrap();
        let after = |days: i64| DateTime::from_secs(now + days * day);
        let compliance = || ObjectLockRetentionMode::Compliance;
        let governance = || ObjectLockRetentionMode::Governance;

        let id = self.put("compliance", Some((ObjectLockMode::Compliance, after(10)))).await;
        self.retained("compliance").await;
        self.delete("compliance", &id, false).await;
        self.delete("compliance", &id, true).await;
        self.retain("compliance", compliance(), after(9), false).await;
        self.retain("compliance", compliance(), after(9), true).await;
        self.retain("compliance", governance(), after(11), true).await;
        self.retain("compliance", compliance(), after(11), false).await;
        self.delete("compliance", &id, true).await;

        let id = self.put("governance", Some((ObjectLockMode::Governance, after(10)))).await;
        self.delete("governance", &id, false).await;
        self.retain("governance", governance(), after(9), false).await;
        self.retain("governance", governance(), after(9), true).await;
        self.retain("governance", governance(), after(11), false).await;
        self.delete("governance", &id, true).await;
        self.retained("governance").await;

        let id = self.put("held", None).await;
        self.retained("held").await;
        self.hold("held", ObjectLockLegalHoldStatus::On).await;
        self.delete("held", &id, false).await;
        self.delete("held", &id, true).await;
        self.hold("held", ObjectLockLegalHoldStatus::Off).await;
        self.delete("held", &id, false).await;
    }

    async fn many_and_defaults(&mut self, now: i64) {
        let later = DateTime::from_secs(now + 86_400);
        let locked = self.put("many", Some((ObjectLockMode::Compliance, later))).await;
        let free = self.put("free", None).await;
        let objects = [("many", locked), ("free", free)]
            .map(|(key, id)| ObjectIdentifier::builder().key(key).version_id(id).build().unwrap());
        let wanted = Delete::builder().set_objects(Some(objects.to_vec())).build().unwrap();
        let done = self.client.delete_objects().bucket(LOCKED).delete(wanted).send().await.unwrap();
        let gone: Vec<_> = done.deleted().iter().map(|deleted| deleted.key()).collect();
        let kept: Vec<_> = done.errors().iter().map(|error| (error.key(), error.code())).collect();
        self.log.note("delete many", format!("{gone:?} {kept:?}"));

        let configure = self.client.put_object_lock_configuration().bucket(LOCKED);
        let done = configure.object_lock_configuration(rule(Some(2), None)).send().await;
        self.log.note("configure", outcome(&done));
        let found = self.client.get_object_lock_configuration().bucket(LOCKED).send().await.unwrap();
        self.log.note("configuration", format!("{:?}", found.object_lock_configuration()));
        let id = self.put("default", None).await;
        let found = self.client.get_object_retention().bucket(LOCKED).key("default").send().await.unwrap();
        self.log.note("default mode", format!("{:?}", found.retention().unwrap().mode()));
        self.delete("default", &id, true).await;
        let marked = self.client.delete_object().bucket(LOCKED).key("default").send().await;
        self.log.note("mark", format!("{:?}", marked.unwrap().delete_marker()));
        let found = self.client.get_object().bucket(LOCKED).key("default").send().await;
        self.log.note("get marked", outcome(&found));
    }
}

async fn try_everything(client: &Client, now: i64) -> Log {
    let mut locks = Locks { client, log: Log::default() };
    locks.buckets().await;
    locks.modes(now).await;
    locks.many_and_defaults(now).await;
    locks.log
}

#[tokio::test]
async fn locks_come_out_as_in_an_independent_emulator() {
    let Some(executable) = std::env::var_os(EXECUTABLE) else {
        // Past the runner's capture, so that a skipped check is seen.
        writeln!(std::io::stderr(), "skipped: {EXECUTABLE} names no ministack executable").unwrap();
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let (_running, other) = start(&executable, folder.path()).await;
    let bench = Bench::empty().await;
    let now = bench.after(Duration::ZERO).secs();
    let ours = try_everything(&bench.client, now).await;
    let theirs = try_everything(&other, now).await;
    assert!(ours.0.len() > 30);
    let differing: Vec<_> = ours.0.iter().zip(&theirs.0).filter(|(ours, theirs)| ours != theirs).collect();
    assert!(differing.is_empty(), "{differing:#?}");
    assert_eq!(ours.0.len(), theirs.0.len());
}
